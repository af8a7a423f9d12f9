"""Tables: rows as posted to a list of objects, or a sentence for each wrong cell."""

from collections import Counter

import pytest
from jsonschema import Draft202012Validator

from app.forms import MAX_ROWS, Call, as_submitted, display, initial, name_of, parse, shown_tables, variables
from app.forms import tables as module

from .made import OPD, PERFORMANCE, cells, choice, compiled, component, form_of, problems_of, rules_of, table

FORM = form_of(table("capaian", *PERFORMANCE, properties={"wajib": "true"}))
GOOD = {"indikator": "Angka kemiskinan", "target": "10", "realisasi": "8", "polaritas": "rendah"}
EMPTY = {"indikator": "", "target": " ", "realisasi": "", "polaritas": "tinggi"}


def answer(form, *rows, key="capaian"):
    return parse(form, cells(key, *rows), {}, OPD).get(key)


def test_rows_become_objects_with_what_is_calculated():
    assert answer(FORM, GOOD) == [
        {"indikator": "Angka kemiskinan", "target": 10, "realisasi": 8, "polaritas": "rendah", "hasil": 120},
    ]


def test_rows_keep_their_order_and_empty_ones_are_dropped():
    rows = [{**GOOD, "indikator": str(n)} for n in range(12)]
    assert [row["indikator"] for row in answer(FORM, rows[0], EMPTY, *rows[1:], EMPTY)] == [str(n) for n in range(12)]


def test_a_row_with_nothing_but_its_defaults_is_empty():
    assert problems_of(FORM, cells("capaian", EMPTY)) == {"capaian": "Capaian belum diisi."}


@pytest.mark.parametrize("row", [{"a": "", "s": "A"}, {"n": "5,0"}, {"sah": "0"}, {"sah": "tidak", "n": " 5 "}])
def test_defaults_written_otherwise_are_defaults(row):
    five = component("number", "n", defaultValue=5)
    form = form_of(
        table("t", component("textfield", "a"), choice("select", "s", "a", "b", defaultValue="a"), five, component("checkbox", "sah"))
    )
    assert parse(form, cells("t", row)) == {}


def test_a_zero_says_something():
    assert answer(form_of(table("t", component("number", "n"))), {"n": "0"}, key="t") == [{"n": 0}]


def test_an_optional_table_left_empty_is_absent():
    assert parse(form_of(table("capaian", *PERFORMANCE)), cells("capaian", EMPTY, EMPTY)) == {}


def test_a_wrong_cell_is_named_by_row_and_column():
    posted = cells("capaian", GOOD, EMPTY, {**GOOD, "target": "banyak"})
    assert problems_of(FORM, posted) == {"capaian.3.target": "Capaian baris 3, kolom Target: bukan angka."}


def test_a_missing_cell_is_named_by_the_row_on_the_page():
    posted = cells("capaian", EMPTY, {**GOOD, "indikator": ""})
    assert problems_of(FORM, posted) == {"capaian.2.indikator": "Capaian baris 2, kolom Indikator: belum diisi."}


def test_problems_follow_the_page():
    posted = cells("capaian", {**GOOD, "target": "x"}, {"indikator": "a", "target": "", "realisasi": "y", "polaritas": "z"})
    found = ["capaian.1.target", "capaian.2.target", "capaian.2.realisasi", "capaian.2.polaritas"]
    assert list(problems_of(FORM, posted)) == found


@pytest.mark.parametrize("kind", ["number", "textfield"])
def test_bounds_of_a_column_are_judged(kind):
    rules, raw = ({"max": 4}, "5") if kind == "number" else ({"minLength": 3}, "ab")
    form = form_of(table("t", component(kind, "a", validate=rules)))
    assert list(problems_of(form, cells("t", {"a": raw}))) == ["t.1.a"]


def test_a_posted_result_is_ignored():
    assert answer(FORM, {**GOOD, "hasil": "999"})[0]["hasil"] == 120


def test_without_a_target_there_is_no_result():
    assert "hasil" not in answer(FORM, {**GOOD, "target": "0"})[0]


def test_a_label_is_as_good_as_its_value():
    column = component("select", "opd", valuesKey="opd", properties={"sumber": "opd"})
    assert answer(form_of(table("t", column)), {"opd": "dinas  SOSIAL"}, key="t") == [{"opd": "dinas_sosial"}]


def test_a_word_that_is_no_option_is_repeated():
    sentence = "Capaian baris 1, kolom Polaritas: “sedang” tidak ada dalam daftar."
    assert problems_of(FORM, cells("capaian", {**GOOD, "polaritas": "sedang"})) == {"capaian.1.polaritas": sentence}


def test_dates_and_ticks_in_a_row():
    form = form_of(table("t", component("datetime", "hari"), component("checkbox", "sah")))
    assert answer(form, {"hari": "12/03/2026"}, {"sah": "ya"}, {}, key="t") == [{"hari": "2026-03-12", "sah": False}, {"sah": True}]


