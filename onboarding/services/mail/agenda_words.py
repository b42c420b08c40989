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
    asked, by_whom = one.asked or step_need(one.title, locale) or "", ""
    if one.owner is Side.OUTSIDE:
        by_whom = translate("The certifying body does this.", locale)
    elif (one.owner is Side.SUPPLIER) is not is_for_supplier:
        name = one.supplier if one.owner is Side.SUPPLIER else one.customer
        by_whom = translate("%(who)s does this.", locale, who=name).replace("..", ".")
    if asked and not is_for_supplier and one.owner is Side.SUPPLIER:
        asked = translate("We asked: “%(what)s”", locale, what=asked)
    return "\n".join(part for part in (asked, by_whom) if part)
