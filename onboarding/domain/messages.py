"""Every kind of e-mail there is: who reads it, and when it may go."""

from enum import StrEnum


class MessageKind(StrEnum):
    """What a message says; the name is permanent and part of the ledger's key."""

    # Getting in
    INVITATION = "invitation"
    LOGIN_LINK = "login-link"
    PASSWORD_LINK = "password-link"
    # Negotiating
    PROPOSAL = "proposal"
    PROPOSAL_REMINDER = "proposal-reminder"
    PROPOSAL_WITHDRAWN = "proposal-withdrawn"
    COUNTER_PROPOSAL = "counter-proposal"
    AGREEMENT = "agreement"
    DECLINED = "declined"
    WINDOW_ENDING = "window-ending"
    # Steps
    MILESTONE_REMINDER = "milestone-reminder"
    DATE_ASKED = "date-asked"
    DATE_ANSWERED = "date-answered"
    DATE_TAKEN_BACK = "date-taken-back"
    DELAY_REPORTED = "delay-reported"
    REVIEW = "review"
    REVIEW_LATE = "review-late"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    WAIVED = "waived"
    COMPLETED = "completed"
    QUESTION = "question"
    ANSWER = "answer"
    NOTE = "note"
    EVIDENCE_REMOVED = "evidence-removed"
    TEXT_REDACTED = "text-redacted"
    PERSONAL_DATA_REPORTED = "personal-data-reported"
    PERSONAL_DATA_ANSWERED = "personal-data-answered"
    # Late
    CALL = "call"
    NOTICE_PREPARED = "notice-prepared"
    FORMAL_NOTICE = "formal-notice"
    NOTICE_REPLY = "notice-reply"
    NOTICE_REPLY_ANSWERED = "notice-reply-answered"
    DECIDE = "decide"
    # Certificates
    CERTIFICATE_REPORTED = "certificate-reported"
    CERTIFICATE_VERIFIED = "certificate-verified"
    CERTIFICATE_REJECTED = "certificate-rejected"
    CERTIFICATE_REVOKED = "certificate-revoked"
    CERTIFICATE_ENDING = "certificate-ending"
    CERTIFICATE_TO_RENEW = "certificate-to-renew"
    RENEWAL_REPORTED = "renewal-reported"
    RENEWAL_ANSWERED = "renewal-answered"
    # Decisions and ends
    BLOCK_ANNOUNCED = "block-announced"
    BLOCK_REPLY = "block-reply"
    BLOCK_REPLY_ANSWERED = "block-reply-answered"
    BLOCK_ENDED = "block-ended"
    DECISION_ENDING = "decision-ending"
    NEXT_YEAR = "next-year"
    STOP_ANNOUNCED = "stop-announced"
    STOPPED = "stopped"
    RELATION_ENDED = "relation-ended"
    HOLD_ASKED = "hold-asked"
    HOLD_ANSWERED = "hold-answered"
    HOLD_ENDED = "hold-ended"
    # Changing what was agreed
    AMENDMENT_PROPOSED = "amendment-proposed"
    AMENDMENT_DECLINED = "amendment-declined"
    AMENDMENT_ASKED = "amendment-asked"
    AMENDMENT_REFUSED = "amendment-refused"
    AMENDMENT_WITHDRAWN = "amendment-withdrawn"
    AMENDMENT_TAKEN_BACK = "amendment-taken-back"
    # What a buyer wrote down for a supplier
    RECORDED = "recorded"
    CONTESTED = "contested"
    CONTEST_ANSWERED = "contest-answered"
    # Mail itself
    ADDRESS_REFUSED = "address-refused"
    WRONG_PERSON = "wrong-person"
    # News for colleagues
    WATCHED = "watched"
    WEBHOOK_FAILED = "webhook-failed"
    GRANT_ANSWERED = "grant-answered"


class Rhythm(StrEnum):
    """When a message may go."""

    AT_ONCE = "at-once"  # log-in links, and answers to what somebody did
    ALONE = "alone"  # on a working day from 08:00, in a mail of its own
    DIGEST = "digest"  # on a working day from 08:00, with what else this person must do


# Reminders to a supplier, tasks of a buyer, and what somebody follows: one mail per person.
DIGESTS: dict[MessageKind, str] = {
    MessageKind.MILESTONE_REMINDER: "supplier",
    MessageKind.COUNTER_PROPOSAL: "buyer",
    MessageKind.WINDOW_ENDING: "buyer",
    MessageKind.DATE_ASKED: "buyer",
    MessageKind.DELAY_REPORTED: "buyer",
    MessageKind.REVIEW: "buyer",
    MessageKind.REVIEW_LATE: "buyer",
    MessageKind.QUESTION: "buyer",
    MessageKind.PERSONAL_DATA_REPORTED: "buyer",
    MessageKind.CALL: "buyer",
    MessageKind.NOTICE_PREPARED: "buyer",
    MessageKind.NOTICE_REPLY: "buyer",
    MessageKind.DECIDE: "buyer",
    MessageKind.CERTIFICATE_REPORTED: "buyer",
    MessageKind.RENEWAL_REPORTED: "buyer",
    MessageKind.BLOCK_REPLY: "buyer",
    MessageKind.CERTIFICATE_TO_RENEW: "buyer",
    MessageKind.DECISION_ENDING: "buyer",
    MessageKind.NEXT_YEAR: "buyer",
    MessageKind.DECLINED: "buyer",
    MessageKind.STOPPED: "buyer",
    MessageKind.COMPLETED: "buyer",
    MessageKind.HOLD_ASKED: "buyer",
    MessageKind.CONTESTED: "buyer",
    MessageKind.AMENDMENT_ASKED: "buyer",
    MessageKind.AMENDMENT_REFUSED: "buyer",
    MessageKind.AMENDMENT_TAKEN_BACK: "buyer",
    MessageKind.DATE_TAKEN_BACK: "buyer",
    MessageKind.ADDRESS_REFUSED: "buyer",
    MessageKind.WRONG_PERSON: "buyer",
    MessageKind.WATCHED: "follower",
}

ALONE = frozenset(
    {
        MessageKind.PROPOSAL_REMINDER,
        MessageKind.FORMAL_NOTICE,
        MessageKind.CERTIFICATE_ENDING,
        MessageKind.HOLD_ENDED,
    }
)

# What only reminds: it waits while somebody says not to be the right person, or is closed.
REMINDERS = frozenset(
    {
        MessageKind.MILESTONE_REMINDER,
        MessageKind.PROPOSAL_REMINDER,
        MessageKind.CERTIFICATE_ENDING,
    }
)

# It tells somebody on the customer's side something, and nothing waits for them.
NEWS = frozenset({MessageKind.WATCHED, MessageKind.WEBHOOK_FAILED, MessageKind.GRANT_ANSWERED})

# They get somebody in, so they go to an address that refused mail before, too.
ACCESS = frozenset({MessageKind.INVITATION, MessageKind.LOGIN_LINK, MessageKind.PASSWORD_LINK})


def rhythm(kind: MessageKind) -> Rhythm:
    """When a message of this kind may go."""
    if kind in DIGESTS:
        return Rhythm.DIGEST
    return Rhythm.ALONE if kind in ALONE else Rhythm.AT_ONCE


def is_task(kind: MessageKind) -> bool:
    """Whether it tells somebody on the customer's side what waits for them."""
    return DIGESTS.get(kind) == "buyer"


def is_for_colleague(kind: MessageKind) -> bool:
    """Whether it is read on the customer's side only, also by who is a contact as well."""
    return is_task(kind) or kind in NEWS
