"""A program at /engine-rest: every request with its own header, no cookie, no form token."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from flask import Flask
from werkzeug.test import TestResponse

from app import accounts
from app.config import ROOT
from tests.support.office import PASSWORD, SOP, Office

Files = Mapping[str, bytes]  # {file name: content}
DRAWING = (ROOT / "bpmn" / f"{SOP}.bpmn").read_bytes()
OPENING_FORM = "sm01"
ANSWERS: Mapping[str, Mapping[str, object]] = {
    "asal_surat": {"value": "Kementerian PANRB", "type": "String"},
    "nomor_surat": {"value": "B/12/M.AA/2026", "type": "String"},
    "tanggal_surat": {"value": "2026-01-05T00:00:00.000+0700", "type": "Date"},
    "hal": {"value": "Penyampaian Laporan Kinerja", "type": "String"},
    "tahun": {"value": 2031, "type": "Integer"},
}


def basic(username: str, secret: str = PASSWORD) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{username}:{secret}".encode()).decode()}


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def form_file(form_id: str) -> bytes:
    return (ROOT / "forms" / f"{form_id}.form").read_bytes()


def without_files(form: bytes) -> bytes:
    """The opening form without its file: what a program can fill in."""
    import json

    found = json.loads(form)
    found["components"] = [one for one in found["components"] if one["type"] != "filepicker"]
    return json.dumps(found).encode()


def changed(drawing: bytes = DRAWING) -> bytes:
    """The same SOP with another word in it: a new version."""
    return drawing.replace(b'name="', b'name="' + uuid4().hex[:6].encode(), 1)


def make_token(office: Office, username: str, scope: str = "terbit", days: int = 90, name: str = "") -> str:
    with office.database.transaction() as session:
        return accounts.make_token(session, office.actor(username), name or uuid4().hex, scope, str(days), PASSWORD, "127.0.0.1")


@dataclass
class Program:
    """headers: its credentials."""

    app: Flask
    headers: Mapping[str, str]

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.app.test_client().get(f"/engine-rest{path}", headers=self.headers, **more)

    def json(self, path: str) -> Any:
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        return answer.json

    def post(self, path: str, **more: Any) -> TestResponse:
        answer = self.app.test_client().post(f"/engine-rest{path}", headers=self.headers, **more)
        answer.request.environ["wsgi.input"].close()  # a large one lies in a file, which the test client leaves open
        return answer

    def deploy(self, files: Files, **texts: str) -> TestResponse:
        parts = {name: (io.BytesIO(content), name) for name, content in files.items()}
        return self.post("/deployment/create", data={**texts, **parts}, content_type="multipart/form-data")

    def start(self, path: str, variables: Mapping[str, object] = ANSWERS, **more: object) -> TestResponse:
        return self.post(f"/process-definition/{path}/start", json={"variables": variables, **more})
