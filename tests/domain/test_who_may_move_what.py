"""Every pair of states, and everybody who could try: one expectation written by hand."""

from collections.abc import Mapping
from enum import StrEnum
from itertools import product

import pytest

from onboarding.domain.certificate_moves import CERTIFICATE_MOVES
from onboarding.domain.certificates import CertificateState
from onboarding.domain.decision_moves import MAY_DECIDE
from onboarding.domain.decisions import DecisionKind
from onboarding.domain.errors import DomainError, MoveRefused, NotAllowed
from onboarding.domain.milestone_moves import MILESTONE_MOVES
from onboarding.domain.milestones import MilestoneState
from onboarding.domain.moves import check_move, may
from onboarding.domain.notices import NOTICE_MOVES, NoticeState
from onboarding.domain.pathways import PATHWAY_MOVES, PathwayState
from onboarding.domain.people import Actor, Role, Said, Side, the_tool
from tests.build import an_actor, said

ACTORS: dict[str, tuple[Actor, Said | None]] = {
    **{role.value: (an_actor(role), None) for role in Role},
    "tool": (the_tool(1), None),
    "buyer-for-supplier": (an_actor(Role.BUYER), said()),
    "manager-for-supplier": (an_actor(Role.MANAGER), said()),
    "reader-for-supplier": (an_actor(Role.READER), said()),
    "contact-for-supplier": (an_actor(Role.CONTACT), said()),
}

# Each word of the tables below stands for these.
BUYER = {"buyer", "manager"}
MANAGER = {"manager"}
FOR_SUPPLIER = {"buyer-for-supplier", "manager-for-supplier"}
SIGNATORY = {"signatory"} | FOR_SUPPLIER
CONTACT = {"contact"} | SIGNATORY
TOOL = {"tool"}

Table = dict[str, set[str]]

PATHWAY: Table = {
    "draft > draft": BUYER,
    "draft > proposed": BUYER,
    "proposed > draft": BUYER,
    "proposed > countered": SIGNATORY,
    "proposed > agreed": SIGNATORY,
    "proposed > declined": SIGNATORY,
    "countered > draft": BUYER,
    "countered > proposed": BUYER,
    "countered > agreed": BUYER,
    "countered > declined": SIGNATORY,
    "agreed > on-hold": BUYER,
    "agreed > completed": TOOL,
    "agreed > stopped": SIGNATORY | MANAGER,
    "on-hold > agreed": BUYER | TOOL,
    "on-hold > completed": TOOL,
    "on-hold > stopped": SIGNATORY | MANAGER,
}
REVIEW: Table = {
    "submitted > accepted": BUYER,
    "submitted > started": BUYER,
    "planned > waived": BUYER,
    "started > waived": BUYER,
    "submitted > waived": BUYER,
}
SUPPLIERS_STEP: Table = REVIEW | {
    "planned > started": CONTACT,
    "planned > submitted": CONTACT,
    "started > submitted": CONTACT,
}
OUTSIDE_STEP: Table = REVIEW | {
    "planned > started": CONTACT | BUYER,
    "planned > submitted": CONTACT | BUYER,
    "started > submitted": CONTACT | BUYER,
}
BUYERS_STEP: Table = {
    "planned > started": BUYER,
    "planned > accepted": BUYER,
    "started > accepted": BUYER,
    "planned > waived": BUYER,
    "started > waived": BUYER,
}
NOTICE: Table = {
    "prepared > prepared": BUYER,
    "prepared > held": BUYER,
    "prepared > handed-over": BUYER | TOOL,
    "prepared > superseded": BUYER | TOOL,
    "held > held": BUYER,
    "held > prepared": BUYER,
    "held > handed-over": BUYER,
    "held > superseded": BUYER | TOOL,
    "handed-over > voided": BUYER | TOOL,
}
CERTIFICATE: Table = {
    "reported > reported": BUYER,
    "reported > verified": BUYER,
    "reported > rejected": BUYER,
    "verified > revoked": BUYER,
}

TABLES: dict[str, tuple[type[StrEnum], Mapping[tuple[StrEnum, StrEnum], object], Table]] = {
    "pathway": (PathwayState, PATHWAY_MOVES, PATHWAY),
    "supplier's step": (MilestoneState, MILESTONE_MOVES[Side.SUPPLIER], SUPPLIERS_STEP),
    "outside step": (MilestoneState, MILESTONE_MOVES[Side.OUTSIDE], OUTSIDE_STEP),
    "buyer's step": (MilestoneState, MILESTONE_MOVES[Side.BUYER], BUYERS_STEP),
    "notice": (NoticeState, NOTICE_MOVES, NOTICE),
    "certificate": (CertificateState, CERTIFICATE_MOVES, CERTIFICATE),
}


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("who", ACTORS)
def test_each_move_is_for_those_named_and_for_nobody_else(name: str, who: str) -> None:
    states, table, expected = TABLES[name]
    actor, words = ACTORS[who]
    outcomes, wanted = {}, {}
    for one, other in product(states, repeat=2):
        move = f"{one} > {other}"
        wanted[move] = (
            MoveRefused if move not in expected else None if who in expected[move] else NotAllowed
        )
        try:
            check_move(table, one, other, actor, words)
        except DomainError as refused:
            outcomes[move] = type(refused)
        else:
            outcomes[move] = None
    assert outcomes == wanted


@pytest.mark.parametrize("who", ACTORS)
def test_a_block_is_a_managers_and_other_decisions_are_a_buyers(who: str) -> None:
    takers = {kind: may(*_with(MAY_DECIDE[kind], who)) for kind in DecisionKind}
    is_buyer, is_manager = who in BUYER, who in MANAGER
    assert takers == {
        DecisionKind.GRANT: is_buyer,
        DecisionKind.BLOCK: is_manager,
        DecisionKind.EXEMPT: is_buyer,
        DecisionKind.EQUIVALENT: is_buyer,
    }


def _with(allowed: object, who: str) -> tuple[Actor, object, Said | None]:
    actor, words = ACTORS[who]
    return actor, allowed, words
