"""Drawings and forms that an analyst brings in on purpose or by accident: never a fault, never minutes of work in a page's own process."""

from __future__ import annotations

import io
import json
import time
import zipfile

import pytest
from flask import Flask

from app import create_app, definitions
from app.config import ROOT
from tests.support.client import Client
from tests.support.office import SOP, Office
from tests.web.conftest import words
from tests.web.test_bench import send

HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="D" targetNamespace="x"><bpmn:process id="p">'
    '<bpmn:laneSet id="L">{lanes}</bpmn:laneSet>{body}</bpmn:process></bpmn:definitions>'
)


@pytest.fixture
def analyst(app: Flask) -> Client:
    return Client(app, "analis")


@pytest.fixture
def draft(small_office: Office) -> int:
    with small_office.database.transaction() as session:
        return definitions.begin_draft(session, small_office.actor("analis"), definitions.latest(session, SOP)).id


def tangle(tasks: int, lanes: int) -> str:
    """Every step leads to one far away, in another lane."""
    rows = "".join(
        f'<bpmn:lane id="l{lane}">'
        + "".join(f"<bpmn:flowNodeRef>t{step}</bpmn:flowNodeRef>" for step in range(tasks) if step % lanes == lane)
        + "</bpmn:lane>"
        for lane in range(lanes)
    )
    steps = "".join(f'<bpmn:task id="t{step}"/>' for step in range(tasks))
    ways = "".join(f'<bpmn:sequenceFlow id="f{i}" sourceRef="t{i}" targetRef="t{(i * 7 + 31) % tasks}"/>' for i in range(tasks))
    return HEAD.format(lanes=rows, body=steps + ways)


def test_tidying_a_flow_from_a_document_is_refused_in_words(analyst: Client, draft: int) -> None:
    body = '<bpmn:dataObjectReference id="d"/><bpmn:task id="t"/><bpmn:sequenceFlow id="f" sourceRef="d" targetRef="t"/>'
    told = send(analyst, f"/rancangan/{draft}/rapikan", {"xml": HEAD.format(lanes="", body=body)})
    assert told.status_code == 400 and "belum dapat dirapikan" in told.json["problem"]


def test_tidying_a_tangle_gives_up_within_seconds(analyst: Client, draft: int) -> None:
    begun = time.process_time()
    told = send(analyst, f"/rancangan/{draft}/rapikan", {"xml": tangle(150, 150)})
    assert told.status_code == 400 and "belum dapat dirapikan" in told.json["problem"]
    assert time.process_time() - begun < 20


@pytest.mark.parametrize("body", ["".join(f'<bpmn:lane id="l{n}"/>' for n in range(301)), "flows"])
def test_tidying_counts_lanes_and_flows_too(analyst: Client, draft: int, body: str) -> None:
    step = '<bpmn:task id="t"/>'
    ways = "".join(f'<bpmn:sequenceFlow id="f{n}" sourceRef="t" targetRef="t"/>' for n in range(602))
    xml = HEAD.format(lanes="", body=step + ways) if body == "flows" else HEAD.format(lanes=body, body=step)
    told = send(analyst, f"/rancangan/{draft}/rapikan", {"xml": xml})
    assert told.status_code == 400 and "tidak dirapikan di sini" in told.json["problem"]


def packed(name: str, content: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return target.getvalue()


def test_several_zips_together_unpack_to_no_more_than_one(analyst: Client) -> None:
    half = packed("besar.form", b"0" * (6 * 1024 * 1024))
    parts = {"csrf_token": analyst.csrf("/diagram"), "berkas": [(io.BytesIO(half), f"{n}.zip") for n in range(2)]}
    answer = analyst.send("/rancangan/unggah", parts)
    assert answer.status_code == 422 and "lebih besar dari 10 MB" in words(answer)


@pytest.mark.parametrize("key", ["a&#10;b", "a&quot;b", "プロセス"])
def test_a_draft_is_downloaded_whatever_its_process_is_called(analyst: Client, key: str) -> None:
    bpmn = (ROOT / "bpmn" / f"{SOP}.bpmn").read_bytes().replace(SOP.encode(), key.encode())
    parts = {"csrf_token": analyst.csrf("/diagram"), "berkas": [(io.BytesIO(bpmn), "a.bpmn")]}
    answer = analyst.get(f"{analyst.send('/rancangan/unggah', parts).location}/unduh")
    assert answer.status_code == 200
    named = answer.headers["Content-Disposition"]
    assert named.isascii() and named.startswith("attachment; filename") and named.isprintable()


def test_a_text_of_a_form_has_a_length(analyst: Client, draft: int) -> None:
    deep = {"type": "html", "id": "T", "content": "<div>" * 50_000}
    schema = json.dumps({"id": "x", "type": "default", "components": [deep]})
    begun = time.process_time()
    told = send(analyst, f"/rancangan/{draft}/formulir/x/pratinjau", {"schema": schema}).json
    assert told["html"] == "" and "Blok teks" in told["findings"][0]["message"]
    assert time.process_time() - begun < 1


def test_a_form_id_with_a_zero_byte_is_nobodys(office: Office) -> None:
    """PostgreSQL does not even take the question."""
    app = create_app(office.database.settings)
    analyst = Client(app, "analis")
    with office.database.transaction() as session:
        draft = definitions.begin_draft(session, office.actor("analis"), definitions.latest(session, SOP)).id
    assert analyst.get(f"/rancangan/{draft}/formulir/a%00b.json").status_code == 404
    assert analyst.get(f"/rancangan/{draft}/formulir/a%00b").status_code == 404
    saved = send(analyst, f"/rancangan/{draft}/formulir/%00", {"schema": '{"components": []}', "revision": 0})
    app.extensions["alur"].database.dispose()
    assert saved.status_code == 422


def test_a_form_with_an_endless_id_is_refused_in_words(office: Office) -> None:
    """PostgreSQL keeps 100 letters of it."""
    app = create_app(office.database.settings)
    analyst, name = Client(app, "analis"), "f" * 110
    bpmn = (ROOT / "bpmn" / f"{SOP}.bpmn").read_bytes().replace(b'formRef="pf04"', f'formRef="{name}"'.encode())
    files = [(io.BytesIO(bpmn), "a.bpmn"), (io.BytesIO((ROOT / "forms" / "pf04.form").read_bytes()), f"{name}.form")]
    answer = analyst.send("/rancangan/unggah", {"csrf_token": analyst.csrf("/diagram"), "berkas": files})
    app.extensions["alur"].database.dispose()
    assert answer.status_code == 422 and "terlalu panjang" in words(answer)
