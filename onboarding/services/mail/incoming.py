"""Brings mail that came in to where it belongs: a question, a bounce, or a line for the buyer."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.errors import DomainError, SentTwice
from onboarding.domain.incoming import AutomaticReplyReceived, IncomingKind, MailReceived
from onboarding.domain.moves import LONGEST_TEXT
from onboarding.domain.people import Actor, Duty, the_tool
from onboarding.i18n.catalog import translate
from onboarding.mail.incoming import Incoming
from onboarding.mail.verp import InboxAddress
from onboarding.services.conversations import ask_question
from onboarding.services.mail.bounces import record_bounce
from onboarding.services.sessions import contact_actor
from onboarding.store import incoming as store
from onboarding.store import messages as ledger
from onboarding.store.history import Record, append
from onboarding.store.relations import lock_relations
from onboarding.store.tables import MailRow, PersonRow, RelationRow

A_DAY = timedelta(days=1)
MOST_A_DAY = 30  # letters about one supplier; a program that writes on and on stops here
AWAY = timedelta(days=14)  # within which the same person's automatic replies are told once
FLOODED = "too many letters about this supplier in a day"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a mail belongs to; each part may be unknown."""

    kind: IncomingKind
    mail: MailRow | None = None
    relation_id: int | None = None
    person_id: int | None = None
    why: str | None = None


def take_in(
    session: Session, moment: Moment, inbox: InboxAddress | None, mail: Incoming
) -> IncomingKind:
    """Handle the mail, once. It is never obeyed: at most it asks, in the name of who sent it."""
    if not store.begin(session, mail.message_id, moment.now):
        return IncomingKind.SEEN_BEFORE
    found = _handle(session, moment, _mail_of_ours(session, inbox, mail), mail)
    store.became(
        session,
        mail.message_id,
        found.kind,
        mail_id=found.mail.id if found.mail else None,
        relation_id=found.relation_id,
        person_id=found.person_id,
        why=found.why,
    )
    return found.kind


def note_poisonous(session: Session, moment: Moment, message_id: str, why: str) -> None:
    """One that cannot be handled: a person looks at it, in the mailbox."""
    if store.begin(session, message_id, moment.now):
        store.became(session, message_id, IncomingKind.POISONOUS, why=why)


def _mail_of_ours(session: Session, inbox: InboxAddress | None, mail: Incoming) -> MailRow | None:
    """By a signed address of ours, else by the Message-ID that is answered or reported on."""
    named = [inbox.message_id_in(one) for one in mail.recipients] if inbox else []
    reported = mail.bounce.refers_to if mail.bounce else ()
    candidates = [one for one in (*named, *reported, *mail.refers_to) if one is not None]
    return store.first_of_ours(session, candidates)


def _handle(session: Session, moment: Moment, ours: MailRow | None, mail: Incoming) -> Found:
    if mail.bounce is not None:
        if ours is None:
            return Found(kind=IncomingKind.STRAY, why="reports on a mail that is not known here")
        kind = record_bounce(session, moment, ours, mail.bounce)
        return Found(kind=kind, mail=ours, relation_id=ours.relation_id, person_id=ours.person_id)
    if mail.is_automatic:
        return _automatic(session, moment, ours, mail)
    relation_id = ours.relation_id if ours is not None else None
    if ours is None or relation_id is None:
        return _without_relation(session, moment, ours, mail)
    if _is_flooded(session, moment, relation_id):
        return Found(kind=IncomingKind.STRAY, mail=ours, relation_id=relation_id, why=FLOODED)
    contacts = store.contacts_with(session, mail.sender, relation_id=relation_id)
    for contact in contacts:
        actor = contact_actor(session, contact.person_id, relation_id)
        if actor is not None and actor.may(Duty.REPORT):
            return _answer(session, moment, ours, relation_id, actor, mail)
    return _internal(session, moment, ours, relation_id, mail)


