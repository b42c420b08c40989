"""The divisions that buy from one supplier: one added, changed or taken away on its page."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.divisions import DivisionLine, with_line
from onboarding.domain.errors import InputInvalid, NotFound
from onboarding.domain.people import Actor, Duty
from onboarding.domain.suppliers import CreditorNumber, clean_line
from onboarding.services.suppliers import change_supplier
from onboarding.store.contacts import names_of
from onboarding.store.divisions import lines_by_id
from onboarding.store.relations import lock_visible_relation, visible_relation
from onboarding.store.suppliers import creditor_numbers_of, lock_customer
from onboarding.store.tables import RelationRow


@dataclass(frozen=True, slots=True, kw_only=True)
class DivisionView:
    """A line as a page shows it; `numbers` are those of its division's books."""

    id: int
    line: DivisionLine
    buyer: str | None
    numbers: tuple[str, ...]


def list_divisions(session: Session, actor: Actor, relation_id: int) -> list[DivisionView]:
    """The lines of a supplier, the highest spend first. Raises NotFound."""
    actor.must(Duty.READ)
    visible_relation(session, actor, relation_id)
    lines = lines_by_id(session, relation_id)
    names = names_of(session, [one.buyer_id for one in lines.values() if one.buyer_id])
    held = creditor_numbers_of(session, [relation_id])[relation_id]
    return [
        DivisionView(
            id=line_id,
            line=line,
            buyer=names.get(line.buyer_id or 0),
            numbers=tuple(one.number for one in held if one.division == line.division),
        )
        for line_id, line in lines.items()
    ]


def read_division(
    session: Session, actor: Actor, relation_id: int, division_id: int
) -> DivisionView:
    """Raises NotFound."""
    for view in list_divisions(session, actor, relation_id):
        if view.id == division_id:
            return view
    raise NotFound(division=division_id)


def save_division(
    session: Session,
    actor: Actor,
    moment: Moment,
    relation_id: int,
    line: DivisionLine,
    numbers: Iterable[str],
    *,
    division_id: int | None = None,
    seen: int | None = None,
) -> RelationRow:
    """Add a line, or put it in the place of the one with this id, with its division's numbers.

    `seen` is the supplier's revision that the actor looked at. Raises InputInvalid, NotFound,
    VersionOutdated.
    """
    row = _locked(session, actor, relation_id)
    lines = lines_by_id(session, relation_id)
    old = _of(lines, division_id) if division_id is not None else None
    line = clean_line(line)
    if line.says_nothing():
        raise InputInvalid(field="division", reason="required")
    stands = tuple(lines.values())
    changed = with_line(stands, line, instead_of=old.key if old else None)
    given = {CreditorNumber(line.division, number) for number in numbers}
    theirs = {line.division}
    if old is not None and not any(one.division == old.division for one in changed):
        theirs.add(old.division)  # renamed: its numbers go along
    held = creditor_numbers_of(session, [row.id])[row.id]
    kept = [one for one in held if one.division not in theirs]
    values = {"divisions": changed, "creditor_numbers": [*kept, *given]}
    return change_supplier(session, actor, moment, row.id, values, seen)


def remove_division(
    session: Session, actor: Actor, moment: Moment, relation_id: int, division_id: int
) -> DivisionLine:
    """Take a line away; its division's creditor numbers stay, for invoices still come."""
    row = _locked(session, actor, relation_id)
    lines = lines_by_id(session, relation_id)
    gone = _of(lines, division_id)
    kept = [line for line in lines.values() if line.key != gone.key]
    change_supplier(session, actor, moment, row.id, {"divisions": kept})
    return gone


def _locked(session: Session, actor: Actor, relation_id: int) -> RelationRow:
    """The supplier, locked as `change_supplier` does before its lines are read."""
    actor.must(Duty.BUY)
    visible_relation(session, actor, relation_id)
    lock_customer(session, actor.customer_id)
    return lock_visible_relation(session, actor, relation_id)


def _of(lines: dict[int, DivisionLine], division_id: int) -> DivisionLine:
    if division_id not in lines:
        raise NotFound(division=division_id)
    return lines[division_id]
