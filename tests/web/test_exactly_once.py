"""Two people, one moment, over HTTP on both databases: one deed is done once, two deeds are both kept, and nobody's text is lost."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID, uuid4

import psycopg
import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import event
from werkzeug.test import TestResponse

from app import audit, create_app, definitions, engine, instances
from app.config import Settings
from app.db import Database, keys_of
from app.engine.state import Place
from app.errors import NO_ROOM
from app.models import Base, Definition, InstanceState
from tests.support.bundles import SIDE_BY_SIDE
from tests.support.client import Client
from tests.support.figures import Figure
from tests.support.meeting import meeting
from tests.support.office import Office
from tests.support.site import TOKEN

REPEATS = [20, pytest.param(200, marks=pytest.mark.long)]


@pytest.fixture
def office(office: Office) -> Office:
    with office.database.transaction() as session:
        definitions.deploy(session, SIDE_BY_SIDE)
    return office


@contextmanager
def serving(office: Office, **changes: object) -> Iterator[Flask]:
    app = create_app(office.database.settings.model_copy(update=changes))
    yield app
    app.extensions["alur"].database.dispose()


@pytest.fixture
def app(office: Office) -> Iterator[Flask]:
    with serving(office) as app:
        yield app


@pytest.fixture
def case(office: Office) -> int:
    with office.database.transaction() as session:
        return instances.start_instance(session, office.actor("tu"), "p", {"tahun": ["2026"]}, uuid4().hex).id


def database_of(app: Flask) -> Database:
    found: Database = app.extensions["alur"].database
    return found


def sends(client: Client, path: str, **answers: str) -> Callable[[], TestResponse]:
    """To be done later: the tokens are those of a page opened now."""
    parts = {"csrf_token": client.csrf(), "token": uuid4().hex, **answers}
    return lambda: client.send(path, parts)


def completions(office: Office, case: int, task_id: UUID) -> int:
    """How often the trail says that it was done."""
    return sum(json.loads(event.data).get("task") == str(task_id) for event in office.events(case) if event.kind == "step")


def problems_of(office: Office, case: int) -> tuple[str, ...]:
    with office.database.reading() as session:
        return audit.verify_instance(session, office.instance(case)).problems


def go_round(office: Office, case: int) -> None:
    """Until A and B are open."""
    office.submit(office.task("T", case=case), "tu", keputusan="tidak")


@pytest.mark.parametrize("repeats", REPEATS)
def test_two_people_one_task_one_moment(office: Office, app: Flask, case: int, repeats: int, figure: Figure) -> None:
    tu, rina = Client(app, "tu"), Client(app, "tu2")
    statuses: list[tuple[int, ...]] = []
    with meeting(database_of(app).engine) as both:
        for attempt in range(repeats):
            go_round(office, case)
            id = office.task("A", case=case).id
            path = f"/tugas/{id}"
            answers = both.at_once(sends(tu, path, jawaban=f"siti {attempt}"), sends(rina, path, jawaban=f"rina {attempt}"))
            statuses.append(tuple(sorted(answer.status_code for answer in answers)))
            late, typed = next((answer, name) for answer, name in zip(answers, ("siti", "rina"), strict=True) if answer.status_code != 303)
            assert re.search(r"sudah diselesaikan oleh (Siti Aminah|Rina Marlina) pada .* pukul \d\d\.\d\d WIB", late.text)
            assert f"{typed} {attempt}" in late.text and completions(office, case, id) == 1
            office.submit(office.task("B", case=case), "tu", jawaban="ada")
    good = statuses.count((303, 409))
    figure("Janji 3", f"{office.database.engine.name}: {repeats} meetings of two people at one task, {good} x one 303 and one 409")
    assert set(statuses) == {(303, 409)} and problems_of(office, case) == ()


@pytest.mark.parametrize("repeats", REPEATS)
def test_two_tasks_of_one_case_at_one_moment(office: Office, app: Flask, case: int, repeats: int, figure: Figure) -> None:
    tu, rina = Client(app, "tu"), Client(app, "tu2")
    kept = 0
    with meeting(database_of(app).engine) as both:
        for attempt in range(repeats):
            go_round(office, case)
            pair = [office.task(element, case=case).id for element in ("A", "B")]
            a, b = (f"/tugas/{id}" for id in pair)
            answers = both.at_once(sends(tu, a, jawaban=f"a {attempt}"), sends(rina, b, jawaban=f"b {attempt}"))
            assert [answer.status_code for answer in answers] == [303, 303]
            rows = {row.id: row.answers for row in office.rows(case)}
            kept += [rows[id] for id in pair] == [{"jawaban": f"a {attempt}"}, {"jawaban": f"b {attempt}"}]
    figure("Janji 4", f"{office.database.engine.name}: {repeats} pairs of tasks of one case at one moment, {kept} x both kept")
    assert kept == repeats and problems_of(office, case) == ()
    assert [row.element for row in office.open(case)] == ["T"]


@pytest.mark.parametrize("repeats", REPEATS)
def test_the_same_press_twice_at_one_moment(office: Office, app: Flask, case: int, repeats: int, figure: Figure) -> None:
    """The double click; and, after that, the back button and the answer that was lost on its way."""
    tu, once = Client(app, "tu"), 0
    with meeting(database_of(app).engine) as both:
        for _attempt in range(repeats):
            id = office.task("T", case=case).id
            press = sends(tu, f"/tugas/{id}", keputusan="tidak")
            answers = [*both.at_once(press, press), press()]
            assert [answer.status_code for answer in answers] == [303, 303, 303]
            pages = {TOKEN.sub("", tu.get(answer.location).text) for answer in answers}
            once += len(pages) == 1 and completions(office, case, id) == 1
            for element in ("A", "B"):
                office.submit(office.task(element, case=case), "tu", jawaban="ada")
    figure("Janji 5", f"{office.database.engine.name}: {repeats} pairs of one press and a third, {once} x one completion, identical pages")
    assert once == repeats and problems_of(office, case) == ()


# -- the order cannot be skipped --


def engine_ids(office: Office, case: int) -> set[UUID]:
    """Every task of the engine's memory, those that lie ahead included."""
    with office.database.reading() as session:
        state, instance = session.get_one(InstanceState, case), office.instance(case)
        digest = session.get_one(Definition, instance.definition_id).digest
        payload = engine.unseal(state.blob, Place(case, digest, state.sequence), keys_of(session))
    return {UUID(id) for id in json.loads(payload)["workflow"]["tasks"]}


