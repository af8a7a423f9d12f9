"""Background work. The rows are the truth (timers, drafts, sessions); Huey only carries the minute tick to a worker.

A tick that is lost or doubled changes nothing: each timer is fired under its instance's lock, once.
"""

import logging
from uuid import UUID

from huey import PostgresHuey, SqliteHuey, crontab
from huey.api import Huey
from sqlalchemy import make_url, select, update

from app import accounts, attachments, clock, incidents, instances, office_calendar, uploads
from app.config import Settings
from app.db import Database, hold_cases
from app.errors import AppError, EngineFault
from app.models import Timer
from app.storage import Storage

log = logging.getLogger("alur.jobs")
MAX_TRIES = 3
BATCH = 100


def make_huey(settings: Settings) -> Huey:
    """A queue in the same kind of database as the app: a file beside SQLite, a table in PostgreSQL."""
    url = make_url(settings.db_url)
    if url.get_backend_name() == "sqlite":
        return SqliteHuey("alur", filename=str(settings.instance_dir / "huey.db"))
    return PostgresHuey("alur", dsn=url.set(drivername="postgresql").render_as_string(hide_password=False))


def register_jobs(huey: Huey, database: Database, storage: Storage) -> None:
    @huey.on_startup()  # type: ignore[untyped-decorator]
    def reckon() -> None:
        reckon_deadlines(database)

    @huey.periodic_task(crontab(minute="*"))  # type: ignore[untyped-decorator]
    def tick() -> None:
        fire_due_timers(database)

    @huey.periodic_task(crontab(minute="17", hour="*"))  # type: ignore[untyped-decorator]
    def sweep() -> None:
        sweep_leftovers(database, storage)


def fire_due_timers(database: Database) -> int:
    """How many fired. One that fails three times becomes an incident and stops being tried."""
    with database.reading() as session:
        due = session.scalars(
            select(Timer.id).where(Timer.state == "waiting", Timer.due_at <= clock.now()).order_by(Timer.due_at).limit(BATCH)
        ).all()
    return sum(_fire(database, timer_id) for timer_id in due)


def reckon_deadlines(database: Database) -> int:
    """How many moved. A worker that starts may have come with a newer library of holidays, or with norms that make deadlines at all."""
    with database.transaction() as session:
        hold_cases(session)
        return office_calendar.reckon_open_tasks(session, office_calendar.build_calendar(session))


def sweep_leftovers(database: Database, storage: Storage) -> None:
    with database.transaction() as session:
        swept = attachments.sweep(session) + uploads.sweep(session)
        accounts.sweep_sign_ins(session)
    with database.reading() as session:
        gone = attachments.remove_unnamed(session, storage)
    log.info("swept %d drafts and uploads, %d files without a row", swept, gone)


def _fire(database: Database, timer_id: UUID) -> bool:
    try:
        with database.transaction() as session:
            return instances.fire_timer(session, timer_id)
    except EngineFault as error:
        log.warning("timer %s: %s", timer_id, error)
        _count_failure(database, timer_id, error)
    except AppError as error:
        log.info("timer %s later: %s", timer_id, error)
    return False


def _count_failure(database: Database, timer_id: UUID, error: EngineFault) -> None:
    with database.transaction() as session:
        tries = session.scalar(update(Timer).where(Timer.id == timer_id).values(tries=Timer.tries + 1).returning(Timer.tries)) or 0
        if tries >= MAX_TRIES:
            session.execute(update(Timer).where(Timer.id == timer_id).values(state="stopped"))
            incidents.record_incident(session, str(error), error.element, error.instance_id)
