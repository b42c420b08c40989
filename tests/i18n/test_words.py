"""The words for codes are those of the agreement with our readers."""

from collections.abc import Iterable

import pytest

from onboarding.domain.certificates import RecognitionKind
from onboarding.domain.decisions import DecisionKind
from onboarding.domain.eligibility import Action, Status
from onboarding.domain.milestones import MilestoneState
from onboarding.domain.pathways import PathwayState
from onboarding.domain.people import Role, Side
from onboarding.domain.policy import Level
from onboarding.domain.templates import TEMPLATES
from onboarding.i18n import (
    catalog,
    level_word,
    status_sentence,
    status_word,
    step_title,
    step_word,
    word,
)
from onboarding.i18n.titles import STEP_TITLES
from onboarding.i18n.words import TABLES, step_code

STATUS_WORDS = {
    "preferred": "Voorkeur",
    "eligible": "Vrijgegeven",
    "conditional": "Vrijgegeven, met afspraken",
    "out-of-scope": "Niet gevraagd",
    "undecided": "In gesprek",
    "at-risk": "Loopt achter",
    "ineligible": "Geen nieuwe opdrachten",
}
STEP_WORDS = {
    "planned": "nog te doen",
    "started": "bezig",
    "submitted": "wij kijken ernaar",
    "returned": "graag aanvullen",
    "accepted": "klaar",
    "waived": "niet meer nodig",
    "overdue": "over de datum",
}
PATHWAY_WORDS = {
    "draft": "concept",
    "proposed": "voorstel",
    "countered": "tegenvoorstel",
    "agreed": "afgesproken",
    "on-hold": "gepauzeerd",
    "declined": "afgewezen",
    "stopped": "gestopt",
    "completed": "klaar",
}


@pytest.mark.parametrize(
    ("kind", "words"),
    [("status", STATUS_WORDS), ("step", STEP_WORDS), ("pathway", PATHWAY_WORDS)],
)
def test_dutch_words_are_as_agreed(kind: str, words: dict[str, str]) -> None:
    assert {code: word(kind, code, "nl") for code in TABLES[kind]} == words


@pytest.mark.parametrize(
    ("kind", "codes"),
    [
        ("status", Status),
        ("action", Action),
        ("pathway", PathwayState),
        ("owner", Side),
        ("role", Role),
        ("level", Level),
        ("decision", DecisionKind),
        ("recognition", RecognitionKind),
    ],
)
def test_every_code_of_the_domain_has_a_word(kind: str, codes: Iterable[str]) -> None:
    assert set(TABLES[kind]) == {str(code) for code in codes}


def test_every_step_of_our_templates_has_a_title() -> None:
    used = {step.title for template in TEMPLATES.values() for step in template.steps}
    assert used == set(STEP_TITLES)


def test_every_state_of_a_step_has_a_word() -> None:
    assert {step_code(state) for state in MilestoneState} <= set(TABLES["step"])


def test_the_buyer_reads_what_it_must_do() -> None:
    assert step_word("submitted", "nl") == "wij kijken ernaar"
    assert step_word("submitted", "nl", for_buyer=True) == "te beoordelen"


def test_late_and_returned_say_more_than_the_state() -> None:
    assert step_code("started", is_returned=True) == "returned"
    assert step_code("started", is_returned=True, is_overdue=True) == "overdue"
    assert step_code("submitted", is_overdue=True) == "submitted"


def test_the_supplier_reads_by_when_to_answer_where_that_is_known() -> None:
    with_day = status_sentence("at-risk", "nl", {"answer_by_on": "2026-12-04"})
    assert "Laat ons vóór vrijdag 4 december 2026 weten wat u nodig hebt." in with_day
    assert "Laat ons weten wat u nodig hebt." in status_sentence("at-risk", "nl")


def test_blocking_says_that_running_orders_go_on() -> None:
    text = status_sentence("ineligible", "nl", {"phone": "010 123 45 67"})
    assert "Lopende opdrachten en facturen gaan door." in text
    assert text.endswith("bel 010 123 45 67.")
    assert "Running orders and invoices go on." in status_sentence("ineligible", "en")


def test_levels_are_told_with_their_mark() -> None:
    assert level_word("trede-3", "nl", thirty_plus=True) == "Trede 3 en 30+"
    assert level_word("basis", "nl") == "Basistrede"


def test_a_step_is_titled_by_code_or_by_its_own_text() -> None:
    assert step_title("baseline", "nl") == "Nulmeting"
    assert step_title("Gesprek met de directie", "nl") == "Gesprek met de directie"


def test_an_unknown_code_is_a_mistake_and_no_silence() -> None:
    with pytest.raises(KeyError):
        status_word("geschikt", "nl")


@pytest.mark.parametrize("avoided", ["geschikt", "aanmaning"])
def test_words_that_mean_something_else_in_law_are_avoided(avoided: str) -> None:
    texts = [text for text in catalog("nl").messages.values() if avoided in str(text).lower()]
    assert not texts
