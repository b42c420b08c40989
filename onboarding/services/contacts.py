"""Contacts of a supplier: inviting and retiring them.

Somebody is one person, with one address, for all who invite them; each relation sees its own.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.access import WITHOUT_LOG_IN, LinkPurpose
from onboarding.domain.errors import AlreadyOpen, InputInvalid
from onboarding.domain.identifiers import email_from, name_from
from onboarding.domain.messages import MessageKind
from onboarding.domain.organisations import ContactAdded, ContactRetired
from onboarding.domain.people import SUPPLIER_ROLES, Actor, Duty, Role, Side
from onboarding.services.contact_absences import move_reminders
from onboarding.services.doubts import close_doubt
from onboarding.services.links import FOR_SUPPLIERS, Entry, drop_links, mail_link
from onboarding.services.mail.agenda_feeds import Whose, end_feeds
from onboarding.services.mail.messages import Owed, owe
from onboarding.services.sessions import close_sessions_of, relations_of
from onboarding.services.statuses import reassess
from onboarding.store.contacts import (
    contact_of,
    contacts_of,
    person_for,
    supersede_unsent,
    unmark_main,
)
from onboarding.store.history import Record, append
from onboarding.store.relations import lock_visible_relation
from onboarding.store.tables import ContactRow, PersonRow, RelationRow

LONGEST_PHONE = 40
LONGEST_FUNCTION = 100


def invite_contact(
    session: Session,
    actor: Actor,
    moment: Moment,
    relation_id: int,
    *,
    name: str,
    email: str,
    role: Role,
    function: str = "",
    phone: str = "",
    locale: str = "nl",
    is_main: bool = False,
    entry: Entry | None = None,
) -> ContactRow:
    """Let somebody of the supplier in, and owe the invitation.

    With `entry` the invitation holds a link that lets in for two weeks; without it, it leads to
    the page where one asks for a link.

    A buyer does, or a contact who reports. Without an address there is nothing to mail: then a
    phone number is needed. The first contact is the main one. Raises InputInvalid, AlreadyOpen.
    """
    row = add_contact(
        session,
        actor,
        moment,
        relation_id,
        name=name,
        email=email,
        role=role,
        function=function,
        phone=phone,
        locale=locale,
        is_main=is_main,
    )
    if session.get_one(PersonRow, row.person_id).email:
        relation = session.get_one(RelationRow, relation_id)
        _owe_invitation(session, moment, entry, relation, row)
    reassess(session, moment, [relation_id])
    return row


def add_contact(
    session: Session,
    actor: Actor,
    moment: Moment,
    relation_id: int,
    *,
    name: str,
    email: str,
    role: Role,
    function: str = "",
    phone: str = "",
    locale: str = "nl",
    is_main: bool = False,
) -> ContactRow:
    """Know somebody of the supplier, without inviting them: who called, or signed a letter."""
    actor.must(Duty.BUY if actor.side is Side.BUYER else Duty.REPORT)
    if actor.side is Side.SUPPLIER and role is Role.SIGNATORY:
        actor.must(Duty.AGREE)  # nobody gives more than they may themselves
    relation = lock_visible_relation(session, actor, relation_id)
    if role not in SUPPLIER_ROLES:
        raise InputInvalid(field="role", reason="required")
    function, phone = " ".join(function.split()), " ".join(phone.split())
    if role is Role.SIGNATORY and not function:
        raise InputInvalid(field="function", reason="required")
    for field, text, longest in (
        ("function", function, LONGEST_FUNCTION),
        ("phone", phone, LONGEST_PHONE),
    ):
        if len(text) > longest:
            raise InputInvalid(field=field, reason="too-long", longest=longest)
    if not email.strip() and not phone:
        raise InputInvalid(field="email", reason="required")
    person = person_for(
        session,
        moment,
        email=email_from(email) if email.strip() else None,
        name=name_from(name),
        phone=phone or None,
        locale=locale,
    )
    row = _contact(session, moment, relation, person.id)
    others = contacts_of(session, relation_id)
    is_main = is_main or not any(one.contact.is_main for one in others if one.contact is not row)
    if is_main:
        unmark_main(session, relation_id)
    row.role, row.function, row.is_main = role.value, function or None, is_main
    change = ContactAdded(
        relation_id=relation_id,
        person_id=person.id,
        roles=frozenset({role}),
        function=function or None,
    )
    append(session, change, Record(actor=actor, moment=moment, relation_id=relation_id))
    return row


def invite_again(
    session: Session,
    actor: Actor,
    moment: Moment,
    relation_id: int,
    contact_id: int,
    *,
    entry: Entry | None = None,
) -> ContactRow:
    """Send the invitation once more, at most once an hour."""
    actor.must(Duty.BUY if actor.side is Side.BUYER else Duty.REPORT)
    relation = lock_visible_relation(session, actor, relation_id)
    row = contact_of(session, relation_id, contact_id)
    _owe_invitation(session, moment, entry, relation, row, again=moment.now.strftime("%Y-%m-%dT%H"))
    return row


def retire_contact(
    session: Session,
    actor: Actor,
    moment: Moment,
    relation_id: int,
    contact_id: int,
    reason: str = "",
) -> None:
    """Somebody left: no mail about this relation any more, and no way in."""
    actor.must(Duty.BUY if actor.side is Side.BUYER else Duty.REPORT)
    lock_visible_relation(session, actor, relation_id)
    row = contact_of(session, relation_id, contact_id)
    row.retired_at, row.is_main = moment.now, False
    change = ContactRetired(
        relation_id=relation_id, person_id=row.person_id, reason=reason.strip() or None
    )
    append(session, change, Record(actor=actor, moment=moment, relation_id=relation_id))
    close_doubt(session, actor, moment, row, "retired")
    _close_door(session, moment, relation_id, row.person_id)
    move_reminders(session, moment, relation_id)  # what it had as a deputy is no less due
    supersede_unsent(session, moment, relation_id, "contact-retired", row.person_id)
    reassess(session, moment, [relation_id])


def _close_door(session: Session, moment: Moment, relation_id: int, person_id: int) -> None:
    """Links to this relation work no more, also those to a step; nor do log-ins and the calendar,
    where it was the last one.

    Who is a contact elsewhere too stays logged in: each page asks about its own relation.
    """
    about_it = (LinkPurpose.INVITATION, *WITHOUT_LOG_IN)
    drop_links(session, moment.now, person_id, *about_it, relation_id=relation_id)
    if not relations_of(session, person_id):
        drop_links(session, moment.now, person_id, *FOR_SUPPLIERS)
        end_feeds(session, moment.now, Whose(person_id=person_id, side=Side.SUPPLIER))
        close_sessions_of(session, person_id, Side.SUPPLIER)


def _contact(session: Session, moment: Moment, relation: RelationRow, person_id: int) -> ContactRow:
    """The person's row in the relation: new, or the one from before it was retired."""
    row = session.scalars(
        select(ContactRow).where(
            ContactRow.relation_id == relation.id, ContactRow.person_id == person_id
        )
    ).first()
    if row is None:
        row = ContactRow(
            relation_id=relation.id,
            person_id=person_id,
            role=Role.CONTACT.value,
            invited_at=moment.now,
        )
        session.add(row)
        session.flush()
        return row
    if row.retired_at is None:
        raise AlreadyOpen(what="contact")
    row.retired_at, row.invited_at = None, moment.now
    return row


def _owe_invitation(
    session: Session,
    moment: Moment,
    entry: Entry | None,
    relation: RelationRow,
    row: ContactRow,
    again: str = "",
) -> None:
    """The mail with a link that lets in; asked twice for the same moment, it goes once."""
    about = f"contact-{row.id}@{again or row.invited_at.isoformat(timespec='seconds')}"
    facts = {"contact": row.id, "role": row.role}
    if entry is None:
        owed = Owed(kind=MessageKind.INVITATION, about=about, facts=facts, relation_id=relation.id)
        owe(session, moment, relation.customer_id, owed, [row.person_id])
        return
    mail_link(
        session,
        entry,
        moment,
        relation.customer_id,
        row.person_id,
        LinkPurpose.INVITATION,
        relation_id=relation.id,
        about=about,
        more=facts,
    )
