"""Files that go with a note, a question or an answer: whoever reads that sees them too."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.people import Actor
from onboarding.services.evidence import Kept, keep_upload
from onboarding.services.evidence_checks import Upload
from onboarding.store.evidence import EvidenceFiles
from onboarding.store.tables import EventRow


def enclose(
    session: Session,
    actor: Actor,
    moment: Moment,
    files: EvidenceFiles,
    event_id: int,
    uploads: Sequence[Upload],
) -> list[Kept]:
    """Keep files that were checked and declared clean with what was just written.

    In one with a number that could be a BSN its sender is asked first; till then only its own
    side has it.
    """
    event = session.get_one(EventRow, event_id)
    assert event.relation_id is not None
    return [
        keep_upload(
            session,
            actor,
            moment,
            files,
            event.relation_id,
            upload,
            is_declared_clean=True,
            milestone_id=event.milestone_id,
            event=event,
        )
        for upload in uploads
    ]
