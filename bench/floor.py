"""The floor: the least a request can be that changes something. One indexed select, one update, one insert, one commit."""

from flask import Flask
from flask.typing import ResponseReturnValue
from sqlalchemy import Column, Integer, MetaData, Table, Text, insert, select, update

from app import keys
from app.config import Settings
from app.db import Database

ROWS = 1000
tables = MetaData()
counters = Table("bench_counters", tables, Column("id", Integer, primary_key=True), Column("name", Text, index=True), Column("n", Integer))
entries = Table("bench_entries", tables, Column("id", Integer, primary_key=True), Column("counter_id", Integer), Column("n", Integer))


def prepare(database: Database) -> None:
    with database.engine.begin() as connection:
        tables.create_all(connection)
        connection.execute(insert(counters), [{"id": number, "name": f"c{number}", "n": 0} for number in range(ROWS)])


def create_app() -> Flask:
    """On the database of the environment, with the engine of the app itself: the same pragmas, the same begin."""
    settings = Settings()
    engine = Database(settings, keys.load(settings.instance_dir / "keys.json")).engine
    app = Flask("floor")

    @app.post("/lantai/<int:number>")
    def count(number: int) -> ResponseReturnValue:
        with engine.begin() as connection:
            id, n = connection.execute(select(counters.c.id, counters.c.n).where(counters.c.name == f"c{number % ROWS}")).one()
            connection.execute(update(counters).where(counters.c.id == id).values(n=n + 1))
            connection.execute(insert(entries).values(counter_id=id, n=n + 1))
        return str(n + 1)

    return app
