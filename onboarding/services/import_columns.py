"""The columns of a list of suppliers, by the names that lists and our own export give them."""

from onboarding.services.list_columns import Columns

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


SUPPLIER_COLUMNS = Columns(headers=HEADERS, any_of=KEYS)
