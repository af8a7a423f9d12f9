"""Every migration up, down and up again on both databases; the head is what the models say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from app.db import alembic_config
from app.models import Base
from tests.support.figures import Figure
from tests.support.office import Office, fill, make_database


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, postgres_database: Callable[..., str]) -> str:
    return "" if request.param == "sqlite" else postgres_database()


def test_up_down_and_up_again_with_data(url: str, tmp_path: Path, figure: Figure) -> None:
    database = make_database(url, tmp_path)
    database.migrate()
    fill(database)
    office = Office(database)
    case = office.start()
    office.run_until(case, "Task_4b")  # rows that point to one another
    with database.migrating() as connection:
        command.downgrade(alembic_config(connection), "-1")
    database.migrate()
    assert office.task("Task_4b", case=case).name
    with database.migrating() as connection:
        steps = len(list(ScriptDirectory.from_config(alembic_config(connection)).walk_revisions()))
        for _ in range(steps):
            command.downgrade(alembic_config(connection), "-1")
        assert set(inspect(connection).get_table_names()) <= {"alembic_version"}
    database.migrate()
    fill(database)
    figure("Janji 13", f"{database.engine.name}: {steps} migrations down and up again with data")
    database.dispose()


def test_the_head_is_what_the_models_say(url: str, tmp_path: Path) -> None:
    database = make_database(url, tmp_path)
    database.migrate()
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    database.dispose()
