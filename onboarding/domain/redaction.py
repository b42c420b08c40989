"""Texts that somebody wrote and that held personal data: which those are, and what stays of one."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from onboarding.domain.changes import Change
from onboarding.domain.errors import InputInvalid, MoveRefused
from onboarding.domain.moves import MANAGER, check, text_given
from onboarding.domain.people import Actor
from onboarding.domain.seals import Resealed

# What stands where a text stood. It needs no words, so it can be read everywhere.
REDACTED = "[…]"
# The facts of an event in which somebody's own words stand.
PROSE = ("text", "note", "reason", "reply", "answer", "line", "message")
# Other names under which the same words travel on: in messages, tasks, mails and batches.
COPIES = frozenset({*PROSE, "question", "words", "what", "added_line", "explanation"})
PROSE_FIELDS = frozenset({"alternative"})  # of a supplier, in what was changed of it


@dataclass(frozen=True, slots=True, kw_only=True)
class TextRedacted(Change):
    """A text held personal data and is gone everywhere: possibly a data leak.

    It stood in an event, or it was what a step asks. `resealed` are the rows of the history that
    lost it, so that the chain tells which those may be.
    """

    code: ClassVar[str] = "text-redacted"
    reason: str
    event_id: int | None = None
    milestone_id: int | None = None
    resealed: tuple[Resealed, ...] = ()


def texts_of(facts: Mapping[str, Any]) -> tuple[str, ...]:
    """Somebody's own words in the facts of an event, each once; not those that are gone."""
    return tuple(dict.fromkeys(text for text in _texts(facts) if text and text != REDACTED))


def _texts(facts: Mapping[str, Any]) -> Iterator[str]:
    for name in PROSE:
        if isinstance(facts.get(name), str):
            yield facts[name]
    for change in facts.get("changed", ()):
        if isinstance(change, dict) and change.get("field") in PROSE_FIELDS:
            yield from (change[k] for k in ("was", "becomes") if isinstance(change.get(k), str))


def redact(
    texts: tuple[str, ...],
    reason: str,
    actor: Actor,
    *,
    event_id: int | None = None,
    milestone_id: int | None = None,
) -> TextRedacted:
    """Raises MoveRefused where nothing is left to remove.

    Raises InputInvalid where the reason, which stays, tells the text again.
    """
    check(actor, MANAGER)
    if not texts:
        raise MoveRefused(from_state="removed", to_state="removed")
    reason = text_given(reason, "reason")
    if any(tells(reason, text) for text in texts):
        raise InputInvalid(field="reason", reason="tells-the-text")
    return TextRedacted(reason=reason, event_id=event_id, milestone_id=milestone_id)


def tells(value: str, text: str) -> bool:
    """Whether the text stands in the value as whole words, also where lines were folded."""
    return _as_words(text).search(value) is not None


def without(value: str, text: str) -> str:
    """The value without the text, alone or among other words.

    A text of one word, such as "Akkoord", tells nothing among others: there it stays.
    """
    if value == text:
        return REDACTED
    is_telling = " " in text or any(sign.isdigit() for sign in text)
    return _as_words(text).sub(REDACTED, value) if is_telling else value


def without_in(value: Any, text: str, name: str = "") -> Any:
    """A JSON value without the text, however deep it stands in it.

    A text of one word can be a code or a number as well: that goes only where words of people
    stand.
    """
    match value:
        case str():
            return without(value, text) if name in COPIES or " " in text else value
        case dict():
            return {key: without_in(inner, text, key) for key, inner in value.items()}
        case list():
            return [without_in(inner, text, name) for inner in value]
        case _:
            return value


def _as_words(text: str) -> re.Pattern[str]:
    words = r"\s+".join(re.escape(word) for word in text.split())
    return re.compile(rf"(?<!\w){words}(?!\w)")
