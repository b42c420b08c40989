"""Which icon and tint a state gets, beside its word."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from onboarding.i18n import (
    error_text,
    event_text,
    level_word,
    reason_text,
    removal_reason,
    status_sentence,
    word,
)
from onboarding.i18n.threads import thread_line
from onboarding.i18n.titles import step_title
from onboarding.i18n.words import step_word
from onboarding.web.language import current_locale


@dataclass(frozen=True, slots=True)
class Badge:
    """A pill: its word, the tint (a class of the brand sheet) and the icon (a symbol's name)."""

    word: str
    tint: str
    icon: str


# code: (tint, icon)
STATUS_LOOKS = {
    "preferred": ("certified", "star"),
    "eligible": ("good", "check"),
    "conditional": ("good", "path"),
    "out-of-scope": ("neutral", "dash"),
    "undecided": ("neutral", "talk"),
    "at-risk": ("attention", "mark"),
    "ineligible": ("late", "cross"),
}
STEP_LOOKS = {
    "planned": ("neutral", "dash"),
    "started": ("certified", "path"),
    "submitted": ("certified", "eye"),
    "returned": ("attention", "mark"),
    "accepted": ("good", "check"),
    "waived": ("neutral", "check"),
    "overdue": ("late", "cross"),
}
PATHWAY_LOOKS = {
    "draft": ("neutral", "dash"),
    "proposed": ("certified", "talk"),
    "countered": ("attention", "talk"),
    "agreed": ("good", "path"),
    "on-hold": ("attention", "pause"),
    "declined": ("late", "cross"),
    "stopped": ("late", "cross"),
    "completed": ("good", "check"),
}
CERTIFICATE_LOOKS = {
    "reported": ("attention", "eye"),
    "verified": ("certified", "check"),
    "rejected": ("late", "cross"),
    "revoked": ("late", "cross"),
    "ended": ("neutral", "dash"),
}
LOOKS: dict[str, Mapping[str, tuple[str, str]]] = {
    "status": STATUS_LOOKS,
    "step": STEP_LOOKS,
    "pathway": PATHWAY_LOOKS,
    "certificate": CERTIFICATE_LOOKS,
}


def badge(kind: str, code: str, for_buyer: bool = False) -> Badge:
    """The pill for a code. Raises KeyError for an unknown kind or code."""
    tint, icon = LOOKS[kind][code]
    locale = current_locale()
    text = step_word(code, locale, for_buyer=for_buyer) if kind == "step" else None
    return Badge(sentence_case(text or word(kind, code, locale)), tint, icon)


def sentence_case(text: str) -> str:
    """The first letter as a capital, and the rest left alone (PSO stays PSO)."""
    return text[:1].upper() + text[1:]


def _sentence(code: str, facts: Mapping[str, Any] | None = None) -> str:
    return status_sentence(code, current_locale(), facts)


def _reason(code: str, facts: Mapping[str, Any] | None = None) -> str:
    return reason_text(code, facts or {}, current_locale())


def _error(code: str, facts: Mapping[str, Any] | None = None) -> str:
    return error_text(code, facts or {}, current_locale())


def _event(code: str, facts: Mapping[str, Any] | None = None) -> str:
    return event_text(code, facts or {}, current_locale())


def _thread_line(code: str, facts: Mapping[str, Any] | None = None) -> str:
    return thread_line(code, facts or {}, current_locale())


def _word(code: str, kind: str) -> str:
    return word(kind, code, current_locale())


def _removal(reason: str) -> str:
    return removal_reason(reason, current_locale())


def _level(level: str, thirty_plus: bool = False) -> str:
    return level_word(level, current_locale(), thirty_plus=thirty_plus)


def _step_title(title: str) -> str:
    return step_title(title, current_locale())


FILTERS: dict[str, Callable[..., Any]] = {
    "word": _word,
    "removal_reason": _removal,
    "level_word": _level,
    "step_title": _step_title,
    "sentence_case": sentence_case,
}
GLOBALS: dict[str, Any] = {
    "badge": badge,
    "status_sentence": _sentence,
    "reason_text": _reason,
    "error_text": _error,
    "event_text": _event,
    "thread_line": _thread_line,
}
