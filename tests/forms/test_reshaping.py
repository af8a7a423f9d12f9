"""Buttons of a table: the form comes back with its rows changed, and nothing else."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.forms import MAX_ROWS, Reshaped, download_of, is_reshape, reshape, table_to_xlsx

from .made import PERFORMANCE, cells, component, form_of, table

FORM = form_of(component("textfield", "hal"), table("capaian", *PERFORMANCE), table("lain", component("textfield", "a")))
TABLE = FORM.field("capaian")


def row(name, target="10"):
    return {"indikator": name, "target": target, "realisasi": "8", "polaritas": "rendah"}


def press(action, posted, uploads=None):
    return reshape(FORM, {**posted, "_aksi": [action]}, uploads)


def column(result, name="indikator", key="capaian"):
    rows = sorted((int(n.split(".")[1]), v[0]) for n, v in result.submitted.items() if n.startswith(f"{key}.") and n.endswith(f".{name}"))
    assert [n for n, _ in rows] == list(range(1, len(rows) + 1))
    return [text for _, text in rows]


def test_a_row_is_added_after_the_last_one_on_the_page():
    result = press("tambah:capaian", cells("capaian", *[row(n) for n in "abcdef"]))
    assert column(result) == [*"abcdef", ""] and result.focus == "f-capaian.7.indikator"
    assert column(result, "polaritas")[-1] == "tinggi"


def test_a_new_table_of_five_gets_a_sixth():
    assert len(column(press("tambah:capaian", {}))) == 6


def test_the_row_that_was_pressed_goes_and_the_others_move_up():
    assert column(press("hapus:capaian:2", cells("capaian", *[row(n) for n in "abcdef"]))) == list("acdef")


def test_gaps_in_the_numbers_close():
    posted = {f"capaian.{n}.indikator": [str(n)] for n in (1, 4, 9, 12, 13, 20)}
    assert column(press("hapus:capaian:9", posted)) == ["1", "4", "12", "13", "20"]


def test_everything_else_stays_as_it_was():
    posted = {"hal": [" x "], "lain.1.a": ["b"], "asing": ["c"], "capaian._tempel": ["d"]} | cells("capaian", row("a"))
    result = press("hapus:capaian:1", posted)
    assert {n: v for n, v in result.submitted.items() if not n.startswith("capaian.")} == {
        "hal": [" x "],
        "lain.1.a": ["b"],
        "asing": ["c"],
    }
    assert result.submitted["capaian._tempel"] == ["d"]


def test_pasted_cells_follow_the_filled_rows():
    posted = cells("capaian", row("a"), row("") | {"target": "", "realisasi": "", "polaritas": "tinggi"})
    result = press("tempel:capaian", posted | {"capaian._tempel": ["Indikator\tTarget\r\nb\t85,5\r\nc\tbanyak\r\n"]})
    assert column(result) == ["a", "b", "c"] and column(result, "target") == ["10", "85,5", "banyak"]
    assert column(result, "polaritas") == ["rendah", "tinggi", "tinggi"]
    assert result.problems == {"capaian.3.target": "Capaian baris 3, kolom Target: bukan angka."}
    assert result.notice == "2 baris dimasukkan ke Capaian." and "capaian._tempel" not in result.submitted


@pytest.mark.parametrize("text", ["", " \n\t\n", "a\t1\n" * (MAX_ROWS + 1), "x" * 400_001])
def test_what_cannot_be_pasted_stays_in_its_box(text):
    posted = cells("capaian", row("a")) | {"capaian._tempel": [text]}
    result = press("tempel:capaian", posted)
    assert result.submitted == posted and list(result.problems) == ["capaian._tempel"]


def test_a_workbook_takes_the_place_of_the_rows():
    content = table_to_xlsx(TABLE, [row("x"), row("y", "banyak")])
    result = press("xlsx:capaian", cells("capaian", *[row(n) for n in "abc"]), {"capaian": content})
    assert column(result) == ["x", "y"] and list(result.problems) == ["capaian.2.target"]
    assert result.notice.startswith("Capaian sekarang berisi 2 baris")


def test_a_workbook_that_cannot_be_read_changes_nothing():
    posted = cells("capaian", row("a"))
    result = press("xlsx:capaian", posted, {"capaian": b"PK"})
    assert result.submitted == posted and list(result.problems) == ["capaian"]


def test_without_a_workbook_the_button_asks_for_one():
    assert list(press("xlsx:capaian", {}).problems) == ["capaian._xlsx"]


def test_a_workbook_sent_with_the_last_button_is_read_first():
    uploads = {"capaian": table_to_xlsx(TABLE, [row("x")])}
    assert is_reshape({"hal": ["a"]}, uploads) and not is_reshape({"hal": ["a"]}, {"capaian": b""}) and not is_reshape({"hal": ["a"]})
    assert column(reshape(FORM, {"hal": ["a"]}, uploads)) == ["x"]


def test_the_largest_table_grows_no_further():
    result = press("tambah:capaian", cells("capaian", *[row("a")] * MAX_ROWS))
    assert len(column(result)) == MAX_ROWS and list(result.problems) == ["capaian"]


def test_the_download_takes_what_was_typed():
    table_, rows = download_of(FORM, cells("capaian", row("a"), {}, row("b", "x")) | {"_aksi": ["unduh:capaian"]})
    assert table_ is TABLE and [r["indikator"] for r in rows] == ["a", "b"]
    assert download_of(FORM, {"_aksi": ["unduh:asing"]}) is None and download_of(FORM, {"_aksi": ["tambah:capaian"]}) is None


NOT_OURS = """hapus hapus:capaian hapus:capaian:0 hapus:capaian:99 hapus:capaian:-1 hapus:hal:1 tambah:asing buang:capaian:1
tambah:capaian.1 hapus:capaian:1:2 hapus:capaian:² :::"""


@pytest.mark.parametrize("action", ["", "x" * 5000, *NOT_OURS.split()])
def test_a_button_that_is_none_of_ours_changes_nothing(action):
    posted = {"hal": ["a"], **cells("capaian", *[row(n) for n in "abcde"])}
    assert press(action, posted) == Reshaped(posted)


JUNK = st.none() | st.integers() | st.text(max_size=5) | st.lists(st.text(max_size=5) | st.none(), max_size=3)
NAMES = st.sampled_from(["_aksi", "hal", "capaian.1.target", "capaian.7.polaritas", "capaian._tempel", "lain.3.a", "capaian"]) | st.text(
    max_size=5
)
ACTIONS = st.sampled_from(["tambah", "hapus", "tempel", "xlsx", "unduh", ""]).flatmap(
    lambda verb: st.sampled_from([f"{verb}:capaian:1", f"{verb}:lain", verb, f"{verb}:hal"])
)


@settings(max_examples=300, deadline=None)
@given(
    st.dictionaries(NAMES, JUNK | ACTIONS | ACTIONS.map(lambda a: [a]), max_size=6),
    st.dictionaries(NAMES, st.binary(max_size=20), max_size=2),
)
def test_any_post_is_shown_again(posted, uploads):
    posted = {name: value if isinstance(value, list) else [value] for name, value in posted.items()}
    result = reshape(FORM, posted, uploads)
    assert "_aksi" not in result.submitted and all(sentence.endswith(".") for sentence in result.problems.values())
    download_of(FORM, posted)
    outside = {n: v for n, v in posted.items() if n != "_aksi" and "." not in n}
    assert {n: v for n, v in result.submitted.items() if "." not in n} == outside
