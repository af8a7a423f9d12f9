"""A copy of everything made while people work, restored into either kind of database: the trail verifies, and the cases go on."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa

from app import audit, backup, create_app
from app.db import Database
from app.errors import Conflict, InvalidInput
from app.models import Base, Instance, Task
from app.storage import Storage
from tests.support.office import Office, make_database, redraw


def rows_of(database: Database) -> dict[str, set[str]]:
    """As text; the keys of JSON in one order, which PostgreSQL does not keep."""
    with database.reading() as session:
        return {
            table.name: {json.dumps(list(row), default=repr, sort_keys=True) for row in session.execute(sa.select(table))}
            for table in Base.metadata.sorted_tables
        }


def assert_whole(database: Database) -> None:
    with database.reading() as session:
        for instance in session.scalars(sa.select(Instance)):
            assert audit.verify_instance(session, instance).problems == ()


@pytest.fixture(params=["sqlite", "postgres"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Database:
    """A new database elsewhere, with the same keys."""
    folder = tmp_path / "lain"
    folder.mkdir()
    shutil.copy(tmp_path / "keys.json", folder)
    url = request.getfixturevalue("postgres_database")() if request.param == "postgres" else ""
    database = make_database(url, folder)
    request.addfinalizer(database.dispose)
    return database


def test_all_rows_and_files_come_back_and_the_cases_go_on(office: Office, empty: Database, tmp_path: Path) -> None:
    case = office.start()
    office.run_until(case, "Task_7b")
    redraw(office.database, ("Kabag", "Kepala Bagian"))
    made = backup.make_backup(office.database, office.storage, tmp_path / "cadangan")
    assert made.missing == () and made.files == len(office.storage.list_keys()) > 0
    office.do(case, "Task_7b", item="dinas_kesehatan")  # of this the copy knows nothing
    again = Office(empty)
    assert backup.restore(tmp_path / "cadangan", empty, again.storage) == made
    assert_whole(empty)
    again.finish(case)
    assert again.instance(case).state == "finished" and again.start(tahun=2031) == case + 1
    assert_whole(empty)


def test_every_row_is_the_same(office: Office, empty: Database, tmp_path: Path) -> None:
    office.run_until(office.start(), "Task_4b")
    backup.make_backup(office.database, office.storage, tmp_path / "cadangan")
    backup.restore(tmp_path / "cadangan", empty, Storage(empty.settings))
    assert rows_of(empty) == rows_of(office.database)
    with empty.reading() as session:  # nothing stayed nothing, and did not become the JSON value null
        assert session.scalar(sa.select(sa.func.count()).where(Task.state == "open", Task.answers.is_(sa.null()))) == 1


def test_the_folder_is_an_instance_folder_but_for_the_keys(small_office: Office, tmp_path: Path) -> None:
    case = small_office.start()
    backup.make_backup(small_office.database, small_office.storage, tmp_path / "cadangan")
    assert sorted(path.name for path in (tmp_path / "cadangan").iterdir()) == ["alur.db", "files"]
    shutil.copy(tmp_path / "keys.json", tmp_path / "cadangan")
    there = Office(make_database("", tmp_path / "cadangan"))
    there.finish(case)
    assert there.instance(case).state == "finished"
    there.database.dispose()


def test_a_file_that_was_lost_before_is_named(small_office: Office, tmp_path: Path) -> None:
    small_office.start()
    (key,) = small_office.storage.list_keys()
    (tmp_path / "files" / key).write_bytes(b"lain")
    assert backup.make_backup(small_office.database, small_office.storage, tmp_path / "cadangan").missing == ("berkas_surat.pdf",)


def test_a_copy_that_was_cut_off_has_no_name(small_office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small_office.start()
    with monkeypatch.context() as broken, pytest.raises(OSError, match="putus"):
        broken.setattr(Storage, "put", lambda *_: (_ for _ in ()).throw(OSError("putus")))
        backup.make_backup(small_office.database, small_office.storage, tmp_path / "cadangan")
    assert not (tmp_path / "cadangan").exists()
    assert backup.make_backup(small_office.database, small_office.storage, tmp_path / "cadangan").files == 1


def test_nothing_is_written_over(small_office: Office, tmp_path: Path) -> None:
    backup.make_backup(small_office.database, small_office.storage, tmp_path / "cadangan")
    before = rows_of(small_office.database)
    with pytest.raises(Conflict, match="sudah ada"):
        backup.make_backup(small_office.database, small_office.storage, tmp_path / "cadangan")
    with pytest.raises(Conflict, match="tidak kosong"):
        backup.restore(tmp_path / "cadangan", small_office.database, small_office.storage)
    with pytest.raises(InvalidInput, match="tidak ada cadangan"):
        backup.restore(tmp_path / "files", small_office.database, small_office.storage)
    assert rows_of(small_office.database) == before


def test_by_command(small_office: Office, tmp_path: Path) -> None:
    case = small_office.start()
    app = create_app(small_office.database.settings)
    told = app.test_cli_runner().invoke(args=["db", "backup", str(tmp_path / "cadangan")])
    assert told.exit_code == 0 and "1 berkas disalin" in told.output and "keys.json" in told.output
    refused = app.test_cli_runner().invoke(args=["db", "restore", str(tmp_path / "cadangan")])
    assert refused.exit_code == 1 and "tidak kosong" in refused.output
    app.extensions["alur"].database.dispose()
    assert small_office.instance(case).state == "running"
