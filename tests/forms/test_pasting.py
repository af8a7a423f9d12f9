"""Text from a spreadsheet to rows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.forms.pasting import MAX_CELL, cells_of, read_sheet

from .made import PERFORMANCE, component, form_of, table

TABLE = form_of(table("capaian", *PERFORMANCE)).fields[0]
KEYS = {c.key for c in TABLE.columns if not c.system_set}


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("a\tb\r\nc\td\r\n", [["a", "b"], ["c", "d"]]),
        ("a;85,5\nb;90", [["a", "85,5"], ["b", "90"]]),
        ('"dua\nbaris"\tb', [["dua\nbaris", "b"]]),
        ('"kata ""dua"""\tb', [['kata "dua"', "b"]]),
        ('"Sehat" itu\tb\n"buka\tc', [['"Sehat" itu', "b"], ['"buka', "c"]]),
        ("a, b\tc", [["a, b", "c"]]),
        ("satu", [["satu"]]),
    ],
)
def test_lines_and_cells(text, lines):
    assert [line for line in cells_of(text) if line not in ([], [""])] == lines


def test_a_heading_puts_columns_in_their_place_whatever_their_order():
    sheet = read_sheet(TABLE, cells_of("No\tREALISASI\tindikator\tTarget (%)\tCapaian\n1\t8\tA\t10\t80\n"))
    assert sheet.rows == [{"realisasi": "8", "indikator": "A", "target": "10"}]
    assert (sheet.has_head, sheet.skipped) == (True, ["No"])


def test_lines_above_the_heading_are_no_rows():
    sheet = read_sheet(TABLE, cells_of("Capaian Kinerja\t\t\n\nIndikator\tTarget\nA\t10"))
    assert sheet.rows == [{"indikator": "A", "target": "10"}]


def test_without_a_heading_columns_are_taken_as_they_stand():
    sheet = read_sheet(TABLE, cells_of("A\t10\t8\tMakin tinggi\t999\tlebih"))
    assert sheet.rows == [{"indikator": "A", "target": "10", "realisasi": "8", "polaritas": "Makin tinggi"}] and not sheet.has_head


def test_blank_lines_and_short_lines():
    assert read_sheet(TABLE, cells_of("A\t10\n\t\n\nB")).rows == [{"indikator": "A", "target": "10"}, {"indikator": "B"}]


def test_the_first_of_two_like_headings_counts():
    sheet = read_sheet(TABLE, cells_of("Target\tIndikator\tTarget\n1\tA\t2"))
    assert sheet.rows == [{"target": "1", "indikator": "A"}]


def test_a_table_of_one_column_knows_its_heading():
    single = form_of(table("t", component("textfield", "nama"))).fields[0]
    assert read_sheet(single, [["Nama"], ["Budi"]]).rows == [{"nama": "Budi"}]


@given(st.text(alphabet='a"\t;\n\r\x00 é', max_size=200))
def test_any_text_gives_rows_of_the_table(text):
    for row in read_sheet(TABLE, cells_of(text)).rows:
        assert row.keys() <= KEYS and any(row.values()) and all(len(value) <= MAX_CELL for value in row.values())


@pytest.mark.parametrize("text", ['"' * 200_001, '"a' * 100_000, "\t" * 300_000, '"\t' * 100_000, "a" * 400_000])
def test_a_text_made_to_be_slow_is_read_once(text):
    """In one pass: as many cells as there are marks, and no more."""
    assert sum(len(line) for line in cells_of(text)) <= len(text) + 1
