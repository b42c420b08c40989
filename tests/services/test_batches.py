"""One thing is done to many suppliers: shown first, done one by one, and taken back."""

from collections import Counter
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.batches import BatchKind, Waves
from onboarding.domain.errors import (
    InputInvalid,
    MoveRefused,
    NotAllowed,
    NotFound,
    VersionOutdated,
)
from onboarding.domain.people import Actor, Role
from onboarding.services import batch_acts
from onboarding.services.batch_work import work_off
from onboarding.services.batches import Wanted, begin, preview, undo
from onboarding.services.contacts import retire_contact
from onboarding.services.pathway.drafts import change_draft
from onboarding.services.pathway.negotiation import propose_pathway
from onboarding.services.relations import enrol_supplier, take_supplier_out
from onboarding.services.statuses import reassess
from onboarding.services.suppliers import assign_buyer
from onboarding.services.users import set_roles
from onboarding.store.batches import planned_days
from onboarding.store.database import unit_of_work
from onboarding.store.pathways import draft_plan, open_pathway_row
from onboarding.store.supplier_filters import SupplierFilter
from onboarding.store.tables import (
    BatchItemRow,
    BatchRow,
    ContactRow,
    EventRow,
    MembershipRow,
    MessageRow,
    OrganisationRow,
    PathwayRow,
    RelationRow,
)
from tests import proof_rows, stage
from tests.settable_clock import SettableClock

ZONE = ZoneInfo("Europe/Amsterdam")
ALL = SupplierFilter()


@pytest.fixture
def customer(session: Session) -> OrganisationRow:
    return stage.a_customer(session)


@pytest.fixture
def actor(session: Session, customer: OrganisationRow) -> Actor:
    return stage.user_actor(session, customer)


@pytest.fixture
def three(session: Session, customer: OrganisationRow) -> list[RelationRow]:
    """A, B and C, each with somebody to write to."""
    rows = [stage.a_relation(session, customer, name) for name in ("A", "B", "C")]
    for row in rows:
        stage.a_contact(session, row, is_main=True)
    session.commit()
    return rows


def wanted(kind: BatchKind, asked: SupplierFilter = ALL, **fields: Any) -> Wanted:
    if kind is BatchKind.PROPOSE:
        fields.setdefault("waves", Waves(first_on=date(2026, 11, 24), size=2, working_days=3))
        fields = {"template": "straight", "target": "trede-1", **fields}
    return Wanted(kind=kind, asked=asked, **fields)


def begun(session: Session, actor: Actor, moment: Moment, want: Wanted, words: str = "") -> int:
    with unit_of_work():
        seen = preview(session, actor, moment, want).seen
        return begin(session, actor, moment, want, seen, words=words).id


def worked(moment: Moment, most: int = 1000) -> int:
    return work_off(unit_of_work, moment, ZONE, most=most)


def states(session: Session, batch_id: int) -> list[str]:
    rows = session.execute(
        select(BatchItemRow.state, BatchItemRow.refusal)
        .where(BatchItemRow.batch_id == batch_id)
        .order_by(BatchItemRow.id)
    )
    return [f"{state}: {_why(refusal)}" if refusal else state for state, refusal in rows]


def _why(refusal: dict[str, Any]) -> str:
    return str(refusal["facts"].get("reason") or refusal["code"])


def held_back(session: Session, actor: Actor, moment: Moment, want: Wanted) -> dict[str, list[str]]:
    shown = preview(session, actor, moment, want)
    return {one.reason: [named.name for named in one.examples] for one in shown.held_back}


