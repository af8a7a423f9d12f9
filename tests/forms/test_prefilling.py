"""First values from earlier answers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.forms import Prefill, initial, parse, prefill

from .made import OPD, PERFORMANCE, choice, component, form_of, rules_of, table

OPD_COLUMN = component("select", "opd", valuesKey="opd", properties={"sumber": "opd"})


def filled(made, done, **more):
    return prefill(form_of(made), done, **more).get(made.get("key") or made["path"])


def from_(source, kind="textfield", **more):
    return component(kind, "x", properties={"isi_dari": source, **more.pop("properties", {})}, **more)


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("KS04.batas_waktu_opd", Prefill("ks04", "batas_waktu_opd")),
        ("Task_4a.hal", Prefill("task_4a", "hal")),
        ("sop_05_pk:DR09-PK.target", Prefill("sop_05_pk:dr09_pk", "target")),
    ],
)
def test_a_source_is_read(source, found):
    assert form_of(from_(source)).fields[0].prefill == found


@pytest.mark.parametrize("source", ["KS04", "KS04.", ".hal", "KS04.hal.x", "KS04[0].hal", "KS04[*].hal", "KS04[belum].hal", "KS04[*]",
     "a b.c",                                     "=KS04.hal", "sop:x:y.z", "KS04[*]hal"])  # fmt: skip
def test_a_source_that_does_not_fit_is_a_finding(source):
    assert rules_of(from_(source)) == {"form-properti"}


def test_a_compiled_table_has_a_column_for_its_item():
    assert rules_of(table("t", component("textfield", "a"), properties={"isi_dari": "X[*].t"})) == {"form-properti"}


def test_files_are_not_taken_over():
    assert rules_of(from_("KS04.berkas", "filepicker")) == {"form-properti"}


def test_the_newest_answer_counts():
    done = {"ks04": [(None, {"hal": "lama"}), (None, {"hal": "baru"}), (None, {"lain": 1})]}
    assert filled(from_("KS04.hal"), done) == "baru"


def test_the_caller_may_be_asked_by_a_function():
    asked = []
    made = form_of(from_("KS-04.hal"))
    assert prefill(made, lambda name: (asked.append(name), [(None, {"hal": "x"})])[1]) == {"x": "x"} and asked == ["ks_04"]


def test_nothing_known_nothing_filled():
    assert prefill(form_of(from_("KS04.hal")), {}) == {} and prefill(form_of(from_("KS04.hal")), {"ks04": [(None, {"hal": None})]}) == {}


def test_tables_of_all_items_become_one():
    made = table("kab", OPD_COLUMN, *PERFORMANCE, properties={"isi_dari": "OPD-LAKIP[*].capaian"})
    old, new = {"indikator": "lama", "target": 1}, {"indikator": "baru", "target": 2, "asing": 3}
    done = {
        "opd_lakip": [
            ("dinas_sosial", {"capaian": [old]}),
            ("dinas_kesehatan", {"capaian": [old, old]}),
            ("dinas_sosial", {"capaian": [new]}),
        ]
    }
    form = form_of(made)
    found = prefill(form, done)
    assert [(row["opd"], row["indikator"]) for row in found["kab"]] == [
        ("dinas_sosial", "baru"), ("dinas_kesehatan", "lama"), ("dinas_kesehatan", "lama"),
    ]  # fmt: skip
    assert parse(form, initial(form, found, OPD), {}, OPD)["kab"][0]["target"] == 2


def test_a_single_answer_of_all_items_makes_a_row_for_each():
    made = table("kab", OPD_COLUMN, component("number", "nilai"), properties={"isi_dari": "MA4[*].nilai"})
    done = {"ma4": [("dinas_sosial", {"nilai": 3}), ("dinas_kesehatan", {"nilai": 4.5}), ("dinas_sosial", {"nilai": 3.5})]}
    assert filled(made, done) == [{"opd": "dinas_sosial", "nilai": 3.5}, {"opd": "dinas_kesehatan", "nilai": 4.5}]


def test_an_item_without_that_answer_makes_no_row():
    made = table("kab", OPD_COLUMN, component("number", "nilai"), properties={"isi_dari": "MA4[*].nilai"})
    assert filled(made, {"ma4": [("dinas_sosial", {"lain": 3}), ("dinas_kesehatan", {"nilai": 4})]}) == [
        {"opd": "dinas_kesehatan", "nilai": 4}
    ]


def test_items_that_answered_and_items_that_did_not():
    done = {"opd_lakip": [("dinas_sosial", {}), ("dinas_kesehatan", {"a": 1})]}
    more = {"valuesKey": "opd", "properties": {"sumber": "opd"}}
    assert filled(from_("OPD-LAKIP[*]", "checklist", **more), done) == ["dinas_kesehatan"]
    assert filled(from_("OPD-LAKIP[belum]", "checklist", **more), done) == ["dinas_sosial"]


def test_who_fills_it_in():
    made = component("textfield", "x", properties={"sumber": "pengguna"})
    assert filled(made, {}, person="Budi") == "Budi" and filled(made, {}) is None


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["a", "n", "opd"]), inner, max_size=2),
    max_leaves=5,
)
FORM = form_of(
    component("textfield", "teks", properties={"isi_dari": "f.x"}),
    component("number", "angka", properties={"isi_dari": "f.x"}),
    component("datetime", "hari", properties={"isi_dari": "f.x"}),
    component("checkbox", "centang", properties={"isi_dari": "f.x"}),
    choice("select", "satu", "a", "b", properties={"isi_dari": "f.x"}),
    choice("checklist", "banyak", "a", "b", properties={"isi_dari": "f.x"}),
    table("t", component("textfield", "a"), component("number", "n"), properties={"isi_dari": "f.x"}),
    table("semua", OPD_COLUMN, component("textfield", "a") | {"id": "Field_a2"}, properties={"isi_dari": "f[*].x"}),
)


@given(st.lists(st.tuples(st.none() | st.sampled_from(["i", "j"]), st.dictionaries(st.just("x"), VALUES)), max_size=4))
def test_whatever_was_answered_can_be_shown(done):
    texts = initial(FORM, prefill(FORM, {"f": done}), OPD)
    assert all(isinstance(text, str) for values in texts.values() for text in values)
