"""The forms of SOP 01 and 06: what a visit, a session and a decree ask for, and what the next step takes over from them."""

from datetime import date

import pytest

from app.forms import initial, parse, prefill

from .made import OPD, PDF, cells, problems_of
from .test_shipped_forms import TODAY, form_named

ASPECTS = ["kebijakan", "sdm", "sarana", "informasi", "konsultasi", "inovasi"]
INSTRUMENT = [{"aspek": aspect, "bobot": 100} for aspect in ASPECTS]
VISITED = {"tanggal_kunjungan": ["2026-03-12"]}
COMPONENTS = 14  # PermenPAN-RB 15/2014


def posted_first(name, done):
    form = form_named(name)
    return form, initial(form, prefill(form, done, "Fitri"), OPD, TODAY)


def test_the_team_only_adds_the_scores():
    form, posted = posted_first("ma4", {"ma2": [(None, {"instrumen": INSTRUMENT})]})
    assert set(problems_of(form, posted, {}, OPD)) == {f"penilaian.{row}.skor" for row in range(1, 7)}
    answers = parse(form, posted | {f"penilaian.{row}.skor": ["4"] for row in range(1, 7)}, {}, OPD)
    assert [(row["aspek"], row["bobot"], row["skor"]) for row in answers["penilaian"]] == [(aspect, 100, 4) for aspect in ASPECTS]
    assert (answers["nilai_akhir"], answers["petugas_tim"]) == (4, "Fitri") and answers["mutu"].startswith("B")


def test_nobody_types_the_index():
    scored = cells("penilaian", *({"aspek": aspect, "bobot": "100", "skor": "3"} for aspect in ASPECTS))
    assert parse(form_named("ma4"), VISITED | scored | {"nilai_akhir": ["5"]})["nilai_akhir"] == 3


def test_a_visit_that_left_an_aspect_out_says_why_it_has_no_index():
    answers = parse(form_named("ma4"), VISITED | cells("penilaian", {"aspek": "sdm", "bobot": "100", "skor": "3"}))
    assert "nilai_akhir" not in answers and "belum dinilai" in answers["catatan_nilai"]


@pytest.mark.parametrize("score", ["-1", "5,1", "6"])
def test_a_score_is_between_nought_and_five(score):
    found = problems_of(form_named("ma4"), VISITED | cells("penilaian", {"aspek": "sdm", "bobot": "100", "skor": score}))
    assert set(found) == {"penilaian.1.skor"}


def test_weights_are_typed_once_and_come_back_next_year():
    form = form_named("ma2")
    first = initial(form, {}, OPD)
    assert set(problems_of(form, first, {"konsep_surat": [PDF]}, OPD)) == {"instrumen"}
    again = initial(form, prefill(form, {"sop_01_monev:ma2": [(None, {"instrumen": INSTRUMENT})]}), OPD)
    answers = parse(form, again, {"konsep_surat": [PDF]}, OPD)
    assert answers["instrumen"] == INSTRUMENT and answers["daftar_opd"] == ["dinas_kesehatan", "dinas_sosial"]


@pytest.mark.parametrize(("name", "sop"), [("ma1", "sop_01_monev"), ("fa1", "sop_06_fasilitasi_sop")])
def test_a_decree_still_in_force_is_only_ticked(name, sop):
    decree = {"nomor_keputusan": "120/I/2026", "tanggal_keputusan": "2026-01-12"}
    form, posted = posted_first(name, {f"{sop}:{name}": [(None, decree)]})
    assert set(problems_of(form, posted)) == {"berkas_keputusan"}
    assert parse(form, posted | {"masih_berlaku": ["ya"]})["nomor_keputusan"] == "120/I/2026"


def test_the_recap_has_a_line_for_every_opd_with_its_value():
    visits = [("dinas_kesehatan", {"nilai_akhir": 4.2}), ("dinas_sosial", {"nilai_akhir": 3}), ("dinas_sosial", {"nilai_akhir": 3.5})]
    form, posted = posted_first("ma5", {"ma4": visits})
    decree = {"keputusan_penetapan": ["ya"], "nomor_keputusan_sekda": ["57"], "tanggal_keputusan_sekda": ["2026-03-12"]}
    answers = parse(form, posted | decree, {"berkas_keputusan_sekda": [PDF]}, OPD)
    assert answers["rekap"] == [{"opd": "dinas_kesehatan", "nilai_akhir": 4.2}, {"opd": "dinas_sosial", "nilai_akhir": 3.5}]


