"""Raw answers of a survey in a real browser: a large file, a wrong one on a phone, checked by axe."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from app.db import Database
from tests.support.browser import ContextFor, axe, screenshot
from tests.support.office import PASSWORD
from tests.support.site import Site, serving_app
from tests.support.surveys import KEY, deploy_survey
from tests.test_survey_answers import GOOD, large, text_of


@pytest.fixture
def site(sqlite: Database) -> Iterator[Site]:
    with serving_app(sqlite) as found:
        deploy_survey(found.database)
        yield found


def opened(site: Site, context_for: ContextFor, **reader: object) -> Page:
    page = context_for(site.url, **reader).new_page()
    page.goto(f"/mulai/{KEY}")
    page.get_by_label("Nama pengguna").fill("tu")
    page.get_by_label("Kata sandi").fill(PASSWORD)
    page.get_by_role("button", name="Masuk").click()
    page.get_by_text("Unggah jawaban survei").click()
    return page


def upload(page: Page, path: Path) -> None:
    page.get_by_label("Jawaban mentah (CSV atau .xlsx)").set_input_files(path)
    page.get_by_role("button", name="Hitung dari jawaban").click()


def test_a_file_of_more_than_a_megabyte_fills_a_row(site: Site, context_for: ContextFor, tmp_path: Path) -> None:
    """It is read at once: not sent in pieces, as the files of a form are."""
    file = tmp_path / "jawaban.csv"
    file.write_bytes(large(100_000, random.Random(7))[1])
    assert file.stat().st_size > 1 << 20
    page = opened(site, context_for)
    page.get_by_label("Layanan, baris 1").fill("Pelayanan kartu tanda penduduk elektronik")
    upload(page, file)
    expect(page.get_by_text("Jawaban 100.000 responden masuk ke Unit layanan baris 1.")).to_be_visible()
    expect(page.get_by_label("Layanan, baris 1")).to_have_value("Pelayanan kartu tanda penduduk elektronik")
    expect(page.locator("tbody tr").first.get_by_text("C (Kurang baik)")).to_be_visible()
    page.locator("[data-table=unit]").scroll_into_view_if_needed()
    screenshot(page, "survei-terisi", full_page=False)
    axe(page)


def test_what_takes_longer_than_a_second_says_so(site: Site, context_for: ContextFor, tmp_path: Path) -> None:
    """The line is held back: 100 000 rows are read in less. The answer goes to a frame: a page on its way cannot be looked at."""
    file = tmp_path / "jawaban.csv"
    file.write_bytes(large(100_000, random.Random(7))[1])
    page = opened(site, context_for, width=390, height=844)
    held: list[Route] = []
    page.route(f"**/mulai/{KEY}", lambda route: held.append(route) if route.request.method == "POST" else route.continue_())
    page.evaluate("document.body.append(Object.assign(document.createElement('iframe'), {name: 'samping', title: 'samping'}))")
    page.evaluate("document.querySelector('form[data-autosave]').target = 'samping'")
    upload(page, file)
    expect(page.get_by_role("progressbar", name="Membaca jawaban.csv")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="“jawaban.csv” (2,2 MB) sedang dikirim dan dibaca")).to_be_visible()
    expect(page.get_by_text("2 detik")).to_be_visible()
    page.get_by_role("progressbar").scroll_into_view_if_needed()
    screenshot(page, "survei-dibaca-390", full_page=False)
    axe(page)
    held.pop().abort()


def test_what_is_wrong_in_a_file_is_listed_beside_it(site: Site, context_for: ContextFor, tmp_path: Path) -> None:
    file = tmp_path / "jawaban.csv"
    file.write_text(text_of([GOOD, *[[5, "baik", *GOOD[2:]]] * 12]), "utf-8")
    page = opened(site, context_for, width=390, height=844)
    upload(page, file)
    page.get_by_role("link", name="Baris 3, kolom U2: “baik” bukan nilai 1, 2, 3, atau 4.").click()
    expect(page.locator("[data-table=unit] li", has_text="Baris 3, kolom U2")).to_be_in_viewport()
    expect(page.locator("[data-table=unit] li", has_text="Dan 4 lagi.")).to_be_visible()
    screenshot(page, "survei-keliru", full_page=False)
    axe(page)
