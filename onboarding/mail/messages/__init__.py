"""One function per e-mail: plain values and a locale in, a `Message` in words out."""

from collections.abc import Callable, Sequence

from onboarding.domain.messages import MessageKind
from onboarding.i18n import translate_plural
from onboarding.mail.frame import letter
from onboarding.mail.messages import (
    access,
    certificates,
    changes,
    conversations,
    negotiation,
    news,
    notices,
    statements,
    steps,
)
from onboarding.mail.messages.reminders import milestone_reminders
from onboarding.mail.messages.tasks import LINES, ONLY_TO_KNOW
from onboarding.mail.values import Facts, Items, Letter, Message, Text

Mail = Callable[[Letter, Facts], Message]

MAILS: dict[MessageKind, Mail] = {
    MessageKind.INVITATION: access.invitation,
    MessageKind.LOGIN_LINK: access.login_link,
    MessageKind.PASSWORD_LINK: access.password_link,
    MessageKind.PROPOSAL: negotiation.proposal,
    MessageKind.PROPOSAL_REMINDER: negotiation.proposal_reminder,
    MessageKind.PROPOSAL_WITHDRAWN: negotiation.proposal_withdrawn,
    MessageKind.AGREEMENT: negotiation.agreement,
    MessageKind.STOP_ANNOUNCED: negotiation.stop_announced,
    MessageKind.RELATION_ENDED: negotiation.relation_ended,
    MessageKind.HOLD_ANSWERED: changes.hold_answered,
    MessageKind.HOLD_ENDED: changes.hold_ended,
    MessageKind.AMENDMENT_PROPOSED: changes.amendment_proposed,
    MessageKind.AMENDMENT_DECLINED: changes.amendment_declined,
    MessageKind.AMENDMENT_WITHDRAWN: changes.amendment_withdrawn,
    MessageKind.RETURNED: steps.returned,
    MessageKind.ACCEPTED: steps.accepted,
    MessageKind.WAIVED: steps.waived,
    MessageKind.DATE_ANSWERED: steps.date_answered,
    MessageKind.ANSWER: conversations.answer,
    MessageKind.NOTE: conversations.note,
    MessageKind.EVIDENCE_REMOVED: steps.evidence_removed,
    MessageKind.TEXT_REDACTED: conversations.text_redacted,
    MessageKind.PERSONAL_DATA_ANSWERED: conversations.personal_data_answered,
    MessageKind.FORMAL_NOTICE: notices.formal_notice,
    MessageKind.NOTICE_REPLY_ANSWERED: notices.notice_reply_answered,
    MessageKind.BLOCK_ANNOUNCED: notices.block_announced,
    MessageKind.BLOCK_REPLY_ANSWERED: notices.block_reply_answered,
    MessageKind.BLOCK_ENDED: notices.block_ended,
    MessageKind.CERTIFICATE_VERIFIED: certificates.certificate_verified,
    MessageKind.CERTIFICATE_REJECTED: certificates.certificate_rejected,
    MessageKind.CERTIFICATE_REVOKED: certificates.certificate_revoked,
    MessageKind.CERTIFICATE_ENDING: certificates.certificate_ending,
    MessageKind.RENEWAL_ANSWERED: certificates.renewal_answered,
    MessageKind.RECORDED: statements.recorded,
    MessageKind.CONTEST_ANSWERED: statements.contest_answered,
    MessageKind.WEBHOOK_FAILED: news.webhook_failed,
    MessageKind.GRANT_ANSWERED: news.grant_answered,
}

Line = tuple[MessageKind, Letter, Facts]


def write(lines: Sequence[Line]) -> Message:
    """The mail for these ledger rows of one person; more than one only where they travel together.

    Raises KeyError for a kind without a renderer.
    """
    kind, to, facts = lines[0]
    if kind is MessageKind.MILESTONE_REMINDER:
        return milestone_reminders([(to, facts) for _, to, facts in lines])
    if kind is MessageKind.WATCHED:
        return news.watched([(to, facts) for _, to, facts in lines])
    if kind in LINES:
        return tasks(lines)
    return MAILS[kind](to, facts)


def tasks(lines: Sequence[Line]) -> Message:
    """What waits for one buyer or manager, in the order of the work list."""
    order = list(LINES)
    lines = sorted(lines, key=lambda line: (order.index(line[0]), line[1].supplier))
    items = tuple(LINES[kind](to, facts) for kind, to, facts in lines)
    to = lines[0][1]
    _ = to.say
    num = len(items)
    if num == 1:
        subject = items[0].title
        waits = lines[0][0] not in ONLY_TO_KNOW
        lead = _("This waits for you:") if waits else _("This no longer waits for you:")
        button, url = _("Open it"), to.url
    else:
        subject = translate_plural(
            "%(num)s thing waits for you: %(first)s",
            "%(num)s things wait for you: %(first)s",
            num,
            to.locale,
            first=items[0].title,
        )
        lead = _("This waits for you, the most urgent first:")
        button, url = _("Open my work list"), to.home
    return letter(to, subject, Text(text=lead), Items(items=items), button=button, url=url)


__all__ = ["LINES", "MAILS", "Line", "write"]
