"""One of our mails came back: what followed from its hand-over is undone as far as it can be."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.dead_letters import GivenUp
from onboarding.domain.incoming import IncomingKind, MailBounced
from onboarding.domain.messages import MessageKind
from onboarding.domain.notices import NoticeState
from onboarding.domain.people import Channel, the_tool
from onboarding.mail.bounces import Bounce
from onboarding.services.decisions import announcement_bounced
from onboarding.services.mail.outcomes import because, leave_address_alone
from onboarding.services.pathway.notices import notice_bounced
from onboarding.services.pathway.proposals_given import proposal_bounced
from onboarding.store import incoming as store
from onboarding.store import messages as ledger
from onboarding.store.history import Record, append
from onboarding.store.tables import MailRow, MessageRow, NoticeRow

UNDER_WAY = ("queued", "sending")


class StillUnderWay(Exception):
    """The hand-over of the mail that came back is not recorded yet: the letter is read later."""


Hook = Callable[[Session, Moment, MessageRow], object]


def record_bounce(session: Session, moment: Moment, mail: MailRow, bounce: Bounce) -> IncomingKind:
    """Record what a server tells of a mail that it took at first.

    For good: the mail has failed, and its address is left alone, as at a refused hand-over. What
    it announced has not arrived: a formal notice is void, also where the server only gave up. For
    now (4.x.x, or a delay) nothing else follows: it is told in the history. Raises StillUnderWay.
    """
    if mail.state in UNDER_WAY:
        raise StillUnderWay
    if mail.state != "sent":
        return IncomingKind.BOUNCE  # it was known
    rows = ledger.messages_in(session, mail.id)
    _tell(session, moment, mail, rows, bounce)
    if bounce.is_hard:
        why = because(GivenUp.BOUNCED, f"{bounce.status} {bounce.said}".strip())
        store.came_back(session, mail.id, moment.now, why)
        leave_address_alone(session, moment, mail)
    if bounce.is_final:
        for row in rows:
            if row.kind in NOT_ARRIVED:
                NOT_ARRIVED[MessageKind(row.kind)](session, moment, row)
    return IncomingKind.BOUNCE if bounce.is_hard else IncomingKind.DELAY


def _tell(
    session: Session, moment: Moment, mail: MailRow, rows: list[MessageRow], bounce: Bounce
) -> None:
    """In the history of each supplier that the mail was about, for the buyer."""
    change = MailBounced(
        person_id=mail.person_id, kind=mail.kind, status=bounce.status, is_hard=bounce.is_hard
    )
    for relation_id in sorted({row.relation_id for row in rows if row.relation_id is not None}):
        under = Record(
            actor=the_tool(mail.customer_id),
            moment=moment,
            relation_id=relation_id,
            is_shared=False,
        )
        append(session, change, under)


def _notice(session: Session, moment: Moment, row: MessageRow) -> None:
    """Void, unless it was given otherwise since, or the supplier replied: then it has arrived."""
    notice = session.get_one(NoticeRow, row.facts["notice_id"], populate_existing=True)
    if (
        notice.state == NoticeState.HANDED_OVER
        and notice.given_by == Channel.MAIL
        and notice.reply_made_on is None
    ):
        notice_bounced(session, moment, notice.id)


def _proposal(session: Session, moment: Moment, row: MessageRow) -> None:
    """The time to answer does not run while nobody got this proposal, or one before it."""
    pathway_id = row.facts["pathway_id"]
    if not store.another_was_sent(session, row, f"{row.kind}:{pathway_id}:"):
        proposal_bounced(session, moment, pathway_id, row.facts["revision"])


def _announcement(session: Session, moment: Moment, row: MessageRow) -> None:
    """A block waits for its announcement."""
    same, _, _ = row.key.rpartition(":")
    if not store.another_was_sent(session, row, f"{same}:"):
        announcement_bounced(session, moment, row.facts["decision_id"])


NOT_ARRIVED: dict[MessageKind, Hook] = {
    MessageKind.FORMAL_NOTICE: _notice,
    MessageKind.PROPOSAL: _proposal,
    MessageKind.BLOCK_ANNOUNCED: _announcement,
}
