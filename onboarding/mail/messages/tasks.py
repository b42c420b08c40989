"""The lines of a buyer's mail: what waits, at which supplier, and since when."""

from collections.abc import Callable

from onboarding.domain.messages import MessageKind
from onboarding.domain.next_years import begins_on
from onboarding.i18n import level_word
from onboarding.i18n.titles import LEVELS
from onboarding.mail.messages.contacts import address_refused, wrong_person
from onboarding.mail.messages.conversations import files_told, personal_data_reported
from onboarding.mail.messages.taken_back import amendment_taken_back, date_taken_back
from onboarding.mail.values import Facts, Item, Letter

Line = Callable[[Letter, Facts], Item]


def _item(to: Letter, title: str, text: str = "", when: str = "", is_late: bool = False) -> Item:
    return Item(title=title, when=when, text=text, url=to.url, is_late=is_late)


def decide(to: Letter, facts: Facts) -> Item:
    _ = to.say
    because, ended = facts.text("because"), facts.day("cure_ends_on") or facts.day("ends_on")
    if because == "window-over":
        text = _("The time to make agreements is over.")
    elif ended:
        text = _(
            "“%(step)s” is late and the time to repair it ended on %(day)s.",
            step=to.title,
            day=to.day(ended),
        )
    else:
        text = _("A step is late and the time to repair it is over.")
    return _item(to, _("Decide: what now with %(supplier)s?"), text, is_late=True)


def call(to: Letter, facts: Facts) -> Item:
    _ = to.say
    due = facts.day("deadline_on")
    if facts.text("because") == "proposal" or due is None:
        text = _("The proposal has not been answered.")
    else:
        text = _(
            "“%(step)s” was due on %(day)s, %(late)s. A call comes before a warning.",
            step=to.title,
            day=to.day(due),
            late=to.late(due),
        )
    return _item(to, _("Call %(supplier)s"), text, is_late=True)


def notice_prepared(to: Letter, facts: Facts) -> Item:
    _ = to.say
    planned = facts.day("planned_on")
    text = (
        _(
            "About “%(step)s”. It goes out on %(day)s. Until then you can hold it or add a line.",
            step=to.title,
            day=to.day(planned),
        )
        if planned
        else _("About “%(step)s”. You can hold it or add a line.", step=to.title)
    )
    return _item(to, _("A warning to %(supplier)s is ready"), text, is_late=True)


def counter_proposal(to: Letter, facts: Facts) -> Item:
    _ = to.say
    return _item(to, _("Answer the counter-proposal of %(supplier)s"), facts.text("reason"))


def date_asked(to: Letter, facts: Facts) -> Item:
    _ = to.say
    return _item(
        to,
        _("%(supplier)s asks for another day for “%(step)s”", step=to.title),
        facts.text("reason"),
        _asked(to, facts),
    )


def delay_reported(to: Letter, facts: Facts) -> Item:
    _ = to.say
    return _item(
        to,
        _("%(supplier)s reports a delay at the certifying body: “%(step)s”", step=to.title),
        facts.text("reason"),
        _asked(to, facts),
    )


def _asked(to: Letter, facts: Facts) -> str:
    _ = to.say
    asked = facts.day("asked_due_on")
    return _("asked: %(day)s", day=to.day(asked)) if asked else ""


def review(to: Letter, facts: Facts) -> Item:
    _ = to.say
    return _item(
        to, _("Review “%(step)s” of %(supplier)s", step=to.title), when=_waiting(to, facts)
    )


def review_late(to: Letter, facts: Facts) -> Item:
    _ = to.say
    return _item(
        to,
        _("Still to review: “%(step)s” of %(supplier)s", step=to.title),
        _("As long as it waits, no time passes for the supplier."),
        _waiting(to, facts),
        is_late=True,
    )


def _waiting(to: Letter, facts: Facts) -> str:
    _ = to.say
    since = facts.day("submitted_on")
    return _("waits since %(day)s", day=to.day(since)) if since else ""


def question(to: Letter, facts: Facts) -> Item:
    _ = to.say
    title = (
        _("A question from %(supplier)s about “%(step)s”", step=to.title)
        if to.step
        else _("A question from %(supplier)s")
    )
    text = facts.text("question") or facts.text("text")
    return _item(to, title, "\n".join(filter(None, (text, files_told(to, facts)))))


def notice_reply(to: Letter, facts: Facts) -> Item:
    _ = to.say
    return _item(to, _("Answer %(supplier)s: a reaction to the warning"), facts.text("reply"))


def block_reply(to: Letter, facts: Facts) -> Item:
    _ = to.say
    return _item(
        to,
        _("Answer %(supplier)s: a reaction to the announced block"),
        facts.text("reply"),
        is_late=True,
    )


def certificate_reported(to: Letter, facts: Facts) -> Item:
    _ = to.say
    level = facts.text("level")
    text = (
        level_word(level, to.locale, thirty_plus=facts.has("thirty_plus"))
        if level in LEVELS
        else ""
    )
    return _item(to, _("Check the certificate of %(supplier)s in the public register"), text)


