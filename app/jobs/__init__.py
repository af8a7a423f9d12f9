"""Background work. The rows are the truth (timers, jobs); Huey only carries the minute's tick to a worker.

Any number of workers on any number of hosts may tick at once: each due row is held by one of them. A tick that is lost or doubled changes
nothing, and what a killed worker held is taken up by the next.
"""

from huey import PostgresHuey, SqliteHuey, crontab
from huey.api import Huey
from sqlalchemy import make_url

from app.config import Settings
from app.db import Database
from app.jobs.timers import fire_due_timers
from app.jobs.working import do_due_jobs, reckon_deadlines, sweep_leftovers
from app.storage import Storage

__all__ = ["do_due_jobs", "fire_due_timers", "make_huey", "reckon_deadlines", "register_jobs", "sweep_leftovers"]


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
        do_due_jobs(database, storage)
