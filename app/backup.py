"""Copies of everything, while everybody works: a second database and a second storage, in the shape of an instance folder.

``alur.db`` and ``files/`` hold all there is but the sealing keys, so a folder runs as it is once keys.json lies in it. The same copy the
other way round fills an empty database of either kind.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlalchemy as sa
from sqlalchemy import JSON, MetaData, Table, func, select
from sqlalchemy.dialects.postgresql import JSONB

from app import keys
from app.config import Settings
from app.db import Database
from app.errors import Conflict, InvalidInput
from app.models import Attachment, Base
from app.storage import Storage

ROWS = 500  # at a time
DATABASE = "alur.db"


@dataclass(frozen=True)
class Copied:
    """missing: names of files whose bytes are gone, or are no longer what was stored; they were lost before this copy."""

    rows: int
    files: int
    missing: tuple[str, ...]


def make_backup(database: Database, storage: Storage, folder: Path) -> Copied:
    """One moment of the database, then every file that its rows name. Raises Conflict where the folder is there already.

    The folder has its name only once it is whole.
    """
    if folder.exists():
        raise Conflict(f"Folder {folder} sudah ada. Pilih nama lain untuk cadangan ini.")
    aside = folder.with_name(f"{folder.name}.belum-selesai")
    shutil.rmtree(aside, ignore_errors=True)  # of a copy that was cut off
    with _folder(database.settings, aside) as (target, files):
        copied = _copy(database, storage, target, files)
    aside.rename(folder)
    return copied


def restore(folder: Path, database: Database, storage: Storage) -> Copied:
    """Into an empty database, brought to this version. Raises InvalidInput (no backup there), Conflict (the database is not empty)."""
    if not (folder / DATABASE).is_file():
        raise InvalidInput(f"Di folder {folder} tidak ada cadangan ({DATABASE}).")
    database.migrate()
    with TemporaryDirectory() as aside:  # one of an older version is brought to this one, and stays as it is
        shutil.copy(folder / DATABASE, Path(aside) / DATABASE)
        with _folder(database.settings, Path(aside), folder / "files") as (source, files):
            return _copy(source, files, database, storage)


@contextmanager
def _folder(settings: Settings, folder: Path, files: Path | None = None) -> Iterator[tuple[Database, Storage]]:
    """A migrated database in a folder, and its storage."""
    own = settings.model_copy(update={"instance_dir": folder, "database_url": "", "files_url": (files or folder / "files").as_uri()})
    database = Database(own, keys.Keys("", {}, ""))  # nothing is sealed or read here
    try:
        database.migrate()
        yield database, Storage(own)
    finally:
        database.dispose()


def _copy(source: Database, files: Storage, target: Database, copies: Storage) -> Copied:
    """The bytes are there before the rows that name them: all of it in one transaction of the target."""
    with source.snapshot() as reading, target.transaction() as session:
        writing = session.connection()
        _refuse_another_version(reading, writing)
        rows = sum(_copy_table(reading, writing, table) for table in Base.metadata.sorted_tables)
        named = {row.storage_key: row for row in reading.execute(select(Attachment.storage_key, Attachment.filename, Attachment.digest))}
        count = sum(_copy_file(files, copies, key) for key in files.list_keys())
        missing = [row.filename for key, row in sorted(named.items()) if copies.digest_of(key) != row.digest]
        _go_on_counting(writing)
    return Copied(rows, count, tuple(missing))


def _refuse_another_version(reading: sa.Connection, writing: sa.Connection) -> None:
    versions = {one.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() for one in (reading, writing)}
    if len(versions) > 1:
        raise Conflict("Skema basis data bukan milik versi aplikasi ini. Jalankan dahulu: flask --app app db upgrade")


def _copy_table(reading: sa.Connection, writing: sa.Connection, table: Table) -> int:
    if writing.execute(select(table).limit(1)).first() is not None:
        raise Conflict("Basis data tujuan tidak kosong. Cadangan hanya dipulihkan ke basis data baru.")
    count, copy = 0, _as_it_lies(table)
    for part in reading.execution_options(yield_per=ROWS).execute(select(copy)).mappings().partitions():
        writing.execute(copy.insert(), [dict(row) for row in part])
        count += len(part)
    return count


def _as_it_lies(table: Table) -> Table:
    """Nothing stays nothing: the JSON type would write it as the JSON value null."""
    copy = table.to_metadata(MetaData())
    for column in copy.columns:
        if isinstance(column.type, JSON):
            column.type = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
    return copy


def _copy_file(files: Storage, copies: Storage, key: str) -> bool:
    try:
        with files.open(key) as stream:
            copies.put(key, stream.read())
    except FileNotFoundError:  # a draft that was sent or swept in between, or a name of the moment
        return False
    return True


def _go_on_counting(writing: sa.Connection) -> None:
    """PostgreSQL counts ids beside the tables, and has not seen these rows."""
    if writing.dialect.name != "postgresql":
        return
    for table in Base.metadata.sorted_tables:
        id = table.autoincrement_column
        if id is not None:
            sequence = func.pg_get_serial_sequence(table.name, id.name)
            writing.execute(select(func.setval(sequence, func.coalesce(func.max(id), 1), func.max(id).is_not(None))))
