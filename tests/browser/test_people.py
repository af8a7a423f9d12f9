"""People in a real browser: a leader on a phone, an ajudan with a paper, a clerk without a mouse, somebody whose work is kept for them."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from app.models import SignIn
from tests.support.browser import ContextFor, axe, fits, screenshot
from tests.support.office import PASSWORD, Office
from tests.support.site import Site

PHONE = {"width": 390, "height": 844}
JPG = b"\xff\xd8\xff\xe0" + b"0" * 64


def sign_in(site: Site, context_for: ContextFor, username: str, **screen: int) -> Page:
    page = context_for(site.url, **screen).new_page()
    page.goto("/masuk")
    enter(page, username)
    return page


def enter(page: Page, username: str) -> None:
    page.get_by_label("Nama pengguna").fill(username)
    page.get_by_label("Kata sandi").fill(PASSWORD)
    page.get_by_role("button", name="Masuk").click()
    expect(page.get_by_role("button", name="Keluar").first).to_be_visible()


def no_sideways(page: Page) -> None:
    assert fits(page)


def looked_at(page: Page, name: str) -> None:
    screenshot(page, f"people-{name}")
    axe(page)


def test_the_sekda_decides_on_a_phone(site: Site, office: Office, context_for: ContextFor) -> None:
    case = office.start()
    office.run_until(case, "Task_5b")
    page = sign_in(site, context_for, "sekda", **PHONE)
    expect(page.locator("h1")).to_have_text("Menunggu keputusan Anda")
    expect(page.locator("iframe")).to_be_visible()
    no_sideways(page)
    looked_at(page, "sekda-390")
    for button in page.locator(".decision button").all():
        box = button.bounding_box()
        assert box and box["height"] >= 44
    page.get_by_role("button", name=re.compile("^Kembalikan")).click()
    expect(page.locator("#ringkasan-kesalahan")).to_contain_text("Catatan perbaikan belum diisi.")
    looked_at(page, "sekda-390-tanpa-catatan")
    page.get_by_role("button", name=re.compile("^Setuju")).click()
    expect(page.locator("h1")).to_contain_text("Tugas selesai")
    assert [task.element for task in office.open(case)] == ["Task_6"]


def test_the_document_lies_in_the_page_and_the_browser_draws_it(site: Site, office: Office, context_for: ContextFor) -> None:
    """The browser's own viewer starts only where our policies let it; a refusal would be told on the console, and fail the test."""
    office.run_until(office.start(), "Task_5b")
    page = sign_in(site, context_for, "sekda")
    with page.expect_response(re.compile(r"/berkas/.*/lihat")) as shown:
        page.reload()
        page.locator("iframe").scroll_into_view_if_needed()
    assert shown.value.status == 200
    looked_at(page, "sekda-1280")


def test_an_ajudan_records_what_the_bupati_signed(site: Site, office: Office, context_for: ContextFor) -> None:
    case = office.start()
    office.run_until(case, "Task_10c", opd=["setda"])
    page = sign_in(site, context_for, "ajudan", **PHONE)
    page.get_by_role("link", name=re.compile("Menandatangani")).click()
    expect(page.locator("h1")).to_have_text("Catat keputusan pada naskah fisik")
    no_sideways(page)
    looked_at(page, "ajudan-mencatat-390")
    page.get_by_role("button", name="Catat keputusan").click()
    expect(page.locator("#ringkasan-kesalahan")).to_be_focused()
    looked_at(page, "ajudan-mencatat-salah-390")
    page.get_by_label("Setuju, naskah ditandatangani").check()
    page.get_by_label("Tanggal kejadian").fill(page.evaluate("new Date().toLocaleDateString('sv', {timeZone: 'Asia/Jakarta'})"))
    page.get_by_label("Foto atau pindaian naskah").set_input_files({"name": "paraf.jpg", "mimeType": "image/jpeg", "buffer": JPG})
    page.get_by_role("button", name="Catat keputusan").click()
    expect(page.locator("main")).to_contain_text("Disetujui Bupati pada naskah fisik")
    expect(page.locator("main")).to_contain_text("dicatat oleh Bayu Pratama, Ajudan Bupati")
    looked_at(page, "ajudan-selesai-390")
    assert [task.element for task in office.open(case)] == ["Task_11"]


