"""Days and instants as a page shows them: Jinja filters in the reader's language."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from flask import Flask, current_app, g

from onboarding.domain.workdays import WorkingCalendar
from onboarding.i18n import days
from onboarding.web.language import current_locale
from onboarding.web.moments import current_moment, local_zone

# Gives the working calendar that counts for whoever looks, or None where there is none.
TellCalendar = Callable[[], WorkingCalendar | None]
CALENDAR = "working_calendar"


def in_words(day: date) -> str:
    """`vrijdag 4 december 2026`."""
    return days.day_in_words(day, current_locale())


def iso_in_words(day: str) -> str:
    """A day as facts hold it, 2027-03-31, in words."""
    return in_words(date.fromisoformat(day))


def short(day: date) -> str:
    """`4 dec 2026`."""
    return days.short_day(day, current_locale())


def distance(day: date) -> str:
    """`over 12 dagen, 9 werkdagen`, `vandaag`, `12 dagen geleden`: for any day."""
    today = current_moment().today
    return days.distance_in_words(day, today, current_locale(), _workdays(today, day))


def lateness(day: date) -> str:
    """`over 12 dagen, 9 werkdagen`, `12 dagen te laat`: for a deadline that is still open."""
    today = current_moment().today
    return days.lateness_in_words(day, today, current_locale(), _workdays(today, day))


def due(day: date) -> str:
    """`vrijdag 4 december 2026 (over 12 dagen, 9 werkdagen)`: for a deadline still open."""
    return f"{in_words(day)} ({lateness(day)})"


def when(day: date) -> str:
    """`vrijdag 4 december 2026 (12 dagen geleden)`: for any day that is not a deadline."""
    return f"{in_words(day)} ({distance(day)})"


def local_time(instant: datetime) -> str:
    """`4 dec 2026, 16:40` in the installation's time zone."""
    return days.instant_in_words(instant, local_zone(), current_locale())


def local_day(instant: datetime) -> date:
    """The day of the instant in the installation's time zone."""
    return instant.astimezone(local_zone()).date()


def iso_local(instant: datetime) -> str:
    """The same instant for the `datetime` attribute of a `<time>`."""
    return instant.astimezone(local_zone()).isoformat(timespec="minutes")


def tell_calendar_with(app: Flask, tell: TellCalendar) -> None:
    """Have the distance to a day tell its working days too; asked once per request."""
    app.extensions[CALENDAR] = tell


def _workdays(today: date, day: date) -> int | None:
    if "working_calendar" not in g:
        tell: TellCalendar | None = current_app.extensions.get(CALENDAR)
        g.working_calendar = tell() if tell else None
    calendar: WorkingCalendar | None = g.working_calendar
    return calendar.count(today, day) if calendar and day > today else None


FILTERS: dict[str, Callable[..., Any]] = {
    "day_in_words": in_words,
    "iso_day": iso_in_words,
    "short_day": short,
    "distance": distance,
    "lateness": lateness,
    "due": due,
    "when": when,
    "local_time": local_time,
    "local_day": local_day,
    "iso_local": iso_local,
}
