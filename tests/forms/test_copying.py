"""Blanks filled from last year's answers, or with a letter's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.forms import fill_from_last_year, fill_from_letter

from .made import OPD, PERFORMANCE, cells, choice, component, decision, form_of, problems_of, table

FORM = form_of(
    component("textfield", "asal", defaultValue="Kementerian"),
    component("textfield", "nomor", properties={"salin": "tidak"}),
    component("datetime", "tanggal"),
    component("number", "tahun", validate={"required": True}, properties={"kunci": "true"}),
    component("number", "tahun_lalu", properties={"bawaan": "tahun_lalu"}),
    component("number", "rangkap"),
    choice("select", "sifat", "biasa", "segera", defaultValue="biasa"),
    choice("checklist", "saluran", "surel", "kurir"),
    component("checklist", "daftar_opd", valuesKey="opd", properties={"sumber": "opd"}),
    component("checkbox", "menyusul"),
    component("textarea", "alasan", label="Alasan (wajib bila menyusul)", properties={"wajib_bila": "=menyusul"}),
    component("textfield", "petugas", properties={"sumber": "pengguna"}),
    component("textfield", "kontak", properties={"pribadi": "true"}),
    component("textfield", "paraf", properties={"otomatis": "paraf"}),
    component("textfield", "dasar", properties={"isi_dari": "sm01.nomor"}),
    component("filepicker", "berkas"),
    table("capaian", *PERFORMANCE),
)
LAST_YEAR = {
    "asal": "Gubernur",
    "nomor": "B/1",
    "tanggal": "2025-03-12",
    "tahun": 2024,
    "tahun_lalu": 2023,
    "rangkap": 3,
    "sifat": "segera",
    "saluran": ["surel"],
    "daftar_opd": ["dinas_sosial", "dinas_lama"],
    "menyusul": True,
    "alasan": "Kapal terlambat.",
    "petugas": "Budi",
    "kontak": "0812",
    "paraf": "x",
    "dasar": "B/0",
    "berkas": [{"id": "a1", "nama": "surat.pdf", "ukuran": 1}],
    "capaian": [{"indikator": "A", "target": 10, "realisasi": 8, "polaritas": "rendah", "hasil": 120}],
    "hilang": "tidak ada lagi",
}
COPIED = {
    "asal": ["Gubernur"],
    "rangkap": ["3"],
    "sifat": ["segera"],
    "saluran": ["surel"],
    "daftar_opd": ["dinas_sosial"],
    "capaian.1.indikator": ["A"],
    "capaian.1.target": ["10"],
    "capaian.1.realisasi": ["8"],
    "capaian.1.polaritas": ["rendah"],
}


def last_year(submitted, answers=LAST_YEAR, form=FORM):
    return fill_from_last_year(form, submitted, answers, OPD)


def test_what_belongs_to_its_own_year_stays_blank():
    found = last_year({})
    assert found.submitted == COPIED
    assert found.names == ("Asal", "Rangkap", "Sifat", "Saluran", "Daftar opd", "Capaian")


def test_what_another_sop_would_have_filled_is_copied_where_that_had_no_case():
    form = form_of(component("textfield", "sasaran", properties={"isi_dari": "sop_04_rkt:dr09_rkt.sasaran"}))
    assert last_year({}, {"sasaran": "Kemiskinan menurun"}, form).submitted == {"sasaran": ["Kemiskinan menurun"]}


def test_the_button_is_no_answer():
    assert "_aksi" not in last_year({"_aksi": ["salin"]}).submitted


@pytest.mark.parametrize(
    ("key", "typed"), [("asal", "Bupati"), ("rangkap", "x"), ("sifat", ""), ("saluran", "kurir"), ("capaian.2.indikator", "B")]
)
def test_what_was_typed_is_not_changed(key, typed):
    found = last_year({key: [typed]}).submitted
    assert found[key] == ([typed] if typed else ["segera"])
    if "." in key:
        assert not any(name.startswith("capaian.1.") for name in found)


def test_rows_as_the_form_put_them_make_room():
    found = last_year(cells("capaian", {"polaritas": "tinggi"}, {"polaritas": "tinggi"})).submitted
    assert found["capaian.1.indikator"] == ["A"] and "capaian.2.polaritas" not in found


def test_a_condition_decides_with_what_stands_in_the_form():
    assert last_year({"menyusul": ["ya"]}).submitted["alasan"] == ["Kapal terlambat."]


def test_what_a_condition_looks_at_may_just_have_been_filled():
    first = component("textfield", "lanjut", conditional={"hide": '=sifat != "segera"'})
    form = form_of(first, choice("select", "sifat", "biasa", "segera"))
    found = last_year({}, {"sifat": "segera", "lanjut": "Kirim."}, form)
    assert found.submitted == {"sifat": ["segera"], "lanjut": ["Kirim."]} and found.names == ("Lanjut", "Sifat")
    assert last_year({}, {"sifat": "biasa", "lanjut": "Kirim."}, form).names == ("Sifat",)


def test_a_decision_and_its_note_are_made_anew():
    note = component("textarea", "catatan", label="Catatan (wajib bila tidak)", properties={"wajib_bila": '=keputusan != "ya"'})
    form = form_of(decision(), note, component("textfield", "map"))
    assert last_year({}, {"keputusan": "tidak", "catatan": "Perbaiki.", "map": "3"}, form).submitted == {"map": ["3"]}


@pytest.mark.parametrize(
    "answers",
    [
        {"sifat": "lama"},
        {"sifat": ["segera"]},
        {"rangkap": "tiga"},
        {"asal": "a" * 501},
        {"asal": {"x": 1}},
        {"saluran": ["pos"]},
        {"capaian": "teks"},
        {"capaian": [{"polaritas": "lama", "target": "x"}, "baris", {"lain": "x"}]},
    ],
)
def test_an_old_answer_that_no_longer_fits_is_left_out(answers):
    found = last_year({}, answers)
    assert (found.submitted, found.names) == ({}, ())


def test_cells_that_no_longer_fit_are_left_out_of_their_row():
    found = last_year({}, {"capaian": [{"indikator": "A", "polaritas": "lama"}]}).submitted
    assert (found["capaian.1.indikator"], found["capaian.1.polaritas"], found["capaian.1.target"]) == (["A"], ["tinggi"], [""])


def test_a_column_may_stay_blank():
    columns = [component("textfield", "indikator"), component("number", "target", properties={"salin": "tidak"})]
    form = form_of(table("capaian", *columns))
    found = last_year({}, {"capaian": [{"indikator": "A", "target": 1}, {"target": 2}]}, form)
    assert found.submitted == {"capaian.1.indikator": ["A"], "capaian.1.target": [""]}


def test_a_letter_brings_its_texts_and_dates():
    found = fill_from_letter(FORM, {}, LAST_YEAR, OPD)
    assert found.submitted == {"asal": ["Gubernur"], "nomor": ["B/1"], "tanggal": ["2025-03-12"], "dasar": ["B/0"]}


def test_a_letter_changes_nothing_that_was_typed():
    assert fill_from_letter(FORM, {"nomor": ["B/2"]}, {"nomor": "B/1"}, OPD).submitted == {"nomor": ["B/2"]}


def test_a_date_that_is_a_time_here_is_left_out():
    form = form_of(component("datetime", "tanggal", subtype="time", timeLabel="Jam"))
    assert fill_from_letter(form, {}, {"tanggal": "2025-03-12"}, OPD).submitted == {}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**6), 10**6) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["indikator", "target", "polaritas"]), inner, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from([field.key for field in FORM.fields]), JSON))
def test_whatever_was_answered_fills_only_what_can_be_read(answers):
    found = last_year({"tahun": ["2025"]}, answers)
    problems = problems_of(FORM, found.submitted, choices=OPD)
    assert all(sentence.endswith("belum diisi.") for sentence in problems.values())
