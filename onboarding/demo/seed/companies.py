"""The demo's suppliers and their people: made up, with numbers that no register gives out."""

from dataclasses import dataclass
from decimal import Decimal

from onboarding.domain.divisions import DivisionLine, Spend
from onboarding.domain.suppliers import CreditorNumber, folded

FIRST_KVK_NUMBER = 99990001  # the Dutch register has none that begins with 9999

PREFIXES = {
    "Schoonmaak": "FS1",
    "Catering": "FS2",
    "Beveiliging": "FS3",
    "Techniek": "FS4",
    "Kantoor": "FS5",
}


@dataclass(frozen=True, slots=True)
class Company:
    """One supplier, and the one person there whom we know."""

    key: str
    name: str
    city: str
    category: str
    division: str
    spend: int
    buyer: str
    contact: str
    function: str

    @property
    def email(self) -> str:
        first = folded(self.contact.split(" ")[0])
        return f"{first}@{self.key}.example"


# key | name | city | category | division | spend | buyer | contact | function
TABLE = """
delinde | Drukkerij De Linde B.V. | Gouda | Drukwerk | Kantoor | 184200 | bram | Jolanda Verlinde | directeur
zoetebroodjes | Bakkerij Zoete Broodjes | Utrecht | Brood en banket | Catering | 41250 | fatima | Hanna Bakx | bedrijfsleider
liftonderhoud | Hoogland Liftonderhoud B.V. | Amersfoort | Liftonderhoud | Techniek | 612000 | bram | Ruud Hoogland | directeur
ladderman | Glazenwasser Van Wijngaarden | Delft | Glasbewassing | Schoonmaak | 18400 | fatima | Teun van Wijngaarden | eigenaar
groenewens | Hoveniersbedrijf Groene Wens | Zwolle | Groenonderhoud | Techniek | 76300 | bram | Lotte Groenhof | eigenaar
schoonspoor | Schoonspoor Diensten B.V. | Rotterdam | Schoonmaak | Schoonmaak | 934500 | fatima | Karim Ouali | directeur
vanboven | Van Boven Dakbedekking | Deventer | Dakonderhoud | Techniek | 158000 | bram | Gerrit van Boven | directeur
kruidentuin | Cateringbedrijf De Kruidentuin | Haarlem | Catering | Catering | 288900 | fatima | Noor Hendriks | bedrijfsleider
wachtpost | Wachtpost Beveiliging B.V. | Almere | Beveiliging | Beveiliging | 1240000 | bram | Danny Slot | directeur
papyrus | Papyrus Kantoorartikelen | Eindhoven | Kantoorartikelen | Kantoor | 97600 | fatima | Mieke Smulders | accountmanager
watersnip | Watersnip Sanitair | Leeuwarden | Sanitaire artikelen | Schoonmaak | 64100 | bram | Sjoerd Postma | directeur
heldervat | Helder Vat Reiniging | Tilburg | Gevelreiniging | Schoonmaak | 52800 | fatima | Petra van Gils | bedrijfsleider
elektro | Elektro Brouwershaven B.V. | Middelburg | Elektrotechniek | Techniek | 419700 | bram | Adriaan Kole | directeur
tapijt | Tapijthuis Noordhoek | Breda | Projectinrichting | Kantoor | 83400 | fatima | Ans Noordhoek | directeur
koffiebrug | Koffiebranderij De Brug | Nijmegen | Koffie en thee | Catering | 129900 | bram | Stijn Janssen | bedrijfsleider
verswaren | Verswaren Van Loon | Den Bosch | Groente en fruit | Catering | 203500 | fatima | Corrie van Loon | directeur
sleutelpunt | Sleutelpunt Toegang B.V. | Apeldoorn | Toegangscontrole | Beveiliging | 311200 | bram | Wim Akkerman | directeur
linnenkast | Wasserij De Linnenkast | Hengelo | Wasserij | Schoonmaak | 447800 | fatima | Gonny Scholten | bedrijfsleider
klimaat | Klimaattechniek Lansink B.V. | Enschede | Klimaatinstallaties | Techniek | 702400 | bram | Herman Lansink | directeur
ongedierte | Zeker Weg Plaagbeheersing | Gouda | Plaagbeheersing | Schoonmaak | 36900 | fatima | Mo Azzouzi | eigenaar
meubelmaat | Meubelmaat Projecten | Groningen | Kantoormeubilair | Kantoor | 265300 | bram | Geke Huizinga | directeur
broodtrommel | De Broodtrommel Lunchservice | Leiden | Lunch en banket | Catering | 58700 | fatima | Yvonne Zuidgeest | bedrijfsleider
alarmlijn | Alarmlijn Meldkamer B.V. | Zoetermeer | Meldkamer | Beveiliging | 389000 | bram | Patrick Oosterhof | directeur
afvalwijzer | Afvalwijzer Inzameling | Arnhem | Afvalinzameling | Schoonmaak | 521600 | fatima | Rianne Wolters | directeur
verfstreek | Schildersbedrijf Verfstreek | Alkmaar | Schilderwerk | Techniek | 112700 | bram | Kees Dekker | eigenaar
bloemrijk | Bloemrijk Interieurbeplanting | Aalsmeer | Beplanting | Kantoor | 29800 | fatima | Saskia Buis | eigenaar
drankhuis | Drankenhuis Maasoever | Venlo | Dranken | Catering | 174000 | bram | Jos Peters | directeur
veiligwerk | Veilig Werk Trainingen | Hilversum | BHV-opleidingen | Beveiliging | 44600 | fatima | Ellen de Rooij | opleider
schoonglas | Schoon Glas & Gevel | Dordrecht | Glasbewassing | Schoonmaak | 91500 | bram | Arie Visser | eigenaar
postkoets | Postkoets Koeriers | Utrecht | Koeriersdiensten | Kantoor | 66200 | fatima | Bilal Yildiz | eigenaar
lichtplan | Lichtplan Armaturen B.V. | Helmond | Verlichting | Techniek | 138800 | bram | Toon Verbakel | directeur
soepketel | Soepketel Maaltijden | Assen | Maaltijden | Catering | 47300 | fatima | Trijntje Boer | bedrijfsleider
handdoek | Handdoekservice Merwede | Gorinchem | Sanitaire artikelen | Schoonmaak | 119400 | bram | Leen de Jager | directeur
slotwerk | Slotwerk Hang- en Sluitwerk | Amstelveen | Sloten | Beveiliging | 23700 | fatima | Ron Blom | eigenaar
papierkoning | Papier & Karton Waalwijk | Waalwijk | Papier | Kantoor | 54900 | bram | Bep Klijn | directeur
machinist | Schrobzuigmachines Oost B.V. | Doetinchem | Schoonmaakmachines | Schoonmaak | 286100 | fatima | Johan Wiggers | directeur
groenstrook | Groenstrook Terreinen | Emmen | Groenonderhoud | Techniek | 101200 | bram | Fenna Kuipers | bedrijfsleider
taartenhuis | Taartenhuis Oudewater | Oudewater | Brood en banket | Catering | 12600 | fatima | Marga Spruit | eigenaar
camerawacht | Camerawacht Techniek | Lelystad | Cameratoezicht | Beveiliging | 197300 | bram | Erik Noordam | directeur
zeepbel | Zeepbel Reinigingsmiddelen | Roosendaal | Reinigingsmiddelen | Schoonmaak | 143600 | fatima | Ad Oomen | directeur
warmtebron | Warmtebron Ketels B.V. | Zeist | Verwarming | Techniek | 229500 | bram | Frank Mulder | directeur
vergaderhuis | Het Vergaderhuis | Amersfoort | Vergaderlocaties | Kantoor | 38100 | fatima | Inge Talsma | bedrijfsleider
kaasplank | Kaasplank Groothandel | Woerden | Zuivel | Catering | 71900 | bram | Piet van der Kooij | directeur
poortwachter | Poortwachter Hekwerken | Ede | Hekwerken | Beveiliging | 88300 | fatima | Henk Budding | directeur
vloerwerk | Vloerwerk Coatings B.V. | Oss | Vloeronderhoud | Schoonmaak | 156700 | bram | Marcel Ploegmakers | directeur
leidingman | Loodgieter Ter Steege | Almelo | Loodgieterswerk | Techniek | 33500 | fatima | Bennie ter Steege | eigenaar
inktlijn | Inktlijn Printers | Veenendaal | Printers | Kantoor | 262000 | bram | Wilma van Ginkel | directeur
visafslag | Vishandel De Afslag | Katwijk | Vis | Catering | 25400 | fatima | Nel Ouwehand | eigenaar
nachtploeg | Nachtploeg Surveillance | Schiedam | Surveillance | Beveiliging | 174900 | bram | Glenn Martina | directeur
stofvrij | Stofvrij Ventilatie | Purmerend | Luchtkanaalreiniging | Schoonmaak | 61800 | fatima | Jaap Konijn | directeur
trapenhal | Trap en Hal Portieken | Vlaardingen | Schoonmaak | Schoonmaak | 49200 | bram | Sonja Maas | eigenaar
zonnedak | Zonnedak Installaties B.V. | Barneveld | Zonnepanelen | Techniek | 334400 | fatima | Evert van de Kamp | directeur
ordnerhuis | Ordnerhuis Archief | Rijswijk | Archiefbeheer | Kantoor | 27900 | bram | Ria Valk | bedrijfsleider
fruitmand | Fruitmand op Kantoor | Tiel | Groente en fruit | Catering | 93200 | fatima | Jorien van Ommeren | eigenaar
reinstraat | Reinstraat Veegdiensten | Maastricht | Terreinreiniging | Schoonmaak | 78800 | bram | Math Willems | directeur
gastvrij | Gastvrij Receptiediensten | Den Haag | Receptie | Beveiliging | 402300 | fatima | Chantal Roos | directeur
werkkleding | Werkkleding Atelier Noord | Drachten | Bedrijfskleding | Kantoor | 116500 | bram | Aukje Dijkstra | directeur
glasbeton | Glas en Beton Herstel | Zaandam | Gevelherstel | Techniek | 145300 | fatima | Dirk Schaap | directeur
handzaam | Handzaam Hulpmiddelen GmbH | Kleve | Hulpmiddelen | Schoonmaak | 58200 | bram | Anke Vogt | verkoopleider
wasplaats | Wasplaats Bedrijfstextiel | Zutphen | Wasserij | Schoonmaak | 208600 | fatima | Hetty Brink | directeur
stoelendans | Stoelendans Verhuur | Hoorn | Meubelverhuur | Kantoor | 47100 | bram | Siem Kok | eigenaar
tuinploeg | Tuinploeg De Meent | Hoogeveen | Groenonderhoud | Techniek | 68900 | fatima | Roelie Zwiers | teamleider
fietsbode | Fietsbode Randstad | Den Haag | Koeriersdiensten | Kantoor | 19600 | bram | Youssef Amari | bedrijfsleider
knipoog | Lunchroom De Knipoog | Arnhem | Lunch en banket | Catering | 14200 | fatima | Janneke Vos | bedrijfsleider
dakgoot | Dakgoot en Zink Service | Gorinchem | Dakonderhoud | Techniek | 87700 | bram | Cor Timmer | directeur
portofoon | Portofoon Verbindingen | Hilversum | Communicatie | Beveiliging | 53400 | fatima | Sander Blok | directeur
toonbank | Toonbank Kantineautomaten | Etten-Leur | Automaten | Catering | 121300 | bram | Ingrid Jochems | directeur
vishal | Vishal en Zilt Groothandel | Urk | Vis | Catering | 64800 | fatima | Klaas Romkes | directeur
geduld | Geduld Toegangstechniek | Breda | Toegangscontrole | Beveiliging | 96400 | bram | Loes Verhagen | directeur
nieuwkomer | Nieuw Zeeuws Linnen | Goes | Linnengoed | Catering | 15800 | fatima | Leonie Boogaard | eigenaar
sierletter | Sierletter Belettering | Delft | Belettering | Kantoor | 9800 | bram | Tessa Kramer | eigenaar
"""  # noqa: E501  # one line per supplier reads best


