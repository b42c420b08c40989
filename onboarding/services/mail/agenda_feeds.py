"""The secret address of somebody's days: made, made anew, withdrawn, and who comes with it.

It lives on real time, as links and log-ins do, and holds no log-in: who has it reads days, and
nothing else.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.access import TOKEN_LENGTH
from onboarding.domain.agendas import AgendaDay
from onboarding.domain.people import DUTIES, Duty, Side
from onboarding.services.mail.agenda_files import Reader
from onboarding.services.mail.agendas import days_of_buyer, days_of_contact
from onboarding.services.sessions import relations_of, roles_of, sha256
from onboarding.store.tables import CalendarFeedRow, PersonRow


class FeedEnded(Exception):
    """The address works no more: it was withdrawn, or its person is no buyer or contact now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Whose:
    """Somebody on one side: a buyer of one customer, or a contact of any supplier."""

    person_id: int
    side: Side
    customer_id: int | None = None


def feed_of(session: Session, whose: Whose) -> CalendarFeedRow | None:
    """The feed that works, where there is one."""
    return session.scalars(
        select(CalendarFeedRow).where(*_theirs(whose)).order_by(CalendarFeedRow.id.desc())
    ).first()


def make_feed(session: Session, now: datetime, whose: Whose) -> str:
    """A new token, which nobody can read again; the one before works no more."""
    session.scalars(
        select(PersonRow.id).where(PersonRow.id == whose.person_id).with_for_update()
    ).one()
    end_feeds(session, now, whose)
    token = secrets.token_urlsafe(32)
    session.add(
        CalendarFeedRow(
            token_sha256=sha256(token),
            person_id=whose.person_id,
            side=whose.side,
            customer_id=whose.customer_id,
            made_at=now,
        )
    )
    session.flush()
    return token


def end_feeds(session: Session, now: datetime, whose: Whose) -> None:
    """Withdrawn for good, also where the person comes back later."""
    session.execute(
        update(CalendarFeedRow)
        .where(*_theirs(whose))
        .values(ended_at=now)
        .execution_options(synchronize_session=False)
    )


def read_feed(
    session: Session, moment: Moment, token: str
) -> tuple[Reader, list[AgendaDay]] | None:
    """For whom, and the days; None for what never was a token. Raises FeedEnded."""
    if len(token) != TOKEN_LENGTH:
        return None
    found = session.execute(
        select(CalendarFeedRow, PersonRow)
        .join(PersonRow, PersonRow.id == CalendarFeedRow.person_id)
        .where(CalendarFeedRow.token_sha256 == sha256(token))
    ).first()
    if found is None:
        return None
    feed, person = found
    if feed.ended_at is not None:
        raise FeedEnded
    is_for_supplier = feed.side == Side.SUPPLIER
    reader = Reader(locale=person.locale, is_for_supplier=is_for_supplier)
    if is_for_supplier:
        if not relations_of(session, person.id):
            raise FeedEnded
        return reader, days_of_contact(session, moment, person.id)
    roles = roles_of(session, person.id, feed.customer_id or 0)
    if not any(Duty.BUY in DUTIES[role] for role in roles):
        raise FeedEnded
    return reader, days_of_buyer(session, moment, feed.customer_id or 0, person.id)


def _theirs(whose: Whose) -> tuple[ColumnElement[bool], ...]:
    return (
        CalendarFeedRow.person_id == whose.person_id,
        CalendarFeedRow.side == whose.side,
        CalendarFeedRow.customer_id.is_not_distinct_from(whose.customer_id),
        CalendarFeedRow.ended_at.is_(None),
    )
