"""The lines of a buyer's mail about who at a supplier gets our mail."""

from onboarding.mail.values import Facts, Item, Letter


def address_refused(to: Letter, facts: Facts) -> Item:
    _ = to.say
    text = _(
        "The address %(address)s of %(person)s takes no mail. Call and ask who does.",
        address=facts.text("address"),
        person=facts.text("person"),
    )
    return _name_another(to, text)


def wrong_person(to: Letter, facts: Facts) -> Item:
    """Somebody said not to be the right one, and perhaps who is."""
    _ = to.say
    text = _(
        "%(person)s says not to be the right person. Until you answer, no reminders go there.",
        person=facts.text("person") or to.supplier,
    )
    named = ", ".join(facts.text(name) for name in ("name", "email", "phone") if facts.has(name))
    instead = _("Named instead: %(named)s.", named=named)
    return _name_another(to, f"{text}\n{instead}" if named else text)


def _name_another(to: Letter, text: str) -> Item:
    _ = to.say
    title = _("Name another contact at %(supplier)s")
    return Item(title=title, text=text, url=to.url, is_late=True)