def test_what_would_change_is_told_first(
    session: Session, moment: Moment, actor: Actor, three: list[RelationRow]
) -> None:
    enrol_supplier(session, actor, moment, three[0].id)
    three[1].ended_on = date(2026, 12, 31)
    session.flush()
    shown = preview(session, actor, moment, wanted(BatchKind.ENROL))
    assert (shown.change, shown.stay) == (1, 2)
    assert held_back(session, actor, moment, wanted(BatchKind.ENROL)) == {
        "ended": ["B"],
        "enrolled": ["A"],
    }
    picked = SupplierFilter(ids=(three[0].id, three[2].id))
    assert held_back(session, actor, moment, wanted(BatchKind.TAKE_OUT, picked)) == {
        "not-enrolled": ["C"]
    }


def test_enrolled_and_taken_back(
    session: Session, moment: Moment, actor: Actor, three: list[RelationRow]
) -> None:
    batch_id = begun(session, actor, moment, wanted(BatchKind.ENROL))
    assert states(session, batch_id) == ["waiting"] * 3
    assert worked(moment) == 3
    assert states(session, batch_id) == ["done"] * 3
    assert all(row.enrolled_on == moment.today for row in three)
    who = session.scalars(select(EventRow.actor_id).where(EventRow.code == "relation-enrolled"))
    assert set(who) == {actor.person_id}
    assert session.get_one(BatchRow, batch_id).finished_at == moment.now
    assert worked(moment) == 0
    with unit_of_work():
        take_supplier_out(session, actor, moment, three[1].id, "toch niet")
        undo(session, actor, moment, batch_id, "vergissing")
    worked(moment)
    assert states(session, batch_id) == ["undone", "kept: changed-since", "undone"]
    assert all(row.enrolled_on is None for row in three)
    assert session.get_one(BatchRow, batch_id).finished_at == moment.now
    with pytest.raises(MoveRefused), unit_of_work():
        undo(session, actor, moment, batch_id, "nog eens")


def test_taken_out_and_back_in(
    session: Session, moment: Moment, actor: Actor, three: list[RelationRow]
) -> None:
    for row in three:
        enrol_supplier(session, actor, moment, row.id)
    session.commit()
    with pytest.raises(InputInvalid):
        begun(session, actor, moment, wanted(BatchKind.TAKE_OUT), words=" ")
    batch_id = begun(session, actor, moment, wanted(BatchKind.TAKE_OUT), words="niet nodig")
    worked(moment)
    assert [row.enrolled_on for row in three] == [None] * 3
    with unit_of_work():
        undo(session, actor, moment, batch_id, "toch wel")
    worked(moment)
    assert states(session, batch_id) == ["undone"] * 3
    assert [row.enrolled_on for row in three] == [moment.today] * 3


def test_a_buyer_is_assigned_and_given_back(
    session: Session, moment: Moment, customer: OrganisationRow, actor: Actor, three
) -> None:
    first, second = stage.a_user(session, customer).id, stage.a_user(session, customer).id
    assign_buyer(session, actor, moment, three[0].id, first)
    assign_buyer(session, actor, moment, three[2].id, second)
    session.commit()
    want = wanted(BatchKind.ASSIGN, buyer_id=second)
    assert held_back(session, actor, moment, want) == {"same-buyer": ["C"]}
    batch_id = begun(session, actor, moment, want)
    worked(moment)
    assert [row.buyer_id for row in three] == [second] * 3
    with unit_of_work():
        undo(session, actor, moment, batch_id, "vergissing")
    worked(moment)
    assert [row.buyer_id for row in three] == [first, None, second]
    stranger = stage.a_user(session, stage.a_customer(session, "Ander"))
    with pytest.raises(InputInvalid):
        preview(session, actor, moment, wanted(BatchKind.ASSIGN, buyer_id=stranger.id))


