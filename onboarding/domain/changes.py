"""A change: what was decided, in the past tense, before anything is written."""

from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A decision about one thing; `code` is its permanent name in the history."""

    code: ClassVar[str]

    def facts(self) -> dict[str, Any]:
        """The fields as JSON values; days and instants in ISO 8601, unset ones left out."""
        named = ((field.name, getattr(self, field.name)) for field in fields(self))
        return {name: as_json(value) for name, value in named if value is not None}


def as_json(value: Any) -> Any:
    """A domain value as JSON."""
    match value:
        case StrEnum():
            return value.value
        case datetime() | date():
            return value.isoformat()
        case tuple() | list():
            return [as_json(item) for item in value]
        case frozenset() | set():
            return sorted(as_json(item) for item in value)
        case _ if is_dataclass(value):
            named = ((field.name, getattr(value, field.name)) for field in fields(value))
            return {name: as_json(item) for name, item in named if item is not None}
        case _:
            return value
