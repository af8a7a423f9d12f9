"""Every SOP once through real pages to its end, by its own people (SOP 02 with all 39 OPD: test_lakip_case.py)."""

from __future__ import annotations

import pytest

from app.config import ROOT
from tests.support.browser import ContextFor, axe, screenshot
from tests.support.driving import read_scenario
from tests.support.office import Office
from tests.support.playing import Play
from tests.support.site import Site, sign_in

PLAYED = {
    "sop_01_monev": "penilaian_diulang",
    "sop_03_iku": "iku_satu_opd_belum_lengkap_dua_kali",
    "sop_04_rkt": "rkt_opd_belum_lengkap",
    "sop_05_pk": "dokumen_opd_belum_lengkap",
    "sop_06_fasilitasi_sop": "kabag_mengembalikan",
    "sop_07_skm": "satu_opd_saja",
}


@pytest.mark.parametrize(("key", "scenario"), PLAYED.items(), ids=PLAYED)
def test_an_sop_in_the_browser_from_the_letter_to_the_archive(
    key: str, scenario: str, site: Site, office: Office, context_for: ContextFor
) -> None:
    told = read_scenario(ROOT / "tests" / "scenarios" / key / f"{scenario}.toml")
    play = Play(office, key, told, site=site, context_for=context_for)
    play.run()
    assert (play.state, play.unasked, play.problems, play.strange) == ("finished", set(), (), set())

    auditor = sign_in(site, context_for, "auditor")
    auditor.goto(f"/pelaksanaan/{play.case}")
    marks = auditor.request.get(f"{site.url}/pelaksanaan/{play.case}/jalur.json").json()
    assert {id for id in marks["done"] if id in play.drawing.flows} == play.flows
    drawn = set(
        auditor.locator("svg [data-element].is-done, svg [data-element].is-returned").evaluate_all(
            "all => all.map(one => one.dataset.element)"
        )
    )
    assert {id for id in drawn if id in play.drawing.flows} == play.flows
    screenshot(auditor, f"{key}-jalur")
    axe(auditor)