def test_who_cannot_be_proposed_to_is_told_with_the_reason(
    session: Session, moment: Moment, actor: Actor, customer: OrganisationRow
) -> None:
    def supplier(name: str, **contact: Any) -> RelationRow:
        row = stage.a_relation(session, customer, name)
        if contact:
            stage.a_contact(session, row, **contact)
        return row

    supplier("Stil")
    supplier("Zonder adres", email=None)
    supplier("Adviseur", role=Role.ADVISER)
    supplier("Weigert", mail_refused_at=moment.now)
    supplier("Goed", function="directeur")
    certified = supplier("Heeft al", function="directeur")
    proof_rows.a_certificate(session, certified)
    reassess(session, moment, [certified.id])
    assert held_back(session, actor, moment, wanted(BatchKind.PROPOSE)) == {
        "no-contact": ["Adviseur", "Stil", "Weigert", "Zonder adres"],
        "meets-already": ["Heeft al"],
    }


def test_proposals_go_in_waves_each_on_its_day(
    session: Session, actor: Actor, clock: SettableClock, three: list[RelationRow]
) -> None:
    moment = clock.moment()
    shown = preview(session, actor, moment, wanted(BatchKind.PROPOSE))
    assert shown.waves == ((date(2026, 11, 24), 2), (date(2026, 11, 27), 1))
    batch_id = begun(session, actor, moment, wanted(BatchKind.PROPOSE), words="Doet u mee?")
    assert worked(moment) == 5  # three drafts, and the first wave goes
    assert states(session, batch_id) == ["done", "done", "planned"]
    first, third = (open_pathway_row(session, one.id) for one in (three[0], three[2]))
    assert first is not None and third is not None
    assert (first.state, first.starts_on, first.note) == (
        "proposed",
        date(2026, 11, 24),
        "Doet u mee?",
    )
    assert (third.state, third.starts_on, third.target) == ("draft", date(2026, 11, 27), "trede-1")
    assert planned_days(session, [first.id, third.id]) == {third.id: date(2026, 11, 27)}
    night = clock.set(datetime(2026, 11, 27, 7, 59, tzinfo=ZONE))
    assert worked(night) == 0
    assert worked(clock.forward(minutes=1)) == 1
    assert states(session, batch_id) == ["done"] * 3
    owed = session.scalars(select(MessageRow).where(MessageRow.kind == "proposal")).all()
    assert Counter(row.relation_id for row in owed) == Counter(row.id for row in three)
    proposed = session.scalars(select(EventRow).where(EventRow.code == "pathway-proposed")).all()
    assert {row.actor_id for row in proposed} == {actor.person_id}
    assert third.signature is not None and third.signature["person_id"] == actor.person_id


def test_a_missed_day_is_made_up_for_on_a_working_day(
    session: Session, actor: Actor, clock: SettableClock, three: list[RelationRow]
) -> None:
    batch_id = begun(session, actor, clock.moment(), wanted(BatchKind.PROPOSE))
    worked(clock.moment())
    assert worked(clock.set(datetime(2026, 11, 28, 12, 0, tzinfo=ZONE))) == 0  # a Saturday
    assert worked(clock.set(datetime(2026, 11, 30, 8, 0, tzinfo=ZONE))) == 1
    assert states(session, batch_id) == ["done"] * 3


def later() -> Wanted:
    """Everybody on days to come."""
    return wanted(
        BatchKind.PROPOSE, waves=Waves(first_on=date(2026, 12, 1), size=3, working_days=1)
    )


def test_what_is_planned_is_taken_back_as_if_it_never_was(
    session: Session, moment: Moment, actor: Actor, three: list[RelationRow]
) -> None:
    batch_id = begun(session, actor, moment, later())
    worked(moment)
    changed, by_hand = (open_pathway_row(session, one.id) for one in three[1:])
    assert changed is not None and by_hand is not None
    with unit_of_work():
        plan = draft_plan(session, changed.id)
        change_draft(session, actor, moment, changed.id, plan, revision=changed.revision)
        propose_pathway(session, actor, moment, by_hand.relation_id, by_hand.revision)
        undo(session, actor, moment, batch_id, "toch niet")
    worked(moment)
    assert states(session, batch_id) == ["undone", "undone: draft-changed", "kept: sent"]
    assert open_pathway_row(session, three[0].id) is None
    assert changed.state == "draft"
    assert planned_days(session, [changed.id]) == {}
    codes = session.scalars(
        select(EventRow.code).where(EventRow.relation_id == three[0].id).order_by(EventRow.id)
    ).all()
    assert codes == ["pathway-drafted", "draft-dropped"]
    again = begun(session, actor, moment, later())
    worked(moment)
    assert states(session, again) == ["planned"]


