"""Links that a mail to a supplier holds: to one step, to its choice of mail, to “not for me”.

They are made just before the mail is rendered, so that their days begin with it; the
ledger holds their numbers, never a token. Each opens one page for one contact, without a log-in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import and_, select
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
    ContactRow,
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
# Built once: they are asked for each mail.
TO_CONTACTS = (
    select(MessageRow, MilestoneRow.state, MilestoneRow.owner)
    .join(
        ContactRow,
        and_(
            ContactRow.relation_id == MessageRow.relation_id,
            ContactRow.person_id == MessageRow.person_id,
            ContactRow.retired_at.is_(None),
        ),
    )
    .outerjoin(MilestoneRow, MilestoneRow.id == MessageRow.milestone_id)
    .where(MessageRow.id.in_(IDS))
    .order_by(MessageRow.id)
)
LINKS = select(LoginLinkRow).where(LoginLinkRow.id.in_(IDS))
STILL_NEW = timedelta(days=1)  # a rendering that was tried before needs no other links


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
    session: Session, entry: Entry, message_ids: Sequence[int]
) -> dict[int, list[Wanted]]:
    """The links that these messages of one mail lack, by message."""
    found: dict[int, list[Wanted]] = {}
    rows = session.execute(TO_CONTACTS, {"ids": list(message_ids)}).all()
    there = _links_of(session, [row for row, _, _ in rows])
    for row, state, owner in rows:
        kind = MessageKind(row.kind)
        if is_task(kind) or kind in WITHOUT_LINKS:
            continue
        purposes = [LinkPurpose.WRONG_PERSON, LinkPurpose.MAIL_CHOICE]
        if kind in ABOUT_A_STEP and state in TO_DO and owner != Side.BUYER:
            purposes.append(LinkPurpose.STEP)
        wanted = [
            Wanted(
                person_id=row.person_id,
                purpose=purpose,
                relation_id=row.relation_id,
                milestone_id=row.milestone_id if purpose is LinkPurpose.STEP else None,
            )
            for purpose in purposes
            if not _still_serves(there.get(row.facts.get(FACT_OF[purpose])), row, purpose, entry)
        ]
        if wanted:
            found[row.id] = wanted
    return found


def give_links(session: Session, entry: Entry, wanted: dict[int, list[Wanted]]) -> None:
    """Make them, and note their numbers with the messages."""
    each = [(message_id, one) for message_id, ones in wanted.items() for one in ones]
    made = make_links(session, entry, [one for _, one in each])
    more: dict[int, dict[str, int]] = {message_id: {} for message_id in wanted}
    for (message_id, one), link_id in zip(each, made, strict=True):
        more[message_id][FACT_OF[one.purpose]] = link_id
    note_facts(session, more)


def paths_of(session: Session, row: MessageRow, secret_key: str) -> dict[LinkPurpose, str]:
    """Where the links of this message lead; their tokens are made again here."""
    there = _links_of(session, [row])
    found = {purpose: there.get(row.facts.get(name)) for purpose, name in FACT_OF.items()}
    return {
        purpose: link_path(purpose, link_token(secret_key, link.id, link.made_at))
        for purpose, link in found.items()
        if link is not None and _is_of(link, row, purpose)
    }


def drop_links_of(session: Session, now: datetime, rows: Sequence[MessageRow]) -> None:
    """What these messages held works no more: they go in a new mail, to another address."""
    there = _links_of(session, rows)
    for row in rows:
        for purpose, name in FACT_OF.items():
            link = there.get(row.facts.get(name))
            if link is not None and _is_of(link, row, purpose):
                link.spent_at = link.spent_at or now


def _links_of(session: Session, rows: Sequence[MessageRow]) -> dict[int | None, LoginLinkRow]:
    """The links under the numbers that these messages hold."""
    numbers = [row.facts[name] for row in rows for name in FACT_OF.values() if name in row.facts]
    if not numbers:
        return {}
    links = session.scalars(LINKS, {"ids": numbers})
    return {link.id: link for link in links}


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
