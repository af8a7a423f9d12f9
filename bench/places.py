"""Where it is measured: the office of the tests on SQLite or PostgreSQL, the app and the floor served by the same gunicorn."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import psycopg
from sqlalchemy import URL

from app.db import Database
from bench import floor
from bench.measuring import Client
from tests.support.office import PASSWORD, Office, fill, make_database
from tests.support.postgres import SPEED_OVER_SAFETY, running_server
from tests.support.site import Site, hidden, serving_app


@dataclass
class Place:
    """One filled database, and whoever asks of it. serve: the app over HTTP; floor: a client of the floor."""

    database: Database
    stack: ExitStack
    office: Office = field(init=False)

    def __post_init__(self) -> None:
        self.office = Office(self.database)

    @property
    def kind(self) -> str:
        return "PostgreSQL" if self.database.engine.dialect.name == "postgresql" else "SQLite"

    def serve(self, app: str = "app:create_app()") -> Site:
        return self.stack.enter_context(serving_app(self.database, "--keep-alive", "600", app=app))

    def floor(self) -> Callable[[int], float]:
        """One request of the floor, as a work for ``in_turns``."""
        site = self.serve("bench.floor:create_app()")
        client = Client(site.url, site.pid)

        def work(number: int) -> float:
            client.ask("POST", f"/lantai/{number}")
            return client.spent

        return work


def sign_in(site: Site, username: str) -> Client:
    client = Client(site.url, site.pid)
    fields = {**hidden(client.ask("GET", "/masuk")), "nama_pengguna": username, "kata_sandi": PASSWORD}
    client.ask("POST", "/masuk", fields, status=303)
    return client


@contextmanager
def filled(kind: str) -> Iterator[Callable[[], Place]]:
    """A function that gives a fresh copy of the filled database each call; everything is stopped and removed at the end."""
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="alur-bench-"))
        stack.callback(shutil.rmtree, folder)
        server = stack.enter_context(running_server(*SPEED_OVER_SAFETY)).url if kind == "postgres" else None
        first = make_database(_create(server) if server else "", _folder(folder))
        first.migrate()
        fill(first)
        floor.prepare(first)
        first.dispose()

        def place() -> Place:
            own = _folder(folder)
            source = Path(first.settings.instance_dir)
            shutil.copy(source / "keys.json", own / "keys.json")
            if server:
                database = make_database(_create(server, first.engine.url.database), own)
            else:
                shutil.copy(source / "alur.db", own / "alur.db")
                database = make_database("", own)
            stack.callback(database.dispose)
            return Place(database, stack)

        yield place


def _folder(parent: Path) -> Path:
    return Path(tempfile.mkdtemp(dir=parent))


def _create(server: URL, template: str | None = None) -> str:
    name = f"bench_{uuid4().hex[:12]}"
    plain = server.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{template}"' if template else ""))
    return server.set(database=name).render_as_string(hide_password=False)
