"""What a form calculates: texts, and results of whole tables."""

import io

import pytest
from jsonschema import Draft202012Validator
from openpyxl import load_workbook

from app.forms import MAX_ROWS, as_submitted, display, fill_row, initial, parse, shown_tables, table_to_xlsx, variables
from app.forms.copying import fill_from_last_year

from .made import cells, choice, component, form_of, problems_of, rules_of, table
from .test_page import page, words

UNSUR = [f"u{place}" for place in range(1, 10)]
NUMBERS = [component("number", key) for key in ("responden", *UNSUR)]
NRR = dict(zip(UNSUR, ("3,30", "3,10", "2,90", "3,90", "3,20", "3,40", "3,60", "3,10", "3,10"), strict=True))
GRADE = component("textfield", "mutu", properties={"hitung": "mutu_ikm"})
INDEX = component("number", "nilai", label="IKM", properties={"hitung": "ikm"})
METHOD = choice("radio", "metode", "sederhana", "tertimbang", defaultValue="sederhana")


def expression(key, written, **more):
    return {"type": "expression", "id": f"E_{key}", "key": key, "expression": written, "properties": {"judul": key.capitalize()}, **more}


UNITS = table("rekap", component("textfield", "unit"), *NUMBERS, INDEX, GRADE)
FORM = form_of(METHOD, UNITS, expression("ikm_kab", "=ikm_gabungan(rekap, metode)"), expression("mutu_kab", "=mutu_ikm_gabungan(rekap)"))
ROWS = ({"unit": "A", "responden": "10", **NRR}, {"unit": "B", "responden": "30", **dict.fromkeys(UNSUR, "4")}, {"unit": "Tanpa layanan"})


def test_a_row_tells_its_index_and_its_class():
    first, second, third = parse(FORM, cells("rekap", *ROWS))["rekap"]
    assert (first["nilai"], first["mutu"], second["mutu"]) == (82.22, "B (Baik)", "A (Sangat baik)")
    assert third == {"unit": "Tanpa layanan"}


@pytest.mark.parametrize(("method", "index"), [("sederhana", 91.11), ("tertimbang", 95.56)])
def test_a_form_calculates_from_a_whole_table(method, index):
    answers = parse(FORM, cells("rekap", *ROWS) | {"metode": [method]})
    assert (answers["ikm_kab"], answers["mutu_kab"]) == (index, "A (Sangat baik)")


def test_posted_results_are_ignored():
    posted = cells("rekap", {**ROWS[0], "mutu": "A (Sangat baik)", "nilai": "100"}) | {"ikm_kab": ["100"], "mutu_kab": ["A"]}
    answers = parse(FORM, posted)
    assert (answers["rekap"][0]["mutu"], answers["ikm_kab"], answers["mutu_kab"]) == ("B (Baik)", 82.22, "B (Baik)")


def test_without_a_table_there_is_no_result():
    assert parse(FORM, {"metode": ["sederhana"]}) == {"metode": "sederhana"}


def test_a_property_names_the_very_keys():
    form = form_of(METHOD, UNITS, component("number", "hasil", properties={"hitung": "ikm_gabungan"}))
    assert parse(form, cells("rekap", *ROWS) | {"metode": ["tertimbang"]})["hasil"] == 95.56


def test_a_hidden_table_leaves_no_result():
    form = form_of(
        component("checkbox", "tanpa"),
        table("rekap", *NUMBERS, conditional={"hide": "=tanpa"}),
        expression("ikm_kab", "=ikm_gabungan(rekap)"),
    )
    posted = cells("rekap", {"responden": "10", **NRR})
    assert parse(form, posted)["ikm_kab"] == 82.22
    assert parse(form, posted | {"tanpa": ["ya"]}) == {"tanpa": True}


def test_the_schema_stays_closed_and_knows_the_kinds():
    Draft202012Validator.check_schema(dict(FORM.schema))
    text = {"title": "Mutu_kab", "type": "string", "minLength": 1, "maxLength": 500}
    assert FORM.schema["additionalProperties"] is False and FORM.schema["properties"]["mutu_kab"] == text
    row = FORM.schema["properties"]["rekap"]["items"]
    assert row["additionalProperties"] is False and row["properties"]["mutu"]["type"] == "string"
    assert row["properties"]["nilai"]["type"] == FORM.schema["properties"]["ikm_kab"]["type"] == "number"


