"""Checks whether agreements and files are what was agreed and handed in, in pages.

The seals of the history cover neither (decision 0021): an agreement has a hash that both sides
hold, and a file lies under its own. No transaction is open while bytes are read.
"""

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from onboarding.domain.agreements import canonical_json, sha256
from onboarding.domain.errors import NotFound
from onboarding.domain.people import Side
from onboarding.services.retention import OVER
from onboarding.store import evidence as files_store
from onboarding.store import sealed_history as store
from onboarding.store.evidence import EvidenceFiles, KeptFile
from onboarding.store.sealed_history import Agreed, Version

RESTORE_ROW = "find it in a backup, and who changed the database"
RESTORE_FILE = "take it from a backup, or ask the supplier for it again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """An agreement or a file that is not as it was: whose, which, what it is and what to do."""

    relation_id: int
    supplier: str
    which: str
    why: str
    way_out: str


@dataclass(slots=True)
class Counted:
    """How much was looked at: agreements, files, and those that lawfully lost a text or are gone.

    `gone` counts files by why they went.
    """

    agreements: int = 0
    redacted: int = 0
    files: int = 0
    gone: Counter[str] = field(default_factory=Counter)


def check_agreements(
    session: Session, customer_id: int, counted: Counted, end_page: Callable[[], object]
) -> Iterator[Wrong]:
    """Each agreed version that is missing or not what both sides agreed.

    Held against its hash and against what the sealed history tells of it; so also where somebody
    changed the text and its hash. `end_page` ends the transaction of each page.
    """
    after = 0
    while page := store.agreed_after(session, customer_id, after):
        found = _check_page(session, customer_id, page)
        end_page()
        if any(why for _, _, why in found):
            # Somebody may have agreed or removed something between two statements.
            page = store.agreed_after(session, customer_id, after)
            found = _check_page(session, customer_id, page)
            end_page()
        after = page[-1].pathway_id
        for one, number, why in found:
            row = one.versions.get(number)
            counted.agreements += row is not None
            if why is None:
                counted.redacted += row is not None and row.redacted_at is not None
                continue
            yield Wrong(
                relation_id=one.relation_id,
                supplier=one.name,
                which=f"agreement of pathway {one.pathway_id}, version {number}",
                why=why,
                way_out=RESTORE_ROW,
            )


def _check_page(
    session: Session, customer_id: int, page: Sequence[Agreed]
) -> list[tuple[Agreed, int, str | None]]:
    """Each version by its number, with what is wrong with it."""
    lawful = store.redactions_at(session, customer_id)
    found: list[tuple[Agreed, int, str | None]] = []
    for one in page:
        for number in range(1, max(one.length, len(one.told), *one.versions, 0) + 1):
            row = one.versions.get(number)
            told = one.told[number - 1] if number <= len(one.told) else None
            why = "it is missing" if row is None else _wrong_version(row, told, lawful)
            found.append((one, number, why))
    return found


def _wrong_version(
    row: Version, told: dict[str, Any] | None, lawful: Collection[datetime]
) -> str | None:
    """Why this cannot be what both sides agreed."""
    if row.redacted_at is not None and row.redacted_at not in lawful:
        return "it says that a text was removed, and no removal is on record then"
    if row.redacted_at is None and sha256(row.content) != row.content_sha256:
        return "its text was changed: it does not answer to its seal"
    if told is None:
        return "the history does not tell that it was agreed"
    if row.content != _content(row, told):
        if row.redacted_at is not None:
            return "its text was changed by more than the removal that is on record"
        return "its text and its seal were changed: the history tells another text"
    if row.redacted_at is None and _signed(json.loads(row.content)) != _signed_in(row):
        return "who agreed, when or how was changed"
    return None


def _content(row: Version, told: dict[str, Any]) -> str:
    """What was agreed, as the history tells it; `agreements.content` made it of the same."""
    agreed_by = sorted(told.get("signatures", ()), key=lambda one: str(one["side"]))
    return canonical_json(
        {
            "pathway": row.pathway_id,
            "version": row.number,
            "plan": told.get("plan"),
            "agreed_by": agreed_by,
        }
    )


def _signed(content: Mapping[str, Any]) -> dict[str, Any]:
    return {one["side"]: one for one in content["agreed_by"]}


def _signed_in(row: Version) -> dict[str, Any]:
    sides = {Side.BUYER.value: row.for_buyer, Side.SUPPLIER.value: row.for_supplier}
    return {side: signature for side, signature in sides.items() if signature}


def check_files(
    session: Session,
    files: EvidenceFiles,
    customer_id: int,
    counted: Counted,
    end_page: Callable[[], object],
) -> Iterator[Wrong]:
    """Each file whose bytes are not there or not those that were handed in.

    What is wrong is looked at twice: a file may go, lawfully, while we look.
    """
    after, of_customer = 0, store.relation_ids(customer_id)
    while page := files_store.files_after(session, of_customer, after):
        after = page[-1].id
        end_page()
        known: dict[str, str | None] = {}
        wrong = [one.id for one in page if _wrong_file(files, customer_id, one, known)]
        again = {one.id: one for one in files_store.files_by_id(session, wrong)} if wrong else {}
        end_page()
        known.clear()
        for before in page:
            one = again.get(before.id, before)
            if one.removed_because is not None:
                counted.gone[one.removed_because if one.removed_because == OVER else ""] += 1
            else:
                counted.files += 1
            if before.id in again and (why := _wrong_file(files, customer_id, one, known)):
                yield Wrong(
                    relation_id=one.relation_id,
                    supplier=one.supplier,
                    which=f"file {one.id} ({one.file_name or 'without a name'})",
                    why=why,
                    way_out=RESTORE_FILE,
                )


def _wrong_file(
    files: EvidenceFiles, customer_id: int, one: KeptFile, known: dict[str, str | None]
) -> str | None:
    """What is wrong with its bytes, which several files may have; `known` has those looked at."""
    if one.removed_because is not None:
        return None
    if one.sha256 is None:
        return "its row names no bytes, and does not say that they were removed"
    if one.sha256 not in known:
        known[one.sha256] = _wrong_bytes(files, customer_id, one.sha256)
    return known[one.sha256]


def _wrong_bytes(files: EvidenceFiles, customer_id: int, sha256: str) -> str | None:
    try:
        now = files.sha256_of(customer_id, sha256)
    except NotFound:
        return f"its bytes are gone ({customer_id}/{sha256[:2]}/{sha256} under EVIDENCE_URL)"
    except OSError as trouble:
        return f"its bytes cannot be read: {trouble}"
    if now != sha256:
        return f"its bytes were changed ({customer_id}/{sha256[:2]}/{sha256} under EVIDENCE_URL)"
    return None
