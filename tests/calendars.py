"""Calendar files as two other readers understand them: icalendar's parser, and vobject."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import vobject
from icalendar import Calendar


@dataclass(frozen=True)
class Told:
    """One day of a file."""

    uid: str
    sequence: int
    day: date
    summary: str
    description: str
    status: str
    at: datetime


def read(content: bytes) -> list[Told]:
    """The days of a file that keeps to the standard, as both readers say it."""
    as_the_standard_says(content)
    calendar = Calendar.from_ical(content)
    found = [_told(event) for event in calendar.walk("VEVENT")]
    other = vobject.readOne(content.decode(), validate=True)
    assert other.validate(raiseException=True)
    theirs = getattr(other, "vevent_list", [])
    assert [
        (e.uid.value, int(e.sequence.value), e.dtstart.value, e.summary.value) for e in theirs
    ] == [(one.uid, one.sequence, one.day, one.summary) for one in found]
    return found


def as_the_standard_says(content: bytes) -> None:
    """RFC 5545, 3.1: lines end in CRLF and are at most 75 octets long; 3.6.1: all that a day needs,
    once, and no zone where all days are whole.
    """
    assert content.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    for line in content.split(b"\r\n"):
        assert len(line) <= 75
        line.decode()
    unfolded = content.replace(b"\r\n ", b"").decode()
    assert "TZID" not in unfolded
    for event in unfolded.split("BEGIN:VEVENT\r\n")[1:]:
        names = [line.partition(":")[0].partition(";")[0] for line in event.split("\r\n")]
        for name in ("UID", "DTSTAMP", "DTSTART", "SEQUENCE", "SUMMARY", "STATUS"):
            assert names.count(name) == 1, name


def _told(event: Any) -> Told:
    day = event.decoded("DTSTART")
    assert type(day) is date
    return Told(
        uid=str(event["UID"]),
        sequence=int(event["SEQUENCE"]),
        day=day,
        summary=str(event["SUMMARY"]),
        description=str(event["DESCRIPTION"]),
        status=str(event["STATUS"]),
        at=event.decoded("DTSTAMP"),
    )
