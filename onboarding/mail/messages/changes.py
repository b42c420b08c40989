"""Mails to the supplier about a pathway that runs: paused, taken up again, and changed."""

from typing import Any

from onboarding.i18n import step_title
from onboarding.mail.frame import letter, reach
from onboarding.mail.messages.steps import next_step, quote
from onboarding.mail.values import Facts, Item, Items, Letter, Message, Text


def hold_answered(to: Letter, facts: Facts) -> Message:
    _ = to.say
    if not facts.has("granted"):
        return letter(
            to,
            _("The pathway goes on without a pause"),
            Text(text=_("You asked for a pause. We do not grant it; the days stay as they are.")),
            quote(facts, "answer"),
            _at_least_until(to, facts),
            reach(to),
            button=_("Look at the steps"),
        )
    asked = facts.day("asked_until")
    return letter(
        to,
        _("The pathway is paused until %(day)s", day=to.day(facts.day("ends_on"))),
        Text(text=_("You asked for a pause until %(day)s.", day=to.day(asked))) if asked else None,
        Text(
            text=_(
                "The pathway stands still from %(first)s up to and including %(last)s. Every day "
                "that was still to come moves along. We go on buying from you.",
                first=to.day(facts.day("starts_on")),
                last=to.day(facts.day("ends_on")),
            )
        ),
        quote(facts, "answer"),
        Text(text=_("During the pause you need not do anything.")),
        reach(to),
        button=_("Look at the steps"),
    )


def hold_ended(to: Letter, facts: Facts) -> Message:
    _ = to.say
    until = to.day(facts.day("promised_until"))
    if facts.has("is_early"):
        subject = _("The pause ends earlier: the steps go on")
        text = _(
            "The pathway would be paused until %(day)s. We end the pause now. The days that had "
            "moved along come back by as many days as the pause is shorter.",
            day=until,
        )
    else:
        subject = _("The pause is over: the steps go on")
        text = _("The pathway was paused until %(day)s. The steps go on again.", day=until)
    return letter(
        to,
        subject,
        Text(text=text),
        next_step(to, facts),
        Text(text=_("Does a day not work out for you? Then ask for another one in time.")),
        reach(to),
        button=_("Look at the steps"),
    )


def amendment_proposed(to: Letter, facts: Facts) -> Message:
    """What we propose, or propose instead of what the supplier proposed."""
    _ = to.say
    if facts.has("is_counter"):
        subject = _("Another proposal for the change of the steps")
        lead = _(
            "You answered us about changing the steps. We looked at it, and propose this. What is "
            "not named here stays as we agreed."
        )
    else:
        subject = _("We propose a change of the steps")
        lead = _(
            "We would like to change what we agreed. This is what changes; what is not named here "
            "stays as it is."
        )
    return letter(
        to,
        subject,
        Text(text=lead),
        _changes(to, facts),
        quote(facts, "reason"),
        Text(
            lead=_("What do we ask?"),
            text=_(
                "Look whether it suits you. You can agree, propose something else, or say that it "
                "does not suit you. Until you answer, the days that we agreed count."
            ),
        ),
        _at_least_until(to, facts),
        reach(to),
        button=_("Look at the change"),
    )


def amendment_declined(to: Letter, facts: Facts) -> Message:
    _ = to.say
    return letter(
        to,
        _("The steps stay as we agreed"),
        Text(
            text=_(
                "You proposed to change the steps. That is not possible this time; what we agreed "
                "stays."
            )
        ),
        quote(facts, "reason"),
        _at_least_until(to, facts),
        reach(to),
        button=_("Look at the steps"),
    )


def amendment_withdrawn(to: Letter, facts: Facts) -> Message:
    """Our own proposal, before the supplier answered it."""
    _ = to.say
    return letter(
        to,
        _("We take our proposal for a change back"),
        Text(
            text=_(
                "We proposed to change the steps. We take that back: what we agreed stays, with "
                "the same days. You need not answer any more."
            )
        ),
        quote(facts, "note"),
        reach(to),
        button=_("Look at the steps"),
    )


def _at_least_until(to: Letter, facts: Facts) -> Text | None:
    """The days that come with an answer, where steps that waited for it were due before."""
    _ = to.say
    until = facts.day("grace_ends_on")
    if until is None:
        return None
    return Text(
        text=_(
            "What was due before that has time until %(day)s, %(far)s.",
            day=to.day(until),
            far=to.far(until),
        )
    )


def _changes(to: Letter, facts: Facts) -> Items | None:
    """The steps that change, with the new day and the old one."""
    items = tuple(_change(to, step) for step in facts.items("changes"))
    return Items(items=items) if items else None


def _change(to: Letter, step: dict[str, Any]) -> Item:
    _ = to.say
    was, becomes = Facts(step).day("was"), Facts(step).day("becomes")
    if becomes is None:
        text = _("This step is no longer needed.")
    elif was is None:
        text = _("This step is new.")
    elif was != becomes:
        text = _("This was %(day)s.", day=to.day(was))
    else:
        text = _("The day stays; what is asked or who does it changes.")
    when = to.day(becomes) if becomes else ""
    return Item(title=step_title(step["title"], to.locale), when=when, text=text)
