"""A manager removes a text that held personal data: everywhere it is kept, and for good."""

import logging
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from email import message_from_bytes, policy
from html import unescape

from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.errors import NotFound
from onboarding.domain.messages import MessageKind
from onboarding.domain.people import Actor, Duty
from onboarding.domain.redaction import TextRedacted, redact, tells, texts_of
from onboarding.domain.seals import Resealed
from onboarding.services.mail.messages import Owed, owe
from onboarding.services.personal_data import close_what_is_gone
from onboarding.services.supplier_reading import HistoryEvent, tell_events
from onboarding.store.history import Record, append
from onboarding.store.pathways import versions
from onboarding.store.prepared import let_go
from onboarding.store.redaction import (
    forget_mails,
    mails_of,
    mails_telling,
    redact_rows,
    redact_versions,
    relations_with,
)
from onboarding.store.relations import lock_relations, lock_visible_relation, visible_relation
from onboarding.store.seals import reseal
from onboarding.store.tables import EventRow, MilestoneRow, RelationRow, StatusPeriodRow

TAG = re.compile(r"<[^>]*>")
EVENTS, PERIODS = EventRow.__tablename__, StatusPeriodRow.__tablename__
QUOTE_MARK = re.compile(r"^> ?", re.MULTILINE)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Redactable:
    """An event with the words in it; `texts` is empty where they are gone already."""

    relation_id: int
    milestone_id: int | None
    event: HistoryEvent
    texts: tuple[str, ...]


def read_redactable(session: Session, actor: Actor, event_id: int) -> Redactable:
    """An event of a relation that the actor may see. Raises NotFound for any other."""
    actor.must(Duty.GOVERN)
    row = _visible_event(session, actor, event_id)
    return Redactable(
        relation_id=row.relation_id or 0,
        milestone_id=row.milestone_id,
        event=tell_events(session, [row])[0],
        texts=texts_of(row.facts),
    )


def redact_text(
    session: Session, actor: Actor, moment: Moment, event_id: int, *, reason: str
) -> None:
    """Remove the words of an event from the history and from all that was made of them.

    Who wrote it gets a mail, and a possible data leak is recorded. Mails in which it stands lose
    their text. What was agreed loses it too, and says so: its hash stays that of what was agreed.
    Raises MoveRefused where it was removed before.
    """
    relation_id = _visible_event(session, actor, event_id).relation_id or 0
    relation = lock_visible_relation(session, actor, relation_id)
    row = session.get_one(EventRow, event_id, populate_existing=True)
    texts = texts_of(row.facts)
    change = redact(texts, reason, actor, event_id=event_id)
    change = replace(change, resealed=_remove(session, actor, moment, relation_id, texts))
    under = Record(
        actor=actor,
        moment=moment,
        relation_id=relation_id,
        pathway_id=row.pathway_id,
        milestone_id=row.milestone_id,
        is_shared=row.is_shared,
    )
    _tell(session, moment, relation, change, under, row.actor_id)


def redact_step(
    session: Session, actor: Actor, moment: Moment, milestone_id: int, *, reason: str
) -> None:
    """Remove what a step asks in the buyer's own words, from what was agreed as well.

    Who agreed for the buyer gets a mail. Raises MoveRefused where there are no such words.
    """
    relation_id = _visible_step(session, actor, milestone_id).relation_id
    relation = lock_visible_relation(session, actor, relation_id)
    row = session.get_one(MilestoneRow, milestone_id, populate_existing=True)
    texts = _asked(row)
    change = redact(texts, reason, actor, milestone_id=milestone_id)
    change = replace(change, resealed=_remove(session, actor, moment, relation_id, texts))
    under = Record(
        actor=actor,
        moment=moment,
        relation_id=relation_id,
        pathway_id=row.pathway_id,
        milestone_id=milestone_id,
    )
    agreed = versions(session, row.pathway_id)
    writer = agreed[-1].for_buyer.get("person_id") if agreed else None
    _tell(session, moment, relation, change, under, writer or None)


def read_step_text(session: Session, actor: Actor, milestone_id: int) -> tuple[str, ...]:
    """What a step asks in the buyer's own words, if any are left."""
    actor.must(Duty.GOVERN)
    return _asked(_visible_step(session, actor, milestone_id))


def _asked(row: MilestoneRow) -> tuple[str, ...]:
    return texts_of({"text": row.description})


def _remove(
    session: Session, actor: Actor, moment: Moment, relation_id: int, texts: tuple[str, ...]
) -> tuple[Resealed, ...]:
    """Returns which rows of the history lost the text, with the digests of what is left."""
    session.flush()
    relation_ids = relations_with(session, relation_id, texts)
    let_go(session, lock_relations(session, sorted(relation_ids)))
    agreed = redact_versions(session, moment, relation_ids, texts)
    # Mails before messages: whoever sends them takes them in that order.
    told = mails_telling(session, relation_ids, texts, agreed)
    forget_mails(session, told | _mails_with(session, relation_ids, texts), texts)
    changed = redact_rows(session, relation_ids, texts)
    resealed = reseal(session, changed[EVENTS], changed[PERIODS])
    session.expire_all()
    close_what_is_gone(session, actor, moment, relation_ids)
    if agreed:
        log.warning("a text was removed from agreements: %s", sorted(agreed))
    return resealed


def _tell(
    session: Session,
    moment: Moment,
    relation: RelationRow,
    change: TextRedacted,
    under: Record,
    writer: int | None,
) -> None:
    """Whoever could read the text can read that it is gone, and its writer gets a mail."""
    event = append(session, change, under)
    where = f"event {change.event_id}" if change.event_id else f"step {change.milestone_id}"
    log.warning("possible data leak: the text of %s was removed", where)
    if writer is not None:
        owed = Owed(
            kind=MessageKind.TEXT_REDACTED,
            about=str(event.id),
            facts={"reason": change.reason},
            relation_id=relation.id,
            milestone_id=under.milestone_id,
        )
        owe(session, moment, relation.customer_id, owed, [writer])


def _visible_step(session: Session, actor: Actor, milestone_id: int) -> MilestoneRow:
    row = session.get(MilestoneRow, milestone_id)
    if row is None:
        raise NotFound(what="milestone")
    visible_relation(session, actor, row.relation_id)
    return row


def _visible_event(session: Session, actor: Actor, event_id: int) -> EventRow:
    row = session.get(EventRow, event_id)
    if row is None or row.relation_id is None:
        raise NotFound(what="event")
    visible_relation(session, actor, row.relation_id)
    return row


def _mails_with(session: Session, relation_ids: Collection[int], texts: Sequence[str]) -> set[int]:
    return {
        mail_id
        for mail_id, body in mails_of(session, relation_ids)
        if any(tells(words, text) for words in _words_of(body or b"") for text in texts)
    }


def _words_of(body: bytes) -> list[str]:
    """What a reader of the mail sees, as text and as HTML, without the marks of a quotation."""
    found = []
    for part in message_from_bytes(body, policy=policy.default).walk():
        if part.get_content_type() == "text/plain":
            found.append(QUOTE_MARK.sub("", part.get_content()))
        elif part.get_content_type() == "text/html":
            found.append(unescape(TAG.sub(" ", part.get_content())))
    return found