def test_stored_answers_posted_again_are_the_same_answers():
    answers = parse(FORM, cells("rekap", *ROWS) | {"metode": ["tertimbang"]})
    assert parse(FORM, as_submitted(FORM, answers)) == answers


def test_results_are_shown_in_words():
    answers = parse(FORM, cells("rekap", *ROWS))
    assert ("Mutu_kab", "A (Sangat baik)") in display(FORM, answers)
    assert shown_tables(FORM, answers)[0].rows[0][-2:] == ("82,22", "B (Baik)")


def test_a_text_goes_out_to_excel_as_a_text():
    rows = parse(FORM, cells("rekap", *ROWS))["rekap"]
    sheet = load_workbook(io.BytesIO(table_to_xlsx(FORM.tables[0], rows))).active
    assert [cell.value for cell in sheet[2]][-2:] == [82.22, "B (Baik)"]


def test_a_text_may_enter_the_engine():
    assert variables(FORM, {"mutu_kab": "B (Baik)"}, {"mutu_kab"}) == {"mutu_kab": "B (Baik)"}


def test_results_are_never_copied_from_last_year():
    old = parse(FORM, cells("rekap", *ROWS))
    assert "Mutu_kab" not in fill_from_last_year(FORM, initial(FORM), old, {}).names


# -- on the page --


def test_the_page_shows_results_as_far_as_they_are_known():
    tree = page(FORM, initial(FORM) | cells("rekap", *ROWS))
    assert words(tree, "(//tbody/tr)[1]/td[@data-label='Mutu']") == "B (Baik)"
    assert "number" not in tree.xpath("(//tbody/tr)[1]/td[@data-label='Mutu']")[0].get("class").split()
    assert words(tree, "(//tbody/tr)[3]/td[@data-label='Mutu']") == "–"
    assert words(tree, "//*[@id='f-ikm_kab']/following-sibling::p") == "91,11"
    assert not tree.xpath("//*[@name='mutu_kab' or @name='rekap.1.mutu']")


def test_a_result_waits_for_fields_that_can_be_read():
    polarity = choice("select", "polaritas", "tinggi", "rendah")
    numbers = (component("number", "realisasi"), component("number", "target"))
    form = form_of(*numbers, polarity, expression("h", "=capaian(realisasi, target, polaritas)"))
    posted = {"realisasi": ["8"], "target": ["10"], "polaritas": ["rendah"]}
    assert words(page(form, posted), "//*[@id='f-h']/following-sibling::p") == "120%"
    assert words(page(form, posted | {"polaritas": ["sedang"]}), "//*[@id='f-h']/following-sibling::p") == "Dihitung oleh aplikasi"


def test_before_anything_is_filled_in_the_page_says_who_will():
    tree = page(FORM, initial(FORM))
    assert words(tree, "//*[@id='f-mutu_kab']/following-sibling::p") == "Dihitung oleh aplikasi"


def test_a_page_with_unreadable_cells_has_no_result():
    spoiled = initial(FORM) | cells("rekap", ROWS[0], {**ROWS[1], "u3": "banyak"})
    assert words(page(FORM, spoiled), "//*[@id='f-ikm_kab']/following-sibling::p") == "Dihitung oleh aplikasi"


# -- compiling --


@pytest.mark.parametrize(
    "written",
    [
        "=ikm_gabungan(metode)",  # no table
        "=ikm_gabungan(lain)",
        "=ikm_gabungan(rekap, unit)",
        "=ikm_gabungan(kurang)",  # without u1 to u9
        "=ikm_gabungan(dihitung)",  # u1 is itself calculated
        "=ikm_gabungan(salah)",  # u1 is a text
        "=ikm(rekap)",
        "=ipp(rekap)",
        "=mutu_ikm_gabungan(ikm_kab)",
    ],
)
def test_a_formula_given_another_thing_than_its_table_is_a_finding(written):
    calculated = [
        component("number", "u1", properties={"hitung": "serapan"}),
        component("number", "realisasi"),
        component("number", "pagu"),
    ]
    tables = (
        table("kurang", component("number", "responden"), component("number", "u1")),
        table("dihitung", *calculated, *[c for c in NUMBERS if c["key"] != "u1"]),
        table("salah", component("textfield", "u1"), *[c for c in NUMBERS if c["key"] != "u1"]),
    )
    for one in tables:
        one["components"] = [{**column, "id": f"{column['id']}_{one['path']}"} for column in one["components"]]
    assert rules_of(METHOD, UNITS, *tables, expression("hasil", written)) == {"form-rumus"}


