"""The small comforts of app.js, each on a page that would work without it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Dialog, Page, expect

from tests.support.browser import ROOT, ContextFor, axe, screenshot

PAGE = """<!doctype html>
<html lang="id"><head><meta charset="utf-8"><title>Coba</title><link rel="icon" href="dist/favicon.svg">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="dist/app.css"><script type="module" src="dist/app.js"></script></head>
<body><a class="skip-link" href="#isi">Langsung ke isi</a><main class="page" id="isi"><h1>Coba</h1>{body}</main></body></html>"""

BOX = '<div class="form-check"><input class="form-check-input" type="checkbox" id="{id}" {more}> <label for="{id}">{label}</label></div>'
CHECKLIST = (
    '<form method="post" action="sent"><fieldset><legend>OPD</legend>'
    '<label class="form-label" for="cari">Cari</label><input class="form-control" id="cari" type="text" data-filter>'
    + BOX.format(id="semua", label="Semua", more='data-check-all="opd"')
    + BOX.format(id="a", label="Dinas Kesehatan", more='name="opd" value="1"')
    + BOX.format(id="b", label="Dinas Perhubungan", more='name="opd" value="2"')
    + BOX.format(id="c", label="Badan Kepegawaian", more='name="opd" value="3"')
    + '<output data-check-count="opd"></output></fieldset><button class="btn btn-primary" type="submit">Terima</button></form>'
)


@pytest.fixture
def show(tmp_path: Path, serve: Callable[..., str], context_for: ContextFor) -> Callable[..., Page]:
    """A page with this body; what it posts to `sent` is kept in `page.posted` and answered with 204, so that the page stays."""

    def show_(body: str, **reader: object) -> Page:
        shutil.copytree(ROOT / "app" / "static" / "dist", tmp_path / "dist", dirs_exist_ok=True)
        (tmp_path / "index.html").write_text(PAGE.format(body=body), encoding="utf-8")
        page = context_for(serve(tmp_path, None), **reader).new_page()
        page.goto("/index.html")
        page.wait_for_selector("html[data-ready=app]")
        return page

    return show_


def posts_of(page: Page) -> list[str]:
    posted: list[str] = []

    def keep(route: object, request: object) -> None:
        posted.append(request.post_data or "")  # type: ignore[attr-defined]
        route.fulfill(status=204)  # type: ignore[attr-defined]

    page.route("**/sent", keep)
    return posted


def test_a_question_refused_sends_nothing(show: Callable[..., Page]) -> None:
    page = show('<form method="post" action="sent"><button type="submit" data-confirm="Batalkan pelaksanaan ini?">Batalkan</button></form>')
    posted, asked = posts_of(page), []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.dismiss() if len(asked) == 1 else dialog.accept()

    page.on("dialog", answer)
    page.get_by_role("button").click()
    page.wait_for_timeout(100)
    assert (asked, posted) == (["Batalkan pelaksanaan ini?"], [])

    with page.expect_request("**/sent"):
        page.get_by_role("button").click()
    assert len(posted) == 1


def test_a_second_press_sends_nothing_and_the_first_keeps_its_value(show: Callable[..., Page]) -> None:
    page = show('<form method="post" action="sent"><button type="submit" name="keputusan" value="ya">Setuju</button></form>')
    posted = posts_of(page)
    button = page.get_by_role("button")

    with page.expect_request("**/sent"):
        button.click()
    button.dispatch_event("click")
    page.wait_for_timeout(150)

    assert posted == ["keputusan=ya"]
    assert button.get_attribute("aria-disabled") == "true"


def test_the_error_summary_takes_focus(show: Callable[..., Page]) -> None:
    page = show('<div id="ringkasan-kesalahan"><h2>Ada yang perlu diperbaiki</h2><a href="#isi">Tanggal belum diisi</a></div>')

    expect(page.locator("#ringkasan-kesalahan")).to_be_focused()


def test_copying_says_so(show: Callable[..., Page]) -> None:
    page = show(
        '<button type="button" data-copy="Mohon LAKIP" data-js-only hidden>Salin pesan</button>',
        permissions=["clipboard-read", "clipboard-write"],
    )

    page.get_by_role("button").click()

    expect(page.get_by_role("button", name="Tersalin")).to_have_attribute("aria-live", "polite")
    assert page.evaluate("navigator.clipboard.readText()") == "Mohon LAKIP"


def test_leaving_with_unsent_words_is_asked_about(show: Callable[..., Page]) -> None:
    page = show(
        '<form method="post" action="sent" data-warn><label>Catatan <input name="catatan"></label></form><a href="index.html?lain">Lain</a>'
    )
    kinds: list[str] = []

    def answer(dialog: Dialog) -> None:
        kinds.append(dialog.type)
        dialog.accept()

    page.on("dialog", answer)
    page.get_by_role("textbox").fill("belum dikirim")
    page.get_by_role("link", name="Lain", exact=True).click()
    page.wait_for_url("**/index.html?lain")
    assert kinds == ["beforeunload"]

    page.get_by_role("link", name="Lain", exact=True).click()  # nothing typed: nothing asked
    page.wait_for_load_state()
    assert kinds == ["beforeunload"]


def test_a_long_checklist_is_filtered_and_ticked_as_seen(show: Callable[..., Page]) -> None:
    page = show(CHECKLIST)

    page.get_by_label("Cari").fill("dinas")
    expect(page.get_by_label("Badan Kepegawaian")).to_be_hidden()
    page.get_by_label("Semua").check()

    expect(page.locator("output")).to_have_text("2 dari 3 dipilih")
    page.get_by_label("Cari").fill("")
    expect(page.get_by_label("Badan Kepegawaian")).not_to_be_checked()
    expect(page.get_by_label("Dinas Kesehatan")).to_be_checked()


@pytest.mark.parametrize("width", [1280, 390])
def test_the_look_of_base_elements_is_accessible(show: Callable[..., Page], width: int) -> None:
    states = "".join(
        f'<span class="state state-{word}">{word}</span> ' for word in ("selesai", "berjalan", "dikembalikan", "terlambat", "belum")
    )
    icons = "".join(
        f'<svg class="icon" aria-hidden="true"><use href="dist/icons.svg#{name}"/></svg>' for name in ("inbox", "bell", "route")
    )
    buttons = "".join(
        f'<button type="button" class="btn btn-{kind}">{kind}</button> '
        for kind in ("primary", "outline-primary", "outline-secondary", "outline-danger", "link")
    )
    table = (
        '<table class="table table-hover"><thead><tr><th>SOP</th><th class="number">Menit</th></tr></thead>'
        '<tbody><tr><td>02 LAKIP</td><td class="number">60</td></tr></tbody></table>'
    )
    alerts = "".join(f'<div class="alert alert-{kind}">Pesan {kind}</div>' for kind in ("success", "info", "warning", "danger"))
    page = show(f"<p>{states}</p><p>{icons} {buttons}</p>{table}{alerts}{CHECKLIST}", width=width)

    axe(page)
    assert page.evaluate("document.fonts.check('16px \"Inter Variable\"')")
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    screenshot(page, f"base-elements-{width}")
