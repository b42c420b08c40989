"""Whom another worker wrote to meanwhile is not looked at again."""

from datetime import timedelta

from sqlalchemy.orm import Session

from onboarding.domain.messages import MessageKind
from onboarding.store import messages as ledger
from tests.jobs.storm_stage import NOW, fill

KINDS = [MessageKind.ACCEPTED]


def test_only_who_is_owed_such_a_message_by_now_is_left(session: Session) -> None:
    fill(session, 6)
    session.flush()
    first, second, third = ledger.readers_due(session, NOW, KINDS, limit=10)
    ids = [one.message.id for one in ledger.unsent_of(session, first, KINDS)]
    assert ledger.take(session, ids)
    later = [one.message.id for one in ledger.unsent_of(session, second, KINDS)]
    ledger.postpone(session, later, NOW + timedelta(days=1))

    assert ledger.still_owed(session, NOW, [first, second, third], KINDS) == {third}
    assert ledger.still_owed(session, NOW, [third], [MessageKind.ANSWER]) == set()
