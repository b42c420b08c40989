"""Stories about what a person decides, and about ending a relation."""

from datetime import date

from onboarding.domain.decisions import DecisionKind
from onboarding.domain.policy import Level
from tests.build import (
    a_certificate,
    a_decision,
    a_milestone,
    a_pathway,
    a_renewal,
    facts,
    imported_facts,
)
from tests.domain.stories.telling import knowing, story

D = date
BLOCK, EXEMPT = DecisionKind.BLOCK, DecisionKind.EXEMPT
CERTIFIED = a_certificate(level=Level.TREDE_2, starts_on=D(2026, 1, 1), ends_on=D(2027, 12, 31))

STORIES = (
    story(
        "We may buy until the summer, whatever it does",
        knowing(
            facts(decisions=(a_decision(ends_on=D(2027, 6, 30)),)),
            """
            2027-01-31 undecided in-negotiation
            2027-02-01 conditional granted-by-decision
            2027-07-01 undecided in-negotiation
            """,
        ),
    ),
    story(
        "A permission helps one that is late with a step",
        knowing(
            facts(
                decisions=(a_decision(starts_on=D(2027, 2, 8), ends_on=D(2027, 2, 19)),),
                pathways=(a_pathway(a_milestone()),),
            ),
            """
            2027-02-02 at-risk milestone-overdue
            2027-02-08 conditional granted-by-decision
            2027-02-20 at-risk milestone-overdue
            """,
        ),
    ),
    story(
        "A permission is a person's word, so it is named before the renewal",
        knowing(
            facts(
                decisions=(a_decision(ends_on=D(2027, 6, 30)),),
                renewals=(a_renewal(certificate_ends_on=D(2027, 3, 31)),),
            ),
            """
            2027-04-01 conditional granted-by-decision
            2027-07-01 conditional renewal-under-way
            """,
        ),
    ),
    story(
        "A one-man firm cannot be certified: it is exempt for this year",
        knowing(
            imported_facts(decisions=(a_decision(EXEMPT),)),
            """
            2027-01-31 out-of-scope not-in-programme
            2027-02-01 eligible exempt
            2028-01-01 undecided in-negotiation
            """,
        ),
    ),
    story(
        "The exemption is ended before it began: it never was in the programme",
        knowing(
            imported_facts(decisions=(a_decision(EXEMPT, ended_on=D(2027, 2, 1)),)),
            "2027-01-31 out-of-scope not-in-programme",
        ),
    ),
    story(
        "It shows another label that proves the same",
        knowing(
            facts(decisions=(a_decision(DecisionKind.EQUIVALENT),)),
            """
            2027-02-01 eligible equivalent
            2028-01-01 undecided in-negotiation
            """,
        ),
    ),
    story(
        "A permission is ended early",
        knowing(
            facts(decisions=(a_decision(ended_on=D(2027, 3, 1)),)),
            """
            2027-02-01 conditional granted-by-decision
            2027-03-01 undecided in-negotiation
            """,
        ),
    ),
    story(
        "No new orders: not before the supplier has been told",
        knowing(
            facts(decisions=(a_decision(BLOCK),)),
            "2027-02-01 undecided in-negotiation",
        ),
        knowing(
            facts(decisions=(a_decision(BLOCK, announced_on=D(2027, 2, 2)),)),
            """
            2027-02-02 undecided in-negotiation
            2027-02-16 ineligible blocked-by-decision
            """,
        ),
    ),
    story(
        "No new orders, at once, for a reason that cannot wait; a certificate does not help",
        knowing(
            facts(
                decisions=(a_decision(BLOCK, is_urgent=True),),
                certificates=(CERTIFIED,),
            ),
            """
            2027-01-31 preferred certified
            2027-02-01 ineligible blocked-by-decision
            2027-07-04 ineligible blocked-by-decision ! certificate-ending
            2028-01-01 ineligible blocked-by-decision
            """,
        ),
    ),
    story(
        "It objects to the block in time: that waits for our answer",
        knowing(
            facts(
                decisions=(
                    a_decision(BLOCK, announced_on=D(2027, 2, 2), reply_made_on=D(2027, 2, 10)),
                )
            ),
            "2027-02-10 undecided in-negotiation",
        ),
        knowing(
            facts(
                decisions=(
                    a_decision(
                        BLOCK,
                        announced_on=D(2027, 2, 2),
                        reply_made_on=D(2027, 2, 10),
                        reply_answered_on=D(2027, 3, 1),
                    ),
                )
            ),
            "2027-03-01 ineligible blocked-by-decision",
        ),
    ),
    story(
        "It objects when the block holds already: it goes on, and a manager answers",
        knowing(
            facts(
                decisions=(
                    a_decision(BLOCK, announced_on=D(2027, 2, 2), reply_made_on=D(2027, 2, 20)),
                )
            ),
            "2027-02-20 ineligible blocked-by-decision",
        ),
    ),
    story(
        "The block is lifted",
        knowing(
            facts(
                decisions=(a_decision(BLOCK, is_urgent=True, ended_on=D(2027, 3, 1)),),
            ),
            """
            2027-02-01 ineligible blocked-by-decision
            2027-03-01 undecided in-negotiation
            """,
        ),
    ),
    story(
        "We end the relation from March, and take it up again in April",
        knowing(
            facts(ended_on=D(2027, 3, 1), certificates=(CERTIFIED,)),
            """
            2027-02-01 preferred certified
            2027-03-01 ineligible relation-ended
            2027-07-04 ineligible relation-ended ! certificate-ending
            2028-01-01 ineligible relation-ended
            """,
        ),
        knowing(
            facts(certificates=(CERTIFIED,)),
            """
            2027-04-01 preferred certified
            2027-07-04 preferred certified ! certificate-ending
            2028-01-01 undecided decision-needed
            """,
        ),
    ),
)
