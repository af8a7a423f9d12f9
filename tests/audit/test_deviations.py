"""Each rule of the auditor's sheet: one case that it tells of, and one just beside it that it does not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

import pytest
import time_machine

from app import incidents, instances
from app.audit.deviations import RULES, Deviation, find_deviations
from app.audit.evidence import load_evidence
from app.models import Definition, Instance
from tests.support import deeds
from tests.support.office import Office

UNITS = ["dinas_kesehatan", "dinas_pendidikan"]
MONDAY = date(2026, 6, 8)  # an ordinary week, until 12 June
DEADLINE = "2026-06-10"


@dataclass
class Week:
    """An office with two OPD, early on a Monday."""

    office: Office
    clock: time_machine.Coordinates

    def at(self, moment: str) -> None:
        self.clock.move_to(f"2026-06-{moment}:00+07:00")

    def until(self, element: str, opd: list[str] = UNITS) -> int:
        """A case that waits there; the letter names the deadline of Wednesday."""
        case = self.office.start()
        self.office.run_until(case, "Task_4a")
        self.office.do(case, "Task_4a", batas_waktu_opd=DEADLINE, daftar_opd=opd)
        self.office.run_until(case, element)
        return case

    def found(self, case: int) -> dict[str, list[Deviation]]:
        with self.office.database.reading() as session:
            instance = session.get_one(Instance, case)
            evidence = load_evidence(session, instance, session.get_one(Definition, instance.definition_id))
            return {one.rule.key: list(one.deviations) for one in find_deviations(evidence)}


@pytest.fixture
def week(small_office: Office) -> Iterator[Week]:
    deeds.keep_units(small_office, UNITS)
    deeds.long_in_office(small_office)
    with time_machine.travel("2026-06-08 08:00:00+07:00") as traveller:
        yield Week(small_office, traveller)


def test_a_case_by_the_book_has_none(week: Week) -> None:
    case = week.office.start()
    week.office.run_until(case, "Task_4a")
    week.office.do(case, "Task_4a", batas_waktu_opd=DEADLINE, daftar_opd=UNITS)
    week.office.finish(case)
    assert week.found(case) == {}


def test_every_rule_is_tried_both_ways() -> None:
    assert {rule.key for rule in RULES} == BAD.keys() == GOOD.keys()


# -- bad: (what happens) -> (case, what the sentence says) --


def no_letter(week: Week) -> tuple[int, str]:
    return deeds.start_without_letter(week.office), "Berkas surat tidak dilampirkan saat pelaksanaan dimulai: “Surat asli masih di Setda.”"


def team_without_decree(week: Week) -> tuple[int, str]:
    deeds.end_decrees(week.office, date(2025, 12, 31))
    return week.office.start(), "Saat pelaksanaan dimulai: SK Tim Penyusun berakhir 31 Desember 2025 (Nomor 1 Tahun 2017)"


def not_asked(week: Week) -> tuple[int, str]:
    return week.until(
        "Task_7b", ["dinas_pendidikan"]
    ), "1 dari 2 OPD tidak diminta pada “Menyusun dan mengirim LAKIP OPD” (baris 7): Dinas Kesehatan"


def closed(week: Week) -> tuple[int, str]:
    case = week.until("Task_7b")
    week.office.do(case, "Task_7b", item="dinas_pendidikan")
    deeds.close(week.office, case)
    said = "1 OPD tidak menyampaikan sampai penerimaan ditutup: Dinas Kesehatan. Alasan: “Batas waktu ke Kementerian sudah dekat.”"
    return case, said


def on_paper(week: Week) -> tuple[int, str]:
    case = week.until("Task_5a")
    deeds.decide_on_paper(week.office, "Task_5a", MONDAY)
    return case, "Disetujui Ir. Zulkifli Anwar, Asisten pada naskah fisik 8 Juni 2026, dicatat Siti Aminah 8 Juni 2026 pukul 08.00 WIB"


def outside(week: Week) -> tuple[int, str]:
    case = week.until("Task_7b")
    deeds.receive_outside(week.office, week.office.task("Task_7b", "dinas_pendidikan").id, MONDAY)
    return case, "1 OPD lewat WhatsApp, dicatat Siti Aminah: Dinas Pendidikan"


def recorded_on_wednesday(week: Week) -> tuple[int, str]:
    case = week.until("Task_5a")
    week.at("10 09:00")
    deeds.decide_on_paper(week.office, "Task_5a", MONDAY)
    return case, "(Asisten): terjadi 8 Juni 2026, dicatat 2 hari kerja kemudian, 10 Juni 2026 pukul 09.00 WIB"


def two_offices(week: Week) -> tuple[int, str]:
    deeds.seat(week.office, "kasubbag", "kabag_organisasi")
    case = week.until("Task_4b")
    week.office.submit(week.office.task("Task_4b"), "kasubbag", keputusan_kabag="ya")
    return case, "Rahmat Hidayat, S.Sos. mengerjakan langkah Kasubbag Tatalaksana dan Kabag Organisasi"


def acting(week: Week) -> tuple[int, str]:
    deeds.seat(week.office, "tu2", "kabag_organisasi", "Plh.")
    case = week.until("Task_4b")
    week.office.submit(week.office.task("Task_4b"), "tu2", keputusan_kabag="ya")
    return case, "Rina Marlina sebagai Plh. Kabag Organisasi: “Memeriksa dan memaraf konsep surat”"


def six_minutes(week: Week) -> tuple[int, str]:
    case = week.office.start()
    week.clock.move_to("2026-06-08 08:06:30+07:00")  # half a minute to either side, however slow the machine
    week.office.do(case, "Task_2")
    return case, "Baris 2 (TU Bagian) dikerjakan 6 menit kerja; norma 5 menit kerja"


def returned_twice(week: Week) -> tuple[int, str]:
    case = week.until("Task_4b")
    for _ in range(2):
        week.office.do(case, "Task_4b", "tidak")
        week.office.do(case, "Task_4a", batas_waktu_opd=DEADLINE)
    return case, "Disetujui Kabag? (baris 4) tidak: kembali ke “Membuat konsep surat permintaan LAKIP OPD”, perbaikan ke-1, ke-2"


def a_way_of_ours(week: Week) -> tuple[int, str]:
    case = week.until("Task_4b")
    week.office.do(case, "Task_4b", "tidak")
    return case, "Alur tidak dari “Disetujui Kabag?” ke “Membuat konsep surat permintaan LAKIP OPD” tidak tergambar dalam SOP, 1 kali"


def late(week: Week) -> tuple[int, str]:
    case = week.until("Task_7b")
    deeds.send(week.office, "dinas_kesehatan")
    week.at("10 16:01")
    deeds.send(week.office, "dinas_pendidikan")
    return case, "1 OPD menyampaikan sesudah batas waktu: Dinas Pendidikan"


def extended(week: Week) -> tuple[int, str]:
    case = week.until("Task_7b")
    deeds.extend(week.office, "dinas_pendidikan", date(2026, 6, 12))
    return case, "Batas waktu diperpanjang: Dinas Pendidikan. Alasan: “Sinyal di pulau.”"


def recalled(week: Week) -> tuple[int, str]:
    case = week.office.start()
    week.office.run_until(case, "Task_4a")
    deeds.recall(week.office, week.office.do(case, "Task_4a"), "kasubbag")
    return case, "Rahmat Hidayat, S.Sos. menarik kembali “Membuat konsep surat permintaan LAKIP OPD” (baris 4) 8 Juni 2026 pukul 08.00 WIB"


def replaced(week: Week) -> tuple[int, str]:
    case = week.office.start()
    week.office.run_until(case, "Task_4a")
    deeds.replace(week.office, week.office.do(case, "Task_4a"), "kasubbag", "konsep_surat")
    return case, "Rahmat Hidayat, S.Sos. mengganti berkas pada “Membuat konsep surat permintaan LAKIP OPD” (baris 4)"


def suspended(week: Week) -> tuple[int, str]:
    case = week.office.start()
    with week.office.database.transaction() as session:
        instances.suspend_instance(session, week.office.actor("admin"), case, "Menunggu surat edaran.")
    return case, "Pelaksanaan ditangguhkan, oleh Yusuf Ramadhan, 8 Juni 2026 pukul 08.00 WIB. Alasan: “Menunggu surat edaran.”"


def fault(week: Week) -> tuple[int, str]:
    case = week.office.start()
    with week.office.database.transaction() as session:
        incidents.record_incident(session, "Rahasia mesin", "Task_2", case)
    return case, "Gangguan K-1001 pada “Mengagendakan dan memilah surat masuk” (baris 2), 8 Juni 2026 pukul 08.00 WIB"


BAD: dict[str, Callable[[Week], tuple[int, str]]] = {
    "tanpa-surat": no_letter, "tanpa-sk-tim": team_without_decree, "tidak-diminta": not_asked, "dilewati": closed,
    "naskah-fisik": on_paper, "luar-aplikasi": outside,
    "dicatat-kemudian": recorded_on_wednesday, "rangkap-jabatan": two_offices, "pelaksana-tugas": acting, "norma": six_minutes,
    "perbaikan": returned_twice, "usulan": a_way_of_ours, "terlambat": late, "diperpanjang": extended, "ditarik-kembali": recalled,
    "berkas-diganti": replaced, "tindakan-admin": suspended, "gangguan": fault,
}  # fmt: skip


# -- good: just beside it --


def with_a_letter(week: Week) -> int:
    return week.office.start()


def all_asked(week: Week) -> int:
    return week.until("Task_7b")


def all_received(week: Week) -> int:
    return week.until("Task_8")


def decided_in_the_app(week: Week) -> int:
    return week.until("Task_5b")


def recorded_on_tuesday(week: Week) -> int:
    case = week.until("Task_5a")
    week.at("09 15:00")
    deeds.decide_on_paper(week.office, "Task_5a", MONDAY)
    return case


def a_shared_step_and_ones_own(week: Week) -> int:
    """Step 8 belongs to TU and the Tim alike: who does it and then the Tim's own step 9 has held one office."""
    case = week.until("Task_8")
    week.office.submit(week.office.task("Task_8"), "tim", keputusan_penerimaan="ya")
    week.office.do(case, "Task_9")
    return case


