"""The columns of a list of suppliers, by the names that lists and our own export give them.

Two fields can have several columns, one for each division or year, and are then named with it:
`creditor_numbers:Catering` and `spend:2026`.
"""

import re

from onboarding.services.lists.columns import Columns

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
    "foreign_number": (
        "Buitenlands registratienummer",
        "Registratienummer buitenland",
        "Buitenlands nummer",
        "Foreign registration number",
        "Foreign number",
        "Foreign company number",
    ),
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
    "site": ("Object", "Objecten", "Locatie", "Gebouw", "Site", "Sites", "Location", "Building"),
    "division_buyer": (
        "Inkoper divisie",
        "Inkoper van de divisie",
        "Inkoper object",
        "Division buyer",
        "Buyer of the division",
        "Site buyer",
    ),
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
    "contract_ends_on": (
        "Contract tot en met",
        "Contract t/m",
        "Einddatum contract",
        "Contract loopt tot",
        "Contract ends on",
        "Contract until",
        "Contract end date",
    ),
    "alternative": ("Alternatief", "Alternative"),
    "has_no_alternative": ("Geen alternatief", "No alternative"),
    "buyer": ("Inkoper", "E-mail inkoper", "Contractmanager", "Buyer", "Buyer e-mail"),
}
YEAR = re.compile(r"(19|20)\d\d", re.ASCII)
# What tells which supplier a row is about.
KEYS = ("name", "kvk_number", "foreign_number", "id", "creditor_numbers")


def of_division(division: str) -> str:
    """The field of the creditor numbers in this division's books."""
    return f"creditor_numbers:{' '.join(division.split())}"


def with_more(field: str, rest: str) -> str | None:
    """The field of one division or year, where this field has one and `rest` can be that."""
    if field == "creditor_numbers" and rest.strip():
        return of_division(rest)
    if field == "spend" and YEAR.fullmatch(rest):
        return f"{field}:{rest}"
    return None


SUPPLIER_COLUMNS = Columns(
    headers=HEADERS,
    any_of=KEYS,
    with_more=with_more,
    more_in_words="; or that of one year or division, as spend:2026 or creditor_numbers:Catering",
)