def everything(office: Office) -> dict[str, list[sa.Row[tuple[object, ...]]]]:
    with office.database.reading() as session:
        return {
            table.name: sorted(session.execute(sa.select(table)).all(), key=repr)
            for table in Base.metadata.sorted_tables
            if table.name != "sign_ins"
        }


def test_what_is_not_open_is_refused_whatever_its_id(office: Office, app: Flask, case: int, figure: Figure) -> None:
    go_round(office, case)
    stopped = office.start(tahun=2031)
    with office.database.transaction() as session:
        instances.cancel_instance(session, office.actor("admin"), stopped, "Salah tahun.")
    waiting = {row.id for row in office.open(case)}
    ids = engine_ids(office, case) | engine_ids(office, stopped) | {row.id for one in (case, stopped) for row in office.rows(one)}
    assert len(ids - waiting) > 8
    before, tu = everything(office), Client(app, "tu")
    csrf = tu.csrf()
    answers = {"keputusan": "ya", "jawaban": "ada", "nomor_agenda": "1"}
    statuses = [
        tu.send(f"/tugas/{id}", {"csrf_token": csrf, "token": uuid4().hex, **answers}).status_code for id in sorted(ids - waiting, key=str)
    ]
    refused = sum(status in (404, 409) for status in statuses)
    figure("Janji 6", f"{office.database.engine.name}: {len(statuses)} ids ahead, done or cancelled, {refused} refused")
    assert set(statuses) == {404, 409} and everything(office) == before


# -- a lock that is held, a disk that is full --


