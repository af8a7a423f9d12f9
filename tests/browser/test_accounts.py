"""A forgotten password from the phone call to the first page, on phones, the OPD without scripts; every page on the way checked by axe."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from app.db import Database
from tests.support.browser import ContextFor, axe, fits, screenshot
from tests.support.office import PASSWORD, Office
from tests.support.site import serving_app

OPD = "opd.dinas_kesehatan"
NEW = "perahu-hijau-tujuh-belas"
PHONE = {"width": 390, "height": 844}


def seen(page: Page, name: str) -> None:
    """Looked at by axe and kept as a picture; nothing hangs over the edge."""
    screenshot(page, f"akun-{name}")
    assert fits(page), name
    axe(page)


def sign_in(page: Page, username: str) -> None:
    page.goto("/masuk")
    page.get_by_label("Nama pengguna").fill(username)
    page.get_by_label("Kata sandi").fill(PASSWORD)
    page.get_by_role("button", name="Masuk").click()


def test_a_forgotten_password(sqlite: Database, context_for: ContextFor) -> None:
    with serving_app(sqlite) as site:
        helpers = context_for(site.url, permissions=["clipboard-read", "clipboard-write"], **PHONE)
        tu = helpers.new_page()
        sign_in(tu, "tu")
        tu.get_by_role("link", name="Akun saya").click()
        seen(tu, "saya")
        tu.get_by_role("link", name="Bantu akun OPD").click()
        seen(tu, "daftar-opd")
        tu.get_by_label("Cari").fill("kesehatan")
        tu.get_by_role("button", name="Tampilkan").click()
        tu.get_by_role("link", name="Petugas Dinas Kesehatan").click()
        tu.get_by_role("button", name="Buat kode masuk").click()
        seen(tu, "kode")
        code = tu.locator(".the-code").inner_text()
        tu.get_by_role("button", name="Salin pesan WhatsApp").click()
        expect(tu.get_by_text("Tersalin")).to_be_visible()
        assert code in tu.evaluate("navigator.clipboard.readText()")

        opd = context_for(site.url, javascript=False, **PHONE).new_page()
        opd.goto("/masuk")
        opd.get_by_role("link", name="Masuk dengan kode").click()
        opd.get_by_label("Nama pengguna").fill(OPD)
        opd.get_by_label("Kode").fill(code.lower())
        opd.get_by_role("button", name="Masuk").click()
        expect(opd.locator("h1")).to_have_text("Buat kata sandi")
        opd.get_by_label("Kata sandi baru", exact=True).fill(NEW)
        opd.get_by_label("Ulangi kata sandi baru").fill(NEW)
        opd.get_by_role("button", name="Simpan kata sandi").click()
        expect(opd.get_by_text("Kata sandi baru berlaku.")).to_be_visible()


def test_the_pages_of_an_admin(sqlite: Database, context_for: ContextFor) -> None:
    office = Office(sqlite)
    with serving_app(sqlite) as site:
        for width in (1280, 390):
            page = context_for(site.url, width=width).new_page()
            sign_in(page, "admin")
            person = f"/pengguna/{office.actor('kabag').id}"
            for name, path in (("daftar", "/pengguna"), ("baru", "/pengguna/baru"), ("orang", person), ("sandi", "/kata-sandi")):
                page.goto(path)
                seen(page, f"{name}-{width}")
            page.goto(f"{person}/ubah")
            page.get_by_label("Nama lengkap").fill("")
            page.get_by_role("button", name="Simpan perubahan").click()
            expect(page.get_by_role("link", name="Nama belum diisi.")).to_be_visible()
            seen(page, f"ubah-{width}")
