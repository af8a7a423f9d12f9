"""Whatever is posted: answers that fit the closed schema, or InvalidAnswers with sentences. Nothing else, ever."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from app.errors import InvalidAnswers
from app.forms import as_submitted, display, initial, parse, variables

from .made import OPD, PDF, PERFORMANCE, choice, component, decision, form_of, table

OPD_COLUMN = component("select", "opd", valuesKey="opd", properties={"sumber": "opd"})
FORM = form_of(
    component("textfield", "teks", validate={"required": True, "pattern": "^[^x]"}),
    component("textarea", "lama", conditional={"hide": "=not(centang)"}),
    component("number", "angka", validate={"min": -10, "max": 10**6}),
    component("number", "tahun", decimalDigits=0),
    component("datetime", "tanggal"),
    component("datetime", "jam", subtype="time", timeLabel="Jam"),
    component("datetime", "saat", subtype="datetime", dateLabel="Saat"),
    choice("select", "sifat", "biasa", "segera"),
    component("checkbox", "centang"),
    choice("checklist", "saluran", "surel", "kurir", conditional={"hide": '=sifat = "segera"'}),
    component("checklist", "daftar_opd", valuesKey="opd", properties={"sumber": "opd", "wajib_bila": "=angka > 3"}),
    component("filepicker", "berkas", properties={"wajib_bila": "=centang"}),
    component("textfield", "catatan", properties={"wajib_bila": '=keputusan = "tidak"'}),
    table("capaian", *PERFORMANCE, conditional={"hide": '=sifat = "segera"'}, properties={"wajib_bila": "=angka > 5"}),
    table(
        "lain",
        component("datetime", "hari"),
        component("checkbox", "sah"),
        component("select", "opd", valuesKey="opd", properties={"sumber": "opd"}),
    ),
    decision(),
)
CELLS = st.builds(
    lambda key, number, column: f"{key}.{number}.{column}",
    st.sampled_from(["capaian", "lain", "teks"]),
    st.sampled_from(["1", "2", "17", "0", "99999", "x"]),
    st.sampled_from(["indikator", "target", "realisasi", "polaritas", "hasil", "hari", "sah", "opd", "asing", "__class__"]),
)
KEYS = st.sampled_from([f.key for f in FORM.fields]) | CELLS | st.sampled_from(["capaian._tempel", "lain._xlsx"]) | st.text(max_size=6)
LIKELY = ["ya", "tidak", "a", "5", "1.234,5", "-0", "2026-03-12", "2026-03-12T10:42", "10:42", "24:61", "biasa", "segera", "surel",
          "dinas_sosial", ""]  # fmt: skip
RAW = st.sampled_from(LIKELY) | st.text(max_size=20) | st.characters()
POSTED = st.dictionaries(KEYS, st.lists(RAW, max_size=3), max_size=12)
LIKELY_POSTED = st.fixed_dictionaries(
    {"teks": st.just(["halo"]), "keputusan": st.sampled_from([["ya"], ["tidak"]])},
    optional={
        key: st.lists(RAW, min_size=1, max_size=1)
        for key in ("lama", "angka", "tanggal", "saat", "sifat", "centang", "catatan", "lain.2.hari", "lain.9.sah", "lain.9.opd")
    }
    | {f"capaian.{n}.{c}": st.just([t]) for n in (1, 3) for c, t in (("indikator", "A"), ("target", "10"), ("realisasi", "8,5"))},
)
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.binary(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner, max_size=2),
    max_leaves=4,
)
FILES = st.dictionaries(KEYS, JUNK | st.just([PDF]), max_size=3)


def _judge(posted, files):
    try:
        answers = parse(FORM, posted, files, OPD)
    except InvalidAnswers as error:
        assert error.problems and all(isinstance(s, str) and s.endswith(".") for s in error.problems.values())
        return None
    Draft202012Validator(dict(FORM.schema)).validate(answers)
    assert answers.keys() <= {f.key for f in FORM.fields}
    for f in FORM.tables:
        assert all(row.keys() <= {c.key for c in f.columns} for row in answers.get(f.key, []))
    json.dumps(answers, allow_nan=False, ensure_ascii=False).encode()
    return answers


@settings(max_examples=400, deadline=None)
@given(POSTED, FILES)
def test_any_post_gives_answers_or_sentences(posted, files):
    _judge(posted, files)


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(KEYS | st.integers(), JUNK, max_size=6), FILES)
def test_any_object_gives_answers_or_sentences(posted, files):
    _judge(posted, files)


@settings(max_examples=300, deadline=None)
@given(LIKELY_POSTED, st.sampled_from([{}, {"berkas": [PDF]}]))
def test_answers_posted_again_are_the_same_answers(posted, files):
    answers = _judge(posted, files)
    if answers is not None:
        assert parse(FORM, as_submitted(FORM, answers), files, OPD) == answers
        assert all(isinstance(text, str) and text for _, text in display(FORM, answers, OPD))
        assert set(variables(FORM, answers, ["keputusan", "daftar_opd"])) == {"keputusan", "daftar_opd"}


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(KEYS, JUNK, max_size=6))
def test_any_prefill_can_be_shown(prefill):
    assert all(isinstance(text, str) for texts in initial(FORM, prefill, OPD).values() for text in texts)
