"""Rotating the sealing key: old seals hold, running processes see the new key, states move over case by case, a lost key is noticed."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from app import audit, create_app, keys
from app.db import keys_of
from app.errors import EngineFault
from app.models import Instance, InstanceState
from tests.support.office import Office


@pytest.fixture
def run(small_office: Office) -> Iterator[FlaskCliRunner]:
    app: Flask = create_app(small_office.database.settings)
    yield app.test_cli_runner()
    app.extensions["alur"].database.dispose()


@pytest.fixture
def path(small_office: Office) -> Path:
    return small_office.database.settings.instance_dir / "keys.json"


def drop_key(path: Path, name: str) -> None:
    content = json.loads(path.read_text())
    del content["keys"][name]
    aside = path.with_name("neu")
    aside.write_text(json.dumps(content))
    aside.replace(path)


def problems_of(office: Office, case: int) -> tuple[str, ...]:
    with office.database.reading() as session:
        return audit.verify_instance(session, session.get_one(Instance, case)).problems


def test_a_case_goes_on_over_a_rotation_without_a_restart(small_office: Office, run: FlaskCliRunner, path: Path) -> None:
    case = small_office.start()
    assert run.invoke(args=["keys", "rotate"]).output.startswith("Kunci k2 berlaku. Terdaftar: k1, k2.")
    small_office.finish(case)
    assert {event.key_id for event in small_office.events(case)} == {"k1", "k2"} and problems_of(small_office, case) == ()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 and [found.name for found in path.parent.glob("keys.json.*")] == []


def test_resealing_moves_states_over_and_then_the_old_key_opens_none(small_office: Office, run: FlaskCliRunner, path: Path) -> None:
    first, second = small_office.start(tahun=2024), small_office.start(tahun=2025)
    small_office.do(first, "Task_2")  # so that it has a state before
    run.invoke(args=["keys", "rotate"])
    assert "2 keadaan diperiksa, 2 disegel ulang, 0 dibiarkan." in run.invoke(args=["keys", "reseal"]).output
    assert "0 disegel ulang" in run.invoke(args=["keys", "reseal"]).output
    drop_key(path, "k1")
    with small_office.database.reading() as session:
        for case in (first, second):
            assert tuple(audit.state_problems(session, session.get_one(Instance, case))) == ()
    assert "kunci k1, yang tidak lagi terdaftar" in problems_of(small_office, first)[0]  # events keep their key


def test_resealing_leaves_what_does_not_verify(small_office: Office, run: FlaskCliRunner) -> None:
    case = small_office.start()
    with small_office.database.transaction() as session:
        state = session.get_one(InstanceState, case)
        state.blob = rotten = state.blob[:-1] + b"\0"
    run.invoke(args=["keys", "rotate"])
    result = run.invoke(args=["keys", "reseal"])
    assert result.exit_code == 1 and "dibiarkan. Segel" in result.output
    with small_office.database.reading() as session:
        assert session.get_one(InstanceState, case).blob == rotten


def test_a_key_that_was_taken_off_the_list_stops_its_cases(small_office: Office, run: FlaskCliRunner, path: Path) -> None:
    case = small_office.start()
    run.invoke(args=["keys", "rotate"])
    drop_key(path, "k1")
    with pytest.raises(EngineFault, match="tidak lagi terdaftar"):
        small_office.do(case, "Task_2")


@pytest.mark.parametrize("content", ["", "{", "[]", '{"current": "k9", "keys": {"k1": "00"}, "session": "s"}', '{"keys": 3}'])
def test_a_spoiled_key_file_stops_nobody_at_work_and_starts_nobody(small_office: Office, path: Path, content: str) -> None:
    case = small_office.start()
    path.write_text(content)
    small_office.do(case, "Task_2")
    with pytest.raises(ValueError, match="Berkas kunci"):
        keys.load(path)


def test_rotating_a_spoiled_file_is_refused(run: FlaskCliRunner, path: Path) -> None:
    path.write_text("{")
    result = run.invoke(args=["keys", "rotate"])
    assert result.exit_code == 1 and "tidak dapat dibaca" in result.output and path.read_text() == "{"


def test_reading_the_keys_costs_a_look_at_the_file_and_no_more(small_office: Office) -> None:
    with small_office.database.reading() as session:
        assert keys_of(session) is keys_of(session)


def test_every_open_case_is_tried_with_the_installed_library(small_office: Office, run: FlaskCliRunner) -> None:
    well, sick, lost = (small_office.start(tahun=year) for year in (2023, 2024, 2025))
    assert run.invoke(args=["sop", "verify-state"]).exit_code == 0
    with small_office.database.transaction() as session:
        session.get_one(InstanceState, sick).blob = b""
    row = small_office.task("Task_2", case=lost)
    with small_office.database.transaction() as session:
        session.merge(row).state = "cancelled"  # the engine waits, and no list shows it
    result = run.invoke(args=["sop", "verify-state"])
    assert result.exit_code == 1 and "3 pelaksanaan diperiksa" in result.output and "2 tidak dapat dilanjutkan" in result.output
    assert f"{well} LAKIP 2023 [running]: baik" in result.output and "tidak sama dengan yang ditunggu mesin" in result.output
