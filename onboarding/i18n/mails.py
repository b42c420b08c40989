"""What a mail to a supplier is about, why it goes or went, and what became of it, for the buyer."""

import re
from collections.abc import Mapping
from typing import Any

from onboarding.i18n.catalog import mark, translate
from onboarding.i18n.facts import facts_in_words

TITLES = {
    "invitation": mark("Invitation"),
    "login-link": mark("Link to log in"),
    "proposal": mark("Proposal of a pathway"),
    "proposal-reminder": mark("Reminder of the proposal"),
    "proposal-withdrawn": mark("Proposal withdrawn"),
    "agreement": mark("What was agreed"),
    "milestone-reminder": mark("Reminder"),
    "date-answered": mark("Answer about another date"),
    "returned": mark("Please add to it"),
    "accepted": mark("A step is done"),
    "waived": mark("A step is no longer needed"),
    "answer": mark("Answer to a question"),
    "note": mark("Something we noted"),
    "evidence-removed": mark("A file was removed"),
    "text-redacted": mark("A text was removed"),
    "personal-data-answered": mark("Answer to a report of personal data"),
    "formal-notice": mark("Warning with time to repair"),
    "notice-reply-answered": mark("Answer about a warning"),
    "certificate-verified": mark("Certificate checked"),
    "certificate-rejected": mark("Certificate not accepted"),
    "certificate-revoked": mark("Certificate counts no more"),
    "certificate-ending": mark("Certificate ends"),
    "renewal-answered": mark("Answer about a renewal"),
    "block-announced": mark("No new orders: announcement"),
    "block-reply-answered": mark("No new orders: answer to the reply"),
    "block-ended": mark("No new orders: ended"),
    "stop-announced": mark("Pathway stopped"),
    "relation-ended": mark("End of the relation"),
    "hold-answered": mark("Answer about a pause"),
    "hold-ended": mark("The pause is over"),
    "amendment-proposed": mark("Change proposed"),
    "amendment-declined": mark("Change not accepted"),
    "amendment-withdrawn": mark("Proposal for a change taken back"),
    "recorded": mark("What we recorded for the supplier"),
    "contest-answered": mark("Answer to: this is not right"),
}

AT_ONCE = mark("It follows at once from what somebody did; the history tells what.")
WHY: dict[str, tuple[str, ...]] = {
    "invitation": (mark("Somebody was invited as a contact."),),
    "login-link": (mark("This person asked for a link to log in."),),
    "milestone-reminder": (
        mark("The policy reminds %(before)s days before the day of a step: %(deadline_on)s."),
        mark("The policy reminds the day after the day of a step (%(the_day)s)."),
        mark("The policy reminds %(after)s days after the day of a step: %(deadline_on)s."),
        mark("A step comes due: the policy says when to remind."),
    ),
    "proposal-reminder": (
        mark("The policy reminds %(after)s days after a proposal that was not answered."),
        mark("A proposal was not answered: the policy says when to remind."),
    ),
    "certificate-ending": (
        mark("The policy reminds %(before)s days before a certificate ends: %(ends_on)s."),
        mark("A certificate ends: the policy says when to remind."),
    ),
    "formal-notice": (
        mark("A step was past its day (%(missed_on)s) and nobody held the warning."),
        mark("A step was past its day and nobody held the warning."),
    ),
    "hold-ended": (mark("The last day of a pause has passed."),),
}

STATES = {
    "planned": mark("waits for its day"),
    "queued": mark("goes soon"),
    "held": mark("held"),
    "sending": mark("on its way"),
    "sent": mark("handed over to the mail server"),
    "superseded": mark("not sent"),
    "failed": mark("did not arrive"),
    "dead": mark("did not arrive"),
}

REASONS = {
    "newer-stage": mark("a later reminder about the same step went instead"),
    "step-done": mark("the step was done before it went"),
    "day-moved": mark("the day of the step was moved"),
    "waits-for-buyer": mark("a question about the day waited for us"),
    "on-hold": mark("the pathway was paused"),
    "turn-passed": mark("it was answered before it went"),
    "newer-version": mark("there was a newer version"),
    "answered": mark("it was answered before it went"),
    "contact-retired": mark("this person is no contact any more"),
    "relation-ended": mark("the relation had ended"),
    "deputy-has-it": mark("a colleague who stands in got it already"),
    "not-wanted": mark("this person wants no such reminders"),
    "no-address": mark("there was no address"),
    "address-refused": mark("the address takes no mail"),
    "bounced": mark("it came back"),
    "gave-up": mark("it was tried for days without success"),
    "content-refused": mark("the mail server refused it"),
    "not-written": mark("it could not be written"),
    "day-passed": mark("the warning holds for its own day only"),
    "notice-overtaken": mark("the warning was not needed any more"),
    "decision-ended": mark("the decision had ended"),
    "link-spent": mark("the link was used already"),
    "link-expired": mark("the link was too old"),
}
OTHERWISE = mark("it was no longer true")

STAGE = re.compile(r":([+-]\d+):\d+$")


def mail_title(kind: str, locale: str) -> str:
    """What a mail of this kind is; the kind itself where no supplier gets it."""
    return translate(TITLES[kind], locale) if kind in TITLES else kind


def mail_why(kind: str, key: str, facts: Mapping[str, Any], locale: str) -> str:
    """By which rule it goes; the stage of a reminder stands in its key."""
    told = dict(facts)
    if stage := STAGE.search(key):
        days = int(stage.group(1))
        told["before" if days < 0 else "after"] = abs(days)
        if days == 1:
            told["the_day"] = told.get("deadline_on")
    return facts_in_words(WHY.get(kind, (AT_ONCE,)), told, locale)


def mail_state(state: str, reason: str | None, locale: str) -> str:
    """What became of it, with the reason where it was not sent or did not arrive."""
    word = translate(STATES[state], locale)
    if state not in ("superseded", "failed", "dead") or not reason:
        return word
    code = reason.partition(":")[0]
    return f"{word}: {translate(REASONS.get(code, OTHERWISE), locale)}"
