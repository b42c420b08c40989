"""The work list: what waits for me, what is late and what ends soon, in the order of urgency."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.people import Actor, Duty
from onboarding.services.conversations import QUESTION
from onboarding.services.decisions import BLOCK_BOUNCED
from onboarding.services.doubts import WRONG_PERSON
from onboarding.services.pathway.next_years import years_to_begin
from onboarding.services.pathway.turns import turns_of
from onboarding.services.personal_data import PERSONAL_DATA
from onboarding.services.waiting import Turn, needed_since
from onboarding.store import work_days as days
from onboarding.store import work_list as lists
from onboarding.store.colleagues import stands_in_for
from onboarding.store.contacts import WhomToCall, whom_to_call
from onboarding.store.statements import contests
from onboarding.store.work_items import MOST_ROWS, Item, Section, Sight

NOTHING = Section((), 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkList:
    """Sections in the order of the page; `suppliers` and `enrolled` tell what to do first.

    `turns` tells whose turn it is where a row does not wait for us by itself.
    """

    decide: Section
    answered: Section
    answer: Section
    call: Section
    check: Section
    review: Section
    notices: Section
    ending: Section
    late: Section
    to_call: Mapping[int, WhomToCall]
    stands_in_for: tuple[str, ...]
    turns: Mapping[int, Turn]
    suppliers: int
    enrolled: int
    going_today: int
    going_tomorrow: int

    @property
    def waiting(self) -> int:
        """How many things wait for a word of the customer's people."""
        return sum(s.total for s in (self.decide, self.answer, self.check, self.review))

    @property
    def is_empty(self) -> bool:
        sections = (self.answered, self.call, self.notices, self.ending, self.late)
        return not self.waiting and not any(section.total for section in sections)


def read_work_list(session: Session, actor: Actor, moment: Moment, *, mine: bool) -> WorkList:
    """What waits; with `mine` only for suppliers of this buyer or of whom it stands in for, or of
    nobody.
    """
    actor.must(Duty.BUY)
    person_id, is_manager = actor.person_id or 0, actor.may(Duty.GOVERN)
    others = stands_in_for(session, actor.customer_id, person_id, moment.today)
    sight = Sight(
        customer_id=actor.customer_id,
        today=moment.today,
        mine=(person_id, *(one.id for one in others)) if mine else None,
    )
    suppliers, enrolled = lists.counts(session, actor.customer_id)
    notices = lists.notices_to_go(session, sight)
    call = lists.tasks(session, sight, lists.CALLS, one_each=True)
    ending = _together(*days.ending(session, sight), years_to_begin(session, sight))
    late = days.late_steps(session, sight)
    by_day = {item.relation_id for section in (notices, ending, late) for item in section.items}
    return WorkList(
        decide=_together(
            _since_it_was_needed(lists.decisions_needed(session, sight)),
            lists.block_replies(session, sight),
            lists.outside_steps_late(session, sight),
            lists.tasks(session, sight, (BLOCK_BOUNCED,)),
            lists.grants_to_sign(session, sight, person_id) if is_manager else NOTHING,
            lists.tasks(session, sight, (PERSONAL_DATA,)) if is_manager else NOTHING,
        ),
        answered=lists.grants_answered(session, replace(sight, mine=None), person_id),
        answer=_together(
            lists.date_requests(session, sight),
            lists.counter_proposals(session, sight),
            lists.notice_replies(session, sight),
            lists.tasks(session, sight, (QUESTION, WRONG_PERSON)),
            *lists.pathway_requests(session, sight),
            lists.renewals(session, sight),
            contests(session, sight),
        ),
        call=call,
        to_call=whom_to_call(session, [item.relation_id for item in call.items]),
        check=lists.certificates_to_check(session, sight),
        review=lists.steps_to_review(session, sight),
        notices=notices,
        ending=ending,
        late=late,
        turns=turns_of(session, sorted(by_day), moment.today),
        stands_in_for=tuple(one.name for one in others),
        suppliers=suppliers,
        enrolled=enrolled,
        going_today=_going(notices.items, moment.today),
        going_tomorrow=_going(notices.items, moment.today + timedelta(days=1)),
    )


def _since_it_was_needed(section: Section) -> Section:
    """Waiting from the day that made it necessary, not from when the status was last stored."""
    items = (
        replace(item, since=needed_since(item.detail, item.since or date.max))
        for item in section.items
    )
    return Section(tuple(items), section.total)


def _going(items: Iterable[Item], day: date) -> int:
    return sum(item.what == "prepared" and item.due_on == day for item in items)


def _together(*sections: Section) -> Section:
    """The rows of several sections, the longest waiting or first ending on top."""
    items = [item for section in sections for item in section.items]
    items.sort(key=lambda item: (item.since or item.due_on or date.max, item.relation_id))
    return Section(tuple(items[:MOST_ROWS]), sum(section.total for section in sections))
