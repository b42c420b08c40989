"""A policy is published for a day to come, and then every supplier is assessed anew."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.certificate_moves import Claim
from onboarding.domain.errors import InputInvalid, NotAllowed, VersionOutdated
from onboarding.domain.people import Role
from onboarding.domain.policy import Cadence, Level, Policy
from onboarding.services import certificates, statuses
from onboarding.services.policy.policies import Reassessed, publish_policy, reassess_all
from onboarding.services.status_reading import read_status, whole_timeline
from onboarding.services.supplier_reading import read_supplier
from onboarding.store.database import unit_of_work
from onboarding.store.tables import EventRow, OrganisationRow, PolicyRow, RelationRow
from tests import stage

DAY = timedelta(days=1)


@pytest.fixture
def customer(session: Session) -> OrganisationRow:
    return stage.a_customer(session)


def certified(session: Session, moment: Moment, customer: OrganisationRow) -> RelationRow:
    """A supplier with a verified certificate of step 1."""
    relation = stage.a_relation(session, customer)
    buyer = stage.user_actor(session, customer)
    claim = Claim(
        level=Level.TREDE_1,
        starts_on=moment.today,
        ends_on=moment.today + 400 * DAY,
        kvk_numbers=(relation.kvk_number,),
    )
    reported = certificates.report_certificate(session, buyer, moment, relation.id, claim)
    certificates.verify_certificate(
        session, buyer, moment, reported, claim, register_url="https://register.example/1"
    )
    return relation


def wanted(moment: Moment, **fields: object) -> Policy:
    return Policy(**{"version": 0, "starts_on": moment.today + DAY, **fields})


def test_a_policy_that_changes_nothing_for_a_supplier_is_no_change_on_its_page(
    session: Session, moment: Moment, customer: OrganisationRow
) -> None:
    relation = certified(session, moment, customer)
    session.commit()
    reassess_all(unit_of_work, moment, customer.id)
    manager = stage.user_actor(session, customer, Role.MANAGER)
    before = read_supplier(session, manager, moment, relation.id).coming
    publish_policy(session, manager, moment, wanted(moment, window_days=90), seen=1)
    session.commit()
    reassess_all(unit_of_work, moment, customer.id)
    assert len(whole_timeline(session, relation.id)) > len(before)
    after = read_supplier(session, manager, moment, relation.id).coming
    assert [(p.starts_on, p.ends_on) for p in after] == [(p.starts_on, p.ends_on) for p in before]


def test_all_suppliers_follow_from_its_first_day(
    session: Session, moment: Moment, customer: OrganisationRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statuses, "BATCH", 2)
    relations = [certified(session, moment, customer) for _ in range(3)]
    stage.a_relation(session, customer)
    session.commit()
    reassess_all(unit_of_work, moment, customer.id)
    manager = stage.user_actor(session, customer, Role.MANAGER)
    starts_on = moment.today + 30 * DAY
    session.commit()
    with unit_of_work() as work:
        policy = publish_policy(
            work,
            manager,
            moment,
            wanted(
                moment,
                starts_on=starts_on,
                required_level=Level.TREDE_2,
                preferred_level=Level.TREDE_3,
            ),
            seen=1,
        )
    assert policy.version == 2
    assert reassess_all(unit_of_work, moment, customer.id) == Reassessed(seen=4, changed=4)
    for relation in relations:
        before = read_status(session, relation.id, starts_on - DAY)
        after = read_status(session, relation.id, starts_on)
        assert before is not None and after is not None
        assert (before.status, before.policy_version) == ("eligible", 1)
        assert (after.status, after.policy_version) == ("conditional", 2)
    assert reassess_all(unit_of_work, moment, customer.id).changed == 0


def test_history_tells_what_changed(
    session: Session, moment: Moment, customer: OrganisationRow
) -> None:
    manager = stage.user_actor(session, customer, Role.MANAGER)
    cadence = replace(Cadence(), milestone_reminders=(-7, 1))
    publish_policy(session, manager, moment, wanted(moment, cadence=cadence), seen=1)
    event = session.scalars(select(EventRow)).one()
    assert (event.code, event.facts["version"]) == ("policy-published", 2)
    assert event.facts["changed"] == ["milestone_reminders"]
    assert not event.is_shared
    row = session.scalars(select(PolicyRow).where(PolicyRow.version == 2)).one()
    assert row.published_by == manager.person_id


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"cure_working_days": 9}, "cure_working_days"),
        ({"window_days": 0}, "window_days"),
        ({"preferred_level": Level.BASIS}, "preferred_level"),
        ({"cadence": Cadence(milestone_reminders=(1, -3))}, "milestone_reminders"),
        ({"cadence": Cadence(certificate_reminders=(30,))}, "certificate_reminders"),
        ({"cadence": Cadence(review_manager_working_days=5)}, "review_manager_working_days"),
    ],
)
def test_each_field_has_its_bounds(
    session: Session, moment: Moment, customer: OrganisationRow, fields: dict, field: str
) -> None:
    manager = stage.user_actor(session, customer, Role.MANAGER)
    with pytest.raises(InputInvalid) as refused:
        publish_policy(session, manager, moment, wanted(moment, **fields), seen=1)
    assert refused.value.facts["field"] == field


def test_it_holds_from_tomorrow_at_the_earliest(
    session: Session, moment: Moment, customer: OrganisationRow
) -> None:
    manager = stage.user_actor(session, customer, Role.MANAGER)
    with pytest.raises(InputInvalid) as refused:
        publish_policy(session, manager, moment, wanted(moment, starts_on=moment.today), seen=1)
    assert refused.value.facts["earliest"] == (moment.today + DAY).isoformat()


def test_it_does_not_start_before_one_that_is_to_come(
    session: Session, moment: Moment, customer: OrganisationRow
) -> None:
    manager = stage.user_actor(session, customer, Role.MANAGER)
    later = moment.today + 60 * DAY
    publish_policy(session, manager, moment, wanted(moment, starts_on=later), seen=1)
    with pytest.raises(InputInvalid):
        publish_policy(session, manager, moment, wanted(moment), seen=2)
    assert publish_policy(session, manager, moment, wanted(moment, starts_on=later), seen=2)


def test_two_who_publish_at_once_do_not_overwrite_each_other(
    session: Session, moment: Moment, customer: OrganisationRow
) -> None:
    manager = stage.user_actor(session, customer, Role.MANAGER)
    publish_policy(session, manager, moment, wanted(moment), seen=1)
    with pytest.raises(VersionOutdated):
        publish_policy(session, manager, moment, wanted(moment), seen=1)


@pytest.mark.parametrize("role", [Role.BUYER, Role.ADMIN, Role.READER])
def test_only_a_manager_publishes(
    session: Session, moment: Moment, customer: OrganisationRow, role: Role
) -> None:
    actor = stage.user_actor(session, customer, role)
    with pytest.raises(NotAllowed):
        publish_policy(session, actor, moment, wanted(moment), seen=1)