def test_what_was_proposed_is_not_taken_back(
    session: Session, moment: Moment, actor: Actor, three: list[RelationRow]
) -> None:
    batch_id = begun(session, actor, moment, wanted(BatchKind.PROPOSE))
    worked(moment)
    with unit_of_work():
        undo(session, actor, moment, batch_id, "toch niet")
    worked(moment)
    assert states(session, batch_id) == ["kept: sent", "kept: sent", "undone"]
    with pytest.raises(MoveRefused), unit_of_work():
        undo(session, actor, moment, batch_id, "nog eens")


def test_a_supplier_that_no_longer_fits_is_refused_on_its_day(
    session: Session, actor: Actor, clock: SettableClock, three: list[RelationRow]
) -> None:
    moment = clock.moment()
    for row in three:
        enrol_supplier(session, actor, moment, row.id)
    session.commit()
    batch_id = begun(session, actor, moment, later())
    worked(moment)
    with unit_of_work():
        take_supplier_out(session, actor, moment, three[0].id, "toch niet")
        contact = session.scalars(
            select(ContactRow).where(ContactRow.relation_id == three[1].id)
        ).one()
        retire_contact(session, actor, moment, three[1].id, contact.id, "weg")
        draft = open_pathway_row(session, three[2].id)
        assert draft is not None
        propose_pathway(session, actor, moment, three[2].id, draft.revision)
    worked(clock.set(datetime(2026, 12, 1, 9, 0, tzinfo=ZONE)))
    assert states(session, batch_id) == [
        "refused: taken-out",
        "refused: no-contact",
        "refused: proposed-already",
    ]
    owed = session.scalars(select(MessageRow).where(MessageRow.kind == "proposal")).all()
    assert [row.relation_id for row in owed] == [three[2].id]


def test_who_may_not_buy_any_more_proposes_nothing(
    session: Session, actor: Actor, clock: SettableClock, three: list[RelationRow]
) -> None:
    batch_id = begun(session, actor, clock.moment(), later())
    worked(clock.moment())
    with unit_of_work():
        query = select(MembershipRow).where(MembershipRow.person_id == actor.person_id)
        session.scalars(query).one().role = Role.READER
    worked(clock.set(datetime(2026, 12, 1, 9, 0, tzinfo=ZONE)))
    assert states(session, batch_id) == ["refused: person-left"] * 3


def test_what_is_planned_goes_on_in_the_name_of_a_successor(
    session: Session, customer: OrganisationRow, actor: Actor, clock: SettableClock, three
) -> None:
    admin = stage.user_actor(session, customer, Role.ADMIN)
    successor = stage.user_actor(session, customer)
    session.commit()
    batch_id = begun(session, actor, clock.moment(), later())
    worked(clock.moment())
    moment, person_id = clock.moment(), actor.person_id or 0
    with pytest.raises(InputInvalid), unit_of_work():
        set_roles(session, admin, moment, person_id, frozenset())
    with unit_of_work():
        set_roles(session, admin, moment, person_id, frozenset(), successor_id=successor.person_id)
    worked(clock.set(datetime(2026, 12, 1, 9, 0, tzinfo=ZONE)))
    assert states(session, batch_id) == ["done"] * 3
    proposed = session.scalars(select(EventRow).where(EventRow.code == "pathway-proposed")).all()
    assert {row.actor_id for row in proposed} == {successor.person_id}


