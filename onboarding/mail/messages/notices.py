"""The formal notice, the announced block, and the answers to what a supplier said to them.

Each says what was missed and when, what the supplier can do, who decides and what then, and that
running orders and invoices go on. None is an *ingebrekestelling*.
"""

from onboarding.mail.frame import letter
from onboarding.mail.messages.steps import quote
from onboarding.mail.values import Facts, Letter, Message, Quote, Text


def formal_notice(to: Letter, facts: Facts) -> Message:
    _ = to.say
    missed, until = facts.day("missed_on"), facts.day("cure_ends_on")
    return letter(
        to,
        _("Important: please react no later than %(day)s", day=to.day(until)),
        Text(
            text=_(
                "We agreed that “%(step)s” would be there no later than %(day)s. We have not "
                "received it yet.",
                step=to.title,
                day=to.day(missed),
            )
            + _call(to, facts)
        ),
        Quote(text=facts.text("added_line")) if facts.has("added_line") else None,
        Text(
            lead=_("What do we ask?"),
            text=_(
                "Do one of these things no later than %(day)s: send us “%(step)s”; ask for a new "
                "day and tell us why; or tell us why you do not agree.",
                day=to.day(until),
                step=to.title,
            ),
        ),
        Text(lead=_("And otherwise?"), text=_otherwise(to, facts)),
        Text(text=_("Do you react in time? Then nothing changes as long as we have not answered.")),
        Text(
            lead=_("Does the delay lie with the certifying body?"),
            text=_("Report it: we do not count that against you."),
        ),
        Text(text=_react(to)),
        button=_("React"),
        last=_("This warning is not a notice of default (ingebrekestelling)."),
    )


def _call(to: Letter, facts: Facts) -> str:
    """The call that was made or tried before."""
    _ = to.say
    day = facts.day("called_on")
    if day is None:
        return ""
    if facts.has("reached"):
        return " " + _("On %(day)s we spoke about it on the phone.", day=to.day(day))
    return " " + _("On %(day)s we called you, but did not reach you.", day=to.day(day))


def _otherwise(to: Letter, facts: Facts) -> str:
    _ = to.say
    if facts.has("clock_decides"):
        return _(
            "Then we place no new orders and contracts after %(day)s, until it is solved. Running "
            "orders and contracts go on and we pay invoices as usual.",
            day=to.day(facts.day("cure_ends_on")),
        )
    manager = facts.text("manager")
    who = _("Then %(manager)s decides", manager=manager) if manager else _("Then a manager decides")
    return (
        who
        + " "
        + _(
            "whether we stop placing new orders and contracts. You hear that before, with the "
            "reason. Running orders and contracts go on and we pay invoices as usual."
        )
    )


def _react(to: Letter) -> str:
    _ = to.say
    if to.buyer is not None and to.buyer.phone:
        return _(
            "React with the button, answer this mail, or call %(buyer)s: %(phone)s.",
            buyer=to.buyer.name,
            phone=to.buyer.phone,
        )
    return _("React with the button, or answer this mail.")


def notice_reply_answered(to: Letter, facts: Facts) -> Message:
    _ = to.say
    until = facts.day("cure_ends_on")
    return letter(
        to,
        _("Our answer to your reaction about %(step)s", step=to.title)
        if to.step
        else _("Our answer to your reaction"),
        Text(text=_("Thank you for your reaction to our warning. This is our answer:")),
        quote(facts, "answer", "note"),
        Text(
            text=_(
                "You have until %(day)s to solve it, %(far)s. Until then nothing changes.",
                day=to.day(until),
                far=to.far(until),
            )
        )
        if until
        else None,
        Text(text=_react(to)),
        button=_("Look at the step"),
    )


def block_announced(to: Letter, facts: Facts) -> Message:
    _ = to.say
    day = facts.day("starts_on")
    return letter(
        to,
        _("Important: from %(day)s no new orders, unless you react", day=to.day(day)),
        Text(
            text=_(
                "%(manager)s decided that from %(day)s we place no new orders and contracts with "
                "%(supplier)s. This is the reason:",
                manager=facts.text("manager") or to.customer,
                day=to.day(day),
            )
        ),
        quote(facts, "reason"),
        Text(
            lead=_("What goes on?"),
            text=_("Running orders and contracts go on and we pay invoices as usual."),
        ),
        Text(
            lead=_("Do you disagree?"),
            text=_(
                "React before that day, with the button or by answering this mail. A manager reads "
                "it, and the decision waits for the answer."
            ),
        ),
        Text(text=_react(to)),
        button=_("React"),
        last=_("This message is not a notice of default (ingebrekestelling)."),
    )


def block_reply_answered(to: Letter, facts: Facts) -> Message:
    _ = to.say
    day = facts.day("starts_on")
    outcome = None
    if facts.has("is_withdrawn"):
        outcome = Text(
            text=_("We withdraw the decision. Nothing changes: we go on placing orders with you.")
        )
    elif day:
        outcome = Text(
            text=_(
                "The decision stands: from %(day)s no new orders and contracts. Running orders and "
                "contracts go on and we pay invoices as usual.",
                day=to.day(day),
            )
        )
    return letter(
        to,
        _("Our answer to your reaction"),
        Text(text=_("Thank you for your reaction. A manager read it. This is the answer:")),
        quote(facts, "answer", "note"),
        outcome,
        Text(text=_react(to)),
        button=_("Go to your page"),
    )


def block_ended(to: Letter, facts: Facts) -> Message:
    _ = to.say
    day = facts.day("ended_on")
    return letter(
        to,
        _("From %(day)s the decision on no new orders holds no more", day=to.day(day)),
        Text(
            text=_(
                "We decided earlier to place no new orders and contracts with %(supplier)s. From "
                "%(day)s that decision holds no more. This is the reason:",
                day=to.day(day),
            )
        ),
        quote(facts, "reason"),
        Text(text=_react(to)),
        button=_("Go to your page"),
    )
