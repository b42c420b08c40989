"""Why a status is what it is, and what warns about it: reason codes and facts in plain words.

Each code has sentences from the most to the least telling; the first whose facts are all known is
shown, and the last needs none. A code that says different things by its fact `because` or
`waits_for` has those apart, as `code:value`.
"""

from collections.abc import Mapping
from typing import Any

from onboarding.i18n.catalog import mark
from onboarding.i18n.facts import facts_in_words

REASONS: dict[str, tuple[str, ...]] = {
    "blocked-by-decision": (
        mark("A manager decided: no new orders from %(starts_on)s up to and including %(until)s."),
        mark("A manager decided: no new orders from %(starts_on)s."),
        mark("A manager decided: no new orders."),
    ),
    "relation-ended": (
        mark("The relation ended on %(ended_on)s."),
        mark("The relation has ended."),
    ),
    "certified": (
        mark("Certified: %(level)s, valid until %(valid_until)s."),
        mark("Certified: %(level)s."),
        mark("Holds a certificate that counts."),
    ),
    "recognised": (
        mark("Recognised as a social enterprise until %(valid_until)s."),
        mark("Recognised as a social enterprise."),
    ),
    "exempt": (
        mark("Exempt until %(until)s."),
        mark("Exempt."),
    ),
    "equivalent": (
        mark("Showed equivalent proof, accepted until %(until)s."),
        mark("Showed equivalent proof."),
    ),
    "granted-by-decision": (
        mark("Buying is allowed until %(until)s: a person decided so, with a reason."),
        mark("Buying is allowed: a person decided so, with a reason."),
    ),
    "renewal-under-way": (
        mark(
            "The certificate ended on %(certificate_ends_on)s and is being renewed. "
            "That may take until %(until)s."
        ),
        mark("The certificate is being renewed."),
    ),
    "renewal-under-way:buyer": (
        mark("The renewal of the certificate was reported and waits for the buyer."),
    ),
    "on-hold": (
        mark("The pathway is paused until %(until)s."),
        mark("The pathway is paused."),
    ),
    "decision-needed": (
        mark(
            "%(milestone)s was due on %(due_on)s. The time to repair it ended on "
            "%(cure_ends_on)s. A manager must decide."
        ),
        mark("A manager must decide what happens now."),
    ),
    "decision-needed:window-over": (
        mark("The time to make agreements ended on %(window_ended_on)s. A manager must decide."),
        mark("The time to make agreements is over. A manager must decide."),
    ),
    "decision-needed:pathway-completed": (
        mark("The pathway was completed on %(ended_on)s. The buyer must decide what comes next."),
        mark("The pathway is completed. The buyer must decide what comes next."),
    ),
    "decision-needed:pathway-declined": (
        mark("The supplier declined on %(ended_on)s. A manager must decide."),
        mark("The supplier declined. A manager must decide."),
    ),
    "decision-needed:pathway-stopped": (
        mark("The pathway was stopped on %(ended_on)s. A manager must decide."),
        mark("The pathway was stopped. A manager must decide."),
    ),
    "decision-needed:certificate-over": (
        mark("The certificate ended on %(ended_on)s. The buyer must decide what comes next."),
        mark("The certificate has ended. The buyer must decide what comes next."),
    ),
    "cure-period-ended": (
        mark(
            "%(milestone)s was due on %(due_on)s. The time to repair it ended on %(cure_ends_on)s."
        ),
        mark("A step is past its date and the time to repair it has ended."),
    ),
    "milestone-overdue": (
        mark(
            "%(milestone)s was due on %(due_on)s. There is time to repair it until "
            "%(cure_ends_on)s."
        ),
        mark(
            "%(milestone)s was due on %(due_on)s. A warning with time to repair it is planned for "
            "%(notice_planned_on)s."
        ),
        mark("%(milestone)s was due on %(due_on)s."),
        mark("A step is past its date."),
    ),
    "on-track": (
        mark("On schedule: works towards %(target)s, until %(last_day)s."),
        mark("On schedule with the agreed pathway."),
    ),
    "certified-below-required": (
        mark("Holds %(level)s until %(valid_until)s. That is below the level that we ask."),
        mark("Holds a certificate below the level that we ask."),
    ),
    "in-negotiation": (
        mark("Agreements are being made, until %(window_ends_on)s."),
        mark("Agreements are being made."),
    ),
    "in-negotiation:supplier": (
        mark("There is a proposal. The supplier has time to answer until %(window_ends_on)s."),
        mark("There is a proposal. It waits for the supplier's answer."),
    ),
    "in-negotiation:buyer": (mark("Agreements are being made. It is the buyer's turn."),),
    "no-pathway": (
        mark("No pathway was agreed before %(window_ended_on)s."),
        mark("No pathway is in force since %(ended_on)s."),
        mark("No pathway was agreed in time."),
    ),
    "not-in-programme": (mark("Not in the programme: nothing is asked of this supplier."),),
}

WARNINGS: dict[str, tuple[str, ...]] = {
    "certificate-ending": (
        mark("The certificate ends on %(ends_on)s."),
        mark("The certificate ends soon."),
    ),
    "review-late": (
        mark("%(milestone)s has been waiting for the buyer's review since %(submitted_on)s."),
        mark("%(milestone)s is waiting for the buyer's review."),
        mark("Something has been waiting for the buyer's review for long."),
    ),
    "certificate-covers-other-number": (
        mark(
            "The certificate does not cover KvK number %(kvk_number)s, with which we have the "
            "contract; it covers %(covered)s."
        ),
        mark("The certificate does not cover the KvK number with which we have the contract."),
    ),
    "aspirant-ending": (
        mark("The Aspirant status ends on %(ends_on)s."),
        mark("The Aspirant status ends soon."),
    ),
    "recheck-due": (
        mark("The recognition should have been checked again on %(recheck_on)s."),
        mark("The recognition should be checked again."),
    ),
    "outside-step-late": (
        mark("%(milestone)s was expected on %(due_on)s; it does not wait for the supplier."),
        mark("A step that is not the supplier's is past its date."),
    ),
}


def reason_text(code: str, facts: Mapping[str, Any], locale: str) -> str:
    """A reason or a warning in one or two plain sentences. Raises KeyError for an unknown code.

    Facts hold days as ISO strings or dates; a milestone is a code of our templates or own text.
    """
    qualifier = facts.get("because") or facts.get("waits_for")
    sentences = REASONS.get(f"{code}:{qualifier}") or REASONS.get(code) or WARNINGS[code]
    return facts_in_words(sentences, facts, locale)
