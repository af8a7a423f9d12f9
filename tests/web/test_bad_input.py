"""Whatever is posted: a clear sentence, nothing stored, what was typed still there, never a 500."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from flask import Flask

from app import create_app
from app.models import Event, Incident, InstanceState, Task
from tests.support.client import Client
from tests.support.office import PDF, Office


@pytest.fixture
def office(small_office: Office) -> Office:
    case = small_office.start()
    small_office.run_until(case, "Task_4b")
    return small_office


@pytest.fixture
def app(office: Office) -> Iterator[Flask]:
    app = create_app(office.database.settings)
    yield app
    app.extensions["alur"].database.dispose()


@pytest.fixture
def kabag(app: Flask) -> Client:
    return Client(app, "kabag")


def path_of(office: Office, element: str = "Task_4b") -> str:
    return f"/tugas/{office.task(element).id}"


def stored(office: Office) -> tuple[int, int]:
    """(revision of the case, events)."""
    return office.instance(1).revision, len(office.events(1))


REFUSED: dict[str, tuple[dict[str, object], int, str]] = {
    "nothing": ({}, 422, "Keputusan"),
    "neither ya nor tidak": ({"keputusan_kabag": "mungkin"}, 422, "Keputusan"),
    "two decisions": ({"keputusan_kabag": ["ya", "tidak"]}, 422, "Keputusan"),
    "tidak without a note": ({"keputusan_kabag": "tidak"}, 422, "Catatan perbaikan"),
    "a field of nobody": ({"keputusan_kabag": "ya", "typename": "x"}, 422, "typename"),
    "a builtin": ({"keputusan_kabag": "ya", "__builtins__": "x"}, 422, "__builtins__"),
    "a variable of another gateway": ({"keputusan_kabag": "ya", "keputusan_sekda": "ya"}, 422, "keputusan_sekda"),
    "a note of a megabyte": ({"keputusan_kabag": "tidak", "catatan_kabag": "a" * 1_000_000}, 422, "Catatan"),
    "control characters": ({"keputusan_kabag": "tidak", "catatan_kabag": "a\x00b"}, 422, "Catatan"),
    "no token": ({"keputusan_kabag": "ya", "token": ""}, 400, "Muat ulang"),
    "a foreign token": ({"keputusan_kabag": "ya", "token": "' or 1=1"}, 400, "Muat ulang"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_bad_answers_are_refused_with_a_sentence(office: Office, kabag: Client, name: str) -> None:
    data, status, sentence = REFUSED[name]
    before = stored(office)
    answer = kabag.post(path_of(office), data)
    assert (answer.status_code, sentence in answer.text) == (status, True), answer.text[:3000]
    assert stored(office) == before


def test_what_was_typed_is_still_there(office: Office, kabag: Client) -> None:
    answer = kabag.post(path_of(office), {"catatan_kabag": "Catatan yang panjang dan <b>penting</b>."})
    assert "Catatan yang panjang dan &lt;b&gt;penting&lt;/b&gt;." in answer.text


def test_a_conflict_keeps_what_was_typed(office: Office, kabag: Client) -> None:
    path = path_of(office)
    office.do(1, "Task_4b")
    answer = kabag.post(path, {"keputusan_kabag": "tidak", "catatan_kabag": "Jangan hilang."})
    assert answer.status_code == 409 and "sudah diselesaikan oleh Dra. Nurhayati" in answer.text and "Jangan hilang." in answer.text


def test_a_task_of_another_lane_names_the_lane(office: Office, app: Flask) -> None:
    answer = Client(app, "kasubbag").post(path_of(office), {"keputusan_kabag": "ya"})
    assert answer.status_code == 403 and "Tugas ini hanya untuk Kabag Organisasi" in answer.text


def test_an_earlier_task_of_the_case_is_refused(office: Office, app: Flask) -> None:
    done = next(task for task in office.rows(1) if task.element == "Task_4a")
    before = stored(office)
    assert Client(app, "kasubbag").post(f"/tugas/{done.id}", {"hal_surat": "x"}).status_code in (409, 422)
    assert stored(office) == before


@pytest.mark.parametrize(
    "path", ["/tugas/bukan-uuid", "/tugas/00000000-0000-0000-0000-000000000000", "/pelaksanaan/abc", "/berkas/x", "/mulai/tiada"]
)
def test_absent_things_are_404(kabag: Client, path: str) -> None:
    assert kabag.get(path).status_code == 404


@pytest.mark.parametrize(
    "query",
    ["?hal=0", "?hal=-1", "?hal=x", "?hal=99999999999999999999", "?kotak=x", "?cari=%00", "?cari=%25'\"", "?perbaikan=x", "?keadaan=x"],
)
def test_odd_queries_still_show_a_page(kabag: Client, query: str) -> None:
    for path in ("/tugas", "/pelaksanaan", "/pelaksanaan/1"):
        assert kabag.get(path + query).status_code == 200, path


@pytest.mark.parametrize(
    "query", ["?langkah=0", "?langkah=-1", "?langkah=x", "?langkah=99999", "?langkah=99999999", "?perbaikan=9&langkah=1", "?hal=99"]
)
def test_odd_steps_still_show_the_path(app: Flask, query: str) -> None:
    auditor = Client(app, "auditor")
    assert auditor.get(f"/pemeriksaan/1/jalur{query}").status_code == 200
    assert auditor.get(f"/pemeriksaan/1/jalur/langkah.json{query}").status_code == 200


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("konsep.exe", b"MZ", "tidak diterima"),
        ("konsep.pdf", b"", "kosong"),
        ("konsep.pdf", b"<html><script>alert(1)</script>", "bukan PDF"),
        ("konsep.pdf.html", b"<html>", "tidak diterima"),
        ("../../etc/passwd", b"root", "tidak diterima"),
        ("konsep.pdf", b"%PDF-1.4" + b"a" * (26 * 1_048_576), "melebihi 25 MB"),
    ],
)
def test_files_that_are_not_kept(office: Office, app: Flask, name: str, content: bytes, sentence: str) -> None:
    office.do(1, "Task_4b", "tidak")
    before = stored(office)
    client = Client(app, "kasubbag")
    answers = {"hal_surat": "x", "batas_waktu_opd": "2031-01-01", "daftar_opd": ["setda"]}
    parts = {"csrf_token": client.csrf(), "token": "a" * 32, **answers, "konsep_surat": (io.BytesIO(content), name)}
    answer = client.send(path_of(office, "Task_4a"), parts)
    assert answer.status_code == 422 and sentence in answer.text
    assert stored(office) == before
    # The one file that belongs to the case is still the only one in the storage.
    assert len(office.storage.list_keys()) == len(
        [row for row in office.rows(1) if row.element in ("Start_1", "Task_4a") and row.state == "done"]
    )


def test_a_file_of_a_refused_form_is_not_lost(office: Office, app: Flask) -> None:
    office.do(1, "Task_4b", "tidak")
    client, path = Client(app, "kasubbag"), path_of(office, "Task_4a")
    parts = {"csrf_token": client.csrf(), "token": "b" * 32}
    refused = client.send(path, {**parts, "konsep_surat": (io.BytesIO(PDF), "Konsep.pdf")})
    assert refused.status_code == 422 and "Konsep.pdf" in refused.text
    answers = {"hal_surat": "x", "batas_waktu_opd": "2031-01-01", "daftar_opd": ["setda"]}
    accepted = client.send(path, {**parts, **answers})
    assert accepted.status_code == 303, accepted.text


def test_a_rotten_state_is_an_incident_of_that_case_alone(office: Office, app: Flask, kabag: Client) -> None:
    other = office.start(tahun=2026)
    with office.database.transaction() as session:
        state = session.get_one(InstanceState, 1)
        state.blob = state.blob[:-1] + bytes([state.blob[-1] ^ 1])
    answer = kabag.post(path_of(office), {"keputusan_kabag": "ya"})
    assert answer.status_code == 500 and "Data Anda tidak berubah" in answer.text and "K-1001" in answer.text
    assert "Segel" not in answer.text and "Traceback" not in answer.text
    with office.database.reading() as session:
        incident = session.get_one(Incident, 1)
        assert (incident.instance_id, "Segel" in incident.message) == (1, True)
    assert kabag.get("/pelaksanaan").status_code == 200
    office.finish(other)
    assert office.instance(other).state == "finished"


@pytest.mark.parametrize(
    "query",
    [
        "?hal=0", "?hal=99999999999999999999", "?tahun=x", "?tahun=%D9%A2%D9%A0%D9%A2%D9%A5", "?keadaan=x", "?sop=%00", "?opd=%25",
        "?orang=%25'\"\\", "?cari=_%25", "?terlambat=x", "?jenis=x", "?periksa=2", "?sop=x&tahun=2025&keadaan=running&opd=setda&naskah=1",
    ],
)  # fmt: skip
def test_odd_queries_still_show_the_auditors_pages(app: Flask, query: str) -> None:
    auditor = Client(app, "auditor")
    for path in ("", "/1", "/1/baris", "/1/linimasa", "/1/berkas", "/1/keutuhan", "/ekspor.csv", "/ekspor.xes"):
        assert auditor.get(f"/pemeriksaan{path}{query}").status_code == 200, path


def test_the_auditors_pages_open_when_the_trail_is_spoiled(office: Office, app: Flask) -> None:
    with office.database.transaction() as session:
        session.get_one(Event, (1, 3)).data = "bukan json"
        session.get_one(Event, (1, 4)).data = '{"element":"Task_2","round":"dua","flows":[[1]],"task":"x","undone":5,"items":{},"item":[]}'
        session.get_one(Event, (1, 6)).data = "[1]"
        session.get_one(Event, (1, 5)).kind = "tak_dikenal"
    auditor = Client(app, "auditor")
    for path in ("", "/1", "/1/baris", "/1/linimasa", "/1/berkas", "/1/keutuhan?periksa=1", "/1/peristiwa.csv", "/1/peristiwa.xes"):
        page = auditor.get(f"/pemeriksaan{path}")
        assert page.status_code == 200, path
    assert "Peristiwa ke-3" in auditor.get("/pemeriksaan/1/keutuhan?periksa=1").text
    assert auditor.get("/pelaksanaan/1").status_code == 200


HOSTILE = '"><script>alert(1)</script>'


def test_hostile_text_is_shown_as_text(office: Office, app: Flask, kabag: Client) -> None:
    with office.database.transaction() as session:
        task = session.get_one(Task, office.task("Task_4b").id)
        task.name, task.lane = HOSTILE, HOSTILE
        session.get_one(Event, (1, 1))
    for path in (path_of(office), "/tugas", "/pelaksanaan", "/pelaksanaan/1"):
        page = kabag.get(path)
        assert page.status_code == 200 and "<script>alert" not in page.text, path
    auditor = Client(app, "auditor")
    for path in ("", "/1", "/1/baris", "/1/linimasa", "/1/berkas", "/1/keutuhan", f"?orang={HOSTILE}&cari={HOSTILE}"):
        page = auditor.get(f"/pemeriksaan{path}")
        assert page.status_code == 200 and "<script>alert" not in page.text, path