def _companies() -> tuple[Company, ...]:
    rows = (line.split(" | ") for line in TABLE.strip().splitlines())
    return tuple(
        Company(key, name, city, category, division, int(spend), buyer, contact, function)
        for key, name, city, category, division, spend, buyer, contact, function in rows
    )


COMPANIES = _companies()
BY_KEY = {company.key: company for company in COMPANIES}
ABROAD = {"handzaam": "DE"}
WITHOUT_ALTERNATIVE = {
    "liftonderhoud": "Geen: alleen Hoogland heeft de onderdelen en de sleutels van deze liften.",
}

# Of what it sells, in tenths: which divisions buy it, and for which of their sites.
SPREAD = {
    "schoonspoor": (("Schoonmaak", "Ziekenhuis Zuid", 6), ("Schoonmaak", "Stadhuis", 3)),
    "delinde": (("Kantoor", "", 7), ("Catering", "", 3)),
    "koffiebrug": (("Catering", "", 5), ("Kantoor", "", 4), ("Beveiliging", "Meldkamer", 1)),
}


def kvk_number(company: Company) -> str | None:
    """The number that the demo gives it; one from abroad has none."""
    if company.key in ABROAD:
        return None
    return str(FIRST_KVK_NUMBER + COMPANIES.index(company))


def creditor_numbers(company: Company) -> tuple[CreditorNumber, ...]:
    """How the division's books know it."""
    number = f"{PREFIXES[company.division]}{COMPANIES.index(company):04d}"
    return (CreditorNumber(company.division, number),)


def divisions(company: Company, year: int) -> tuple[DivisionLine, ...]:
    """Who buys from it, with what was bought in that year and somewhat less the year before."""
    spread = SPREAD.get(company.key, ((company.division, "", 10),))
    return tuple(
        DivisionLine(
            division=division,
            site=site,
            contract=f"{PREFIXES[division]}-{COMPANIES.index(company):03d}",
            spend=(
                Spend(year, Decimal(company.spend * tenths) / 10),
                Spend(year - 1, Decimal(company.spend * tenths * 9 // 100)),
            ),
        )
        for division, site, tenths in spread
    )
