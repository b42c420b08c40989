"""Days and instants in words, with what they mean: never rounded to weeks or months."""

from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime

from onboarding.i18n.catalog import translate, translate_plural

HALF_A_YEAR = 180
KEPT = 2048  # days: writing one out takes longer than all else in a short answer


@lru_cache(KEPT)
def day_in_words(day: date, locale: str) -> str:
    """`vrijdag 4 december 2026`."""
    return format_date(day, "EEEE d MMMM y", locale=locale)


def day_nearby(day: date, today: date, locale: str) -> str:
    """`vrijdag 4 december`; with its year where half a year or more lies between."""
    is_near = abs((day - today).days) < HALF_A_YEAR
    return format_date(day, "EEEE d MMMM", locale=locale) if is_near else day_in_words(day, locale)


def short_day(day: date, locale: str) -> str:
    """`4 dec 2026`: for tables, where a column is narrow."""
    return format_date(day, "d MMM y", locale=locale).replace(".", "")


def month_in_words(day: date, locale: str) -> str:
    """`dec ’26`: beside a drawing."""
    return format_date(day, "MMM ’yy", locale=locale).replace(".", "")


def instant_in_words(instant: datetime, zone: ZoneInfo, locale: str) -> str:
    """`4 dec 2026, 16:40`: an instant in the local time of the installation."""
    text = format_datetime(instant.astimezone(zone), "d MMM y, HH:mm", locale=locale)
    return text.replace(".", "")


def distance_in_words(day: date, today: date, locale: str, workdays: int | None = None) -> str:
    """How far `day` is from `today`: `over 12 dagen, 9 werkdagen`, `vandaag`, `12 dagen geleden`.

    `workdays` is how many working days remain, where the caller knows them.
    """
    days = (day - today).days
    if days < 0:
        return translate_plural("%(num)s day ago", "%(num)s days ago", -days, locale)
    if days == 0:
        return translate("today", locale)
    if days == 1:
        return translate("tomorrow", locale)
    text = translate_plural("in %(num)s day", "in %(num)s days", days, locale)
    if workdays is None:
        return text
    count = translate_plural("%(num)s working day", "%(num)s working days", workdays, locale)
    return f"{text}, {count}"


def lateness_in_words(day: date, today: date, locale: str, workdays: int | None = None) -> str:
    """What a deadline means: the distance, or `12 dagen te laat` once it has passed."""
    late = (today - day).days
    if late > 0:
        return translate_plural("%(num)s day late", "%(num)s days late", late, locale)
    return distance_in_words(day, today, locale, workdays)


def due_in_words(day: date, today: date, locale: str, workdays: int | None = None) -> str:
    """A deadline with what it means: `vrijdag 4 december 2026 (over 12 dagen, 9 werkdagen)`."""
    return f"{day_in_words(day, locale)} ({lateness_in_words(day, today, locale, workdays)})"
