"""Diagram dan Formulir: lists, drafts, saving against somebody else's save, checking, publishing, comparing, suspending."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from app import access, definitions
from app.config import ROOT
from app.models import Definition, DefinitionEvent, DrawingDraft, FormDraft
from tests.support.client import Client
from tests.support.office import SOP, Office
from tests.web.conftest import words


@pytest.fixture
def analyst(app: Flask) -> Client:
    return Client(app, "analis")


@pytest.fixture
def draft(small_office: Office) -> int:
    """A draft of SOP 02, as the analyst began it."""
    office = small_office
    with office.database.transaction() as session:
        return definitions.begin_draft(session, office.actor("analis"), definitions.latest(session, SOP)).id


@pytest.fixture
def other(small_office: Office) -> Callable[..., None]:
    """A second analyst (the admin, given the right) saves in between."""
    from app.models import User

    with small_office.database.transaction() as session:
        session.scalars(select(User).where(User.username == "kabag")).one().is_analyst = True

    def save(draft_id: int, find: bytes, put: bytes) -> None:
        with small_office.database.transaction() as session:
            found = session.get_one(DrawingDraft, draft_id)
            definitions.save_drawing(session, small_office.actor("kabag"), draft_id, found.bpmn.replace(find, put), found.revision)

    return save


def send(client: Client, path: str, body: object) -> TestResponse:
    headers = {"X-CSRFToken": client.csrf("/diagram"), "Accept": "application/json"}
    return client.http.post(path, data=json.dumps(body), content_type="application/json", headers=headers)


def drawing_of(client: Client, draft: int) -> tuple[str, int]:
    answer = client.get(f"/rancangan/{draft}/gambar.bpmn")
    return answer.text, int(answer.headers["X-Revision"])


def test_the_list_names_version_date_and_running_cases(analyst: Client, small_office: Office) -> None:
    small_office.start()
    page = words(analyst.get("/diagram"))
    assert "02 Penyusunan Laporan Akuntabilitas Kinerja" in page and "1 Januari 2018" in page
    assert "Tidak ada rancangan yang terbuka" in page
    assert "1 berjalan" in words(analyst.get(f"/diagram/{SOP}"))


def test_a_version_shows_its_drawing_and_forms(analyst: Client) -> None:
    page = analyst.get(f"/diagram/{SOP}/1")
    assert "<svg" in page.text and "Pemeriksaan konsep surat oleh Kepala Bagian" in words(page)
    assert "Kembalikan untuk diperbaiki" in words(analyst.get(f"/diagram/{SOP}/1/formulir/pf04"))


def test_a_download_is_the_same_every_time_and_comes_back_as_the_same_version(analyst: Client, small_office: Office) -> None:
    first, second = (analyst.get(f"/diagram/{SOP}/1/unduh").data for _ in range(2))
    assert first == second
    bundle = definitions.bundle_from_upload([("kiriman.zip", first)])
    assert bundle.digest == small_office.definition().digest


def test_auditors_and_admins_read_and_nobody_else(app: Flask) -> None:
    assert [Client(app, name).get("/diagram").status_code for name in ("auditor", "admin", "tu", "opd.dinas_kesehatan")] == [
        200,
        200,
        403,
        403,
    ]
    assert "Unggah dan periksa" not in Client(app, "auditor").get("/diagram").text


def test_an_upload_becomes_a_draft_and_deploys_nothing(analyst: Client, small_office: Office) -> None:
    bpmn = (ROOT / "bpmn" / f"{SOP}.bpmn").read_bytes().replace(b"Memberi nomor", b"Memberikan nomor")
    answer = analyst.send("/rancangan/unggah", {"csrf_token": analyst.csrf("/diagram"), "berkas": [(io.BytesIO(bpmn), "baru.bpmn")]})
    assert answer.status_code == 303
    page = words(analyst.get(answer.location))
    assert "Formulir “ag02.form”" in page and "tidak ada; sertakan berkasnya" in page
    assert small_office.definition().version == 1


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ([], "Berkas belum dipilih."),
        ([("surat.pdf", b"%PDF-1.4")], "Berkas “surat.pdf” tidak dikenal."),
        ([("a.form", b"{}")], "memuat 0 diagram"),
        ([("a.bpmn", b"bukan xml")], "bukan XML yang utuh"),
        ([("a.zip", b"PK\x03\x04rusak")], "tidak dapat dibaca"),
        ([("a.bpmn", b'<!DOCTYPE x [<!ENTITY a "b">]><x/>')], "DOCTYPE"),
    ],
)
def test_a_bad_upload_says_what_is_wrong(analyst: Client, files: list[tuple[str, bytes]], sentence: str) -> None:
    parts = {"csrf_token": analyst.csrf("/diagram"), "berkas": [(io.BytesIO(content), name) for name, content in files]}
    answer = analyst.send("/rancangan/unggah", parts)
    assert answer.status_code == 422 and sentence in words(answer)


def test_a_zip_that_unpacks_to_too_much_is_refused(analyst: Client) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bom.bpmn", b"0" * (11 * 1024 * 1024))
    parts = {"csrf_token": analyst.csrf("/diagram"), "berkas": [(io.BytesIO(packed.getvalue()), "bom.zip")]}
    assert "terlalu besar" in words(analyst.send("/rancangan/unggah", parts))


def test_a_save_names_the_revision_it_began_from(analyst: Client, draft: int) -> None:
    xml, revision = drawing_of(analyst, draft)
    answer = send(analyst, f"/rancangan/{draft}/gambar", {"xml": xml.replace("TU Bagian", "Tata Usaha"), "revision": revision})
    assert answer.status_code == 200 and answer.json["revision"] == revision + 1 and "WIB" in answer.json["saved"]
    assert "Tata Usaha" in drawing_of(analyst, draft)[0]


def test_a_save_after_somebody_elses_is_refused_with_who_and_when(analyst: Client, draft: int, other: Callable[..., None]) -> None:
    xml, revision = drawing_of(analyst, draft)
    other(draft, b"TU Bagian", b"TU Organisasi")
    answer = send(analyst, f"/rancangan/{draft}/gambar", {"xml": xml, "revision": revision})
    assert answer.status_code == 409
    assert answer.json["by"] == "Dra. Nurhayati, M.Si." and answer.json["revision"] == revision + 1
    assert "Salinan Anda tetap di layar ini" in answer.json["problem"]
    copy = send(analyst, f"/rancangan/{draft}/salinan", {"xml": xml})
    assert copy.status_code == 200 and copy.json["address"] != f"/rancangan/{draft}/gambar"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ([], 400), ({}, 400), ({"xml": 1, "revision": 1}, 400), ({"xml": "<x/>", "revision": "1"}, 400),
        ({"xml": "<x/>", "revision": True}, 400),
        ({"xml": "<x/>", "revision": 1}, 422), ({"xml": "\ud800", "revision": 1}, 400),
    ],
)  # fmt: skip
def test_what_no_editor_sends_is_a_sentence_and_never_a_fault(analyst: Client, draft: int, body: object, status: int) -> None:
    answer = send(analyst, f"/rancangan/{draft}/gambar", body)
    assert answer.status_code == status and answer.json["problem"]


def test_without_the_csrf_header_nothing_is_saved(analyst: Client, draft: int) -> None:
    xml, revision = drawing_of(analyst, draft)
    answer = analyst.http.post(
        f"/rancangan/{draft}/gambar", json={"xml": xml, "revision": revision}, headers={"Accept": "application/json"}
    )
    assert answer.status_code == 400 and drawing_of(analyst, draft)[1] == revision


def test_checking_tells_what_is_wrong_with_an_unsaved_drawing(analyst: Client, draft: int) -> None:
    xml, _revision = drawing_of(analyst, draft)
    told = send(analyst, f"/rancangan/{draft}/periksa", {"xml": xml.replace('camunda:formRef="pf04"', 'camunda:formRef="pf99"')}).json
    assert any(one["rule"] == "formulir" and one["element"] == "Task_4b" for one in told["findings"])


def test_tidying_lays_the_drawing_out_anew_and_saves_nothing(analyst: Client, draft: int) -> None:
    xml, revision = drawing_of(analyst, draft)
    told = send(analyst, f"/rancangan/{draft}/rapikan", {"xml": xml})
    assert told.status_code == 200 and told.json["xml"].count("BPMNShape id=") == xml.count("BPMNShape id=")
    assert drawing_of(analyst, draft)[1] == revision


def test_the_pickers_know_the_groups_and_the_forms(analyst: Client, draft: int) -> None:
    told = analyst.get(f"/rancangan/{draft}/pilihan.json").json
    assert {"key": "tu_bagian", "name": "Tata Usaha Bagian Organisasi"} in told["groups"]
    assert {"pf04", "ks04"} <= {form["id"] for form in told["forms"]}


def test_a_form_is_added_saved_previewed_and_removed(analyst: Client, draft: int) -> None:
    answer = analyst.post(f"/rancangan/{draft}/formulir", {"id": "paraf_baru", "judul": "Paraf Kasubbag"})
    assert answer.status_code == 303 and answer.location == f"/rancangan/{draft}/formulir/paraf_baru"
    schema = analyst.get(f"/rancangan/{draft}/formulir/paraf_baru.json")
    form = json.loads(schema.text)
    form["components"] = [{"type": "textfield", "id": "F1", "key": "perihal", "label": "Perihal"}]
    told = send(analyst, f"/rancangan/{draft}/formulir/paraf_baru/pratinjau", {"schema": json.dumps(form)}).json
    assert "Perihal" in told["html"] and told["findings"] == []
    saved = send(analyst, f"/rancangan/{draft}/formulir/paraf_baru", {"schema": json.dumps(form), "revision": 1})
    assert saved.json["revision"] == 2
    stale = send(analyst, f"/rancangan/{draft}/formulir/paraf_baru", {"schema": json.dumps(form), "revision": 1})
    assert stale.status_code == 409
    analyst.post(f"/rancangan/{draft}/formulir/paraf_baru/hapus")
    assert analyst.get(f"/rancangan/{draft}/formulir/paraf_baru.json").status_code == 404


def test_a_preview_names_what_cannot_be_compiled(analyst: Client, draft: int) -> None:
    bad = {"id": "x", "type": "default", "components": [{"type": "iframe", "id": "F1", "url": "https://example.org"}]}
    told = send(analyst, f"/rancangan/{draft}/formulir/x/pratinjau", {"schema": json.dumps(bad)}).json
    assert told["html"] == "" and "Bingkai dari situs lain" in told["findings"][0]["message"]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"id": "4x", "judul": "X"}, "diawali huruf"),
        ({"id": "pf04", "judul": "X"}, "sudah ada"),
        ({"id": "baru", "judul": " "}, "Judul formulir belum diisi"),
    ],
)
def test_a_bad_new_form_is_a_sentence_at_its_field(analyst: Client, draft: int, typed: dict[str, str], sentence: str) -> None:
    answer = analyst.post(f"/rancangan/{draft}/formulir", typed)
    assert answer.status_code == 422 and sentence in words(answer)


def test_publishing_makes_the_next_version_and_the_draft_is_gone(analyst: Client, draft: int, small_office: Office) -> None:
    running = small_office.start()
    xml, revision = drawing_of(analyst, draft)
    send(analyst, f"/rancangan/{draft}/gambar", {"xml": xml.replace('name="TU Bagian"', 'name="Tata Usaha"'), "revision": revision})
    assert "Lane “Tata Usaha”" in words(analyst.get(f"/rancangan/{draft}"))
    assert analyst.post(f"/rancangan/{draft}/terbitkan", {"catatan": ""}).status_code == 422
    answer = analyst.post(f"/rancangan/{draft}/terbitkan", {"catatan": "Nama lane TU diperjelas."})
    assert answer.status_code == 303 and answer.location == f"/diagram/{SOP}/2"
    with small_office.database.reading() as session:
        assert session.scalars(select(DrawingDraft)).all() == [] and session.scalars(select(FormDraft)).all() == []
        newest = definitions.latest(session, SOP)
        deed = session.scalars(select(DefinitionEvent).where(DefinitionEvent.definition_id == newest.id)).one()
    assert (newest.version, newest.note, newest.source) == (2, "Nama lane TU diperjelas.", "Alur")
    assert (deed.deed, deed.actor_id) == ("deployed", small_office.actor("analis").id)
    assert small_office.instance(running).definition_id != newest.id
    assert small_office.instance(small_office.start(tahun=2026)).definition_id == newest.id
    assert "Lane “Tata Usaha” nama TU Bagian Tata Usaha" in words(analyst.get(f"/diagram/{SOP}/bandingkan?dari=1&ke=2"))


def test_a_draft_with_errors_is_not_published(analyst: Client, draft: int, small_office: Office) -> None:
    xml, revision = drawing_of(analyst, draft)
    send(analyst, f"/rancangan/{draft}/gambar", {"xml": xml.replace('camunda:formRef="pf04"', ""), "revision": revision})
    answer = analyst.post(f"/rancangan/{draft}/terbitkan", {"catatan": "Coba"})
    assert answer.status_code == 422 and "belum mempunyai formulir" in words(answer) and "Coba" in answer.text
    assert small_office.definition().version == 1


def test_an_unchanged_draft_is_not_published(analyst: Client, draft: int) -> None:
    answer = analyst.post(f"/rancangan/{draft}/terbitkan", {"catatan": "Tidak ada"})
    assert answer.status_code == 409 and "sama persis dengan versi 1" in words(answer) and "Tidak ada" in words(answer)


def test_a_suspended_version_starts_no_case_and_may_be_used_again(analyst: Client, small_office: Office) -> None:
    running = small_office.start()
    assert analyst.post(f"/diagram/{SOP}/1/tangguhkan", {"alasan": ""}).status_code == 422
    assert analyst.post(f"/diagram/{SOP}/1/tangguhkan", {"alasan": "Menunggu SOP baru"}).status_code == 303
    with small_office.database.reading() as session:
        suspended = session.scalars(select(Definition).where(Definition.key == SOP)).one()
        assert access.may_start(small_office.actor("tu"), definitions.spec_of(suspended).drawing)
        assert SOP not in {found.key for found in definitions.latest_all(session)}
    small_office.do(running, "Task_2")
    assert "Menunggu SOP baru" in words(analyst.get(f"/diagram/{SOP}"))
    again = analyst.post(f"/diagram/{SOP}/1/tangguhkan", {"alasan": "Menunggu keputusan Sekda"})
    assert again.status_code == 409 and "Menunggu keputusan Sekda" in words(again)
    assert analyst.post(f"/diagram/{SOP}/1/pakai-lagi", {"alasan": "Tetap dipakai"}).status_code == 303
    assert small_office.definition().version == 1


def test_a_new_sop_begins_from_a_skeleton_that_passes_every_check(analyst: Client, small_office: Office) -> None:
    assert analyst.post("/rancangan/baru", {"nama": "", "grup": "opd"}).status_code == 422
    answer = analyst.post("/rancangan/baru", {"nama": "Penanganan Pengaduan", "grup": "tu_bagian"})
    page = words(analyst.get(answer.location))
    assert "Penanganan Pengaduan" in page and "SOP baru" in page and "kesalahan, " not in page.replace("0 kesalahan, ", "")
    published = analyst.post(f"{answer.location}/terbitkan", {"catatan": "Terbit pertama"})
    assert published.location == "/diagram/sop_penanganan_pengaduan/1"


def test_discarding_a_draft_leaves_the_versions(analyst: Client, draft: int, small_office: Office) -> None:
    assert analyst.post(f"/rancangan/{draft}/hapus").status_code == 303
    assert analyst.get(f"/rancangan/{draft}").status_code == 404
    assert small_office.definition().version == 1
