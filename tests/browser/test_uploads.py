"""A large file over a weak line: it goes while one types, survives a broken line and a reload, and the form waits for it."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from app.models import Attachment
from app.uploads import PIECE
from tests.support.browser import ContextFor, axe, screenshot
from tests.support.office import PASSWORD, PDF, Office
from tests.support.site import Site

PIECES = re.compile(r"/unggahan/[^/]+/\d+$")
CONTENT = PDF + bytes(range(256)) * (6 * PIECE // 256)


@pytest.fixture
def form(site: Site, context_for: ContextFor) -> Page:
    """Kasubbag on a phone, before the form that takes a file."""
    office = Office(site.database)
    office.run_until(office.start(), "Task_4a")
    page = context_for(site.url, width=390, height=844).new_page()
    page.goto("/masuk")
    page.get_by_label("Nama pengguna").fill("kasubbag")
    page.get_by_label("Kata sandi").fill(PASSWORD)
    page.get_by_role("button", name="Masuk").click()
    page.on("dialog", lambda dialog: dialog.accept())  # leaving while a file is on its way is asked about
    page.goto(f"/tugas/{office.task('Task_4a').id}")
    page.wait_for_selector("html[data-ready=app]")
    return page


class Line:
    """The line of the pieces: which of them get through. held: those that wait."""

    def __init__(self, page: Page) -> None:
        self.through: list[int] = []
        self.tried: list[int] = []
        self.held: list[Route] = []
        self.fails = lambda offset: False
        self.holds = lambda offset: False
        page.route(PIECES, self._take)

    def _take(self, route: Route) -> None:
        offset = int(route.request.url.rsplit("/", 1)[1])
        self.tried.append(offset // PIECE)
        if self.holds(offset):
            self.held.append(route)
        elif self.fails(offset):
            route.abort()
        else:
            self.through.append(offset // PIECE)
            route.continue_()


def test_six_megabytes_over_a_line_that_breaks(site: Site, form: Page, tmp_path: Path) -> None:
    file = tmp_path / "Laporan Kinerja Instansi Pemerintah Kabupaten Bintan Tahun 2025 (final).pdf"
    file.write_bytes(CONTENT)
    line = Line(form)
    line.fails = lambda offset: line.tried == [0, 1] or offset >= 3 * PIECE
    form.get_by_label(re.compile("^Hal surat")).fill("Permintaan LAKIP OPD")
    form.locator("input[type=file]").set_input_files(file)
    expect(form.locator(".upload-words")).to_contain_text("Mengunggah Laporan Kinerja")
    expect(form.locator(".upload-state")).to_have_text("Sambungan terputus; dilanjutkan otomatis.")
    expect(form.locator(".upload-words")).to_contain_text("3 dari 6 MB")
    assert line.tried[:4] == [0, 1, 1, 2]  # the piece that failed came again
    form.locator(".upload").scroll_into_view_if_needed()
    screenshot(form, "uploads-terputus-390", full_page=False)
    axe(form)

    form.reload()
    expect(form.get_by_label(re.compile("^Hal surat"))).to_have_value("Permintaan LAKIP OPD")
    expect(form.locator("[data-stopped]")).to_contain_text("berhenti pada 3,0 MB dari 6,0 MB. Pilih berkas yang sama untuk melanjutkannya.")
    form.locator("[data-stopped]").scroll_into_view_if_needed()
    screenshot(form, "uploads-dilanjutkan-390", full_page=False)
    axe(form)

    line.tried.clear()
    line.fails, line.holds = lambda offset: False, lambda offset: offset >= 6 * PIECE
    form.locator("input[type=file]").set_input_files(file)
    form.get_by_label(re.compile("^Batas waktu")).fill("2031-03-12")
    form.get_by_label("Dinas Kesehatan").check()
    button = form.get_by_role("button", name=re.compile("^Kirim ke"))
    button.click()
    waiting = form.get_by_role("button", name="Menunggu unggahan selesai…")
    expect(waiting).to_be_visible()
    expect(form.locator(".upload-words")).to_contain_text("6 dari 6 MB")
    waiting.scroll_into_view_if_needed()
    screenshot(form, "uploads-menunggu-390", full_page=False)
    axe(form)
    with form.expect_request(lambda request: request.method == "POST" and request.url.endswith(form.url.rsplit("/", 1)[1])) as sent:
        line.held[0].continue_()
    expect(form.locator("h1")).to_contain_text("Tugas selesai")
    assert line.tried == [3, 4, 5, 6]  # nothing that had arrived was sent again
    assert len(sent.value.post_data_buffer or b"") < 10_000  # and the form itself carried no file
    with site.database.reading() as session:
        kept = session.query(Attachment).filter_by(filename=file.name).one()
    assert (kept.size, kept.digest, kept.draft_token) == (len(CONTENT), sha256(CONTENT).hexdigest(), None)


def test_a_refused_file_says_why_one_called_off_is_gone_and_one_done_is_listed(form: Page, tmp_path: Path) -> None:
    wrong, file = tmp_path / "salah.pdf", tmp_path / "LKjIP.pdf"
    wrong.write_bytes(b"<html>" + b" " * 2 * PIECE)
    file.write_bytes(CONTENT[: 2 * PIECE])
    chosen = form.locator("input[type=file]")
    chosen.set_input_files(wrong)
    expect(form.get_by_role("alert")).to_have_text("Isi berkas “salah.pdf” bukan PDF.")
    expect(chosen).to_have_value("")
    form.get_by_role("alert").scroll_into_view_if_needed()
    screenshot(form, "uploads-ditolak-390", full_page=False)
    axe(form)

    line = Line(form)
    line.holds = lambda offset: True
    chosen.set_input_files(file)
    form.get_by_role("button", name="Batalkan unggahan").click()
    expect(form.locator(".upload")).to_have_count(0)
    expect(chosen).to_have_value("")

    line.holds = lambda offset: False
    chosen.set_input_files(file)
    link = form.get_by_role("link", name="LKjIP.pdf")
    expect(link).to_be_visible()
    form.set_viewport_size({"width": 1280, "height": 900})
    link.scroll_into_view_if_needed()
    screenshot(form, "uploads-selesai-1280", full_page=False)
    axe(form)
    assert form.request.get(link.get_attribute("href") or "").body() == CONTENT[: 2 * PIECE]
