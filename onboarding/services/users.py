"""Users of the customer's side: invited by an administrator, with roles that can be changed."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.access import INVITED_USER_LASTS, LinkPurpose
from onboarding.domain.errors import InputInvalid, NotFound
from onboarding.domain.identifiers import email_from, name_from
from onboarding.domain.people import Actor, Duty, Role, Side
from onboarding.domain.users import RoleGiven, change_roles
from onboarding.services.colleagues import let_go
from onboarding.services.links import Entry, drop_links, mail_link, make_link
from onboarding.services.mail.agenda_feeds import Whose, end_feeds
from onboarding.services.sessions import close_sessions_of, roles_of
from onboarding.store.contacts import person_for
from onboarding.store.history import Record, append
from onboarding.store.suppliers import BUYERS, lock_customer
from onboarding.store.tables import MembershipRow, PersonRow


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Somebody with roles in the organisation, as the list shows them."""

    person_id: int
    name: str
    email: str
    phone: str
    roles: frozenset[Role]
    has_password: bool


def list_users(session: Session, actor: Actor) -> list[User]:
    """The organisation's users by name."""
    actor.must(Duty.ADMINISTER)
    roles: defaultdict[int, set[Role]] = defaultdict(set)
    people: dict[int, PersonRow] = {}
    found = session.execute(
        select(PersonRow, MembershipRow.role)
        .join(MembershipRow, MembershipRow.person_id == PersonRow.id)
        .where(MembershipRow.organisation_id == actor.customer_id, MembershipRow.ended_at.is_(None))
        .order_by(PersonRow.name, PersonRow.id)
    )
    for person, role in found:
        people[person.id] = person
        roles[person.id].add(Role(role))
    return [_user(person, frozenset(roles[person.id])) for person in people.values()]


def get_user(session: Session, actor: Actor, person_id: int) -> User:
    """One user of the actor's organisation, also one whose roles were all taken."""
    actor.must(Duty.ADMINISTER)
    is_ours = session.scalar(
        select(MembershipRow.id)
        .where(
            MembershipRow.organisation_id == actor.customer_id,
            MembershipRow.person_id == person_id,
        )
        .limit(1)
    )
    if is_ours is None:
        raise NotFound(person=person_id)
    return _user(
        session.get_one(PersonRow, person_id), roles_of(session, person_id, actor.customer_id)
    )


def invite_user(
    session: Session,
    actor: Actor,
    moment: Moment,
    entry: Entry,
    *,
    name: str,
    email: str,
    role: Role,
    locale: str = "nl",
) -> int:
    """Give somebody a role and mail a link to choose a password; returns who it is."""
    lock_customer(session, actor.customer_id)
    person = _person(session, moment, name=name, email=email, locale=locale)
    held = roles_of(session, person.id, actor.customer_id)
    if role in held:
        raise InputInvalid(field="email", reason="has-role", given=person.email)
    set_roles(session, actor, moment, person.id, held | {role}, is_new=True)
    if person.password_hash is None:
        mail_link(
            session,
            entry,
            moment,
            actor.customer_id,
            person.id,
            LinkPurpose.PASSWORD,
            lasts=INVITED_USER_LASTS,
        )
    return person.id


def set_roles(
    session: Session,
    actor: Actor,
    moment: Moment,
    person_id: int,
    wanted: frozenset[Role],
    *,
    is_new: bool = False,
    successor_id: int | None = None,
) -> None:
    """Have somebody hold these roles and no other; without any they are let out at once.

    Whoever may not buy any more hands its suppliers to `successor_id`. Raises InputInvalid.
    """
    lock_customer(session, actor.customer_id)
    if not is_new:
        get_user(session, actor, person_id)
    rows = list(
        session.scalars(
            select(MembershipRow).where(
                MembershipRow.organisation_id == actor.customer_id,
                MembershipRow.ended_at.is_(None),
            )
        )
    )
    administrators = frozenset(row.person_id for row in rows if row.role == Role.ADMIN)
    held = frozenset(Role(row.role) for row in rows if row.person_id == person_id)
    if not is_new and not wanted.intersection(BUYERS):
        let_go(session, actor, moment, person_id, successor_id)
    record = Record(actor=actor, moment=moment, is_shared=False)
    for change in change_roles(person_id, held, wanted, actor, administrators):
        if isinstance(change, RoleGiven):
            _give(session, actor.customer_id, person_id, change.role, moment)
        else:
            for row in rows:
                if row.person_id == person_id and row.role == change.role:
                    row.ended_at = moment.now
        append(session, change, record)
    if not wanted:
        drop_links(session, moment.now, person_id, LinkPurpose.PASSWORD)
        close_sessions_of(session, person_id, Side.BUYER)
    if not wanted.intersection(BUYERS):
        whose = Whose(person_id=person_id, side=Side.BUYER, customer_id=actor.customer_id)
        end_feeds(session, moment.now, whose)


def create_user(
    session: Session,
    moment: Moment,
    entry: Entry,
    customer_id: int,
    *,
    email: str,
    role: Role,
    name: str | None = None,
    locale: str = "nl",
) -> tuple[bool, str]:
    """An operator lets somebody in: the token of a link to choose a password.

    Also for somebody who has the role already, which the first value tells. Nothing is mailed.
    """
    address = email_from(email)
    person = _person(
        session, moment, name=name or address.partition("@")[0], email=address, locale=locale
    )
    is_new = role not in roles_of(session, person.id, customer_id)
    if is_new:
        _give(session, customer_id, person.id, role, moment)
        operator = Actor(customer_id=customer_id, person_id=None, side=Side.BUYER)
        record = Record(actor=operator, moment=moment, is_shared=False)
        append(session, RoleGiven(person_id=person.id, role=role), record)
    _, token = make_link(session, entry, person.id, LinkPurpose.PASSWORD, lasts=INVITED_USER_LASTS)
    return is_new, token


def _give(session: Session, customer_id: int, person_id: int, role: Role, moment: Moment) -> None:
    """The role, or the same one that had ended."""
    row = session.scalars(
        select(MembershipRow).where(
            MembershipRow.organisation_id == customer_id,
            MembershipRow.person_id == person_id,
            MembershipRow.role == role,
        )
    ).first()
    if row is None:
        row = MembershipRow(person_id=person_id, organisation_id=customer_id, role=role)
        session.add(row)
    row.started_at, row.ended_at = moment.now, None
    session.flush()


def _person(session: Session, moment: Moment, *, name: str, email: str, locale: str) -> PersonRow:
    return person_for(
        session,
        moment,
        email=email_from(email),
        name=name_from(name),
        phone=None,
        locale=locale,
    )


def _user(person: PersonRow, roles: frozenset[Role]) -> User:
    return User(
        person_id=person.id,
        name=person.name,
        email=person.email or "",
        phone=person.phone or "",
        roles=roles,
        has_password=person.password_hash is not None,
    )
