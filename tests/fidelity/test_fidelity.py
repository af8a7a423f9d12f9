"""The drawings print what the ratified pages print.

``sop_01.toml`` … ``sop_07.toml`` hold the pages, written down once from their scan; ``perbaikan.toml`` holds every repair between a cell of
the scan and the text that is printed. How both were made: docs/pembacaan-sop.md. A drawing is read with :mod:`app.diagram` and compared
with its page; it never serves as its own measure.
"""

import re
import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from app.diagram import Drawing, Element, Norm, read
from app.diagram.norms import read_norm

ROOT = Path(__file__).parents[2]
SOPS = ("01", "02", "03", "04", "05", "06", "07")
ALL = True  # all seven are drawn: a missing drawing fails too
DRAWN = SOPS if ALL else ("02",)
CELLS = ("uraian", "kelengkapan", "keluaran", "keterangan")
EMPTY = "kosong di pindaian"

Page = dict[str, Any]


def drawings_of(sop: str) -> list[Path]:
    """The running drawing and its strict twin."""
    return [path for place in ("bpmn", "bpmn/strict") for path in sorted((ROOT / place).glob(f"sop_{sop}_*.bpmn"))]


def load_toml(name: str) -> Page:
    return tomllib.loads((Path(__file__).parent / name).read_text("utf-8"))


PAGES = {sop: load_toml(f"sop_{sop}.toml") for sop in SOPS}
REPAIRS = load_toml("perbaikan.toml")
READING = (ROOT / "docs" / "pembacaan-sop.md").read_text("utf-8")
DRAWINGS = [(sop, path) for sop in SOPS for path in drawings_of(sop)]

each_page = pytest.mark.parametrize("sop", SOPS)
each_drawing = pytest.mark.parametrize(("sop", "path"), DRAWINGS, ids=[str(path.relative_to(ROOT)) for _, path in DRAWINGS])


@cache
def drawing(path: Path) -> Drawing:
    return read(path.read_bytes(), path.name)


def cell(row: Page, name: str) -> str:
    return "; ".join(row[name]) if name == "kelengkapan" else row[name]


def marks(row: Page) -> dict[str, str]:
    return {} if row["tanda"] == EMPTY else row["tanda"]


def repair(raw: str) -> str:
    for before, after in [*REPAIRS["pindaian"], *REPAIRS["ejaan"]]:
        raw = raw.replace(before, after)
    return raw


def steps(path: Path, row: Page) -> list[Element]:
    """What carries this row of the sheet: the events and tasks with its text."""
    return [e for e in drawing(path).elements.values() if e.row == str(row["nomor"]) and e.uraian]


def lanes(path: Path, elements: list[Element]) -> set[str]:
    return {lane.name for e in elements if (lane := drawing(path).lane_of(e.id))}


def differences(sop: str, path: Path, found: Callable[[Page], Any], printed: Callable[[Page], Any]) -> dict[int, tuple[Any, Any]]:
    """{row: (drawn, printed)} where they differ."""
    rows = PAGES[sop]["baris"]
    return {row["nomor"]: (found(row), printed(row)) for row in rows if found(row) != printed(row)}


# -- the pages themselves


def test_the_seven_pages_have_72_rows() -> None:
    assert {sop: [row["nomor"] for row in page["baris"]] for sop, page in PAGES.items()} == {
        sop: list(range(1, 7 if sop in ("01", "06") else 13)) for sop in SOPS
    }
    assert sum(len(page["baris"]) for page in PAGES.values()) == 72


@each_page
def test_a_repaired_cell_differs_from_the_scan_by_listed_repairs_only(sop: str) -> None:
    raw = [(row, name, text) for row in PAGES[sop]["baris"] for name, text in row.get("mentah", {}).items()]
    assert [(row["nomor"], name) for row, name, text in raw if repair(text) != cell(row, name)] == []


@each_page
def test_a_cell_without_a_raw_form_needs_no_repair(sop: str) -> None:
    plain = [(row, name) for row in PAGES[sop]["baris"] for name in CELLS if name not in row.get("mentah", {})]
    assert [(row["nomor"], name) for row, name in plain if repair(cell(row, name)) != cell(row, name)] == []


