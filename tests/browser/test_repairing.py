"""The admin handles a case that has stopped: Gangguan, what can be done, what will follow, and it goes on."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from app import incidents
from app.models import InstanceState
from tests.support.browser import ContextFor, axe, fits, screenshot
from tests.support.office import PASSWORD, Office
from tests.support.site import Site


def sign_in(site: Site, context_for: ContextFor, username: str, **screen: int) -> Page:
    page = context_for(site.url, **screen).new_page()
    page.goto("/masuk")
    page.get_by_label("Nama pengguna").fill(username)
    page.get_by_label("Kata sandi").fill(PASSWORD)
    page.get_by_role("button", name="Masuk").click()
    expect(page.get_by_role("button", name="Keluar").first).to_be_visible()
    return page


def looked_at(page: Page, name: str) -> None:
    assert fits(page)
    screenshot(page, f"repair-{name}")
    axe(page)


@pytest.mark.parametrize("width", [1280, 390])
def test_a_case_that_has_stopped_goes_on_again(site: Site, office: Office, context_for: ContextFor, width: int) -> None:
    case = office.start()
    office.run_until(case, "Task_7b", opd=["dinas_kesehatan", "dinas_pendidikan"])
    with office.database.transaction() as session:
        session.get_one(InstanceState, case).blob = b"busuk"
        incidents.record_incident(session, "Keadaan mesin tidak dikenal bentuknya.", "", case, stops_case=True)
        incidents.record_incident(session, "KeyError: 'x'")
    page = sign_in(site, context_for, "admin", width=width, height=900)
    page.goto("/gangguan")
    looked_at(page, f"gangguan-{width}")
    page.get_by_role("link", name="Perbaiki pelaksanaan LAKIP 2025").click()
    expect(page.locator("h1")).to_have_text("Perbaiki pelaksanaan")
    looked_at(page, f"perbaiki-{width}")
    page.get_by_role("link", name="Mulai lagi dari sini Memeriksa dan memaraf konsep surat, Kabag Organisasi").click()
    page.get_by_text("Nilai yang dibaca diagram").click()
    looked_at(page, f"akibat-{width}")
    page.get_by_label("Alasan").fill("Keadaan mesin rusak setelah pemulihan cadangan.")
    page.get_by_role("button", name="Mulai lagi dari langkah ini").click()
    expect(page.get_by_role("status")).to_contain_text("dimulai lagi")
    looked_at(page, f"pelaksanaan-{width}")
    assert [task.element for task in office.open(case)] == ["Task_4b"]
