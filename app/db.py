"""Engine, session, and the only commit.

SQLite: every transaction that writes begins with BEGIN IMMEDIATE (a deferred one fails at once under load, because two
readers cannot both become the writer). PostgreSQL: rows are locked with SELECT ... FOR UPDATE by the use-cases.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Session, attributes, sessionmaker

from app.config import Settings
from app.errors import NO_ROOM, Busy, NotStored
from app.keys import Keyring, Keys

if TYPE_CHECKING:
    from alembic.config import Config as AlembicConfig

MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK_TIMEOUT_SQLSTATES = {"55P03", "40001", "40P01"}  # lock_not_available, serialization_failure, deadlock_detected
_DISK_FULL_SQLSTATE = "53100"
_STOPPED_SQLSTATES = {None, "57P01", "57P02", "57P03"}  # no answer at all; shut down, crashed, not up again yet
# A commit may have got through before the line broke: the form's token makes sending it again safe.
NO_ANSWER = "Basis data sedang tidak menjawab. Kirim lagi sebentar lagi; yang ternyata sudah tersimpan tidak akan tersimpan dua kali."


class Database:
    """One per process: the engine and the two ways to a session."""

    def __init__(self, settings: Settings, keys: Keys) -> None:
        self.settings = settings
        self.engine = _engine(settings)
        info = {"keys": Keyring(keys), "settings": settings, "kept": {}}
        self._reader = sessionmaker(self.engine.execution_options(alur_reading=True), expire_on_commit=False, autoflush=False, info=info)
        self._writer = sessionmaker(self.engine, expire_on_commit=False, autoflush=False, info=info)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session for a page: never commits. Raises Busy while the database does not answer."""
        try:
            with self._reader() as session:
                yield session
        except OperationalError as error:
            if _is_unreachable(error):
                raise Busy(NO_ANSWER) from error
            raise

    @contextmanager
    def snapshot(self) -> Iterator[sa.Connection]:
        """Every statement sees the same moment, while others go on writing."""
        one_moment = {"alur_reading": True} if self.engine.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
        with self.engine.connect() as connection:
            yield connection.execution_options(**one_moment)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """All or nothing. Raises Busy when another one holds the lock for longer than ``lock_seconds`` or the database does not answer,
        NotStored when the disk is full.
        """
        try:
            with self._writer() as session, session.begin():
                yield session
        except OperationalError as error:
            if _is_lock_timeout(error):
                raise Busy from error
            if _is_disk_full(error):
                raise NotStored(NO_ROOM) from error
            if _is_unreachable(error):
                raise Busy(NO_ANSWER) from error
            raise

    def migrate(self, revision: str = "head") -> None:
        """Bring the schema to a revision (``alembic upgrade``)."""
        from alembic import command  # a third of the web's start-up, and only migrations need it

        with self.migrating() as connection:
            command.upgrade(alembic_config(connection), revision)

    @contextmanager
    def migrating(self) -> Iterator[sa.Connection]:
        """One transaction in which tables may be made anew: SQLite changes a column by copying its table and dropping the old one,
        which with foreign keys enforced would take the rows that point to it. They are checked before the commit instead.
        """
        with self.engine.connect() as connection:
            sqlite = connection.dialect.name == "sqlite"
            if sqlite:
                _enforce_foreign_keys(connection, False)
            try:
                with connection.begin():
                    yield connection
                    if sqlite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").all()):
                        raise RuntimeError(f"The migration leaves rows without what they point to: {broken[:5]}")
            finally:
                if sqlite:
                    _enforce_foreign_keys(connection, True)

    def dispose(self) -> None:
        self.engine.dispose()


def keys_of(session: Session) -> Keys:
    """The sealing keys, carried by the session so that no use-case needs a global."""
    ring: Keyring = session.info["keys"]
    return ring.now()


def settings_of(session: Session) -> Settings:
    settings: Settings = session.info["settings"]
    return settings


def kept_of(session: Session) -> dict[str, Any]:
    """What this process keeps of this database, so as not to read it again; whoever keeps something must notice when it is old."""
    kept: dict[str, Any] = session.info["kept"]
    return kept


def write_changes(session: Session, *rows: DeclarativeBase) -> None:
    """One UPDATE a changed row, of its changed columns alone: for the few rows that every deed changes, the unit of work costs more
    than all of its statements together. The rows stay in the session, and clean: what is changed after this, it writes as ever.
    """
    for row in rows:
        state = attributes.instance_state(row)
        if not state.modified:
            continue
        values = {key: row.__dict__[key] for key in state.committed_state}
        statement, keys = _update(type(row), tuple(values))
        session.connection().execute(statement, {**values, **{f"of_{key}": row.__dict__[key] for key in keys}})
        state._commit_all(row.__dict__, session.identity_map)


@lru_cache(maxsize=256)
def _update(model: type[DeclarativeBase], changed: tuple[str, ...]) -> tuple[sa.Update, tuple[str, ...]]:
    table = cast(sa.Table, model.__table__)
    keys = tuple(column.name for column in table.primary_key)
    where = [table.c[key] == sa.bindparam(f"of_{key}") for key in keys]
    return sa.update(table).where(*where).values({name: sa.bindparam(name) for name in changed}), keys


def hold_cases(session: Session) -> None:
    """Wait for every deed on a case that has begun, and let none begin before the commit; pages are read meanwhile. For what changes how
    all of them are reckoned. SQLite has one writer anyway. Raises Busy when a deed takes longer than ``lock_seconds``.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.text("LOCK TABLE instances IN EXCLUSIVE MODE"))


def alembic_config(connection: sa.Connection) -> "AlembicConfig":
    from alembic.config import Config as AlembicConfig

    config = AlembicConfig()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def _engine(settings: Settings) -> sa.Engine:
    url = sa.make_url(settings.db_url)
    if url.get_backend_name() != "sqlite":
        lock_timeout = {"options": f"-c lock_timeout={settings.lock_seconds * 1000}"}
        return sa.create_engine(url, pool_size=5, max_overflow=15, pool_pre_ping=True, connect_args=lock_timeout)
    if url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(url, connect_args={"timeout": settings.lock_seconds})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not begin transactions of its own
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL", "trusted_schema=OFF"):
        connection.execute(f"PRAGMA {pragma}")


def _enforce_foreign_keys(connection: sa.Connection, yes: bool) -> None:
    """On the driver's own connection: within a transaction, which SQLAlchemy would begin, the pragma does nothing."""
    driver: Any = connection.connection.dbapi_connection
    driver.execute(f"PRAGMA foreign_keys={'ON' if yes else 'OFF'}")


def _begin_sqlite(connection: sa.Connection) -> None:
    reading = connection.get_execution_options().get("alur_reading")
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _is_lock_timeout(error: OperationalError) -> bool:
    return getattr(error.orig, "sqlstate", None) in _LOCK_TIMEOUT_SQLSTATES or "database is locked" in str(error.orig)


def _is_unreachable(error: OperationalError) -> bool:
    return getattr(error.orig, "sqlstate", "") in _STOPPED_SQLSTATES  # SQLite's errors have none


def _is_disk_full(error: OperationalError) -> bool:
    code = getattr(error.orig, "sqlite_errorcode", None)
    return getattr(error.orig, "sqlstate", None) == _DISK_FULL_SQLSTATE or code == sqlite3.SQLITE_FULL
