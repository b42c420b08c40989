"""The manager's page: drawn figures with their tables, and the same as a workbook."""

from collections.abc import Sequence
from decimal import Decimal

from babel.numbers import format_percent
from flask import Blueprint, Flask, Response, render_template
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _

from onboarding.domain.eligibility import Status
from onboarding.domain.people import Duty, Role
from onboarding.i18n import status_word
from onboarding.i18n.days import month_in_words, short_day
from onboarding.i18n.reports import coming_word
from onboarding.services.lists.report_workbook import report_workbook
from onboarding.services.reports import COMING, Report, Row, read_report
from onboarding.store.database import db
from onboarding.web.access import current_actor, needs
from onboarding.web.downloads import xlsx_file
from onboarding.web.language import current_locale
from onboarding.web.layout import MenuItem, add_menu_item
from onboarding.web.moments import current_moment
from onboarding.web.presentation.charts import Bar, Column, bars, columns
from onboarding.web.presentation.money import money, number

blueprint = Blueprint("reports", __name__)
ON_THE_WAY = (Status.PREFERRED, Status.ELIGIBLE, Status.CONDITIONAL)


@blueprint.get("/reports")
@needs(Duty.GOVERN)
def show() -> str:
    report = read_report(db.session(), current_actor(), current_moment())
    locale = current_locale()
    return render_template(
        "buyer/reports.html",
        report=report,
        findings=_findings(report),
        statuses=[(status.value, status_word(status, locale)) for status in Status],
        coming=[(kind, coming_word(kind, locale)) for kind in COMING],
        by_status_drawn=bars(
            (
                status_word(share.status, locale),
                f"{number(share.count)} · {money(share.spend)}",
                [(share.status.value, share.spend)],
            )
            for share in report.now.shares
        ),
        months=columns(
            (
                (
                    gettext("today") if row is report.now else month_in_words(row.on, locale),
                    _spend_by_status(row),
                )
                for row in report.months
                if row.spend
            ),
            as_shares=True,
        ),
        divisions=_grouped(report.divisions),
        categories=_grouped(report.categories[:MOST_BARS]),
        funnel=_funnel(report),
        funnel_steps=_steps(report),
        weeks=_weeks(report),
    )


MOST_BARS = 12


@blueprint.get("/reports.xlsx")
@needs(Duty.GOVERN)
def workbook() -> Response:
    report = read_report(db.session(), current_actor(), current_moment())
    name = gettext("suppliers-%(day)s", day=report.today.isoformat())
    return xlsx_file(report_workbook(report, current_locale()), name)


def _spend_by_status(row: Row) -> list[tuple[str, Decimal]]:
    return [(share.status.value, share.spend) for share in row.shares]


def _grouped(rows: Sequence[Row]) -> tuple[Bar, ...]:
    return bars(
        (
            row.group or gettext("Not filled in"),
            f"{number(row.count)} · {money(row.spend)}",
            _spend_by_status(row),
        )
        for row in rows
    )


def _funnel(report: Report) -> tuple[Bar, ...]:
    return bars((label, number(count), [("step", count)]) for label, count in _steps(report))


def _steps(report: Report) -> tuple[tuple[str, int], ...]:
    return (
        (gettext("In the programme"), report.funnel.enrolled),
        (gettext("Invited"), report.funnel.invited),
        (gettext("Agreed"), report.funnel.agreed),
        (gettext("Applied for the certificate"), report.funnel.applied),
        (gettext("Certified"), report.funnel.certified),
    )


def _weeks(report: Report) -> tuple[Column, ...]:
    return columns(
        (
            short_day(week.starts_on, current_locale()).rsplit(" ", 1)[0],
            [(kind, week.counts[kind]) for kind in COMING],
        )
        for week in report.weeks
    )


def _percent(part: Decimal, whole: Decimal) -> str:
    return str(format_percent(part / whole if whole else 0, locale=current_locale()))


def _findings(report: Report) -> dict[str, str]:
    """What each drawing shows, in a sentence: its heading."""
    now, begin = report.now, next((row for row in report.months if row.spend), report.now)
    share = _percent(now.spend_on(ON_THE_WAY), now.spend)
    busiest = max(report.weeks, key=lambda week: week.count)
    late = sum(one.late for one in report.reviews)
    funnel = report.funnel
    return {
        "status": gettext(
            "%(share)s of the spend is with suppliers that are certified, released or on the way",
            share=share,
        ),
        "months": gettext(
            "That was %(before)s in %(month)s, and is %(share)s today",
            before=_percent(begin.spend_on(ON_THE_WAY), begin.spend),
            month=month_in_words(begin.on, current_locale()),
            share=share,
        ),
        "funnel": ngettext(
            "%(certified)s of %(num)s supplier in the programme is certified",
            "%(certified)s of %(num)s suppliers in the programme are certified",
            funnel.enrolled,
            certified=funnel.certified,
        ),
        "weeks": (
            gettext(
                "Most comes due in the week of %(day)s: %(count)s",
                day=short_day(busiest.starts_on, current_locale()),
                count=busiest.count,
            )
            if busiest.count
            else gettext("Nothing comes due in the coming twelve weeks")
        ),
        "reviews": (
            ngettext(
                "%(num)s review takes longer than %(days)s working days",
                "%(num)s reviews take longer than %(days)s working days",
                late,
                days=report.review_working_days,
            )
            if late
            else gettext("No review takes longer than promised")
        ),
    }


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)
    roles = frozenset({Role.MANAGER.value})
    add_menu_item(app, MenuItem("buyer", 35, "reports.show", _("Reporting"), roles))
