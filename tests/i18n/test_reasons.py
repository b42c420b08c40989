"""Reasons, warnings and errors in plain words, with as many facts as are known."""

import pytest

from onboarding.i18n import error_text, reason_text
from onboarding.i18n.errors import ERRORS
from onboarding.i18n.facts import PLACEHOLDER
from onboarding.i18n.reasons import REASONS, WARNINGS

# Every code of the contract.
REASON_CODES = [
    "blocked-by-decision",
    "relation-ended",
    "certified",
    "recognised",
    "exempt",
    "equivalent",
    "granted-by-decision",
    "renewal-under-way",
    "on-hold",
    "decision-needed",
    "cure-period-ended",
    "milestone-overdue",
    "on-track",
    "certified-below-required",
    "in-negotiation",
    "no-pathway",
    "not-in-programme",
]
WARNING_CODES = [
    "certificate-ending",
    "review-late",
    "certificate-covers-other-number",
    "aspirant-ending",
    "recheck-due",
    "outside-step-late",
]


def test_every_code_has_its_words() -> None:
    assert {code.split(":")[0] for code in REASONS} == set(REASON_CODES)
    assert set(WARNINGS) == set(WARNING_CODES)


@pytest.mark.parametrize("locale", ["nl", "en"])
@pytest.mark.parametrize("code", REASON_CODES + WARNING_CODES)
def test_every_code_reads_as_a_sentence_without_any_fact(code: str, locale: str) -> None:
    text = reason_text(code, {}, locale)
    assert text.endswith(".")
    assert "%" not in text
    assert "…" not in text


@pytest.mark.parametrize("sentences", [*REASONS.values(), *WARNINGS.values(), *ERRORS.values()])
def test_the_last_sentence_needs_no_facts(sentences: tuple[str, ...]) -> None:
    assert not PLACEHOLDER.findall(sentences[-1])


def test_an_overdue_step_says_what_comes_next() -> None:
    facts = {"milestone": "quote", "due_on": "2027-02-01"}
    planned = facts | {"notice_planned_on": "2027-02-10"}
    warned = facts | {"cure_ends_on": "2027-02-24"}
    due = "Auditofferte en instelling gekozen moest klaar zijn op maandag 1 februari 2027."
    assert reason_text("milestone-overdue", facts, "nl") == due
    assert reason_text("milestone-overdue", planned, "nl") == (
        f"{due} Een waarschuwing met hersteltijd staat gepland voor woensdag 10 februari 2027."
    )
    assert reason_text("milestone-overdue", warned, "nl") == (
        f"{due} Herstellen kan tot en met woensdag 24 februari 2027."
    )


def test_a_fact_that_is_none_counts_as_unknown() -> None:
    assert reason_text("exempt", {"until": None}, "nl") == "Heeft ontheffing."


def test_why_a_decision_is_needed_changes_the_sentence() -> None:
    facts = {"because": "pathway-declined", "ended_on": "2027-02-01"}
    assert reason_text("decision-needed", facts, "nl").startswith("De leverancier wees")


def test_a_certificate_is_told_with_level_and_mark() -> None:
    facts = {"level": "trede-3", "thirty_plus": True, "valid_until": "2027-02-01"}
    assert reason_text("certified", facts, "nl") == (
        "Gecertificeerd: Trede 3 en 30+, geldig tot en met maandag 1 februari 2027."
    )


def test_numbers_that_are_covered_are_listed() -> None:
    facts = {"kvk_number": "17037842", "covered": ["02076358", "02076359"]}
    text = reason_text("certificate-covers-other-number", facts, "en")
    assert text.endswith("it covers 02076358, 02076359.")


def test_a_percent_sign_in_a_fact_stays_a_percent_sign() -> None:
    facts = {"milestone": "100% klaar", "due_on": "2027-02-01"}
    assert reason_text("milestone-overdue", facts, "nl").startswith("100% klaar moest")


def test_an_error_says_what_to_do() -> None:
    text = error_text("version-outdated", {"seen": 2, "current": 3}, "nl")
    assert "u zag versie 2, het is nu versie 3" in text


def test_an_error_without_a_sentence_names_its_code() -> None:
    assert "left-handed" in error_text("left-handed", {}, "nl")
