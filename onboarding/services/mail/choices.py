"""What a contact chose about its mail: the language, and how often reminders go."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.errors import NotFound
from onboarding.domain.mail_choices import MailRhythm, choose
from onboarding.domain.people import Actor, Role, Side
from onboarding.store.history import Record, append
from onboarding.store.messages import look_again
from onboarding.store.relations import lock_relations
from onboarding.store.tables import ContactRow, PersonRow, RelationRow


def choose_mail(
    session: Session,
    moment: Moment,
    person_id: int,
    rhythm: MailRhythm,
    *,
    locale: str | None = None,
) -> bool:
    """The person's own choice, for all suppliers that it is a contact of; False where the
    rhythm was this already. What waits is looked at again. Raises NotFound for who is no contact.

    Each buyer can read it in the history of its supplier.
    """
    relations = _relations_of(session, person_id)
    if not relations:
        raise NotFound(what="contact")
    lock_relations(session, [actor.relation_id for actor in relations if actor.relation_id])
    person = session.get_one(PersonRow, person_id, populate_existing=True)
    person.locale = locale or person.locale
    if person.mail_rhythm == rhythm:
        return False
    person.mail_rhythm, person.mail_rhythm_at = rhythm.value, moment.now
    for actor in relations:
        assert actor.relation_id is not None
        change = choose(actor, actor.relation_id, rhythm)
        record = Record(actor=actor, moment=moment, relation_id=actor.relation_id, is_shared=False)
        append(session, change, record)
    look_again(session, moment.now, person_id)
    return True


def _relations_of(session: Session, person_id: int) -> list[Actor]:
    """The person as the contact of each relation, in the order in which they are locked."""
    rows = session.execute(
        select(ContactRow.relation_id, ContactRow.role, RelationRow.customer_id)
        .join(RelationRow, RelationRow.id == ContactRow.relation_id)
        .where(ContactRow.person_id == person_id, ContactRow.retired_at.is_(None))
        .order_by(ContactRow.relation_id)
    )
    return [
        Actor(
            customer_id=customer_id,
            person_id=person_id,
            side=Side.SUPPLIER,
            roles=frozenset({Role(role)}),
            relation_id=relation_id,
        )
        for relation_id, role, customer_id in rows
    ]
