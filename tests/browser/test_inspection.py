"""The auditor in a real browser: returns, paper, a recall, a closed collection; every number on the sheet is counted again."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select, update

from app import clock, worktime
from app.models import Attachment, Event, Instance, Task
from tests.support import deeds
from tests.support.browser import ContextFor, axe, fits, screenshot
from tests.support.office import PASSWORD, PDF, Office
from tests.support.site import Site

ASKED = ["dinas_kesehatan", "dinas_pendidikan", "setda", "kec_tambelan"]


@pytest.fixture
def case(office: Office) -> int:
    """Started without the letter; returned by Kabag, on paper by the Asisten and to an OPD; taken back and replaced; one OPD outside
    the app, one taken out, one never came; fifteen days in all, by moving what has happened into the past.
    """
    case = deeds.start_without_letter(office)
    office.run_until(case, "Task_4b")
    office.do(case, "Task_4b", "tidak")
    office.do(case, "Task_4a", hal_surat="Permintaan LAKIP OPD tahun 2025", daftar_opd=ASKED)
    office.do(case, "Task_4b")
    backdate(office, case, 15)
    deeds.decide_on_paper(office, "Task_5a", clock.today() - timedelta(days=7), "tidak")
    deeds.recall(office, office.do(case, "Task_4a", daftar_opd=ASKED), "kasubbag")
    deeds.replace(office, office.do(case, "Task_4a", daftar_opd=ASKED), "kasubbag", "konsep_surat", PDF + b"2")
    office.run_until(case, "Task_7b")
    deeds.return_to_unit(office, deeds.send(office, "dinas_kesehatan").id)
    office.accept(deeds.send(office, "dinas_kesehatan", nama_petugas="Wati").id)
    deeds.receive_outside(office, office.task("Task_7b", "setda").id, clock.today(), sender="Pak Budi")
    deeds.withdraw(office, "kec_tambelan")
    deeds.close(office, case)
    return case


def backdate(office: Office, case: int, days: int) -> None:
    """Rows of tasks only: what is sealed in the chain stays as it is."""
    with office.database.transaction() as session:
        instance = session.get_one(Instance, case)
        instance.started_at -= timedelta(days=days)
        for task in session.scalars(select(Task).where(Task.instance_id == case)):
            task.opened_at -= timedelta(days=days)
            if task.completed_at:
                task.completed_at -= timedelta(days=days)


def sign_in(site: Site, context_for: ContextFor, **screen: int) -> Page:
    page = context_for(site.url, **screen).new_page()
    page.goto("/masuk")
    page.get_by_label("Nama pengguna").fill("auditor")
    page.get_by_label("Kata sandi").fill(PASSWORD)
    page.get_by_role("button", name="Masuk").click()
    expect(page.locator("h1")).to_have_text("Pemeriksaan")
    return page


def open_tab(page: Page, name: str) -> None:
    tabs = page.get_by_role("navigation", name="Halaman pemeriksaan pelaksanaan ini")
    tabs.get_by_role("link", name=name).click()
    expect(tabs.locator("[aria-current]")).to_have_text(name)


def looked_at(page: Page, name: str) -> None:
    assert fits(page), name
    screenshot(page, f"inspection-{name}")
    axe(page)


def counts_on(page: Page) -> dict[str, int]:
    """{title of a group of deviations: its number}"""
    found = page.locator(".deviations > div > dt").all_inner_texts()
    return {words.strip(): int(number) for words, number in (text.rsplit(" ", 1) for text in found)}


def fact(page: Page, name: str) -> str:
    return " ".join(page.locator(f".case-facts > div:has(dt:text-is('{name}')) dd").inner_text().split())


def test_every_number_of_the_sheet_is_in_the_database(site: Site, office: Office, case: int, context_for: ContextFor) -> None:
    page = sign_in(site, context_for)
    looked_at(page, "daftar-1280")
    rows, events = office.rows(case), office.events(case)
    kinds = Counter(event.kind for event in events)
    states = Counter(row.state for row in rows if row.item)
    marks = page.locator("tbody tr .marks").inner_text()
    returns = 2 + kinds["returned"]  # by Kabag and by the Asisten, besides the papers sent back
    assert re.findall(r"dikembalikan (\d+)×", marks) == [str(returns)]
    assert re.findall(r"naskah fisik (\d+)", marks) == [str(sum(row.recorded_by is not None and row.item is None for row in rows))]
    assert re.findall(r"OPD tidak menyampaikan (\d+)", marks) == [str(states["closed"])] and "terlambat" not in marks

    page.get_by_role("link", name="LAKIP 2025").click()
    expect(page.locator("h1")).to_have_text("Ringkasan Pemeriksaan LAKIP 2025")
    looked_at(page, "ringkasan-1280")
    counted = states["open"] + states["submitted"] + states["done"] + states["closed"]
    assert fact(page, "OPD (baris 7)") == (
        f"diminta {counted}, diterima {states['done']}, tidak menyampaikan {states['closed']}; ditarik {states['withdrawn']}"
    )
    instance = office.instance(case)
    days = worktime.working_days_between(instance.started_at, clock.now())
    assert fact(page, "Berjalan") == f"{days} hari kerja sejak dimulai"
    assert fact(page, "Norma SOP") == "11 hari kerja dan 365 menit kerja"
    minutes = sum(
        worktime.working_minutes_between(row.opened_at, row.completed_at or clock.now())
        for row in rows
        if row.item is None and row.recorded_by is None and row.state in ("open", "done", "recalled") and row.element != "Start_1"
    )
    paper = next(row for row in rows if row.recorded_by and row.item is None)
    assert paper.happened_on is not None
    minutes += worktime.working_minutes_between(paper.opened_at, midnight(paper.happened_on))
    assert fact(page, "Waktu terpakai") == f"{minutes:,} menit kerja (semua putaran)".replace(",", ".")
    assert counts_on(page) == {
        "Dimulai tanpa surat": 1,
        "OPD yang tidak diminta": 39 - len({row.item for row in rows if row.item}),
        "OPD yang dilewati": states["closed"] + states["withdrawn"],
        "Keputusan dicatat dari naskah fisik": 1,
        "Diterima di luar aplikasi": sum(row.recorded_by is not None and row.item is not None for row in rows),
        "Dicatat lebih dari satu hari kerja kemudian": 1,
        "Waktu melebihi norma": 1,
        "Dikembalikan untuk diperbaiki": returns,
        "Langkah atau alur usulan terpakai": 2,
        "Ditarik kembali": kinds["recalled"],
        "Berkas diganti": kinds["replaced"],
    }
    expect(page.locator(".counting")).to_contain_text(f"Peristiwa tercatat: {len(events)}.")
    expect(page.locator(".counting")).to_contain_text(instance.event_mac.hex())

    page.emulate_media(media="print")
    screenshot(page, "inspection-ringkasan-cetak")
    sheet = page.pdf(format="A4", prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", sheet)) == 1
    page.emulate_media(media="screen")

    open_tab(page, "Baris SOP")
    looked_at(page, "baris-1280")
    done = sum(row.state != "cancelled" for row in rows)
    assert page.locator(".works > tbody > tr").count() == done
    open_tab(page, "Linimasa")
    looked_at(page, "linimasa-1280")
    assert page.locator(".timeline > tbody > tr").count() == len(events)
    open_tab(page, "Berkas")
    with office.database.reading() as session:
        files = session.scalar(select(func.count(Attachment.id)).where(Attachment.instance_id == case, Attachment.task_id.is_not(None)))
    page.get_by_role("link", name="Periksa berkas").click()
    expect(page.get_by_role("status")).to_contain_text(f"{files} utuh, 0 berubah, 0 hilang")
    looked_at(page, "berkas-1280")
    open_tab(page, "Keutuhan")
    page.get_by_role("link", name="Periksa keutuhan").click()
    expect(page.get_by_role("status")).to_contain_text(f"Jejak ini utuh: {len(events)} peristiwa")
    looked_at(page, "keutuhan-1280")


def midnight(day: date):  # type: ignore[no-untyped-def]
    from datetime import datetime, time

    return datetime.combine(day, time.min, clock.WIB)


def test_on_a_phone_and_when_somebody_altered_the_trail(site: Site, office: Office, case: int, context_for: ContextFor) -> None:
    page = sign_in(site, context_for, width=390, height=844)
    looked_at(page, "daftar-390")
    with office.database.transaction() as session:
        session.execute(update(Event).where(Event.instance_id == case, Event.seq == 5).values(actor_id=1))
    for tab in ("", "/baris", "/linimasa", "/berkas", "/keutuhan?periksa=1"):
        page.goto(f"/pemeriksaan/{case}{tab}")
        looked_at(page, f"{tab.strip('/').split('?')[0] or 'ringkasan'}-390")
    expect(page.get_by_role("status")).to_contain_text("Peristiwa pertama yang tidak cocok: ke-5")
    page.get_by_role("link", name="ke-5").click()
    expect(page.locator("tr:target")).to_contain_text("5")
    page.goto("/pemeriksaan?cari=tidak-ada")
    looked_at(page, "kosong-390")
