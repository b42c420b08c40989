"""Mails to the supplier about a certificate: checked, ending, renewed."""

from onboarding.i18n import level_word
from onboarding.i18n.titles import LEVELS
from onboarding.mail.frame import letter, reach
from onboarding.mail.messages.steps import quote
from onboarding.mail.values import Facts, Letter, Message, Text


def _level(to: Letter, facts: Facts) -> str:
    _ = to.say
    code = facts.text("level")
    if code not in LEVELS:
        return _("PSO certificate")
    return level_word(code, to.locale, thirty_plus=facts.has("thirty_plus"))


def certificate_verified(to: Letter, facts: Facts) -> Message:
    _ = to.say
    ends_on = facts.day("ends_on")
    level = _level(to, facts)
    return letter(
        to,
        _("Your certificate has been checked: %(level)s", level=level),
        Text(
            text=_(
                "We looked your certificate up in the public register and it is in order. "
                "Congratulations, and thank you."
            )
        ),
        Text(
            text=_(
                "It is valid until %(day)s. Well before that you hear from us.", day=to.day(ends_on)
            )
        )
        if ends_on
        else None,
        reach(to),
        button=_("Go to your page"),
    )


def certificate_rejected(to: Letter, facts: Facts) -> Message:
    _ = to.say
    return letter(
        to,
        _("Your certificate: we could not approve it yet"),
        Text(
            text=_(
                "You reported a certificate (%(level)s). We could not approve it, because:",
                level=_level(to, facts),
            )
        ),
        quote(facts, "reason", "note"),
        Text(
            lead=_("What can you do?"),
            text=_("Report it again with the right details, or answer this mail."),
        ),
        reach(to),
        button=_("Report it again"),
    )


def certificate_revoked(to: Letter, facts: Facts) -> Message:
    _ = to.say
    day = facts.day("revoked_on")
    return letter(
        to,
        _("Your certificate does not count any more"),
        Text(
            text=_("From %(day)s your certificate does not count for us any more.", day=to.day(day))
            if day
            else _("Your certificate does not count for us any more.")
        ),
        quote(facts, "reason"),
        Text(
            text=_(
                "A person looks at what comes next, and calls you. Running orders go on and we pay "
                "invoices as usual."
            )
        ),
        Text(lead=_("Do you disagree?"), text=_("Answer this mail and tell us why.")),
        reach(to),
        button=_("Go to your page"),
    )


def certificate_ending(to: Letter, facts: Facts) -> Message:
    _ = to.say
    day = facts.day("ends_on")
    far = to.far(day) if day else ""
    return letter(
        to,
        _("Start renewing your certificate: it ends on %(day)s", day=to.day(day)),
        Text(
            text=_(
                "Your certificate (%(level)s) ends on %(day)s, %(far)s. A new one takes about half "
                "a year: measure, apply, audit.",
                level=_level(to, facts),
                day=to.day(day),
                far=far,
            )
        ),
        Text(
            text=_(
                "Did you start already? Report it on your page, with the day of the audit. While "
                "the renewal is under way nothing changes for you."
            )
        ),
        reach(to),
        button=_("Report the renewal"),
    )


def renewal_answered(to: Letter, facts: Facts) -> Message:
    _ = to.say
    if facts.has("accepted"):
        return letter(
            to,
            _("Your renewal is in order"),
            Text(
                text=_(
                    "Thank you for telling us that your certificate is being renewed. While that "
                    "is under way nothing changes: we go on buying from you."
                )
            ),
            quote(facts, "answer"),
            reach(to),
            button=_("Go to your page"),
        )
    return letter(
        to,
        _("Your renewal: we need something more"),
        Text(
            text=_(
                "You told us that your certificate is being renewed. We cannot use that yet, "
                "because:"
            )
        ),
        quote(facts, "answer", "reason"),
        reach(to),
        button=_("Add to it"),
    )
