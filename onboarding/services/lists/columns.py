"""Which column of a list holds what: known by its Dutch or English name, or chosen by somebody."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from onboarding.domain.imports import ColumnsUnclear, ColumnUnknown
from onboarding.domain.suppliers import folded


def header_key(text: str) -> str:
    """A name of a column without what differs between lists: `KVK-nr.` is `kvknr`."""
    return re.sub(r"[^a-z0-9]", "", folded(text))


def _nothing_more(field: str, rest: str) -> str | None:
    return None


@dataclass(frozen=True, kw_only=True)
class Columns:
    """The fields of a kind of list, each with the names by which lists know it, Dutch first.

    A list needs one column of `any_of`, and all of `all_of`. `what` names the kind of list in the
    error of one that lacks them.

    A field can have several columns, told apart by the rest of their names: `spend:2026` is that
    of "Spend 2026". `with_more` makes such a field of both, or says that there is none;
    `more_in_words` tells of them in the help of a command.
    """

    headers: Mapping[str, tuple[str, ...]]
    any_of: tuple[str, ...] = ()
    all_of: tuple[str, ...] = ()
    what: str | None = None
    with_more: Callable[[str, str], str | None] = _nothing_more
    more_in_words: str = ""

    @cached_property
    def field_of_header(self) -> Mapping[str, str]:
        """The field of each known name, by its `header_key`; `nummer` may be written short."""
        known = {header_key(name): f for f, names in self.headers.items() for name in names}
        short = {
            key.replace("nummer", end): field
            for key, field in known.items()
            if "nummer" in key
            for end in ("nr", "no")
        }
        return short | known

    def knows(self, text: str) -> bool:
        """Whether this is the name of a column."""
        return header_key(text) in self.field_of_header

    def field_of(self, header: str) -> str | None:
        """The field that a header names, with its division or year where it names that too."""
        if field := self.field_of_header.get(header_key(header)):
            return field
        words = header.split()
        for length in range(len(words) - 1, 0, -1):
            field = self.field_of_header.get(header_key(" ".join(words[:length])))
            rest = " ".join(words[length:]).strip(" ()[]:-–")
            if field and (found := self.with_more(field, rest)):
                return found
        return None

    def has_more(self, name: str) -> bool:
        """Whether this is a field with a column for each division or year."""
        field, sign, rest = name.partition(":")
        return bool(sign) and self.with_more(field, rest) is not None

    def recognised(self, headers: Sequence[str]) -> dict[str, int]:
        """`field: place of its column`; of two columns with one meaning the first counts."""
        places: dict[str, int] = {}
        for place, header in enumerate(headers):
            field = self.field_of(header)
            if field is not None:
                places.setdefault(field, place)
        return places

    def chosen(self, headers: Sequence[str], choices: Mapping[str, str]) -> dict[str, int]:
        """What is recognised, with `field: header` chosen in its place.

        An empty header leaves the field out. Raises ColumnUnknown for a field or header that is
        not there.
        """
        places = self.recognised(headers)
        keys = [header_key(header) for header in headers]
        for field, header in choices.items():
            if field not in self.headers and not self.has_more(field):
                raise ColumnUnknown(column=field, headers=list(self.headers))
            places.pop(field, None)
            if not header:
                continue
            if header in headers:
                place = list(headers).index(header)
            elif header_key(header) in keys:
                place = keys.index(header_key(header))
            else:
                raise ColumnUnknown(column=header, headers=list(headers))
            places = {name: taken for name, taken in places.items() if taken != place}
            places[field] = place
        return places

    def check(self, headers: Sequence[str], places: Mapping[str, int]) -> None:
        """Raises ColumnsUnclear where a column that is needed is not there."""
        has_one = not self.any_of or any(field.partition(":")[0] in self.any_of for field in places)
        if not has_one or any(field not in places for field in self.all_of):
            named = [header for header in headers if header]
            raise ColumnsUnclear(headers=named, what=self.what)
