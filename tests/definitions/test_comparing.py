"""What differs between two bundles, in the words of an analyst."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from app.config import ROOT
from app.definitions import Bundle, compare, read_bundle

OLD = read_bundle(ROOT / "bpmn" / "sop_02_lakip.bpmn", ROOT / "forms")


def changed(find: str, put: str, form: str = "") -> Bundle:
    if form:
        content = OLD.forms[form].decode()
        assert find in content
        return Bundle(OLD.file, OLD.bpmn, {**OLD.forms, form: content.replace(find, put).encode()})
    assert find in OLD.bpmn.decode()
    return Bundle(OLD.file, OLD.bpmn.decode().replace(find, put).encode(), OLD.forms)


def told(new: Bundle) -> list[str]:
    return [f"{one.kind} {one.where} {one.what}: {one.before} -> {one.after}" for one in compare(OLD, new)]


@pytest.mark.parametrize(
    ("find", "put", "sentence"),
    [
        ('name="TU Bagian"', 'name="Tata Usaha"', "changed Lane “Tata Usaha” nama: TU Bagian -> Tata Usaha"),
        ('name="kode" value="02"', 'name="kode" value="2"', "changed Identitas SOP kode: 02 -> 2"),
        ('camunda:formRef="pf04"', 'camunda:formRef="pf05"', "changed Tugas “Memeriksa dan memaraf konsep surat” formulir: pf04 -> pf05"),
        ("${keputusan_kabag == 'ya'}", "${keputusan_kabag != 'tidak'}",
         "changed Alur “Disetujui Kabag?” → “Memeriksa dan memaraf konsep surat” (ya) syarat: "
         "${keputusan_kabag == 'ya'} -> ${keputusan_kabag != 'tidak'}"),
        ('candidateStarterGroups="tu_bagian"', 'candidateStarterGroups="kabag_organisasi"',
         "changed Proses boleh memulai: tu_bagian -> kabag_organisasi"),
    ],
)  # fmt: skip
def test_one_change_is_one_sentence(find: str, put: str, sentence: str) -> None:
    assert told(changed(find, put)) == [sentence]


def test_a_picture_moved_is_no_change() -> None:
    assert compare(OLD, changed('<dc:Bounds x="', '<dc:Bounds x="1')) == ()


def test_a_field_of_a_form_is_named() -> None:
    new = changed('"label": "Catatan perbaikan (wajib diisi bila dikembalikan)"', '"label": "Catatan"', "pf04")
    assert told(new) == ["changed Formulir “pf04”, isian “Catatan” label: Catatan perbaikan (wajib diisi bila dikembalikan) -> Catatan"]


def test_names_and_words_of_the_sheet_are_cosmetic_and_conditions_are_not() -> None:
    assert all(one.is_cosmetic for one in compare(OLD, changed('name="TU Bagian"', 'name="Tata Usaha"')))
    assert not any(one.is_cosmetic for one in compare(OLD, changed('camunda:formRef="pf04"', 'camunda:formRef="pf05"'))[:1])


def test_a_form_that_came_or_went_is_told() -> None:
    fewer = Bundle(OLD.file, OLD.bpmn, {id: content for id, content in OLD.forms.items() if id != "pf04"})
    assert [(one.kind, one.where) for one in compare(OLD, fewer)] == [("removed", "Formulir “pf04”")]
    assert [(one.kind, one.where) for one in compare(fewer, OLD)] == [("added", "Formulir “pf04”")]


def test_thousands_of_lanes_are_compared_in_seconds() -> None:
    """Two megabytes of drawing are let in: each look at such a draft compares it."""
    count = 17_000
    steps = "".join(f'<bpmn:task id="t{n}"/>' for n in range(count))

    def drawing(step_of: Callable[[int], int]) -> Bundle:
        lanes = "".join(f'<bpmn:lane id="l{n}"><bpmn:flowNodeRef>t{step_of(n)}</bpmn:flowNodeRef></bpmn:lane>' for n in range(count))
        model = 'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
        process = f'<bpmn:process id="p"><bpmn:laneSet id="L">{lanes}</bpmn:laneSet>{steps}</bpmn:process>'
        return Bundle("a.bpmn", f"<bpmn:definitions {model}>{process}</bpmn:definitions>".encode())

    before, after = drawing(lambda n: n), drawing(lambda n: count - 1 - n)
    begun = time.process_time()
    assert len(compare(before, after)) == count
    assert time.process_time() - begun < 5
