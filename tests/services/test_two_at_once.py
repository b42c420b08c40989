"""Two buyers act on one pathway at the same moment: one wins, the other is told."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from threading import Barrier, Thread

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, attributes, sessionmaker

from onboarding.clock import Moment
from onboarding.domain.access import LinkInvalid, LinkPurpose
from onboarding.domain.certificate_moves import Claim
from onboarding.domain.decisions import DecisionKind
from onboarding.domain.errors import (
    AlreadyOpen,
    DomainError,
    InputInvalid,
    MoveRefused,
    NotFound,
    SentTwice,
    VersionOutdated,
)
from onboarding.domain.people import Actor, Role
from onboarding.domain.policy import Level
from onboarding.services.accounts import enter_by_link
from onboarding.services.certificates import report_certificate, verify_certificate
from onboarding.services.decisions import take_decision
from onboarding.services.links import Entry, make_link
from onboarding.services.lists.importing import fingerprint, preview, take, upload
from onboarding.services.lists.spreadsheets import read_sheet
from onboarding.services.lists.supplier_import import SUPPLIERS
from onboarding.services.merging import Choice, merge_suppliers
from onboarding.services.pathway.drafts import change_draft
from onboarding.services.pathway.milestones import (
    accept_milestone,
    return_milestone,
    submit_milestone,
)
from onboarding.services.pathway.negotiation import agree_pathway
from onboarding.services.suppliers import change_supplier
from onboarding.services.users import invite_user
from onboarding.store.database import unit_of_work
from onboarding.store.facts import load_milestones
from onboarding.store.relations import lock_relations
from onboarding.store.suppliers import lock_customer
from onboarding.store.tables import (
    AssessmentRow,
    EventRow,
    LoginSessionRow,
    MergedRelationRow,
    MessageRow,
    MilestoneRow,
    RelationRow,
)
from tests import pathway_stage as pathways
from tests import stage

Act = Callable[[Session, Actor], object]


def at_once(
    fresh_sessions: sessionmaker[Session], acts: list[tuple[Actor, Act]]
) -> list[DomainError | None]:
    """Each act in a thread and a transaction of its own, all beginning together."""
    barrier = Barrier(len(acts))
    # Stays where an act ends in anything but a refusal of the rules.
    results: list[DomainError | None] = [DomainError()] * len(acts)

    def run(place: int, actor: Actor, act: Act) -> None:
        with fresh_sessions() as session:
            barrier.wait()
            try:
                with unit_of_work(session) as work:
                    act(work, actor)
                results[place] = None
            except DomainError as error:
                results[place] = error

    threads = [
        Thread(target=run, args=(place, actor, act)) for place, (actor, act) in enumerate(acts)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_one_accepts_while_the_other_sends_back(
    fresh_sessions: sessionmaker[Session], moment: Moment
) -> None:
    with fresh_sessions() as session, unit_of_work(session):
        scene = pathways.a_scene(session)
        _, (plan, *_) = pathways.agreed(session, scene, moment)
        submit_milestone(session, scene.signatory, moment, plan.id)
        milestone_id, seen = plan.id, plan.revision

    def accept(session: Session, actor: Actor) -> None:
        accept_milestone(session, actor, moment, milestone_id, revision=seen)

    def send_back(session: Session, actor: Actor) -> None:
        return_milestone(session, actor, moment, milestone_id, note="Nee", revision=seen)

    results = at_once(fresh_sessions, [(scene.buyer, accept), (scene.manager, send_back)])
    assert results.count(None) == 1
    (told,) = [error for error in results if error is not None]
    assert isinstance(told, VersionOutdated)
    assert told.facts == {"seen": seen, "current": seen + 1}
    with fresh_sessions() as session:
        codes = ("milestone-accepted", "milestone-returned")
        events = session.scalars(select(EventRow.code).where(EventRow.code.in_(codes))).all()
        assert len(events) == 1
        state = session.get_one(MilestoneRow, milestone_id).state
        assert (state == "accepted") == (events == ["milestone-accepted"])
        numbers = session.scalars(select(AssessmentRow.number).order_by(AssessmentRow.id)).all()
        assert len(set(numbers)) == len(numbers)


def test_two_save_one_draft(fresh_sessions: sessionmaker[Session], moment: Moment) -> None:
    with fresh_sessions() as session, unit_of_work(session):
        scene = pathways.a_scene(session)
        row = pathways.a_draft(session, scene, moment)
        pathway_id, seen = row.id, row.revision

    def save(session: Session, actor: Actor) -> None:
        plan = pathways.a_plan(moment.today)
        change_draft(session, actor, moment, pathway_id, plan, revision=seen)

    results = at_once(fresh_sessions, [(scene.buyer, save), (scene.manager, save)])
    assert [type(error) for error in results if error is not None] == [VersionOutdated]


def test_two_invite_one_colleague(fresh_sessions: sessionmaker[Session], moment: Moment) -> None:
    with fresh_sessions() as session, unit_of_work(session):
        customer = stage.a_customer(session)
        admins = [stage.user_actor(session, customer, Role.ADMIN) for _ in range(2)]
    entry = Entry(secret_key="x" * 32, now=moment.now)

    def invite(session: Session, actor: Actor) -> None:
        given = {"name": "Noor", "email": "noor@klant.example", "role": Role.BUYER}
        invite_user(session, actor, moment, entry, **given)  # type: ignore[arg-type]

    results = at_once(fresh_sessions, [(admin, invite) for admin in admins])
    (told,) = [error for error in results if error is not None]
    assert isinstance(told, InputInvalid) and told.facts["reason"] == "has-role"
    with fresh_sessions() as session:
        assert len(session.scalars(select(MessageRow)).all()) == 1


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
def test_an_import_does_not_deadlock_with_work_on_one_of_its_suppliers(
    fresh_sessions: sessionmaker[Session], moment: Moment
) -> None:
    """An import locks the customer and then its suppliers; what happens names the customer.

    On SQLite there is one writer at a time, and nothing to wait for in another order.
    """
    with fresh_sessions() as session, unit_of_work(session):
        scene = pathways.a_scene(session)
        _, (plan, *_) = pathways.agreed(session, scene, moment)
        milestone_id, relation_id = plan.id, scene.relation.id
    with (
        fresh_sessions() as importing,
        unit_of_work(importing),
        fresh_sessions() as reporting,
        unit_of_work(reporting),
    ):
        lock_customer(importing, scene.customer.id)
        reporting.execute(text("SET LOCAL lock_timeout = '2s'"))
        submit_milestone(reporting, scene.signatory, moment, milestone_id)
        importing.execute(text("SET LOCAL lock_timeout = '50ms'"))
        with pytest.raises(OperationalError):  # of one supplier one has the lock
            lock_relations(importing, [relation_id])
        importing.rollback()


def test_two_records_go_into_each_other_only_once(
    fresh_sessions: sessionmaker[Session], moment: Moment
) -> None:
    with fresh_sessions() as session, unit_of_work(session):
        customer = stage.a_customer(session)
        actor = stage.user_actor(session, customer)
        one, other = (stage.a_relation(session, customer).id for _ in range(2))

    def merge(stays_id: int, goes_id: int) -> Act:
        choice = Choice(stays_id=stays_id, goes_id=goes_id)
        return lambda session, actor: merge_suppliers(session, actor, moment, choice)

    def change(session: Session, actor: Actor) -> None:
        change_supplier(session, actor, moment, one, {"city": "Gouda"})

    acts = [(actor, merge(one, other)), (actor, merge(other, one)), (actor, change)]
    merged, again, _changed = at_once(fresh_sessions, acts)
    assert [type(error) for error in (merged, again) if error is not None] == [NotFound]
    with fresh_sessions() as session:
        [row] = session.scalars(select(MergedRelationRow))
        went = session.get_one(RelationRow, row.former_id)
        assert (went.customer_id, {row.relation_id, went.id}) == (went.supplier_id, {one, other})


def test_what_was_seen_before_the_lock_is_not_trusted(
    fresh_sessions: sessionmaker[Session], moment: Moment
) -> None:
    with fresh_sessions() as session, unit_of_work(session):
        scene = pathways.a_scene(session)
        _, (plan, *_) = pathways.agreed(session, scene, moment)
        milestone_id = plan.id
    with fresh_sessions() as session:
        # Stands for a row read while another transaction had the lock.
        row = session.get_one(MilestoneRow, milestone_id)
        seen = row.state
        attributes.set_committed_value(row, "state", "submitted")
        value = load_milestones(session, [row.pathway_id])[row.pathway_id]
        assert next(one for one in value if one.id == milestone_id).state == seen


@dataclass(frozen=True)
class Twice:
    """One act that two try at once, and the event that it leaves."""

    who: tuple[Actor, Actor]
    act: Act
    leaves: str


def an_agreement(session: Session, scene: pathways.Scene, moment: Moment) -> Twice:
    row = pathways.proposed(session, scene, moment)
    pathway_id, seen = row.id, row.revision

    def act(session: Session, actor: Actor) -> None:
        agree_pathway(session, actor, moment, pathway_id, revision=seen, function="directeur")

    return Twice((scene.signatory, scene.signatory), act, "pathway-agreed")


def a_step_handed_in(session: Session, scene: pathways.Scene, moment: Moment) -> Twice:
    _, (plan, *_) = pathways.agreed(session, scene, moment)
    milestone_id = plan.id
    colleague = stage.contact_actor(session, scene.relation, Role.CONTACT)

    def act(session: Session, actor: Actor) -> None:
        submit_milestone(session, actor, moment, milestone_id, note="Klaar")

    return Twice((scene.signatory, colleague), act, "milestone-submitted")


def a_check_in_the_register(session: Session, scene: pathways.Scene, moment: Moment) -> Twice:
    claim = Claim(
        level=Level.TREDE_1,
        starts_on=date(2026, 1, 1),
        ends_on=date(2027, 12, 31),
        kvk_numbers=(scene.relation.kvk_number or "",),
    )
    number = report_certificate(session, scene.signatory, moment, scene.relation.id, claim)

    def act(session: Session, actor: Actor) -> None:
        address = "https://register.example/1"
        verify_certificate(session, actor, moment, number, claim, register_url=address)

    return Twice((scene.buyer, scene.manager), act, "certificate-verified")


def a_decision(session: Session, scene: pathways.Scene, moment: Moment) -> Twice:
    relation_id = scene.relation.id

    def act(session: Session, actor: Actor) -> None:
        take_decision(
            session,
            actor,
            moment,
            relation_id,
            DecisionKind.BLOCK,
            reason="Niets gedaan",
            starts_on=date(2027, 1, 4),
            ends_on=None,
        )

    return Twice((scene.manager, scene.manager), act, "block-decided")


def a_list(session: Session, scene: pathways.Scene, moment: Moment) -> Twice:
    sheet = read_sheet(b"Naam\nZus en zo\n", SUPPLIERS.columns)
    row = upload(SUPPLIERS, session, scene.buyer, moment, "lijst.csv", sheet)
    seen, import_id = fingerprint(preview(SUPPLIERS, session, scene.buyer, moment, row)), row.id

    def act(session: Session, actor: Actor) -> None:
        take(SUPPLIERS, session, actor, moment, import_id, seen)

    return Twice((scene.buyer, scene.manager), act, "supplier-added")


@pytest.mark.parametrize(
    "prepare", [an_agreement, a_step_handed_in, a_check_in_the_register, a_decision, a_list]
)
def test_of_two_at_once_one_is_told(
    fresh_sessions: sessionmaker[Session],
    moment: Moment,
    prepare: Callable[[Session, pathways.Scene, Moment], Twice],
) -> None:
    with fresh_sessions() as session, unit_of_work(session):
        twice = prepare(session, pathways.a_scene(session), moment)
    results = at_once(fresh_sessions, [(actor, twice.act) for actor in twice.who])
    assert results.count(None) == 1
    (told,) = [error for error in results if error is not None]
    assert isinstance(told, MoveRefused | VersionOutdated | SentTwice | AlreadyOpen)
    with fresh_sessions() as session:
        codes = session.scalars(select(EventRow.code)).all()
        assert codes.count(twice.leaves) == 1
        keys = session.scalars(select(MessageRow.key)).all()
        assert len(set(keys)) == len(keys)


def test_a_mailed_link_lets_in_once(fresh_sessions: sessionmaker[Session], moment: Moment) -> None:
    entry = Entry(secret_key="x" * 32, now=moment.now)
    with fresh_sessions() as session, unit_of_work(session):
        scene = pathways.a_scene(session)
        assert scene.signatory.person_id is not None
        _, token = make_link(session, entry, scene.signatory.person_id, LinkPurpose.LOGIN)

    def enter(session: Session, actor: Actor) -> None:
        enter_by_link(session, entry, token)

    results = at_once(fresh_sessions, [(scene.signatory, enter)] * 2)
    assert [type(error) for error in results if error is not None] == [LinkInvalid]
    with fresh_sessions() as session:
        assert len(session.scalars(select(LoginSessionRow)).all()) == 1
