"""The divisions in the body of a supplier: a line each, with the address of who buys there."""

from typing import Any

from onboarding.api.body_values import amount, day_or_null, text, text_or_null, wrong
from onboarding.domain.divisions import DivisionLine, Spend
from onboarding.domain.suppliers import EARLIEST_YEAR, LATEST_YEAR, LONGEST_LINE

MOST_LINES = 200
MOST_YEARS = 30
FIELDS = frozenset({"division", "site", "buyer", "contract", "contract_ends_on", "spend"})
EXAMPLE = (
    'a list such as [{"division": "Catering", "site": "", "buyer": null, "contract": "C-1", '
    '"contract_ends_on": "2027-12-31", "spend": [{"year": 2026, "amount": 184200}]}]'
)


def divisions(field: str, given: Any) -> list[tuple[DivisionLine, str | None]]:
    """Each line with its buyer's address. Raises Problem for what has another form."""
    if not isinstance(given, list) or len(given) > MOST_LINES:
        raise wrong(field, EXAMPLE)
    return [_line(field, one) for one in given]


def _line(field: str, given: Any) -> tuple[DivisionLine, str | None]:
    if not isinstance(given, dict) or given.keys() - FIELDS:
        raise wrong(field, EXAMPLE)
    division, site = (text(field, given.get(name, "")) for name in ("division", "site"))
    if len(division) > LONGEST_LINE or len(site) > LONGEST_LINE:
        raise wrong(field, f"divisions and sites of {LONGEST_LINE} characters at most")
    line = DivisionLine(
        division=division,
        site=site,
        contract=text_or_null(field, given.get("contract")),
        contract_ends_on=day_or_null(field, given.get("contract_ends_on")),
        spend=_spend(field, given.get("spend", [])),
    )
    return line, text_or_null(field, given.get("buyer"))


def _spend(field: str, given: Any) -> tuple[Spend, ...]:
    if not isinstance(given, list) or len(given) > MOST_YEARS:
        raise wrong(field, EXAMPLE)
    found = []
    for one in given:
        if not isinstance(one, dict) or one.keys() != {"year", "amount"}:
            raise wrong(field, EXAMPLE)
        year, euros = one["year"], amount(field, one["amount"])
        if isinstance(year, bool) or not isinstance(year, int) or euros is None:
            raise wrong(field, EXAMPLE)
        if not EARLIEST_YEAR <= year <= LATEST_YEAR:
            raise wrong(field, f"years from {EARLIEST_YEAR} to {LATEST_YEAR}")
        found.append(Spend(year, euros))
    if len({one.year for one in found}) < len(found):
        raise wrong(field, "each year once")
    return tuple(found)