def test_whoever_was_visited_is_asked_to_respond():
    form, posted = posted_first("ma6", {"task_4": [("dinas_kesehatan", {"nilai_akhir": 4}), ("dinas_sosial", {})]})
    assert posted["daftar_tindak_lanjut"] == ["dinas_kesehatan"]
    assert set(problems_of(form, posted, {"berkas_laporan": [PDF]}, OPD)) == {"batas_waktu_tindak_lanjut"}


def test_an_opd_answers_the_recommendations_it_was_given():
    form, posted = posted_first(
        "ma6t", {"task_4": [("dinas_sosial", {"rekomendasi": [{"temuan": "x", "rekomendasi": "Pasang maklumat"}]})]}
    )
    posted |= {"tindak_lanjut.1.tindak_lanjut": ["Sudah dipasang"], "tanggapan": ["Selesai."], "tanggal_selesai": [str(date(2026, 4, 1))]}
    assert parse(form, posted)["tindak_lanjut"] == [{"rekomendasi": "Pasang maklumat", "tindak_lanjut": "Sudah dipasang"}]


def test_an_opd_without_recommendations_answers_in_a_sentence():
    assert set(problems_of(form_named("ma6t"), {})) == {"tanggapan", "tanggal_selesai"}


def test_a_letter_of_an_opd_names_the_opd():
    form = form_named("fa0")
    first = initial(form, today=TODAY)
    assert first["tahun"] == ["2026"] and problems_of(form, first, {}, OPD) == {}
    asked = problems_of(form, first | {"dasar_fasilitasi": ["permintaan"]}, {}, OPD)
    assert set(asked) == {"opd_pemohon", "nomor_surat_permintaan"}


def test_the_opd_that_asked_are_the_ones_to_be_coached():
    _, posted = posted_first("fa2", {"fa0": [(None, {"opd_pemohon": ["dinas_sosial"]})]})
    assert posted["daftar_opd"] == ["dinas_sosial"]
    assert initial(form_named("fa2"), {}, OPD)["daftar_opd"] == ["dinas_kesehatan", "dinas_sosial"]


def test_the_team_judges_the_drafts_the_opd_listed():
    drafts = [{"jenis": "sop", "nama": "Penerbitan KTP"}, {"jenis": "sp", "nama": "Layanan pindah"}]
    form, posted = posted_first("fa4", {"fa4a": [("disdukcapil", {"daftar": drafts})]})
    assert set(problems_of(form, posted)) == {"penilaian.1.hasil", "penilaian.2.hasil"}
    judged = {"penilaian.1.hasil": ["sesuai"], "penilaian.2.hasil": ["perbaikan"], "penilaian.2.komponen": ["12"]}
    answers = parse(form, posted | judged)
    assert answers["penilaian"] == [{**drafts[0], "hasil": "sesuai"}, {**drafts[1], "hasil": "perbaikan", "komponen": 12}]


def test_a_service_standard_has_fourteen_components():
    form = form_named("fa4")
    components = form.field("komponen_belum")
    assert components is not None and len(components.options) == COMPONENTS
    found = problems_of(form, {"tanggal_sesi": ["2026-03-12"]} | cells("penilaian", {"nama": "KTP", "hasil": "sesuai", "komponen": "15"}))
    assert set(found) == {"penilaian.1.komponen"}


def test_a_decree_of_the_bupati_is_recorded_unless_the_opd_decree_themselves():
    form, posted = posted_first("fa6", {"task_4": [("dinas_sosial", {"tanggal_sesi": "2026-03-12"})]})
    posted |= {"batas_waktu_tindak_lanjut": ["2026-05-01"]}
    assert set(problems_of(form, posted, {}, OPD)) == {"nomor_penetapan", "tanggal_penetapan", "berkas_penetapan"}
    assert problems_of(form, posted | {"bentuk_penetapan": ["kepala_opd"]}, {}, OPD) == {}


def test_the_letter_goes_to_whom_the_step_before_chose():
    _, posted = posted_first("ma3", {"task_2": [(None, {"daftar_opd": ["dinas_sosial"]})]})
    assert posted["daftar_penerima"] == ["dinas_sosial"]
