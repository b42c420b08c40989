"""What happened, in words that follow the name of who did it: "M. de Boer **proposed a pathway**".

A feature adds the codes of its changes here, or in `pathway_events`, from the most to the least
telling sentence; the last one needs no facts. Whoever shows an event about a step adds its title
as `milestone`.
"""

from collections.abc import Mapping
from typing import Any

from onboarding.i18n.catalog import mark, translate
from onboarding.i18n.facts import facts_in_words
from onboarding.i18n.mail_events import MAIL_EVENTS
from onboarding.i18n.pathway_events import PATHWAY_EVENTS, UNREVIEWED
from onboarding.i18n.webhooks import WEBHOOK_EVENTS

EVENTS: dict[str, tuple[str, ...]] = {
    **PATHWAY_EVENTS,
    **WEBHOOK_EVENTS,
    # Relations and contacts
    "relation-enrolled": (
        mark("took this supplier into the programme from %(enrolled_on)s"),
        mark("took this supplier into the programme"),
    ),
    "relation-taken-out": (
        mark("took this supplier out of the programme: %(reason)s"),
        mark("took this supplier out of the programme"),
    ),
    "relation-ended": (
        mark("ended the relation from %(ended_on)s: %(reason)s"),
        mark("ended the relation"),
    ),
    "relation-reopened": (
        mark("reopened the relation: %(reason)s"),
        mark("reopened the relation"),
    ),
    "kvk-number-changed": (
        mark("gave KvK number %(becomes)s from %(from_on)s, %(was)s before that: %(reason)s"),
        mark("gave KvK number %(becomes)s from %(from_on)s: %(reason)s"),
        mark("changed the KvK number"),
    ),
    "kvk-number-corrected": (
        mark("corrected KvK number %(was)s to %(becomes)s: %(reason)s"),
        mark("corrected the KvK number"),
    ),
    "suppliers-merged": (
        mark("merged this with %(former_name)s, KvK %(former_kvk_number)s"),
        mark("merged this with %(former_name)s"),
        mark("merged two records of this supplier"),
    ),
    "dossier-exported": (
        mark("took the whole dossier along, as %(form)s"),
        mark("took the whole dossier along"),
    ),
    "contact-added": (mark("added %(person)s as a contact"), mark("added a contact")),
    "contact-retired": (
        mark("took a contact away: %(reason)s"),
        mark("took a contact away"),
    ),
    "contact-away": (
        mark("is away from %(starts_on)s up to and including %(ends_on)s, with a deputy"),
        mark("is away for a time, with a deputy"),
    ),
    "contact-back": (mark("is back, and gets the reminders again"),),
    "reminders-declined": (mark("wants no reminders any more: call about what is due"),),
    "reminders-chosen": (mark("chose how often reminders come"),),
    "contact-doubted": (mark("said not to be the right person (any more)"),),
    "contact-confirmed": (
        mark("said that %(person)s is the right person after all"),
        mark("said that a contact is the right person after all"),
    ),
    "step-prepared": (
        mark("prepared: %(milestone)s"),
        mark("prepared a step"),
    ),
    # Files
    "evidence-uploaded": (mark("sent a file"),),
    "numbers-declared": (mark("said what the numbers in a file are"),),
    "evidence-withdrawn": (mark("took a file back before sending it"),),
    "personal-data-removed": (
        mark("removed a file that held personal data: %(reason)s"),
        mark("removed a file that held personal data"),
    ),
    "text-redacted": (
        mark("removed a text that held personal data: %(reason)s"),
        mark("removed a text that held personal data"),
    ),
    # Users
    "absence-planned": (mark("planned an absence of a buyer, with a deputy"),),
    "absence-cleared": (mark("ended the absence of a buyer"),),
    "answers-directed": (mark("changed where answers to a buyer's mail go"),),
    "role-given": (mark("gave somebody a role"),),
    "role-taken": (mark("took a role from somebody"),),
    # Conversations
    "contact-noted": (
        mark("noted contact on %(contact_on)s: %(note)s"),
        mark("tried to reach the supplier on %(contact_on)s"),
        mark("noted contact"),
    ),
    "note-written": (mark("wrote a note: %(text)s"), mark("wrote a note")),
    "question-asked": (mark("asked: %(text)s"), mark("asked a question")),
    "statement-contested": (
        mark("says that what we recorded is not right: %(text)s"),
        mark("says that what we recorded is not right"),
    ),
    "contest-answered": (
        mark("answered what was said to be not right: %(text)s"),
        mark("answered what was said to be not right"),
    ),
    "question-answered": (mark("answered: %(text)s"), mark("answered a question")),
    # Certificates, renewals and recognitions
    "certificate-reported": (
        mark("reported a certificate: %(level)s, until %(ends_on)s"),
        mark("reported a certificate"),
    ),
    "certificate-corrected": (mark("corrected the certificate that was reported"),),
    "certificate-verified": (mark("checked the certificate in the register"),),
    "certificate-rejected": (
        mark("did not approve the certificate: %(reason)s"),
        mark("did not approve the certificate"),
    ),
    "certificate-revoked": (
        mark("revoked the certificate from %(revoked_on)s: %(reason)s"),
        mark("revoked the certificate"),
    ),
    "renewal-reported": (mark("reported that the certificate is being renewed"),),
    "renewal-accepted": (mark("accepted the renewal as being under way"),),
    "renewal-refused": (
        mark("did not accept the renewal: %(answer)s"),
        mark("did not accept the renewal"),
    ),
    "renewal-delayed": (
        mark("recorded that the certifying body moved the audit to %(delayed_audit_on)s"),
        mark("recorded a delay of the audit"),
    ),
    "recognition-recorded": (mark("recorded a recognition as a social enterprise"),),
    "recognition-rechecked": (mark("checked the recognition again"),),
    "recognition-revoked": (
        mark("revoked the recognition from %(revoked_on)s: %(reason)s"),
        mark("revoked the recognition"),
    ),
    "personal-data-reported": (mark("reported that something holds personal data"),),
    "personal-data-kept": (
        mark("let stand what was reported as personal data: %(answer)s"),
        mark("let stand what was reported as personal data"),
    ),
    # Suppliers
    "batch-begun": (
        mark("began an action for %(count)s suppliers"),
        mark("began an action for several suppliers"),
    ),
    "batch-undone": (mark("took an action for several suppliers back"),),
    "token-created": (mark("made the token %(name)s"), mark("made a token")),
    "token-revoked": (mark("revoked the token %(name)s"), mark("revoked a token")),
    "supplier-added": (mark("added the supplier"),),
    "supplier-changed": (mark("changed the data of the supplier"),),
    # Decisions and policy
    "grant-given": (
        mark("allowed buying until %(ends_on)s: %(reason)s"),
        mark("allowed buying by decision"),
    ),
    "grant-asked": (
        mark("asked a second signature to allow buying until %(ends_on)s: %(reason)s"),
        mark("asked a second signature to allow buying"),
    ),
    "grant-confirmed": (
        mark("signed as the second that buying is allowed until %(ends_on)s: %(reason)s"),
        mark("signed as the second that buying is allowed"),
    ),
    "grant-refused": (
        mark("did not sign to allow buying: %(answer)s"),
        mark("did not sign to allow buying"),
    ),
    "grant-withdrawn": (mark("took the question for a second signature back"),),
    "grant-lapsed": (mark("let the question to allow buying lapse: nobody signed in time"),),
    "block-decided": (
        mark("decided on no new orders from %(starts_on)s: %(reason)s"),
        mark("decided on no new orders"),
    ),
    "supplier-exempted": (
        mark("gave an exemption until %(ends_on)s: %(reason)s"),
        mark("gave an exemption"),
    ),
    "equivalent-accepted": (
        mark("accepted equivalent proof until %(ends_on)s: %(reason)s"),
        mark("accepted equivalent proof"),
    ),
    "decision-ended": (
        mark("ended the decision from %(ended_on)s: %(reason)s"),
        mark("ended the decision"),
    ),
    "block-announced": (
        mark("announced that there are no new orders from %(first_day)s"),
        mark("announced that there are no new orders"),
    ),
    "block-replied": (mark("replied to the announcement: %(reply)s"), mark("replied to it")),
    "block-reply-answered": (mark("answered the reply: %(answer)s"), mark("answered the reply")),
    "template-saved": (
        mark("saved version %(version)s of the template: %(template_title)s"),
        mark("saved a template"),
    ),
    "template-retired": (
        mark("retired the template: %(template_title)s"),
        mark("retired a template"),
    ),
    "template-restored": (
        mark("brought back the template: %(template_title)s"),
        mark("brought back a template"),
    ),
    "policy-published": (
        mark("published version %(version)s of the policy, from %(starts_on)s"),
        mark("published a new policy"),
    ),
    **MAIL_EVENTS,
}

UNKNOWN = mark("recorded something (%(code)s)")


def event_text(code: str, facts: Mapping[str, Any], locale: str) -> str:
    """What somebody did, to stand after their name; a code without words is named."""
    if code not in EVENTS:
        return translate(UNKNOWN, locale, code=code)
    if code == "milestone-accepted" and facts.get("was_reviewed") is False:
        code = UNREVIEWED
    if code == "window-set":
        facts = facts.get("window", facts)
    return facts_in_words(EVENTS[code], facts, locale)
