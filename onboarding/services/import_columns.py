"""Which column of a list holds what: known by its Dutch or English name, or chosen by somebody."""

import re
from collections.abc import Mapping, Sequence

from onboarding.domain.imports import ColumnsUnclear, ColumnUnknown
from onboarding.domain.suppliers import folded

# field: the names by which lists and our own export know it, Dutch first
HEADERS: dict[str, tuple[str, ...]] = {
    "name": (
        "Leverancier",
        "Naam",
        "Leveranciersnaam",
        "Naam leverancier",
        "Bedrijf",
        "Bedrijfsnaam",
        "Organisatie",
        "Statutaire naam",
        "Handelsnaam",
        "Crediteur",
        "Crediteurnaam",
        "Naam crediteur",
        "Supplier",
        "Supplier name",
        "Name",
        "Company",
        "Company name",
        "Vendor",
        "Vendor name",
        "Organisation",
        "Organization",
    ),
    "kvk_number": (
        "KvK-nummer",
        "KvK",
        "KvK nr",
        "Kamer van Koophandel",
        "Nummer Kamer van Koophandel",
        "Handelsregisternummer",
        "KvK number",
        "Chamber of Commerce number",
        "CoC number",
        "CoC",
        "Registration number",
    ),
    "id": ("Volgnummer", "Eigen nummer", "Ons nummer", "ID", "Own id", "Our number", "Ref"),
    "creditor_numbers": (
        "Crediteurnummers",
        "Crediteurnummer",
        "Crediteurennummer",
        "Crediteurnr",
        "Leveranciersnummer",
        "Creditor numbers",
        "Creditor number",
        "Supplier number",
        "Vendor number",
        "Vendor no",
    ),
    "country": ("Land", "Landcode", "Country", "Country code"),
    "city": ("Plaats", "Vestigingsplaats", "Woonplaats", "Stad", "City", "Town", "Place"),
    "category": (
        "Categorie",
        "Inkoopcategorie",
        "Inkooppakket",
        "Productgroep",
        "Category",
        "Procurement category",
    ),
    "division": ("Divisie", "Divisies", "Afdeling", "Division", "Divisions", "Business unit"),
    "spend": (
        "Inkoop per jaar",
        "Inkoopvolume",
        "Inkoop",
        "Jaaromzet",
        "Omzet",
        "Spend",
        "Spend per year",
        "Annual spend",
    ),
    "contract": ("Contract", "Contractnummer", "Contractnr", "Contract number"),
    "alternative": ("Alternatief", "Alternative"),
    "buyer": ("Inkoper", "E-mail inkoper", "Contractmanager", "Buyer", "Buyer e-mail"),
}
# What tells which supplier a row is about.
KEYS = ("name", "kvk_number", "id", "creditor_numbers")


def header_key(text: str) -> str:
    """A name of a column without what differs between lists: `KVK-nr.` is `kvknr`."""
    return re.sub(r"[^a-z0-9]", "", folded(text))


def _field_of_header() -> dict[str, str]:
    known = {header_key(name): field for field, names in HEADERS.items() for name in names}
    short = {
        key.replace("nummer", end): field
        for key, field in known.items()
        if "nummer" in key
        for end in ("nr", "no")
    }
    return short | known


FIELD_OF_HEADER = _field_of_header()


def recognised(headers: Sequence[str]) -> dict[str, int]:
    """`field: place of its column`; of two columns with one meaning the first counts."""
    places: dict[str, int] = {}
    for place, header in enumerate(headers):
        field = FIELD_OF_HEADER.get(header_key(header))
        if field is not None:
            places.setdefault(field, place)
    return places


def chosen(headers: Sequence[str], choices: Mapping[str, str]) -> dict[str, int]:
    """What is recognised, with `field: header` chosen in its place.

    An empty header leaves the field out. Raises ColumnUnknown for a field or header that is not
    there.
    """
    places = recognised(headers)
    keys = [header_key(header) for header in headers]
    for field, header in choices.items():
        if field not in HEADERS:
            raise ColumnUnknown(column=field, headers=list(HEADERS))
        places.pop(field, None)
        if not header:
            continue
        if header in headers:
            place = list(headers).index(header)
        elif header_key(header) in keys:
            place = keys.index(header_key(header))
        else:
            raise ColumnUnknown(column=header, headers=list(headers))
        places = {name: taken for name, taken in places.items() if taken != place}
        places[field] = place
    return places


def check_columns(headers: Sequence[str], places: Mapping[str, int]) -> None:
    """Raises ColumnsUnclear where no column tells which supplier a row is about."""
    if not any(field in places for field in KEYS):
        raise ColumnsUnclear(headers=[header for header in headers if header])
