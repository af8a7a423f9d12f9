"""A personal token from Akun saya to a program and back, at both widths."""

from __future__ import annotations

from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import ContextFor, axe, fits, screenshot
from tests.support.office import PASSWORD, Office
from tests.support.rest import bearer, make_token
from tests.support.site import Site

LONG = "Camunda Modeler pada laptop kantor yang dipakai bergantian oleh para analis kebijakan di ruang rapat lantai dua"[:100]


def seen(page: Page, name: str) -> None:
    screenshot(page, f"token-{name}")
    assert fits(page), name
    axe(page)


def sign_in(page: Page) -> None:
    page.goto("/masuk")
    page.get_by_label("Nama pengguna").fill("analis")
    page.get_by_label("Kata sandi").fill(PASSWORD)
    page.get_by_role("button", name="Masuk").click()
    page.goto("/akun")


def status_of(site: Site, token: str) -> int:
    try:
        with urlopen(Request(f"{site.url}/engine-rest/version", headers=bearer(token)), timeout=5) as answer:
            return int(answer.status)
    except HTTPError as error:
        return error.code


@pytest.mark.parametrize("width", [1280, 390])
def test_a_token_is_made_copied_used_and_revoked(site: Site, context_for: ContextFor, width: int) -> None:
    office = Office(site.database)
    make_token(office, "analis", "baca", name=LONG)
    page = context_for(site.url, width=width, permissions=["clipboard-read", "clipboard-write"]).new_page()
    sign_in(page)
    seen(page, f"akun-{width}")
    page.get_by_role("link", name="Buat token").click()
    page.get_by_role("button", name="Buat token").click()
    expect(page.get_by_role("link", name="Nama token belum diisi.")).to_be_visible()
    seen(page, f"salah-{width}")
    page.get_by_label("Nama token").fill("Camunda Modeler")
    page.get_by_label("Yang boleh dilakukan").select_option("terbit")
    page.get_by_label("Kata sandi Anda").fill(PASSWORD)
    page.get_by_role("button", name="Buat token").click()
    page.get_by_role("button", name="Salin token").click()
    expect(page.get_by_text("Tersalin")).to_be_visible()
    seen(page, f"baru-{width}")
    token = page.evaluate("navigator.clipboard.readText()")
    assert status_of(site, token) == 200
    page.goto("/akun")
    expect(page.locator("main")).to_contain_text("terakhir dipakai hari ini")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Cabut token Camunda Modeler", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("Token “Camunda Modeler” dicabut.")
    seen(page, f"dicabut-{width}")
    assert status_of(site, token) == 401
