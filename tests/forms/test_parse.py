"""What was posted to answers, or one sentence for each wrong field."""

import pytest

from app.forms import parse

from .made import OPD, PDF, choice, component, decision, form_of, problems_of

NOTE = component(
    "textarea", "catatan", label="Catatan perbaikan (wajib diisi bila dikembalikan)", properties={"wajib_bila": '=keputusan = "tidak"'}
)


def value(kind, raw, **more):
    return parse(form_of(component(kind, "x", **more)), {"x": [raw]}).get("x")


def problem(kind, raw, **more):
    return problems_of(form_of(component(kind, "x", **more)), {"x": [raw]}).get("x")


@pytest.mark.parametrize(
    ("raw", "stored"),
    [("  Surat  ", "Surat"), ("Cafe\u0301", "Café"), ("a\tb", "a b"), ("a\r\nb", "a b"), ("   ", None), ("<b>", "<b>"), ("😀", "😀")],
)
def test_a_text_is_trimmed_and_normalised(raw, stored):
    assert value("textfield", raw) == stored


def test_lines_of_a_textarea_stay():
    assert value("textarea", " a\r\n\tb\r") == "a\n\tb"


@pytest.mark.parametrize("raw", ["a\x00b", "\x07", "a\x1b[31m", "\ud800", "\u202egnp.exe", "a\x7f"])
def test_control_characters_are_refused(raw):
    assert problem("textfield", raw) == "X memuat huruf tak tampak yang tidak diizinkan. Ketik ulang isian ini."


def test_a_long_text_says_the_limit():
    assert problem("textfield", "a" * 501) == "X terlalu panjang: paling banyak 500 huruf."


def test_a_short_text_says_the_limit():
    assert problem("textfield", "ab", validate={"minLength": 3}) == "X paling pendek 3 huruf."


def test_a_pattern_has_its_own_sentence():
    rules = {"pattern": "^[0-9]{4}$", "patternErrorMessage": "harus empat angka"}
    assert problem("textfield", "12", validate=rules) == "X harus empat angka."


def test_a_phone_number_is_judged():
    assert problem("textfield", "besok", validate={"validationType": "phone"}).startswith("X harus berupa nomor telepon")


@pytest.mark.parametrize(
    ("raw", "stored"),
    [("2025", 2025), ("1.234,5", 1234.5), ("1.234.567", 1234567), ("-3,25", -3.25), ("007", 7), ("Rp 1.000", 1000), ("85,5%", 85.5),
     ("1,50", 1.5), ("2,0", 2)],
)  # fmt: skip
def test_a_number_is_read_the_indonesian_way(raw, stored):
    found = value("number", raw)
    assert (found, type(found)) == (stored, type(stored))


@pytest.mark.parametrize("raw", ["lima", "1.5", "12.34", "1,2,3", "1e9", "NaN", "Infinity", "٣", "9" * 5000, "--1", "0x10", "1.23.456"])
def test_what_is_no_number_is_refused(raw):
    assert problem("number", raw) == "X harus berupa angka dengan koma desimal, misalnya 1.234,5."


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [("1999", "X paling kecil 2000."), ("2101", "X paling besar 2100."), ("2025,5", "X harus bilangan bulat."),
     ("x", "X harus berupa angka, misalnya 2025.")],
)  # fmt: skip
def test_a_whole_number_has_bounds(raw, sentence):
    assert problem("number", raw, decimalDigits=0, validate={"min": 2000, "max": 2100}) == sentence


def test_a_number_beyond_exactness_is_refused():
    assert problem("number", "9" * 20) == "X paling besar 1000000000000000."


@pytest.mark.parametrize("raw", ["2026-03-12", "12/03/2026", "12-3-2026", "12.03.2026", "12 Maret 2026", "12 maret 2026"])
def test_a_date_is_stored_as_iso(raw):
    assert value("datetime", raw) == "2026-03-12"


@pytest.mark.parametrize("raw", ["2026-02-30", "0026-03-12", "12/2026", "besok", "20260312", "2026-W10-1", "9999-01-01", "32 Maret 2026"])
def test_what_is_no_date_is_refused(raw):
    assert problem("datetime", raw) == "X harus berupa tanggal, misalnya 12/03/2026."


@pytest.mark.parametrize(
    ("subtype", "raw", "stored"),
    [("time", "10:42", "10:42:00"), ("time", "10.42", "10:42:00"), ("datetime", "2026-03-12T10:42", "2026-03-12T10:42:00+07:00"),
     ("datetime", "2026-03-12T10:42:00+07:00", "2026-03-12T10:42:00+07:00")],
)  # fmt: skip
def test_times_are_stored_as_iso(subtype, raw, stored):
    assert value("datetime", raw, subtype=subtype, timeLabel="X", dateLabel="X") == stored


def test_a_checkbox_is_always_answered():
    assert parse(form_of(component("checkbox", "x")), {}) == {"x": False}


def test_a_required_checkbox_must_be_ticked():
    assert problems_of(form_of(component("checkbox", "x", validate={"required": True})), {}) == {"x": "X belum dicentang."}


def test_a_checkbox_takes_no_other_value():
    assert problem("checkbox", "mungkin") == "X hanya dapat dicentang atau tidak."


def test_a_choice_is_one_of_its_options():
    form = form_of(choice("select", "sifat", "biasa", "segera"))
    assert parse(form, {"sifat": ["segera"]}) == {"sifat": "segera"}
    assert problems_of(form, {"sifat": ["rahasia"]}) == {"sifat": "Sifat berisi pilihan yang tidak ada dalam daftar. Pilih dari daftar."}


def test_a_checklist_keeps_the_order_of_its_options_once():
    form = form_of(choice("checklist", "saluran", "surel", "kurir"))
    assert parse(form, {"saluran": ["kurir", "surel", "kurir"]}) == {"saluran": ["surel", "kurir"]}


