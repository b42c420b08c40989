"""The days for somebody's own calendar: those a mail tells of, and those of a feed."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.agendas import AgendaDay, DayKind, sequence_of
from onboarding.domain.messages import MessageKind
from onboarding.domain.people import Side
from onboarding.mail.envelope import Attachment
from onboarding.mail.messages import Line
from onboarding.services.mail.agenda_files import Place, Published, Reader, mailed_file
from onboarding.services.mail.letters import Sender
from onboarding.services.statuses import policies_of
from onboarding.store import agendas
from onboarding.store.tables import MessageRow, MilestoneRow, PathwayRow

# The mails to a supplier that name days of steps, or tell that one is over.
WITH_DAYS = frozenset(
    {
        MessageKind.AGREEMENT,
        MessageKind.MILESTONE_REMINDER,
        MessageKind.DATE_ANSWERED,
        MessageKind.RETURNED,
        MessageKind.ACCEPTED,
        MessageKind.WAIVED,
        MessageKind.HOLD_ANSWERED,
        MessageKind.HOLD_ENDED,
        MessageKind.AMENDMENT_DECLINED,
        MessageKind.STOP_ANNOUNCED,
    }
)
_pathways = PathwayRow.__table__.c
LAST_AGREED = (
    select(_pathways.id)
    .where(_pathways.relation_id == bindparam("relation"), _pathways.version_number > 0)
    .order_by(_pathways.id.desc())
    .limit(1)
)
FILE_NAMES = {"nl": "datums.ics"}
FILE_NAME = "days.ics"


def dates_for(
    session: Session, moment: Moment, sender: Sender, lines: Sequence[tuple[MessageRow, Line]]
) -> list[Attachment]:
    """The days of the pathways that this mail to a supplier tells of, as a file; or none.

    Always all steps: whoever opens the last file has the calendar as it is.
    """
    told = [row for row, (kind, to, _) in lines if kind in WITH_DAYS and to.is_for_supplier]
    pathways = _pathways_of(session, told) if told else []
    days = agendas.all_steps(session, pathways) if pathways else []
    if not days:
        return []
    _, to, _ = lines[0][1]
    content = mailed_file(
        days,
        Place(public_url=sender.public_url, secret_key=sender.secret_key),
        Reader(locale=to.locale, is_for_supplier=True),
        Published(organiser=to.customer, address=sender.envelope_address, at=moment.now),
    )
    return [
        Attachment(
            file_name=FILE_NAMES.get(to.locale, FILE_NAME),
            media_type="text/calendar",
            content=content,
            parameters={"charset": "utf-8", "method": "PUBLISH"},
        )
    ]


def _pathways_of(session: Session, rows: Sequence[MessageRow]) -> list[int]:
    """The pathway of the step, the one that the facts name, or the last that was agreed."""
    by_step = [row.milestone_id for row in rows if row.milestone_id is not None]
    named = [int(row.facts["pathway_id"]) for row in rows if row.facts.get("pathway_id")]
    found = set(named)
    found.update(session.get_one(MilestoneRow, step).pathway_id for step in by_step)
    if not found:
        asked = {"relation": rows[0].relation_id}
        found.update(session.connection().scalars(LAST_AGREED, asked))
    return sorted(found)


def days_of_contact(session: Session, moment: Moment, person_id: int) -> list[AgendaDay]:
    """What stands in a supplier's calendar: the open steps, and the end of its certificate."""
    which = agendas.of_contact(person_id, moment.today)
    return [
        *(day for _, day in agendas.steps(session, which)),
        *agendas.certificates_ending(session, which, moment.today),
    ]


def days_of_buyer(
    session: Session, moment: Moment, customer_id: int, person_id: int
) -> list[AgendaDay]:
    """What stands in a buyer's calendar, about the suppliers that it has in hand today.

    A step that was handed in stands there under the day by which it is to be reviewed.
    """
    which = agendas.in_hand_of(customer_id, person_id, moment.today)
    policy = policies_of(session, customer_id).on(moment.today)
    days = []
    for submitted_on, day in agendas.steps(session, which):
        if submitted_on is None:
            days.append(day)
            continue
        by = policy.calendar.add(submitted_on, policy.cadence.review_buyer_working_days)
        days.append(
            replace(
                day,
                kind=DayKind.REVIEW,
                day=by,
                sequence=sequence_of(by),
                known_on=submitted_on,
                owner=Side.BUYER,
            )
        )
    return [
        *days,
        *agendas.warnings(session, which),
        *agendas.certificates_ending(session, which, moment.today),
        *agendas.rechecks(session, which),
        *agendas.decisions_ending(session, which, moment.today),
    ]
