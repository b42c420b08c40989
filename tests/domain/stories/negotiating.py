"""Stories about proposals, windows, and what happens when nothing is agreed."""

from dataclasses import replace
from datetime import date

from onboarding.domain.pathways import PathwayState, Window
from onboarding.domain.people import Side
from onboarding.domain.policy import Level
from tests.build import (
    TODAY,
    a_certificate,
    a_pathway,
    a_policy,
    a_proposal,
    facts,
    policies,
)
from tests.domain.stories.telling import knowing, story

D = date
CLOCK = policies(clock_decides=True)
WINDOW = Window().begun(TODAY, 60)
PAUSED = WINDOW.to_buyer(D(2027, 2, 11))
RESUMED = PAUSED.to_supplier(D(2027, 3, 1))
COUNTERED = a_proposal(state=PathwayState.COUNTERED)  # the end of its window does not count
DECLINED = a_pathway(
    state=PathwayState.DECLINED, over_on=D(2027, 2, 5), over_by=Side.SUPPLIER, milestones=()
)
STOPPED = replace(DECLINED, state=PathwayState.STOPPED)
AGAIN = a_proposal(id=2, proposed_on=D(2027, 3, 1), window_ends_on=D(2027, 4, 30))

NOT_SAID = replace(DECLINED, end_stands=False)
BASIS = a_certificate(
    level=Level.BASIS, starts_on=D(2027, 1, 4), ends_on=D(2028, 12, 31), verified_on=D(2027, 1, 11)
)

