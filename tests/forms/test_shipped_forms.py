"""The forms of this repository."""

import json
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from app.diagram import read
from app.forms import compile_form, initial, parse, prefill
from app.forms.prefilling import normal

from .made import OPD, PDF, cells, problems_of

TODAY = date(2026, 3, 12)
NOW = datetime(2026, 3, 12, 3, 42, 30, tzinfo=UTC)

ROOT = Path(__file__).parents[2]
FORMS = sorted((ROOT / "forms").glob("*.form"))
DRAWINGS = {path.stem: read(path.read_bytes(), path.name) for path in sorted((ROOT / "bpmn").glob("*.bpmn"))}
QUESTION = re.compile(r"\$\{(\w+) == 'ya'\}")
KEYS = {"sop_06_fasilitasi_sop": ["tahun", "gelombang"], "sop_07_skm": ["tahun", "periode"]}  # of the others, the year alone
MORE = {"sop_07_skm": 9}  # a survey has nine unsur, and a period
# What an approval has to record: the decree that says so, the document it is about.
RECORDED = {"ma5": {"nomor_keputusan_sekda", "tanggal_keputusan_sekda", "berkas_keputusan_sekda"}, "fa5": {"dokumen"}}

each_sop = pytest.mark.parametrize("key", DRAWINGS)


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


def forms_of(key):
    """{element of the drawing: its form}."""
    return {element.id: form_named(element.form) for element in DRAWINGS[key].elements.values() if element.form}


def sources_of(key):
    """{what `isi_dari` may call it: form}: by form and by element, as in app/instances/prefilling.py."""
    return {normal(name): form for element, form in forms_of(key).items() for name in (element, form.id)}


each_letter = pytest.mark.parametrize("key", [key for key in DRAWINGS if forms_of(key)["Start_1"].field("berkas_surat")])


def test_every_form_is_used_by_a_drawing():
    assert {path.stem for path in FORMS} == {form.id for key in DRAWINGS for form in forms_of(key).values()}


@each_sop
def test_every_question_of_a_drawing_is_asked_by_a_form(key):
    questions = {found[1] for flow in DRAWINGS[key].flows.values() if (found := QUESTION.fullmatch(flow.condition or ""))}
    assert questions == {form.decision.key for form in forms_of(key).values() if form.decision}


@pytest.mark.parametrize("path", [p for p in FORMS if form_named(p.stem).decision], ids=lambda p: p.stem)
def test_a_return_without_a_note_is_refused(path):
    form = form_named(path.stem)
    notes = {f.key for f in form.fields if f.required_when} - RECORDED.get(path.stem, set())
    assert notes and set(problems_of(form, {form.decision.key: ["tidak"]}, {}, OPD)) == notes


@pytest.mark.parametrize("path", [p for p in FORMS if form_named(p.stem).decision], ids=lambda p: p.stem)
def test_an_approval_asks_for_nothing_else(path):
    form = form_named(path.stem)
    assert problems_of(form, {form.decision.key: ["ya"]}, {}, OPD).keys() == RECORDED.get(path.stem, set())


@pytest.mark.parametrize("name", ["ds03", "td03"])
def test_a_disposition_asks_for_nothing(name):
    assert problems_of(form_named(name), {}) == {}


@each_letter
def test_the_opening_form_asks_for_the_letter_or_the_reason_it_is_missing(key):
    form = forms_of(key)["Start_1"]
    key_parts = {f.key: [f.options[0].value] for f in form.keys if f.options}
    posted = initial(form) | {"nomor_surat": ["1"], "tanggal_surat": ["2026-03-12"], "tahun": ["2025"]} | key_parts
    assert set(problems_of(form, posted)) == {"berkas_surat"}
    assert set(problems_of(form, posted | {"surat_menyusul": ["ya"]})) == {"alasan_menyusul"}
    assert problems_of(form, posted, {"berkas_surat": [PDF]}) == {}