def test_every_listed_repair_is_needed() -> None:
    raw = [text for page in PAGES.values() for row in page["baris"] for text in row.get("mentah", {}).values()]
    unused = []
    for before, after in [*REPAIRS["pindaian"], *REPAIRS["ejaan"]]:
        if not any(before in text for text in raw):
            unused.append(before)
        raw = [text.replace(before, after) for text in raw]
    assert unused == []


@each_page
def test_a_time_is_written_in_the_unit_it_is_printed_in(sop: str) -> None:
    def norm(printed: str) -> tuple[str, str]:
        if printed in ("", "0"):  # left open; no time at all
            return ("PT0S", "menit-kerja") if printed else ("", "")
        number, unit = printed.lower().split()
        return {"hari": (f"P{number}D", "hari-kerja"), "menit": (f"PT{number}M", "menit-kerja")}[unit]

    assert [row["nomor"] for row in PAGES[sop]["baris"] if (row["iso"], row["satuan"]) != norm(row["waktu"])] == []


@each_page
def test_every_mark_of_the_scan_is_read_as_a_performer_or_as_a_line(sop: str) -> None:
    for row in PAGES[sop]["baris"]:
        assert marks(row).keys() <= {*row["pelaksana"], *row.get("sambungan", ())}, row["nomor"]
        assert marks(row) or row["tanda"] == EMPTY, row["nomor"]
        assert {*marks(row), *row["pelaksana"], *row.get("usulan", ())} <= PAGES[sop]["kolom"].keys(), row["nomor"]
        assert row["pelaksana"] or row["usulan"], row["nomor"]


def test_the_scan_has_ten_ya() -> None:
    latin = str.maketrans("уаУЭ", "yaya")  # the scan has some of them in Cyrillic letters
    found = [
        (sop, row["nomor"])
        for sop, page in PAGES.items()
        for row in page["baris"]
        if "ya" in [mark.translate(latin) for mark in marks(row).values()]
    ]
    assert found == [(sop, row["nomor"]) for sop, page in PAGES.items() for row in page["baris"] if row.get("ya")]
    assert len(found) == 10


def test_what_we_only_understand_is_not_printed() -> None:
    rows = {(sop, row["nomor"]): " | ".join(cell(row, name) for name in CELLS) for sop, page in PAGES.items() for row in page["baris"]}
    for reading in REPAIRS["makna"]:
        text = rows[reading["sop"], reading["baris"]]
        assert reading["tercetak"] in text and reading["bacaan"] not in text, reading


# -- the drawings


def test_what_must_be_drawn_is_drawn_twice() -> None:
    assert {sop: len(drawings_of(sop)) for sop in DRAWN} == dict.fromkeys(DRAWN, 2)


def test_every_sop_drawing_has_a_page() -> None:
    assert {path.name for path in (ROOT / "bpmn").glob("**/sop_0[1-7]*.bpmn")} == {path.name for _, path in DRAWINGS}


@each_drawing
def test_every_row_is_drawn(sop: str, path: Path) -> None:
    assert [row["nomor"] for row in PAGES[sop]["baris"] if not steps(path, row)] == []


@each_drawing
def test_the_columns_are_those_of_the_page_in_their_order(sop: str, path: Path) -> None:
    assert [lane.name for lane in drawing(path).lanes] == list(PAGES[sop]["kolom"])


@each_drawing
def test_a_row_stands_in_the_columns_of_the_scan(sop: str, path: Path) -> None:
    """What the page does not have (``asal`` usulan) may stand elsewhere."""

    def outside(row: Page) -> set[str]:
        own = [e for e in steps(path, row) if e.asal != "usulan"]
        return lanes(path, own) - {*row["pelaksana"], *row.get("usulan", ())}

    missing = differences(sop, path, lambda row: {*row["pelaksana"]} - lanes(path, steps(path, row)), lambda row: set())
    assert (missing, differences(sop, path, outside, lambda row: set())) == ({}, {})


