"""Opened, reminded, by keyboard alone: what OPD and TU do in a real browser while documents are collected."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Page, expect

from app import demo
from tests.support.browser import ContextFor, axe, fits, screenshot
from tests.support.office import ANSWERS, PDF, Office
from tests.support.site import Site, sign_in

PHONE = {"width": 390, "height": 844}
THREE = ["dinas_kesehatan", "dinas_p3ap2kb", "setda"]
HERE = "/pantauan/1/Task_7b"


@pytest.fixture
def office(site: Site) -> Office:
    """Three OPD are asked."""
    found = Office(site.database)
    found.run_until(found.start(), "Task_7b", opd=THREE)
    return found


def reminded(office: Office) -> list[str]:
    told = [json.loads(event.data) for event in office.events(1) if event.kind == "reminded"]
    return [f"{one['channel']} {one['message']}".strip() for one in told]


def test_an_opd_that_opens_its_task_is_seen_to_have_opened_it(site: Site, office: Office, context_for: ContextFor) -> None:
    with_scripts = sign_in(site, context_for, "opd.setda")
    with with_scripts.expect_response(re.compile("/dibuka$")) as told:
        with_scripts.goto(f"/tugas/{office.task('Task_7b', 'setda').id}")
    assert told.value.status == 204
    without = sign_in(site, context_for, "opd.dinas_kesehatan", javascript=False)
    without.goto(f"/tugas/{office.task('Task_7b', 'dinas_kesehatan').id}")
    tu = sign_in(site, context_for, "tu")
    tu.goto(HERE)
    expect(tu.locator("#opd-setda")).to_contain_text("Sudah dibuka hari ini")
    expect(tu.locator("#opd-dinas_kesehatan")).to_contain_text("Belum dibuka")
    axe(tu)


def test_a_copied_message_is_recorded_once(site: Site, office: Office, context_for: ContextFor) -> None:
    page = sign_in(site, context_for, "tu", permissions=["clipboard-read", "clipboard-write"])
    page.goto(f"{HERE}?alat=pesan")
    message = page.locator("form[data-reminds]").last
    message.get_by_role("button", name="Salin pesan").click()
    expect(message.get_by_role("status").last).to_have_text("Pengingat tercatat")
    assert "3. Sekretariat Daerah" in page.evaluate("navigator.clipboard.readText()")
    message.get_by_role("button", name=re.compile("Tersalin|Salin pesan")).click()
    page.reload()
    expect(page.locator("main")).to_contain_text(re.compile("Pengingat terakhir .*, WhatsApp, oleh Siti Aminah"))
    assert reminded(office) == ["whatsapp belum"]


def test_without_scripts_a_button_records_it(site: Site, office: Office, context_for: ContextFor) -> None:
    page = sign_in(site, context_for, "tu", javascript=False)
    page.goto(f"{HERE}?alat=pesan")
    page.get_by_role("button", name=re.compile("Catat pengingat sudah dikirim.*Surat")).click()
    expect(page.get_by_role("status").first).to_have_text("Pengingat tercatat.")
    assert reminded(office) == ["whatsapp surat"]


def test_a_letter_is_made_and_printed_on_paper(site: Site, context_for: ContextFor) -> None:
    office = Office(site.database)
    office.run_until(office.start(), "Task_7b", opd=[unit[0] for unit in demo.UNITS])
    page = sign_in(site, context_for, "tu")
    page.goto(f"{HERE}?alat=surat")
    page.locator("#alat-surat").get_by_role("button", name="Buat surat pengingat").click()
    expect(page.locator("h1")).to_have_text("Surat pengingat")
    page.get_by_label("Nomor surat").fill("061/ORG/88")
    page.get_by_role("button", name="Tulis pada surat").click()
    expect(page.locator("article").first).to_contain_text("061/ORG/88")
    for width, height in ((1280, 900), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        assert fits(page)
        screenshot(page, f"surat-pengingat-{width}")
        axe(page)
    paper = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type /Page\b", paper)) == 2  # the letter, and all 39 OPD on one sheet
    assert reminded(office) == ["surat"]


# -- by keyboard alone --


def go_to(page: Page, selector: str, limit: int = 120) -> None:
    """By Tab; at every stop something shows where one is, on the screen."""
    for _ in range(limit):
        page.keyboard.press("Tab")
        stop = page.evaluate("""selector => {
          const one = document.activeElement;
          const box = one.getBoundingClientRect();
          const shown = getComputedStyle(one).outlineStyle !== 'none' && box.bottom > 0 && box.top < innerHeight;
          return {there: one.matches(selector), seen: one === document.body || shown, what: one.outerHTML.slice(0, 200)};
        }""", selector)  # fmt: skip
        assert stop["seen"], stop["what"]
        if stop["there"]:
            return
    raise AssertionError(f"Tab never reaches {selector}")


def skip_to_content(page: Page) -> None:
    go_to(page, ".skip-link", 1)
    page.keyboard.press("Enter")
    expect(page.locator("#isi")).to_be_focused()


def test_an_opd_fills_in_table_and_file_by_keyboard_alone(site: Site, office: Office, context_for: ContextFor) -> None:
    page = sign_in(site, context_for, "opd.setda")
    page.goto(f"/tugas/{office.task('Task_7b', 'setda').id}")
    page.on("filechooser", lambda _chooser: None)  # the browser hands choosers over from now on, and not a moment after the key
    skip_to_content(page)
    go_to(page, "#f-berkas_dokumen")
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files({"name": "LKjIP.pdf", "mimeType": "application/pdf", "buffer": PDF})
    for key in ("indikator", "target", "realisasi"):
        go_to(page, f'[name="capaian.1.{key}"]')
        page.keyboard.type(str(ANSWERS["Task_7b"][f"capaian.1.{key}"]))
    go_to(page, '[name="capaian.1.polaritas"]')
    page.keyboard.press("ArrowDown")
    go_to(page, 'button[value="tambah:capaian"]')
    page.keyboard.press("Enter")
    expect(page.locator('[name="capaian.6.sasaran"]')).to_be_focused()
    go_to(page, 'button[value="hapus:capaian:6"]')
    page.keyboard.press("Space")
    expect(page.locator('button[value="hapus:capaian:5"]')).to_be_focused()
    go_to(page, ".send .btn-primary")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Terkirim")


def test_tu_accepts_by_keyboard_alone(site: Site, office: Office, context_for: ContextFor) -> None:
    for opd in THREE[:2]:
        office.submit(office.task("Task_7b", opd), f"opd.{opd}", **ANSWERS["Task_7b"])
    page = sign_in(site, context_for, "tu")
    page.goto(HERE)
    skip_to_content(page)
    go_to(page, "#centang-semua")
    page.keyboard.press("Space")
    expect(page.locator("[data-check-count]")).to_have_text("3 dari 3 dipilih")
    page.keyboard.press("Shift+Tab")
    for _ in range(40):
        if page.evaluate("document.activeElement.matches('.tools .btn-primary')"):
            break
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("2 kiriman OPD diterima.")
    expect(page.locator("main")).to_contain_text("Sudah diterima 2 dari 3 OPD")


@pytest.mark.parametrize("screen", [{"width": 1280, "height": 900}, PHONE], ids=["1280", "390"])
def test_pantauan_is_accessible_with_its_tools_open(site: Site, office: Office, context_for: ContextFor, screen: dict[str, int]) -> None:
    page = sign_in(site, context_for, "tu", **screen)
    for tool in ("surat", "pesan"):
        page.goto(f"{HERE}?alat={tool}")
        assert fits(page)
        screenshot(page, f"pantauan-{tool}-{screen['width']}")
        axe(page)


def test_without_scripts_a_new_row_has_the_focus_and_a_problem_takes_it(site: Site, office: Office, context_for: ContextFor) -> None:
    page = sign_in(site, context_for, "opd.setda", javascript=False)
    page.goto(f"/tugas/{office.task('Task_7b', 'setda').id}")
    page.locator('button[value="tambah:capaian"]').click()
    expect(page.locator('[name="capaian.6.sasaran"]')).to_be_focused()
    page.locator(".send .btn-primary").click()
    expect(page.locator("#ringkasan-kesalahan")).to_be_focused()
