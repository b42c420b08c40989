"""How a renewal, a recognition or a decision stands, and what a certificate says, in words."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from onboarding.i18n import day_in_words, level_word
from onboarding.web.language import current_locale
from onboarding.web.presentation.badges import Badge

# code: (word, tint, icon)
STANDINGS: dict[str, dict[str, tuple[LazyString, str, str]]] = {
    "renewal": {
        "waiting": (_("Waits for your answer"), "attention", "eye"),
        "under-way": (_("Under way"), "good", "path"),
        "refused": (_("Not accepted"), "late", "cross"),
        "over": (_("Over"), "neutral", "dash"),
    },
    "recognition": {
        "counts": (_("Counts"), "certified", "check"),
        "recheck-due": (_("Check again"), "attention", "mark"),
        "ended": (_("Ended"), "neutral", "dash"),
        "revoked": (_("Revoked"), "late", "cross"),
    },
    "decision": {
        "to-announce": (_("Waits for its announcement"), "attention", "pause"),
        "reply-waits": (_("The reply waits for an answer"), "attention", "talk"),
        "to-come": (_("To come"), "neutral", "path"),
        "in-force": (_("In force"), "certified", "check"),
        "over": (_("Over"), "neutral", "dash"),
        "asked": (_("Waits for a second signature"), "attention", "pause"),
        "not-signed": (_("Not signed"), "late", "cross"),
        "taken-back": (_("Taken back"), "neutral", "dash"),
        "lapsed": (_("Lapsed, not signed in time"), "neutral", "dash"),
    },
}


def standing(kind: str, code: str) -> Badge:
    """How something stands, as a pill. Raises KeyError for an unknown kind or code."""
    text, tint, icon = STANDINGS[kind][code]
    return Badge(str(text), tint, icon)


def claim_value(field: str, value: str | None) -> str:
    """A value of a certificate as the preview of an import shows it, from its text."""
    if not value:
        return str(_("empty"))
    match field:
        case "level":
            return level_word(value, current_locale())
        case "thirty_plus":
            return str(_("yes") if value == "yes" else _("no"))
        case "starts_on" | "ends_on":
            return day_in_words(date.fromisoformat(value), current_locale())
        case _:
            return value


GLOBALS: dict[str, Callable[..., Any]] = {"standing": standing, "claim_value": claim_value}
