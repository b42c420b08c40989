"""The manager's report as a workbook: a sheet for each table, numbers as numbers."""

from collections.abc import Iterable
from decimal import Decimal

from onboarding.domain.eligibility import Status
from onboarding.i18n import status_word, translate
from onboarding.i18n.reports import coming_word
from onboarding.services.lists.workbooks import Cell, workbook
from onboarding.services.reports import COMING, Report, Row


def report_workbook(report: Report, locale: str) -> bytes:
    """The bytes of an XLSX file; no text in it is calculated."""

    def _(text: str) -> str:
        return translate(text, locale)

    statuses = [status_word(status, locale) for status in Status]
    suppliers, spend = _("suppliers"), _("spend")
    by_status = [f"{word}: {what}" for what in (suppliers, spend) for word in statuses]
    with workbook() as (file, sheets):
        sheets.add(_("By month"), [_("Day"), *by_status], _by_status(report.months, by_day=True))
        for name, rows in (("Division", report.divisions), ("Category", report.categories)):
            sheets.add(_(name), [_(name), *by_status], _by_status(rows, by_day=False))
        funnel = report.funnel
        sheets.add(
            _("From invitation to certificate"),
            [
                _("In the programme"),
                _("Invited"),
                _("Agreed"),
                _("Applied for the certificate"),
                _("Certified"),
            ],
            [[funnel.enrolled, funnel.invited, funnel.agreed, funnel.applied, funnel.certified]],
        )
        sheets.add(
            _("What comes due"),
            [_("Week of"), *(coming_word(kind, locale) for kind in COMING)],
            ([week.starts_on, *(week.counts[kind] for kind in COMING)] for week in report.weeks),
        )
        sheets.add(
            _("Reviews"),
            [_("Buyer"), _("Waits"), _("Too long"), _("Longest since")],
            ([one.buyer, one.waiting, one.late, one.since] for one in report.reviews),
        )
    return file.getvalue()


def _by_status(rows: Iterable[Row], *, by_day: bool) -> Iterable[list[Cell]]:
    for row in rows:
        shares = {share.status: share for share in row.shares}
        found = [shares.get(status) for status in Status]
        yield [
            row.on if by_day else row.group,
            *(share.count if share else 0 for share in found),
            *(share.spend if share else Decimal(0) for share in found),
        ]
