"""Cells of a list that need more than one look: creditor numbers in several columns, yes and no."""

from collections.abc import Iterator, Mapping

from onboarding.domain.errors import InputInvalid
from onboarding.domain.suppliers import CreditorNumber, creditor_numbers_from

YES = frozenset({"ja", "j", "yes", "y", "x", "1", "true", "waar"})
NO = frozenset({"", "nee", "n", "no", "0", "false", "onwaar"})


def creditor_numbers_in(cells: Mapping[str, str]) -> Iterator[CreditorNumber]:
    """Those of a cell of their own, and those in the column of a division."""
    for name, cell in cells.items():
        field, _, division = name.partition(":")
        if field == "creditor_numbers":
            for one in creditor_numbers_from(cell):
                yield CreditorNumber(one.division or division, one.number)


def yes_or_no(field: str, cell: str) -> bool:
    """Raises InputInvalid for what says neither; an empty cell is no."""
    said = cell.casefold()
    if said not in YES | NO:
        raise InputInvalid(field=field, reason="not-yes-or-no", given=cell)
    return said in YES