def test_more_rows_than_allowed_are_one_sentence():
    posted = cells("capaian", *[GOOD] * (MAX_ROWS + 1))
    assert list(problems_of(FORM, posted)) == ["capaian"]


def test_a_whole_table_at_its_largest_is_kept():
    assert len(answer(FORM, *[GOOD] * MAX_ROWS)) == MAX_ROWS


@pytest.mark.parametrize(
    "name", ["capaian", "capaian.0.target", "capaian.x.target", "capaian.1", "capaian.1.asing", "capaian.99999.target", "capaian._xlsx",
             "capaian.1.target.x", "lain.1.target", "capaian._lain", ".1.target", "capaian.-1.target", "capaian.1.__class__"]
)  # fmt: skip
def test_a_name_that_is_no_cell_of_the_form_is_refused(name):
    posted = cells("capaian", GOOD) | {name: ["1"]}
    assert set(problems_of(FORM, posted)) == {name}


def test_a_file_for_a_table_is_refused():
    assert set(problems_of(FORM, cells("capaian", GOOD), {"capaian": [{"id": "a", "nama": "x"}]})) == {"capaian"}


def test_pasted_text_left_beside_the_table_is_not_lost():
    assert set(problems_of(FORM, cells("capaian", GOOD) | {"capaian._tempel": ["a\t1"]})) == {"capaian._tempel"}
    assert problems_of(FORM, cells("capaian", GOOD) | {"capaian._tempel": [""]}) == {}


@pytest.mark.parametrize("cell", [["a", "b"], 3, None, [None], {"a": 1}, [["a"]], b"x"])
def test_a_cell_in_no_shape_of_a_browser_is_a_problem(cell):
    posted = {"capaian.1.indikator": ["x"], "capaian.1.target": ["1"], "capaian.1.realisasi": cell}
    assert list(problems_of(FORM, posted)) == ["capaian.1.realisasi"]


def test_a_hidden_table_is_dropped_whatever_is_wrong_in_it():
    form = form_of(component("checkbox", "a"), table("t", component("number", "n"), conditional={"hide": "=not(a)"}))
    assert parse(form, cells("t", {"n": "x"})) == {"a": False}


def test_a_table_may_be_required_by_a_condition():
    form = form_of(component("checkbox", "a"), table("t", component("number", "n"), properties={"wajib_bila": "=a"}))
    assert problems_of(form, {"a": ["ya"]}) == {"t": "T belum diisi."}
    assert problems_of(form, {}) == {}


def test_the_schema_of_a_row_is_closed():
    Draft202012Validator.check_schema(dict(FORM.schema))
    rows = FORM.schema["properties"]["capaian"]
    assert rows["items"]["additionalProperties"] is False and rows["items"]["required"] == ["indikator", "target"]
    assert (rows["minItems"], rows["maxItems"]) == (1, MAX_ROWS)


def test_answers_posted_again_are_the_same_answers():
    answers = parse(FORM, cells("capaian", GOOD, EMPTY, {**GOOD, "target": "1.234,5"}))
    assert parse(FORM, as_submitted(FORM, answers)) == answers


def test_stored_numbers_come_back_the_indonesian_way():
    money = component("number", "pagu", appearance={"prefixAdorner": "Rp"})
    form = form_of(table("t", money, component("number", "n")))
    assert initial(form, {"t": [{"pagu": 1_250_000, "n": 1234.5}]}) == {"t.1.pagu": ["1.250.000"], "t.1.n": ["1234,5"]}


def test_a_table_is_shown_in_words():
    answers = parse(FORM, cells("capaian", GOOD))
    assert display(FORM, answers) == [("Capaian", "1 baris")]
    (shown,) = shown_tables(FORM, answers)
    assert [label for label, _ in shown.head] == ["Indikator", "Target", "Realisasi", "Polaritas", "Capaian"]
    assert shown.rows == (("Angka kemiskinan", "10", "8", "Rendah", "120%"),)


def test_a_table_never_enters_the_engine():
    assert variables(FORM, {"capaian": [{"target": 1}]}, {"capaian"}) == {}


def test_sources_of_columns_are_named_too():
    column = component("select", "opd", valuesKey="opd", properties={"sumber": "opd"})
    assert form_of(table("t", column)).sources == {"opd"}


@pytest.mark.parametrize(
    ("name", "words"), [("capaian.3.target", "Capaian baris 3, kolom Target"), ("capaian._tempel", "Capaian"), ("x", "x")]
)
def test_a_posted_name_in_words(name, words):
    assert name_of(FORM, name) == words


