"""What comes next with a supplier, in a few words for a list."""

from onboarding.i18n.catalog import mark, translate
from onboarding.i18n.titles import step_title

STEPS = {
    "propose": mark("Propose a pathway"),
    "proposal-planned": mark("The proposal goes out by itself"),
    "answer-proposal": mark("Answer the proposal"),
    "answer-counter": mark("Answer the counter-proposal"),
    "check-certificate": mark("Check the certificate"),
    "review": mark("Review: %(title)s"),
    "answer-request": mark("Answer the request about %(title)s"),
    "answer-contest": mark("Answer: what you recorded is not right, they say"),
    "answer-reply": mark("Answer the reply about %(title)s"),
}


def turn_text(step: str, title: str | None, locale: str) -> str:
    """`Beoordelen: plan van aanpak`; a step of the pathway by its title alone."""
    words = step_title(title, locale) if title else ""
    if step not in STEPS:
        return words
    return translate(STEPS[step], locale, title=words) if title else translate(STEPS[step], locale)
