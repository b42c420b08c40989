"""What went wrong, in words that say what to do: the codes of domain errors.

A feature adds its own codes here, in the part that bears its name, from the most to the least
telling sentence; the last one needs no facts.
"""

from collections.abc import Mapping
from typing import Any

from onboarding.i18n.catalog import mark, translate
from onboarding.i18n.facts import facts_in_words

ERRORS: dict[str, tuple[str, ...]] = {
    # For every feature
    "not-found": (mark("This does not exist, or you have no access to it."),),
    "not-allowed": (mark("Your role does not allow this. Ask somebody who may."),),
    "version-outdated": (
        mark(
            "Somebody changed this while you were looking (you saw version %(seen)s, it is now "
            "version %(current)s). Look at the new version and decide again."
        ),
        mark("Somebody changed this while you were looking. Look again and decide again."),
    ),
    "input-invalid": (mark("This value cannot be used."),),
    "move-refused": (
        mark("This is not possible any more: somebody was ahead of you. Look again."),
    ),
}

UNKNOWN = mark("This could not be done (%(code)s). Look again and try once more.")


def error_text(code: str, facts: Mapping[str, Any], locale: str) -> str:
    """The sentence for an error code; one without a sentence says so and names its code."""
    if code not in ERRORS:
        return translate(UNKNOWN, locale, code=code)
    return facts_in_words(ERRORS[code], facts, locale)
