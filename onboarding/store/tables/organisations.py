"""Organisations, the people in them, and the relations between a customer and a supplier."""

from decimal import Decimal

from sqlalchemy import ForeignKey, Index, Numeric, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from onboarding.store.database import Base
from onboarding.store.tables.columns import (
    Code,
    Day,
    Hash,
    Instant,
    Key,
    Line,
    Prose,
    ToOrganisation,
    ToPerson,
    ToRelation,
)

ENDED = text("ended_on IS NOT NULL")


class OrganisationRow(Base):
    """A customer or a supplier; what a customer knows of a supplier stands in the relation.

    `history_length` and `history_sha256` are the head of the chain of what concerns the customer
    and no supplier of it (`store/seals.py`).
    """

    __tablename__ = "organisations"
    __table_args__ = (
        # Each look of the worker begins with the customers.
        Index(
            "ix_organisations_customers",
            "is_customer",
            sqlite_where=text("is_customer = 1"),
            postgresql_where=text("is_customer"),
        ),
    )

    id: Mapped[Key]
    name: Mapped[Line]
    is_customer: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[Instant]
    history_length: Mapped[int] = mapped_column(default=0)
    history_sha256: Mapped[Hash | None]


class PersonRow(Base):
    """Somebody with an address. The one place of a name: blanked, it is gone everywhere.

    `email` is stored in lower case. Only people on the customer's side have a password.
    `mail_refused_at` is set when the address was found not to exist. `mail_rhythm` is how often
    the person wants reminders (`domain/mail_choices.py`), `mail_rhythm_at` since when;
    `watch_rhythm` how often news of the suppliers that it follows.
    """

    __tablename__ = "persons"

    id: Mapped[Key]
    email: Mapped[str | None] = mapped_column(String(254), unique=True)
    name: Mapped[Line]
    phone: Mapped[str | None] = mapped_column(String(40))
    locale: Mapped[str] = mapped_column(String(5), default="nl")
    password_hash: Mapped[str | None] = mapped_column(String(250))
    mail_refused_at: Mapped[Instant | None]
    mail_rhythm: Mapped[Code] = mapped_column(default="usual")
    mail_rhythm_at: Mapped[Instant | None]
    watch_rhythm: Mapped[Code] = mapped_column(default="daily", server_default="daily")
    created_at: Mapped[Instant]


class MembershipRow(Base):
    """A role that a person holds in a customer organisation."""

    __tablename__ = "memberships"
    __table_args__ = (UniqueConstraint("person_id", "organisation_id", "role"),)

    id: Mapped[Key]
    person_id: Mapped[ToPerson]
    organisation_id: Mapped[ToOrganisation]
    role: Mapped[Code]
    started_at: Mapped[Instant]
    ended_at: Mapped[Instant | None]


class RelationRow(Base):
    """A customer and one of its suppliers: the unit of access, pathway and status.

    The row is locked before a writer loads the relation's facts. `id` is the tool's own number in
    the outside contract (`id-17`). `revision` is raised by every change of the supplier's data.
    `assessment_id` is the last assessment; `contact_on` the last day of contact. `next_on` is the
    day of what comes next, derived and kept with every change, so that lists can be sorted by it;
    `status` with its days is one period of the last assessment (`store/current_status.py`), and
    `status_changes_on` the first day to come that brings another status.
    `prepared_assessment_id` was prepared for the policy of `prepared_draft_id`, and is the last
    assessment once that is published (`store/published.py`).
    `sort_name` and `sort_city` are folded, to sort and search by. `foreign_number` is that of
    its own country's register, for one from abroad. `division`, `contract` and `spend` are those
    of the whole, written with its lines (`DivisionRow`). `history_length` and `history_sha256`
    are the head of the chain of its history (`store/seals.py`).
    """

    __tablename__ = "relations"
    __table_args__ = (
        UniqueConstraint("customer_id", "kvk_number"),
        # Lists of programs go on after an id.
        Index("ix_relations_customer_id_id", "customer_id", "id"),
        Index("ix_relations_customer_id_sort_name", "customer_id", "sort_name", "id"),
        # The list counts its suppliers by status from this index alone.
        Index(
            "ix_relations_customer_id_status",
            "customer_id",
            "status",
            "status_starts_on",
            "status_ends_on",
            "spend",
        ),
        # Whose noted status is over is found without looking at the others.
        Index("ix_relations_customer_id_status_ends_on", "customer_id", "status_ends_on"),
        Index("ix_relations_ended_on", "ended_on", sqlite_where=ENDED, postgresql_where=ENDED),
    )

    id: Mapped[Key]
    customer_id: Mapped[ToOrganisation]
    supplier_id: Mapped[ToOrganisation]
    name: Mapped[Line]
    sort_name: Mapped[Line]
    kvk_number: Mapped[str | None] = mapped_column(String(8))
    country: Mapped[str] = mapped_column(String(2), default="NL")
    foreign_number: Mapped[str | None] = mapped_column(String(40))
    city: Mapped[Line | None]
    sort_city: Mapped[Line | None]
    category: Mapped[Line | None]
    division: Mapped[Line | None]
    spend: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))
    contract: Mapped[Line | None]
    alternative: Mapped[Prose | None]
    has_no_alternative: Mapped[bool] = mapped_column(default=False)
    buyer_id: Mapped[ToPerson | None]
    enrolled_on: Mapped[Day | None]
    ended_on: Mapped[Day | None]
    contact_on: Mapped[Day | None]
    next_on: Mapped[Day | None]
    status_changes_on: Mapped[Day | None] = mapped_column(index=True)
    revision: Mapped[int] = mapped_column(default=1)
    assessment_id: Mapped[int | None] = mapped_column(index=True)
    prepared_assessment_id: Mapped[int | None]
    prepared_draft_id: Mapped[int | None]
    status: Mapped[Code | None]
    status_starts_on: Mapped[Day | None]
    status_ends_on: Mapped[Day | None]
    created_at: Mapped[Instant]
    created_on: Mapped[Day]
    history_length: Mapped[int] = mapped_column(default=0)
    history_sha256: Mapped[Hash | None]