def test_the_letter_goes_to_every_opd_at_first():
    assert initial(form_named("ks04"), {}, OPD)["daftar_opd"] == ["dinas_kesehatan", "dinas_sosial"]


@each_sop
def test_the_opening_form_names_the_business_key(key):
    assert [f.key for f in forms_of(key)["Start_1"].keys] == KEYS.get(key, ["tahun"])


def by_hand(field):
    """Required, and the application has nothing to put there. A table counts once for each column that must be filled."""
    if field.is_table and field.required:
        return [c for c in field.columns if c.required and c.default is None]
    known = field.default is not None or field.prefill or field.properties.keys() & {"bawaan", "otomatis"}
    return [field] if field.required and not field.system_set and not (known and field.key != "daftar_opd") else []


@each_sop
def test_at_most_22_answers_and_4_files_are_asked_of_a_case_that_goes_well(key):
    asked = [one for form in forms_of(key).values() for f in form.fields for one in by_hand(f)]
    uploads = [f for f in asked if f.is_file and f.key != "berkas_dokumen"]
    letter = 1  # of the opening form, which may follow later
    assert len(asked) + letter <= 22 + MORE.get(key, 0) and len(uploads) + letter <= 4


@pytest.mark.parametrize("path", FORMS, ids=lambda p: p.stem)
def test_what_the_office_gets_filled_in_is_not_asked_again(path):
    """A first value can be sent as it is: no problem but the fields that are filled in by hand."""
    form = form_named(path.stem)
    posted = initial(form, prefill(form, {}, "Budi"), OPD, TODAY, NOW)
    asked = {f.key for f in form.fields if by_hand(f) or f.required_when or f.prefill}
    assert set(problems_of(form, posted, {}, OPD)) <= asked


@pytest.mark.parametrize(
    ("name", "year"), [("sm01", "2025"), ("sm01_iku", "2026"), ("sm01_rkt", "2027"), ("sm01_pk", "2026"), ("sm01_skm", "2026")]
)
def test_the_opening_form_starts_with_what_is_known(name, year):
    """A report is about the year past, a plan about the next, agreements and surveys are of this one, indicators begin with the RPJMD."""
    posted = initial(form_named(name), today=TODAY, now=NOW)
    assert (posted["tahun"], posted["tanggal_diterima"]) == ([year], ["2026-03-12T10:42:00"])


CAPAIAN = {"indikator": "Angka kemiskinan", "target": "10", "realisasi": "8", "polaritas": "rendah"}
ANGGARAN = {"program": "Program Penunjang", "pagu": "1.250.000.000", "realisasi": "1.000.000.000"}


def test_an_opd_hands_in_its_tables():
    form = form_named("opd_lakip")
    posted = initial(form, prefill(form, {}, "Budi Santoso"), OPD) | cells("capaian", CAPAIAN) | cells("anggaran", ANGGARAN)
    answers = parse(form, posted, {"berkas_dokumen": [PDF]}, OPD)
    assert (answers["capaian"][0]["capaian"], answers["anggaran"][0]["serapan"], answers["nama_petugas"]) == (120, 80, "Budi Santoso")


def test_an_opd_may_leave_its_budget_out():
    assert set(problems_of(form_named("opd_lakip"), cells("capaian", CAPAIAN))) == {"berkas_dokumen"}


def test_the_draft_is_compiled_from_what_the_opd_sent():
    opd, draft = form_named("opd_lakip"), form_named("dr09_lakip")
    files = {"berkas_dokumen": [PDF]}
    sent = [parse(opd, cells("capaian", {**CAPAIAN, "target": str(n)}) | cells("anggaran", ANGGARAN), files, OPD) for n in (10, 20)]
    done = {"opd_lakip": [("dinas_sosial", sent[0]), ("dinas_kesehatan", sent[1])]}
    answers = parse(draft, initial(draft, prefill(draft, done), OPD), {"berkas_draf": [PDF]}, OPD)
    assert [(row["opd"], row["target"], row["capaian"]) for row in answers["capaian_kab"]] == [
        ("dinas_sosial", 10, 120),
        ("dinas_kesehatan", 20, 160),
    ]
    assert [row["pagu"] for row in answers["anggaran_kab"]] == [1_250_000_000] * 2