@each_drawing
@pytest.mark.parametrize("name", CELLS)
def test_a_row_says_the_words_of_the_page(sop: str, path: Path, name: str) -> None:
    def drawn(row: Page) -> set[str]:
        return {"; ".join(e.kelengkapan) if name == "kelengkapan" else getattr(e, name) for e in steps(path, row)}

    assert differences(sop, path, drawn, lambda row: {cell(row, name)}) == {}


@each_drawing
def test_the_times_of_a_row_add_up_to_its_norm(sop: str, path: Path) -> None:
    def drawn(row: Page) -> Norm | None:
        norms = [norm for e in steps(path, row) if (norm := e.norm)]
        minutes, days = [n.minutes for n in norms if n.minutes is not None], [n.days for n in norms if n.days is not None]
        return Norm(sum(minutes) if minutes else None, sum(days) if days else None) if norms else None

    assert [e.norm_problem for row in PAGES[sop]["baris"] for e in steps(path, row) if e.norm_problem] == []
    assert differences(sop, path, drawn, lambda row: read_norm(row["iso"], row["satuan"])[0]) == {}


@each_drawing
def test_a_question_is_drawn_as_such_where_the_page_has_a_diamond(sop: str, path: Path) -> None:
    def diamonds(row: Page) -> set[str]:
        gateways = [e for e in drawing(path).elements.values() if e.tag == "exclusiveGateway" and e.row == str(row["nomor"])]
        return lanes(path, [e for e in gateways if e.asal == "gambar"])

    assert differences(sop, path, diamonds, lambda row: {*row.get("belah_ketupat", ())}) == {}


@each_drawing
def test_nothing_claims_a_mark_that_its_column_does_not_have(sop: str, path: Path) -> None:
    """A diamond whose "ya" is printed in the next column counts, though its own cell may be empty."""

    def claimed(row: Page) -> set[str]:
        of_row = [e for e in drawing(path).elements.values() if e.row == str(row["nomor"])]
        return lanes(path, [e for e in of_row if e.asal == "gambar"]) - {*marks(row), *row.get("belah_ketupat", ())}

    assert differences(sop, path, claimed, lambda row: set()) == {}


@each_drawing
def test_a_column_that_cannot_be_read_is_marked_as_proposed(sop: str, path: Path) -> None:
    def proposed(row: Page) -> set[str]:
        return lanes(path, [e for e in steps(path, row) if e.properties.get("asal_pelaksana") == "usulan"])

    assert differences(sop, path, proposed, lambda row: {*row.get("usulan", ())}) == {}


@each_drawing
def test_the_identity_block_is_that_of_the_page(sop: str, path: Path) -> None:
    def drawn(name: str, like: str | list[str]) -> str | list[str]:
        text = drawing(path).identity.get(name, "")
        return text if isinstance(like, str) else text.split("; ")

    printed = PAGES[sop]["identitas"]
    assert {name: (drawn(name, value), value) for name, value in printed.items() if drawn(name, value) != value} == {}


# -- docs/pembacaan-sop.md


def table_rows() -> Iterator[tuple[str, ...]]:
    """The cells of its tables, without the marks of Markdown."""
    for line in READING.splitlines():
        if line.startswith("| "):
            yield tuple(part.strip().replace("`", "") for part in re.split(r"(?<!\\)\|", line)[1:-1])


def test_every_repaired_cell_is_shown_with_its_raw_form() -> None:
    shown = {row[:4] for row in table_rows()}
    wanted = {
        (f"{sop}-{row['nomor']}", name, text, cell(row, name))
        for sop, page in PAGES.items()
        for row in page["baris"]
        for name, text in row.get("mentah", {}).items()
    }
    assert wanted - shown == set()


def test_every_decision_about_a_row_is_told() -> None:
    shown = {(row[0], row[-1]) for row in table_rows()}
    wanted = {(f"{sop}-{row['nomor']}", row["catatan"]) for sop, page in PAGES.items() for row in page["baris"] if "catatan" in row}
    assert wanted - shown == set()


def test_every_repair_of_meaning_is_told() -> None:
    shown = set(table_rows())
    assert {(f"{r['sop']}-{r['baris']}", r["tercetak"], r["bacaan"]) for r in REPAIRS["makna"]} - shown == set()