STORIES = (
    story(
        "We wrote down that it declines; it never said so, and is answered: it did",
        knowing(facts(pathways=(DECLINED,)), "2027-02-05 ineligible no-pathway"),
        knowing(facts(pathways=(NOT_SAID,)), "2027-02-08 undecided in-negotiation"),
        knowing(facts(pathways=(DECLINED,)), "2027-02-11 ineligible no-pathway"),
        under=CLOCK,
    ),
    story(
        "It holds a lower certificate, and says that it did not stop as we wrote down",
        knowing(
            facts(pathways=(STOPPED,), certificates=(BASIS,)),
            """
            2027-02-05 undecided decision-needed
            2028-07-04 undecided decision-needed ! certificate-ending
            2029-01-01 undecided decision-needed
            """,
        ),
        knowing(
            facts(pathways=(replace(NOT_SAID, state=PathwayState.STOPPED),), certificates=(BASIS,)),
            """
            2027-02-08 conditional certified-below-required
            2028-07-04 conditional certified-below-required ! certificate-ending
            2029-01-01 undecided in-negotiation
            """,
        ),
    ),
    story(
        "We took it into the programme and have not proposed anything yet",
        knowing(facts(), "2027-02-01 undecided in-negotiation"),
        under=CLOCK,
    ),
    story(
        "We take it into the programme from the first of March",
        knowing(
            facts(enrolled_on=D(2027, 3, 1)),
            """
            2027-02-01 out-of-scope not-in-programme
            2027-03-01 undecided in-negotiation
            """,
        ),
    ),
    story(
        "We took it out of the programme again",
        knowing(facts(), "2027-02-01 undecided in-negotiation"),
        knowing(facts(enrolled_on=None), "2027-02-03 out-of-scope not-in-programme"),
    ),
    story(
        "Our proposal was never handed over: its window does not run",
        knowing(
            facts(pathways=(a_proposal(window_ends_on=None),)),
            "2027-02-01 undecided in-negotiation",
        ),
        under=CLOCK,
    ),
    story(
        "It does not answer our proposal within sixty days: a person decides",
        knowing(
            facts(pathways=(a_proposal(),)),
            """
            2027-02-01 undecided in-negotiation
            2027-04-03 undecided decision-needed
            """,
        ),
    ),
    story(
        "It does not answer within sixty days, and the clock decides",
        knowing(
            facts(pathways=(a_proposal(),)),
            """
            2027-02-01 undecided in-negotiation
            2027-04-03 ineligible no-pathway
            """,
        ),
        under=CLOCK,
    ),
    story(
        "Its counter-proposal lies with us for a year",
        knowing(
            facts(pathways=(COUNTERED,)),
            "2027-02-11 undecided in-negotiation",
        ),
        under=CLOCK,
    ),
    story(
        "Of sixty days it used ten, we used eighteen: fifty are left for it",
        knowing(
            facts(pathways=(a_proposal(window_ends_on=WINDOW.ends_on),)),
            """
            2027-02-01 undecided in-negotiation
            2027-04-03 ineligible no-pathway
            """,
        ),
        knowing(facts(pathways=(COUNTERED,)), "2027-02-11 undecided in-negotiation"),
        knowing(
            facts(pathways=(a_proposal(window_ends_on=RESUMED.ends_on),)),
            """
            2027-03-01 undecided in-negotiation
            2027-04-21 ineligible no-pathway
            """,
        ),
        under=CLOCK,
    ),
    story(
        "After the window it makes a counter-proposal all the same: our turn",
        knowing(
            facts(pathways=(a_proposal(),)),
            "2027-04-05 undecided decision-needed",
        ),
        knowing(facts(pathways=(COUNTERED,)), "2027-04-06 undecided in-negotiation"),
    ),
    story(
        "We withdraw our proposal to write it anew",
        knowing(
            facts(pathways=(a_proposal(state=PathwayState.DRAFT, window_ends_on=None),)),
            "2027-02-05 undecided in-negotiation",
        ),
        under=CLOCK,
    ),
    story(
        "It declines: a person decides",
        knowing(facts(pathways=(DECLINED,)), "2027-02-05 undecided decision-needed"),
    ),
    story(
        "It declines, and the clock decides",
        knowing(facts(pathways=(DECLINED,)), "2027-02-05 ineligible no-pathway"),
        under=CLOCK,
    ),
    story(
        "It declines the renewal pathway; when its certificate ends the clock decides",
        knowing(
            facts(
                pathways=(DECLINED,),
                certificates=(a_certificate(starts_on=D(2026, 4, 1), ends_on=D(2027, 3, 31)),),
            ),
            """
            2027-02-05 eligible certified ! certificate-ending
            2027-04-01 ineligible no-pathway
            """,
        ),
        under=CLOCK,
    ),
    story(
        "It declined, got its own certificate, and that has ended: a person decides",
        knowing(
            facts(
                pathways=(DECLINED,),
                certificates=(a_certificate(starts_on=D(2027, 2, 20), ends_on=D(2027, 6, 30)),),
            ),
            """
            2027-02-05 ineligible no-pathway
            2027-02-20 eligible certified ! certificate-ending
            2027-07-01 undecided decision-needed
            """,
        ),
        under=CLOCK,
    ),
    story(
        "It declined, and we propose something else",
        knowing(
            facts(pathways=(DECLINED, AGAIN)),
            """
            2027-03-01 undecided in-negotiation
            2027-05-01 undecided decision-needed
            """,
        ),
    ),
    story(
        "It stops with the pathway, and the clock decides",
        knowing(facts(pathways=(STOPPED,)), "2027-02-05 ineligible no-pathway"),
        under=CLOCK,
    ),
    story(
        "We stop the pathway ourselves: no clock decides about that",
        knowing(
            facts(pathways=(replace(STOPPED, over_by=Side.BUYER),)),
            "2027-02-05 undecided decision-needed",
        ),
        under=CLOCK,
    ),
    story(
        "All steps are done, but there is no certificate",
        knowing(
            facts(pathways=(replace(DECLINED, state=PathwayState.COMPLETED, over_by=None),)),
            "2027-02-05 undecided decision-needed",
        ),
        under=CLOCK,
    ),
    story(
        "The window is over for long when we let the clock decide, from May on",
        knowing(
            facts(pathways=(a_proposal(),)),
            """
            2027-02-01 undecided in-negotiation
            2027-04-03 undecided decision-needed
            2027-05-01 ineligible no-pathway
            """,
        ),
        under=policies(
            a_policy(), a_policy(version=2, starts_on=D(2027, 5, 1), clock_decides=True)
        ),
    ),
)