def test_going_on_without_an_opd_needs_a_reason():
    form = form_named("tm08")
    first = initial(form, prefill(form, {"task_7b": [("dinas_sosial", {}), ("dinas_kesehatan", {"catatan": "x"})]}), OPD)
    assert first["opd_belum"] == ["dinas_sosial"]
    assert set(problems_of(form, first | {"keputusan_penerimaan": ["ya"]}, {}, OPD)) == {"catatan_penerimaan"}
    reason = {"catatan_penerimaan": ["Menyusul."]}
    assert problems_of(form, first | {"keputusan_penerimaan": ["ya"]} | reason, {}, OPD) == {}


def test_the_letter_takes_over_what_its_case_knows():
    form = form_named("ks04")
    done = {"start_1": [(None, {"hal": "Laporan", "nomor_surat": "B/12"})], "ag02": [(None, {"sifat_surat": "segera"})]}
    posted = initial(form, prefill(form, done), OPD)
    assert [posted[key] for key in ("hal_surat", "dasar_surat", "sifat_surat_keluar")] == [["Laporan"], ["B/12"], ["segera"]]


@pytest.mark.parametrize("path", [p for p in FORMS if p.stem[:2] in ("pf", "tt")], ids=lambda p: p.stem)
def test_a_leader_may_agree_with_a_small_correction(path):
    form = form_named(path.stem)
    posted = {form.decision.key: ["ya"], "koreksi_kecil": ["Salah ketik di alinea dua."]}
    assert parse(form, posted)["koreksi_kecil"] == "Salah ketik di alinea dua."


@each_sop
def test_what_a_form_takes_over_exists(key):
    for form in forms_of(key).values():
        for field in (f for f in form.fields if f.prefill):
            sop, _, name = field.prefill.source.rpartition(":")
            source = sources_of(sop or key)[name]
            assert not field.prefill.key or source.field(field.prefill.key) is not None


IKU = {"sasaran": "Menurunnya kemiskinan", "indikator": "Angka kemiskinan", "satuan": "%", "polaritas": "rendah"}
PLAN = {key: IKU[key] for key in ("sasaran", "indikator", "satuan")}


def test_an_opd_hands_in_its_indicators_with_the_way_they_are_measured():
    form = form_named("opd_iku")
    assert set(problems_of(form, cells("iku", IKU), {"berkas_dokumen": [PDF]})) == {"iku.1.formulasi"}
    answers = parse(form, cells("iku", {**IKU, "formulasi": "BPS"}), {"berkas_dokumen": [PDF]}, OPD)
    assert answers["iku"] == [{**IKU, "formulasi": "BPS"}]


def test_an_opd_plans_a_target_for_each_indicator():
    form = form_named("opd_rkt")
    assert set(problems_of(form, cells("rkt", PLAN), {"berkas_dokumen": [PDF]})) == {"rkt.1.target"}


def test_the_plan_is_drafted_from_the_indicators_of_the_regency_and_what_the_opd_sent():
    form = form_named("dr09_rkt")
    planned = parse(form_named("opd_rkt"), cells("rkt", {**PLAN, "target": "6,5"}), {"berkas_dokumen": [PDF]}, OPD)
    done = {
        "sop_03_iku:dr09_iku": [(None, {"iku_kab": [{**IKU, "opd": "dinas_sosial", "formulasi": "BPS"}]})],
        "opd_rkt": [("dinas_kesehatan", planned)],
    }
    answers = parse(form, initial(form, prefill(form, done), OPD), {"berkas_draf": [PDF]}, OPD)
    assert answers["rkt_kab"] == [{**IKU, "opd": "dinas_sosial"}]
    assert answers["rkt_opd"] == [{**PLAN, "opd": "dinas_kesehatan", "target": 6.5}]
