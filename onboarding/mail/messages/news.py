"""News for colleagues that asks nothing of most of them: changes they follow, and webhooks."""

from collections.abc import Sequence

from onboarding.i18n import translate_plural, word
from onboarding.i18n.catalog import mark
from onboarding.mail.frame import letter
from onboarding.mail.messages.steps import quote
from onboarding.mail.values import Facts, Item, Items, Letter, Message, Text

MOST = 50  # lines of one mail

GIVEN_UP = mark(
    "What we send to %(host)s did not arrive for four days. We gave up on at least one delivery."
)
GONE = mark(
    "The receiver at %(host)s says that it is gone for good (410). Nothing is sent there any more."
)


def watched(lines: Sequence[tuple[Letter, Facts]]) -> Message:
    """What changed of the suppliers that somebody follows, in one mail."""
    to, first = lines[0]
    _ = to.say
    num = len(lines)
    items = tuple(_changed(*line) for line in lines[:MOST])
    if num == 1:
        subject = _("%(name)s: another buying status", name=first.text("supplier"))
        lead = _("The buying status of a supplier that you follow changed:")
    else:
        subject = translate_plural(
            "%(num)s change of the suppliers that you follow",
            "%(num)s changes of the suppliers that you follow",
            num,
            to.locale,
        )
        lead = _("The buying status of suppliers that you follow changed:")
    why = _(
        "Why do I get this? You follow these suppliers for %(customer)s. On the page of a "
        "supplier you stop that."
    )
    return letter(
        to,
        subject,
        Text(text=lead),
        Items(items=items),
        Text(text=_("The others stand on the page.")) if num > MOST else None,
        button=_("Look at the changes"),
        url=to.url,
        footer=(why,),
    )


def _changed(to: Letter, facts: Facts) -> Item:
    _ = to.say
    was, becomes = facts.text("from_status"), facts.text("to_status")
    status = word("status", becomes, to.locale) if becomes else ""
    day = facts.day("starts_on")
    return Item(
        title=facts.text("supplier"),
        text=_(
            "from “%(was)s” to “%(becomes)s”",
            was=word("status", was, to.locale),
            becomes=status,
        )
        if was
        else _("“%(becomes)s”", becomes=status),
        when=_("since %(day)s", day=to.day(day)) if day else "",
    )


def grant_answered(to: Letter, facts: Facts) -> Message:
    """What a second manager said of a grant that the reader asked."""
    _ = to.say
    ends_on = facts.day("ends_on")
    who = facts.text("who") or _("A second contract manager")
    if facts.has("is_signed"):
        subject = _("Signed: you may buy from %(supplier)s")
        what = _(
            "%(who)s signed as the second. Buying from %(supplier)s is allowed from %(first)s up "
            "to and including %(last)s.",
            who=who,
            first=to.day(facts.day("starts_on")),
            last=to.day(ends_on),
        )
    else:
        subject = _("Not signed: permission to buy from %(supplier)s")
        what = _(
            "%(who)s does not sign. The permission until %(last)s that you asked counts for "
            "nothing.",
            who=who,
            last=to.day(ends_on),
        )
    why = _("Why do I get this? You asked for a second signature for %(customer)s.")
    return letter(
        to,
        subject,
        Text(text=what),
        quote(facts, "answer"),
        button=_("Look at the decision"),
        footer=(why,),
    )


def webhook_failed(to: Letter, facts: Facts) -> Message:
    """A receiver of webhooks is gone, or did not answer for days."""
    _ = to.say
    host = facts.text("host")
    is_gone = facts.text("because") == "gone"
    what = GONE if is_gone else GIVEN_UP
    then = (
        _("Is it there again? Switch it on and send again what happened meanwhile.")
        if is_gone
        else _("Look at what went wrong, and send again what was given up.")
    )
    why = _("Why do I get this? You manage the programs of %(customer)s.")
    return letter(
        to,
        _("Webhooks do not arrive at %(host)s", host=host),
        Text(text=_(what, host=host)),
        Text(text=then),
        button=_("Look at the deliveries"),
        footer=(why,),
    )
