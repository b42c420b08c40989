"""Checks whether the history is as it was written: walks over each chain of seals, in pages.

Pages are transactions of their own, so that nobody waits; what is added meanwhile is checked too.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from onboarding.domain.merging import SuppliersMerged
from onboarding.domain.redaction import TextRedacted
from onboarding.domain.seals import (
    GENESIS,
    WHOLE,
    Head,
    assessment_seal,
    digest,
    event_seal,
    periods_content,
)
from onboarding.store import sealed_history as store
from onboarding.store.seals import periods_of

Columns = dict[str, Any]
EVENTS, ASSESSMENTS = "events", "assessments"


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """The first thing that is wrong in a chain; `row_id` is None where no row is to blame."""

    chain: int
    table: str
    row_id: int | None
    position: int
    why: str


@dataclass(slots=True)
class Checked:
    """What was found: how much was looked at, what lost a text lawfully, and what is wrong."""

    chains: int = 0
    events: int = 0
    assessments: int = 0
    redacted: list[tuple[str, int]] = field(default_factory=list)
    broken: list[Broken] = field(default_factory=list)
    heads: dict[int, Head] = field(default_factory=dict)


@dataclass(slots=True)
class Told:
    """What events tell of chains: digests after a text was removed, and heads at a merge."""

    events: dict[int, str] = field(default_factory=dict)
    assessments: dict[int, str] = field(default_factory=dict)
    former: dict[int, str] = field(default_factory=dict)


def check_history(
    session: Session, customer_id: int, between_pages: Callable[[], object] = lambda: None
) -> Checked:
    """Walk over all of a customer's history; `between_pages` may end the transaction.

    What is wrong is looked at twice: a merge or a removal while we looked is right by then.
    """
    checked = _look(session, customer_id, between_pages)
    return _look(session, customer_id, between_pages) if checked.broken else checked


def _look(session: Session, customer_id: int, between_pages: Callable[[], object]) -> Checked:
    checked = Checked(heads=store.heads_of(session, customer_id))
    told = _told(session, customer_id)
    checked.broken += _check_events(session, customer_id, checked, told, between_pages)
    checked.broken += _check_unsealed(session, customer_id, checked)
    pointed_to = store.last_assessments(session, customer_id)
    checked.broken += _check_assessments(
        session, customer_id, checked, told, pointed_to, between_pages
    )
    checked.chains = len(checked.heads)
    return checked


def _told(session: Session, customer_id: int) -> Told:
    told = Told()
    for code, facts in store.telling_events(session, customer_id):
        if code == TextRedacted.code:
            for one in facts.get("resealed", ()):
                where = told.events if "event" in one else told.assessments
                where[one.get("event") or one.get("assessment")] = one["sha256"]
        elif code == SuppliersMerged.code and facts.get("former_sha256"):
            told.former[facts["former_id"]] = facts["former_sha256"]
    return told


def _check_events(
    session: Session,
    customer_id: int,
    checked: Checked,
    told: Told,
    between_pages: Callable[[], object],
) -> Iterator[Broken]:
    merges = store.merges(session, customer_id)
    walked: dict[int, Head] = {}
    spoiled: set[int] = set()
    after, last_id = (-1, 0), 0
    while page := store.events_after(session, customer_id, after):
        for event in page:
            chain = event["chain"]
            last_id = last_id if after[0] == chain else 0
            after = (chain, event["position"])
            checked.events += 1
            head = walked.get(chain, Head())
            walked[chain] = Head(length=event["position"], sha256=event["sha256"] or "")
            if chain in spoiled:
                continue
            why = _wrong_event(event, head, last_id, told, merges)
            last_id = event["id"]
            snapshot = checked.heads.get(chain)
            if why is None and snapshot is None:
                why = "it is of no supplier of this customer"
            if why is None and snapshot is not None and snapshot.length == event["position"]:
                why = None if snapshot.sha256 == event["sha256"] else "its seal is not the head's"
            if why is not None:
                spoiled.add(chain)
                yield _broken(event, why)
            elif event["id"] in told.events:
                checked.redacted.append((EVENTS, event["id"]))
        between_pages()
    for chain, head in checked.heads.items():
        if chain not in spoiled:
            yield from _check_end(session, customer_id, chain, walked.get(chain, Head()), head)
            former = told.former.get(chain)
            if chain in merges and former not in (None, head.sha256):
                why = "the history of this record went on after it was merged"
                yield _at_end(chain, EVENTS, head.length, why)


def _wrong_event(
    event: Columns, head: Head, last_id: int, told: Told, merges: dict[int, int]
) -> str | None:
    """Why this event cannot follow what was before it."""
    if event["position"] != head.length + 1:
        return f"it stands at {event['position']}, and {head.length + 1} is missing"
    if event["id"] <= last_id:
        return "it stands in another order than it was written in"
    belongs_to = event["chain"]
    while belongs_to in merges:
        belongs_to = merges[belongs_to]
    if (event["relation_id"] or WHOLE) != belongs_to:
        return "it was moved to another supplier"
    expected = told.events.get(event["id"], event["facts_sha256"])
    if event["salt"] is None or digest(event["salt"], event["facts"]) != expected:
        return "its facts were changed"
    if event_seal(head.sha256, event) != event["sha256"]:
        return "it, or the one before it, was changed"
    return None


def _check_end(
    session: Session, customer_id: int, chain: int, walked: Head, head: Head
) -> Iterator[Broken]:
    """A chain reaches its head; where it goes further, somebody wrote while we were looking."""
    if walked.length > head.length:
        now = store.head_now(session, customer_id, chain)
        head = now if walked.length >= now.length else walked
    if walked.length < head.length:
        missing = head.length - walked.length
        yield _at_end(chain, EVENTS, head.length, f"{missing} at the end are missing")
    elif walked != head:
        yield _at_end(chain, EVENTS, walked.length, "something was added after its end")


def _check_unsealed(session: Session, customer_id: int, checked: Checked) -> Iterator[Broken]:
    seen = set()
    for event in store.unsealed_events(session, customer_id):
        chain = event["relation_id"] or WHOLE
        checked.events += 1
        if chain not in seen:
            seen.add(chain)
            yield Broken(
                chain=chain,
                table=EVENTS,
                row_id=event["id"],
                position=0,
                why="it was added without a seal",
            )


def _check_assessments(
    session: Session,
    customer_id: int,
    checked: Checked,
    told: Told,
    pointed_to: dict[int, int | None],
    between_pages: Callable[[], object],
) -> Iterator[Broken]:
    spoiled: set[int] = set()
    seen: set[int] = set()
    last: Columns = {"relation_id": 0, "number": 0, "sha256": GENESIS, "since": None}
    while page := store.assessments_after(
        session, customer_id, (last["relation_id"], last["number"])
    ):
        periods = periods_of(session, [row["id"] for row in page])
        for row in page:
            checked.assessments += 1
            seen.add(row["id"])
            if row["relation_id"] != last["relation_id"]:
                last = {"number": 0, "sha256": GENESIS, "since": None}
            previous, last = last, row
            if row["relation_id"] in spoiled:
                continue
            why = _wrong_assessment(row, previous, periods[row["id"]], told)
            if why is not None:
                spoiled.add(row["relation_id"])
                yield Broken(
                    chain=row["relation_id"],
                    table=ASSESSMENTS,
                    row_id=row["id"],
                    position=row["number"],
                    why=why,
                )
            elif row["id"] in told.assessments:
                checked.redacted.append((ASSESSMENTS, row["id"]))
        between_pages()
    for relation_id, assessment_id in pointed_to.items():
        if assessment_id is not None and assessment_id not in seen and relation_id not in spoiled:
            yield _at_end(relation_id, ASSESSMENTS, 0, "the last one is missing")


def _wrong_assessment(
    row: Columns, previous: Columns, periods: list[Columns], told: Told
) -> str | None:
    if row["number"] != previous["number"] + 1:
        return f"it is number {row['number']}, and {previous['number'] + 1} is missing"
    if previous["since"] is not None and row["since"] <= previous["since"]:
        return "it was known no later than the one before it"
    expected = told.assessments.get(row["id"], row["periods_sha256"])
    if row["salt"] is None or digest(row["salt"], periods_content(periods)) != expected:
        return "what it tells was changed"
    if assessment_seal(previous["sha256"] or GENESIS, row) != row["sha256"]:
        return "it, or the one before it, was changed"
    return None


def _broken(event: Columns, why: str) -> Broken:
    return Broken(
        chain=event["chain"],
        table=EVENTS,
        row_id=event["id"],
        position=event["position"],
        why=why,
    )


def _at_end(chain: int, table: str, position: int, why: str) -> Broken:
    return Broken(chain=chain, table=table, row_id=None, position=position, why=why)