def renewal_reported(to: Letter, facts: Facts) -> Item:
    _ = to.say
    return _item(to, _("%(supplier)s reports the renewal of its certificate"), facts.text("note"))


def certificate_ending(to: Letter, facts: Facts) -> Item:
    _ = to.say
    return _item(
        to, _("The certificate of %(supplier)s ends on %(day)s", day=to.day(facts.day("ends_on")))
    )


def window_ending(to: Letter, facts: Facts) -> Item:
    _ = to.say
    day = to.day(facts.day("ends_on") or facts.day("window_ends_on"))
    return _item(
        to,
        _("The time to agree with %(supplier)s ends on %(day)s", day=day),
        _("The proposal has not been answered yet. A call often helps."),
    )


def decision_ending(to: Letter, facts: Facts) -> Item:
    _ = to.say
    return _item(
        to,
        _("A decision about %(supplier)s ends on %(day)s", day=to.day(facts.day("ends_on"))),
        _("Decide in time whether it goes on; otherwise it ends by itself."),
    )


def next_year(to: Letter, facts: Facts) -> Item:
    _ = to.say
    started_on = facts.day("started_on")
    day = to.day(begins_on(started_on)) if started_on else ""
    return _item(
        to,
        _("A new year for %(supplier)s begins on %(day)s", day=day),
        _("The steps that come back each year are ready to propose."),
    )


def declined(to: Letter, facts: Facts) -> Item:
    _ = to.say
    return _item(to, _("%(supplier)s declined the proposal"), facts.text("reason"))


def stopped(to: Letter, facts: Facts) -> Item:
    _ = to.say
    return _item(to, _("%(supplier)s stopped the pathway"), facts.text("reason"))


def completed(to: Letter, facts: Facts) -> Item:
    _ = to.say
    return _item(
        to,
        _("%(supplier)s completed the pathway"),
        _("All steps are done. Is the certificate checked?"),
    )


def hold_asked(to: Letter, facts: Facts) -> Item:
    _ = to.say
    first, last = facts.day("starts_on"), facts.day("ends_on")
    when = (
        _("from %(first)s up to and including %(last)s", first=to.day(first), last=to.day(last))
        if first and last
        else ""
    )
    return _item(to, _("%(supplier)s asks for a pause"), facts.text("reason"), when)


def contested(to: Letter, facts: Facts) -> Item:
    _ = to.say
    title = _("%(supplier)s says that what was recorded is not right")
    return _item(to, title, facts.text("text"), is_late=True)


def amendment_asked(to: Letter, facts: Facts) -> Item:
    _ = to.say
    if facts.has("is_counter"):
        title = _("%(supplier)s answers with another change of the pathway")
    else:
        title = _("%(supplier)s proposes a change of the pathway")
    return _item(to, title, facts.text("reason"))


def amendment_refused(to: Letter, facts: Facts) -> Item:
    _ = to.say
    title = _("%(supplier)s does not agree to the change of the pathway")
    return _item(to, title, facts.text("reason"))


# The supplier took back what waited.
ONLY_TO_KNOW = frozenset({MessageKind.AMENDMENT_TAKEN_BACK, MessageKind.DATE_TAKEN_BACK})
LINES: dict[MessageKind, Line] = {
    # In the order in which a work list has them: decide, answer, call, check, review, ending.
    MessageKind.DECIDE: decide,
    MessageKind.BLOCK_REPLY: block_reply,
    MessageKind.PERSONAL_DATA_REPORTED: personal_data_reported,
    MessageKind.NOTICE_REPLY: notice_reply,
    MessageKind.COUNTER_PROPOSAL: counter_proposal,
    MessageKind.DATE_ASKED: date_asked,
    MessageKind.DELAY_REPORTED: delay_reported,
    MessageKind.HOLD_ASKED: hold_asked,
    MessageKind.CONTESTED: contested,
    MessageKind.AMENDMENT_ASKED: amendment_asked,
    MessageKind.QUESTION: question,
    MessageKind.CALL: call,
    MessageKind.ADDRESS_REFUSED: address_refused,
    MessageKind.WRONG_PERSON: wrong_person,
    MessageKind.NOTICE_PREPARED: notice_prepared,
    MessageKind.CERTIFICATE_REPORTED: certificate_reported,
    MessageKind.RENEWAL_REPORTED: renewal_reported,
    MessageKind.REVIEW_LATE: review_late,
    MessageKind.REVIEW: review,
    MessageKind.AMENDMENT_REFUSED: amendment_refused,
    MessageKind.AMENDMENT_TAKEN_BACK: amendment_taken_back,
    MessageKind.DATE_TAKEN_BACK: date_taken_back,
    MessageKind.DECLINED: declined,
    MessageKind.STOPPED: stopped,
    MessageKind.COMPLETED: completed,
    MessageKind.WINDOW_ENDING: window_ending,
    MessageKind.CERTIFICATE_TO_RENEW: certificate_ending,
    MessageKind.DECISION_ENDING: decision_ending,
    MessageKind.NEXT_YEAR: next_year,
}
