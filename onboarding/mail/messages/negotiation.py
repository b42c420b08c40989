"""Mails to the supplier about a pathway on the table: proposed, agreed, stopped."""

from onboarding.i18n import step_title
from onboarding.mail.frame import letter, reach
from onboarding.mail.values import Facts, Item, Items, Letter, Message, Quote, Text


def proposal(to: Letter, facts: Facts) -> Message:
    _ = to.say
    until = facts.day("window_ends_on")
    return letter(
        to,
        _("A proposal for %(supplier)s: a realistic path to the PSO"),
        Text(
            text=_(
                "We put a proposal on paper: steps with a day for each. Please look whether you "
                "can make it. Is a day too early? Then propose another one."
            )
        ),
        _steps(to, facts),
        Quote(text=facts.text("note")) if facts.has("note") else None,
        Text(text=_("Please answer no later than %(day)s.", day=to.day(until))) if until else None,
        Text(
            text=_("Nothing changes while we make agreements: we go on buying from you as usual.")
        ),
        reach(to),
        button=_("Look at the proposal"),
    )


def proposal_reminder(to: Letter, facts: Facts) -> Message:
    _ = to.say
    until = facts.day("window_ends_on")
    return letter(
        to,
        _("Our proposal waits for your answer"),
        Text(
            text=_(
                "On %(day)s we sent you a proposal with steps towards the PSO. We did not hear "
                "from you yet. Agreeing, proposing other days or asking something: it can all be "
                "done on your own page.",
                day=to.day(facts.day("proposed_on")),
            )
        ),
        Text(text=_("You have time until %(day)s.", day=to.day(until))) if until else None,
        Text(text=_("Would you rather talk it over? Then we will gladly call you.")),
        reach(to),
        button=_("Look at the proposal"),
    )


def proposal_withdrawn(to: Letter, facts: Facts) -> Message:
    _ = to.say
    return letter(
        to,
        _("We take our proposal back"),
        Text(
            text=_(
                "We took back the proposal with steps towards the PSO, to look at it again. "
                "There is nothing you need to do now. You will hear from us."
            )
        ),
        Quote(text=facts.text("reason")) if facts.has("reason") else None,
        reach(to),
        button=_("Go to your page"),
    )


def agreement(to: Letter, facts: Facts) -> Message:
    """To both sides: which version was agreed, and the hash by which anybody can check it."""
    _ = to.say
    number = facts.number("version")
    moved = facts.number("days_moved")
    if facts.has("is_change"):
        subject = _("Agreed: other steps or days for %(supplier)s")
        lead = _(
            "%(supplier)s and %(customer)s agreed to change the pathway. These are the steps and "
            "days that are still to come:"
        )
    else:
        subject = _("Agreed: the steps of %(supplier)s towards the PSO")
        lead = _("%(supplier)s and %(customer)s agreed on a pathway. These are the steps and days:")
    return letter(
        to,
        subject,
        Text(text=lead),
        _steps(to, facts),
        Text(text=_("The days moved along, because the start was later than planned."))
        if moved
        else None,
        Text(
            text=_(
                "This is version %(number)s. Its SHA-256 is %(sha256)s. With that anybody can "
                "check that nobody changed the text afterwards.",
                number=number,
                sha256=facts.text("sha256"),
            )
        )
        if number
        else None,
        Text(text=_("Before each step you get a short reminder. Is a day too early? Tell us."))
        if to.is_for_supplier
        else None,
        reach(to) if to.is_for_supplier else None,
        button=_("Look at the steps"),
    )


def stop_announced(to: Letter, facts: Facts) -> Message:
    _ = to.say
    return letter(
        to,
        _("We stop the pathway with %(supplier)s"),
        Text(
            text=_(
                "%(manager)s decided to stop the pathway towards the PSO. This is the reason:",
                manager=facts.text("manager") or to.customer,
            )
        ),
        Quote(text=facts.text("reason")) if facts.has("reason") else None,
        Text(
            lead=_("What does this mean?"),
            text=_(
                "You need not do the steps any more. A person decides what comes next, and "
                "you hear that first. Running orders go on and we pay invoices as usual."
            ),
        ),
        Text(lead=_("Do you disagree?"), text=_("Answer this mail and tell us why.")),
        reach(to),
        button=_("Go to your page"),
    )


def relation_ended(to: Letter, facts: Facts) -> Message:
    _ = to.say
    return letter(
        to,
        _("%(customer)s ends its business with %(supplier)s"),
        Text(
            text=_(
                "From %(day)s we place no new orders with %(supplier)s.",
                day=to.day(facts.day("ended_on")),
            )
        ),
        Quote(text=facts.text("reason")) if facts.has("reason") else None,
        Text(
            text=_(
                "Running orders and contracts go on until they end, and we pay invoices as usual. "
                "The steps towards the PSO are off the table."
            )
        ),
        Text(lead=_("Do you disagree?"), text=_("Answer this mail and tell us why.")),
        reach(to),
    )


def _steps(to: Letter, facts: Facts) -> Items | None:
    """The steps with their days, as the service found them."""
    _ = to.say
    items = tuple(
        Item(
            title=step_title(step["title"], to.locale),
            when=to.day(Facts(step).day("due_on")),
            text="" if step["owner"] == "supplier" else _whose(to, step["owner"]),
        )
        for step in facts.items("steps")
    )
    return Items(items=items) if items else None


def _whose(to: Letter, owner: str) -> str:
    _ = to.say
    return _("By %(customer)s.") if owner == "buyer" else _("By the certifying body.")
