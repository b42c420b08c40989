"""Mails to the supplier about one step: looked at, answered, asked or taken away."""

from onboarding.mail.frame import letter, reach
from onboarding.mail.values import Facts, Letter, Message, Quote, Text


def quote(facts: Facts, *names: str) -> Quote | None:
    """The first of these texts that somebody wrote."""
    found = next((facts.text(name) for name in names if facts.has(name)), "")
    return Quote(text=found) if found else None


def returned(to: Letter, facts: Facts) -> Message:
    _ = to.say
    until = facts.day("rework_on")
    subject = (
        _("%(step)s: please add to it before the end of %(day)s", step=to.title, day=to.day(until))
        if until
        else _("%(step)s: please add to it", step=to.title)
    )
    return letter(
        to,
        subject,
        Text(text=_("Thank you for “%(step)s”. One thing is still missing:", step=to.title)),
        quote(facts, "note", "reason"),
        Text(
            text=_(
                "Please send it up to and including %(day)s, %(far)s.",
                day=to.day(until),
                far=to.far(until),
            )
        )
        if until
        else None,
        Text(text=_("While we were looking, no time passed for you.")),
        reach(to),
        button=_("Add to it"),
    )


def accepted(to: Letter, facts: Facts) -> Message:
    _ = to.say
    return letter(
        to,
        _("Done: %(step)s", step=to.title),
        Text(text=_("We looked at “%(step)s” and it is in order. Thank you.", step=to.title)),
        quote(facts, "note"),
        next_step(to, facts),
        reach(to),
        button=_("Look at the steps"),
    )


def waived(to: Letter, facts: Facts) -> Message:
    _ = to.say
    return letter(
        to,
        _("No longer needed: %(step)s", step=to.title),
        Text(text=_("You need not do “%(step)s” any more.", step=to.title)),
        quote(facts, "reason", "note"),
        next_step(to, facts),
        reach(to),
        button=_("Look at the steps"),
    )


def date_answered(to: Letter, facts: Facts) -> Message:
    _ = to.say
    granted, grace = facts.day("granted_due_on"), facts.day("grace_ends_on")
    if granted is not None:
        return letter(
            to,
            _("%(step)s: the new day is %(day)s", step=to.title, day=to.day(granted)),
            Text(
                text=_(
                    "You asked for another day for “%(step)s”. That is fine: it is now %(day)s, "
                    "%(far)s.",
                    step=to.title,
                    day=to.day(granted),
                    far=to.far(granted),
                )
            ),
            quote(facts, "answer"),
            reach(to),
            button=_("Look at the steps"),
        )
    until = grace or facts.day("due_on")
    return letter(
        to,
        _("%(step)s: the day stays", step=to.title),
        Text(
            text=_(
                "You asked for another day for “%(step)s”. That is not possible this time.",
                step=to.title,
            )
        ),
        quote(facts, "answer"),
        Text(
            text=_(
                "You have until %(day)s in any case, %(far)s. What you need to make that, we "
                "gladly hear.",
                day=to.day(until),
                far=to.far(until),
            )
        )
        if until
        else None,
        reach(to),
        button=_("Look at the steps"),
    )


def evidence_removed(to: Letter, facts: Facts) -> Message:
    _ = to.say
    return letter(
        to,
        _("We removed a file: it held personal data"),
        Text(
            text=_(
                "In the file “%(file)s” we saw personal data of employees. We may not keep that. "
                "So we removed the file everywhere. Only the moment and the reason are kept.",
                file=facts.text("file_name"),
            )
            if facts.has("file_name")
            else _(
                "In a file that you sent we saw personal data of employees. We may not keep that. "
                "So we removed the file everywhere. Only the moment and the reason are kept."
            )
        ),
        quote(facts, "reason"),
        Text(
            lead=_("What do we ask?"),
            text=_(
                "Send the file again without names, dates of birth and citizen service numbers. "
                "Totals are enough. This does not count against you."
            ),
        ),
        reach(to),
        button=_("Send it again"),
    )


def next_step(to: Letter, facts: Facts) -> Text | None:
    """The step that comes after this one, where the service found one."""
    _ = to.say
    day = facts.day("next_due_on")
    if day is None:
        return None
    return Text(
        lead=_("Your next step:"),
        text=_(
            "%(step)s, up to and including %(day)s.",
            step=facts.text("next_step"),
            day=to.day(day),
        ),
    )
