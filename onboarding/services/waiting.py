"""What waits for the buyer of each relation, and since when: for any number of them at once."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, bindparam, func, literal, select, union_all
from sqlalchemy.orm import Session

from onboarding.domain.certificates import CertificateState
from onboarding.domain.pathways import RUNNING
from onboarding.domain.people import Side
from onboarding.store.database import IDS
from onboarding.store.holds import ASKED
from onboarding.store.published import LAST_ASSESSMENT
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
    asked = {"ids": list(relation_ids)}
    found: defaultdict[int, list[Turn]] = defaultdict(list)
    for relation_id, starts_on, reasons in session.execute(DOUBTFUL, {**asked, "on": on}):
        # The stored status says that a person must decide.
        if any(reason["code"] == "decision-needed" for reason in reasons):
            since = needed_since(reasons, starts_on)
            found[relation_id].append(Turn(side=Side.BUYER, since=since, step="decide"))
    for step, relation_id, since in session.execute(WAITING, asked):
        found[relation_id].append(Turn(side=Side.BUYER, since=since, step=step))
    return found


def needed_since(reasons: Sequence[Mapping[str, Any]], starts_on: date) -> date:
    """The day that made it necessary, not the one on which the status was last stored."""
    named = (reason["facts"].get(name) for reason in reasons for name in BEGAN_ON)
    return min((date.fromisoformat(day) for day in named if day), default=starts_on)


def _first(step: str, relation: Any, since: Any, *where: Any) -> Select[Any]:
    """The first day of what waits, for each of the relations that has any."""
    return (
        select(literal(step), relation, func.min(since))
        .where(relation.in_(IDS), *where)
        .group_by(relation)
    )


# The facts of `decision-needed` that name the day from which it is.
BEGAN_ON = ("cure_ends_on", "window_ended_on", "ended_on")

# Built once: they run with every change.
DOUBTFUL = (
    select(RelationRow.id, StatusPeriodRow.starts_on, StatusPeriodRow.reasons)
    .join(StatusPeriodRow, StatusPeriodRow.assessment_id == LAST_ASSESSMENT)
    .where(
        RelationRow.id.in_(IDS),
        StatusPeriodRow.starts_on <= bindparam("on"),
        StatusPeriodRow.ends_on >= bindparam("on"),
        StatusPeriodRow.status.in_(TO_DECIDE),
    )
)
WAITING = union_all(
    _first(
        "check-certificate",
        CertificateRow.relation_id,
        CertificateRow.reported_on,
        CertificateRow.state == CertificateState.REPORTED,
    ),
    _first(
        "answer-renewal",
        RenewalRow.relation_id,
        RenewalRow.reported_on,
        RenewalRow.accepted_on.is_(None),
        RenewalRow.refused_on.is_(None),
    ),
    _first(
        "answer-block-reply",
        DecisionRow.relation_id,
        DecisionRow.reply_made_on,
        DecisionRow.reply_made_on.is_not(None),
        DecisionRow.reply_answered_on.is_(None),
        DecisionRow.ended_on.is_(None),
    ),
    _first(
        "answer-contest",
        StatementRow.relation_id,
        StatementRow.contested_on,
        StatementRow.contested_on.is_not(None),
        StatementRow.answered_on.is_(None),
    ),
    _first(
        "answer-amendment",
        PathwayRow.relation_id,
        AmendmentRow.turn_since_on,
        PathwayRow.state.in_(RUNNING),
        AmendmentRow.answered_on.is_(None),
        AmendmentRow.proposed_by == Side.SUPPLIER,
    ).join(AmendmentRow, AmendmentRow.pathway_id == PathwayRow.id),
    _first(
        "answer-hold",
        PathwayRow.relation_id,
        HoldRow.asked_on,
        PathwayRow.state.in_(RUNNING),
        HoldRow.state == ASKED,
        HoldRow.asked_by == Side.SUPPLIER,
    ).join(HoldRow, HoldRow.pathway_id == PathwayRow.id),
)
