"""Two records of one supplier become one: nothing is lost, and what was held of a day stays."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Index, UniqueConstraint, select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.divisions import DivisionLine, Spend
from onboarding.domain.errors import NotAllowed, NotFound, VersionOutdated
from onboarding.domain.merging import MergeRefused
from onboarding.domain.people import Actor, Role
from onboarding.domain.references import Ref, RefKind
from onboarding.domain.suppliers import CreditorNumber
from onboarding.services.feed.references import find_supplier
from onboarding.services.lists.spreadsheets import read_sheet
from onboarding.services.lists.supplier_import import SUPPLIERS, import_suppliers
from onboarding.services.merge_reading import candidates, compare, list_formers, read_former
from onboarding.services.merging import Choice, merge_suppliers
from onboarding.services.relations import enrol_supplier
from onboarding.services.status_reading import read_status, whole_timeline
from onboarding.services.statuses import reassess
from onboarding.services.supplier_lists import list_suppliers
from onboarding.services.suppliers import add_supplier
from onboarding.store.merging import STAYS_BEHIND, UNITED, columns_to_move
from onboarding.store.queues import number_of_relations
from onboarding.store.references import former_numbers_of
from onboarding.store.supplier_filters import SupplierFilter
from onboarding.store.suppliers import creditor_numbers_of
from onboarding.store.tables import (
    AssessmentRow,
    ContactRow,
    EventRow,
    MilestoneRow,
    OrganisationRow,
    PathwayRow,
    RelationRow,
)
from tests import lists, pathway_stage, rows_of_relation, stage

DAY = timedelta(days=1)


@pytest.fixture
def customer(session: Session) -> OrganisationRow:
    return stage.a_customer(session)


@pytest.fixture
def actor(session: Session, customer: OrganisationRow) -> Actor:
    return stage.user_actor(session, customer)


def a_supplier(session: Session, actor: Actor, moment: Moment, **given: Any) -> RelationRow:
    return add_supplier(session, actor, moment, {"name": "Drukkerij De Linde", **given})


def merge(
    session: Session,
    actor: Actor,
    moment: Moment,
    stays: RelationRow,
    goes: RelationRow,
    **choice: Any,
) -> RelationRow:
    chosen = Choice(stays_id=stays.id, goes_id=goes.id, **choice)
    row = merge_suppliers(session, actor, moment, chosen)
    session.expire_all()
    return row


def meant(session: Session, actor: Actor, kind: RefKind, value: str) -> int:
    return find_supplier(session, actor, Ref(kind, value)).relation_id


def test_every_table_is_moved_united_or_stays_behind() -> None:
    every = {column for _, column in rows_of_relation.columns_to_relations()}
    moved = {column for _, column in columns_to_move()}
    assert moved | UNITED | STAYS_BEHIND == every
    unique = {
        column
        for table, column in rows_of_relation.columns_to_relations()
        for key in (*table.constraints, *table.indexes)
        if isinstance(key, UniqueConstraint) or (isinstance(key, Index) and key.unique)
        if column.name in key.columns
    }
    # What may be there once for each relation cannot just be moved. A pathway that is not over is
    # checked first.
    assert unique - UNITED - STAYS_BEHIND == {PathwayRow.__table__.c.relation_id}


def test_rows_of_every_table_move(
    session: Session, moment: Moment, customer: OrganisationRow, actor: Actor
) -> None:
    stays = stage.a_relation(session, customer, "Blijft")
    goes = stage.a_relation(session, customer, "Gaat", enrolled_on=moment.today)
    rows_of_relation.fill(session, goes)
    of_pathways = frozenset({"pathways", "milestones", "date_requests", "notices", "statements"})
    rows_of_relation.fill(session, stays, leave_out=of_pathways)
    reassess(session, moment, [stays.id, goes.id])
    before = [rows_of_relation.counted(session, one.id) for one in (stays, goes)]
    assert {str(column) for _, column in columns_to_move()} <= before[1].keys()
    merge(session, actor, moment, stays, goes)
    after = rows_of_relation.counted(session, stays.id)
    behind = {str(column) for column in STAYS_BEHIND}
    assert rows_of_relation.counted(session, goes.id).keys() <= behind
    for name in before[1].keys() - behind:
        came = {"events.relation_id", "assessments.relation_id", "merged_relations.relation_id"}
        # The number that went, and the event of it; who follows both does so once.
        own = {"former_kvk_numbers.relation_id", "watches.relation_id"} | came
        wanted = before[0].get(name, 0) + before[1][name]
        assert after[name] == wanted or name in own, name


def test_days_that_passed_stay_and_the_status_follows_from_both(
    session: Session, clock, customer: OrganisationRow, actor: Actor
) -> None:
    moment = clock.moment()
    stays = a_supplier(session, actor, moment, kvk_number="17037842")
    goes = a_supplier(session, actor, moment, kvk_number="02076358")
    enrol_supplier(session, actor, moment, goes.id)
    later = clock.forward(days=10)
    was = {one.id: whole_timeline(session, one.id, later.now) for one in (stays, goes)}
    merge(session, actor, later, stays, goes)
    assert whole_timeline(session, stays.id, later.now - DAY) == was[stays.id]
    yesterday, today = (
        read_status(session, stays.id, day) for day in (later.today - DAY, later.today)
    )
    assert yesterday is not None and yesterday.status.value == "out-of-scope"
    assert today is not None and today.status.value == "undecided"
    # What was held of the one that went can still be told, and nothing is added to it.
    assert whole_timeline(session, goes.id) == was[goes.id]
    tables = select(AssessmentRow.relation_id).order_by(AssessmentRow.id)
    assert list(session.scalars(tables)).count(goes.id) == 2
    [view] = list_formers(session, actor, stays.id)
    assert (view.former.name, view.former.kvk_number) == ("Drukkerij De Linde", "02076358")
    former = read_former(session, actor, stays.id, goes.id)
    assert [(one.status.value, one.ends_on) for one in former.periods] == [
        ("undecided", later.today - DAY)
    ]


def test_all_numbers_lead_to_the_one_that_stays(
    session: Session, moment: Moment, actor: Actor
) -> None:
    numbers = [CreditorNumber("", "FS1"), CreditorNumber("Hal", "FS2")]
    stays = a_supplier(session, actor, moment, kvk_number="17037842", creditor_numbers=numbers)
    goes = a_supplier(
        session,
        actor,
        moment,
        kvk_number="02076358",
        creditor_numbers=[*numbers, CreditorNumber("Hal", "FS3")],
    )
    third = a_supplier(session, actor, moment, kvk_number="24000001")
    merge(session, actor, moment, goes, third)
    merge(session, actor, moment, stays, goes)
    for number in ("17037842", "02076358", "24000001"):
        assert meant(session, actor, RefKind.KVK, number) == stays.id
    for relation_id in (goes.id, third.id, stays.id):
        assert meant(session, actor, RefKind.OWN, str(relation_id)) == stays.id
    assert meant(session, actor, RefKind.CREDITOR, "FS1") == stays.id
    assert [str(one) for one in creditor_numbers_of(session, [stays.id])[stays.id]] == [
        "FS1",
        "Hal: FS2",
        "Hal: FS3",
    ]
    assert sorted(former_numbers_of(session, stays.id)) == ["02076358", "24000001"]
    found = list_suppliers(session, actor, moment, SupplierFilter())
    assert [line.id for line in found.lines] == [stays.id]
    assert number_of_relations(session) == 1
    content = lists.a_csv("ID;Plaats", f"id-{third.id};Gouda")
    listed = read_sheet(content, SUPPLIERS.columns)
    plan = import_suppliers(session, actor, moment, listed, {})
    assert plan.rows[0].relation_id == stays.id


def test_the_data_that_was_chosen_is_kept(session: Session, moment: Moment, actor: Actor) -> None:
    mine = DivisionLine(division="Catering", contract="C-1", spend=(Spend(2026, Decimal(10)),))
    theirs = DivisionLine(
        division="Catering",
        contract="C-2",
        buyer_id=actor.person_id,
        spend=(Spend(2026, Decimal(5)), Spend(2025, Decimal(4))),
    )
    hall = DivisionLine(division="Hal")
    stays = a_supplier(
        session, actor, moment, kvk_number="17037842", city="Gouda", divisions=[mine]
    )
    goes = a_supplier(
        session,
        actor,
        moment,
        name="De Linde B.V.",
        kvk_number="02076358",
        city="Zwolle",
        category="Drukwerk",
        divisions=[theirs, hall],
    )
    found = compare(session, actor, moment, stays.id, goes.id)
    assert found.differing == ("name", "kvk_number", "city")
    assert found.shared_spend == [(Decimal(10), Decimal(5))]
    row = merge(session, actor, moment, stays, goes, others=("name", "kvk_number"), add_up=True)
    assert (row.name, row.kvk_number, row.city, row.category) == (
        "De Linde B.V.",
        "02076358",
        "Gouda",
        "Drukwerk",
    )
    assert former_numbers_of(session, row.id) == ("17037842",)
    kept = compare(session, actor, moment, row.id, row.id).one.values["divisions"]
    both = replace(theirs, contract="C-1").bought(2026, Decimal(15))
    assert kept == (both, hall)
    assert row.spend == Decimal(15)
    event = session.scalars(select(EventRow).order_by(EventRow.id.desc())).first()
    assert event is not None and event.code == "suppliers-merged"
    assert event.facts["former_id"] == goes.id
    assert event.facts["former_kvk_number"] == "02076358"
    assert {"field": "name", "was": "Drukkerij De Linde", "becomes": "De Linde B.V."} in (
        event.facts["changed"]
    )


def test_who_is_a_contact_of_both_is_one_contact(
    session: Session, moment: Moment, customer: OrganisationRow, actor: Actor
) -> None:
    stays, goes = (
        a_supplier(session, actor, moment, name=f"De Linde {kind}") for kind in ("B.V.", "bv")
    )
    person = stage.a_person(session)
    back = stage.a_person(session)
    main = stage.a_contact(session, stays, Role.CONTACT, person=person, is_main=True)
    again = stage.a_contact(session, goes, Role.SIGNATORY, person=person, is_main=True)
    old = stage.a_contact(session, stays, Role.CONTACT, person=back)
    old.retired_at = moment.now
    stage.a_contact(session, goes, Role.SIGNATORY, person=back, function="eigenaar")
    own = stage.a_contact(session, goes, Role.ADVISER, is_main=True)
    merge(session, actor, moment, stays, goes)
    active = session.scalars(select(ContactRow).where(ContactRow.retired_at.is_(None))).all()
    assert {row.id: (row.relation_id, row.role, row.is_main) for row in active} == {
        main.id: (stays.id, "contact", True),
        old.id: (stays.id, "signatory", False),
        own.id: (stays.id, "adviser", False),
    }
    assert session.get_one(ContactRow, again.id).relation_id == goes.id


def test_of_two_pathways_a_draft_gives_way_and_nothing_else(
    session: Session, moment: Moment
) -> None:
    scene = pathway_stage.a_scene(session)
    other = stage.a_relation(session, scene.customer, "Ander", enrolled_on=moment.today)
    stage.contact_actor(session, other)
    elsewhere = replace(scene, relation=other)
    pathway, steps = pathway_stage.agreed(session, scene, moment)
    draft = pathway_stage.a_draft(session, elsewhere, moment)
    found = compare(session, scene.buyer, moment, other.id, scene.relation.id)
    assert (found.left_draft_of, found.refusal) == ("Ander", None)
    with pytest.raises(MergeRefused):
        _proposed(session, elsewhere, moment, scene)
    row = merge(session, scene.buyer, moment, other, scene.relation)
    pathways = {one.id: one for one in session.scalars(select(PathwayRow))}
    assert pathways[pathway.id].relation_id == other.id
    assert (pathways[draft.id].relation_id, pathways[draft.id].state) == (
        scene.relation.id,
        "draft",
    )
    moved = session.scalars(select(MilestoneRow.relation_id).distinct()).all()
    assert moved == [other.id]
    assert row.next_on == steps[0].due_on
    assert pathway_stage.status_on(session, other.id, moment.today) == "conditional"


def _proposed(
    session: Session,
    elsewhere: pathway_stage.Scene,
    moment: Moment,
    scene: pathway_stage.Scene,
) -> None:
    """In a transaction of its own: what was proposed on both sides is refused."""
    with session.begin_nested() as nested:
        session.scalars(
            select(PathwayRow).where(PathwayRow.relation_id == elsewhere.relation.id)
        ).one().state = "proposed"
        session.flush()
        try:
            merge(session, scene.buyer, moment, elsewhere.relation, scene.relation)
        except MergeRefused as refused:
            assert refused.facts["reason"] == "two-pathways"
            nested.rollback()
            raise


def test_what_cannot_be_merged(
    session: Session, moment: Moment, customer: OrganisationRow, actor: Actor
) -> None:
    one = a_supplier(session, actor, moment)
    other = a_supplier(session, actor, moment, name="De Linde")
    stranger = stage.a_relation(session, stage.a_customer(session, "Ander"))
    one.ended_on = moment.today
    with pytest.raises(MergeRefused) as refused:
        merge(session, actor, moment, one, other)
    assert refused.value.facts == {"reason": "stays-ended", "name": one.name}
    with pytest.raises(MergeRefused):
        merge(session, actor, moment, other, other)
    with pytest.raises(NotFound):
        merge(session, actor, moment, other, stranger)
    with pytest.raises(NotAllowed):
        merge(session, stage.an_actor(customer, Role.READER), moment, other, one)
    with pytest.raises(VersionOutdated):
        merge(session, actor, moment, other, one, seen={one.id: one.revision + 1})
    merge(session, actor, moment, other, one, seen={one.id: one.revision})
    with pytest.raises(NotFound):
        merge(session, actor, moment, other, one)  # it went already


def test_the_other_record_is_found(session: Session, moment: Moment, actor: Actor) -> None:
    one = a_supplier(session, actor, moment)
    like = a_supplier(session, actor, moment, name="Drukkerij de Linden")
    far = a_supplier(session, actor, moment, name="Zoë", kvk_number="02076358")
    assert candidates(session, actor, moment, one.id, "") == [like]
    assert candidates(session, actor, moment, one.id, "0207") == [far]
