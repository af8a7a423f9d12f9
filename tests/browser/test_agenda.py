"""The agenda of a year and what it says above somebody's tasks, in a real browser."""

from __future__ import annotations

import re
from datetime import date

from playwright.sync_api import Page, expect

from app import clock, duties
from tests.support.agenda import duty_of, seed
from tests.support.browser import ContextFor, axe, fits, screenshot
from tests.support.office import Office
from tests.support.site import Site, sign_in

PHONE = {"width": 390, "height": 844}


def looked_at(page: Page, name: str) -> None:
    for width, height in ((1280, 900), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        screenshot(page, f"agenda-{name}-{width}")
        assert fits(page), width
        axe(page)


def test_a_year_from_the_notice_to_the_case(site: Site, office: Office, context_for: ContextFor) -> None:
    page = sign_in(site, context_for, "tu")
    page.goto("/agenda")
    expect(page.locator(".empty")).to_contain_text("Tidak ada kewajiban pada tahun")
    looked_at(page, "kosong")
    year = clock.today().year
    seed(office, date(year - 2, 1, 1))
    office.run_until(office.start(tahun=year - 1), "Task_4b")
    office.finish(office.start(key="sop_02_lakip", tahun=year - 2))
    with office.database.transaction() as session:
        duties.note_date(session, office.actor("tu"), duty_of(office, "perjanjian_kinerja").id, year - 1, f"{year - 1}-01-31")
    page.goto("/tugas")
    expect(page.locator(".duty-notice li")).to_have_count(3)
    looked_at(page, "tugas")
    page.get_by_role("link", name=re.compile("kewajiban lain di Agenda")).click()
    expect(page.locator("tbody tr")).to_have_count(8)
    looked_at(page, "setahun")
    page.get_by_role("navigation", name="Tahun").get_by_role("link", name=str(year - 1)).click()
    expect(page.get_by_role("link", name=f"LAKIP {year - 2}")).to_be_visible()
    screenshot(page, "agenda-tahun-lalu")
    page.go_back()
    page.get_by_label(re.compile("^Tanggal DPA disahkan")).fill(f"{year}-01-31")
    page.get_by_role("button", name="Simpan tanggal DPA disahkan").click()
    expect(page.get_by_role("status")).to_contain_text(f"31 Januari {year}")
    page.get_by_role("link", name=f"Mulai PK {year}").click()
    expect(page.get_by_label("Tahun kinerja")).to_have_value(str(year))
    expect(page.get_by_role("note", name="Batas waktu")).to_contain_text(f"PK {year}")
    looked_at(page, "mulai")


def test_an_admin_adds_a_duty_with_two_periods(site: Site, office: Office, context_for: ContextFor) -> None:
    page = sign_in(site, context_for, "admin")
    page.goto("/agenda/kewajiban")
    page.get_by_label("SOP").select_option("sop_07_skm")
    page.get_by_role("button", name="Lanjut").click()
    page.get_by_role("button", name="Tambahkan").click()
    expect(page.locator("#ringkasan-kesalahan")).to_be_focused()
    looked_at(page, "tambah-salah")
    page.get_by_label("Nama kewajiban").fill("Survei kepuasan masyarakat")
    page.get_by_label("Dasar").fill("PermenPAN-RB 14/2017")
    for number, period, month in ((1, "Semester I", "Juli"), (2, "Semester II", "Desember")):
        term = page.locator(f"#f-batas_{number}")
        term.get_by_label("Periode").select_option(period)
        term.get_by_label("Tanggal").fill("31")
        term.get_by_label("Bulan").select_option(month)
    page.get_by_label("Penanggung jawab").select_option("kabag_organisasi")
    page.get_by_role("button", name="Tambahkan").click()
    expect(page.get_by_role("status")).to_contain_text("ditambahkan")
    looked_at(page, "kewajiban")
    page.get_by_role("link", name="Survei kepuasan masyarakat").click()
    expect(page.locator(".account-trail")).to_contain_text("Semester II: 31 Desember tahun yang sama")
    looked_at(page, "kewajiban-ubah")
