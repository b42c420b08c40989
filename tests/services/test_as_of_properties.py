"""For any history, what was stored for a day at an instant equals a replay of what was known then.

The replay shares nothing with the store: it keeps its own facts beside what the services record,
and asks the rules day by day.
"""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from onboarding.api.status_text import day_after
from onboarding.clock import Moment
from onboarding.domain.certificate_moves import Claim
from onboarding.domain.certificates import (
    Certificate,
    CertificateState,
    Recognition,
    RecognitionKind,
)
from onboarding.domain.decisions import Decision, DecisionKind
from onboarding.domain.eligibility import Facts, Verdict, assess
from onboarding.domain.errors import DomainError
from onboarding.domain.people import Role
from onboarding.domain.policy import Level, Policies
from onboarding.services.certificates import (
    report_certificate,
    revoke_certificate,
    verify_certificate,
)
from onboarding.services.decisions import end_decision, take_decision
from onboarding.services.dossier.as_of import read_as_of
from onboarding.services.policy.policies import publish_policy
from onboarding.services.recognitions import record_recognition, revoke_recognition
from onboarding.services.relations import (
    end_supplier_relation,
    enrol_supplier,
    reopen_supplier_relation,
    take_supplier_out,
)
from onboarding.services.status_reading import Reading, reading
from onboarding.services.statuses import policies_of, reassess_customer
from onboarding.services.suppliers import add_supplier
from onboarding.store.assessments import reasons_value
from onboarding.store.eligibility_pages import rows_of
from onboarding.store.status_history import told_periods
from tests import databases, stage
from tests.settable_clock import NOW, SettableClock

