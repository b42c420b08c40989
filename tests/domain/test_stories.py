"""Small stories, day by day: what a buyer reads, and when it changes."""

from datetime import date, timedelta

import pytest

from onboarding.domain.eligibility import assess, timeline
from tests.build import days
from tests.domain.stories import deciding, negotiating, proofs, stepping
from tests.domain.stories.telling import Chapter, Story, lines_of, told

STORIES: tuple[Story, ...] = (
    *proofs.STORIES,
    *negotiating.STORIES,
    *stepping.STORIES,
    *deciding.STORIES,
)
AFTER = timedelta(days=30)


def day_of(line: str) -> date:
    return date.fromisoformat(line.split()[0])


def days_of(chapter: Chapter) -> tuple[date, date]:
    """From a chapter's first day until a month after the last one that it names."""
    last = max(day_of(line) for line in chapter.lines)
    return chapter.starts_on, last + AFTER


@pytest.mark.parametrize("story", STORIES, ids=str)
def test_a_story_is_told_day_by_day(story: Story) -> None:
    for chapter in story.chapters:
        first, last = days_of(chapter)
        expected = ""
        lines = {day_of(line): line.split(maxsplit=1)[1] for line in chapter.lines}
        for day in days(first, last):
            expected = lines.get(day, expected)
            assert told(assess(chapter.known, story.policies, day)) == expected, day


@pytest.mark.parametrize("story", STORIES, ids=str)
def test_each_chapter_foretells_all_that_would_follow(story: Story) -> None:
    for chapter in story.chapters:
        periods = timeline(chapter.known, story.policies, chapter.starts_on)
        assert lines_of(periods) == chapter.lines


def test_the_stories_are_many_and_each_has_a_name() -> None:
    names = [story.name for story in STORIES]
    assert len(names) >= 40
    assert len(set(names)) == len(names)


def test_the_stories_meet_every_status_reason_and_warning() -> None:
    """Every code of the table of the buying status appears in a story."""
    words = {
        word
        for story in STORIES
        for chapter in story.chapters
        for line in chapter.lines
        for word in line.split()[1:]
    }
    assert words - {"!"} == {
        *("preferred", "eligible", "conditional", "out-of-scope", "undecided", "at-risk"),
        *("ineligible", "blocked-by-decision", "relation-ended", "certified", "recognised"),
        *("exempt", "equivalent", "granted-by-decision", "renewal-under-way", "on-hold"),
        *("decision-needed", "cure-period-ended", "milestone-overdue", "on-track"),
        *("certified-below-required", "in-negotiation", "no-pathway", "not-in-programme"),
        *("certificate-ending", "review-late", "certificate-covers-other-number"),
        *("aspirant-ending", "recheck-due", "outside-step-late"),
    }