def five_minutes_over_a_night(week: Week) -> int:
    week.at("08 15:58")
    case = week.office.start()
    week.at("09 07:33")
    week.office.do(case, "Task_2")
    return case


def a_return_taken_back(week: Week) -> int:
    case = week.until("Task_4b")
    deeds.recall(week.office, week.office.do(case, "Task_4b", "tidak"), "kabag")
    week.office.do(case, "Task_4b")
    return case


def straight_through_a_gateway_of_ours(week: Week) -> int:
    return week.until("Task_6")


def at_the_last_minute(week: Week) -> int:
    case = week.until("Task_7b")
    week.at("10 15:59")
    for unit in UNITS:
        deeds.send(week.office, unit)
    week.at("12 10:00")
    return case


def replaced_nothing(week: Week) -> int:
    case = week.until("Task_4b")
    week.office.do(case, "Task_4b", "tidak")
    week.office.do(case, "Task_4a")
    return case


def fault_of_another(week: Week) -> int:
    case, other = week.office.start(), week.office.start(tahun=2026)
    with week.office.database.transaction() as session:
        incidents.record_incident(session, "Bukan di sini", "Task_2", other)
    return case


def decree_that_ended_later(week: Week) -> int:
    case = week.office.start()
    deeds.end_decrees(week.office, date(2026, 6, 8))
    week.at("9 10:00")
    return case


