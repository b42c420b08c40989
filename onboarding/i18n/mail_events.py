"""What happened with mail, in words that follow the name of who did it; part of EVENTS."""

from onboarding.i18n.catalog import mark

MAIL_EVENTS: dict[str, tuple[str, ...]] = {
    "mail-held": (
        mark("held a reminder to %(person)s: %(reason)s"),
        mark("held a reminder: %(reason)s"),
        mark("held a reminder"),
    ),
    "mail-released": (
        mark("released a reminder to %(person)s that was held"),
        mark("released a reminder that was held"),
    ),
    "reminders-put-off": (
        mark("put off the reminders about %(milestone)s until after %(until_on)s: %(reason)s"),
        mark("put off the reminders until after %(until_on)s: %(reason)s"),
        mark("put off the reminders"),
    ),
    "reminders-go-on": (
        mark("let the reminders about %(milestone)s go on"),
        mark("let the reminders go on"),
    ),
    "mail-sent-again": (mark("sent a mail once more that had not arrived"),),
    "automatic-reply": (
        mark("got an automatic reply from %(person)s: %(subject)s"),
        mark("got an automatic reply: %(subject)s"),
        mark("got an automatic reply"),
    ),
    "mail-received": (
        mark("got a mail from %(sender)s (%(subject)s): %(text)s"),
        mark("got a mail that became nothing else"),
    ),
    "mail-bounced": (
        mark("heard that a mail to %(person)s did not arrive (%(status)s)"),
        mark("heard that a mail did not arrive (%(status)s)"),
        mark("heard that a mail did not arrive"),
    ),
    "window-taken-back": (
        mark("heard that the proposal did not arrive; the time to answer waits"),
    ),
    "block-announcement-bounced": (
        mark("heard that the announcement of the block did not arrive; the block waits"),
    ),
}
