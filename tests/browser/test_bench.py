"""The analyst's bench in a real browser: lists, a draft with findings, what changed, at both widths."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from app import definitions
from app.models import DrawingDraft
from tests.support.browser import ContextFor, axe, fits, screenshot
from tests.support.office import PASSWORD, SOP, Office
from tests.support.site import Site


@pytest.fixture
def draft(site: Site) -> int:
    """SOP 02 with a renamed lane, a form that is missing and an element that does not run here."""
    office = Office(site.database)
    office.start()  # case 1, on version 1
    with site.database.transaction() as session:
        actor = office.actor("analis")
        found = definitions.begin_draft(session, actor, definitions.latest(session, SOP))
        changed = found.bpmn.replace(b'name="TU Bagian"', b'name="Tata Usaha"').replace(b'camunda:formRef="pf04"', b'camunda:formRef="pf4"')
        definitions.save_drawing(session, actor, found.id, changed, 1)
        return found.id


def sign_in(page: Page, username: str) -> None:
    page.goto("/masuk")
    page.get_by_label("Nama pengguna").fill(username)
    page.get_by_label("Kata sandi").fill(PASSWORD)
    page.get_by_role("button", name="Masuk").click()
    expect(page.get_by_role("link", name="Akun saya")).to_be_visible()


@pytest.mark.parametrize(("width", "height"), [(1280, 900), (390, 844)])
def test_the_pages_of_the_bench_are_fit_to_be_seen(context_for: ContextFor, site: Site, draft: int, width: int, height: int) -> None:
    page = context_for(site.url, width=width, height=height).new_page()
    sign_in(page, "analis")
    for path, name in (
        ("/diagram", "daftar"), (f"/diagram/{SOP}", "sop"), (f"/diagram/{SOP}/1", "versi"),
        (f"/diagram/{SOP}/1/formulir/opd_lakip", "formulir"),
        (f"/rancangan/{draft}", "rancangan"), (f"/diagram/{SOP}/bandingkan?dari=1&ke=rancangan-{draft}", "bandingkan"),
    ):  # fmt: skip
        page.goto(path)
        expect(page.locator("h1")).to_be_visible()
        assert fits(page), path
        axe(page)
        screenshot(page, f"bench-{name}-{width}")


def test_an_analyst_reads_the_findings_and_publishes_when_they_are_gone(context_for: ContextFor, site: Site, draft: int) -> None:
    page = context_for(site.url).new_page()
    sign_in(page, "analis")
    page.goto(f"/rancangan/{draft}")
    finding = page.get_by_role("row").filter(has_text="pf4.form")
    expect(finding.get_by_role("link")).to_have_attribute("href", f"/rancangan/{draft}/gambar?elemen=Task_4b")
    page.get_by_label("Catatan versi: apa yang berubah").fill("Nama lane diperjelas.")
    page.get_by_role("button", name="Terbitkan").click()
    expect(page.get_by_role("alert")).to_contain_text("belum dapat diterbitkan")
    expect(page.get_by_label("Catatan versi: apa yang berubah")).to_have_value("Nama lane diperjelas.")
    with site.database.transaction() as session:
        found = session.get_one(DrawingDraft, draft)
        fixed = found.bpmn.replace(b'"pf4"', b'"pf04"')
        definitions.save_drawing(session, Office(site.database).actor("analis"), draft, fixed, found.revision)
    page.get_by_role("button", name="Terbitkan").click()
    expect(page.locator("h1")).to_contain_text("Penyusunan Laporan Akuntabilitas Kinerja")
    expect(page.get_by_text("Versi 2").first).to_be_visible()
    office = Office(site.database)
    newest = office.definition()
    assert newest.version == 2
    second = office.start(tahun=2026)
    assert office.instance(second).definition_id == newest.id != office.instance(1).definition_id
    for case in (1, second):  # each on its own version to the end
        office.finish(case)
        assert office.instance(case).state == "finished"
