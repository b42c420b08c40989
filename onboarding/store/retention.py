"""What is older than the retention periods: files, texts of mails, and notes of incoming mail."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time

from sqlalchemy import ColumnElement, Row, and_, delete, exists, or_, select, update
from sqlalchemy.orm import Session

from onboarding.store.tables import (
    CertificateRow,
    EvidenceRow,
    IncomingMailRow,
    MailRow,
    MessageRow,
    MilestoneRow,
    PathwayRow,
    RelationRow,
)

AT_ONCE = 500  # the next run goes on


def _is_over(before: date) -> ColumnElement[bool]:
    """All pathways of the relation ended before that day; one without any ended itself."""
    of_relation = PathwayRow.relation_id == RelationRow.id
    goes_on = exists().where(
        of_relation, or_(PathwayRow.over_on.is_(None), PathwayRow.over_on >= before)
    )
    return and_(
        ~goes_on,
        or_(
            exists().where(of_relation),
            and_(RelationRow.ended_on.is_not(None), RelationRow.ended_on < before),
        ),
    )


def old_files(session: Session, before: date) -> Sequence[Row[tuple[EvidenceRow, int]]]:
    """Files of pathways that ended before that day, with their customer's id.

    Those of no step follow all pathways of their supplier. What proves a certificate that was
    still valid on that day is not among them.
    """
    own_pathway = exists().where(
        MilestoneRow.id == EvidenceRow.milestone_id,
        PathwayRow.id == MilestoneRow.pathway_id,
        PathwayRow.over_on < before,
    )
    proves = exists().where(
        CertificateRow.id == EvidenceRow.certificate_id, CertificateRow.ends_on >= before
    )
    return session.execute(
        select(EvidenceRow, RelationRow.customer_id)
        .join(RelationRow, RelationRow.id == EvidenceRow.relation_id)
        .where(
            EvidenceRow.removed_at.is_(None),
            EvidenceRow.uploaded_on < before,
            or_(own_pathway, and_(EvidenceRow.milestone_id.is_(None), _is_over(before))),
            ~proves,
        )
        .order_by(EvidenceRow.id)
        .limit(AT_ONCE)
        .with_for_update(of=EvidenceRow, skip_locked=True)
    ).all()


def forget_old_texts(session: Session, before: date) -> int:
    """Blank the bytes of mails that only tell of pathways that ended before that day.

    Returns of how many. Whom, when and about what stays; what was not sent yet is left alone.
    """
    lives = exists().where(
        MessageRow.mail_id == MailRow.id,
        RelationRow.id == MessageRow.relation_id,
        ~_is_over(before),
    )
    own_lives = exists().where(RelationRow.id == MailRow.relation_id, ~_is_over(before))
    ids = session.scalars(
        select(MailRow.id)
        .where(
            MailRow.body.is_not(None),
            MailRow.created_at < _start_of(before),
            MailRow.state.not_in(("queued", "sending")),
            ~lives,
            ~own_lives,
        )
        .order_by(MailRow.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()
    session.execute(
        update(MailRow)
        .where(MailRow.id.in_(ids))
        .values(body=None)
        .execution_options(synchronize_session=False)
    )
    return len(ids)


def forget_incoming(session: Session, before: date) -> None:
    """Who answered when; what was said stands where it was brought."""
    session.execute(
        delete(IncomingMailRow)
        .where(IncomingMailRow.received_at < _start_of(before))
        .execution_options(synchronize_session=False)
    )


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)
