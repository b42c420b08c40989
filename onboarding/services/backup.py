"""Everything an installation holds in one file, and back into an empty one.

The file is a zip: `manifest.json`, a file of JSON lines per table, and the evidence under its
customer and SHA-256. It does not depend on the kind of database it came from.
"""

import hashlib
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, select
from sqlalchemy.orm import Session

from onboarding.domain.errors import NotFound
from onboarding.domain.templates import TEMPLATES
from onboarding.store import table_copies
from onboarding.store.evidence import EvidenceFiles
from onboarding.store.tables import EvidenceRow, RelationRow

FORMAT = 1
MANIFEST = "manifest.json"
# What `flask db upgrade` leaves: a customer with its first policy and our templates, which a
# restore replaces.
LEFT_BY_UPGRADE = {"organisations": 1, "policies": 1, "templates": len(TEMPLATES)}


class BackupRefused(Exception):
    """The backup or restore cannot go on; the message says why and what to do. Nothing changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """What a backup holds: rows over all tables, files, and files whose bytes were not there."""

    rows: int
    files: int
    missing: tuple[str, ...] = ()


def back_up(
    engine: Engine, files: EvidenceFiles, path: Path, *, migration: str, made_at: datetime
) -> Copied:
    """Write the file; it appears under its name only when it is whole."""
    if path.exists():
        raise BackupRefused(f"{path} is there already; choose another name.")
    making = path.with_name(f"{path.name}.making")
    making.unlink(missing_ok=True)
    making.touch(mode=0o600, exist_ok=False)  # all that the tool knows, for who asked for it
    try:
        with (
            zipfile.ZipFile(making, "w", zipfile.ZIP_DEFLATED) as archive,
            table_copies.at_one_instant(engine) as connection,
        ):
            counts = {
                table.name: _write_lines(
                    archive, f"tables/{table.name}.jsonl", table_copies.lines(connection, table)
                )
                for table in table_copies.kept_tables()
            }
            kept, missing = _write_files(archive, connection, files)
            manifest = {
                "format": FORMAT,
                "migration": migration,
                "made_at": made_at.isoformat(),
                "rows": counts,
                "files": kept,
            }
            archive.writestr(MANIFEST, json.dumps(manifest, indent=1))
        making.rename(path)
    finally:
        making.unlink(missing_ok=True)
    return Copied(rows=sum(counts.values()), files=kept, missing=tuple(missing))


def restore(session: Session, files: EvidenceFiles, path: Path, *, migration: str) -> Copied:
    """Fill an empty installation, all of its rows in the session's transaction.

    Raises BackupRefused for a file that is no backup or is damaged, for another migration, and for
    a database that holds anything of its own.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = _manifest(archive)
            if manifest["migration"] != migration:
                raise BackupRefused(
                    f"The backup is of migration {manifest['migration']} and the database is at "
                    f"{migration}; run `flask db upgrade {manifest['migration']}` on an empty "
                    "database, restore, and upgrade then."
                )
            connection = session.connection()
            _must_be_empty(connection)
            kept = _take_files(archive, files)
            rows = _take_tables(connection, archive, manifest["rows"])
    except (zipfile.BadZipFile, KeyError, ValueError, OSError) as broken:
        raise BackupRefused(f"{path} is not a whole backup: {broken}.") from broken
    return Copied(rows=rows, files=kept)


def _manifest(archive: zipfile.ZipFile) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads(archive.read(MANIFEST))
    if manifest["format"] != FORMAT:
        raise BackupRefused(f"The backup has format {manifest['format']}; this reads {FORMAT}.")
    return manifest


def _write_lines(archive: zipfile.ZipFile, name: str, lines: Iterator[str]) -> int:
    count = 0
    with archive.open(name, "w", force_zip64=True) as file:
        for line in lines:
            file.write(line.encode() + b"\n")
            count += 1
    return count


def _write_files(
    archive: zipfile.ZipFile, connection: Connection, files: EvidenceFiles
) -> tuple[int, list[str]]:
    kept, missing = 0, []
    held = (
        select(RelationRow.customer_id, EvidenceRow.sha256)
        .join(RelationRow, RelationRow.id == EvidenceRow.relation_id)
        .where(EvidenceRow.sha256.is_not(None), EvidenceRow.removed_at.is_(None))
        .distinct()
        .order_by(RelationRow.customer_id, EvidenceRow.sha256)
    )
    for customer_id, sha256 in connection.execute(held).all():
        try:
            content = files.read(customer_id, sha256)
        except NotFound:
            missing.append(sha256)
            continue
        archive.writestr(f"evidence/{customer_id}/{sha256}", content)
        kept += 1
    return kept, missing


def _must_be_empty(connection: Connection) -> None:
    for table in table_copies.kept_tables():
        if table_copies.count_rows(connection, table) > LEFT_BY_UPGRADE.get(table.name, 0):
            raise BackupRefused(
                f"The database holds {table.name} already. Restore into an empty one: make it "
                "with `flask db upgrade` on a new DATABASE_URL."
            )


def _take_files(archive: zipfile.ZipFile, files: EvidenceFiles) -> int:
    kept = 0
    for name in archive.namelist():
        if not name.startswith("evidence/"):
            continue
        _, customer_id, sha256 = name.split("/")
        content = archive.read(name)
        if hashlib.sha256(content).hexdigest() != sha256:
            raise BackupRefused(f"The file {name} in the backup is damaged.")
        files.keep(int(customer_id), sha256, content)
        kept += 1
    return kept


def _take_tables(connection: Connection, archive: zipfile.ZipFile, counts: dict[str, int]) -> int:
    tables = table_copies.kept_tables()
    for table in reversed(tables):
        table_copies.empty_table(connection, table)
    for table in tables:
        with archive.open(f"tables/{table.name}.jsonl") as file:
            taken = table_copies.take_lines(connection, table, TextIOWrapper(file, "utf-8"))
        if taken != counts[table.name]:
            raise BackupRefused(
                f"The backup should hold {counts[table.name]} {table.name} and holds {taken}."
            )
        table_copies.continue_numbering(connection, table)
    return sum(counts.values())
