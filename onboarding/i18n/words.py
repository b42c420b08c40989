"""The words for codes: one table for each kind, in the order in which people meet them."""

from collections.abc import Mapping
from typing import Any

from onboarding.i18n.batches import ACTIONS, ITEMS
from onboarding.i18n.catalog import mark, translate
from onboarding.i18n.facts import facts_in_words
from onboarding.i18n.titles import LEVELS

STATUSES = {
    "preferred": mark("Preferred"),
    "eligible": mark("Cleared"),
    "conditional": mark("Cleared, with agreements"),
    "out-of-scope": mark("Nothing asked"),
    "undecided": mark("In conversation"),
    "at-risk": mark("Running behind"),
    "ineligible": mark("No new orders"),
}

# What the supplier reads. The first sentence whose facts are known is the one that is shown.
SENTENCES: dict[str, tuple[str, ...]] = {
    "preferred": (mark("Your certificate has been checked. We are glad to buy from you."),),
    "eligible": (mark("You meet what we ask. There is nothing you need to do now."),),
    "conditional": (mark("You are on schedule. We buy from you."),),
    "out-of-scope": (mark("We ask nothing of you about the PSO now."),),
    "undecided": (mark("We are still making agreements. Until then nothing changes."),),
    "at-risk": (
        mark(
            "One step is past its date. We still buy from you as usual. "
            "Let us know before %(answer_by_on)s what you need."
        ),
        mark(
            "One step is past its date. We still buy from you as usual. Let us know what you need."
        ),
    ),
    "ineligible": (
        mark(
            "We place no new orders now. Running orders and invoices go on. "
            "Do you disagree? Answer here or call %(phone)s."
        ),
        mark(
            "We place no new orders now. Running orders and invoices go on. "
            "Do you disagree? Answer here or call your buyer."
        ),
    ),
}

STEPS = {
    "planned": mark("to do"),
    "started": mark("in progress"),
    "submitted": mark("we are looking at it"),
    "returned": mark("please add to it"),
    "accepted": mark("done"),
    "waived": mark("no longer needed"),
    "overdue": mark("past the date"),
}
STEP_TO_REVIEW = mark("to review")

PATHWAYS = {
    "draft": mark("draft"),
    "proposed": mark("proposal"),
    "countered": mark("counter-proposal"),
    "agreed": mark("agreed"),
    "on-hold": mark("paused"),
    "declined": mark("declined"),
    "stopped": mark("stopped"),
    "completed": mark("done"),
}

CERTIFICATES = {
    "reported": mark("to be checked"),
    "verified": mark("checked"),
    "rejected": mark("not approved"),
    "revoked": mark("revoked"),
    "ended": mark("ended"),
}

TABLES: dict[str, Mapping[str, str]] = {
    "status": STATUSES,
    "step": STEPS,
    "pathway": PATHWAYS,
    "certificate": CERTIFICATES,
    "level": LEVELS,
    "batch": ACTIONS,
    "batch-item": ITEMS,
    "action": {
        "allow": mark("Buying is allowed"),
        "warn": mark("Buying is allowed, mind the warning"),
        "block": mark("No new orders or contracts"),
    },
    "owner": {
        "supplier": mark("supplier"),
        "buyer": mark("buyer"),
        "outside": mark("certifying body"),
    },
    "role": {
        "admin": mark("administrator"),
        "manager": mark("contract manager"),
        "buyer": mark("buyer"),
        "reader": mark("reader"),
        "signatory": mark("authorised signatory"),
        "contact": mark("contact"),
        "adviser": mark("adviser"),
    },
    "channel": {
        "portal": mark("the portal"),
        "phone": mark("phone"),
        "mail": mark("e-mail"),
        "meeting": mark("meeting"),
        "letter": mark("letter"),
    },
    "recognition": {
        "code-sociale-ondernemingen": mark("Social Enterprise Code register"),
        "social-enterprise-nl": mark("Member of Social Enterprise NL"),
        "accountant": mark("Statement of an accountant"),
        "sw-bedrijf": mark("Sheltered workshop"),
        "other": mark("Another proof"),
    },
    "decision": {
        "grant": mark("temporary permission"),
        "block": mark("no new orders"),
        "exempt": mark("exemption"),
        "equivalent": mark("equivalent proof"),
    },
    "signing": {
        "asked": mark("waits for a second signature: it does not count"),
        "refused": mark("not signed: it does not count"),
        "lapsed": mark("not signed in time: it does not count"),
    },
    "removal": {
        "abandoned": mark("who sent it did not say what a number in it is"),
        "withdrawn": mark("who sent it took it back"),
        "retention-over": mark("its retention period was over"),
    },
    "grant-limit": {
        "days": mark("it lasts longer than the policy allows one person to decide"),
        "spend": mark("the yearly spend is so high that the policy asks for two"),
        "spend-unknown": mark("the yearly spend is not known"),
    },
}


def word(kind: str, code: str, locale: str) -> str:
    """The word for `code` of one of the kinds in TABLES. Raises KeyError for an unknown code."""
    return translate(TABLES[kind][code], locale)


def removal_reason(reason: str, locale: str) -> str:
    """Why a file was removed: a code of the tool's own, or what somebody wrote."""
    known = TABLES["removal"].get(reason)
    return translate(known, locale) if known else reason


def status_word(code: str, locale: str) -> str:
    """The buying status as a page, a mail or a program shows it."""
    return word("status", code, locale)


def status_sentence(code: str, locale: str, facts: Mapping[str, Any] | None = None) -> str:
    """What the supplier reads about its status; facts may hold `answer_by_on` and `phone`."""
    return facts_in_words(SENTENCES[code], facts or {}, locale)


def step_word(code: str, locale: str, *, for_buyer: bool = False) -> str:
    """The state of a step; one that was handed in is the buyer's to review."""
    if code == "submitted" and for_buyer:
        return translate(STEP_TO_REVIEW, locale)
    return word("step", code, locale)


def step_code(state: str, *, is_returned: bool = False, is_overdue: bool = False) -> str:
    """The code to show for a step: what was sent back or is late says more than its state."""
    if is_overdue and state in ("planned", "started"):
        return "overdue"
    return "returned" if is_returned and state == "started" else state
