"""The forms of SOP 05 (PK) and SOP 07 (SKM): what an OPD sends, and what is compiled from it."""

import pytest

from app.forms import initial, parse, prefill

from .made import OPD, PDF, cells, problems_of
from .test_shipped_forms import form_named

AGREED = {"sasaran": "Menurunnya kemiskinan", "indikator": "Angka kemiskinan", "satuan": "%", "target": "6,5", "polaritas": "rendah"}
PROGRAM = {"program": "Program Perlindungan Sosial", "anggaran": "2.500.000.000", "sumber_dana": "dak"}


def test_an_opd_agrees_on_targets_and_may_leave_its_programs_out():
    form = form_named("opd_pk")
    assert set(problems_of(form, {})) == {"berkas_dokumen", "pk"}
    answers = parse(form, cells("pk", AGREED), {"berkas_dokumen": [PDF]}, OPD)
    assert answers["pk"] == [{**AGREED, "target": 6.5}]


def test_the_agreement_of_the_bupati_begins_with_the_plan_and_the_programs_of_the_opd():
    form = form_named("dr09_pk")
    sent = parse(form_named("opd_pk"), cells("pk", AGREED) | cells("program", PROGRAM), {"berkas_dokumen": [PDF]}, OPD)
    done = {
        "sop_04_rkt:dr09_rkt": [(None, {"rkt_kab": [{**AGREED, "target": 7, "opd": "dinas_sosial"}]})],
        "opd_pk": [("dinas_kesehatan", sent)],
    }
    answers = parse(form, initial(form, prefill(form, done), OPD), {"berkas_draf": [PDF]}, OPD)
    assert answers["pk_kab"] == [{**AGREED, "target": 7}]
    assert answers["program_kab"] == [{**PROGRAM, "anggaran": 2_500_000_000, "opd": "dinas_kesehatan"}]


def test_what_an_opd_achieved_is_asked_beside_what_it_agreed_on():
    form = form_named("opd_lakip")
    posted = initial(form, prefill(form, {"sop_05_pk:opd_pk": [("dinas_sosial", {"pk": [{**AGREED, "target": 6.5}]})]}), OPD)
    assert set(problems_of(form, posted, {"berkas_dokumen": [PDF]})) == {"capaian.1.realisasi"}


SURVEYED = {"unit": "Loket pendaftaran", "responden": "120"} | {f"u{number}": "3,25" for number in range(1, 10)}


def test_an_opd_reports_the_nine_unsur_of_each_unit():
    form = form_named("opd_skm")
    answers = parse(form, cells("layanan", SURVEYED, {**SURVEYED, "unit": "Puskesmas Kijang", "u4": "4"}), {"berkas_dokumen": [PDF]})
    assert [(row["unit"], row["u1"], row["u4"]) for row in answers["layanan"]] == [
        ("Loket pendaftaran", 3.25, 3.25),
        ("Puskesmas Kijang", 3.25, 4),
    ]


@pytest.mark.parametrize("value", ["0,99", "4,01", "5", "0"])
def test_an_unsur_is_between_one_and_four(value):
    problems = problems_of(form_named("opd_skm"), cells("layanan", {**SURVEYED, "u9": value}), {"berkas_dokumen": [PDF]})
    assert set(problems) == {"layanan.1.u9"}


def test_an_opd_that_serves_nobody_directly_only_says_so():
    form = form_named("opd_skm")
    assert set(problems_of(form, {})) == {"berkas_dokumen", "layanan"}
    assert parse(form, {"tanpa_layanan": ["ya"]} | cells("layanan", SURVEYED)) == {"tanpa_layanan": True}


def test_the_survey_of_the_regency_is_compiled_from_the_units_of_those_that_serve():
    opd, draft = form_named("opd_skm"), form_named("dr09_skm")
    sent = parse(opd, cells("layanan", SURVEYED), {"berkas_dokumen": [PDF]})
    done = {"opd_skm": [("dinas_sosial", parse(opd, {"tanpa_layanan": ["ya"]})), ("dinas_kesehatan", sent)]}
    answers = parse(draft, initial(draft, prefill(draft, done), OPD), {"berkas_draf": [PDF]}, OPD)
    assert [(row["opd"], row["unit"], row["responden"], row["u9"]) for row in answers["rekap_skm"]] == [
        ("dinas_kesehatan", "Loket pendaftaran", 120, 3.25)
    ]


def test_nobody_types_whose_answers_the_survey_has():
    """Answers of people who were asked stay with the OPD: names and phone numbers of respondents have no field to go to (UU 27/2022)."""
    columns = {column.key for field in form_named("opd_skm").fields for column in field.columns if column.call is None}
    assert columns == {"unit", "responden", *(f"u{n}" for n in range(1, 10)), "populasi", "kelompok", "rincian", "jumlah"}


def test_index_class_and_lowest_unsur_are_calculated_from_what_the_opd_sent():
    opd, draft = form_named("opd_skm"), form_named("dr09_skm")
    means = dict(zip((f"u{n}" for n in range(1, 10)), ["3,3", "3,1", "2,9", "3,9", "3,2", "3,4", "3,6", "3,1", "3,1"], strict=True))
    sent = parse(opd, cells("layanan", SURVEYED | means), {"berkas_dokumen": [PDF]})
    assert [(row["ikm"], row["mutu"]) for row in sent["layanan"]] == [(82.22, "B (Baik)")]
    first = initial(draft, prefill(draft, {"opd_skm": [("dinas_kesehatan", sent)]}), OPD)
    answers = parse(draft, first, {"berkas_draf": [PDF]}, OPD)
    assert (answers["ikm_kab"], answers["mutu_kab"]) == (82.22, "B (Baik)")
    assert answers["unsur_terendah"].startswith("U3 Waktu Penyelesaian (72,50);")