class FormerKvkNumberRow(Base):
    """A number the supplier had before, which still leads to it."""

    __tablename__ = "former_kvk_numbers"
    __table_args__ = (UniqueConstraint("relation_id", "kvk_number"),)

    id: Mapped[Key]
    relation_id: Mapped[ToRelation]
    kvk_number: Mapped[str] = mapped_column(String(8), index=True)
    until_on: Mapped[Day]


class CreditorNumberRow(Base):
    """How a division's books know the supplier; the same number may occur in two divisions."""

    __tablename__ = "creditor_numbers"
    __table_args__ = (UniqueConstraint("relation_id", "division", "number"),)

    id: Mapped[Key]
    relation_id: Mapped[ToRelation]
    division: Mapped[Line] = mapped_column(default="", index=True)
    number: Mapped[str] = mapped_column(String(40), index=True)


class ContactRow(Base):
    """Somebody on the supplier's side of one relation.

    `function` is what the person is there (director, office manager); a signatory needs one.
    `doubted_at` is when the person said not to be the right one; reminders wait until a buyer
    has answered that.
    """

    __tablename__ = "contacts"
    __table_args__ = (UniqueConstraint("relation_id", "person_id"),)

    id: Mapped[Key]
    relation_id: Mapped[ToRelation]
    person_id: Mapped[ToPerson]
    role: Mapped[Code]
    function: Mapped[Line | None]
    is_main: Mapped[bool] = mapped_column(default=False)
    invited_at: Mapped[Instant]
    retired_at: Mapped[Instant | None]
    doubted_at: Mapped[Instant | None]


class ContactAbsenceRow(Base):
    """From its first day to its last a contact is away, and another contact stands in.

    `ended_on` is the day from which it holds no more, where it was called off.
    """

    __tablename__ = "contact_absences"

    id: Mapped[Key]
    relation_id: Mapped[ToRelation]
    person_id: Mapped[ToPerson]
    deputy_id: Mapped[ToPerson]
    starts_on: Mapped[Day]
    ends_on: Mapped[Day]
    made_on: Mapped[Day]
    ended_on: Mapped[Day | None]


class SnoozeRow(Base):
    """A buyer sends no reminders until after a day: about one step, or none at all."""

    __tablename__ = "snoozes"

    id: Mapped[Key]
    relation_id: Mapped[ToRelation]
    milestone_id: Mapped[int | None] = mapped_column(ForeignKey("milestones.id"), index=True)
    until_on: Mapped[Day]
    reason: Mapped[Prose]
    made_on: Mapped[Day]
    ended_on: Mapped[Day | None]


class ClosureRow(Base):
    """Days on which a supplier is closed; cure periods run past them."""

    __tablename__ = "closures"

    id: Mapped[Key]
    relation_id: Mapped[ToRelation]
    starts_on: Mapped[Day]
    ends_on: Mapped[Day]
