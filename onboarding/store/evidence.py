"""Files that were handed in: the bytes outside the web root, and their rows.

The bytes of each customer lie in a folder of its own, under their SHA-256: the same file twice is
kept once, and what one customer removes another still has.
"""

import hashlib
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import fsspec
from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from onboarding.domain.errors import NotFound
from onboarding.domain.evidence import NumberKind
from onboarding.domain.people import Actor, Side
from onboarding.store.relations import visible_relation
from onboarding.store.tables import EvidenceRow, RelationRow

PIECE = 1024 * 1024
AT_ONCE = 500


class EvidenceFiles:
    """The place of the bytes: a folder, or whatever fsspec reaches by an address."""

    def __init__(self, url: str) -> None:
        self._files: Any
        self._files, self._root = fsspec.core.url_to_fs(url)

    def keep(self, customer_id: int, sha256: str, content: bytes) -> None:
        path = self._path(customer_id, sha256)
        if self._files.exists(path):
            return
        self._files.makedirs(path.rpartition("/")[0], exist_ok=True)
        making = f"{path}.{secrets.token_hex(4)}"  # two may send the same at once
        self._files.pipe_file(making, content)
        self._files.mv(making, path)

    def try_writing(self) -> None:
        """Write a file of nobody, read it and take it away. Raises what the store raises."""
        path = f"{self._root.rstrip('/')}/trial-{secrets.token_hex(8)}"
        self._files.makedirs(self._root, exist_ok=True)
        self._files.pipe_file(path, b"trial")
        try:
            if self._files.cat_file(path) != b"trial":
                raise OSError("what was written came back as something else")
        finally:
            self._files.rm_file(path)

    def read(self, customer_id: int, sha256: str) -> bytes:
        """Raises NotFound where the bytes are gone."""
        try:
            return bytes(self._files.cat_file(self._path(customer_id, sha256)))
        except FileNotFoundError:
            raise NotFound(what="evidence") from None

    def sha256_of(self, customer_id: int, sha256: str) -> str:
        """What the bytes under this hash hash to now. Raises NotFound where they are gone."""
        digest = hashlib.sha256()
        try:
            with self._files.open(self._path(customer_id, sha256), "rb") as file:
                while piece := file.read(PIECE):
                    digest.update(piece)
        except FileNotFoundError:
            raise NotFound(what="evidence") from None
        return digest.hexdigest()

    def remove(self, customer_id: int, sha256: str) -> None:
        path = self._path(customer_id, sha256)
        if self._files.exists(path):
            self._files.rm_file(path)

    def _path(self, customer_id: int, sha256: str) -> str:
        return f"{self._root.rstrip('/')}/{customer_id}/{sha256[:2]}/{sha256}"


def visible_evidence(session: Session, actor: Actor, evidence_id: int) -> EvidenceRow:
    """A file of a relation that the actor may see. Raises NotFound for any other.

    One that is not handed in yet is there for the side that sent it only, and one that goes with
    an internal note for the buyer's side.
    """
    row = session.get(EvidenceRow, evidence_id)
    if row is None:
        raise NotFound(what="evidence")
    visible_relation(session, actor, row.relation_id)
    if actor.side is Side.SUPPLIER and not row.is_shared:
        raise NotFound(what="evidence")
    if not row.is_attached and row.uploaded_side != actor.side:
        raise NotFound(what="evidence")
    return row


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFile:
    """A row of a file, for whoever checks its bytes."""

    id: int
    relation_id: int
    supplier: str
    sha256: str | None
    file_name: str | None
    removed_because: str | None


def files_after(
    session: Session, relation_ids: Select[tuple[int]], after: int
) -> Sequence[KeptFile]:
    """The next files of these relations by id, also those that are gone."""
    query = _kept_files().where(EvidenceRow.relation_id.in_(relation_ids), EvidenceRow.id > after)
    return _told(session, query.limit(AT_ONCE))


def files_by_id(session: Session, ids: Collection[int]) -> Sequence[KeptFile]:
    """These files as they stand now."""
    return _told(session, _kept_files().where(EvidenceRow.id.in_(ids)))


def _kept_files() -> Select[Any]:
    return (
        select(
            EvidenceRow.id,
            EvidenceRow.relation_id,
            RelationRow.name.label("supplier"),
            EvidenceRow.sha256,
            EvidenceRow.file_name,
            case(
                (EvidenceRow.removed_at.is_not(None), func.coalesce(EvidenceRow.removed_reason, ""))
            ).label("removed_because"),
        )
        .join(RelationRow, RelationRow.id == EvidenceRow.relation_id)
        .order_by(EvidenceRow.id)
    )


def _told(session: Session, query: Select[Any]) -> Sequence[KeptFile]:
    return [KeptFile(**row) for row in session.execute(query).mappings()]


def rows_with_content(session: Session, customer_id: int, sha256: str) -> Sequence[EvidenceRow]:
    """Every row of a customer that has these bytes, in id order."""
    return session.scalars(
        select(EvidenceRow)
        .join(RelationRow, RelationRow.id == EvidenceRow.relation_id)
        .where(RelationRow.customer_id == customer_id, EvidenceRow.sha256 == sha256)
        .order_by(EvidenceRow.id)
        .with_for_update(of=EvidenceRow)
    ).all()


def same_upload(
    session: Session,
    person_id: int | None,
    relation_id: int,
    milestone_id: int | None,
    decision_id: int | None,
    event_id: int | None,
    sha256: str,
) -> EvidenceRow | None:
    """The last upload of these bytes by the same person for the same, if it still stands."""
    return session.scalars(
        select(EvidenceRow)
        .where(
            EvidenceRow.relation_id == relation_id,
            EvidenceRow.milestone_id == milestone_id,
            EvidenceRow.decision_id == decision_id,
            EvidenceRow.event_id == event_id,
            EvidenceRow.uploaded_by == person_id,
            EvidenceRow.sha256 == sha256,
            EvidenceRow.removed_at.is_(None),
        )
        .order_by(EvidenceRow.id.desc())
    ).first()


def own_numbers(session: Session, relation_id: int) -> frozenset[str]:
    """The supplier's own RSINs, as declared with an earlier file."""
    found = session.scalars(
        select(EvidenceRow.numbers_declared).where(
            EvidenceRow.relation_id == relation_id, EvidenceRow.removed_at.is_(None)
        )
    )
    return frozenset(
        str(declared["number"])
        for numbers in found
        for declared in numbers
        if declared.get("kind") == NumberKind.RSIN and declared.get("number")
    )


def unexplained_files(session: Session, relation_id: int, side: Side) -> list[EvidenceRow]:
    """What that side sent, and in which a number waits for its word; the oldest first."""
    return list(
        session.scalars(
            select(EvidenceRow)
            .where(
                EvidenceRow.relation_id == relation_id,
                EvidenceRow.uploaded_side == side,
                EvidenceRow.removed_at.is_(None),
                ~EvidenceRow.is_attached,
            )
            .order_by(EvidenceRow.id)
        )
    )


def evidence_of_relation(session: Session, relation_id: int) -> list[EvidenceRow]:
    """What was handed in for the relation, latest first; removed ones are told without a name."""
    return list(
        session.scalars(
            select(EvidenceRow)
            .where(EvidenceRow.relation_id == relation_id, EvidenceRow.is_attached)
            .order_by(EvidenceRow.id.desc())
        )
    )
