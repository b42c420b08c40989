"""Every code that the domain can give has words, and no words stand for a code that is gone."""

import importlib
import pkgutil

import pytest

import onboarding.domain
from onboarding.domain.changes import Change
from onboarding.domain.errors import DomainError
from onboarding.i18n import error_text, event_text
from onboarding.i18n.errors import ERRORS
from onboarding.i18n.events import EVENTS
from onboarding.i18n.facts import PLACEHOLDER

for module in pkgutil.walk_packages(onboarding.domain.__path__, "onboarding.domain."):
    importlib.import_module(module.name)


def codes_below(kind: type) -> set[str]:
    """The codes of all classes that descend from `kind` in the domain."""
    below = set()
    for child in kind.__subclasses__():
        if "code" in vars(child) and child.__module__.startswith("onboarding.domain"):
            below.add(child.code)
        below |= codes_below(child)
    return below


def test_every_error_says_what_to_do() -> None:
    assert codes_below(DomainError) <= {code.split(":")[0] for code in ERRORS}


def test_every_change_can_be_told() -> None:
    assert codes_below(Change) <= set(EVENTS)


@pytest.mark.parametrize("sentences", [*ERRORS.values(), *EVENTS.values()])
def test_the_last_sentence_needs_no_facts(sentences: tuple[str, ...]) -> None:
    assert not PLACEHOLDER.findall(sentences[-1])


def test_an_error_says_which_step_and_why() -> None:
    facts = {"field": "due_on", "step": 3, "reason": "before-start", "start": "2027-02-01"}
    assert error_text("input-invalid", facts, "nl") == (
        "Stap 3: kies een dag op of na maandag 1 februari 2027."
    )
    assert error_text("input-invalid", {"reason": "brand-new"}, "nl") == "Deze waarde kan niet."


def test_an_event_follows_the_name_of_who_did_it() -> None:
    facts = {"milestone": "baseline", "milestone_id": 3, "submitted_on": "2027-02-01"}
    assert event_text("milestone-submitted", facts, "nl") == "leverde in: Nulmeting"
    assert event_text("milestone-submitted", {}, "en") == "handed in a step"


def test_what_nobody_reviews_is_completed_and_not_approved() -> None:
    facts = {"milestone": "baseline", "was_reviewed": False}
    assert event_text("milestone-accepted", facts, "nl") == "was klaar met: Nulmeting"
    reviewed = {**facts, "was_reviewed": True}
    assert event_text("milestone-accepted", reviewed, "nl") == "keurde goed: Nulmeting"


def test_a_window_says_until_when() -> None:
    facts = {"pathway_id": 1, "window": {"remaining_days": 60, "ends_on": "2027-02-01"}}
    expected = "wacht op een antwoord tot en met maandag 1 februari 2027"
    assert event_text("window-set", facts, "nl") == expected


def test_an_event_without_words_is_named_and_not_hidden() -> None:
    assert "left-handed" in event_text("left-handed", {}, "nl")


def test_a_day_that_does_not_exist_is_told_as_it_was_given() -> None:
    facts = {"reason": "not-a-creditor-number", "given": "2026-02-30"}
    assert "2026-02-30" in error_text("input-invalid", facts, "nl")
