"""kill -9 while files arrive: a row never without its bytes, an answer never without its row, and nothing that the sweep would not find."""

from __future__ import annotations

import io
import json
import random
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from uuid import uuid4

import pytest
import time_machine
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from app import clock
from app.db import Database
from app.jobs import sweep_leftovers
from app.models import Attachment, Upload
from app.uploads import PIECE
from tests.support.figures import Figure
from tests.support.office import PDF, Office
from tests.support.site import serving_app
from tests.support.surviving import Broken, Caller, killing

UPLOADERS = 4
BETWEEN_KILLS = 4  # uploads
GIVE_UP = 60  # seconds for one upload, killed workers and all


@dataclass
class Sender(Caller):
    """acknowledged: {form token: sha256}."""

    subject: str = ""
    acknowledged: dict[str, str] = field(default_factory=dict)

    def told(self, method: str, path: str, body: bytes, kind: str = "") -> Mapping[str, object]:
        answer = self.ask(method, path, body, kind, "application/json")
        assert answer.status == 200, (method, path, answer)
        found: Mapping[str, object] = json.loads(answer.content)
        return found

    def post_file(self, content: bytes, token: str) -> None:
        """As an ordinary form: the file goes with it."""
        parts = {
            "csrf_token": self.csrf,
            "token": token,
            "konsep_surat": FileStorage(io.BytesIO(content), "surat.pdf"),
        }
        boundary, body = encode_multipart(parts)
        self.told("POST", f"/tugas/{self.subject}/simpan", body, f"multipart/form-data; boundary={boundary}")

    def put(self, content: bytes, token: str) -> None:
        """As the page's script: in pieces, from where the server says."""
        asked = {
            "untuk": self.subject,
            "isian": "konsep_surat",
            "nama": "surat.pdf",
            "ukuran": len(content),
            "diubah": token,
            "token": token,
        }
        answer = self.told("POST", "/unggahan", json.dumps(asked).encode(), "application/json")
        id, offset = answer["id"], answer["received"]
        while "file" not in answer:
            assert isinstance(offset, int)
            offset = min(offset, (len(content) - 1) // PIECE * PIECE)  # all has arrived and only the last answer was lost
            answer = self.told("PUT", f"/unggahan/{id}/{offset}", content[offset : offset + PIECE])
            offset = answer["received"]

    def send(self, number: int) -> None:
        dice, token, until = random.Random(number), uuid4().hex, time.monotonic() + GIVE_UP
        in_pieces = number % 2 == 1
        content = PDF + dice.randbytes(dice.randrange(PIECE, 3 * PIECE) if in_pieces else dice.randrange(1000, 400_000))
        while True:
            try:
                self.put(content, token) if in_pieces else self.post_file(content, token)
            except Broken:
                assert time.monotonic() < until, "no worker came back"
            else:
                self.acknowledged[token] = sha256(content).hexdigest()
                return


def every_few_uploads(sender: Sender) -> Callable[[], bool]:
    reached = 0

    def due() -> bool:
        nonlocal reached
        if len(sender.acknowledged) < reached + BETWEEN_KILLS:
            return False
        reached = len(sender.acknowledged)
        return True

    return due


@pytest.mark.parametrize("uploads", [40, pytest.param(500, marks=pytest.mark.long)])
def test_a_killed_worker_leaves_no_row_without_its_file(sqlite: Database, uploads: int, figure: Figure) -> None:
    office = Office(sqlite)
    office.run_until(office.start(), "Task_4a")
    with serving_app(sqlite, "--workers", "2", "--preload") as site:  # loaded once: a killed worker is back at once
        sender = Sender(site, subject=str(office.task("Task_4a").id))
        sender.sign_in("kasubbag", f"/tugas/{sender.subject}")
        with killing(site, (0.01, 0.12), every_few_uploads(sender)) as dead, ThreadPoolExecutor(UPLOADERS) as pool:
            list(pool.map(sender.send, range(uploads)))
    figure("Janji 8", f"{uploads} uploads, {len(dead)} workers killed with kill -9")
    assert len(sender.acknowledged) == uploads and len(dead) >= uploads // (BETWEEN_KILLS * 3)

    with sqlite.reading() as session:
        rows = session.scalars(select(Attachment)).all()
        assert [one.filename for one in session.scalars(select(Upload)) if one.pieces] == []
    for row in rows:
        with office.storage.open(row.storage_key) as stream:
            content = stream.read()
        assert (len(content), sha256(content).hexdigest()) == (row.size, row.digest)
    assert {row.draft_token: row.digest for row in rows if row.draft_token in sender.acknowledged} == sender.acknowledged

    with time_machine.travel(clock.now() + timedelta(hours=25)):
        sweep_leftovers(sqlite, office.storage)
    assert sorted(office.storage.list_keys()) == sorted(row.storage_key for row in rows)
