"""Days in words, with what they mean and never rounded."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from onboarding.i18n.days import (
    day_in_words,
    distance_in_words,
    due_in_words,
    instant_in_words,
    lateness_in_words,
    short_day,
)

DAY = date(2026, 12, 4)


@pytest.mark.parametrize(
    ("locale", "words", "short"),
    [
        ("nl", "vrijdag 4 december 2026", "4 dec 2026"),
        ("en", "Friday 4 December 2026", "4 Dec 2026"),
    ],
)
def test_a_day_reads_as_people_say_it(locale: str, words: str, short: str) -> None:
    assert day_in_words(DAY, locale) == words
    assert short_day(DAY, locale) == short


@pytest.mark.parametrize(
    ("today", "nl", "en"),
    [
        (date(2026, 11, 22), "over 12 dagen", "in 12 days"),
        (date(2026, 12, 2), "over 2 dagen", "in 2 days"),
        (date(2026, 12, 3), "morgen", "tomorrow"),
        (DAY, "vandaag", "today"),
        (date(2026, 12, 5), "1 dag geleden", "1 day ago"),
        (date(2026, 12, 16), "12 dagen geleden", "12 days ago"),
        (date(2024, 12, 4), "over 730 dagen", "in 730 days"),
    ],
)
def test_distance_is_never_rounded(today: date, nl: str, en: str) -> None:
    assert distance_in_words(DAY, today, "nl") == nl
    assert distance_in_words(DAY, today, "en") == en


def test_a_passed_deadline_is_late() -> None:
    assert lateness_in_words(DAY, date(2026, 12, 5), "nl") == "1 dag te laat"
    assert lateness_in_words(DAY, date(2026, 12, 16), "nl") == "12 dagen te laat"
    assert lateness_in_words(DAY, DAY, "nl") == "vandaag"


def test_a_deadline_tells_working_days_too() -> None:
    assert due_in_words(DAY, date(2026, 11, 22), "nl", 9) == (
        "vrijdag 4 december 2026 (over 12 dagen, 9 werkdagen)"
    )


def test_an_instant_is_told_in_local_time() -> None:
    instant = datetime(2026, 3, 29, 22, 30, tzinfo=UTC)  # summer time began that night
    assert instant_in_words(instant, ZoneInfo("Europe/Amsterdam"), "nl") == "30 mrt 2026, 00:30"