@contextmanager
def lock_held(office: Office, case: int) -> Iterator[None]:
    """By somebody else, for as long as this lasts."""
    with office.database.engine.connect() as connection, connection.begin():  # SQLite: BEGIN IMMEDIATE
        if connection.dialect.name != "sqlite":
            connection.execute(sa.text("SELECT 1 FROM instances WHERE id = :id FOR UPDATE"), {"id": case})
        yield


@pytest.mark.parametrize("seconds", [1, pytest.param(Settings.model_fields["lock_seconds"].default, marks=pytest.mark.long)])
def test_a_held_lock_is_answered_while_it_is_held_with_everything_typed(office: Office, case: int, seconds: int, figure: Figure) -> None:
    assert Settings.model_fields["lock_seconds"].default == 10
    go_round(office, case)
    path = f"/tugas/{office.task('A', case=case).id}"
    with serving(office, lock_seconds=seconds) as app:
        press = sends(Client(app, "tu"), path, jawaban="panjang sekali")
        with lock_held(office, case):
            began = time.monotonic()
            answer = press()
            waited = time.monotonic() - began
        told = f"limit {seconds} s, answered {answer.status_code} after {waited:.1f} s"
        figure("Janji 7", f"{office.database.engine.name}: lock held, {told}")
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
        assert "panjang sekali" in answer.text and "coba kirim lagi" in answer.text
        assert press().status_code == 303


@contextmanager
def full_disk(app: Flask) -> Iterator[None]:
    """SQLite may take no further page; PostgreSQL answers a write as it does when there is no room."""
    database = database_of(app)
    if database.engine.name == "sqlite":
        with database.reading() as session:
            pages = session.connection().exec_driver_sql("PRAGMA page_count").scalar_one()

        def narrow(connection: sa.Connection) -> None:
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

        event.listen(database.engine, "begin", narrow)
        yield
        event.remove(database.engine, "begin", narrow)
        with database.reading() as session:
            session.connection().exec_driver_sql("PRAGMA max_page_count = 1000000")
        return
    body = "BEGIN RAISE EXCEPTION 'no space left' USING ERRCODE = '53100'; END"
    with database.engine.begin() as connection:
        connection.exec_driver_sql(f"CREATE FUNCTION penuh() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$")
        connection.exec_driver_sql("CREATE TRIGGER penuh BEFORE INSERT ON events FOR EACH ROW EXECUTE FUNCTION penuh()")
    yield
    with database.engine.begin() as connection:
        connection.exec_driver_sql("DROP FUNCTION penuh() CASCADE")


def test_a_full_database_is_said_with_everything_typed_and_then_goes_on(office: Office, app: Flask, case: int, figure: Figure) -> None:
    go_round(office, case)
    path, long = f"/tugas/{office.task('A', case=case).id}", "panjang sekali " * 1300
    press, before = sends(Client(app, "tu"), path, jawaban=long), everything(office)
    with full_disk(app):
        answer = press()
    figure("Janji 7", f"{office.database.engine.name}: disk full, answered {answer.status_code}")
    assert answer.status_code == 503 and NO_ROOM in answer.text and long.strip() in answer.text
    assert everything(office) == before
    assert press().status_code == 303 and problems_of(office, case) == ()


def no_answer(*_connecting: object) -> None:
    raise psycopg.OperationalError("connection failed: the database system is starting up")


def test_while_the_database_does_not_answer_a_page_says_so_and_the_same_press_works_afterwards(postgres: Database) -> None:
    office = Office(postgres)
    office.start()
    with serving(office) as app:
        tu, path = Client(app, "tu"), f"/tugas/{office.task('Task_2').id}"
        press, engine = sends(tu, path, nomor_agenda="045/2026"), database_of(app).engine
        engine.dispose()
        event.listen(engine, "do_connect", no_answer)
        pages = [press(), tu.get("/tugas"), tu.get("/masuk"), tu.get("/tidak-ada")]
        event.remove(engine, "do_connect", no_answer)
        assert [page.status_code for page in pages[:2]] == [503, 503] and "tidak menjawab" in pages[0].text
        assert all(page.headers["Retry-After"] == "5" for page in pages if page.status_code == 503)
        assert max(page.status_code for page in pages) == 503
        assert press().status_code == 303
