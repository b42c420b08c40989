"""Mails to the supplier about what a buyer wrote down for it, and about "this is not right"."""

from onboarding.i18n import word
from onboarding.mail.frame import letter, reach
from onboarding.mail.messages.steps import quote
from onboarding.mail.values import Facts, Letter, Message, Quote, Text


def recorded(to: Letter, facts: Facts) -> Message:
    _ = to.say
    until = facts.day("contest_until_on")
    return letter(
        to,
        _("We wrote this down about “%(step)s”. Is it right?", step=to.title)
        if to.step
        else _("We wrote this down for %(supplier)s. Is it right?"),
        Text(text=_heard(to, facts)),
        _what(facts),
        Text(text=_("Is it right? Then you need not do anything.")),
        Text(
            lead=_("Is this not right?"),
            text=_(
                "Let us know by %(day)s: with the button, by answering this mail or by phone. As "
                "long as we have not answered, nothing that follows from it falls due.",
                day=to.day(until),
            )
            if until
            else _(
                "Let us know: with the button, by answering this mail or by phone. As long as we "
                "have not answered, nothing that follows from it falls due."
            ),
        ),
        reach(to),
        button=_("Is this not right?"),
    )


def contest_answered(to: Letter, facts: Facts) -> Message:
    _ = to.say
    stands, until = facts.has("stands"), facts.day("grace_ends_on")
    return letter(
        to,
        _("Our answer: what we wrote down stays") if stands else _("Our answer: you are right"),
        Text(text=_("You told us that this is not right:")) if facts.has("what") else None,
        _what(facts),
        Text(
            text=_("We looked into it. What we wrote down stays as it is. This is why:")
            if stands
            else _("You are right. This is what we do about it:")
        ),
        quote(facts, "answer"),
        Text(
            text=_(
                "For what waited for this answer you have until %(day)s in any case.",
                day=to.day(until),
            )
        )
        if until
        else None,
        reach(to),
        button=_("Look at it"),
    )


def _heard(to: Letter, facts: Facts) -> str:
    """Who said it, when and how, and who of us wrote it down."""
    _ = to.say
    said_on = facts.day("said_on")
    if not (said_on and facts.has("said_by") and facts.has("channel")):
        return _("You told us something. We wrote it down for %(supplier)s:")
    channel = word("channel", facts.text("channel"), to.locale)
    told = {"name": facts.text("said_by"), "day": to.day(said_on), "channel": channel}
    if not facts.has("recorded_by"):
        return _("We heard this from %(name)s on %(day)s (%(channel)s):", **told)
    return _(
        "We heard this from %(name)s on %(day)s (%(channel)s). %(buyer)s wrote it down for "
        "%(supplier)s:",
        buyer=facts.text("recorded_by"),
        **told,
    )


def _what(facts: Facts) -> Quote | None:
    if not facts.has("what"):
        return None
    said = f"{facts.text('said_by')} {facts.text('what')}".strip()
    return Quote(text=f"{said} — “{facts.text('words')}”" if facts.has("words") else said)
