"""Stories about certificates, recognitions and renewals."""

from datetime import date

from onboarding.domain.certificates import CertificateState
from onboarding.domain.pathways import PathwayState
from onboarding.domain.people import Side
from onboarding.domain.policy import Level
from tests.build import (
    KVK,
    OTHER_KVK,
    a_certificate,
    a_pathway,
    a_policy,
    a_recognition,
    a_renewal,
    facts,
    imported_facts,
    policies,
)
from tests.domain.stories.telling import knowing, story

D = date
BASIS = {"level": Level.BASIS}
DECLINED = {"state": PathwayState.DECLINED, "over_by": Side.SUPPLIER, "milestones": ()}
ENDING = a_certificate(starts_on=D(2025, 4, 1), ends_on=D(2027, 3, 31))
HIGHER = policies(
    a_policy(),
    a_policy(
        version=2,
        starts_on=D(2027, 7, 1),
        required_level=Level.TREDE_2,
        preferred_level=Level.TREDE_3,
    ),
)

STORIES = (
    story(
        "We only imported it: nothing is asked",
        knowing(imported_facts(), "2027-02-01 out-of-scope not-in-programme"),
    ),
    story(
        "It says that it has a certificate, and nobody has looked yet",
        knowing(
            imported_facts(certificates=(a_certificate(state=CertificateState.REPORTED),)),
            "2027-02-01 out-of-scope not-in-programme",
        ),
    ),
    story(
        "We find the certificate in the register, and two years later it ends",
        knowing(
            imported_facts(certificates=(a_certificate(verified_on=D(2027, 2, 3)),)),
            """
            2027-02-01 out-of-scope not-in-programme
            2027-02-03 eligible certified
            2028-07-04 eligible certified ! certificate-ending
            2029-01-01 undecided decision-needed
            """,
        ),
    ),
    story(
        "The certificate is verified before its first day",
        knowing(
            facts(
                certificates=(a_certificate(starts_on=D(2027, 3, 1), verified_on=D(2027, 2, 1)),)
            ),
            """
            2027-02-01 undecided in-negotiation
            2027-03-01 eligible certified
            2028-07-04 eligible certified ! certificate-ending
            2029-01-01 undecided decision-needed
            """,
        ),
    ),
    story(
        "What we could not find in the register is rejected",
        knowing(
            facts(certificates=(a_certificate(state=CertificateState.REJECTED),)),
            "2027-02-01 undecided in-negotiation",
        ),
    ),
    story(
        "Trede 2 is what we like best",
        knowing(
            facts(certificates=(a_certificate(level=Level.TREDE_2, ends_on=D(2027, 5, 31)),)),
            """
            2027-02-01 preferred certified ! certificate-ending
            2027-06-01 undecided decision-needed
            """,
        ),
    ),
    story(
        "30+ is always what we like best, whatever level we prefer",
        knowing(
            facts(
                certificates=(a_certificate(level=Level.TREDE_2, thirty_plus=True, id=2),),
            ),
            """
            2027-02-01 preferred certified
            2028-07-04 preferred certified ! certificate-ending
            2029-01-01 undecided decision-needed
            """,
        ),
        under=policies(preferred_level=Level.TREDE_3),
    ),
    story(
        "A bakery is recognised as a social enterprise, and we forget to look again",
        knowing(
            imported_facts(recognitions=(a_recognition(recheck_on=D(2028, 1, 4)),)),
            """
            2027-02-01 preferred recognised
            2028-01-05 preferred recognised ! recheck-due
            """,
        ),
    ),
    story(
        "The proof of the recognition says when it ends",
        knowing(
            imported_facts(recognitions=(a_recognition(ends_on=D(2027, 6, 30)),)),
            """
            2027-02-01 preferred recognised
            2027-07-01 undecided in-negotiation
            """,
        ),
    ),
    story(
        "A recognition turns out not to hold any more",
        knowing(
            facts(recognitions=(a_recognition(revoked_on=D(2027, 3, 1)),)),
            """
            2027-02-01 preferred recognised
            2027-03-01 undecided in-negotiation
            """,
        ),
    ),
    story(
        "The certificate is for the sister company",
        knowing(
            facts(
                certificates=(
                    a_certificate(
                        covered_kvk_numbers=frozenset({OTHER_KVK}), ends_on=D(2027, 12, 31)
                    ),
                )
            ),
            """
            2027-02-01 undecided in-negotiation ! certificate-covers-other-number
            2028-01-01 undecided in-negotiation
            """,
        ),
    ),
    story(
        "After a takeover it has another number, and the certificate has the old one",
        knowing(
            imported_facts(
                kvk_number=KVK,
                former_kvk_numbers=(OTHER_KVK,),
                certificates=(
                    a_certificate(
                        covered_kvk_numbers=frozenset({OTHER_KVK}), ends_on=D(2027, 12, 31)
                    ),
                ),
            ),
            """
            2027-02-01 undecided in-negotiation ! certificate-covers-other-number
            2028-01-01 undecided decision-needed
            """,
        ),
    ),
    story(
        "A foreign supplier has no number that a certificate could miss",
        knowing(
            facts(kvk_number=None, certificates=(a_certificate(ends_on=D(2027, 2, 28)),)),
            """
            2027-02-01 eligible certified ! certificate-ending
            2027-03-01 undecided decision-needed
            """,
        ),
    ),
    story(
        "A Basistrede is less than we ask, but something",
        knowing(
            facts(certificates=(a_certificate(**BASIS),)),
            """
            2027-02-01 conditional certified-below-required
            2028-07-04 conditional certified-below-required ! certificate-ending
            2029-01-01 undecided decision-needed
            """,
        ),
    ),
    story(
        "With a Basistrede it declines our pathway",
        knowing(
            facts(
                certificates=(a_certificate(**BASIS, ends_on=D(2027, 3, 31)),),
                pathways=(a_pathway(**DECLINED, over_on=D(2027, 2, 5)),),
            ),
            """
            2027-02-01 conditional certified-below-required ! certificate-ending
            2027-02-05 undecided decision-needed ! certificate-ending
            2027-04-01 undecided decision-needed
            """,
        ),
    ),
    story(
        "After it declined it comes with a Basistrede all the same",
        knowing(
            facts(
                certificates=(
                    a_certificate(**BASIS, verified_on=D(2027, 2, 10), ends_on=D(2027, 3, 31)),
                ),
                pathways=(a_pathway(**DECLINED, over_on=D(2027, 2, 5)),),
            ),
            """
            2027-02-09 undecided decision-needed
            2027-02-10 conditional certified-below-required ! certificate-ending
            2027-04-01 undecided decision-needed
            """,
        ),
    ),
    story(
        "The pathway led to Aspirant, as agreed, so that is enough",
        knowing(
            facts(
                certificates=(a_certificate(level=Level.ASPIRANT, pathway_target=Level.ASPIRANT),)
            ),
            """
            2027-02-01 eligible certified
            2028-07-04 eligible certified ! aspirant-ending
            2029-01-01 undecided decision-needed
            """,
        ),
    ),
    story(
        "The certificate is revoked",
        knowing(
            facts(
                certificates=(
                    a_certificate(
                        state=CertificateState.REVOKED,
                        ends_on=D(2028, 12, 31),
                        revoked_on=D(2027, 3, 1),
                    ),
                )
            ),
            """
            2027-02-01 eligible certified ! certificate-ending
            2027-03-01 undecided decision-needed
            """,
        ),
    ),
    story(
        "We ask more from July: who has Trede 1 holds less than required",
        knowing(
            facts(certificates=(a_certificate(ends_on=D(2027, 12, 31)),)),
            """
            2027-02-01 eligible certified
            2027-07-01 conditional certified-below-required
            2027-07-04 conditional certified-below-required ! certificate-ending
            2028-01-01 undecided decision-needed
            """,
        ),
        under=HIGHER,
    ),
    story(
        "We ask more from July: who agreed Trede 1 with us keeps it",
        knowing(
            facts(
                certificates=(a_certificate(ends_on=D(2027, 12, 31), pathway_target=Level.TREDE_1),)
            ),
            """
            2027-02-01 eligible certified
            2027-07-04 eligible certified ! certificate-ending
            2028-01-01 undecided decision-needed
            """,
        ),
        under=HIGHER,
    ),
    story(
        "The renewal lies with us, however long",
        knowing(
            facts(certificates=(ENDING,), renewals=(a_renewal(),)),
            """
            2027-03-01 eligible certified ! certificate-ending
            2027-04-01 conditional renewal-under-way
            """,
        ),
    ),
    story(
        "A renewal of the sister company's certificate carries nothing",
        knowing(
            facts(
                certificates=(
                    a_certificate(
                        starts_on=D(2025, 4, 1),
                        ends_on=D(2027, 3, 31),
                        covered_kvk_numbers=frozenset({OTHER_KVK}),
                    ),
                ),
                renewals=(a_renewal(certificate_id=1, accepted_on=D(2027, 3, 5)),),
            ),
            """
            2027-03-05 undecided in-negotiation ! certificate-covers-other-number
            2027-04-01 undecided in-negotiation
            """,
        ),
    ),
    story(
        "The renewal is under way, and takes longer than 90 days",
        knowing(
            facts(certificates=(ENDING,), renewals=(a_renewal(accepted_on=D(2027, 3, 5)),)),
            """
            2027-03-05 eligible certified ! certificate-ending
            2027-04-01 conditional renewal-under-way
            2027-06-30 undecided decision-needed
            """,
        ),
    ),
    story(
        "The certifying body puts the audit off until August",
        knowing(
            facts(
                certificates=(ENDING,),
                renewals=(a_renewal(accepted_on=D(2027, 3, 5), delayed_audit_on=D(2027, 8, 2)),),
            ),
            """
            2027-03-05 eligible certified ! certificate-ending
            2027-04-01 conditional renewal-under-way
            2027-09-02 undecided decision-needed
            """,
        ),
    ),
    story(
        "The renewal is reported the day after the certificate ended",
        knowing(
            facts(certificates=(ENDING,), renewals=(a_renewal(reported_on=D(2027, 4, 1)),)),
            "2027-04-01 undecided decision-needed",
        ),
    ),
    story(
        "The next certificate is there before the old one ends",
        knowing(
            facts(
                certificates=(
                    ENDING,
                    a_certificate(
                        id=2,
                        starts_on=D(2027, 4, 1),
                        ends_on=D(2029, 3, 31),
                        verified_on=D(2027, 3, 20),
                    ),
                ),
                renewals=(a_renewal(accepted_on=D(2027, 3, 5)),),
            ),
            """
            2027-03-20 eligible certified ! certificate-ending
            2027-04-01 eligible certified
            2028-10-02 eligible certified ! certificate-ending
            2029-04-01 undecided decision-needed
            """,
        ),
    ),
)
