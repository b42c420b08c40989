"""Days as a calendar file (RFC 5545): the same days give the same bytes, in the language asked."""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from urllib.parse import urlsplit

from icalendar import Calendar, Event, vCalAddress, vText

from onboarding.domain.agendas import AgendaDay
from onboarding.domain.workdays import DAY
from onboarding.i18n import translate
from onboarding.services.mail.addresses import agenda_page
from onboarding.services.mail.agenda_words import description_of, summary_of

PRODUCT = "-//Onboarding//Onboarding//EN"
ASK_AGAIN_AFTER = timedelta(hours=6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the tool is, and the secret that keeps what stands in a file from telling more."""

    public_url: str
    secret_key: str

    def uid(self, one: AgendaDay) -> str:
        """The same for the same thing, in mails and feeds; nobody can tell its number from it."""
        message = f"onboarding calendar {one.kind} {one.thing_id}".encode()
        made = hmac.new(self.secret_key.encode(), message, hashlib.sha256).hexdigest()
        return f"{made[:32]}@{urlsplit(self.public_url).hostname or 'localhost'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """For whom the words are: a supplier reads who asks it, a buyer about whom it is."""

    locale: str
    is_for_supplier: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What a file in a mail says of itself: who publishes the days, and when it was written."""

    organiser: str
    address: str
    at: datetime


def mailed_file(
    days: Iterable[AgendaDay], place: Place, reader: Reader, published: Published
) -> bytes:
    """A file that adds these days to a calendar, moves them there, and takes out what is over."""
    organiser = vCalAddress(f"mailto:{published.address}")
    organiser.params["CN"] = vText(published.organiser)
    calendar = _calendar(reader)
    calendar.add("METHOD", "PUBLISH")
    for one in days:
        event = _event(one, place, reader, published.at)
        event.add("ORGANIZER", organiser)
        calendar.add_component(event)
    return _bytes(calendar)


def feed_file(days: Iterable[AgendaDay], place: Place, reader: Reader) -> bytes:
    """What a calendar that asks by itself gets: all days, and none that is over."""
    calendar = _calendar(reader)
    name = translate("Steps and days of suppliers", reader.locale)
    if reader.is_for_supplier:
        name = translate("Steps and days", reader.locale)
    calendar.add("NAME", name)
    calendar.add("X-WR-CALNAME", name)
    calendar.add("REFRESH-INTERVAL", ASK_AGAIN_AFTER, parameters={"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", "PT6H")
    for one in days:
        known_at = datetime.combine(one.known_on, time(), UTC)
        calendar.add_component(_event(one, place, reader, known_at))
    return _bytes(calendar)


def _calendar(reader: Reader) -> Calendar:
    calendar = Calendar()
    calendar.add("VERSION", "2.0")
    calendar.add("PRODID", PRODUCT)
    calendar.add("CALSCALE", "GREGORIAN")
    return calendar


def _event(one: AgendaDay, place: Place, reader: Reader, at: datetime) -> Event:
    """All day, and nobody is busy because of it."""
    url = place.public_url + agenda_page(one, is_for_supplier=reader.is_for_supplier)
    event = Event()
    event.add("UID", place.uid(one))
    event.add("SEQUENCE", one.sequence)
    event.add("DTSTAMP", at.astimezone(UTC).replace(microsecond=0))
    event.add("DTSTART", one.day)
    event.add("DTEND", one.day + DAY)
    event.add("SUMMARY", summary_of(one, reader.locale, is_for_supplier=reader.is_for_supplier))
    said = description_of(one, reader.locale, is_for_supplier=reader.is_for_supplier)
    event.add("DESCRIPTION", f"{said}\n\n{url}".strip())
    event.add("URL", url)
    event.add("STATUS", "CANCELLED" if one.is_over else "CONFIRMED")
    event.add("TRANSP", "TRANSPARENT")
    event.add("CLASS", "PRIVATE")
    return event


def _bytes(calendar: Calendar) -> bytes:
    made: bytes = calendar.to_ical()
    return made
