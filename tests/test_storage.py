"""Where bytes lie: all of a file or nothing, a full disk said in a sentence, and the virus scanner asked before a row exists."""

from __future__ import annotations

import errno
import io
import logging
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from struct import unpack
from typing import Any

import fsspec
import pytest
import time_machine
from fsspec.implementations.memory import MemoryFile, MemoryFileSystem

from app import clock, create_app, uploads
from app.config import Settings
from app.errors import NO_ROOM, InvalidAnswers, NotStored
from app.jobs import sweep_leftovers
from app.models import Attachment, Upload
from app.storage import Storage
from app.uploads import PIECE, Announced
from tests.support.client import Client
from tests.support.figures import Figure
from tests.support.office import PDF, Office

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


# -- a full disk --


class NarrowFile(MemoryFile):  # type: ignore[misc]
    def write(self, content: bytes) -> int:
        room = NarrowFileSystem.room
        written: int = super().write(content[:room])
        NarrowFileSystem.room -= written
        if written < len(content):
            raise OSError(errno.ENOSPC, "No space left on device")
        return written


class NarrowFileSystem(MemoryFileSystem):  # type: ignore[misc]
    """An object store in memory with so many bytes left."""

    protocol = "sempit"
    store: dict[str, Any] = {}  # noqa: RUF012 - as its parent has it
    pseudo_dirs = [""]  # noqa: RUF012
    room = 0

    def _open(self, path: str, mode: str = "rb", **more: Any) -> Any:
        if mode != "wb":
            return super()._open(path, mode, **more)
        file = NarrowFile(self, path)
        self.store[path] = file
        return file


@pytest.fixture
def narrow(small_office: Office) -> Iterator[Callable[[int], None]]:
    """`narrow(bytes)`: the room that is left. The office's storage is this one."""
    fsspec.register_implementation("sempit", NarrowFileSystem, clobber=True)
    NarrowFileSystem.store.clear()
    object.__setattr__(
        small_office.database, "settings", small_office.database.settings.model_copy(update={"files_url": "sempit:///berkas"})
    )
    small_office.storage = Storage(small_office.database.settings)
    yield lambda room: setattr(NarrowFileSystem, "room", room)
    NarrowFileSystem.store.clear()


@pytest.fixture
def kasubbag(small_office: Office, narrow: Callable[[int], None]) -> Iterator[tuple[Client, str]]:
    """The person, and the page of the task whose form takes a file."""
    narrow(10_000_000)
    case = small_office.start()
    small_office.run_until(case, "Task_4a")
    app = create_app(small_office.database.settings)
    yield Client(app, "kasubbag"), f"/tugas/{small_office.task('Task_4a').id}"
    app.extensions["alur"].database.dispose()


def post(person: tuple[Client, str]) -> Any:
    client, path = person
    parts = {"csrf_token": client.csrf(), "token": "a" * 32, "hal_surat": "Surat penting", "batas_waktu_opd": "2031-01-01"}
    return client.send(path, {**parts, "daftar_opd": ["setda"], "konsep_surat": (io.BytesIO(PDF + b"\0" * 5000), "Konsep.pdf")})


def test_a_full_disk_is_said_beside_the_field_with_everything_typed(
    small_office: Office, kasubbag: tuple[Client, str], narrow: Callable[[int], None]
) -> None:
    narrow(3000)
    answer = post(kasubbag)
    assert answer.status_code == 422 and NO_ROOM in answer.text and "Surat penting" in answer.text


def test_a_full_disk_leaves_no_torn_file(
    small_office: Office, kasubbag: tuple[Client, str], narrow: Callable[[int], None], figure: Figure
) -> None:
    before = small_office.storage.list_keys()
    narrow(3000)
    post(kasubbag)
    torn = set(small_office.storage.list_keys()) - set(before)
    figure("Janji 7", f"no room for an attachment: {len(torn)} torn files")
    assert torn == set()


def test_when_there_is_room_again_the_same_form_is_sent(
    small_office: Office, kasubbag: tuple[Client, str], narrow: Callable[[int], None]
) -> None:
    narrow(3000)
    post(kasubbag)
    narrow(10_000_000)
    assert post(kasubbag).status_code == 303


def announced(office: Office, content: bytes) -> Upload:
    with office.database.transaction() as session:
        file = Announced(str(office.task("Task_4a").id), "konsep_surat", "Konsep.pdf", len(content), "1")
        return uploads.start_upload(session, office.storage, office.actor("kasubbag"), "a" * 32, file)


def take(office: Office, upload: Upload, content: bytes, number: int) -> Upload:
    piece = content[number * PIECE : (number + 1) * PIECE]
    return uploads.take_piece(office.database, office.storage, office.actor("kasubbag"), upload.id, number * PIECE, piece)


def test_a_piece_that_found_no_room_may_come_again(
    small_office: Office, kasubbag: tuple[Client, str], narrow: Callable[[int], None]
) -> None:
    content = PDF + b"\0" * PIECE
    upload = announced(small_office, content)
    take(small_office, upload, content, 0)
    narrow(10)
    with pytest.raises(NotStored, match="penuh"):
        take(small_office, upload, content, 1)
    narrow(10_000_000)
    assert take(small_office, upload, content, 1).pieces == 0