def test_two_hundred_rows_cost_two_hundred_times_one(monkeypatch):
    """By count, not by the clock: every cell is read once, every row calculated once."""
    counts = Counter()
    for name in ("cell_value", "calculate"):
        plain = getattr(module, name)
        monkeypatch.setattr(module, name, lambda *a, plain=plain, name=name: (counts.update([name]), plain(*a))[1])
    answer(FORM, *[GOOD] * 200)
    assert counts == {"cell_value": 800, "calculate": 200}


# -- compiling --


def test_a_formula_takes_the_columns_beside_it():
    assert FORM.fields[0].columns[-1].call == Call("capaian", ("realisasi", "target", "polaritas"))


def test_an_expression_names_its_arguments():
    result = {"type": "expression", "id": "E", "key": "hasil", "expression": "=serapan(sudah, pagu)", "properties": {"judul": "Serapan"}}
    form = form_of(table("t", component("number", "sudah"), component("number", "pagu"), result))
    assert answer(form, {"sudah": "950", "pagu": "1.000"}, key="t") == [{"sudah": 950, "pagu": 1000, "hasil": 95}]


def test_a_calculated_field_outside_a_table():
    result = component("number", "hasil", properties={"hitung": "serapan"})
    form = form_of(component("number", "realisasi"), component("number", "pagu"), result)
    assert parse(form, {"realisasi": ["1"], "pagu": ["3"], "hasil": ["7"]}) == {"realisasi": 1, "pagu": 3, "hasil": 33.33}


@pytest.mark.parametrize(
    "expression", ["=realisasi / target", "=capaian(realisasi)", "=hapus(realisasi)", "=capaian(a,b)", "", None, 5,
                   "capaian(realisasi, target)", "=capaian(realisasi, target, polaritas, x)", "=capaian(realisasi, indikator)",
     "=capaian(realisasi, target, indikator)"]
)  # fmt: skip
def test_an_expression_that_is_no_known_formula_is_a_finding(expression):
    made = {"type": "expression", "id": "E", "key": "e", "expression": expression, "properties": {"judul": "E"}}
    assert rules_of(table("t", *PERFORMANCE[:4], made)) == {"form-rumus"}


def test_a_formula_without_its_columns_is_a_finding():
    assert rules_of(table("t", component("number", "hasil", properties={"hitung": "capaian"}), component("number", "target"))) == {
        "form-rumus"
    }


def test_a_result_cannot_be_given_to_a_formula():
    made = {"type": "expression", "id": "E", "key": "e", "expression": "=serapan(hasil, target)", "properties": {"judul": "E"}}
    assert rules_of(table("t", *PERFORMANCE, made)) == {"form-rumus"}


def test_a_formula_nobody_knows_is_a_finding():
    assert rules_of(component("number", "x", properties={"hitung": "ikm_semu"})) == {"form-properti"}


@pytest.mark.parametrize(
    "column",
    [
        component("filepicker", "a"),
        choice("radio", "a", "x"),
        choice("checklist", "a", "x"),
        {"type": "group", "id": "G", "components": []},
        {"type": "text", "id": "T", "text": "a"},
        table("dalam", component("textfield", "x")),
        component("textfield", "a", conditional={"hide": "=b"}),
        component("textfield", "a", readonly=True),
        component("textfield", "a", properties={"wajib_bila": "=true"}),
        component("textfield", "a", properties={"isi_dari": "SM01.hal"}),
        component("checkbox", "a", validate={"required": True}),
        None,
        "a",
    ],
    ids=range(13),
)
def test_a_column_that_cannot_be_kept_is_a_finding(column):
    assert rules_of(table("t", component("textfield", "b"), column)) == {"form-tabel"}


@pytest.mark.parametrize("components", [None, [], "a", {}, [component("textfield", f"x{n}") for n in range(31)]])
def test_a_table_has_columns(components):
    assert "form-tabel" in rules_of(table("t") | {"components": components})


@pytest.mark.parametrize("path", [None, "", "a.b", "token", 7])
def test_the_path_is_the_key(path):
    assert rules_of(table("t", component("textfield", "a")) | {"path": path}) == {"form-kunci"}


def test_columns_have_keys_of_their_own():
    same = component("textfield", "a")
    assert rules_of(table("t", same, same | {"id": "Field_b"})) == {"form-kunci"}
    assert compiled(component("textfield", "a") | {"id": "Field_c"}, table("t", same))[0] is not None


def test_ids_of_columns_count():
    assert rules_of(component("textfield", "x") | {"id": "Field_a"}, table("t", component("textfield", "a"))) == {"form-id"}


def test_a_condition_cannot_ask_a_result_or_a_column():
    result = component("number", "hasil", properties={"hitung": "serapan"})
    numbers = (component("number", "realisasi"), component("number", "pagu"))
    hidden = component("textfield", "x", conditional={"hide": "=hasil > 3"})
    assert rules_of(*numbers, result, hidden) == {"form-syarat"}
    assert rules_of(table("t", component("number", "n")), component("textfield", "x", conditional={"hide": "=n > 3"})) == {"form-syarat"}
