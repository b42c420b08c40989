"""For whom something waits, and what comes next with a supplier: in a few words for a list."""

from onboarding.i18n.catalog import mark, translate
from onboarding.i18n.titles import step_title

STEPS = {
    "propose": mark("Propose a pathway"),
    "proposal-planned": mark("The proposal goes out by itself"),
    "answer-proposal": mark("Answer the proposal"),
    "answer-counter": mark("Answer the counter-proposal"),
    "check-certificate": mark("Check the certificate"),
    "review": mark("Review: %(title)s"),
    "answer-request": mark("Answer the request about %(title)s"),
    "answer-contest": mark("Answer: what you recorded is not right, they say"),
    "answer-reply": mark("Answer the reply about %(title)s"),
    "decide": mark("Decide what happens now"),
    "answer-amendment": mark("Answer the change that the supplier proposes"),
    "answer-hold": mark("Answer the request for a pause"),
    "answer-renewal": mark("Answer the report about the renewal"),
    "answer-block-reply": mark("Answer the reply to the announcement"),
    "answer-change": mark("Answer the change that we propose"),
    "paused": mark("Paused up to and including"),
}

# As the customer's people read it, and as the supplier's do: with the day, and without.
WAITS = {
    "buyer": (mark("waits for us since %(day)s"), mark("waits for us")),
    "supplier": (mark("waits for the supplier since %(day)s"), mark("waits for the supplier")),
    "outside": (
        mark("waits for the certifying body since %(day)s"),
        mark("waits for the certifying body"),
    ),
}
WAITS_FOR_YOU = (mark("waits for you since %(day)s"), mark("waits for you"))


def waits_for(side: str, since: str, locale: str, *, is_for_supplier: bool = False) -> str:
    """`wacht op ons sinds 4 december 2026`; `since` is the day in words, empty where unknown."""
    is_you = is_for_supplier and side == "supplier"
    with_day, without = WAITS_FOR_YOU if is_you else WAITS[side]
    return translate(with_day, locale, day=since) if since else translate(without, locale)


def turn_text(step: str, title: str | None, locale: str) -> str:
    """`Beoordelen: plan van aanpak`; a step of the pathway by its title alone."""
    words = step_title(title, locale) if title else ""
    if step not in STEPS:
        return words
    return translate(STEPS[step], locale, title=words) if title else translate(STEPS[step], locale)
