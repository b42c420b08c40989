"""What the publishing of a policy prepared: read by nobody before its draft has an instant.

It stands among the other assessments from the start, without an instant of its own. From the
moment in which its draft gets one, it is each supplier's last, for all at once; written into
their rows it is later, in batches (`store/prepared.py`).
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, func, select

from onboarding.store.tables import PolicyDraftRow, RelationRow

DRAFTS = PolicyDraftRow.__table__


def known_from(assessment: Any) -> ColumnElement[datetime]:
    """The instant from which an assessment counts; none while nobody may read it.

    `assessment` has the columns of the table or of an alias of it. The draft is looked up only
    for what was published just now.
    """
    of_draft = (
        select(DRAFTS.c.known_from)
        .where(DRAFTS.c.id == assessment.draft_id)
        .correlate_except(DRAFTS)
        .scalar_subquery()
    )
    return func.coalesce(assessment.known_from, of_draft)


# The last assessment of a relation, as everybody reads it.
LAST_ASSESSMENT: ColumnElement[int | None] = case(
    (RelationRow.prepared_assessment_id.is_(None), RelationRow.assessment_id),
    (
        RelationRow.prepared_draft_id.in_(
            select(DRAFTS.c.id).where(DRAFTS.c.known_from.is_not(None)).correlate(None)
        ),
        RelationRow.prepared_assessment_id,
    ),
    else_=RelationRow.assessment_id,
)
