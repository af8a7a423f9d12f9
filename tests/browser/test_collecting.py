"""Collecting from all 39 OPD in a real browser: TU accepts many at once, the Tim corrects the compiled draft with rows from Excel."""

from __future__ import annotations

from playwright.sync_api import expect

from app import access, clock
from tests.support.browser import ContextFor, axe, screenshot
from tests.support.office import Office
from tests.support.site import Site, sign_in

ROWS = "Dinas Kesehatan\tMenurunnya stunting\tPrevalensi stunting\t%\t14,0\t13,2\tMakin rendah makin baik\n" * 3


def test_tu_accepts_many_of_39_and_the_tim_pastes_rows_from_excel(site: Site, office: Office, context_for: ContextFor) -> None:
    with office.database.reading() as session:
        every = [unit.id for unit in access.org_units_on(session, clock.today())]
    case = office.start()
    office.run_until(case, "Task_7b", opd=every)
    for opd in every:
        answers = {"capaian.1.indikator": "Angka kemiskinan", "capaian.1.target": "7,5", "capaian.1.realisasi": "6,9"}
        office.submit(office.task("Task_7b", opd, case), f"opd.{opd}", **answers, **{"capaian.1.polaritas": "rendah"})
    tu = sign_in(site, context_for, "tu")
    tu.goto(f"/pantauan/{case}/Task_7b")
    expect(tu.get_by_text("Sudah diterima 0 dari 39 OPD").first).to_be_visible()
    axe(tu)
    screenshot(tu, "pantauan-39-1280")
    for box in tu.locator("tbody input[type=checkbox]").all():
        box.check()
    tu.get_by_role("button", name="Terima yang dipilih").click()
    expect(tu.get_by_text("Sudah diterima 39 dari 39 OPD").first).to_be_visible()
    office.do(case, "Task_8")
    tim = sign_in(site, context_for, "tim")
    tim.goto(f"/tugas/{office.task('Task_9', case=case).id}")
    table = tim.locator("#f-capaian_kab")
    before = table.locator("tbody tr").count()
    assert before >= 39
    table.get_by_text("Tempel dari Excel").click()
    table.locator("textarea[name='capaian_kab._tempel']").fill(ROWS)
    table.get_by_role("button", name="Masukkan").first.click()
    expect(table.locator("tbody tr")).to_have_count(before + 3)
    expect(table.locator("[name='capaian_kab.40.indikator'], [name='capaian_kab.42.indikator']").last).to_have_value("Prevalensi stunting")
    axe(tim)
    screenshot(tim, "draf-tim-tempel-1280", full_page=False)
