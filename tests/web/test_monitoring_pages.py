"""A team visits OPD, the OPD respond: what each of them sees of the other on their pages (SOP 01)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import update

from app import clock
from app.audit.evidence import load_evidence
from app.audit.timing import ended_at, passes_of
from app.models import Definition, Instance, Task
from app.worktime import working_days_between
from tests.support.office import PDF, Office

from .conftest import Person, words

People = Callable[[str], Person]
TWO = ("dinas_kesehatan", "dinas_pendidikan")
ADVICE = {"dinas_kesehatan": "Pasang maklumat pelayanan", "dinas_pendidikan": "Tambah loket pengaduan"}
ASPECTS = ("kebijakan", "sdm", "sarana", "informasi", "konsultasi", "inovasi")
SIGNED = [("naskah.pdf", PDF)]


@dataclass
class Monitoring:
    """One case, each step by its own person on its own page."""

    people: People
    office: Office
    case: int = 0

    def page(self, element: str, by: str, item: str | None = None) -> str:
        return words(self.people(by).get(self._url(element, item)))

    def do(self, element: str, by: str, answers: Mapping[str, object], *files: str, item: str | None = None) -> None:
        url, person = self._url(element, item), self.people(by)
        person.get(url)
        answer = person.post(url, answers, dict.fromkeys(files, SIGNED))
        assert answer.status_code == 303, words(answer)

    def begin(self) -> None:
        kasubbag = self.people("kasubbag")
        kasubbag.get("/mulai/sop_01_monev")
        assert kasubbag.post("/mulai/sop_01_monev", {"tahun": "2026"}).status_code == 303
        self.case = 1
        self.do("Task_1", "kabag", {"nomor_keputusan": "120/I/2026", "tanggal_keputusan": "2026-01-12"}, "berkas_keputusan")
        weighed = {f"instrumen.{n}.aspek": aspect for n, aspect in enumerate(ASPECTS, 1)}
        weighed |= {f"instrumen.{n}.bobot": "100" for n, _ in enumerate(ASPECTS, 1)}
        self.do("Task_2", "kasubbag", {"daftar_opd": TWO, **weighed}, "konsep_surat")
        self.do("Task_2k", "kabag", {"keputusan_kabag": "ya"})
        self.do("Task_3", "umum", {"nomor_surat_keluar": "061/57", "tanggal_surat_keluar": "2026-02-02"}, "berkas_final")

    def visit(self) -> None:
        for opd in TWO:
            scored = {}
            for number, aspect in enumerate(ASPECTS, 1):
                scored |= {f"penilaian.{number}.{key}": text for key, text in (("aspek", aspect), ("bobot", "100"), ("skor", "4,25"))}
            advice = {"tanggal_kunjungan": "2026-03-12", "rekomendasi.1.rekomendasi": ADVICE[opd]}
            self.do("Task_4", "monitoring", {**scored, **advice}, item=opd)

    def report(self) -> None:
        decree = {"nomor_keputusan_sekda": "57", "tanggal_keputusan_sekda": "2026-04-01", "keputusan_penetapan": "ya"}
        self.do("Task_5", "kasubbag", decree, "berkas_keputusan_sekda")
        asked = {"tanggal_lapor": "2026-04-02", "batas_waktu_tindak_lanjut": "2031-05-01", "daftar_tindak_lanjut": TWO}
        self.do("Task_6", "kasubbag", asked, "berkas_laporan")

    def _url(self, element: str, item: str | None) -> str:
        return f"/tugas/{self.office.task(element, item, self.case).id}"


@pytest.fixture
def monitoring(people: People, small_office: Office) -> Monitoring:
    found = Monitoring(people, small_office)
    found.begin()
    return found


def test_a_visit_is_measured_by_the_norm_of_its_row(monitoring: Monitoring) -> None:
    page = monitoring.page("Task_4", "monitoring", "dinas_kesehatan")
    assert "Dinas Kesehatan" in page and "Waktu 30 hari kerja" in page


def test_the_recap_is_there_when_the_visits_are_done(monitoring: Monitoring) -> None:
    monitoring.visit()
    page = monitoring.people("kasubbag").get(monitoring._url("Task_5", None)).text
    assert page.count('value="4,25"') == len(TWO)


def test_an_opd_reads_its_own_advice_and_nothing_else_of_the_visits(monitoring: Monitoring) -> None:
    monitoring.visit()
    monitoring.report()
    page = monitoring.page("Task_6t", "opd.dinas_kesehatan", "dinas_kesehatan")
    assert ADVICE["dinas_kesehatan"] in page and "Sampai batas waktu yang ditetapkan, 1 Mei 2031" in page
    assert ADVICE["dinas_pendidikan"] not in page and "Fitri" not in page and "Yang pernah Anda kirim" not in page


def test_the_case_ends_when_every_response_is_accepted(monitoring: Monitoring) -> None:
    monitoring.visit()
    monitoring.report()
    for opd in TWO:
        sent = monitoring.office.task("Task_6t", opd, monitoring.case)
        monitoring.do("Task_6t", f"opd.{opd}", {"tanggapan": "Sudah dipasang.", "tanggal_selesai": "2026-04-20"}, item=opd)
        monitoring.office.accept(sent.id, "kasubbag")
    assert monitoring.office.instance(monitoring.case).state == "finished"


def test_a_round_of_visits_is_measured_as_one_step(monitoring: Monitoring) -> None:
    begun = clock.now() - timedelta(days=60)
    with monitoring.office.database.transaction() as session:
        session.execute(update(Task).where(Task.element == "Task_4").values(opened_at=begun))
    monitoring.visit()
    with monitoring.office.database.reading() as session:
        instance = session.get_one(Instance, monitoring.case)
        evidence = load_evidence(session, instance, session.get_one(Definition, instance.definition_id))
    (one,) = [found for found in passes_of(evidence) if found.row == "4"]
    assert one.is_over and one.days == working_days_between(begun, max(ended_at(task, clock.now()) for task in one.tasks))
    page = words(monitoring.people("auditor").get(f"/pemeriksaan/{monitoring.case}/baris"))
    assert f"Norma 30 hari kerja · pertama kali {one.days} hari kerja (melebihi norma)" in page
    assert "berlaku untuk pengiriman surat" not in page
