"""The columns of a list of certificates, by the names under which they are likely to come.

What the columns of the public register are called is not known; who imports can say so.
"""

from onboarding.domain.certificate_lists import FIELDS, NEEDED
from onboarding.services.lists.columns import Columns
from onboarding.services.lists.import_columns import HEADERS as OF_SUPPLIERS

HEADERS: dict[str, tuple[str, ...]] = {
    "name": (*OF_SUPPLIERS["name"], "Certificaathouder", "Gecertificeerde organisatie", "Holder"),
    "kvk_number": OF_SUPPLIERS["kvk_number"],
    "kvk_numbers": (
        "Overige KvK-nummers",
        "Andere KvK-nummers",
        "Gedekte KvK-nummers",
        "Meer KvK-nummers",
        "KvK-nummers",
        "More KvK numbers",
        "Other KvK numbers",
        "Covered KvK numbers",
        "KvK numbers",
    ),
    "level": (
        "Trede",
        "Niveau",
        "PSO-trede",
        "Prestatietrede",
        "PSO-niveau",
        "Level",
        "Step",
        "PSO level",
    ),
    "thirty_plus": ("30+", "PSO 30+", "30 plus", "Keurmerk 30+", "With 30+"),
    "starts_on": (
        "Geldig vanaf",
        "Geldig van",
        "Ingangsdatum",
        "Begindatum",
        "Startdatum",
        "Datum uitgifte",
        "Afgiftedatum",
        "Valid from",
        "Start date",
        "Issued on",
    ),
    "ends_on": (
        "Geldig tot en met",
        "Geldig t/m",
        "Geldig tot",
        "Einddatum",
        "Vervaldatum",
        "Verloopdatum",
        "Valid until",
        "Valid to",
        "End date",
        "Expires on",
    ),
    "body": (
        "Certificerende instelling",
        "Certificeerder",
        "Instelling",
        "CI",
        "Certifying body",
        "Certification body",
    ),
    "register_url": (
        "Adres in het register",
        "Register",
        "Link",
        "URL",
        "Registerlink",
        "Register URL",
        "Address in the public register",
    ),
}
CERTIFICATE_COLUMNS = Columns(
    headers={field: HEADERS[field] for field in FIELDS}, all_of=NEEDED, what="certificates"
)
