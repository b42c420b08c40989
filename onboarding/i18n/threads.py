"""What somebody did, in words that follow the name and stand above what was written with it.

In a conversation the text stands apart, so it is not in the sentence. What is not here is told as
in the history, without its text.
"""

from collections.abc import Mapping
from typing import Any

from onboarding.i18n.catalog import mark
from onboarding.i18n.events import event_text
from onboarding.i18n.facts import facts_in_words
from onboarding.i18n.pathway_events import UNREVIEWED

LINES: dict[str, tuple[str, ...]] = {
    "note-written": (mark("wrote"),),
    "contact-noted": (
        mark("noted the contact of %(contact_on)s"),
        mark("noted contact"),
    ),
    "question-asked": (mark("asked"),),
    "question-answered": (mark("answered"),),
    "milestone-submitted": (mark("handed this in"),),
    "milestone-accepted": (mark("approved this"),),
    UNREVIEWED: (mark("reported this as done"),),
    "milestone-returned": (
        mark("asked to add something, by %(rework_on)s"),
        mark("asked to add something"),
    ),
    "milestone-taken-back": (mark("opened this again, because it was not handed in"),),
    "milestone-waived": (mark("declared this no longer needed"),),
    "date-requested": (
        mark("asked %(wished_on)s instead of %(was_due_on)s"),
        mark("asked for another date"),
    ),
    "outside-delay-reported": (
        mark("reported that the certifying body names %(wished_on)s"),
        mark("reported a delay at the certifying body"),
    ),
}
NOT_REACHED = (mark("tried to reach the supplier on %(contact_on)s"),)


def thread_line(code: str, facts: Mapping[str, Any], locale: str) -> str:
    """What was done, without what was written with it."""
    if code == "contact-noted" and facts.get("was_reached") is False:
        return facts_in_words(NOT_REACHED, facts, locale)
    if code == "milestone-accepted" and facts.get("was_reviewed") is False:
        code = UNREVIEWED
    if code in LINES:
        return facts_in_words(LINES[code], facts, locale)
    return event_text(code, facts, locale)
