"""The auditor's path and its replay: in a browser by button, slider and key, and without scripts by links."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from app import attachments, clock, instances
from app.access import Actor
from tests.support.browser import ContextFor, axe, fits, screenshot, wait_for_change
from tests.support.office import PASSWORD, Office, posted
from tests.support.site import Site

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def case(site: Site) -> int:
    """A draft returned and taken back once, a decision on paper, a collection closed with one OPD missing, a second round for one."""
    office = Office(site.database)

    def as_(username: str, deed: Callable[[Session, Actor], object]) -> None:
        with site.database.transaction() as session:
            deed(session, office.actor(username))

    case = office.start()
    office.run_until(case, "Task_4b")
    office.do(case, "Task_4b", "tidak", catatan_kabag="Tanggal batas waktu terlalu dekat; beri tiga minggu.")
    office.run_until(case, "Task_4b", opd=["dinas_kesehatan", "dinas_pendidikan", "dinas_sosial", "setda"])
    hasty = office.do(case, "Task_4b", "tidak")
    as_("kabag", lambda session, actor: instances.recall_task(session, actor, hasty.id, "Salah menekan tombol."))
    office.run_until(case, "Task_5b")
    _on_paper(office, "Task_5b", "tu")
    office.run_until(case, "Task_7b")
    for opd in ("dinas_kesehatan", "setda"):
        office.do(case, "Task_7b", item=opd)
    late, gone = office.task("Task_7b", "dinas_pendidikan").id, office.task("Task_7b", "dinas_sosial").id
    as_("tu", lambda session, actor: instances.withdraw_item(session, actor, gone, "OPD digabung."))
    as_("tu", lambda session, actor: instances.close_collection(session, actor, late, "Batas waktu lewat."))
    office.do(case, "Task_8", "tidak", daftar_opd=["dinas_kesehatan"])
    office.run_until(case, "Task_9")
    return case


def _on_paper(office: Office, element: str, by: str) -> None:
    token, actor = uuid4().hex, office.actor(by)
    photo = office.storage.receive("naskah_fisik", "Naskah", "paraf.jpg", io.BytesIO(b"\xff\xd8\xff\xe0" + b"0" * 64))
    with office.database.transaction() as session:
        attachments.add_drafts(session, actor, token, [photo])
    with office.database.transaction() as session:
        instances.record_decision(session, actor, office.task(element).id, posted({"keputusan_sekda": "ya"}), token, clock.today())


def opened(site: Site, context_for: ContextFor, path: str, **screen: object) -> Page:
    page = context_for(site.url, **screen).new_page()
    page.goto(f"/masuk?next={path}")
    page.get_by_label("Nama pengguna").fill("auditor")
    page.get_by_label("Kata sandi").fill(PASSWORD)
    page.get_by_role("button", name="Masuk").click()
    expect(page.locator("h1")).to_contain_text("Jalur")
    return page


def marks(page: Page) -> dict[str, list[str]]:
    """{class: ids} of everything drawn, and the counts that are seen."""
    return page.evaluate(  # type: ignore[no-any-return]
        """() => {
          const found = {};
          for (const state of ['is-done', 'is-current', 'is-returned', 'is-untaken'])
            found[state] = [...document.querySelectorAll(`g[data-element].${state}`)].map(one => one.dataset.element).sort();
          const seen = [...document.querySelectorAll('[data-count-of]:not([display])')];
          found.counts = seen.map(one => `${one.dataset.countOf} ${one.querySelector('tspan').textContent}`).sort();
          return found;
        }"""
    )


def no_sideways(page: Page) -> None:
    assert fits(page)


def place(page: Page, number: int) -> None:
    expect(page.locator("[data-place]")).to_have_text(re.compile(rf"^Langkah {number} dari \d+$"))


def test_an_auditor_plays_a_case_to_its_end(site: Site, case: int, context_for: ContextFor) -> None:
    path = f"/pemeriksaan/{case}/jalur"
    page = opened(site, context_for, path, width=1280)
    page.wait_for_selector("html[data-ready=replay]")
    play = page.get_by_role("button", name="Putar")
    expect(play).to_be_visible()
    screenshot(page, "replay-1280")
    axe(page)
    at_end, total = marks(page), page.locator("[data-frame]").count()

    page.get_by_role("button", name="Kecepatan 4×").click()
    page.clock.install()
    play.click()
    place(page, 1)
    expect(page.locator("[data-line]")).to_have_attribute("aria-live", "off")
    page.clock.run_for(600 * total)
    place(page, total)
    expect(play).to_be_visible()  # paused by itself
    expect(page.locator("[data-line]")).to_have_attribute("aria-live", "polite")
    assert marks(page) == at_end

    slider = page.get_by_role("slider")
    slider.fill("6")
    place(page, 6)
    expect(page.locator("[data-line]")).to_contain_text(re.compile(r"pukul \d\d\.\d\d WIB · Kabag Organisasi, .*: dikembalikan: “Tanggal"))
    assert "Flow_Gw_4_tidak" in marks(page)["is-returned"]
    screenshot(page, "replay-1280-langkah-6", full_page=False)
    slider.focus()
    for key, number in (("ArrowRight", 7), ("ArrowLeft", 6), ("Home", 1), ("End", total), ("Home", 1)):
        page.keyboard.press(key)
        place(page, number)
    page.locator("[data-player]").focus()
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Jeda")).to_be_visible()
    page.keyboard.press("Space")
    expect(play).to_be_visible()
    assert "langkah=" in page.url
    shown, url = marks(page), page.url
    page.goto(url)
    page.wait_for_selector("[data-controls]:not([hidden])")
    assert marks(page) == shown


def test_the_token_moves_only_where_motion_is_allowed(site: Site, case: int, context_for: ContextFor) -> None:
    page = opened(site, context_for, f"/pemeriksaan/{case}/jalur", width=1280)
    page.emulate_media(reduced_motion="no-preference")
    page.get_by_role("slider").fill("5")
    page.get_by_role("button", name="Putar").click()
    token = page.locator(".replay-token")
    expect(token).to_have_count(1)
    where = "(() => { const dot = document.querySelector('.replay-token'); return `${dot.cx.baseVal.value} ${dot.cy.baseVal.value}`; })()"
    before = page.evaluate(where)
    wait_for_change(page, where, before)
    screenshot(page, "replay-token", full_page=False)
    page.get_by_role("button", name="Jeda").click()
    expect(token).to_have_count(0)
    assert "Flow_Gw_4_tidak" in marks(page)["is-returned"]  # marked where the token was going


def test_on_a_phone(site: Site, case: int, context_for: ContextFor) -> None:
    page = opened(site, context_for, f"/pemeriksaan/{case}/jalur?langkah=7", **PHONE)
    page.wait_for_selector("[data-controls]:not([hidden])")
    no_sideways(page)
    axe(page)
    screenshot(page, "replay-390", full_page=False)
    page.get_by_label("Perbesar sampai terbaca").check()
    page.locator("[data-controls]").get_by_role("button", name="Berikutnya").click()
    place(page, 8)
    assert page.evaluate("document.querySelector('.d-scroll').scrollLeft > 0")
    for button in page.locator(".replay button:visible").all():
        box = button.bounding_box()
        assert box and box["height"] >= 44
    screenshot(page, "replay-390-besar", full_page=False)
    screenshot(page, "replay-390-penuh")


def test_without_scripts_links_step_through_the_same_pictures(site: Site, case: int, context_for: ContextFor) -> None:
    with_scripts = opened(site, context_for, f"/pemeriksaan/{case}/jalur", width=1280)
    page = opened(site, context_for, f"/pemeriksaan/{case}/jalur", width=1280, javascript=False)
    expect(page.locator("[data-controls]")).to_be_hidden()
    page.locator("li[data-frame='7'] a").click()
    place(page, 7)
    screenshot(page, "replay-tanpa-skrip", full_page=False)
    page.locator("[data-links]").get_by_role("link", name="Berikutnya").click()
    place(page, 8)
    page.locator("[data-links]").get_by_role("link", name="Sebelumnya").click()
    place(page, 7)
    drawn = re.findall(r'<g class="d-(?:node|edge)[^"]*(is-(?:done|current|returned|untaken))[^"]*" data-element="([^"]+)"', page.content())
    with_scripts.get_by_role("slider").fill("7")
    painted = marks(with_scripts)
    assert {state: sorted(id for found, id in drawn if found == state) for state in painted if state != "counts"} == {
        state: ids for state, ids in painted.items() if state != "counts"
    }
    frames = json.loads(with_scripts.request.get(f"/pemeriksaan/{case}/jalur/langkah.json").text())
    assert page.locator("[data-line]").inner_text() == f"{frames[6]['at_words']} · {frames[6]['text']}"
