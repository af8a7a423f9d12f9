"""The script of tables in a real browser: the buttons in the page, cells pasted from Excel, and the same reading as on the server."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app.forms import initial
from app.forms.pasting import cells_of, read_sheet
from tests.support.browser import ROOT, ContextFor, axe, fits, screenshot

from .made import OPD, PERFORMANCE, cells, component, form_of, table
from .test_page import JINJA

FORM = form_of(
    component("textfield", "hal"),
    table("capaian", *PERFORMANCE, component("datetime", "hari")),
    component("filepicker", "berkas"),
)
SOURCE = JINJA.from_string("""{% from "forms/fields.html" import fields, error_summary -%}
<!doctype html><html lang="id"><head><meta charset="utf-8">
<title>Coba</title><link rel="icon" href="dist/favicon.svg"><meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="dist/app.css"><script type="module" src="dist/app.js"></script></head><body><main class="page"><h1>Coba</h1>
{{ error_summary(problems, form) }}<form method="post" action="sent" enctype="multipart/form-data" novalidate data-warn>
{{ fields(form, values, problems, choices) }}<button class="btn btn-primary">Kirim</button></form></main></body></html>""")
ROW = {"indikator": "A", "target": "10", "realisasi": "8", "polaritas": "rendah"}
PASTE = """([name, text]) => { const data = new DataTransfer(); data.setData('text/plain', text);
  const event = new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true});
  document.getElementsByName(name)[0].dispatchEvent(event); }"""

Show = Callable[..., Page]


@pytest.fixture
def show(tmp_path: Path, serve: Callable[..., str], context_for: ContextFor) -> Show:
    def show_(values: object = None, problems: object = None, **reader: object) -> Page:
        shutil.copytree(ROOT / "app" / "static" / "dist", tmp_path / "dist", dirs_exist_ok=True)
        shutil.copy(ROOT / "frontend" / "src" / "js" / "paste.js", tmp_path)
        page_text = SOURCE.render(form=FORM, values=values or initial(FORM), problems=problems or {}, choices=OPD)
        (tmp_path / "index.html").write_text(page_text, encoding="utf-8")
        page = context_for(serve(tmp_path), **reader).new_page()
        page.goto("/index.html")
        if reader.get("javascript", True):
            page.wait_for_selector("html[data-ready=app]")
        return page

    return show_


def typed(page: Page) -> dict[str, str]:
    """What the form would post for the table, without blanks."""
    found = page.evaluate("[...new FormData(document.forms[0])].filter(([n, v]) => n.startsWith('capaian.') && typeof v === 'string' && v)")
    return {name: value for name, value in found if not (name.endswith("polaritas") and value == "tinggi")}


def test_rows_are_added_and_removed_in_the_page(show: Show) -> None:
    page = show(cells("capaian", ROW, {**ROW, "indikator": "B"}, {**ROW, "indikator": "C"}))
    page.get_by_role("button", name="Tambah baris").click()
    expect(page.locator("tbody tr")).to_have_count(6)
    expect(page.locator("[name='capaian.6.indikator']")).to_be_focused()
    page.get_by_role("button", name="Hapus baris 2").click()
    expect(page.locator("tbody tr")).to_have_count(5)
    assert page.locator("[name='capaian.2.indikator']").input_value() == "C"
    expect(page.get_by_label("Target, baris 2")).to_have_value("10")
    expect(page.get_by_role("button", name="Hapus baris 2")).to_be_focused()
    names = page.eval_on_selector_all("tbody [name]:not(button)", "all => all.map(one => [one.name, one.id])")
    assert all(id == f"f-{name}" for name, id in names) and {int(name.split(".")[1]) for name, _ in names} == set(range(1, 6))


def test_the_problem_of_a_cell_moves_with_its_row(show: Show) -> None:
    page = show(cells("capaian", ROW, {**ROW, "target": "x"}), {"capaian.2.target": "Capaian baris 2, kolom Target: bukan angka."})
    page.get_by_role("button", name="Hapus baris 1").click()
    expect(page.get_by_label("Target, baris 1")).to_have_accessible_description("bukan angka.")


def test_cells_pasted_from_excel_fill_from_where_one_stands(show: Show) -> None:
    page = show()
    page.evaluate(PASTE, ["capaian.2.indikator", "A\t10\t8\tRendah\t99\t12/03/2026\r\nB\t85,5\t\tsedang\r\n" + "C\t1\r\n" * 5])
    found = typed(page)
    assert (found["capaian.2.target"], found["capaian.2.polaritas"], found["capaian.2.hari"]) == ("10", "rendah", "2026-03-12")
    assert (found["capaian.3.target"], found["capaian.3.polaritas"], found["capaian.8.indikator"]) == ("85,5", "sedang", "C")
    assert "capaian.1.indikator" not in found and page.locator("[data-said]").text_content() == "7 baris dimasukkan ke Capaian."


def test_a_pasted_block_begins_at_its_column(show: Show) -> None:
    page = show()
    page.evaluate(PASTE, ["capaian.1.target", "10\t8\n20\t9"])
    assert typed(page) == {"capaian.1.target": "10", "capaian.1.realisasi": "8", "capaian.2.target": "20", "capaian.2.realisasi": "9"}


def test_one_cell_is_pasted_by_the_browser(show: Show) -> None:
    page = show()
    page.evaluate(PASTE, ["capaian.1.indikator", "satu sel saja\r\n"])
    assert typed(page) == {}


def test_the_box_puts_headings_in_their_columns(show: Show) -> None:
    page = show(cells("capaian", ROW))
    page.get_by_text("Tempel dari Excel").click()
    page.locator("[name='capaian._tempel']").fill("No\tTarget\tIndikator\n1\t20\tB\n2\t30\tC")
    page.get_by_role("button", name="Masukkan ke tabel").click()
    found = typed(page)
    assert [found[f"capaian.{n}.indikator"] for n in (1, 2, 3)] == ["A", "B", "C"] and "capaian._tempel" not in found
    assert "Kolom yang tidak dikenal dilewati: No." in (page.locator("[data-said]").text_content() or "")


def test_the_download_leaves_files_out_and_the_page_usable(show: Show) -> None:
    page, posted = show(), []
    page.route("**/sent", lambda route, request: (posted.append(request.post_data_buffer), route.fulfill(status=204)))
    page.set_input_files("[name=berkas]", {"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"isi-berkas"})
    page.get_by_label("Hal", exact=False).first.fill("x")
    with page.expect_request("**/sent"):
        page.get_by_role("button", name="Unduh format isian").click()
    with page.expect_request("**/sent"):
        page.get_by_role("button", name="Kirim").click()
    assert b"unduh:capaian" in posted[0] and b"isi-berkas" not in posted[0] and b"isi-berkas" in posted[1]


def test_without_scripts_the_buttons_post(show: Show) -> None:
    page, posted = show(javascript=False), []
    page.route("**/sent", lambda route, request: (posted.append(request.post_data_buffer), route.fulfill(status=204)))
    with page.expect_request("**/sent"):
        page.get_by_role("button", name="Hapus baris 3").click()
    assert b"hapus:capaian:3" in posted[0]


@pytest.mark.parametrize("width", [1280, 390])
def test_a_filled_table_can_be_read_by_all(show: Show, width: int) -> None:
    problems = {"capaian.2.target": "Capaian baris 2, kolom Target: bukan angka."}
    page = show(cells("capaian", ROW, {**ROW, "target": "x"}, ROW), problems, width=width)
    for more in page.locator("details").all():
        more.locator("summary").click()
    assert fits(page)
    axe(page)
    screenshot(page, f"tabel-{width}")


TEXTS = [
    "Indikator\tTarget\r\nA\t10\r\n",
    "No\tREALISASI\tindikator\tTarget (%)\n1\t8\tA\t10",
    "A\t10\t8\tRendah",
    '"dua\nbaris"\t"kata ""dua"""\nB\t1',
    '"Sehat" itu\tb\n"buka\tc',
    "a;85,5\nb;90",
    "Capaian\n\nTarget\tIndikator\n5\tA\n\t\n",
    "",
    '"',
    '""\t""""\n',
    "Target\tTarget\tIndikator\n1\t2\tA",
]


def test_the_page_and_the_server_read_the_same(show: Show) -> None:
    page = show()
    columns = [{"key": c.key, "names": [c.key, c.label, c.name], "fixed": c.system_set} for c in FORM.tables[0].columns]
    read = """async ([columns, texts]) => { const { cellsOf, readSheet } = await import('/paste.js');
      return texts.map(text => readSheet(columns, cellsOf(text))); }"""
    for text, found in zip(TEXTS, page.evaluate(read, [columns, TEXTS]), strict=True):
        sheet = read_sheet(FORM.tables[0], cells_of(text))
        assert (found["rows"], found["skipped"], found["hasHead"]) == (sheet.rows, sheet.skipped, sheet.has_head), text
