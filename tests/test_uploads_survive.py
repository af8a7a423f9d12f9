"""kill -9 while files arrive: a row never without its bytes, an answer never without its row, and nothing that the sweep would not find."""

from __future__ import annotations

import http.client
import io
import json
import os
import random
import re
import signal
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlencode, urlsplit
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
from tests.support.office import PASSWORD, PDF, Office
from tests.support.site import Site, hidden, serving_app

UPLOADERS = 4
BETWEEN_KILLS = 4  # uploads
GIVE_UP = 60  # seconds for one upload, killed workers and all


class Broken(Exception):
    """No answer: the worker is gone, or one is only just starting."""


@dataclass
class Sender:
    """Somebody who does not give up: what got no answer is sent again. acknowledged: {form token: sha256}."""

    site: Site
    subject: str
    cookie: str = ""
    csrf: str = ""
    acknowledged: dict[str, str] = field(default_factory=dict)

    def sign_in(self) -> None:
        page = self.ask("GET", "/masuk")
        texts = {**hidden(page.decode()), "nama_pengguna": "kasubbag", "kata_sandi": PASSWORD}
        self.ask("POST", "/masuk", urlencode(texts).encode(), "application/x-www-form-urlencoded")
        self.csrf = hidden(self.ask("GET", f"/tugas/{self.subject}").decode())["csrf_token"]

    def ask(self, method: str, path: str, body: bytes = b"", kind: str = "", accept: str = "text/html") -> bytes:
        """Raises Broken."""
        address = urlsplit(self.site.url)
        asking = http.client.HTTPConnection(address.hostname or "", address.port, timeout=20)
        headers = {"Cookie": self.cookie, "Accept": accept, "X-CSRFToken": self.csrf, **({"Content-Type": kind} if kind else {})}
        try:
            asking.request(method, path, body, headers)
            answer = asking.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException) as error:
            raise Broken from error
        finally:
            asking.close()
        if found := re.match(r"alur=[^;]+", answer.headers.get("Set-Cookie", "")):
            self.cookie = self.cookie if self.csrf else found[0]
        assert answer.status in (200, 303), (method, path, answer.status, content)
        return content

    def told(self, method: str, path: str, body: bytes, kind: str = "") -> Mapping[str, object]:
        found: Mapping[str, object] = json.loads(self.ask(method, path, body, kind, "application/json"))
        return found

    def post(self, content: bytes, token: str) -> None:
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
                self.put(content, token) if in_pieces else self.post(content, token)
            except Broken:
                assert time.monotonic() < until, "no worker came back"
            else:
                self.acknowledged[token] = sha256(content).hexdigest()
                return


def workers_of(pid: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            words = stat.read_text().rpartition(")")[2].split()
            if int(words[1]) == pid and words[0] != "Z":
                found.append(int(stat.parent.name))
    return found


@contextmanager
def killing(sender: Sender) -> Iterator[list[int]]:
    """A worker dies at a random moment after every few uploads; gives the list of the dead."""
    over, dead = threading.Event(), []
    dice = random.Random(7)

    def kill() -> None:
        reached = 0
        while not over.wait(dice.uniform(0.01, 0.12)):
            if len(sender.acknowledged) < reached + BETWEEN_KILLS:
                continue
            reached = len(sender.acknowledged)
            if alive := workers_of(sender.site.pid):
                victim = dice.choice(alive)
                os.kill(victim, signal.SIGKILL)
                dead.append(victim)

    thread = threading.Thread(target=kill)
    thread.start()
    try:
        yield dead
    finally:
        over.set()
        thread.join()


@pytest.mark.parametrize("uploads", [40, pytest.param(500, marks=pytest.mark.long)])
def test_a_killed_worker_leaves_no_row_without_its_file(sqlite: Database, uploads: int) -> None:
    office = Office(sqlite)
    office.run_until(office.start(), "Task_4a")
    with serving_app(sqlite, "--workers", "2", "--preload") as site:  # loaded once: a killed worker is back at once
        sender = Sender(site, str(office.task("Task_4a").id))
        sender.sign_in()
        with killing(sender) as dead, ThreadPoolExecutor(UPLOADERS) as pool:
            list(pool.map(sender.send, range(uploads)))
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
