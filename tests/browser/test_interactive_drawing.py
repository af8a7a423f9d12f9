"""The still picture becomes an interactive one when the reader asks, under the strict policy, and stays when anything goes wrong."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree
from playwright.sync_api import Page, expect

from app.diagram import read
from app.diagram.svg import Marks, to_svg
from tests.support.browser import ROOT, ContextFor, axe, screenshot, wait_for_change

DRAWING = ROOT / "bpmn" / "sop_02_lakip.bpmn"
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"

PAGE = """<!doctype html>
<html lang="id"><head><meta charset="utf-8"><title>Jalur</title><link rel="icon" href="dist/favicon.svg">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="dist/app.css"><link rel="stylesheet" href="dist/viewer.css">
<script type="module" src="dist/viewer.js"></script></head>
<body><main class="page"><h1>Jalur</h1>
<figure data-drawing data-xml="{xml}" data-marks="marks.json" {more}>
<svg viewBox="0 0 200 60" role="img" aria-label="SOP 02"><text x="10" y="30">gambar diam</text></svg>
<button type="button" class="btn btn-outline-primary" data-drawing-open hidden>Buka gambar interaktif</button>
</figure>
<ol><li id="el-{task}">langkah</li></ol></main></body></html>"""


@pytest.fixture(scope="module")
def parts() -> dict[str, str]:
    """Two tasks and the flow out of the first, whatever the drawing calls them."""
    root = etree.parse(DRAWING).getroot()
    first, second = [task.get("id", "") for task in root.iter(f"{BPMN}userTask")][:2]
    flow = next(flow.get("id", "") for flow in root.iter(f"{BPMN}sequenceFlow") if flow.get("sourceRef") == first)
    return {"first": first, "second": second, "flow": flow}


@pytest.fixture
def open_page(tmp_path: Path, parts: dict[str, str], serve: Callable[..., str], context_for: ContextFor) -> Callable[..., Page]:
    def open_(xml: str = "drawing.bpmn", more: str = "", javascript: bool = True, width: int = 1280) -> Page:
        shutil.copytree(ROOT / "app" / "static" / "dist", tmp_path / "dist")
        shutil.copy(DRAWING, tmp_path / "drawing.bpmn")
        marks = {
            "done": [parts["first"]],
            "current": [parts["second"]],
            "returned": [parts["flow"]],
            "counts": {parts["first"]: 3, "tidak_ada": 2},
            "proposals": ["tidak_ada"],
        }
        (tmp_path / "marks.json").write_text(json.dumps(marks))
        (tmp_path / "broken.bpmn").write_text("<definitions")
        (tmp_path / "index.html").write_text(PAGE.format(xml=xml, more=more, task=parts["first"]))
        page = context_for(serve(tmp_path), javascript=javascript, width=width).new_page()
        page.goto("/index.html")
        return page

    return open_


def opened(page: Page) -> Page:
    page.get_by_role("button", name="Buka gambar interaktif").click()
    page.wait_for_selector("figure[data-drawing-state=live]")
    return page


def test_it_shows_where_a_case_has_been(open_page: Callable[..., Page], parts: dict[str, str]) -> None:
    page = opened(open_page())

    assert "is-done" in (page.locator(f'[data-element-id="{parts["first"]}"]').get_attribute("class") or "")
    assert "is-current" in (page.locator(f'[data-element-id="{parts["second"]}"]').get_attribute("class") or "")
    assert "is-returned" in (page.locator(f'[data-element-id="{parts["flow"]}"]').get_attribute("class") or "")
    assert page.locator(".drawing-count").all_inner_texts() == ["3"]
    expect(page.get_by_text("gambar diam")).to_be_hidden()
    expect(page.locator(".bjs-powered-by")).to_be_visible()  # a condition of the library's licence
    axe(page)
    screenshot(page, "interactive-drawing")


def test_it_zooms_by_named_buttons(open_page: Callable[..., Page]) -> None:
    page = opened(open_page())
    scale = "document.querySelector('.viewport').transform.baseVal.consolidate()?.matrix.a ?? 1"
    fitted = page.evaluate(scale)

    page.get_by_role("button", name="Perbesar").click()
    assert page.evaluate(scale) > fitted
    page.get_by_role("button", name="Perkecil").click()
    page.get_by_role("button", name="Perkecil").click()
    assert page.evaluate(scale) < fitted
    page.get_by_role("button", name="Paskan").click()
    assert page.evaluate(scale) == pytest.approx(fitted)


def test_a_click_names_the_element(open_page: Callable[..., Page], parts: dict[str, str]) -> None:
    page = opened(open_page())
    page.evaluate("document.addEventListener('alur:element', event => { window.named = event.detail })")

    page.locator(f'[data-element-id="{parts["first"]}"] .djs-hit').click(force=True)

    named = page.evaluate("window.named")
    assert (named["id"], named["type"]) == (parts["first"], "bpmn:UserTask")


def test_the_wheel_scrolls_the_page_until_the_reader_steps_in(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.get_by_role("button", name="Buka gambar interaktif").dispatch_event("click")
    page.wait_for_selector("figure[data-drawing-state=live]")
    where = "document.querySelector('.viewport').getAttribute('transform')"
    page.evaluate("document.activeElement.blur()")
    before = page.evaluate(where)

    page.locator(".drawing-canvas").hover()
    page.mouse.wheel(0, 200)
    page.wait_for_timeout(100)
    assert page.evaluate(where) == before

    page.locator(".drawing-canvas svg").first.focus()
    page.mouse.wheel(0, 200)
    wait_for_change(page, where, before)


def test_it_closes_and_gives_the_still_picture_back(open_page: Callable[..., Page]) -> None:
    page = opened(open_page())

    page.get_by_role("button", name="Tutup").click()

    expect(page.get_by_text("gambar diam")).to_be_visible()
    expect(page.get_by_role("button", name="Buka gambar interaktif")).to_be_focused()
    opened(page)


def test_it_opens_by_itself_where_the_page_says_so(open_page: Callable[..., Page]) -> None:
    page = open_page(more="data-drawing-auto", width=390)

    page.wait_for_selector("figure[data-drawing-state=live]")


@pytest.mark.parametrize("xml", ["broken.bpmn", "absent.bpmn"])
def test_the_still_picture_stays_when_the_drawing_cannot_be_had(open_page: Callable[..., Page], xml: str) -> None:
    page = open_page(xml=xml)

    page.get_by_role("button", name="Buka gambar interaktif").click()

    expect(page.get_by_text("gambar biasa tetap ditampilkan")).to_be_visible()
    expect(page.get_by_text("gambar diam")).to_be_visible()


def test_without_scripts_there_is_no_button_that_does_nothing(open_page: Callable[..., Page]) -> None:
    page = open_page(javascript=False)

    expect(page.get_by_text("gambar diam")).to_be_visible()
    expect(page.get_by_text("Buka gambar interaktif")).to_be_hidden()


COVERED = """() => {
  const boxes = selector => [...document.querySelectorAll(selector)].map(one => one.getBoundingClientRect()).filter(box => box.width);
  const nearest = (value, from, to) => Math.min(Math.max(value, from), to);
  const covers = (badge, box) => {
    const [x, y] = [badge.x + badge.width / 2, badge.y + badge.height / 2];
    return Math.hypot(x - nearest(x, box.left, box.right), y - nearest(y, box.top, box.bottom)) < badge.height / 2 - 1;
  };
  const under = [...boxes(SIGNS), ...boxes(LABELS)];
  const badges = boxes(BADGES);
  return { badges: badges.length, covered: badges.filter(badge => under.some(box => covers(badge, box))).length };
}"""
# A gateway's sign is smaller than its box says: an X has no arms at the middles of its sides, which only makes this stricter.
SERVER = {"SIGNS": ".d-gateway > .d-sign, .d-event > .d-sign", "LABELS": "text.d-label", "BADGES": ".d-badge > .d-outline"}
LIVE = {
    "SIGNS": ".djs-shape[data-element-id^=Gw_]:not([data-element-id$=_label]) .djs-visual > path",
    "LABELS": ".djs-shape[data-element-id$=_label] .djs-visual > text",
    "BADGES": ".drawing-count",
}


@pytest.mark.parametrize("which", ["server", "live"])
def test_counts_cover_no_sign_and_no_name(open_page: Callable[..., Page], tmp_path: Path, which: str) -> None:
    """Everything passed twelve times at once: more badges than any case has."""
    drawn = read(DRAWING.read_bytes())
    counts = dict.fromkeys([*drawn.elements, *drawn.flows], 12)
    page = open_page(width=1680)
    (tmp_path / "marks.json").write_text(json.dumps({"done": list(counts), "counts": counts}))
    picture = to_svg(DRAWING.read_bytes(), Marks(done=frozenset(counts), counts=counts))
    index = tmp_path / "index.html"
    index.write_text(index.read_text().replace("<ol>", f'<div class="d-scroll">{picture}</div><ol>'))
    page.reload()
    if which == "live":
        opened(page)
    names = SERVER if which == "server" else LIVE
    script = COVERED
    for name, selector in names.items():
        script = script.replace(name, json.dumps(selector))
    found = page.evaluate(script)
    assert found["badges"] >= len(drawn.flows) and found["covered"] == 0
    screenshot(page, f"counts-{which}")
