"""Lines of a buyer's mail about what a supplier asked and took back."""

from onboarding.mail.values import Facts, Item, Letter


def amendment_taken_back(to: Letter, facts: Facts) -> Item:
    _ = to.say
    return Item(
        title=_("%(supplier)s takes its proposal for a change back"),
        text=facts.text("note") or _("What was agreed stays."),
        url=to.url,
    )


def date_taken_back(to: Letter, facts: Facts) -> Item:
    _ = to.say
    return Item(
        title=_("%(supplier)s no longer asks for another day for “%(step)s”", step=to.title),
        text=_("The day stays as it was. You need not answer any more."),
        url=to.url,
    )
