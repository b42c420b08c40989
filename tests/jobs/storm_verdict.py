"""Holds what a storm left against the ledger: lost, sent without a cause, or changed."""

import hashlib
import json
from collections import Counter, defaultdict
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.store.tables import MailRow, MessageRow
from tests.jobs.storm import Filled, Verdict
from tests.jobs.storm_server import NEVER_REFUSED


def judge(
    session: Session,
    taken: Path,
    filled: Filled,
    in_hand: Counter[int],
    kills: int,
    seconds: float,
) -> Verdict:
    """Hold what the server took against the ledger."""
    copies = defaultdict[str, list[dict[str, str | bool]]](list)
    for line in taken.read_text().splitlines():
        told = json.loads(line)
        copies[told["id"]].append(told)
    mails = {mail.message_id: mail for mail in session.scalars(select(MailRow))}
    messages = session.scalars(select(MessageRow).order_by(MessageRow.id)).all()
    found = Verdict(seconds=seconds, kills=kills, in_hand=in_hand.total())
    _messages(found, messages, {mail.id: mail for mail in mails.values()}, filled)
    for identity, mail in mails.items():
        _copies(found, mail, copies.pop(identity, []), in_hand[mail.id])
    found.wrong += [f"nobody knows {identity}" for identity in copies]
    readers = Counter(mail.recipient for mail in mails.values())
    found.wrong += [
        f"{count} mails to {reader}"
        for reader, count in readers.items()
        if count > 1 and not reader.endswith(NEVER_REFUSED)
    ]
    return found


def _messages(
    found: Verdict, messages: list[MessageRow], mails: dict[int, MailRow], filled: Filled
) -> None:
    ours = [row for row in messages if row.kind != "address-refused"]
    if len(ours) != filled.messages or len({row.key for row in messages}) != len(messages):
        found.wrong.append(f"{len(ours)} messages are owed, not {filled.messages}")
    for row in messages:
        is_refused = row.state == "failed" and (row.end_reason or "").startswith(
            "address-refused: 550"
        )
        found.refused += is_refused
        found.sent += row.state == "sent"
        state = mails[row.mail_id].state if row.mail_id in mails else "unwritten"
        if row.state not in ("sent", "failed") or state != row.state:
            found.wrong.append(f"{row.key} is lost: {row.state}, its mail {state}")
        elif row.state == "failed" and not is_refused:
            found.wrong.append(f"{row.key} failed: {row.end_reason}")


def _copies(found: Verdict, mail: MailRow, copies: list[dict[str, str | bool]], kills: int) -> None:
    dropped = sum(bool(one["dropped"]) for one in copies)
    found.dropped += dropped
    found.explained += kills + dropped
    found.copies += max(0, len(copies) - 1)
    if mail.state == "sent" and not copies:
        found.wrong.append(f"mail {mail.id} never arrived")
    if len(copies) > kills + dropped + (mail.state == "sent"):
        found.wrong.append(
            f"mail {mail.id} came {len(copies)} times; {kills} kills, {dropped} dropped answers"
        )
    kept = hashlib.sha256(mail.body or b"").hexdigest()
    if {(one["sha256"], one["to"]) for one in copies} - {(kept, mail.recipient)}:
        found.wrong.append(f"mail {mail.id} is not what was kept")