def test_what_is_refused_leaves_nothing_half_done(
    session: Session, moment: Moment, actor: Actor, three: list[RelationRow], monkeypatch
) -> None:
    batch_id = begun(session, actor, moment, wanted(BatchKind.PROPOSE))
    monkeypatch.setattr(batch_acts, "draft_pathway", _fail(batch_acts.draft_pathway, MoveRefused))
    worked(moment)
    assert states(session, batch_id) == ["refused: move-refused"] * 3
    assert session.scalars(select(PathwayRow)).all() == []


def test_what_goes_wrong_holds_up_nobody_and_is_tried_again(
    session: Session, moment: Moment, actor: Actor, three: list[RelationRow], monkeypatch, caplog
) -> None:
    batch_id = begun(session, actor, moment, wanted(BatchKind.ENROL))
    with monkeypatch.context() as patched:
        broken = _fail(batch_acts.enrol_supplier, RuntimeError, only=three[1].id)
        patched.setattr(batch_acts, "enrol_supplier", broken)
        assert worked(moment) == 2
    assert states(session, batch_id) == ["done", "waiting", "done"]
    assert three[1].enrolled_on is None
    assert "of a batch went wrong" in caplog.text
    assert worked(moment) == 1
    assert states(session, batch_id) == ["done"] * 3


def _fail(service: Any, error: type[Exception], only: int | None = None) -> Any:
    """The service, which raises after it did its work."""

    def failing(
        session: Session, actor: Actor, moment: Moment, relation_id: int, *rest: Any
    ) -> Any:
        came = service(session, actor, moment, relation_id, *rest)
        if only in (None, relation_id):
            raise error
        return came

    return failing


def test_a_piece_ends_and_the_next_goes_on(
    session: Session, moment: Moment, actor: Actor, three: list[RelationRow]
) -> None:
    batch_id = begun(session, actor, moment, wanted(BatchKind.ENROL))
    assert worked(moment, most=2) == 2
    assert states(session, batch_id) == ["done", "done", "waiting"]
    assert session.get_one(BatchRow, batch_id).finished_at is None
    assert work_off(unit_of_work, moment, ZONE, most=9, stop=lambda: True) == 0
    assert worked(moment) == 1


def test_what_changed_since_it_was_shown_is_shown_anew(
    session: Session, moment: Moment, actor: Actor, three: list[RelationRow]
) -> None:
    seen = preview(session, actor, moment, wanted(BatchKind.ENROL)).seen
    enrol_supplier(session, actor, moment, three[0].id)
    with pytest.raises(VersionOutdated):
        begin(session, actor, moment, wanted(BatchKind.ENROL), seen)
    session.commit()
    batch_id = begun(session, actor, moment, wanted(BatchKind.ENROL))
    enrol_supplier(session, actor, moment, three[1].id)
    session.commit()
    worked(moment)
    assert states(session, batch_id) == ["refused: enrolled", "done"]


def test_only_buyers_and_only_their_own(
    session: Session, moment: Moment, customer: OrganisationRow, actor: Actor, three
) -> None:
    with pytest.raises(NotAllowed):
        preview(session, stage.user_actor(session, customer, Role.READER), moment, later())
    stranger = stage.user_actor(session, stage.a_customer(session, "Ander"))
    assert preview(session, stranger, moment, wanted(BatchKind.ENROL)).change == 0
    batch_id = begun(session, actor, moment, wanted(BatchKind.ENROL))
    with pytest.raises(NotFound):
        undo(session, stranger, moment, batch_id, "van een ander")


@pytest.mark.parametrize("count", [1, 30])
def test_a_preview_asks_as_much_for_many_as_for_one(
    session: Session, moment: Moment, actor: Actor, customer: OrganisationRow, count: int
) -> None:
    for n in range(count):
        stage.a_relation(session, customer, f"Leverancier {n}")
    statements: list[str] = []
    connection = session.connection()

    def heard(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(connection, "before_cursor_execute", heard)
    preview(session, actor, moment, wanted(BatchKind.ENROL))
    event.remove(connection, "before_cursor_execute", heard)
    assert len(statements) == 3
