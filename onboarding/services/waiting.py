"""What waits for the buyer of each relation, and since when: for any number of them at once."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, literal, select, union_all
from sqlalchemy.orm import Session

from onboarding.domain.certificates import CertificateState
from onboarding.domain.pathways import RUNNING
from onboarding.domain.people import Side
from onboarding.store.holds import ASKED
from onboarding.store.tables import (
    AmendmentRow,
    CertificateRow,
    DecisionRow,
    HoldRow,
    PathwayRow,
    RelationRow,
    RenewalRow,
    StatementRow,
    StatusPeriodRow,
)
from onboarding.store.work_list import TO_DECIDE


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Whose turn it is and since when; `step` says what comes next, as a code of `i18n.turns`.

    A step of the pathway is `milestone`, with its `title`. `due_on` is the day by which, where
    there is one. Nobody's turn: `side` is None. While it is the buyer's, `meanwhile` is what the
    other side has in hand.
    """

    side: Side | None = None
    since: date | None = None
    step: str = ""
    title: str | None = None
    due_on: date | None = None
    meanwhile: "Turn | None" = None


def waiting_for_buyer(
    session: Session, relation_ids: Sequence[int], on: date
) -> dict[int, list[Turn]]:
    """Per relation what waits, apart from what its steps and its proposal wait for."""
    found: defaultdict[int, list[Turn]] = defaultdict(list)
    for relation_id, since in _to_decide(session, relation_ids, on):
        found[relation_id].append(Turn(side=Side.BUYER, since=since, step="decide"))
    asked = union_all(*(query(relation_ids) for query in QUERIES))
    for step, relation_id, since in session.execute(asked):
        found[relation_id].append(Turn(side=Side.BUYER, since=since, step=step))
    return found


def _to_decide(
    session: Session, relation_ids: Sequence[int], on: date
) -> Iterator[tuple[int, date]]:
    """Where the stored status says that a person must decide, and from when that is so."""
    rows = session.execute(
        select(RelationRow.id, StatusPeriodRow.starts_on, StatusPeriodRow.reasons)
        .join(StatusPeriodRow, StatusPeriodRow.assessment_id == RelationRow.assessment_id)
        .where(
            RelationRow.id.in_(relation_ids),
            StatusPeriodRow.starts_on <= on,
            StatusPeriodRow.ends_on >= on,
            StatusPeriodRow.status.in_(TO_DECIDE),
        )
    )
    for relation_id, starts_on, reasons in rows:
        if any(reason["code"] == "decision-needed" for reason in reasons):
            yield relation_id, needed_since(reasons, starts_on)


def needed_since(reasons: Sequence[Mapping[str, Any]], starts_on: date) -> date:
    """The day that made it necessary, not the one on which the status was last stored."""
    named = (reason["facts"].get(name) for reason in reasons for name in BEGAN_ON)
    return min((date.fromisoformat(day) for day in named if day), default=starts_on)


def _first(
    step: str, relation: Any, since: Any, relation_ids: Sequence[int], *where: Any
) -> Select[Any]:
    """The first day of what waits, for each of the relations that has any."""
    return (
        select(literal(step), relation, func.min(since))
        .where(relation.in_(relation_ids), *where)
        .group_by(relation)
    )


def _certificates(ids: Sequence[int]) -> Select[Any]:
    reported = CertificateRow.state == CertificateState.REPORTED
    return _first(
        "check-certificate", CertificateRow.relation_id, CertificateRow.reported_on, ids, reported
    )


def _renewals(ids: Sequence[int]) -> Select[Any]:
    waits = RenewalRow.accepted_on.is_(None), RenewalRow.refused_on.is_(None)
    return _first("answer-renewal", RenewalRow.relation_id, RenewalRow.reported_on, ids, *waits)


def _block_replies(ids: Sequence[int]) -> Select[Any]:
    waits = (
        DecisionRow.reply_made_on.is_not(None),
        DecisionRow.reply_answered_on.is_(None),
        DecisionRow.ended_on.is_(None),
    )
    return _first(
        "answer-block-reply", DecisionRow.relation_id, DecisionRow.reply_made_on, ids, *waits
    )


def _contests(ids: Sequence[int]) -> Select[Any]:
    waits = StatementRow.contested_on.is_not(None), StatementRow.answered_on.is_(None)
    return _first(
        "answer-contest", StatementRow.relation_id, StatementRow.contested_on, ids, *waits
    )


def _amendments(ids: Sequence[int]) -> Select[Any]:
    waits = (
        PathwayRow.state.in_(RUNNING),
        AmendmentRow.answered_on.is_(None),
        AmendmentRow.proposed_by == Side.SUPPLIER,
    )
    found = _first(
        "answer-amendment", PathwayRow.relation_id, AmendmentRow.turn_since_on, ids, *waits
    )
    return found.join(AmendmentRow, AmendmentRow.pathway_id == PathwayRow.id)


def _holds(ids: Sequence[int]) -> Select[Any]:
    waits = (
        PathwayRow.state.in_(RUNNING),
        HoldRow.state == ASKED,
        HoldRow.asked_by == Side.SUPPLIER,
    )
    found = _first("answer-hold", PathwayRow.relation_id, HoldRow.asked_on, ids, *waits)
    return found.join(HoldRow, HoldRow.pathway_id == PathwayRow.id)


# The facts of `decision-needed` that name the day from which it is.
BEGAN_ON = ("cure_ends_on", "window_ended_on", "ended_on")

QUERIES = (_certificates, _renewals, _block_replies, _contests, _amendments, _holds)