def _answer(
    session: Session,
    moment: Moment,
    ours: MailRow,
    relation_id: int,
    actor: Actor,
    mail: Incoming,
) -> Found:
    """A question of who sent it, about the step that our mail was about."""
    person = session.get_one(PersonRow, actor.person_id)
    text = _in_words(mail, person.locale)
    steps = {row.milestone_id for row in ledger.messages_in(session, ours.id)}
    milestone_id = steps.pop() if len(steps) == 1 else None
    found = Found(kind=IncomingKind.ANSWER, mail=ours, relation_id=relation_id, person_id=person.id)
    try:
        ask_question(session, actor, moment, relation_id, text=text, milestone_id=milestone_id)
    except SentTwice:
        return found
    except DomainError:
        return _internal(session, moment, ours, relation_id, mail)
    return found


def _in_words(mail: Incoming, locale: str) -> str:
    """What was written, and what was left out of it, as long as a question may be."""
    notes = []
    if mail.file_names:
        left_out = translate(
            "Attached to the mail, and not kept here: %(names)s. Send a file on the page of its "
            "step.",
            locale,
        )
        notes.append(left_out % {"names": ", ".join(mail.file_names)})
    told = mail.text or mail.subject
    room = LONGEST_TEXT - sum(len(note) + 2 for note in notes)
    if mail.is_cut or len(told) > room:
        longer = translate("The mail was longer; the rest is not kept here.", locale)
        notes.append(longer)
        told = told[: room - len(longer) - 3].rstrip() + "…"
    return "\n\n".join([told, *notes]).strip()


def _automatic(session: Session, moment: Moment, ours: MailRow | None, mail: Incoming) -> Found:
    """Never an answer; told to the buyer once while somebody is away."""
    if ours is None or ours.relation_id is None:
        return Found(kind=IncomingKind.AUTOMATIC, mail=ours)
    since = moment.now - AWAY
    if not store.was_automatic_since(session, ours.relation_id, ours.person_id, since):
        change = AutomaticReplyReceived(person_id=ours.person_id, subject=mail.subject)
        append(session, change, _for_the_buyer(session, moment, ours.relation_id))
    return Found(
        kind=IncomingKind.AUTOMATIC,
        mail=ours,
        relation_id=ours.relation_id,
        person_id=ours.person_id,
    )


def _without_relation(
    session: Session, moment: Moment, ours: MailRow | None, mail: Incoming
) -> Found:
    """From a contact of one supplier it is about that one; else nobody here can tell."""
    relations = {row.relation_id for row in store.contacts_with(session, mail.sender)}
    if len(relations) == 1:
        relation_id = relations.pop()
        if _is_flooded(session, moment, relation_id):
            return Found(kind=IncomingKind.STRAY, relation_id=relation_id, why=FLOODED)
        return _internal(session, moment, ours, relation_id, mail)
    return Found(kind=IncomingKind.STRAY, mail=ours, why="answers no mail that is known here")


def _is_flooded(session: Session, moment: Moment, relation_id: int) -> bool:
    kinds = (IncomingKind.ANSWER, IncomingKind.INTERNAL)
    number = store.number_of(session, kinds, moment.now - A_DAY, relation_id=relation_id)
    return number >= MOST_A_DAY


def _internal(
    session: Session, moment: Moment, ours: MailRow | None, relation_id: int, mail: Incoming
) -> Found:
    """For the buyer to read in the history; whoever sent it has no say here."""
    change = MailReceived(
        sender=mail.sender, subject=mail.subject, text=_in_words(mail, "nl") or mail.subject
    )
    append(session, change, _for_the_buyer(session, moment, relation_id))
    return Found(kind=IncomingKind.INTERNAL, mail=ours, relation_id=relation_id)


def _for_the_buyer(session: Session, moment: Moment, relation_id: int) -> Record:
    relation: RelationRow = lock_relations(session, [relation_id])[0]
    return Record(
        actor=the_tool(relation.customer_id),
        moment=moment,
        relation_id=relation_id,
        is_shared=False,
    )