def test_a_table_cannot_be_given_to_a_formula_inside_a_table():
    inside = table("luar", component("textfield", "unit"), {**expression("hasil", "=ikm_gabungan(rekap)")})
    inside["components"][0]["id"] = "F_luar"
    assert rules_of(UNITS, inside) == {"form-rumus"}


def test_options_of_a_column_must_be_those_the_formula_knows():
    aspects = choice("select", "aspek", "kebijakan", "sdm", "sarana", "informasi", "konsultasi", "inovasi")
    numbers = (component("number", "bobot"), component("number", "skor"))
    assert rules_of(table("penilaian", aspects, *numbers), expression("hasil", "=ipp(penilaian)")) == set()
    other = choice("select", "aspek", "kebijakan", "lainnya")
    assert rules_of(table("penilaian", other, *numbers), expression("hasil", "=ipp(penilaian)")) == {"form-rumus"}


@pytest.mark.parametrize(("kind", "formula"), [("number", "mutu_ikm"), ("textfield", "ikm"), ("textarea", "mutu_ikm"), ("checkbox", "ikm")])
def test_a_field_must_be_of_the_kind_the_formula_gives(kind, formula):
    numbers = [component("number", key) for key in UNSUR]
    assert rules_of(*numbers, component(kind, "hasil", properties={"hitung": formula})) == {"form-properti"}


def test_a_condition_cannot_ask_for_a_calculated_text():
    numbers = [component("number", key) for key in UNSUR]
    assert rules_of(*numbers, GRADE, component("textfield", "a", conditional={"hide": '=mutu = "B (Baik)"'})) == {"form-syarat"}


def test_a_calculated_text_is_never_missing():
    numbers = [component("number", key) for key in UNSUR]
    assert problems_of(form_of(*numbers, {**GRADE, "validate": {"required": True}}), {}) == {}


# -- a row from raw answers --

SURVEYED = table("unit", component("textfield", "nama"), *NUMBERS, properties={"unggah": "jawaban_survei"})


def test_a_table_takes_raw_answers_only_with_their_columns():
    assert form_of(SURVEYED).tables[0].takes_raw_answers and not form_of(table("t", *NUMBERS)).tables[0].takes_raw_answers
    assert rules_of({**SURVEYED, "components": SURVEYED["components"][:-1]}) == {"form-properti"}
    assert rules_of(component("number", "n", properties={"unggah": "jawaban_survei"})) == {"form-properti"}
    assert rules_of({**SURVEYED, "properties": {"unggah": "lain"}}) == {"form-properti"}


def test_numbers_go_into_the_first_row_that_has_none():
    form = form_of(SURVEYED)
    again, number = fill_row(form, cells("unit", {"nama": "A", "u9": "3"}, {"nama": "B"}), "unit", {"responden": 1200, "u1": 3.25, "u9": 4})
    assert number == 2 and again.submitted["unit.1.u9"] == ["3"]
    assert [again.submitted[f"unit.2.{key}"] for key in ("nama", "responden", "u1", "u9")] == [["B"], ["1200"], ["3,25"], ["4"]]


def test_a_table_without_an_empty_row_gets_one_more_and_a_full_one_none():
    form, full = form_of(SURVEYED), {"u1": "3"}
    assert fill_row(form, cells("unit", *[full] * 6), "unit", {"u1": 4})[1] == 7
    assert fill_row(form, cells("unit", *[full] * MAX_ROWS), "unit", {"u1": 4})[1] == 0
    assert fill_row(form, {}, "lain", {"u1": 4})[1] == 0
