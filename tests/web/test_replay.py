"""The auditor's path of a case: who may, what it says in words, and what it costs however long the case ran."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from lxml import html

from app import audit, clock, instances
from app.audit import Fact
from app.models import Instance, InstanceState, Task
from app.web.replay_page import replay_page
from tests.instances.test_size import counting
from tests.support.office import Office
from tests.web.conftest import Person, words

People = Callable[[str], Person]
ROUNDS = 334  # of three events each: a thousand


@pytest.fixture
def returned(small_office: Office, case: int) -> int:
    """A case whose draft was sent back once."""
    small_office.run_until(case, "Task_4b")
    small_office.do(case, "Task_4b", "tidak", catatan_kabag="Terlalu singkat.")
    return case


@pytest.fixture
def long_case(small_office: Office, returned: int) -> Iterator[int]:
    """A thousand events and the rows they tell of, written down as the use-cases would; nothing of it is in the engine's state."""
    office, at = small_office, clock.now()
    with office.database.transaction() as session:
        instance = session.get_one(Instance, returned)
        kabag, kasubbag = office.actor("kabag").id, office.actor("kasubbag").id
        for number in range(ROUNDS):
            draft, check = (_row(returned, element, at + timedelta(minutes=number), number + 2) for element in ("Task_4a", "Task_4b"))
            draft.completed_by, check.completed_by = kasubbag, kabag
            check.answers = {"keputusan_kabag": "tidak", "catatan_kabag": f"Lagi {number}."}
            session.add_all([draft, check])
            audit.record(session, instance, kasubbag, draft.opened_at, [_fact(draft, "Flow_4a_4b")])
            back = Fact("step", {"element": "Gw_4", "round": number + 2, "flows": ["Flow_Gw_4_tidak"]})
            audit.record(session, instance, kabag, check.opened_at, [_fact(check, "Flow_4b_Gw_4"), back])
    yield returned


def _row(case: int, element: str, at: object, round: int) -> Task:
    id = uuid4()
    form = {"Task_4a": "ks04", "Task_4b": "pf04"}.get(element)
    return Task(
        id=id, engine_task=id, instance_id=case, element=element, name=element, lane="", form_id=form, round=round, state="done",
        opened_at=at, completed_at=at,
    )  # fmt: skip


def _fact(row: Task, flow: str) -> Fact:
    return Fact("step", {"element": row.element, "task": str(row.id), "round": row.round, "flows": [flow]})


def test_only_auditors_and_admins_inspect(people: People, case: int) -> None:
    answer = people("kabag").get(f"/pemeriksaan/{case}/jalur")
    assert answer.status_code == 403 and "Halaman Pemeriksaan dibuka oleh auditor dan admin." in words(answer)
    assert people("admin").get(f"/pemeriksaan/{case}/jalur").status_code == 200


def test_an_absent_case_is_absent(people: People) -> None:
    assert people("auditor").get("/pemeriksaan/999/jalur").status_code == 404
    assert people("auditor").get("/pemeriksaan/999/jalur/langkah.json").status_code == 404


def test_the_auditor_is_led_there_from_the_case(people: People, case: int) -> None:
    assert f"/pemeriksaan/{case}/jalur" in people("auditor").get(f"/pelaksanaan/{case}").text
    assert f"/pemeriksaan/{case}/jalur" not in people("kabag").get(f"/pelaksanaan/{case}").text


def test_the_words_say_what_the_drawing_says(people: People, returned: int) -> None:
    page = words(people("auditor").get(f"/pemeriksaan/{returned}/jalur"))
    assert "Kabag Organisasi, Dra. Nurhayati, M.Si.: dikembalikan: “Terlalu singkat.”" in page
    assert "→ Disetujui Kabag? → tidak : Membuat konsep surat permintaan LAKIP OPD · Kasubbag Tatalaksana (kembali) tidak tergambar" in page
    assert "Posisi saat ini: Kasubbag Tatalaksana, Membuat konsep surat permintaan LAKIP OPD (baris 4)" in page


