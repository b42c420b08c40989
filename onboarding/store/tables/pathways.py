"""Pathways, what was agreed in each version, holds and amendments."""

from sqlalchemy import Index, TextClause, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from onboarding.store.database import Base
from onboarding.store.tables.columns import (
    Code,
    Day,
    Hash,
    Instant,
    Json,
    JsonList,
    Key,
    Line,
    Prose,
    ToPathway,
    ToPerson,
    ToRelation,
)

NOT_OVER = text("state NOT IN ('completed', 'declined', 'stopped')")

PROPOSED = text("state = 'proposed'")
COMPLETED = text("state = 'completed'")
HELD = text("hold_ends_on IS NOT NULL")


def _of_some(day: str, which: TextClause) -> Index:
    """By day, of the few for which that day brings something."""
    return Index(f"ix_pathways_{day}", day, sqlite_where=which, postgresql_where=which)


class PathwayRow(Base):
    """A pathway as it stands; at most one per relation is not over.

    While it is negotiated, `steps` holds the steps on the table (as JSON, days included),
    `signature` who put them there for its side, `note` what was said with them, and `revision`
    rises with each text, draft or not; once agreed, milestones hold the steps and
    `version_number` names the last version both agreed. `window_left` is the days left of the
    window when the supplier last got or gave the turn, None before the first hand-over.
    """

    __tablename__ = "pathways"
    __table_args__ = (
        Index(
            "uq_pathways_one_not_over",
            "relation_id",
            unique=True,
            sqlite_where=NOT_OVER,
            postgresql_where=NOT_OVER,
        ),
        _of_some("turn_since_on", PROPOSED),
        _of_some("window_ends_on", PROPOSED),
        _of_some("starts_on", COMPLETED),
        _of_some("hold_ends_on", HELD),
    )

    id: Mapped[Key]
    relation_id: Mapped[ToRelation]
    state: Mapped[Code]
    template: Mapped[Code | None]
    template_version: Mapped[int | None]
    target: Mapped[Code | None]
    starts_on: Mapped[Day]
    steps: Mapped[JsonList]
    signature: Mapped[Json | None]
    note: Mapped[Prose | None]
    contract: Mapped[Line | None]
    revision: Mapped[int] = mapped_column(default=1)
    version_number: Mapped[int] = mapped_column(default=0)
    drafted_on: Mapped[Day]
    proposed_on: Mapped[Day | None]
    proposed_at: Mapped[Instant | None]
    turn_since_on: Mapped[Day]
    window_ends_on: Mapped[Day | None]
    window_left: Mapped[int | None]
    agreed_on: Mapped[Day | None]
    cure_working_days: Mapped[int | None]
    hold_starts_on: Mapped[Day | None]
    hold_ends_on: Mapped[Day | None]
    over_on: Mapped[Day | None]
    over_by: Mapped[Code | None]
    over_reason: Mapped[Prose | None]


class PathwayVersionRow(Base):
    """What both sides agreed, unchangeable: canonical JSON and its SHA-256.

    Who agreed stands here by id and function, with day and channel, for each side. Since
    `redacted_at` a text that held personal data is no longer in it; the hash stays as it was.
    """

    __tablename__ = "pathway_versions"
    __table_args__ = (UniqueConstraint("pathway_id", "number"),)

    id: Mapped[Key]
    pathway_id: Mapped[ToPathway]
    number: Mapped[int]
    content: Mapped[Prose]
    content_sha256: Mapped[Hash]
    agreed_at: Mapped[Instant]
    agreed_on: Mapped[Day]
    for_buyer: Mapped[Json]
    for_supplier: Mapped[Json]
    redacted_at: Mapped[Instant | None]


class HoldRow(Base):
    """A pause asked for, and what came of it; `moved` lists the days it moved."""

    __tablename__ = "holds"

    id: Mapped[Key]
    pathway_id: Mapped[ToPathway]
    state: Mapped[Code] = mapped_column(index=True)
    asked_by: Mapped[Code]
    asked_on: Mapped[Day]
    reason: Mapped[Prose]
    starts_on: Mapped[Day]
    ends_on: Mapped[Day]
    answered_on: Mapped[Day | None]
    answer: Mapped[Prose | None]
    ended_on: Mapped[Day | None]
    moved: Mapped[JsonList]


class AmendmentRow(Base):
    """A change of what was agreed, proposed by one side; at most one is open per pathway."""

    __tablename__ = "amendments"
    __table_args__ = (
        Index(
            "uq_amendments_one_open",
            "pathway_id",
            unique=True,
            sqlite_where=text("answered_on IS NULL"),
            postgresql_where=text("answered_on IS NULL"),
        ),
    )

    id: Mapped[Key]
    pathway_id: Mapped[ToPathway]
    state: Mapped[Code]
    proposed_by: Mapped[Code]
    proposed_on: Mapped[Day]
    turn_since_on: Mapped[Day]
    reason: Mapped[Prose]
    revision: Mapped[int] = mapped_column(default=1)
    target: Mapped[Code | None]
    template: Mapped[Code | None]
    template_version: Mapped[int | None]
    steps: Mapped[JsonList]
    touches: Mapped[JsonList]
    signature: Mapped[Json]
    answered_on: Mapped[Day | None]
    answered_by: Mapped[ToPerson | None]
    answer: Mapped[Prose | None]
