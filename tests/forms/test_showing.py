"""Answers as people read them, and as the engine needs them."""

from datetime import date

import pytest

from app.forms import display, initial, variables

from .made import OPD, PDF, choice, component, decision, form_of

ALL_OPD = component("checklist", "daftar_opd", valuesKey="opd", properties={"sumber": "opd", "bawaan": "semua"})


@pytest.mark.parametrize(
    ("made", "value", "text"),
    [
        (component("datetime", "x"), "2017-12-08", "8 Desember 2017"),
        (component("datetime", "x", subtype="time", timeLabel="X"), "10:42:00", "pukul 10.42 WIB"),
        (component("datetime", "x", subtype="datetime", dateLabel="X"), "2026-03-12T10:42:00+07:00", "12 Maret 2026 pukul 10.42 WIB"),
        (component("datetime", "x"), "rusak", "rusak"),
        (component("number", "x"), 1234.5, "1.234,5"),
        (component("number", "x"), -1234567, "-1.234.567"),
        (component("number", "x"), 123456789012.35, "123.456.789.012,35"),
        (component("number", "x"), 2.0, "2"),
        (component("number", "x"), -0.5, "-0,5"),
        (component("number", "x", validate={"required": True}, properties={"kunci": "true"}), 2025, "2025"),
        (component("number", "x", appearance={"prefixAdorner": "Rp"}), 1000, "Rp1.000"),
        (component("checkbox", "x"), True, "Ya"),
        (choice("select", "x", "biasa"), "biasa", "Biasa"),
        (choice("checklist", "x", "surel", "kurir"), ["surel", "kurir"], "Surel, Kurir"),
        (choice("select", "x", "biasa"), "lama", "lama"),
    ],
)
def test_a_value_in_words(made, value, text):
    assert display(form_of(made), {"x": value}) == [("X", text)]


def test_a_decision_is_shown_with_its_label():
    assert display(form_of(decision()), {"keputusan": "ya"}) == [("Keputusan", "Ya")]


def test_options_of_a_source_are_shown_with_their_names():
    assert display(form_of(ALL_OPD), {"daftar_opd": ["dinas_sosial"]}, OPD) == [("Daftar opd", "Dinas Sosial")]


def test_files_and_unanswered_fields_are_left_out():
    assert display(form_of(component("filepicker", "berkas"), component("textfield", "hal")), {"berkas": [PDF]}) == []


def test_a_form_starts_with_its_defaults():
    form = form_of(component("textfield", "asal", defaultValue="Kementerian"), component("number", "n", defaultValue=1.5))
    assert initial(form) == {"asal": ["Kementerian"], "n": ["1,5"]}


def test_a_prefilled_value_comes_before_the_default():
    assert initial(form_of(component("textfield", "asal", defaultValue="A")), {"asal": "B", "lain": "C"}) == {"asal": ["B"]}


def test_all_options_of_a_source_may_be_ticked_at_first():
    assert initial(form_of(ALL_OPD), {}, OPD) == {"daftar_opd": ["dinas_kesehatan", "dinas_sosial"]}


def test_a_date_may_start_with_today():
    form = form_of(component("datetime", "x", properties={"bawaan": "hari_ini"}))
    assert initial(form, today=date(2026, 3, 12)) == {"x": ["2026-03-12"]}
    assert initial(form) == {}


def test_variables_are_what_the_drawing_reads_and_null_where_unanswered():
    form = form_of(component("textfield", "hal"), decision(), component("textarea", "catatan"))
    assert variables(form, {"hal": "x", "catatan": "y"}, {"keputusan", "catatan", "lain"}) == {"keputusan": None, "catatan": "y"}