GOOD: dict[str, Callable[[Week], int]] = {
    "tanpa-surat": with_a_letter, "tanpa-sk-tim": decree_that_ended_later, "tidak-diminta": all_asked, "dilewati": all_received,
    "naskah-fisik": decided_in_the_app,
    "luar-aplikasi": all_received, "dicatat-kemudian": recorded_on_tuesday, "rangkap-jabatan": a_shared_step_and_ones_own,
    "pelaksana-tugas": decided_in_the_app, "norma": five_minutes_over_a_night, "perbaikan": a_return_taken_back,
    "usulan": straight_through_a_gateway_of_ours, "terlambat": at_the_last_minute, "diperpanjang": all_asked,
    "ditarik-kembali": replaced_nothing, "berkas-diganti": replaced_nothing, "tindakan-admin": replaced_nothing,
    "gangguan": fault_of_another,
}  # fmt: skip


@pytest.mark.parametrize("rule", BAD)
def test_a_deviation_is_told(week: Week, rule: str) -> None:
    case, said = BAD[rule](week)
    (deviation,) = week.found(case)[rule]
    assert said in deviation.text


@pytest.mark.parametrize("rule", GOOD)
def test_what_is_no_deviation_is_not_told(week: Week, rule: str) -> None:
    assert rule not in week.found(GOOD[rule](week))


