"""Last year's answers, a borrowed letter, tables in a history: without scripts, on a phone, checked by axe."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.support.browser import ContextFor, axe, fits, screenshot
from tests.support.office import PASSWORD, Office
from tests.support.site import Site

PHONE = {"width": 390, "height": 844}
OPD = "dinas_kesehatan"
ROWS = {
    f"capaian.{number}.{column}": text
    for number in range(1, 13)
    for column, text in {
        "sasaran": "Meningkatnya derajat kesehatan masyarakat",
        "indikator": f"Persentase puskesmas yang terakreditasi menurut kecamatan {number}",
        "satuan": "persen",
        "target": "85,5",
        "realisasi": "82,25",
        "polaritas": "tinggi",
    }.items()
}


def sign_in(site: Site, context_for: ContextFor, username: str, path: str, **reader: object) -> Page:
    page = context_for(site.url, **reader).new_page()
    page.goto(path)
    page.get_by_label("Nama pengguna").fill(username)
    page.get_by_label("Kata sandi").fill(PASSWORD)
    page.get_by_role("button", name="Masuk").click()
    expect(page.get_by_role("button", name="Keluar").first).to_be_visible()
    return page


def looked_at(page: Page, name: str) -> None:
    seen(page, name)
    axe(page)


def seen(page: Page, name: str) -> None:
    """A picture of the part in question, and nothing hangs over the edge."""
    page.locator(".source, details.told[open]").first.scroll_into_view_if_needed()
    screenshot(page, f"salin-{name}", full_page=False)
    assert fits(page), name


def test_a_table_in_a_history_scrolls_in_its_own_box(site: Site, office: Office, context_for: ContextFor) -> None:
    case = office.start()
    office.run_until(case, "Task_7b", opd=[OPD])
    sent = office.submit(office.task("Task_7b", OPD), f"opd.{OPD}", **ROWS)
    readers = {width: sign_in(site, context_for, "tu", f"/tugas/{sent.id}", width=width) for width in (1280, 390)}
    for width, page in readers.items():
        expect(page.get_by_text("Capaian kinerja: 12 baris")).to_be_visible()
        box = page.locator(".rows-read")
        assert box.evaluate("one => one.scrollHeight > one.clientHeight && one.clientHeight <= 480")
        looked_at(page, f"tabel-{width}")
        page.goto(f"/pantauan/{case}/Task_7b")
        page.locator(".more summary", has_text="Isian").click()
        page.get_by_text("Capaian kinerja: 12 baris").click()
        looked_at(page, f"pantauan-{width}")
    office.accept(sent.id)
    for width, page in readers.items():
        page.goto(f"/tugas/{office.task('Task_8').id}")
        page.locator(".past summary").first.click()
        page.locator(".past .told summary").first.click()
        looked_at(page, f"riwayat-{width}")


def finished(office: Office, year: int = 2024) -> None:
    case = office.start(tahun=year)
    office.run_until(case, "Task_7b", opd=[OPD])
    sent = office.submit(office.task("Task_7b", OPD, case), f"opd.{OPD}", **ROWS)
    office.accept(sent.id)
    office.finish(case)


def test_an_opd_copies_last_year_without_scripts_on_a_phone(site: Site, office: Office, context_for: ContextFor) -> None:
    finished(office)
    office.run_until(office.start(), "Task_7b", opd=[OPD])
    path = f"/tugas/{office.task('Task_7b', OPD).id}"
    page = sign_in(site, context_for, f"opd.{OPD}", path, javascript=False, **PHONE)
    page.get_by_text("Isian tahun lalu: LAKIP 2024").click()
    expect(page.locator(".source .rows-read")).to_be_visible()
    seen(page, "opd-390")
    page.get_by_role("button", name="Salin dari tahun lalu").click()
    expect(page.get_by_role("status").first).to_contain_text("Disalin dari LAKIP 2024,")
    expect(page.locator("[name='capaian.12.indikator']")).to_have_value(ROWS["capaian.12.indikator"])
    expect(page.locator("[name='capaian.12.realisasi']")).to_have_value("")
    seen(page, "opd-tersalin-390")


def test_tu_uses_a_letter_once_more(site: Site, office: Office, context_for: ContextFor) -> None:
    for year in range(2014, 2025):
        office.start(tahun=year)
    for width in (1280, 390):
        page = sign_in(site, context_for, "tu", "/mulai/sop_02_lakip", width=width)
        page.get_by_text("Pakai surat dari pelaksanaan lain").click()
        looked_at(page, f"surat-{width}")
        page.get_by_label("Cari surat").fill("LAKIP 2014")
        page.get_by_role("button", name="Cari").click()
        page.get_by_label("LAKIP 2014").check()
        page.get_by_role("button", name="Pakai surat ini").click()
        expect(page.get_by_role("status").first).to_contain_text("dilampirkan pada formulir ini")
        expect(page.locator("main")).to_contain_text("Sudah diunggah: berkas_surat.pdf")
        expect(page.locator("#f-nomor_surat")).to_have_value("B/12/M.AA/2026")
        looked_at(page, f"surat-dipakai-{width}")