def press_until(page: Page, selector: str, limit: int = 60) -> None:
    for _ in range(limit):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab never reaches {selector}")


def test_a_task_by_keyboard_alone(site: Site, office: Office, context_for: ContextFor) -> None:
    case = office.start()
    page = context_for(site.url).new_page()
    page.goto("/masuk")
    for selector, text in (("#nama_pengguna", "tu"), ("#kata_sandi", PASSWORD)):
        if not page.evaluate("selector => document.activeElement.matches(selector)", selector):
            press_until(page, selector)
        page.keyboard.type(text)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Tugas Saya")
    press_until(page, ".skip-link")
    page.keyboard.press("Enter")
    press_until(page, "a[href*='kotak=kelompok']")
    page.keyboard.press("Enter")
    expect(page.locator(".row-link")).to_have_count(1)
    press_until(page, ".row-link")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Mengagendakan dan memilah surat masuk")
    press_until(page, "#f-nomor_agenda")
    page.keyboard.type("045/2026")
    press_until(page, ".send .btn-primary")
    expect(page.locator(":focus")).to_have_css("outline-style", "solid")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Tugas selesai")
    assert [task.element for task in office.open(case)] == ["Task_3a"]


def test_what_is_typed_is_saved_on_its_own(site: Site, office: Office, context_for: ContextFor) -> None:
    office.start()
    page = context_for(site.url).new_page()
    page.clock.install()
    page.goto(f"/tugas/{office.task('Task_2').id}")
    enter(page, "tu")
    page.locator("#f-nomor_agenda").fill("045/setengah")
    status = page.locator("[data-autosave-status]")
    expect(status).to_have_text("")
    page.clock.run_for(21_000)
    expect(status).to_have_text(re.compile(r"^Tersimpan pukul \d\d\.\d\d WIB$"))
    looked_at(page, "tersimpan-sendiri")
    page.goto("/tugas")  # without a question: nothing is unsaved
    page.goto(f"/tugas/{office.task('Task_2').id}")
    expect(page.locator("#f-nomor_agenda")).to_have_value("045/setengah")


def test_saving_works_without_scripts_and_after_the_session_ended(site: Site, office: Office, context_for: ContextFor) -> None:
    office.start()
    page = context_for(site.url, javascript=False).new_page()
    page.goto(f"/tugas/{office.task('Task_2').id}")
    enter(page, "tu")
    page.locator("#f-nomor_agenda").fill("045/tanpa skrip")
    page.get_by_role("button", name="Simpan sementara").click()
    expect(page.get_by_role("status").first).to_contain_text("Tersimpan pukul")
    expect(page.locator("#f-nomor_agenda")).to_have_value("045/tanpa skrip")
    with site.database.transaction() as session:
        session.query(SignIn).delete()
    page.locator("#f-nomor_agenda").fill("045/lebih lanjut")
    page.get_by_role("button", name=re.compile("^Kirim")).click()
    expect(page.get_by_role("status")).to_contain_text("isian Anda masih tersimpan")
    screenshot(page, "people-sesi-berakhir")
    enter(page, "tu")
    expect(page.get_by_role("status").first).to_contain_text("Isian Anda masih tersimpan.")
    expect(page.locator("#f-nomor_agenda")).to_have_value("045/lebih lanjut")


def test_a_step_is_taken_back_and_a_slip_is_printed(site: Site, office: Office, context_for: ContextFor) -> None:
    case = office.start()
    office.run_until(case, "Task_4a")
    done = office.do(case, "Task_4a")
    page = sign_in(site, context_for, "kasubbag", **PHONE)
    page.goto(f"/tugas/{done.id}")
    page.locator(".take-back summary", has_text="Tarik kembali").click()
    page.get_by_label("Alasan").fill("Salah lampiran.")
    looked_at(page, "tarik-kembali-390")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Tarik kembali").click()
    expect(page.get_by_role("status").first).to_contain_text("Kiriman ditarik kembali")
    expect(page.locator("body")).to_contain_text("Sudah diunggah: konsep_surat.pdf")
    page.get_by_role("link", name="Cetak lembar untuk map").click()
    expect(page.locator("h1")).to_have_text(re.compile("Lembar", re.IGNORECASE))
    no_sideways(page)
    looked_at(page, "lembar-390")
    page.emulate_media(media="print")
    screenshot(page, "people-lembar-cetak")
