"""What happened with mail, in words that follow the name of who did it; part of EVENTS."""

from onboarding.i18n.catalog import mark

MAIL_EVENTS: dict[str, tuple[str, ...]] = {
    "mail-sent-again": (mark("sent a mail once more that had not arrived"),),
}
