"""What belongs to a customer as a whole: policies, templates, imports; and the demo's date."""

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from onboarding.store.database import Base
from onboarding.store.tables.columns import (
    Code,
    Day,
    Instant,
    Json,
    Key,
    Line,
    ToOrganisation,
    ToPerson,
)


class PolicyRow(Base):
    """One version of a customer's policy, never rewritten; `content` holds its fields."""

    __tablename__ = "policies"
    __table_args__ = (UniqueConstraint("customer_id", "version"),)

    id: Mapped[Key]
    customer_id: Mapped[ToOrganisation]
    version: Mapped[int]
    starts_on: Mapped[Day]
    content: Mapped[Json]
    published_at: Mapped[Instant]
    published_by: Mapped[ToPerson | None]


class TemplateRow(Base):
    """One version of a pathway template, never rewritten; the last of a code is the one to choose.

    `retired_at` on the last version says that it can be chosen no more. `title` is a code with
    words, or a manager's own text.
    """

    __tablename__ = "templates"
    __table_args__ = (UniqueConstraint("customer_id", "code", "version"),)

    id: Mapped[Key]
    customer_id: Mapped[ToOrganisation]
    code: Mapped[Code]
    version: Mapped[int]
    title: Mapped[Line]
    content: Mapped[Json]
    created_at: Mapped[Instant]
    created_by: Mapped[ToPerson | None]
    retired_at: Mapped[Instant | None]


class ImportRow(Base):
    """An uploaded list, read and previewed, waiting to be taken or dropped.

    `kind` tells of what: suppliers or certificates.
    """

    __tablename__ = "imports"

    id: Mapped[Key]
    customer_id: Mapped[ToOrganisation]
    person_id: Mapped[ToPerson]
    kind: Mapped[Code] = mapped_column(default="suppliers")
    file_name: Mapped[Line]
    content: Mapped[Json]
    made_at: Mapped[Instant]
    taken_at: Mapped[Instant | None]


class DemoClockRow(Base):
    """How far the demo's date runs ahead of the system's, in seconds; empty outside a demo."""

    __tablename__ = "demo_clock"

    id: Mapped[Key]
    offset_seconds: Mapped[int] = mapped_column(default=0)
