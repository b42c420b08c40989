"""What a mail is made of before it is rendered: a letter's frame, its blocks, and the message."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from onboarding.i18n import translate
from onboarding.i18n.days import day_nearby, distance_in_words, lateness_in_words
from onboarding.i18n.titles import step_title


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """Somebody on the customer's side whom the reader can answer or call."""

    name: str
    email: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What every mail knows: the reader, the two organisations, the buyer, the day, the link.

    `step` is the title of the step it is about, a code or own text. `url` is where its button
    leads, `home` where all that waits for the reader stands, `start` where it chooses a supplier.
    With `opens_step` it leads to one step, without a log-in. `wrong_person_url` is where the reader
    says that it is not for them, `choice_url` where it chooses how often and in which language.
    `in_place_of` is the colleague who is away, up to and including `in_place_until`.
    """

    locale: str
    name: str
    customer: str
    today: date
    url: str
    home: str = ""
    start: str = ""
    supplier: str = ""
    step: str = ""
    asked: str = ""
    buyer: Colleague | None = None
    is_for_supplier: bool = True
    opens_step: bool = False
    wrong_person_url: str = ""
    choice_url: str = ""
    in_place_of: str = ""
    in_place_until: date | None = None

    def say(self, message: str, /, **facts: Any) -> str:
        """The message in the reader's language; the customer's and supplier's names filled in."""
        known = {"customer": self.customer, "supplier": self.supplier}
        text = translate(message, self.locale, **known, **facts)
        for name in known.values():
            if name.endswith("."):  # a sentence that ends with `B.V.` has one full stop
                text = text.replace(f"{name}.", name)
        return text

    def day(self, day: date | None) -> str:
        """`maandag 24 mei`; with the year where it is far away."""
        return "…" if day is None else day_nearby(day, self.today, self.locale)

    def far(self, day: date) -> str:
        return distance_in_words(day, self.today, self.locale)

    def late(self, day: date) -> str:
        return lateness_in_words(day, self.today, self.locale)

    @property
    def title(self) -> str:
        return step_title(self.step, self.locale)


class Facts:
    """The facts of a message, read with their kind; what is not there is None or empty."""

    def __init__(self, facts: Mapping[str, Any]) -> None:
        self._facts = facts

    def day(self, name: str) -> date | None:
        value = self._facts.get(name)
        if isinstance(value, datetime):
            return value.date()
        return date.fromisoformat(value) if isinstance(value, str) else value

    def text(self, name: str) -> str:
        value = self._facts.get(name)
        return "" if value is None else str(value)

    def number(self, name: str) -> int:
        return int(self._facts.get(name) or 0)

    def has(self, name: str) -> bool:
        return bool(self._facts.get(name))

    def items(self, name: str) -> list[dict[str, Any]]:
        return list(self._facts.get(name) or ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A paragraph; `lead` stands before it in bold."""

    text: str
    lead: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """What somebody wrote, in their own words."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line of a list: what, by when, and what it takes."""

    title: str
    when: str = ""
    text: str = ""
    url: str = ""
    is_late: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Items:
    items: tuple[Item, ...]


Block = Text | Quote | Items


@dataclass(frozen=True, slots=True, kw_only=True)
class FootLink:
    """A line of the footer that leads somewhere."""

    text: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One e-mail in words: everything but its looks and its headers."""

    locale: str
    subject: str
    greeting: str
    blocks: tuple[Block, ...]
    button: str = ""
    url: str = ""
    closing: tuple[str, ...] = ()
    last: str = ""  # a sentence of law after the closing
    footer: tuple[str | FootLink, ...] = field(default=())
