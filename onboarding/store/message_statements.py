"""The ledger's statements that run for each mail, built once.

Of tables, not of mapped classes, where rows are written: that is asked several times for each mail.
"""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Table,
    bindparam,
    case,
    exists,
    func,
    insert,
    literal_column,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.orm import contains_eager

from onboarding.domain.messages import ACCESS
from onboarding.store.database import IDS
from onboarding.store.tables import (
    ClosureRow,
    MailRow,
    MessageRow,
    MilestoneRow,
    OrganisationRow,
    PathwayRow,
    PersonRow,
    RelationRow,
    SnoozeRow,
)

MESSAGES: Table = MessageRow.__table__  # type: ignore[assignment]
MAILS: Table = MailRow.__table__  # type: ignore[assignment]


def _is_any(column: Any, *codes: str) -> ColumnElement[bool]:
    """As `in_`, of which the text is made anew each time."""
    return or_(*(column == literal_column(f"'{code}'") for code in codes))


_IS_UNSENT = _is_any(MESSAGES.c.state, "planned", "queued")
_IN_HAND = (
    MAILS.c.id == bindparam("mail"),
    MAILS.c.lease_owner == bindparam("owner"),
    _is_any(MAILS.c.state, "sending"),
)

UNSENT_OF = (
    select(
        MessageRow,
        PersonRow,
        OrganisationRow,
        RelationRow,
        MilestoneRow,
        PathwayRow,
        exists().where(SnoozeRow.relation_id == MessageRow.relation_id),
        exists().where(ClosureRow.relation_id == MessageRow.relation_id),
    )
    .outerjoin(MessageRow.contact)
    .options(contains_eager(MessageRow.contact))
    .join(PersonRow, PersonRow.id == MessageRow.person_id)
    .join(OrganisationRow, OrganisationRow.id == MessageRow.customer_id)
    .outerjoin(RelationRow, RelationRow.id == MessageRow.relation_id)
    .outerjoin(MilestoneRow, MilestoneRow.id == MessageRow.milestone_id)
    .outerjoin(PathwayRow, PathwayRow.id == MilestoneRow.pathway_id)
    .where(
        _IS_UNSENT,
        MessageRow.customer_id == bindparam("customer"),
        MessageRow.person_id == bindparam("person"),
    )
    .order_by(MessageRow.id)
    .execution_options(populate_existing=True)
)
READERS_DUE = (
    select(MESSAGES.c.customer_id, MESSAGES.c.person_id)
    .where(
        MESSAGES.c.state.in_(("planned", "queued")),
        MESSAGES.c.due_at <= bindparam("now"),
        MESSAGES.c.kind.in_(bindparam("kinds", expanding=True)),
    )
    .group_by(MESSAGES.c.customer_id, MESSAGES.c.person_id)
    .order_by(func.min(MESSAGES.c.id))
    .limit(bindparam("most", type_=Integer))
)
OWED_TO = (
    select(MESSAGES.c.customer_id, MESSAGES.c.person_id, MESSAGES.c.kind)
    .where(_IS_UNSENT, MESSAGES.c.due_at <= bindparam("now"), MESSAGES.c.person_id.in_(IDS))
    .distinct()
)
CARRIED = (
    select(MessageRow)
    .where(MessageRow.mail_id == bindparam("mail"))
    .order_by(MessageRow.id)
    .execution_options(populate_existing=True)
)
TAKE = update(MESSAGES).where(MESSAGES.c.id.in_(IDS), _IS_UNSENT).values(state="sending")
KEEP = insert(MAILS).returning(MAILS.c.id)
PUT_IN_MAIL = update(MESSAGES).where(MESSAGES.c.id.in_(IDS)).values(mail_id=bindparam("mail"))
RENEW = update(MAILS).where(*_IN_HAND).values(lease_until=bindparam("until"))
# Their other values are given when they run.
PUT_BACK = update(MAILS).where(*_IN_HAND)
# Of a mail that lets somebody in the bytes go.
_LETS_IN = _is_any(MAILS.c.kind, *(kind.value for kind in ACCESS))
FINISH = PUT_BACK.values(body=case((_LETS_IN, null()), else_=MAILS.c.body))
_MORE = bindparam("more", type_=MESSAGES.c.facts.type)
NOTE_FACTS = {
    name: update(MESSAGES).where(MESSAGES.c.id == bindparam("message")).values(facts=together)
    for name, together in (
        ("postgresql", MESSAGES.c.facts.op("||")(_MORE)),
        ("sqlite", func.json_patch(MESSAGES.c.facts, _MORE)),
    )
}
END_OF_MAIL = (
    update(MESSAGES)
    .where(MESSAGES.c.mail_id == bindparam("mail"), _is_any(MESSAGES.c.state, "sending"))
    .values(state=bindparam("ended"), ended_at=bindparam("now"), end_reason=bindparam("reason"))
    .returning(MESSAGES.c.kind)
)
