"""Which column of a list holds what: known by its Dutch or English name, or chosen by somebody."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from onboarding.domain.imports import ColumnsUnclear, ColumnUnknown
from onboarding.domain.suppliers import folded


def header_key(text: str) -> str:
    """A name of a column without what differs between lists: `KVK-nr.` is `kvknr`."""
    return re.sub(r"[^a-z0-9]", "", folded(text))


@dataclass(frozen=True, kw_only=True)
class Columns:
    """The fields of a kind of list, each with the names by which lists know it, Dutch first.

    A list needs one column of `any_of`, and all of `all_of`. `what` names the kind of list in the
    error of one that lacks them.
    """

    headers: Mapping[str, tuple[str, ...]]
    any_of: tuple[str, ...] = ()
    all_of: tuple[str, ...] = ()
    what: str | None = None

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

    def recognised(self, headers: Sequence[str]) -> dict[str, int]:
        """`field: place of its column`; of two columns with one meaning the first counts."""
        places: dict[str, int] = {}
        for place, header in enumerate(headers):
            field = self.field_of_header.get(header_key(header))
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
            if field not in self.headers:
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
        has_one = not self.any_of or any(field in places for field in self.any_of)
        if not has_one or any(field not in places for field in self.all_of):
            named = [header for header in headers if header]
            raise ColumnsUnclear(headers=named, what=self.what)