def test_after_a_step_the_drawing_stands_as_it_stood(people: People, returned: int) -> None:
    text = people("auditor").get(f"/pemeriksaan/{returned}/jalur?langkah=2").text
    page = html.fromstring(text)
    assert page.xpath("//*[local-name()='g'][contains(@class, 'is-current')]/@data-element") == ["Task_3a"]
    assert page.xpath("//li[@aria-current='step']/@data-frame") == ["2"]
    assert [link.text_content().strip() for link in page.xpath("//nav[@data-links]/a")] == ["Sebelumnya", "Berikutnya", "Keadaan sekarang"]


def test_one_round_is_shown_apart(people: People, returned: int, small_office: Office) -> None:
    small_office.run_until(returned, "Task_5a")
    shown = people("auditor").get(f"/pemeriksaan/{returned}/jalur/langkah.json?perbaikan=1").json
    assert [frame["element"] for frame in shown] == ["Task_4a", "Task_4b"]
    assert shown[1]["flows"] == ["Flow_4b_Gw_4", "Flow_Gw_4_ya"] and shown[1]["round"] == 2


def test_what_opd_sent_and_nobody_accepted_yet_is_still_the_position(people: People, case: int, small_office: Office) -> None:
    small_office.run_until(case, "Task_7b", opd=["setda"])
    small_office.submit(small_office.task("Task_7b", "setda"), "opd.setda", nama_petugas="Budi", **{
        "capaian.1.indikator": "Angka kemiskinan", "capaian.1.target": "7,5", "capaian.1.realisasi": "6,9", "capaian.1.polaritas": "rendah",
    })  # fmt: skip
    page = words(people("auditor").get(f"/pemeriksaan/{case}/jalur"))
    assert "Posisi saat ini: SKPD (OPD), Menyusun dan mengirim LAKIP OPD" in page
    assert "1 OPD sejauh ini: 1 menunggu diterima" in page
    assert people("auditor").get(f"/pelaksanaan/{case}/jalur.json").json["current"] == ["Task_7b"]


def test_a_thousand_events_are_read_without_the_state_in_few_statements(
    app: Flask, people: People, small_office: Office, long_case: int
) -> None:
    """A bounded number, and the same as for a case of ten events."""
    office, auditor = small_office, people("auditor")
    with office.database.transaction() as session:
        session.delete(session.get_one(InstanceState, long_case))  # whoever reads it now gets an error
    short = _statements(office, office.start(tahun=2031))
    assert len(office.events(long_case)) > 1000
    assert _statements(office, long_case) <= short + 2 <= 12
    with counting(app.extensions["alur"].database) as counts:
        page = auditor.get(f"/pemeriksaan/{long_case}/jalur?langkah=600")
    assert page.status_code == 200 and counts["statements"] <= 25, counts
    shown = html.fromstring(page.text).xpath("//li[@data-frame]/@data-frame")
    assert (shown[0], shown[-1]) == ("501", "600")
    with counting(app.extensions["alur"].database) as counts:
        frames = auditor.get(f"/pemeriksaan/{long_case}/jalur/langkah.json").json
    assert len(frames) > 660 and counts["statements"] <= 15, counts
    assert frames[-1]["text"].endswith(f"dikembalikan: “Lagi {ROUNDS - 1}.”")


def _statements(office: Office, case: int) -> int:
    auditor = office.actor("auditor")
    with office.database.reading() as session:
        replay_page(session, auditor, case)  # forms are compiled once for each process
    with counting(office.database) as counts, office.database.reading() as session:
        replay_page(session, auditor, case)
    return counts["statements"]


def test_a_cancelled_case_tells_why(people: People, case: int, small_office: Office) -> None:
    with small_office.database.transaction() as session:
        instances.cancel_instance(session, small_office.actor("admin"), case, "Surat dicabut Kementerian.")
    assert "pelaksanaan dibatalkan: “Surat dicabut Kementerian.”" in words(people("auditor").get(f"/pemeriksaan/{case}/jalur"))
