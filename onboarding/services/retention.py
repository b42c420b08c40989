"""Retention periods: files and texts of mails go some months after the pathway that they served."""

from collections import Counter

from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.plans import add_months
from onboarding.services.evidence import forget_file
from onboarding.store import retention
from onboarding.store.evidence import EvidenceFiles

OVER = "retention-over"


def let_go(
    session: Session, files: EvidenceFiles, moment: Moment, *, files_months: int, mails_months: int
) -> Counter[str]:
    """Remove what was kept for so many months after its pathway; 0 months is without end.

    Some hundred at a time. That there was a file or a mail, whose, when and about what, stays.
    """
    gone: Counter[str] = Counter()
    if files_months:
        before = add_months(moment.today, -files_months)
        for row, customer_id in retention.old_files(session, before):
            forget_file(session, files, moment, row, customer_id, OVER)
            gone["files past their retention period"] += 1
    if mails_months:
        before = add_months(moment.today, -mails_months)
        gone["mail texts past their retention period"] += retention.forget_old_texts(
            session, before
        )
        retention.forget_incoming(session, before)
    return gone
