"""Links that a mail to a supplier holds: to one step, to its choice of mail, to “not for me”.

They are made just before the mail is rendered, so that their days begin with it; the
ledger holds their numbers, never a token. Each opens one page for one contact, without a log-in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.domain.access import LinkInvalid, LinkPurpose, link_path, link_token
from onboarding.domain.messages import MessageKind, is_task
from onboarding.domain.milestones import MilestoneState
from onboarding.domain.people import Actor, Side
from onboarding.services.links import Entry, Wanted, find_link, make_links
from onboarding.services.sessions import contact_actor
from onboarding.store.database import IDS
from onboarding.store.messages import note_facts
from onboarding.store.tables import (
    LoginLinkRow,
    MessageRow,
    MilestoneRow,
    PersonRow,
    RelationRow,
)

# The mails of which the button, or a line, is about one step that the reader has to do.
ABOUT_A_STEP = frozenset(
    {
        MessageKind.MILESTONE_REMINDER,
        MessageKind.RETURNED,
        MessageKind.DATE_ANSWERED,
        MessageKind.ANSWER,
        MessageKind.EVIDENCE_REMOVED,
    }
)
# They say by themselves why somebody gets them.
WITHOUT_LINKS = frozenset({MessageKind.LOGIN_LINK, MessageKind.PASSWORD_LINK})
TO_DO = (MilestoneState.PLANNED, MilestoneState.STARTED)
# The fact of a message that holds the number of its link.
FACT_OF = {
    LinkPurpose.STEP: "step_link",
    LinkPurpose.WRONG_PERSON: "person_link",
    LinkPurpose.MAIL_CHOICE: "choice_link",
}
# Built once: it is asked for each mail.
LINKS = select(LoginLinkRow).where(LoginLinkRow.id.in_(IDS))
STILL_NEW = timedelta(days=1)  # a rendering that was tried before needs no other links

Links = Mapping[int, LoginLinkRow]  # by number


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What a working link opens: who comes, and for which step where it is about one."""

    actor: Actor
    person: PersonRow
    relation: RelationRow
    milestone_id: int | None


def open_link(
    session: Session, now: datetime, today: date, token: str, *purposes: LinkPurpose
) -> Opened:
    """Who comes with this link, and for what; changes nothing.

    Raises LinkInvalid for a link that ended, for who is no contact there any more, and where the
    relation has ended.
    """
    link, person = find_link(session, now, token, *purposes)
    relation = session.get(RelationRow, link.relation_id) if link.relation_id else None
    if relation is None or (relation.ended_on is not None and relation.ended_on <= today):
        raise LinkInvalid
    actor = contact_actor(session, person.id, relation.id)
    if actor is None:
        raise LinkInvalid
    if link.milestone_id is not None:
        step = session.get(MilestoneRow, link.milestone_id)
        if step is None or step.relation_id != relation.id:
            raise LinkInvalid
    return Opened(actor=actor, person=person, relation=relation, milestone_id=link.milestone_id)


def links_wanted(
    session: Session, entry: Entry, rows: Sequence[MessageRow], there: Links
) -> dict[MessageRow, list[Wanted]]:
    """The links that these messages of one mail lack; `there` are those they hold."""
    found = {}
    for row in rows:
        kind = MessageKind(row.kind)
        is_to_contact = row.contact is not None and row.contact.retired_at is None
        if not is_to_contact or is_task(kind) or kind in WITHOUT_LINKS:
            continue
        purposes = [LinkPurpose.WRONG_PERSON, LinkPurpose.MAIL_CHOICE]
        if kind in ABOUT_A_STEP and _is_to_do(session, row.milestone_id):
            purposes.append(LinkPurpose.STEP)
        wanted = [
            Wanted(
                person_id=row.person_id,
                purpose=purpose,
                relation_id=row.relation_id,
                milestone_id=row.milestone_id if purpose is LinkPurpose.STEP else None,
            )
            for purpose in purposes
            if not _still_serves(_held(there, row, purpose), row, purpose, entry)
        ]
        if wanted:
            found[row] = wanted
    return found


def give_links(
    session: Session, entry: Entry, wanted: Mapping[MessageRow, Sequence[Wanted]]
) -> Links:
    """Make them, and note their numbers with the messages."""
    each = [(row, one) for row, ones in wanted.items() for one in ones]
    made = make_links(session, entry, [one for _, one in each])
    more: dict[MessageRow, dict[str, int]] = {row: {} for row in wanted}
    for (row, one), link in zip(each, made, strict=True):
        more[row][FACT_OF[one.purpose]] = link.id
    note_facts(session, more)
    return {link.id: link for link in made}


def paths_of(row: MessageRow, secret_key: str, there: Links) -> dict[LinkPurpose, str]:
    """Where the links of this message lead; their tokens are made again here."""
    found = {purpose: _held(there, row, purpose) for purpose in FACT_OF}
    return {
        purpose: link_path(purpose, link_token(secret_key, link.id, link.made_at))
        for purpose, link in found.items()
        if link is not None and _is_of(link, row, purpose)
    }


def drop_links_of(session: Session, now: datetime, rows: Sequence[MessageRow]) -> None:
    """What these messages held works no more: they go in a new mail, to another address."""
    there = links_of(session, rows)
    for row in rows:
        for purpose in FACT_OF:
            link = _held(there, row, purpose)
            if link is not None and _is_of(link, row, purpose):
                link.spent_at = link.spent_at or now


def links_of(session: Session, rows: Sequence[MessageRow]) -> Links:
    """The links under the numbers that these messages hold."""
    numbers = [row.facts[name] for row in rows for name in FACT_OF.values() if name in row.facts]
    if not numbers:
        return {}
    links = session.scalars(LINKS, {"ids": numbers})
    return {link.id: link for link in links}


def _held(there: Links, row: MessageRow, purpose: LinkPurpose) -> LoginLinkRow | None:
    return there.get(row.facts.get(FACT_OF[purpose], 0))


def _is_to_do(session: Session, milestone_id: int | None) -> bool:
    """Whether the step is one that its reader, a supplier, can still do."""
    step = session.get(MilestoneRow, milestone_id) if milestone_id is not None else None
    return step is not None and step.state in TO_DO and step.owner != Side.BUYER


def _is_of(link: LoginLinkRow, row: MessageRow, purpose: LinkPurpose) -> bool:
    """A database may give the number of a forgotten link again, to a link of somebody else."""
    is_about = link.milestone_id == (row.milestone_id if purpose is LinkPurpose.STEP else None)
    same_reader = (link.person_id, link.relation_id) == (row.person_id, row.relation_id)
    return link.purpose == purpose and same_reader and is_about


def _still_serves(
    link: LoginLinkRow | None, row: MessageRow, purpose: LinkPurpose, entry: Entry
) -> bool:
    """Whether it was just made for this message, by a rendering that did not come to sending."""
    return (
        link is not None
        and _is_of(link, row, purpose)
        and link.spent_at is None
        and link.made_at > entry.now - STILL_NEW
    )
