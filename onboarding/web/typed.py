"""What somebody typed into a form that was refused: given back, so that nothing is lost.

Only prose has a name here. A password, a token, a file or a day is never given back.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import request
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from onboarding.domain.moves import LONGEST_TEXT

MOST = 12  # fields of one form
PROSE: dict[str, LazyString] = {
    "alternative": _("What they do instead"),
    "answer": _("Your answer"),
    "explanation": _("Explanation"),
    "line": _("The line"),
    "message": _("A word with it"),
    "note": _("Note"),
    "reason": _("Reason"),
    "reply": _("Your reply"),
    "seen": _("What did you see?"),
    "summary": _("In short"),
    "text": _("Text"),
}


@dataclass(frozen=True, slots=True)
class Typed:
    label: LazyString
    text: str

    @property
    def rows(self) -> int:
        """Of the box that shows it."""
        return min(2 + self.text.count("\n") + len(self.text) // 60, 12)


def what_was_typed() -> list[Typed]:
    """The words of the form that was sent, cut where they are longer than any form takes."""
    return list(_typed())[:MOST]


def _typed() -> Iterator[Typed]:
    if request.method != "POST":
        return
    for name, text in request.form.items(multi=True):
        # A list of steps has its fields under numbers, as `explanation-3`.
        label = PROSE.get(name.rstrip("0123456789").rstrip("-"))
        if label is not None and text.strip():
            yield Typed(label, text[:LONGEST_TEXT])
