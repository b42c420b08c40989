"""How a story is told: what is known, and the days on which what holds is another."""

from dataclasses import dataclass
from datetime import date

from onboarding.domain.eligibility import Facts, Period, Verdict
from onboarding.domain.policy import Policies
from tests.build import policies


@dataclass(frozen=True)
class Chapter:
    """From its first day on this is known, and this is how it would go on.

    A line is a day, the status, its reason codes, and after `!` the warnings. It holds until
    the day of the next line; the last one holds for ever, if nothing more is recorded.
    """

    known: Facts
    lines: tuple[str, ...]

    @property
    def starts_on(self) -> date:
        return date.fromisoformat(self.lines[0].split()[0])


@dataclass(frozen=True)
class Story:
    """A small story in one or more chapters; each begins where something new was recorded."""

    name: str
    chapters: tuple[Chapter, ...]
    policies: Policies

    def __str__(self) -> str:
        return self.name


def knowing(known: Facts, text: str) -> Chapter:
    lines = tuple(" ".join(line.split()) for line in text.strip().splitlines())
    return Chapter(known, lines)


def story(name: str, *chapters: Chapter, under: Policies | None = None) -> Story:
    return Story(name, chapters, under or policies())


def told(verdict: Verdict) -> str:
    """A verdict in the words of a line, without its day."""
    reasons = sorted({reason.code for reason in verdict.reasons})
    warnings = sorted({warning.code for warning in verdict.warnings})
    parts = [verdict.status.value, *reasons, *(["!", *warnings] if warnings else [])]
    return " ".join(parts)


def lines_of(periods: tuple[Period, ...]) -> tuple[str, ...]:
    """The timeline as lines; periods that read the same are one."""
    lines: list[str] = []
    before = ""
    for period in periods:
        now = told(period.verdict)
        if now != before:
            lines.append(f"{period.starts_on.isoformat()} {now}")
        before = now
    return tuple(lines)
