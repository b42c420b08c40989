"""What went wrong, in words that say what to do: the codes of domain errors.

A feature adds its own codes here, from the most to the least telling sentence; the last one needs
no facts. A code that says different things by its fact `reason` or `what` has those apart, as
`code:value`.
"""

from collections.abc import Mapping
from typing import Any

from onboarding.i18n.as_of import AS_OF_ERRORS
from onboarding.i18n.batches import REFUSALS
from onboarding.i18n.catalog import mark, translate
from onboarding.i18n.facts import facts_in_words
from onboarding.i18n.file_errors import FILE_ERRORS
from onboarding.i18n.list_errors import LIST_ERRORS
from onboarding.i18n.supplier_errors import SUPPLIER_ERRORS
from onboarding.i18n.template_errors import TEMPLATE_ERRORS
from onboarding.i18n.webhooks import WEBHOOK_ERRORS

ERRORS: dict[str, tuple[str, ...]] = {
    **TEMPLATE_ERRORS,
    **WEBHOOK_ERRORS,
    "refused": (mark("This cannot be done now. Look again at how things stand."),),
    "not-found": (mark("This does not exist, or you have no access to it."),),
    "not-allowed": (mark("Your role does not allow this. Ask somebody who may."),),
    "version-outdated": (
        mark(
            "Somebody changed this while you were looking (you saw version %(seen)s, it is now "
            "version %(current)s). Look at the new version and decide again."
        ),
        mark("Somebody changed this while you were looking. Look again and decide again."),
    ),
    "move-refused": (
        mark(
            "This is not possible any more: somebody was ahead of you, or you pressed twice. "
            "Look again."
        ),
    ),
    "limit-reached": (mark("This goes beyond what the policy allows. A contract manager may."),),
    "limit-reached:longest-months": (
        mark(
            "A pathway may last %(limit)s months at most. Choose earlier days, or ask a contract "
            "manager, who may go beyond it."
        ),
        mark("This lasts longer than a pathway may. A contract manager may go beyond that."),
    ),
    "limit-reached:rework": (
        mark(
            "This step was sent back %(limit)s times already. Accept it, or ask a contract "
            "manager, who may send it back once more."
        ),
        mark("This step was sent back often enough. A contract manager may do it once more."),
    ),
    "limit-reached:extensions": (
        mark(
            "This step was given another date %(limit)s times already. A contract manager may "
            "give one more."
        ),
        mark("This step was given another date often enough. A contract manager may do more."),
    ),
    "sent-twice": (
        mark("You sent this a moment ago, and it is recorded. It was not recorded again."),
    ),
    "already-open": (mark("There is one already. Look at that one first."),),
    "already-open:pathway": (
        mark("This supplier has a pathway that is not over yet. Look at that one first."),
    ),
    "already-open:grant": (
        mark("Permission for this supplier waits for a second signature already."),
    ),
    "not-allowed:asked-by-another": (mark("Only who asked this can take it back."),),
    "not-allowed:asked-it-oneself": (
        mark("You asked this yourself: somebody else has to sign for it."),
    ),
    "already-open:hold": (mark("A pause was asked for already. Answer that first."),),
    "already-open:running-hold": (
        mark("There is a pause already. It has to end before there can be another one."),
    ),
    "already-open:contest": (mark("This was said already. Look at how it stands."),),
    "input-invalid:not-a-deputy": (
        mark("Choose another contact who gets mail and reminders, and is not away on these days."),
    ),
    "input-invalid:not-a-contact": (
        mark("Choose somebody of this supplier, or fill in who it was."),
    ),
    "contest-too-late": (
        mark(
            "This could be said until %(contest_until_on)s. Call your buyer: together you put it "
            "right."
        ),
        mark("The days to say this are over. Call your buyer: together you put it right."),
    ),
    "already-open:amendment": (mark("A change was proposed already. Answer that first."),),
    "input-invalid": (mark("This value cannot be used."),),
    "input-invalid:required": (
        mark("Step %(step)s: fill this in."),
        mark("Fill this in."),
    ),
    "input-invalid:too-long": (
        mark("Step %(step)s: use at most %(longest)s characters."),
        mark("Use at most %(longest)s characters."),
        mark("This text is too long."),
    ),
    "input-invalid:tells-the-text": (
        mark("The text itself stands in this reason, and the reason stays. Say it in other words."),
    ),
    "input-invalid:in-the-future": (mark("This day is still to come. Choose today or earlier."),),
    "input-invalid:in-the-past": (
        mark("Step %(step)s: this day has passed. Choose today or later."),
        mark("This day has passed. Choose today or later."),
    ),
    "input-invalid:before-start": (
        mark("Step %(step)s: choose a day on or after %(start)s."),
        mark("Choose a day on or after %(start)s."),
        mark("Choose %(earliest)s or later."),
        mark("Choose a day on or after the first one."),
    ),
    "input-invalid:not-later": (
        mark("Choose a day after %(due)s."),
        mark("Choose a later day."),
    ),
    "input-invalid:already-asked": (mark("You asked this already. We will answer soon."),),
    "input-invalid:after-deadline": (
        mark("The step is due on %(due)s. Take a day before that, or move the day of the step."),
        mark("Take a day before the day of the step."),
    ),
    "input-invalid:before-deadline": (
        mark("Choose a day after the deadline, %(due)s."),
        mark("Choose a day after the deadline."),
    ),
    "input-invalid:closed": (
        mark("Step %(step)s is done or no longer needed and cannot be changed."),
        mark("This step is done or no longer needed and cannot be changed."),
    ),
    "input-invalid:closed-then": (
        mark("%(first)s up to and including %(last)s is known already. Choose other days."),
        mark("This is known already. Choose other days."),
    ),
    "input-invalid:closed-too-long": (
        mark("Closed for more than %(most)s days in %(year)s: ask for a pause of the steps."),
        mark("Closed for so long in one year: ask for a pause of the steps."),
    ),
    "input-invalid:too-early": (
        mark("Choose %(earliest)s or later."),
        mark("Choose a later day."),
    ),
    "input-invalid:too-late": (
        mark("Choose %(latest)s or earlier."),
        mark("Choose an earlier day."),
    ),
    "input-invalid:out-of-range": (
        mark("Step %(step)s: choose a number from %(least)s to %(most)s."),
        mark("Choose a number from %(least)s to %(most)s."),
        mark("This number is too low or too high."),
    ),
    "input-invalid:too-many": (
        mark("Name %(most)s at most."),
        mark("These are too many."),
    ),
    "input-invalid:not-days": (mark("Fill in days, such as -14, -3, 1."),),
    "input-invalid:not-in-order": (mark("Put them in order, the earliest first."),),
    "input-invalid:below-required": (
        mark("The preferred level cannot be lower than the required level."),
    ),
    "input-invalid:not-a-kvk-number": (
        mark("%(given)s is no KvK number: that has 8 digits, such as 02076358."),
        mark("A KvK number has 8 digits, such as 02076358."),
    ),
    "input-invalid:not-an-email": (
        mark("%(given)s is no e-mail address: write it as name@company.nl."),
        mark("Write it as name@company.nl."),
    ),
    "input-invalid:nothing-changed": (
        mark("Nothing differs from what lies there already. Change a day or a step first."),
    ),
    "input-invalid:unchanged": (mark("This is what it is already."),),
    "input-invalid:not-an-address": (mark("This is no web address. It begins with https://."),),
    # Suppliers
    "supplier-known": (
        mark("KvK number %(kvk_number)s belongs to %(name)s already. Look at that one first."),
        mark("Number %(foreign_number)s belongs to %(name)s already. Look at that one first."),
        mark("There is a supplier with this number already. Look at that one first."),
    ),
    "already-open:contact": (mark("This person is a contact of this supplier already."),),
    "already-open:import": (mark("This list was taken already."),),
    "supplier-unknown": (mark("There is no supplier %(ref)s."), mark("There is no such supplier.")),
    "supplier-ambiguous": (
        mark("%(ref)s is the number of several suppliers. Name one by its own reference."),
        mark("Several suppliers have this number. Name one by its own reference."),
    ),
    "not-yet-known": (
        mark("Nothing was known yet of %(ref)s on %(on)s."),
        mark("Nothing was known yet of this supplier on that day, or at that instant."),
    ),
    "input-invalid:differs-from-address": (mark("This is not the number in the address."),),
    "input-invalid:not-a-reference": (
        mark("Name a supplier by a KvK number of 8 digits, as id-17 or as creditor-FS10023."),
    ),
    "input-invalid:not-digits": (
        mark("%(given)s is no KvK number: that has 8 digits, such as 02076358."),
        mark("A KvK number has 8 digits, such as 02076358."),
    ),
    "input-invalid:not-8-digits": (
        mark("%(given)s is no KvK number: that has 8 digits, such as 02076358."),
        mark("A KvK number has 8 digits, such as 02076358."),
    ),
    "input-invalid:not-a-creditor-number": (
        mark(
            "%(given)s is no creditor number: use letters, digits, points and dashes, without "
            "spaces."
        ),
        mark("A creditor number has letters, digits, points and dashes, without spaces."),
    ),
    "input-invalid:not-a-country": (
        mark("%(given)s is no country. Use its name, or two letters such as NL."),
        mark("Use the name of a country, or two letters such as NL."),
    ),
    "input-invalid:not-an-amount": (
        mark("%(given)s is no amount. Use digits, such as 184200."),
        mark("Use digits, such as 184200."),
    ),
    "input-invalid:not-a-buyer": (
        mark("%(given)s is not one of your buyers. Choose somebody who may buy."),
        mark("Choose somebody who may buy."),
    ),
    "input-invalid:needs-trede-3": (mark("30+ is held together with step 3 on the PSO ladder."),),
    "already-open:renewal": (mark("A renewal was reported already. Look at that one first."),),
    "already-open:reply": (mark("There is a reply already that waits for an answer."),),
    **FILE_ERRORS,
    # Getting in
    "log-in-refused": (mark("This address and this password do not belong together."),),
    "log-in-refused:password": (mark("This is not your current password."),),
    "link-invalid": (mark("This link works no more. Ask for a new one."),),
    "too-many-tries": (
        mark("You tried too often. Wait %(minutes)s minutes and try again, or call your buyer."),
        mark("You tried too often. Wait a quarter of an hour and try again."),
    ),
    "last-administrator": (
        mark("There must be an administrator. Make somebody else administrator first."),
    ),
    "input-invalid:not-an-email-address": (
        mark("%(given)s is no e-mail address. An address looks like name@example.nl."),
        mark("This is no e-mail address. An address looks like name@example.nl."),
    ),
    "input-invalid:too-short": (
        mark("Use at least %(shortest)s characters."),
        mark("This is too short."),
    ),
    "input-invalid:easy-to-guess": (mark("This is too easy to guess. Choose another one."),),
    "input-invalid:has-role": (
        mark("%(given)s has this role already."),
        mark("This person has this role already."),
    ),
    "certificate-of-other-number": (
        mark(
            "This certificate does not cover KvK number %(kvk_number)s, so it does not count and "
            "cannot be renewed here. Report the certificate that does cover it."
        ),
        mark("This certificate does not cover your KvK number. Report one that does."),
    ),
    "renewal-too-late": (
        mark(
            "The certificate ended on %(certificate_ends_on)s, before the renewal was reported. "
            "Call your buyer."
        ),
        mark("The certificate had ended before the renewal was reported. Call your buyer."),
    ),
    **REFUSALS,
    **LIST_ERRORS,
    **AS_OF_ERRORS,
    **SUPPLIER_ERRORS,
}

UNKNOWN = mark("This could not be done (%(code)s). Look again and try once more.")


def error_text(code: str, facts: Mapping[str, Any], locale: str) -> str:
    """The sentence for an error code; one without a sentence says so and names its code."""
    qualifier = facts.get("reason") or facts.get("what")
    sentences = ERRORS.get(f"{code}:{qualifier}") or ERRORS.get(code)
    if sentences is None:
        return translate(UNKNOWN, locale, code=code)
    return facts_in_words(sentences, facts, locale)
