"""Mails that let somebody in: an invitation and links to log in or to choose a password."""

from onboarding.i18n import translate_plural
from onboarding.mail.frame import letter, reach
from onboarding.mail.values import Facts, Letter, Message, Text

HOUR, DAY = 60, 24 * 60


def invitation(to: Letter, facts: Facts) -> Message:
    _ = to.say
    return letter(
        to,
        _("%(customer)s invites you: see what we ask of %(supplier)s"),
        Text(
            text=_(
                "We would like to go on doing business with %(supplier)s. We also want our "
                "purchases to create work for people who do not find it easily. So we make "
                "agreements with our suppliers about the PSO, a quality mark for that."
            )
        ),
        Text(
            text=_(
                "On your own page you see what we ask, by when, and with whom you can talk. "
                "It takes five minutes, also on a phone. You need no password."
            )
        ),
        Text(text=lasts(to, facts)) if facts.has("minutes") else None,
        reach(to),
        button=_("See what we ask"),
    )


def login_link(to: Letter, facts: Facts) -> Message:
    _ = to.say
    return letter(
        to,
        _("Your link to log in at %(customer)s"),
        Text(text=_("With this button you log in.") + " " + lasts(to, facts)),
        Text(text=_("Did you not ask for this? Then there is nothing you need to do.")),
        button=_("Log in"),
        footer=(asked_for(to),),
    )


def password_link(to: Letter, facts: Facts) -> Message:
    _ = to.say
    return letter(
        to,
        _("Choose a password for %(customer)s"),
        Text(text=_("With this button you choose a password.") + " " + lasts(to, facts)),
        Text(text=_("Did you not ask for this? Then there is nothing you need to do.")),
        button=_("Choose a password"),
        footer=(asked_for(to),),
    )


def asked_for(to: Letter) -> str:
    _ = to.say
    return _("Why do I get this? Somebody gave this address at the log-in page of %(customer)s.")


def lasts(to: Letter, facts: Facts) -> str:
    """How long the link works, in minutes, hours or days; nothing is rounded up."""
    _ = to.say
    minutes = facts.number("minutes")
    if not minutes:
        return _("The link works once.")
    if minutes < 2 * HOUR:
        span = translate_plural("%(num)s minute", "%(num)s minutes", minutes, to.locale)
    elif minutes < 2 * DAY:
        span = translate_plural("%(num)s hour", "%(num)s hours", minutes // HOUR, to.locale)
    else:
        span = translate_plural("%(num)s day", "%(num)s days", minutes // DAY, to.locale)
    return _("The link works for %(span)s, once.", span=span)
