"""Steps beyond the plain task, as people meet them: confirming, recording that a message has come, a notice, a called SOP on the path."""

from __future__ import annotations

from playwright.sync_api import Page, ViewportSize, expect

from app import definitions
from app.definitions import Bundle
from app.layout import layout
from tests.browser.test_people import no_sideways, sign_in
from tests.definitions.test_rules import sending
from tests.instances.test_calls import called
from tests.support.browser import ContextFor, axe, screenshot
from tests.support.bundles import END, START, bundle, properties
from tests.support.driving import Drive, Scenario
from tests.support.office import Office
from tests.support.site import Site


def looked_at_both(page: Page, name: str) -> None:
    """At both widths, no sideways scrolling, nothing axe minds."""
    for size in (ViewportSize(width=1280, height=900), ViewportSize(width=390, height=844)):
        page.set_viewport_size(size)
        no_sideways(page)
        screenshot(page, f"elements-{name}-{size['width']}")
        axe(page)
    page.set_viewport_size({"width": 1280, "height": 900})


def sop() -> Bundle:
    row = properties({"baris": "1", "uraian": "Mengantar naskah ke Sekretariat"})
    nodes = (
        START
        + f'<manualTask id="M" name="Mengantar naskah">{row}</manualTask>'
        + sending("tu_bagian, kabag_organisasi").replace("Mengirim tembusan", "Naskah sudah diantar")
        + '<intermediateCatchEvent id="W" name="balasan Kementerian"><messageEventDefinition id="D"/></intermediateCatchEvent>'
        + f'<callActivity id="C" name="Menelaah balasan" calledElement="q">{properties({"baris": "3"})}</callActivity>'
        + END
    )
    made = bundle(nodes, "S>M M>K K>W W>C C>E", "S M K W C E")
    return Bundle(made.file, layout(made.bpmn), made.forms)


def test_a_clerk_confirms_is_told_and_records_what_has_come(site: Site, office: Office, context_for: ContextFor) -> None:
    for one in (called(), sop()):
        with office.database.transaction() as session:
            definitions.deploy(session, one)
    drive = Drive(office, "p", Scenario("uji"))
    drive._start()
    page = sign_in(site, context_for, "tu")
    page.goto(f"/tugas/{office.task('M').id}")
    looked_at_both(page, "konfirmasi")
    page.get_by_label("Catatan").fill("Diterima Bapak Rahmat.")
    page.get_by_role("button", name="Tandai sudah dilakukan").click()
    expect(page.locator("h1")).to_contain_text("Tugas selesai")
    page.goto("/tugas")
    expect(page.get_by_role("heading", name="Pemberitahuan")).to_be_visible()
    looked_at_both(page, "pemberitahuan")
    page.get_by_role("button", name="Tandai sudah dibaca").click()
    expect(page.get_by_role("heading", name="Pemberitahuan")).to_have_count(0)
    page.goto(f"/tugas/{office.task('W').id}")
    expect(page.locator("h1")).to_have_text("Catat bahwa balasan Kementerian telah diterima")
    looked_at_both(page, "penerimaan")
    page.get_by_role("button", name="Catat telah diterima").click()
    page.goto(f"/pelaksanaan/{drive.case}")
    expect(page.locator("svg .is-current")).to_have_count(1)  # the call stands for the step inside it
    looked_at_both(page, "jalur")
    assert [row.element for row in office.open(drive.case)] == ["C.T"]