def test_a_file_that_found_no_room_for_the_whole_is_finished_later(
    small_office: Office, kasubbag: tuple[Client, str], narrow: Callable[[int], None]
) -> None:
    content = PDF + b"\0" * PIECE
    upload = announced(small_office, content)
    take(small_office, upload, content, 0)
    narrow(len(content) - PIECE + 5)
    with pytest.raises(NotStored):
        take(small_office, upload, content, 1)
    narrow(10_000_000)
    take(small_office, upload, content, 1)
    with small_office.database.reading() as session:
        kept = session.query(Attachment).filter_by(filename="Konsep.pdf").one()
    with small_office.storage.open(kept.storage_key) as stream:
        assert stream.read() == content


def test_an_object_store_is_swept_like_a_folder(small_office: Office, kasubbag: tuple[Client, str]) -> None:
    used = sorted(small_office.storage.list_keys())
    small_office.storage.put("0" * 32, b"nobody's")
    assert len(small_office.storage.list_keys()) == len(used) + 1
    with time_machine.travel(clock.now() + timedelta(hours=25)):
        sweep_leftovers(small_office.database, small_office.storage)
    assert sorted(small_office.storage.list_keys()) == used


def test_a_full_database_is_the_same_sentence(small_office: Office) -> None:
    with pytest.raises(NotStored, match="penuh"), small_office.database.transaction() as session:
        pages = session.connection().exec_driver_sql("PRAGMA page_count").scalar_one()
        session.connection().exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        session.connection().exec_driver_sql("CREATE TABLE penuh AS SELECT randomblob(4000000) AS isi")


# -- the scanner --


@contextmanager
def clamd(answer: bytes | None = None) -> Iterator[tuple[str, list[bytes]]]:
    """A small clamd on loopback: its address, and every file it was shown. answer: of another kind than clamd's."""
    shown: list[bytes] = []

    def talk(talking: socket.socket) -> None:
        with talking, talking.makefile("rb") as heard:
            assert heard.read(10) == b"zINSTREAM\0"
            content = b""
            while size := unpack("!L", heard.read(4))[0]:
                content += heard.read(size)
            shown.append(content)
            verdict = b"stream: Eicar-Test-Signature FOUND\0" if EICAR in content else b"stream: OK\0"
            talking.sendall(verdict if answer is None else answer)

    with socket.create_server(("127.0.0.1", 0)) as door:

        def serve() -> None:
            while True:
                try:
                    talk(door.accept()[0])
                except OSError:
                    return

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"127.0.0.1:{door.getsockname()[1]}", shown
        door.shutdown(socket.SHUT_RDWR)
        thread.join()


def scanned(tmp_path: Any, address: str) -> Storage:
    return Storage(Settings(instance_dir=tmp_path, scanner=address))


def test_a_clean_file_is_shown_whole_and_kept(tmp_path: Any) -> None:
    content = PDF + bytes(range(256)) * 1000
    with clamd() as (address, shown):
        received = scanned(tmp_path, address).receive("f", "Konsep", "a.pdf", io.BytesIO(content))
    assert (shown, received.size) == ([content], len(content))


def test_an_infected_file_is_refused_logged_and_gone(tmp_path: Any, caplog: pytest.LogCaptureFixture) -> None:
    with clamd() as (address, _shown), caplog.at_level(logging.WARNING, "alur.storage"):
        storage = scanned(tmp_path, address)
        with pytest.raises(InvalidAnswers, match=r"Konsep: berkas “a\.pdf” ditolak karena mengandung virus"):
            storage.receive("f", "Konsep", "a.pdf", io.BytesIO(PDF + EICAR))
    assert storage.list_keys() == []
    assert "Eicar-Test-Signature" in caplog.text and "a.pdf" in caplog.text


@pytest.mark.parametrize("answer", [b"", b"INSTREAM size limit exceeded. ERROR\0", b"stream: OK FOUND OK\0", b"stream: \0", b"\xff" * 9000])
def test_without_a_clear_verdict_nothing_is_kept(tmp_path: Any, answer: bytes) -> None:
    with clamd(answer) as (address, _shown):
        storage = scanned(tmp_path, address)
        with pytest.raises(NotStored, match="belum dapat diperiksa dari virus"):
            storage.receive("f", "Konsep", "a.pdf", io.BytesIO(PDF))
    assert storage.list_keys() == []


def test_an_unreachable_scanner_keeps_nothing(tmp_path: Any) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        storage = scanned(tmp_path, f"127.0.0.1:{nobody.getsockname()[1]}")
        with pytest.raises(NotStored, match="belum dapat diperiksa"):
            storage.receive("f", "Konsep", "a.pdf", io.BytesIO(PDF))
    assert storage.list_keys() == []


def test_a_file_in_pieces_is_shown_to_the_scanner_too(small_office: Office) -> None:
    case = small_office.start()
    small_office.run_until(case, "Task_4a")
    content = PDF + b"\0" * PIECE + EICAR
    upload = announced(small_office, content)
    before = len(small_office.storage.list_keys())
    with clamd() as (address, _shown):
        small_office.storage = Storage(small_office.database.settings.model_copy(update={"scanner": address}))
        take(small_office, upload, content, 0)
        with pytest.raises(InvalidAnswers, match="mengandung virus"):
            take(small_office, upload, content, 1)
    assert len(small_office.storage.list_keys()) == before


@pytest.mark.parametrize("address", ["clamd", "clamd:", ":3310", "a b:1", "clamd:33x"])
def test_an_address_that_is_none_stops_the_app(address: str) -> None:
    with pytest.raises(ValueError, match="scanner"):
        Settings(scanner=address)
