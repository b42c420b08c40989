"""Stories of steps that are late, and of the notices that follow."""

from onboarding.demo.seed.replay import Story
from onboarding.demo.seed.supplier import Supplier
from onboarding.demo.seed.walking import late, walk
from onboarding.domain.notices import NoticeState
from onboarding.domain.people import Channel
from onboarding.services.pathway import milestones, notices, requests


def just_late(s: Supplier) -> Story:
    yield from late(s, "account", s.scene.days.ago(1))


def to_be_called(s: Supplier) -> Story:
    yield from late(s, "account", s.scene.days.ago(5))


def prepared(s: Supplier) -> Story:
    """A week late: the notice lies on the work list for two working days."""
    yield from late(s, "plan", s.scene.days.before(s.scene.days.last, 7))


def held(s: Supplier) -> Story:
    yield from late(s, "baseline", s.scene.days.ago(13))
    yield from s.until_notice(NoticeState.PREPARED)
    notice = s.notice(NoticeState.PREPARED)
    assert notice is not None
    s.act(
        notices.hold_notice,
        s.buyer,
        notice.id,
        reason="Morgen komen zij langs; eerst horen wat er speelt.",
    )


def cure_running(s: Supplier) -> Story:
    """The notice is out; a line of the buyer's own stands in it."""
    yield from late(s, "quote", s.scene.days.ago(19))
    yield s.scene.days.ago(15)
    s.call("De offerte zou onderweg zijn. Niets ontvangen.")
    yield from s.until_notice(NoticeState.PREPARED)
    notice = s.notice(NoticeState.PREPARED)
    assert notice is not None
    s.act(notices.add_line, s.buyer, notice.id, line="Bel mij gerust, ik denk graag mee.")


def cure_over(s: Supplier) -> Story:
    """No alternative for this supplier, and the cure period is over: the manager decides."""
    yield from late(s, "plan", s.scene.days.ago(52))
    yield s.scene.days.ago(47)
    s.call("Directeur had het druk, zou volgende week een plan sturen.")


def body_past_the_last_day(s: Supplier) -> Story:
    """All that the supplier owed is done, the pathway's last day has passed, and no audit yet."""
    yield from late(s, "register-check", s.scene.days.ago(6), until="audit")


def replied(s: Supplier) -> Story:
    """The supplier replied to the notice: the buyer has the turn."""
    yield from late(s, "baseline", s.scene.days.ago(26))
    yield from s.until_notice(NoticeState.HANDED_OVER)
    yield s.scene.days.after(s.today, 3)
    _reply(s, "De cijfers komen van het salariskantoor, dat loopt achter.")


def replied_and_answered(s: Supplier) -> Story:
    yield from late(s, "plan", s.scene.days.ago(36))
    yield from s.until_notice(NoticeState.HANDED_OVER)
    yield s.scene.days.after(s.today, 2)
    _reply(s, "Het plan ligt bij de accountant, die is met vakantie.")
    yield s.scene.days.after(s.today, 3)
    notice = s.notice(NoticeState.HANDED_OVER)
    assert notice is not None
    s.act(
        notices.answer_reply,
        s.buyer,
        notice.id,
        text="Dank voor de uitleg. Stuur het plan zodra de accountant terug is.",
    )


def given_by_letter(s: Supplier) -> Story:
    """Mail seems not to be read there: the notice went by registered letter."""
    yield from late(s, "baseline", s.scene.days.ago(24))
    yield from s.until_notice(NoticeState.PREPARED)
    notice = s.notice(NoticeState.PREPARED)
    assert notice is not None
    s.act(notices.hold_notice, s.buyer, notice.id, reason="Gaat aangetekend per post.")
    yield s.scene.days.after(s.today, 2)
    s.act(
        notices.given_otherwise,
        s.buyer,
        notice.id,
        given_on=s.today,
        channel=Channel.LETTER,
    )


def bounced(s: Supplier) -> Story:
    """The mailbox was full: the notice is void, and the worker makes a new one."""
    yield from late(s, "account", s.scene.days.ago(22))
    yield from s.until_notice(NoticeState.HANDED_OVER)
    yield s.scene.days.after(s.today)
    notice = s.notice(NoticeState.HANDED_OVER)
    assert notice is not None
    notices.notice_bounced(s.scene.session, s.scene.moment, notice.id)


def in_time_after_all(s: Supplier) -> Story:
    """Submitted while the notice lay on the work list: it never went out."""
    yield from late(s, "baseline", s.scene.days.ago(48))
    yield from s.until_notice(NoticeState.PREPARED)
    s.act(milestones.submit_milestone, s.contact, s.step("baseline").id, note="Excuus, alsnog!")
    yield from walk(s, past="baseline")


def late_request(s: Supplier) -> Story:
    """Asked for another day when it was too late; it waits for the buyer."""
    yield from late(s, "plan", s.scene.days.ago(4))
    yield s.scene.days.ago(1)
    s.act(
        requests.ask_for_date,
        s.contact,
        s.step("plan").id,
        wished_on=s.scene.days.ahead(12),
        reason="De boekhouder levert volgende week de laatste cijfers.",
    )


def _reply(s: Supplier, text: str) -> None:
    notice = s.notice(NoticeState.HANDED_OVER)
    assert notice is not None
    s.act(notices.reply_to_notice, s.contact, notice.id, text=text)