KVK, OTHER_KVK = "17037842", "02076358"
URL = "https://register.example/1"
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
FEW = settings(
    max_examples=int(os.environ.get("EXAMPLES", "12")),
    deadline=None,
    derandomize="EXAMPLES" not in os.environ,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

levels = st.sampled_from(Level)
lengths = st.integers(0, 90)
ends = st.one_of(st.tuples(st.just("end"), lengths), st.tuples(st.just("reopen")))
acts = st.one_of(
    st.tuples(
        st.just("certificate"),
        levels,
        st.booleans(),
        st.integers(-60, 60),
        lengths,
        st.sampled_from(((KVK,), (OTHER_KVK,), (KVK, OTHER_KVK))),
    ),
    st.tuples(st.just("revoke-certificate"), lengths),
    st.tuples(st.just("recognition"), st.none() | lengths, st.none() | lengths),
    st.tuples(st.just("revoke-recognition"), lengths),
    st.tuples(
        st.just("decide"),
        st.sampled_from((DecisionKind.GRANT, DecisionKind.EXEMPT, DecisionKind.EQUIVALENT)),
        lengths,
        lengths,
    ),
    st.tuples(st.just("end-decision"), lengths),
    st.tuples(st.just("policy"), levels, st.integers(1, 60)),
    st.tuples(st.just("enrol")),
    st.tuples(st.just("take-out")),
    ends,
)
# Minutes until the act: in the same day, over midnight, or weeks later.
waits = st.sampled_from((3 * 1440, 600, 40 * 1440, 1440, 30, 1))
histories = st.lists(st.tuples(waits, acts), min_size=5, max_size=10)


@dataclass
class Replay:
    """The facts and policies after each act, as the test itself keeps them."""

    facts: Facts
    policies: Policies
    known: list[tuple[Moment, Facts, Policies]] = field(default_factory=list)

    def keep(self, moment: Moment) -> None:
        self.known.append((moment, self.facts, self.policies))

    def answer(self, on: date, known_at: datetime) -> Verdict | None:
        """By what was known at the instant, and on the day itself where that had passed."""
        known = [
            (facts, policies)
            for moment, facts, policies in self.known
            if moment.now <= known_at and moment.today <= on
        ]
        return assess(*known[-1], on) if known else None


class World:
    """A supplier, what is done to it through the services, and the replay of it."""

    def __init__(self, session: Session) -> None:
        self.session, self.clock = session, SettableClock(databases.zone(), instants=[NOW])
        self.customer = stage.a_customer(session)
        self.actor = stage.user_actor(session, self.customer, Role.MANAGER)
        given = {"name": "Drukkerij De Linde", "kvk_number": KVK}
        self.row = add_supplier(session, self.actor, self.now, given)
        self.replay = Replay(Facts(kvk_number=KVK), policies_of(session, self.customer.id))
        self.replay.keep(self.now)
        self.act(1, "enrol")

    @property
    def now(self) -> Moment:
        return self.clock.moment()

    def act(self, wait: int, name: str, *given: Any) -> None:
        """What the rules refuse leaves no trace, in the store or the replay."""
        self.clock.forward(minutes=wait)
        try:
            with self.session.begin_nested():
                ACTS[name](self, *given)
        except DomainError:
            self.session.expire_all()
        self.replay.keep(self.now)

    def facts(self, **changed: Any) -> None:
        self.replay.facts = replace(self.replay.facts, **changed)

    def do(self, service: Callable[..., Any], *given: Any, **named: Any) -> Any:
        return service(self.session, self.actor, self.now, *given, **named)


def enrol(world: World) -> None:
    world.do(enrol_supplier, world.row.id)
    world.facts(enrolled_on=world.now.today)


def take_out(world: World) -> None:
    world.do(take_supplier_out, world.row.id, "Niet nodig")
    world.facts(enrolled_on=None)


def end(world: World, days: int) -> None:
    ended_on = world.now.today + days * DAY
    world.do(end_supplier_relation, world.row.id, ended_on, "Contract loopt af")
    world.facts(ended_on=ended_on)


def reopen(world: World) -> None:
    world.do(reopen_supplier_relation, world.row.id, "Toch verder")
    world.facts(ended_on=None)


def certificate(
    world: World, level: Level, plus: bool, since: int, days: int, numbers: tuple[str, ...]
) -> None:
    starts_on = world.now.today + since * DAY
    claim = Claim(
        level=level,
        thirty_plus=plus and level is Level.TREDE_3,
        starts_on=starts_on,
        ends_on=starts_on + days * DAY,
        kvk_numbers=numbers,
    )
    id = world.do(report_certificate, world.row.id, claim, register_url=URL)
    world.do(verify_certificate, id, claim, register_url=URL)
    held = Certificate(
        id=id,
        state=CertificateState.VERIFIED,
        level=claim.level,
        thirty_plus=claim.thirty_plus,
        starts_on=claim.starts_on,
        ends_on=claim.ends_on,
        covered_kvk_numbers=frozenset(numbers),
        verified_on=world.now.today,
    )
    world.facts(certificates=(*world.replay.facts.certificates, held))


def revoke(world: World, days: int) -> None:
    held = [c for c in world.replay.facts.certificates if c.state is CertificateState.VERIFIED]
    if held:
        revoked_on = world.now.today + days * DAY
        world.do(revoke_certificate, held[-1].id, revoked_on=revoked_on, reason="Ingetrokken")
        gone = replace(held[-1], state=CertificateState.REVOKED, revoked_on=revoked_on)
        _replaced(world, "certificates", gone)


def recognition(world: World, recheck: int | None, days: int | None) -> None:
    today = world.now.today
    kind = RecognitionKind.SOCIAL_ENTERPRISE_NL
    recheck_on = None if recheck is None else today + recheck * DAY
    ends_on = None if days is None else today + days * DAY
    found = world.do(
        record_recognition,
        world.row.id,
        kind=kind,
        register_url=URL,
        checked_on=today,
        recheck_on=recheck_on,
        ends_on=ends_on,
    )
    held = Recognition(
        id=found, kind=kind, checked_on=today, recheck_on=recheck_on, ends_on=ends_on
    )
    world.facts(recognitions=(*world.replay.facts.recognitions, held))


def revoke_recognised(world: World, days: int) -> None:
    held = [one for one in world.replay.facts.recognitions if one.revoked_on is None]
    if held:
        revoked_on = world.now.today + days * DAY
        world.do(revoke_recognition, held[-1].id, revoked_on=revoked_on, reason="Ingetrokken")
        _replaced(world, "recognitions", replace(held[-1], revoked_on=revoked_on))


def decide(world: World, kind: DecisionKind, wait: int, days: int) -> None:
    starts_on = world.now.today + wait * DAY
    ends_on = starts_on + days * DAY
    found = world.do(
        take_decision,
        world.row.id,
        kind,
        reason="Daarom",
        starts_on=starts_on,
        ends_on=ends_on,
    )
    held = Decision(id=found, kind=kind, starts_on=starts_on, ends_on=ends_on)
    world.facts(decisions=(*world.replay.facts.decisions, held))


def end_decided(world: World, days: int) -> None:
    held = [one for one in world.replay.facts.decisions if one.ended_on is None]
    if held:
        ended_on = world.now.today + days * DAY
        world.do(end_decision, held[-1].id, ended_on=ended_on, reason="Niet meer nodig")
        _replaced(world, "decisions", replace(held[-1], ended_on=ended_on))


def policy(world: World, required: Level, wait: int) -> None:
    last = world.replay.policies.versions[-1]
    better = max(required, last.preferred_level, key=tuple(Level).index)
    wanted = replace(
        last,
        required_level=required,
        preferred_level=better,
        starts_on=max(world.now.today, last.starts_on) + wait * DAY,
    )
    published = world.do(publish_policy, wanted, seen=last.version)
    reassess_customer(world.session, world.now, world.customer.id)
    world.replay.policies = Policies((*world.replay.policies.versions, published))


def _replaced(world: World, name: str, changed: Any) -> None:
    held = getattr(world.replay.facts, name)
    world.facts(**{name: tuple(changed if one.id == changed.id else one for one in held)})


ACTS: dict[str, Callable[..., None]] = {
    "enrol": enrol,
    "take-out": take_out,
    "end": end,
    "reopen": reopen,
    "certificate": certificate,
    "revoke-certificate": revoke,
    "recognition": recognition,
    "revoke-recognition": revoke_recognised,
    "decide": decide,
    "end-decision": end_decided,
    "policy": policy,
}


@FEW
@given(history=histories)
def test_the_stored_answer_equals_a_replay(
    session: Session, history: list[tuple[int, tuple[Any, ...]]]
) -> None:
    world = World(session)
    for wait, (name, *given_) in history:
        world.act(wait, name, *given_)
    acted = [moment for moment, _, _ in world.replay.known]
    days = {moment.today + by * DAY for moment in acted for by in (-1, 0, 1, 20, 45, 90)}
    for known_at in [moment.now + by for moment in acted for by in (-SECOND, 0 * SECOND)]:
        told = told_periods(session, [world.row.id], known_at).get(world.row.id, ())
        for on in sorted(days):
            expected = world.replay.answer(on, known_at)
            stored = reading(world.row.id, told, on)
            check_row(world, stored, on, known_at)
            if expected is None or stored is None:
                assert expected is stored is None, (on, known_at)
                continue
            assert stored.status is expected.status, (on, known_at)
            assert stored.reasons == expected.reasons, (on, known_at)
            assert stored.warnings == expected.warnings, (on, known_at)
            assert stored.policy_version == expected.policy_version, (on, known_at)
    check_page(world, acted[-1])


def check_row(world: World, stored: Reading | None, on: date, known_at: datetime) -> None:
    """The row that REST answers are written from tells the same, and the same run of days."""
    today = world.clock.moment_at(known_at).today
    found = rows_of(world.session, [world.row.id], on, known_at, today)
    rows = list(found.values())
    if stored is None:
        assert rows == [], (on, known_at)
        return
    [(_id, number, _name, status, reasons, warnings, policy_version, last_before, after)] = rows
    assert (number, status, policy_version) == (KVK, stored.status, stored.policy_version)
    for written, told in ((reasons, stored.reasons), (warnings, stored.warnings)):
        assert reasons_value(json.loads(written)) == told
    assert day_after(last_before) == stored.since.isoformat(), (on, known_at)
    following = (stored.until + DAY).isoformat() + stored.then if stored.until else None
    assert after == following, (on, known_at)


def check_page(world: World, moment: Moment) -> None:
    """The page for the auditor tells the same status, and each proof that the replay has."""
    page = read_as_of(
        world.session,
        world.actor,
        world.now,
        databases.zone(),
        world.row.id,
        on=moment.today,
        known_at=moment.now,
    )
    expected, facts = world.replay.answer(moment.today, moment.now), world.replay.facts
    assert expected is not None and page.reading.status is expected.status
    for told, held in (
        (page.certificates, facts.certificates),
        (page.recognitions, facts.recognitions),
        (page.decisions, facts.decisions),
    ):
        assert {one.known.id for one in told} == {one.id for one in held}
