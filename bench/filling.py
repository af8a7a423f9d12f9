"""A hundred thousand cases of others, by copying one in SQL: what the database holds, not what the app would have done."""

import sqlalchemy as sa

from app.db import Database
from app.models import Candidate, Event, Instance, InstanceState, Task
from tests.support.office import Office

STILL_OPEN = 10  # one in so many waits, for an office of others; the rest are finished


def fill_up(office: Office, many: int) -> None:
    """many: cases to add, each with its events, tasks and state, none of them of the people who are measured."""
    finished = _make(office, "finished")
    running = _make(office, "running")
    with office.database.engine.begin() as connection:
        offset = connection.scalar(sa.select(sa.func.max(Instance.id))) or 0
        for template, first, count in ((finished, 0, many - many // STILL_OPEN), (running, many - many // STILL_OPEN, many // STILL_OPEN)):
            _copy(connection, template, offset + first, count)
        if connection.dialect.name == "postgresql":  # ids were given by hand: the next own one comes after them
            connection.execute(sa.text("SELECT setval('instances_id_seq', (SELECT max(id) FROM instances))"))
    _analyse(office.database)


def _make(office: Office, state: str) -> int:
    case = office.start()
    with office.database.transaction() as session:
        session.get_one(Instance, case).business_key = f"isian|{state}"
    office.run_until(case, "Task_4b", opd=["setda"])  # the Kabag's, and no paper that TU would record
    if state == "finished":
        office.finish(case)
    return case


def _copy(connection: sa.Connection, template: int, offset: int, count: int) -> None:
    numbers = sa.text(
        f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})"
        if connection.dialect.name == "sqlite"
        else f"WITH n(i) AS (SELECT generate_series(1, {count}))"
    ).text
    new_id = "lower(hex(randomblob(16)))" if connection.dialect.name == "sqlite" else "gen_random_uuid()"
    case = f"n.i + {offset}"
    overrides = {
        Instance: {"id": case, "business_key": f"'isian|' || ({case})", "token": "NULL"},
        InstanceState: {"instance_id": case},
        Task: {"id": new_id, "instance_id": case, "engine_task": new_id, "token": "NULL"},
        Event: {"instance_id": case},
    }
    for model, changed in overrides.items():
        table = model.__table__
        key = table.c.id if model is Instance else table.c.instance_id
        columns = ", ".join(column.name for column in table.columns)
        values = ", ".join(changed.get(column.name, f"t.{column.name}") for column in table.columns)
        connection.exec_driver_sql(
            f"INSERT INTO {table.name} ({columns}) {numbers} SELECT {values} FROM n, {table.name} AS t WHERE t.{key.name} = {template}"
        )
    waits = sa.select(Candidate.group_key).join(Task, Task.id == Candidate.task_id).where(Task.instance_id == template)
    copied = sa.and_(Task.instance_id > offset, Task.instance_id <= offset + count, Task.state == "open")
    for group in connection.scalars(waits).all():
        rows = sa.select(sa.literal(group), Task.id).where(copied)
        connection.execute(sa.insert(Candidate).from_select(["group_key", "task_id"], rows))


def _analyse(database: Database) -> None:
    """As the database's own upkeep would after so many rows."""
    with database.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.exec_driver_sql("ANALYZE")
