"""The FEEL subset of conditions, evaluated here and as JSON Schema."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from app.forms import feel
from app.forms.schema import condition_schema

from .made import choice, compiled, component, decision, rules_of


@pytest.mark.parametrize(
    ("source", "answers", "holds"),
    [
        ('=k = "tidak"', {"k": "tidak"}, True),
        ('=k = "tidak"', {"k": "ya"}, False),
        ('=k = "tidak"', {}, False),
        ('k = "tidak"', {"k": "tidak"}, True),
        ('="tidak" = k', {"k": "tidak"}, True),
        ('=k != "ya"', {}, True),
        ("=k = null", {}, True),
        ("=k != null", {"k": "a"}, True),
        ('=k = ""', {}, True),
        ("=n > 5", {"n": 6}, True),
        ("=5 < n", {"n": 6}, True),
        ("=n <= -1.5", {"n": -1.5}, True),
        ("=n > 5", {}, False),
        ("=not(n > 5)", {}, False),
        ("=not(n > 5)", {"n": 5}, True),
        ("=b", {"b": True}, True),
        ("=b", {}, False),
        ("=b = true", {"b": True}, True),
        ("=b = false", {"b": False}, True),
        ("=n = 1", {"n": True}, False),
        ("=not(b)", {"b": False}, True),
        ('=b and k = "a"', {"b": True, "k": "a"}, True),
        ('=b or k = "a" and n = 1', {"b": True}, True),
        ('=(b or k = "a") and n = 1', {"b": True}, False),
        ("=true", {}, True),
        ('=k = "kata \\"dua\\" dan \\\\"', {"k": 'kata "dua" dan \\'}, True),
    ],
)
def test_a_condition_is_evaluated(source, answers, holds):
    assert feel.read(source).holds(answers) is holds


@pytest.mark.parametrize(
    "source",
    ["", "=", "=a =", "=a = b", '="a" = "b"', "=a + 1", "=f(a)", '=list contains(a, "b")', "=a.b", "=not a", "=(a", "=a)", "=5", "=null",
     "=and", "=a and", "='a'", '="a', "=a in [1..2]", "=if a then b", "=a = 1 = 2", "=" + "(" * 50 + "a" + ")" * 50, "=a" + " or a" * 99,
     "=x" * 600, "=a\x00", "=__import__('os')", "=a[1]", "=@a"],
)  # fmt: skip
def test_what_is_not_in_the_subset_is_refused(source):
    with pytest.raises(feel.FeelError):
        feel.read(source)


@pytest.mark.parametrize(
    "hide", ["=tidak_ada = 1", '=sifat = "c"', "=sifat", "=hal > 3", "=hal = 3", "=hal = true", "=rusak(", 5, "=tanggal > 3", '=b = "ya"']
)
def test_a_condition_that_can_never_hold_is_a_finding(hide):
    texts = (component("textfield", "hal"), choice("select", "sifat", "a", "b"))
    others = (component("datetime", "tanggal"), component("checkbox", "b"))
    assert rules_of(*texts, *others, component("textfield", "x", conditional={"hide": hide})) == {"form-syarat"}


def test_a_required_when_of_another_form_is_a_finding():
    assert rules_of(component("textarea", "catatan", properties={"wajib_bila": '=keputusan = "tidak"'})) == {"form-syarat"}


def test_conditions_in_a_round_are_a_finding():
    one = component("checkbox", "a", conditional={"hide": "=b"})
    two = component("checkbox", "b", conditional={"hide": "=a"})
    assert rules_of(one, two) == {"form-syarat"}


def test_a_field_that_hides_itself_is_a_finding():
    assert rules_of(component("checkbox", "a", conditional={"hide": "=a"})) == {"form-syarat"}


def test_the_message_says_what_may_be_written():
    _, (finding, *_) = compiled(component("textarea", "c", properties={"wajib_bila": "=count(k) > 1"}), decision("k"))
    assert "Contoh yang dapat dipakai" in finding.message


NAMES = st.sampled_from(["t", "n", "b"])
TESTS = st.one_of(
    st.tuples(st.just("t"), st.sampled_from(["=", "!="]), st.sampled_from(['"x"', '""', "null"])),
    st.tuples(st.just("n"), st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), st.sampled_from(["0", "1", "1.5"])),
    st.tuples(st.just("b"), st.sampled_from(["=", "!="]), st.sampled_from(["true", "false", "null"])),
).map(" ".join) | st.sampled_from(["b", "true", "false"])
SOURCES = st.recursive(
    TESTS,
    lambda inner: st.one_of(
        inner.map(lambda a: f"not({a})"),
        st.tuples(inner, inner).map(lambda p: f"({p[0]} and {p[1]})"),
        st.tuples(inner, inner).map(lambda p: f"({p[0]} or {p[1]})"),
    ),
    max_leaves=5,
)
ANSWERS = st.fixed_dictionaries({}, optional={"t": st.sampled_from(["x", "y"]), "n": st.sampled_from([0, 1, 1.5, 2]), "b": st.booleans()})


@settings(max_examples=500, deadline=None)
@given(SOURCES, ANSWERS, st.booleans())
def test_the_schema_of_a_condition_says_the_same(source, answers, hiding):
    condition = feel.read(f"={source}")
    if hiding:
        condition = feel.negated(condition)
    assert Draft202012Validator(condition_schema(condition)).is_valid(answers) is condition.holds(answers)
