"""What comes due, and the columns of the manager's report, in words."""

from onboarding.i18n.catalog import mark, translate

COMING = {
    "supplier": mark("Steps of suppliers"),
    "outside": mark("Steps of certifying bodies"),
    "buyer": mark("Our own steps"),
    "certificate": mark("Certificates that end"),
    "decision": mark("Decisions that end"),
}


def coming_word(kind: str, locale: str) -> str:
    """What comes due in a week, by kind: `Stappen van leveranciers`."""
    return translate(COMING[kind], locale)
