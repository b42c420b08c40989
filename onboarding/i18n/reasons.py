"""Why a status is what it is, and what warns about it: reason codes and facts in plain words.

Each code has sentences from the most to the least telling; the first whose facts are all known is
shown. The last sentence of each needs no facts at all.
"""

from collections.abc import Mapping
from typing import Any

from onboarding.i18n.catalog import mark
from onboarding.i18n.facts import facts_in_words

REASONS: dict[str, tuple[str, ...]] = {
    "blocked-by-decision": (
        mark("No new orders from %(starts_on)s: %(reason)s."),
        mark("A manager decided that no new orders are placed: %(reason)s."),
        mark("A manager decided that no new orders are placed."),
    ),
    "relation-ended": (
        mark("The relation ended on %(ended_on)s."),
        mark("The relation has ended."),
    ),
    "certified": (
        mark("Certified: %(level)s, valid until %(ends_on)s."),
        mark("Certified: %(level)s."),
        mark("Holds a certificate that counts."),
    ),
    "recognised": (
        mark("Recognised as a social enterprise, until %(ends_on)s."),
        mark("Recognised as a social enterprise."),
    ),
    "exempt": (
        mark("Exempt until %(ends_on)s."),
        mark("Exempt."),
    ),
    "equivalent": (
        mark("Showed equivalent proof, accepted until %(ends_on)s."),
        mark("Showed equivalent proof."),
    ),
    "granted-by-decision": (
        mark("Buying is allowed until %(ends_on)s by decision: %(reason)s."),
        mark("Buying is allowed until %(ends_on)s by decision."),
        mark("Buying is allowed by decision."),
    ),
    "renewal-under-way": (
        mark("The certificate is being renewed; it may take until %(ends_on)s."),
        mark("The certificate is being renewed."),
    ),
    "on-hold": (
        mark("The pathway is paused until %(ends_on)s."),
        mark("The pathway is paused."),
    ),
    "decision-needed": (
        mark(
            "%(milestone)s was due on %(due_on)s and the time to repair it ended on "
            "%(cure_ends_on)s. A manager must decide."
        ),
        mark(
            "The window for making agreements ended on %(window_ended_on)s. A manager must decide."
        ),
        mark("A manager must decide what happens now."),
    ),
    "cure-period-ended": (
        mark(
            "%(milestone)s was due on %(due_on)s and the time to repair it ended on "
            "%(cure_ends_on)s."
        ),
        mark("A step is past its date and the time to repair it has ended."),
    ),
    "milestone-overdue": (
        mark(
            "%(milestone)s was due on %(due_on)s. There is time to repair it until "
            "%(cure_ends_on)s."
        ),
        mark(
            "%(milestone)s was due on %(due_on)s. A warning with time to repair it follows on "
            "%(notice_planned_on)s."
        ),
        mark("%(milestone)s was due on %(due_on)s."),
        mark("A step is past its date."),
    ),
    "on-track": (
        mark("On schedule. Next step: %(milestone)s, by %(due_on)s."),
        mark("On schedule with the agreed pathway."),
    ),
    "certified-below-required": (
        mark("Holds %(level)s, valid until %(ends_on)s; we ask %(required_level)s."),
        mark("Holds %(level)s; we ask for a higher level."),
        mark("Holds a certificate below the level that we ask."),
    ),
    "in-negotiation": (
        mark("Agreements are being made; there is time until %(window_ends_on)s."),
        mark("Agreements are being made."),
    ),
    "no-pathway": (
        mark("No pathway was agreed before %(window_ended_on)s."),
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
        mark("The recognition should have been checked again on %(due_on)s."),
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
    return facts_in_words(REASONS.get(code) or WARNINGS[code], facts, locale)
