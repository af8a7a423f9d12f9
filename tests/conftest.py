"""Two real databases for whatever touches one: every test that asks for `office` runs on SQLite and on PostgreSQL."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.db import Database
from tests.support.office import Office, fill, make_database

pytest_plugins = ["tests.support.browser", "tests.support.figures", "tests.support.postgres"]


@pytest.fixture(scope="session")
def filled_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated and filled SQLite folder, copied for every test."""
    folder = tmp_path_factory.mktemp("sqlite")
    database = make_database("", folder)
    database.migrate()
    fill(database)
    database.dispose()
    return folder


@pytest.fixture(scope="session")
def fill_postgres(filled_sqlite: Path) -> Callable[[str], object]:
    """One function for the whole session: PostgreSQL then copies the filled database instead of filling it again."""

    def prepare(url: str) -> None:
        database = make_database(url, filled_sqlite)  # the same keys.json
        database.migrate()
        fill(database)
        database.dispose()

    return prepare


@pytest.fixture
def sqlite(filled_sqlite: Path, tmp_path: Path) -> Iterator[Database]:
    for name in ("alur.db", "keys.json"):
        shutil.copy(filled_sqlite / name, tmp_path / name)
    database = make_database("", tmp_path)
    yield database
    database.dispose()


@pytest.fixture
def postgres(
    filled_sqlite: Path, tmp_path: Path, postgres_database: Callable[..., str], fill_postgres: Callable[[str], object]
) -> Iterator[Database]:
    shutil.copy(filled_sqlite / "keys.json", tmp_path / "keys.json")
    database = make_database(postgres_database(fill_postgres), tmp_path)
    yield database
    database.dispose()


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> Database:
    found: Database = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


@pytest.fixture
def small_office(sqlite: Database) -> Office:
    """On SQLite only: for what does not touch SQL in a new way."""
    return Office(sqlite)
