"""What a correction changed: by label, tables by row and column, files by content."""

from __future__ import annotations

import json

import pytest

from app import forms
from app.config import ROOT
from app.forms import Change, Form

FILE = {"id": "1", "nama": "konsep.pdf", "ukuran": 10, "sha256": "aa" * 32}


@pytest.fixture(scope="module")
def letter() -> Form:
    return compiled("ks04")


@pytest.fixture(scope="module")
def report() -> Form:
    return compiled("opd_lakip")


def compiled(name: str) -> Form:
    form, _findings = forms.compile_form((ROOT / "forms" / f"{name}.form").read_bytes(), f"{name}.form")
    assert form is not None
    return form


def test_the_same_answers_have_no_change(letter: Form) -> None:
    answers = {"hal_surat": "Permintaan", "batas_waktu_opd": "2026-03-12"}
    assert forms.changes(letter, answers, dict(answers)) == []


def test_values_are_told_in_words(letter: Form) -> None:
    (change,) = forms.changes(letter, {"batas_waktu_opd": "2026-03-12"}, {"batas_waktu_opd": "2026-03-20"})
    assert (change.before, change.after) == ("12 Maret 2026", "20 Maret 2026")


def test_what_was_empty_before_and_what_is_empty_now(letter: Form) -> None:
    assert [(one.before, one.after) for one in forms.changes(letter, {"hal_surat": "A"}, {})] == [("A", "")]
    assert [(one.before, one.after) for one in forms.changes(letter, {}, {"hal_surat": "A"})] == [("", "A")]


def test_options_are_told_by_their_labels(letter: Form) -> None:
    choices = {"opd": [("setda", "Sekretariat Daerah"), ("bpbd", "Badan Penanggulangan Bencana Daerah")]}
    (change,) = forms.changes(letter, {"daftar_opd": ["setda"]}, {"daftar_opd": ["setda", "bpbd"]}, choices)
    assert change.after == "Sekretariat Daerah, Badan Penanggulangan Bencana Daerah"


def test_files_are_compared_by_content(letter: Form) -> None:
    again = {**FILE, "id": "2"}
    other = {**FILE, "id": "2", "sha256": "bb" * 32}
    assert forms.changes(letter, {"konsep_surat": [FILE]}, {"konsep_surat": [again]}) == []
    (change,) = forms.changes(letter, {"konsep_surat": [FILE]}, {"konsep_surat": [other]})
    assert change.before == "konsep.pdf (sha256 aaaaaaaaaaaa)" and change.after == "konsep.pdf (sha256 bbbbbbbbbbbb)"


def test_tables_are_compared_row_by_row(report: Form) -> None:
    before = [{"indikator": "Kemiskinan", "target": 7.5}, {"indikator": "Stunting", "target": 10}]
    after = [{"indikator": "Kemiskinan", "target": 7}]
    found = forms.changes(report, {"capaian": before}, {"capaian": after})
    assert [(one.label.split(" baris ")[1], one.before, one.after) for one in found] == [
        ("1, Target", "7,5", "7"),
        ("2", "Stunting · 10", ""),
    ]
    assert isinstance(found[0], Change)


def test_answers_of_another_shape_are_shown_and_never_raise(report: Form) -> None:
    assert forms.changes(report, {"capaian": "x", "berkas_dokumen": 3}, json.loads('{"capaian": [1, {"target": 1}]}')) != []