def test_options_of_a_source_come_with_the_call():
    form = form_of(component("checklist", "daftar_opd", valuesKey="opd", properties={"sumber": "opd"}))
    assert parse(form, {"daftar_opd": ["dinas_sosial"]}, {}, OPD) == {"daftar_opd": ["dinas_sosial"]}
    assert problems_of(form, {"daftar_opd": ["dinas_sosial"]}) == {
        "daftar_opd": "Daftar opd memuat pilihan yang tidak ada dalam daftar. Pilih dari daftar."
    }


@pytest.mark.parametrize("posted", ["setuju", "Ya", "ya ya", "1", "true"])
def test_a_decision_is_ya_or_tidak(posted):
    assert set(problems_of(form_of(decision()), {"keputusan": [posted]})) == {"keputusan"}


def test_a_decision_not_made_is_asked_for():
    assert problems_of(form_of(decision()), {}) == {"keputusan": "Keputusan belum dipilih."}


def test_both_buttons_at_once_are_refused():
    assert set(problems_of(form_of(decision()), {"keputusan": ["ya", "tidak"]})) == {"keputusan"}


def test_a_return_needs_its_note():
    assert problems_of(form_of(NOTE, decision()), {"keputusan": ["tidak"]}) == {"catatan": "Catatan perbaikan belum diisi."}


def test_an_approval_needs_no_note():
    assert parse(form_of(NOTE, decision()), {"keputusan": ["ya"], "catatan": [""]}) == {"keputusan": "ya"}


def test_every_problem_is_told_at_once_in_the_order_of_the_form():
    form = form_of(component("textfield", "a", validate={"required": True}), component("number", "b"), decision())
    assert list(problems_of(form, {"b": ["x"], "zzz": ["1"]})) == ["a", "b", "keputusan", "zzz"]


def test_an_undeclared_key_is_a_problem_under_its_own_name():
    assert problems_of(form_of(), {"__class__": ["x"]}) == {
        "__class__": "Isian “__class__” tidak ada dalam formulir ini. Muat ulang halaman, lalu isi kembali."
    }


def test_one_answer_twice_is_refused():
    form = form_of(component("textfield", "x"))
    assert problems_of(form, {"x": ["a", "b"]}) == {"x": "X diisi lebih dari satu kali. Kirim satu jawaban saja."}


HIDDEN = component("textfield", "alasan", validate={"required": True}, conditional={"hide": "=not(menyusul)"})


def test_a_hidden_field_is_not_required():
    assert parse(form_of(component("checkbox", "menyusul"), HIDDEN), {}) == {"menyusul": False}


def test_a_shown_field_is_required():
    form = form_of(component("checkbox", "menyusul"), HIDDEN)
    assert problems_of(form, {"menyusul": ["ya"]}) == {"alasan": "Alasan belum diisi."}


def test_the_value_of_a_hidden_field_is_dropped_even_when_wrong():
    form = form_of(component("checkbox", "menyusul"), HIDDEN)
    assert parse(form, {"alasan": ["a\x00"]}) == {"menyusul": False}


def test_a_field_in_a_hidden_group_is_hidden():
    group = {"type": "group", "id": "G", "components": [component("textfield", "x")], "conditional": {"hide": "=not(a)"}}
    assert parse(form_of(component("checkbox", "a"), group), {"x": ["1"]}) == {"a": False}


def test_a_hidden_answer_does_not_show_another_field():
    middle = component("checkbox", "b", conditional={"hide": "=not(a)"})
    last = component("textfield", "c", conditional={"hide": "=b != true"})
    assert parse(form_of(component("checkbox", "a"), middle, last), {"b": ["ya"], "c": ["x"]}) == {"a": False}


def test_a_required_checkbox_that_shows_must_be_ticked():
    form = form_of(component("checkbox", "a"), component("checkbox", "b", validate={"required": True}, conditional={"hide": "=not(a)"}))
    assert problems_of(form, {"a": ["ya"]}) == {"b": "B belum dicentang."}


FILE = component("filepicker", "berkas", accept=".pdf", validate={"required": True})


def test_a_file_comes_from_what_is_stored():
    assert parse(form_of(FILE), {}, {"berkas": [PDF]}) == {"berkas": [PDF]}


def test_a_file_is_never_read_from_what_is_posted():
    assert problems_of(form_of(FILE), {"berkas": ["surat.pdf"]}) == {"berkas": "Berkas belum diunggah."}


def test_a_file_of_another_kind_is_refused():
    assert problems_of(form_of(FILE), {}, {"berkas": [PDF | {"nama": "surat.docx"}]}) == {"berkas": "Berkas harus berupa berkas PDF."}


def test_two_files_where_one_is_asked_for_are_refused():
    sentence = "Berkas hanya boleh satu berkas. Hapus berkas yang tidak dipakai."
    assert problems_of(form_of(FILE), {}, {"berkas": [PDF, PDF]}) == {"berkas": sentence}


def test_several_files_where_several_are_asked_for():
    form = form_of(FILE | {"multiple": True})
    assert len(parse(form, {}, {"berkas": [PDF, PDF]})["berkas"]) == 2


def test_a_file_for_a_field_that_is_none_is_a_problem():
    assert set(problems_of(form_of(component("textfield", "x")), {}, {"x": [PDF], "y": [PDF]})) == {"x", "y"}


@pytest.mark.parametrize("more", [{"readonly": True}, {"disabled": True}, {"properties": {"otomatis": "paraf"}}])
def test_what_the_system_sets_is_not_read_and_not_required(more):
    assert parse(form_of(component("textfield", "x", validate={"required": True}, **more)), {"x": ["palsu"]}) == {}
