"""What stands in a calendar under a day: short words, what is asked, and no name of a person."""

from onboarding.domain.agendas import AgendaDay, DayKind
from onboarding.domain.people import Side
from onboarding.i18n import mark, step_need, step_title, translate

SUMMARIES = {
    DayKind.REVIEW: mark("Review: %(step)s (%(supplier)s)"),
    DayKind.WARNING: mark("Warning goes out: %(step)s (%(supplier)s)"),
    DayKind.CERTIFICATE: mark("PSO certificate ends (%(supplier)s)"),
    DayKind.RECHECK: mark("Check the recognition (%(supplier)s)"),
    DayKind.DECISION: mark("A decision ends (%(supplier)s)"),
}
DESCRIPTIONS = {
    DayKind.REVIEW: mark("What they handed in waits for you. They are not late meanwhile."),
    DayKind.WARNING: mark("On this day the warning goes out. You can still hold it back."),
    DayKind.CERTIFICATE: mark("The last day of the certificate."),
    DayKind.RECHECK: mark("Look in the register whether the recognition still holds."),
    DayKind.DECISION: mark("The last day on which the decision holds."),
}


def summary_of(one: AgendaDay, locale: str, *, is_for_supplier: bool) -> str:
    """One line, such as `Plan van aanpak (Rijnland Facilitair)`."""
    step = step_title(one.title, locale)
    if one.kind is not DayKind.STEP:
        if is_for_supplier:
            return translate("Your PSO certificate ends", locale)
        return translate(SUMMARIES[one.kind], locale, step=step, supplier=one.supplier)
    line = f"{step} ({one.customer if is_for_supplier else one.supplier})"
    return translate("Done: %(what)s", locale, what=line) if one.is_done else line


def description_of(one: AgendaDay, locale: str, *, is_for_supplier: bool) -> str:
    """What is asked, in a few sentences."""
    if one.kind is not DayKind.STEP:
        if is_for_supplier:
            return translate("Start the next certification in time.", locale)
        return translate(DESCRIPTIONS[one.kind], locale)
    if one.is_done:
        return translate("This step is done.", locale)
    if one.is_over:
        return translate("This step is no longer needed.", locale)
    return "\n".join(
        part for part in (_asked(one, locale), _by_whom(one, locale, is_for_supplier)) if part
    )


def _asked(one: AgendaDay, locale: str) -> str:
    return one.asked or step_need(one.title, locale) or ""


def _by_whom(one: AgendaDay, locale: str, is_for_supplier: bool) -> str:
    """Nothing where it is the reader who does it."""
    if one.owner is Side.OUTSIDE:
        return translate("The certifying body does this.", locale)
    if one.owner is Side.BUYER and is_for_supplier:
        return translate("%(customer)s does this.", locale, customer=one.customer)
    if one.owner is Side.SUPPLIER and not is_for_supplier:
        return translate("%(supplier)s does this.", locale, supplier=one.supplier)
    return ""
