"""Files that nobody's editor writes: refused with a sentence, never with an exception."""

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.forms import compile_form

from .made import compiled, component, document, form_of, problems_of, rules_of

BIG = b'{"type": "default", "id": "a", "components": [], "x": "' + b"a" * (512 * 1024) + b'"}'


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00",
        b"\xff\xfe",
        b"null",
        b"[]",
        b'"x"',
        b"{",
        b"{}",
        b'{"type": "default"}',
        b'{"type": "default", "components": {}}',
        b'{"type": "default", "type": "default", "components": []}',
        b'{"type": "default", "id": "a", "components": [], "x": NaN}',
        b'{"type": "default", "id": "a", "components": [], "x": 1e999}',
        b'{"type": "default", "id": "a", "components": [], "x": ' + b"9" * 5000 + b"}",
        b'{"type": "default", "id": "a", "components": [], "x": "\\ud800"}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"type": "default", "id": "a", "components": ' + b"[" * 60 + b"]" * 60 + b"}",
        BIG,
    ],
    ids=range(19),
)
def test_what_is_no_form_is_one_finding(content):
    form, (finding,) = compile_form(content, "x.form")
    assert form is None and finding.rule == "form-json" and finding.message


def test_broken_json_names_its_line():
    assert compile_form(b'{\n "id": "a",\n oops }', "x.form")[1][0].line == 3


def test_a_byte_order_mark_is_allowed():
    assert compile_form(b"\xef\xbb\xbf" + json.dumps(document()).encode(), "x.form")[0] is not None


@pytest.mark.parametrize("content", [b'"' + b'\\"' * 250_000, b'"' * 500_000, b"\\" * 500_000, b'{"a":1,' * 70_000])
def test_a_file_made_to_be_slow_is_refused_quickly(content):
    start = time.perf_counter()
    assert compile_form(content, "x.form")[0] is None
    assert time.perf_counter() - start < 2


def test_the_list_of_findings_is_not_endless():
    _, findings = compiled(component("textfield", "x", **{f"a{n}": 1 for n in range(5000)}), component("iframe", "y"))
    assert len(findings) <= 201 and findings[-1].severity == "error"


def test_a_long_chain_of_conditions_is_judged_quickly():
    chain = [component("checkbox", f"x{n}", conditional={"hide": f"=x{n + 1} != true"}) for n in range(400)]
    form = form_of(*chain, component("checkbox", "x400"))
    start = time.perf_counter()
    assert problems_of(form, {f"x{n}": ["ya"] for n in range(401)}) == {}
    assert time.perf_counter() - start < 5


@pytest.mark.parametrize("item", [None, 3, "text", [], [[]]])
def test_a_component_that_is_no_object_is_a_finding(item):
    assert rules_of(item) == {"form-json"}


def test_groups_may_not_nest_without_end():
    inner = component("textfield", "hal")
    for level in range(10):
        inner = {"type": "group", "id": f"Group_{level}", "components": [inner]}
    assert rules_of(inner) == {"form-besar"}


def test_a_form_has_a_limit_of_components():
    assert rules_of(*[component("textfield", f"x{n}") for n in range(600)]) == {"form-besar"}


def test_a_script_in_a_text_block_is_removed():
    form = form_of({"type": "text", "id": "Text_1", "text": "Halo <script>alert(1)</script> [x](javascript:alert(1)) **tebal**"})
    html = str(form.components[0].html)
    assert "<script" not in html and "href" not in html and "<strong>tebal</strong>" in html


def test_handlers_styles_and_pictures_in_an_html_block_are_removed():
    source = '<p style="color:red" onclick="x()" class="btn">a</p><img src=x onerror=y()><form action=/x><input name=y></form><h1>J</h1>'
    html = str(form_of({"type": "html", "id": "Html_1", "content": source}).components[0].html)
    assert html == "<p>a</p><h2>J</h2>"


@pytest.mark.parametrize("source", ["{{nama}}", "=nama", None, 5])
def test_a_text_block_is_fixed(source):
    assert rules_of({"type": "text", "id": "Text_1", "text": source}) == {"form-teks"}


@pytest.mark.parametrize("source", [">" * 100_000, "*" * 100_000, "[" * 60_000, "<div>" * 60_000, "- " * 50_000])
def test_a_text_block_cannot_stall_the_compiler(source):
    start = time.perf_counter()
    compiled({"type": "text", "id": "Text_1", "text": source}, {"type": "html", "id": "Html_1", "content": source})
    assert time.perf_counter() - start < 10


def test_a_pattern_at_its_worst_is_judged_quickly():
    form = form_of(component("textfield", "x", validate={"pattern": "a.*b"}))
    start = time.perf_counter()
    assert problems_of(form, {"x": ["a" * 100_000]})
    assert time.perf_counter() - start < 1


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
PARTS = ["type", "key", "id", "label", "values", "validate", "properties", "conditional", "defaultValue", "components", "text", "content",
         "subtype", "decimalDigits", "accept", "multiple", "readonly", "appearance", "description", "valuesKey"]  # fmt: skip
TYPES = ["textfield", "number", "datetime", "select", "radio", "checkbox", "checklist", "filepicker", "group", "text", "html", "button"]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.dictionaries(st.sampled_from(PARTS), JUNK, max_size=8), st.sampled_from(TYPES)), max_size=3))
def test_no_schema_makes_the_compiler_raise(made):
    components = [item | {"type": kind} for item, kind in made]
    form, findings = compiled(*components)
    assert form is not None or any(f.severity == "error" and f.message for f in findings)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_make_the_compiler_raise(content):
    assert compile_form(content, "x.form")[0] is None
