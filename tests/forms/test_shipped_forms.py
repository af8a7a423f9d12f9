"""The forms of this repository."""

import json
from pathlib import Path

import pytest

from app.forms import compile_form, initial

from .made import OPD, PDF, problems_of

FORMS = sorted((Path(__file__).parents[2] / "forms").glob("*.form"))
DECISIONS = {
    f"keputusan_{who}" for who in ("kabag", "asisten", "sekda", "penerimaan", "asisten_dok", "sekda_dok", "bupati")
}  # what the drawing of SOP 02 reads at its gateways


def form_named(name):
    path = FORMS[0].parent / f"{name}.form"
    form, findings = compile_form(path.read_bytes(), path.name)
    assert form is not None, findings
    return form


@pytest.mark.parametrize("path", FORMS, ids=lambda p: p.stem)
def test_a_form_compiles_without_findings(path):
    form, findings = compile_form(path.read_bytes(), path.name)
    assert findings == () and form.id == path.stem


@pytest.mark.parametrize("path", FORMS, ids=lambda p: p.stem)
def test_a_form_is_written_for_the_modeler_analysts_use(path):
    schema = json.loads(path.read_text())
    assert (schema["executionPlatform"], schema["executionPlatformVersion"]) == ("Camunda Platform", "7.24.0")


@pytest.mark.parametrize("path", FORMS, ids=lambda p: p.stem)
def test_what_is_required_by_a_condition_says_so_in_its_label(path):
    assert all("wajib" in f.label for f in form_named(path.stem).fields if f.required_when)


def test_every_decision_of_the_drawing_has_its_form():
    assert {form.decision.key for form in map(form_named, (p.stem for p in FORMS)) if form.decision} == DECISIONS


@pytest.mark.parametrize("path", [p for p in FORMS if form_named(p.stem).decision], ids=lambda p: p.stem)
def test_a_return_without_a_note_is_refused(path):
    form = form_named(path.stem)
    notes = {f.key for f in form.fields if f.required_when}
    assert notes and set(problems_of(form, {form.decision.key: ["tidak"]}, {}, OPD)) == notes


@pytest.mark.parametrize("path", [p for p in FORMS if form_named(p.stem).decision], ids=lambda p: p.stem)
def test_an_approval_asks_for_nothing_else(path):
    form = form_named(path.stem)
    assert problems_of(form, {form.decision.key: ["ya"]}, {}, OPD) == {}


@pytest.mark.parametrize("name", ["ds03", "td03"])
def test_a_disposition_asks_for_nothing(name):
    assert problems_of(form_named(name), {}) == {}


def test_the_opening_form_asks_for_the_letter_or_the_reason_it_is_missing():
    form = form_named("sm01")
    posted = initial(form) | {"nomor_surat": ["1"], "tanggal_surat": ["2026-03-12"], "tahun": ["2025"]}
    assert set(problems_of(form, posted)) == {"berkas_surat"}
    assert set(problems_of(form, posted | {"surat_menyusul": ["ya"]})) == {"alasan_menyusul"}
    assert problems_of(form, posted, {"berkas_surat": [PDF]}) == {}


def test_the_letter_goes_to_every_opd_at_first():
    assert initial(form_named("ks04"), {}, OPD)["daftar_opd"] == ["dinas_kesehatan", "dinas_sosial"]


def test_the_opening_form_names_the_business_key():
    assert [f.key for f in form_named("sm01").keys] == ["tahun"]


def test_at_most_22_answers_and_4_files_are_asked_of_a_case_that_goes_well():
    asked = [f for path in FORMS for f in form_named(path.stem).fields if f.required and f.key not in DECISIONS and f.default is None]
    uploads = [f for f in asked if f.is_file and f.key != "berkas_dokumen"]
    assert len(asked) + len(DECISIONS) <= 22 and len(uploads) <= 4
