"""Gangguan and Perbaiki pelaksanaan: what the admin sees and does, what staff are told meanwhile."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from app import incidents
from app.models import Event, Incident, Instance, InstanceState
from tests.support.office import Office
from tests.web.conftest import Person, words

People = Callable[[str], Person]
REASON = "alasan-perbaikan"
UNITS = ["dinas_kesehatan", "dinas_pendidikan"]


@pytest.fixture
def rotten(small_office: Office, case: int, people: People) -> int:
    """A case whose state somebody has spoiled, and Kabag has pressed the button."""
    small_office.run_until(case, "Task_4b")
    with small_office.database.transaction() as session:
        state = session.get_one(InstanceState, case)
        state.blob = state.blob[:-1] + bytes([state.blob[-1] ^ 1])
    kabag, path = people("kabag"), f"/tugas/{small_office.task('Task_4b').id}"
    kabag.get(path)
    answer = kabag.post(path, {"keputusan_kabag": "ya"})
    assert answer.status_code == 500 and "Sebutkan nomor K-1001 kepada admin" in words(answer)
    return case


def kinds(office: Office, case: int) -> list[str]:
    return [event.kind for event in office.events(case)]


def test_staff_read_that_it_is_held_up_and_their_data_are_as_they_were(small_office: Office, rotten: int, people: People) -> None:
    told = "Pelaksanaan ini tertunda karena kendala K-1001; data Anda tidak berubah"
    kabag = people("kabag")
    task = f"/tugas/{small_office.task('Task_4b').id}"
    assert told in words(kabag.get(task)) and told in words(kabag.get(f"/pelaksanaan/{rotten}"))
    assert "Perbaiki pelaksanaan" not in kabag.get(f"/pelaksanaan/{rotten}").text
    again = kabag.post(task, {"keputusan_kabag": "ya", "token": "0" * 32})
    assert again.status_code == 409 and told in words(again)
    for page in ("/tugas", "/pelaksanaan", "/pantauan"):
        assert kabag.get(page).status_code == 200


def test_the_admin_finds_it_tries_again_and_reads_why_not(rotten: int, people: People) -> None:
    admin = people("admin")
    page = admin.get("/gangguan")
    assert "K-1001: LAKIP 2025 Ada gangguan" in words(page) and "Segel keadaan mesin tidak cocok" in words(page)
    assert "pada “Memeriksa" not in words(page)  # the seal is of no step
    answer = admin.post(f"/pelaksanaan/{rotten}/perbaiki/coba-lagi")
    assert answer.status_code == 409 and "belum dapat dilanjutkan" in words(answer)


def test_beginning_again_brings_it_to_life_and_the_incident_stays_on_record(small_office: Office, rotten: int, people: People) -> None:
    admin = people("admin")
    assert "Mulai lagi dari sini" in words(admin.get(f"/pelaksanaan/{rotten}/perbaiki"))
    page = admin.get(f"/pelaksanaan/{rotten}/perbaiki/mulai-lagi?langkah=Task_4b")
    assert "1 tugas yang terbuka tidak berlaku lagi" in words(page)
    revision = small_office.instance(rotten).revision
    given = {"langkah": "Task_4b", "revisi": revision, REASON: "Keadaan mesin rusak.", "daftar_opd": UNITS, "batas_waktu_opd": "2031-03-12"}
    answer = admin.post(f"/pelaksanaan/{rotten}/perbaiki/mulai-lagi", given)
    assert answer.status_code == 303
    page = admin.get(f"/pelaksanaan/{rotten}")
    assert "Dimulai lagi dari satu langkah" in words(page) and "alasan: “Keadaan mesin rusak.”" in words(page)
    assert "Tidak ada gangguan" in words(admin.get("/gangguan"))
    assert "K-1001" in words(admin.get("/gangguan?keadaan=selesai")) and "Yusuf Ramadhan: Dimulai lagi" in words(
        admin.get("/gangguan?keadaan=selesai")
    )
    kabag = people("kabag")
    task = kabag.get(f"/tugas/{small_office.task('Task_4b').id}")
    assert "Yang perlu Anda lakukan" in words(task) and "Dimulai lagi dari satu langkah" in words(task)
    small_office.finish(rotten)


def test_nothing_is_done_when_something_has_happened_since(small_office: Office, case: int, people: People) -> None:
    admin = people("admin")
    admin.get(f"/pelaksanaan/{case}/perbaiki/batalkan")
    revision = small_office.instance(case).revision
    small_office.do(case, "Task_2")
    answer = admin.post(f"/pelaksanaan/{case}/perbaiki/batalkan", {"revisi": revision, REASON: "Dicabut."})
    assert answer.status_code == 409 and "berubah sejak" in words(answer) and "Dicabut." in answer.text
    assert small_office.instance(case).state == "running"


def test_without_a_reason_the_page_comes_back_with_all_that_was_typed(small_office: Office, case: int, people: People) -> None:
    admin = people("admin")
    admin.get(f"/pelaksanaan/{case}/perbaiki/mulai-lagi?langkah=Task_7b")
    given = {
        "langkah": "Task_7b",
        "revisi": small_office.instance(case).revision,
        REASON: " ",
        "daftar_opd": UNITS,
        "batas_waktu_opd": "besok",
    }
    answer = admin.post(f"/pelaksanaan/{case}/perbaiki/mulai-lagi", given)
    assert answer.status_code == 422 and "Alasan belum diisi." in words(answer) and "2 isian perlu diperbaiki" in words(answer)
    assert answer.text.count(" checked") == 2 and 'name="langkah" value="Task_7b"' in answer.text
    assert "restarted" not in kinds(small_office, case)


@pytest.mark.parametrize("deed", ["tangguhkan", "batalkan", "tarik", "tutup"])
def test_each_deed_asks_for_its_reason_and_does_what_it_said(small_office: Office, case: int, people: People, deed: str) -> None:
    small_office.run_until(case, "Task_7b", opd=UNITS)
    admin, base = people("admin"), f"/pelaksanaan/{case}/perbaiki"
    about = {"tugas": str(small_office.task("Task_7b", UNITS[0]).id)} if deed in ("tarik", "tutup") else {}
    assert "Yang akan terjadi" in words(admin.get(f"{base}/{deed}?{'&'.join(f'{key}={value}' for key, value in about.items())}"))
    given = {**about, "revisi": small_office.instance(case).revision}
    assert "Alasan belum diisi." in words(admin.post(f"{base}/{deed}", {**given, REASON: ""}))
    assert admin.post(f"{base}/{deed}", {**given, REASON: "Surat dicabut <b>."}).status_code == 303
    told = {"tangguhkan": "suspended", "batalkan": "cancelled", "tarik": "withdrawn", "tutup": "closed"}[deed]
    assert told in kinds(small_office, case)
    assert "Surat dicabut &lt;b&gt;." in admin.get(f"/pelaksanaan/{case}").text


def test_a_suspended_case_is_told_and_goes_on(small_office: Office, case: int, people: People) -> None:
    admin, tu = people("admin"), people("tu")
    for deed in ("tangguhkan", "lanjutkan"):
        admin.get(f"/pelaksanaan/{case}/perbaiki/{deed}")
        answer = admin.post(f"/pelaksanaan/{case}/perbaiki/{deed}", {"revisi": small_office.instance(case).revision, REASON: "Libur."})
        assert answer.status_code == 303
        page = words(tu.get(f"/tugas/{small_office.task('Task_2').id}"))
        assert ("sedang ditangguhkan oleh admin" in page) is (deed == "tangguhkan")
    assert admin.get(f"/pelaksanaan/{case}/perbaiki/lanjutkan").status_code == 409


@pytest.mark.parametrize(
    "path", ["mulai-lagi", "mulai-lagi?langkah=Gw_4", "mulai-lagi?langkah=%00", "tarik", "tarik?tugas=x", "tutup?tugas=", "hapus", "DROP"]
)
def test_what_is_not_there_is_absent(case: int, people: People, path: str) -> None:
    assert people("admin").get(f"/pelaksanaan/{case}/perbaiki/{path}").status_code == 404


@pytest.mark.parametrize("revision", ["", "x", "-1", "9" * 30, "1.0"])
def test_a_revision_that_is_none_is_refused(case: int, people: People, revision: str) -> None:
    admin = people("admin")
    admin.get(f"/pelaksanaan/{case}/perbaiki/batalkan")
    assert admin.post(f"/pelaksanaan/{case}/perbaiki/batalkan", {"revisi": revision, REASON: "x"}).status_code == 409


def test_a_fault_of_no_case_is_marked_with_what_was_done(small_office: Office, people: People) -> None:
    with small_office.database.transaction() as session:
        incidents.record_incident(session, "KeyError: '/srv/app/rahasia' [SQL: select 1]")
    admin = people("admin")
    page = words(admin.get("/gangguan"))
    assert "Kesalahan tak terduga (KeyError)" in page and "rahasia" not in page and "SQL:" not in page
    refused = admin.post("/gangguan/1/selesai", {"tindakan": " "})
    assert refused.status_code == 422 and "Tindakan belum diisi." in words(refused)
    assert admin.post("/gangguan/1/selesai", {"tindakan": "Aplikasi diperbarui."}).status_code == 303
    assert "Aplikasi diperbarui." in words(admin.get("/gangguan?keadaan=selesai"))
    assert admin.post("/gangguan/1/selesai", {"tindakan": "Lagi."}).status_code == 409


def test_what_holds_a_case_up_is_not_merely_marked(small_office: Office, rotten: int, people: People) -> None:
    admin = people("admin")
    admin.get("/gangguan")
    assert admin.post("/gangguan/1/selesai", {"tindakan": "Biarkan."}).status_code == 409
    with small_office.database.reading() as session:
        assert session.get_one(Incident, 1).resolved_at is None and session.get_one(Instance, rotten).state == "incident"
        assert session.scalar(select(Event.kind).where(Event.instance_id == rotten).order_by(Event.seq.desc()).limit(1)) == "faulted"
