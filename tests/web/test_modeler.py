"""What Camunda Modeler 5 sends, byte for byte, to a server on loopback, and what it makes of the answers.

Its `CamundaAPI.js`, `RestAPI.js` and `DeploymentTool.js` are followed here by hand: FormData becomes the bytes
that Chromium writes (compared once with a real one's), and `ok`, `code`, `problems` are what its dialog goes by.
"""

from __future__ import annotations

import base64
import http.client
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest

from app.db import Database
from tests.support.office import PASSWORD, SOP, Office
from tests.support.rest import ANSWERS, DRAWING, OPENING_FORM, changed, form_file, make_token, without_files
from tests.support.site import serving_app

BOUNDARY = "----WebKitFormBoundaryJu876APk1AkxAxQG"
WINDOW = {
    "Connection": "keep-alive",
    "Origin": "file://",
    "Sec-Fetch-Dest": "empty",
    "Sec-Fetch-Mode": "cors",
    "Sec-Fetch-Site": "cross-site",
    "User-Agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) camunda-modeler/5.0.0 "
    "Chrome/130.0.0.0 Electron/33.0.0 Safari/537.36",
    "Accept-Encoding": "gzip, deflate, br, zstd",
    "Accept-Language": "id",
}
CODES = {401: "UNAUTHORIZED", 403: "FORBIDDEN", 404: "NOT_FOUND", 500: "INTERNAL_SERVER_ERROR", 503: "UNAVAILABLE_ERROR"}
PARSE_ERROR_PREFIX = "ENGINE-09005 Could not parse BPMN process."


@dataclass(frozen=True)
class Attachment:
    name: str
    contents: bytes


@dataclass(frozen=True)
class Answer:
    status: int
    body: Any

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def code(self) -> str:
        """As `getCamundaErrorCode`, then `getResponseErrorCode`."""
        message = self.body.get("message") if isinstance(self.body, dict) else None
        return "DIAGRAM_PARSE_ERROR" if message and message.startswith(PARSE_ERROR_PREFIX) else CODES.get(self.status, "CONNECTION_FAILED")

    @property
    def problems(self) -> str:
        """What its log shows."""
        return str(self.body["message"])


@dataclass(frozen=True)
class Modeler:
    """endpoint: as typed in the dialog; one may also type the address of deploying itself (`normalizeBaseURL`)."""

    endpoint: str
    username: str = ""
    password: str = ""
    token: str = ""

    def check_connection(self) -> Answer:
        return self._fetch("/deployment?maxResults=0")

    def get_version(self) -> Answer:
        return self._fetch("/version")

    def deploy(self, file: str, contents: bytes, name: str, attachments: Sequence[Attachment] = ()) -> Answer:
        parts = [_text("deployment-name", name), _text("deployment-source", "Camunda Modeler"), _text("enable-duplicate-filtering", "true")]
        parts += [_file(file, contents, "text/xml"), *(_file(one.name, one.contents, "application/octet-stream") for one in attachments)]
        body = b"".join(b"--" + BOUNDARY.encode() + b"\r\n" + part for part in parts) + f"--{BOUNDARY}--\r\n".encode()
        return self._fetch("/deployment/create", body, f"multipart/form-data; boundary={BOUNDARY}")

    def start(self, definition: Mapping[str, Any], business_key: str, variables: Mapping[str, object]) -> Answer:
        body = json.dumps({"businessKey": business_key, "variables": variables}, separators=(",", ":"), ensure_ascii=False).encode()
        return self._fetch(f"/process-definition/{definition['id']}/start", body, "application/json")

    def _fetch(self, path: str, body: bytes | None = None, content_type: str = "") -> Answer:
        address = urlsplit(self.endpoint.replace("/deployment/create", ""))
        connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=5)  # it gives up after five seconds
        headers = {**WINDOW, "accept": "application/json", **self._authorization()}
        if content_type:
            headers["Content-Type"] = content_type
        try:
            connection.request("GET" if body is None else "POST", f"{address.path}{path}", body, headers)
            response = connection.getresponse()
            return Answer(response.status, json.loads(response.read()))
        finally:
            connection.close()

    def _authorization(self) -> dict[str, str]:
        if self.token:
            return {"authorization": f"Bearer {self.token}"}
        if self.username and self.password:
            return {"authorization": "Basic " + base64.b64encode(f"{self.username}:{self.password}".encode("latin-1")).decode()}
        return {}


def _text(name: str, value: str) -> bytes:
    return f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()


def _file(name: str, contents: bytes, kind: str) -> bytes:
    """Chromium writes names as UTF-8, a quotation mark as %22."""
    quoted = name.replace('"', "%22")
    return (
        f'Content-Disposition: form-data; name="{quoted}"; filename="{quoted}"\r\nContent-Type: {kind}\r\n\r\n'.encode()
        + contents
        + b"\r\n"
    )


@pytest.fixture
def endpoint(sqlite: Database) -> Iterator[str]:
    with serving_app(sqlite) as site:
        yield f"{site.url}/engine-rest"


def test_an_analyst_deploys_and_tu_starts_from_the_modeler(sqlite: Database, endpoint: str) -> None:
    office = Office(sqlite)
    # The dialog opens: it asks without credentials first, to see whether any are wanted.
    assert Modeler(endpoint).check_connection().code == "UNAUTHORIZED"
    wrong = Modeler(endpoint, "analis", "salah-sekali-ini")
    assert wrong.check_connection().code == wrong.deploy("x.bpmn", DRAWING, "x").code == "UNAUTHORIZED"

    analyst = Modeler(endpoint, "analis", PASSWORD)
    assert analyst.check_connection() == Answer(200, [])
    assert analyst.get_version() == Answer(200, {"version": "7.24.0"})
    attached = Attachment("sm01 tanpa berkas.form", without_files(form_file(OPENING_FORM)))
    deployed = analyst.deploy("SOP 02 – Laporan.bpmn", changed(), "Perbaikan “batas waktu”", [attached])
    assert deployed.ok, deployed
    definition = list(deployed.body["deployedProcessDefinitions"].values())[0]  # noqa: RUF015 - as its source has it
    found = office.definition()
    assert (found.version, found.file, found.source, found.note) == (
        2,
        "SOP 02 – Laporan.bpmn",
        "Camunda Modeler",
        "Perbaikan “batas waktu”",
    )

    refused = analyst.deploy("SOP 02.bpmn", DRAWING.replace(b'formRef="ag02"', b'formRef="belum_ada"'), "Salah")
    assert (refused.code, refused.status) == ("DIAGRAM_PARSE_ERROR", 400)
    assert "Formulir “belum_ada.form” untuk “Mengagendakan dan memilah surat masuk” tidak ada" in refused.problems
    assert analyst.start(definition, "default", ANSWERS).code == "FORBIDDEN"  # the SOP is begun by others

    tu = Modeler(f"{endpoint}/deployment/create", token=make_token(office, "tu"))
    assert tu.deploy("x.bpmn", changed(), "x").code == "FORBIDDEN"
    started = tu.start(definition, "default", ANSWERS)
    assert started.ok and office.instance(int(started.body["id"])).business_key == f"{SOP}:2031"
