"""How a dossier on paper says something: words, days and cells of tables, in one language."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from onboarding.i18n import short_day, translate
from onboarding.i18n.days import instant_in_words
from onboarding.services.dossier.dossiers import Dossier


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """How a dossier says something, in one language and one time zone."""

    dossier: Dossier
    locale: str
    zone: ZoneInfo

    def say(self, text: str, **facts: Any) -> str:
        return translate(text, self.locale, **facts)

    def day(self, day: date | None) -> str:
        return "" if day is None else short_day(day, self.locale)

    def at(self, instant: datetime | None) -> str:
        return "" if instant is None else instant_in_words(instant, self.zone, self.locale)

    def who(self, person_id: int | None) -> str:
        return self.dossier.name_of(person_id) or self.say("name no longer kept")


Cell = dict[str, str]


def cell(text: str, more: str = "", seal: str = "") -> Cell:
    return {"text": text, "more": more, "seal": seal}


def section(
    title: str,
    columns: Sequence[str],
    widths: Sequence[int],
    rows: list[list[Cell]],
    lead: str = "",
) -> dict[str, Any]:
    return {
        "title": title,
        "lead": lead,
        "columns": list(columns),
        "widths": list(widths),
        "rows": rows,
    }