# -- the finer points --


def test_taken_out_opd_are_told_with_their_own_reason(week: Week) -> None:
    case = week.until("Task_7b")
    deeds.withdraw(week.office, "dinas_pendidikan")
    (deviation,) = week.found(case)["dilewati"]
    assert deviation.text == "1 OPD ditarik: Dinas Pendidikan. Alasan: “Digabung dengan dinas lain.”"


def test_a_late_paper_recorded_after_closing_is_late_and_no_longer_missing(week: Week) -> None:
    case = week.until("Task_7b")
    week.office.do(case, "Task_7b", item="dinas_pendidikan")
    deeds.close(week.office, case)
    closed = next(row for row in week.office.rows(case) if row.state == "closed")
    week.at("11 10:00")
    deeds.receive_outside(week.office, closed.id, date(2026, 6, 11))
    found = week.found(case)
    assert "dilewati" not in found and found["terlambat"][0].text.startswith("1 OPD menyampaikan sesudah batas waktu: Dinas Kesehatan")


def test_an_opd_that_corrects_after_the_deadline_was_not_late(week: Week) -> None:
    case = week.until("Task_7b")
    for unit in UNITS:
        deeds.return_to_unit(week.office, deeds.send(week.office, unit).id)
    week.at("12 10:00")
    deeds.send(week.office, "dinas_pendidikan")
    found = week.found(case)
    assert "terlambat" not in found and found["perbaikan"][0].count == 2


def test_who_has_not_sent_after_the_deadline_is_waited_for(week: Week) -> None:
    case = week.until("Task_7b")
    week.at("11 10:00")
    (deviation,) = week.found(case)["terlambat"]
    assert deviation.text == "2 OPD belum menyampaikan walau batas waktu lewat: Dinas Kesehatan, Dinas Pendidikan"


def test_leaders_wait_in_neutral_words_and_paper_is_counted_at_least(week: Week) -> None:
    case = week.until("Task_5a")
    week.at("12 10:00")
    deeds.decide_on_paper(week.office, "Task_5a", date(2026, 6, 11))
    week.office.do(case, "Task_5b")
    (deviation,) = week.found(case)["norma"]
    assert deviation.text == "Baris 5 (Asisten, Sekda) menunggu sedikitnya 1.319 menit kerja; norma 120 menit kerja"


def test_many_opd_are_counted_and_eight_named(small_office: Office) -> None:
    case = small_office.start()
    small_office.run_until(case, "Task_7b", opd=["dinas_pendidikan"])
    (deviation,) = Week(small_office, None).found(case)["tidak-diminta"]  # type: ignore[arg-type]
    assert deviation.count == 38 and deviation.text.endswith(", dan 30 lagi")


def test_every_deviation_has_a_place(week: Week) -> None:
    for rule, scenario in BAD.items():
        if rule not in ("tanpa-surat", "tidak-diminta", "norma", "berkas-diganti"):
            continue
        case, _said = scenario(week)
        assert all(one.place.key for group in week.found(case).values() for one in group)
        with week.office.database.transaction() as session:
            session.get_one(Instance, case).state = "cancelled"
