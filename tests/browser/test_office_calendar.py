"""The office's working time in a real browser: the calendar as an admin keeps it, an inbox with a late, a nearly late and a fresh task."""

from __future__ import annotations

import re
from datetime import timedelta

from playwright.sync_api import expect
from sqlalchemy import update

from app import clock
from app.diagram import Norm
from app.models import Task
from app.worktime import due_at
from tests.browser.test_offices import looked_at
from tests.browser.test_people import sign_in
from tests.support.browser import ContextFor
from tests.support.office import Office
from tests.support.site import Site


def test_an_admin_keeps_the_calendar(site: Site, office: Office, context_for: ContextFor) -> None:
    page = sign_in(site, context_for, "admin")
    page.goto("/kalender-kerja?tahun=2026")
    page.get_by_role("link", name="Catat hari libur atau masuk kerja").click()
    page.get_by_label("Tanggal").fill("2026-08-17")
    page.get_by_label("Jenis").select_option("libur-daerah")
    page.get_by_label("Nama").fill("Hari Jadi Kabupaten Bintan")
    page.get_by_label("Menurut keputusan").fill("Keputusan Bupati Bintan Nomor 512/X/2026 tanggal 2 Oktober 2026")
    page.get_by_role("button", name="Catat").click()
    expect(page.locator("#ringkasan-kesalahan")).to_contain_text("17 Agustus 2026 sudah libur menurut pustaka")
    page.get_by_label("Tanggal").fill("2026-12-01")
    page.get_by_role("button", name="Catat").click()
    expect(page.get_by_role("link", name="Hari Jadi Kabupaten Bintan")).to_be_visible()
    looked_at(page, "kalender")
    page.goto("/kalender-kerja/ramadan/baru?tahun=2028")
    looked_at(page, "kalender-ramadan")


def test_an_inbox_shows_what_is_late_nearly_late_and_fresh(site: Site, office: Office, context_for: ContextFor) -> None:
    cases = [office.start(tahun=year) for year in (2024, 2025, 2026)]
    for case in cases:
        office.run_until(case, "Task_4a")
    with office.database.transaction() as session:
        now, late, near = clock.now(), timedelta(days=14), due_at(clock.now(), Norm(minutes=5))
        for case, due in ((cases[0], now - late), (cases[1], near)):
            session.execute(update(Task).where(Task.instance_id == case, Task.state == "open").values(due_from=now - 2 * late, due_at=due))
    page = sign_in(site, context_for, "kasubbag")
    page.goto("/tugas?kotak=saya")
    rows = page.get_by_role("row")
    expect(rows.filter(has_text="LAKIP 2024")).to_contain_text("Terlambat")
    expect(rows.filter(has_text="LAKIP 2025")).to_contain_text("Segera, sisa")
    expect(rows.filter(has_text="LAKIP 2026")).to_contain_text(re.compile("Sisa 4[345] menit kerja"))
    looked_at(page, "tenggat")
    page.get_by_role("link", name="Membuat konsep surat").first.click()
    expect(page.get_by_text("untuk langkah ini 45 menit kerja")).to_be_visible()
    looked_at(page, "tenggat-tugas", 390)
    page = sign_in(site, context_for, "kabag")
    page.goto(f"/pelaksanaan/{cases[0]}")
    page.get_by_role("link", name="Rekap waktu").click()
    expect(page.locator("h1")).to_have_text("Rekap waktu LAKIP 2024")
    looked_at(page, "rekap")
