"""Words for templates of pathways: what ours are called, whom they suit, and how long they take."""

from onboarding.i18n.catalog import mark, translate, translate_plural

TITLES = {
    "straight": mark("Straight to a step on the ladder"),
    "through-aspirant": mark("Through Aspirant status"),
    "social-enterprise": mark("Social enterprise, or 30+"),
    "no-certificate": mark("Cannot be certified"),
}

SUMMARIES = {
    "straight": mark(
        "For a supplier that can be certified within a year: account, baseline measurement, plan, "
        "audit and certificate."
    ),
    "through-aspirant": mark(
        "For a supplier that needs more time: Aspirant status first, and within two years after "
        "that the certificate."
    ),
    "social-enterprise": mark(
        "For a social enterprise or a holder of 30+: we see the proof, and look again each year."
    ),
    "no-certificate": mark(
        "For a one-person firm or a starter: an exemption with an end date, and each year a "
        "contribution in another way."
    ),
}


def template_title(title: str, locale: str) -> str:
    """The title of a template: a code of ours in words, or a manager's own text as it is."""
    return translate(TITLES[title], locale) if title in TITLES else title


def template_summary(summary: str, locale: str) -> str:
    """For whom a template is, in one sentence: ours in words, or own text as it is."""
    return translate(SUMMARIES[summary], locale) if summary in SUMMARIES else summary


def length_in_words(months: int, weeks: int, locale: str) -> str:
    """`7 months and 2 weeks`; what is nothing is left out."""
    told_months = translate_plural("%(num)s month", "%(num)s months", months, locale)
    told_weeks = translate_plural("%(num)s week", "%(num)s weeks", weeks, locale)
    if months and weeks:
        return translate("%(first)s and %(second)s", locale, first=told_months, second=told_weeks)
    return told_months if months else told_weeks
