"""The registers of the office in a real browser: an admin ends an OPD on a phone, TU keeps a decree, Kabag opens the register."""

from __future__ import annotations

import re
from datetime import date

from playwright.sync_api import Page, expect

from app import clock
from tests.browser.test_people import PHONE, no_sideways, sign_in
from tests.support import deeds
from tests.support.browser import ContextFor, axe, screenshot
from tests.support.driving import Drive, Scenario
from tests.support.office import Office
from tests.support.site import Site

WIDTHS = (1280, 390)
LONG = "Dinas Sosial, Pemberdayaan Perempuan, Perlindungan Anak, Pengendalian Penduduk, dan Keluarga Berencana"


def looked_at(page: Page, name: str, *widths: int) -> None:
    for width in widths or WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        no_sideways(page)
        screenshot(page, f"offices-{name}-{width}")
        axe(page)


def test_an_admin_ends_an_opd_on_a_phone(site: Site, office: Office, context_for: ContextFor) -> None:
    office.run_until(office.start(), "Task_7b", opd=["dinas_p3ap2kb", "dinas_sosial"])
    page = sign_in(site, context_for, "admin", **PHONE)
    page.goto("/opd/baru")
    page.get_by_label("Nama OPD").fill(LONG)
    page.get_by_label("Jenis").select_option("Dinas")
    page.get_by_role("button", name="Tambahkan").click()
    page.goto("/opd")
    expect(page.get_by_text("40 OPD.")).to_be_visible()
    looked_at(page, "daftar")
    page.get_by_role("link", name=re.compile("^Dinas Pemberdayaan Perempuan")).click()
    looked_at(page, "opd")
    page.get_by_role("link", name="Akhiri OPD ini").click()
    page.get_by_role("button", name="Simpan hari terakhir").click()
    expect(page.locator("#ringkasan-kesalahan")).to_contain_text("Hari terakhir belum diisi dengan tanggal.")
    looked_at(page, "akhiri")
    page.get_by_label("Hari terakhir", exact=True).fill(clock.today().isoformat())
    page.get_by_label(re.compile("^Saya sudah membaca")).check()
    page.get_by_role("button", name="Simpan hari terakhir").click()
    expect(page.locator("h1")).to_contain_text("Dinas Pemberdayaan Perempuan")
    expect(page.get_by_text("OPD diakhiri")).to_be_visible()
    assert office.task("Task_7b", "dinas_p3ap2kb")


def test_tu_keeps_the_decree_that_the_start_asks_for(site: Site, office: Office, context_for: ContextFor) -> None:
    deeds.end_decrees(office, date(2025, 12, 31))
    page = sign_in(site, context_for, "tu")
    page.goto("/mulai/sop_02_lakip")
    expect(page.get_by_role("note", name="SK Tim")).to_contain_text("SK Tim Penyusun berakhir 31 Desember 2025")
    looked_at(page, "mulai")
    page.get_by_role("link", name="Catat SK yang baru").click()
    looked_at(page, "sk-tim")
    page.get_by_role("link", name="Catat SK yang baru").last.click()
    page.get_by_label("Nomor SK").fill("14 Tahun 2026")
    page.get_by_label("Nama anggota 1", exact=True).fill("Dra. Nurhayati, M.Si.")
    page.get_by_role("button", name="Catat").click()
    expect(page.locator("#ringkasan-kesalahan")).to_contain_text("Tanggal SK belum diisi")
    expect(page.get_by_label("Nama anggota 1", exact=True)).to_have_value("Dra. Nurhayati, M.Si.")
    looked_at(page, "sk-formulir")


def test_the_register_shows_every_kind_and_both_periods(site: Site, office: Office, context_for: ContextFor) -> None:
    units = ["setda", "dinas_p3ap2kb"]
    for key, more in (("sop_07_skm", {"periode": "Semester I"}), ("sop_07_skm", {"periode": "Semester II"}), ("sop_02_lakip", {})):
        case = office.start(key=key, tahun=2026, **more)
        office.run_until(case, "Task_7b", opd=units)
    office.do(case, "Task_7b", item="setda")
    Drive(office, "sop_06_fasilitasi_sop", Scenario("", opd=units)).run(until="Task_5")
    page = sign_in(site, context_for, "kabag")
    page.goto("/register")
    expect(page.get_by_text("Semester II").first).to_be_visible()
    page.get_by_role("rowheader", name="Sekretariat Daerah").scroll_into_view_if_needed()
    looked_at(page, "register")
