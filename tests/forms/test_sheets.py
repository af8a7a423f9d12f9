"""Excel workbooks: out with typed cells, in as hostile files."""

import io
import zipfile

import pytest
from openpyxl import Workbook, load_workbook

from app.forms import MAX_ROWS, parse, rows_from_xlsx, table_to_xlsx
from app.forms import sheets as module

from .made import OPD, PERFORMANCE, cells, component, form_of, problems_of, table

FORM = form_of(table("capaian", *PERFORMANCE))
TABLE = FORM.fields[0]
HEAD = ["Indikator", "Target", "Realisasi", "Polaritas", "Capaian"]
ROW = {"indikator": "Angka kemiskinan", "target": "10", "realisasi": "8", "polaritas": "rendah"}


def workbook(*lines, head=HEAD, change=lambda sheet: None):
    book = Workbook()
    for line in ([head] if head else []) + list(lines):
        book.active.append(line)
    change(book.active)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def opened(content, **how):
    return load_workbook(io.BytesIO(content), **how).active


def zipped(**parts):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name.replace("__", "/") + ".xml", text)
    return content.getvalue()


def replaced(content, name, text):
    """The same workbook with another text in one part."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(part.filename, text if part.filename == name else old.read(part))
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def sheet_xml(rows):
    return f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>'


def inline(place, text):
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


# -- out --


def test_a_template_has_headings_and_nothing_below():
    sheet = opened(table_to_xlsx(TABLE))
    assert [cell.value for cell in sheet[1]] == HEAD and sheet["A2"].value is None
    assert (sheet.title, sheet.freeze_panes) == ("Capaian", "A2")


def test_numbers_go_out_as_numbers_and_options_as_labels():
    sheet = opened(table_to_xlsx(TABLE, [{**ROW, "target": "1.234,5"}, {"indikator": "B", "target": 7, "hasil": 80.5}]))
    assert [cell.value for cell in sheet[2]][:4] == ["Angka kemiskinan", 1234.5, 8, "Rendah"]
    assert [cell.value for cell in sheet[3]] == ["B", 7, None, None, 80.5]


def test_what_is_no_number_goes_out_as_it_was_typed():
    assert opened(table_to_xlsx(TABLE, [{"target": "banyak"}]))["B2"].value == "banyak"


def test_dates_go_out_as_dates_and_options_can_be_chosen():
    dated = form_of(table("t", component("datetime", "hari"), *PERFORMANCE)).fields[0]
    sheet = opened(table_to_xlsx(dated, [{"hari": "2026-03-12"}]))
    assert sheet["A2"].value.date().isoformat() == "2026-03-12" and sheet["A2"].number_format == "dd/mm/yyyy"
    assert [offer.formula1 for offer in sheet.data_validations.dataValidation] == ['"Tinggi,Rendah"']


@pytest.mark.parametrize("text", ["=1+1", "+62812", "-5", "@SUM(A1)", "=cmd|' /C calc'!A0", "\t=1", '=HYPERLINK("http://x","y")'])
def test_a_text_that_looks_like_a_formula_stays_a_text(text):
    cell = opened(table_to_xlsx(TABLE, [{"indikator": text}]))["A2"]
    assert (cell.data_type, cell.value) == ("s", text) and cell.quotePrefix
    if not text.startswith("\t"):
        assert opened(table_to_xlsx(TABLE, [{"target": f"={text}"}]))["B2"].data_type == "s"


@pytest.mark.parametrize("text", ["a\x00b", "a\x0bb", "\ud800", "x" * 40_000, "<&>"])
def test_any_text_makes_a_workbook_that_opens(text):
    assert opened(table_to_xlsx(TABLE, [{"indikator": text}]))["A2"].value


def test_a_table_may_be_called_anything():
    named = form_of(table("t", component("textfield", "a"), label="Realisasi [Rp]: 2025/2026 *semua* program dan kegiatan?")).fields[0]
    assert len(opened(table_to_xlsx(named)).title) <= 31


# -- in --


def test_what_went_out_comes_in_again():
    stored = parse(FORM, cells("capaian", ROW, {**ROW, "target": "1.234,5"}))["capaian"]
    rows, problems = rows_from_xlsx(TABLE, table_to_xlsx(TABLE, stored))
    assert problems == {} and parse(FORM, cells("capaian", *rows))["capaian"] == stored


def test_cells_come_in_as_people_type_them():
    rows, problems = rows_from_xlsx(TABLE, workbook(["A", 0.1 + 0.2, 8, "makin RENDAH"]))
    assert rows == [{"indikator": "A", "target": "0,3", "realisasi": "8", "polaritas": "makin RENDAH"}]
    assert problems == {"capaian.1.polaritas": "Capaian baris 1, kolom Polaritas: “makin RENDAH” tidak ada dalam daftar."}


def test_a_share_shown_as_per_cent_comes_in_as_per_cent():
    def as_percent(sheet):
        sheet["B2"].number_format = "0.00%"

    assert rows_from_xlsx(TABLE, workbook(["A", 0.855], change=as_percent))[0] == [
        {"indikator": "A", "target": "85,5", "realisasi": "", "polaritas": ""}
    ]


def test_dates_come_in_by_year():
    dated = form_of(table("t", component("datetime", "hari"), component("textfield", "a"))).fields[0]
    sent = table_to_xlsx(dated, [{"hari": "2026-03-12", "a": "x"}])
    assert rows_from_xlsx(dated, sent) == ([{"hari": "2026-03-12", "a": "x"}], {})


def test_a_wrong_cell_is_named_by_row_and_column():
    _, problems = rows_from_xlsx(TABLE, workbook(["A", 10], ["B", "banyak"]))
    assert problems == {"capaian.2.target": "Capaian baris 2, kolom Target: bukan angka."}


def test_a_column_that_must_be_there_is_asked_for():
    _, problems = rows_from_xlsx(TABLE, workbook(["A", 8], head=["Indikator", "Realisasi"]))
    assert problems["capaian"] == "Capaian: kolom “Target” tidak ada dalam berkas Excel ini."


def test_options_of_the_application_are_known_by_name():
    made = form_of(table("t", component("select", "opd", valuesKey="opd", properties={"sumber": "opd"}), component("textfield", "a")))
    content = table_to_xlsx(made.fields[0], [{"opd": "dinas_sosial", "a": "x"}], OPD)
    rows, problems = rows_from_xlsx(made.fields[0], content, OPD)
    assert problems == {} and rows[0]["opd"] == "Dinas Sosial"
    assert problems_of(made, cells("t", *rows), {}, OPD) == {}


def test_a_formula_without_a_result_is_a_problem_and_never_run():
    rows, problems = rows_from_xlsx(TABLE, workbook(["A", "=5+5"]))
    words = "rumus tanpa hasil. Buka dan simpan berkasnya di Excel, lalu unggah lagi."
    assert rows[0]["target"] == "" and problems == {"capaian.1.target": f"Capaian baris 1, kolom Target: {words}"}


def test_a_formula_with_a_result_gives_the_result():
    row = f'<row r="1">{inline("A1", "Indikator")}{inline("B1", "Target")}</row>'
    row += f'<row r="2">{inline("A2", "A")}<c r="B2"><f>[1]Lain!A1*2</f><v>12.5</v></c></row>'
    rows, problems = rows_from_xlsx(TABLE, replaced(workbook(), SHEET, sheet_xml(row)))
    assert (rows, problems) == ([{"indikator": "A", "target": "12,5"}], {})


def whole_file_problem(content):
    rows, problems = rows_from_xlsx(TABLE, content)
    assert rows == [] and list(problems) == ["capaian"]
    return problems["capaian"]


def test_without_headings_or_rows_the_sentence_says_what_to_do():
    assert "Unduh format isian" in whole_file_problem(workbook(["A", 10], head=None))
    assert "belum berisi baris" in whole_file_problem(workbook())


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,  # .xls, and workbooks with a password
        b"Indikator;Target\nA;10",
        zipped(apa="<a/>"),
        zipped(xl__workbook="<workbook/>"),
        workbook(["A", 1])[:-200],
        replaced(workbook(["A", 1]), SHEET, "<worksheet"),
        replaced(workbook(["A", 1]), SHEET, sheet_xml('<row r="x"><c r="??"><v>1</v></c></row>')),
        replaced(workbook(["A", 1]), "xl/workbook.xml", "<workbook/>"),
        replaced(workbook(["A", 1]), SHEET, sheet_xml(f'<row r="1"><c r="A1"><v>{"9" * 9000}</v></c></row>')),
    ],
    ids=range(11),
)
def test_a_file_that_is_no_workbook_is_one_sentence(content):
    assert whole_file_problem(content).endswith(".")


def test_entities_are_refused_before_any_parser_sees_them():
    bomb = '<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]>' + sheet_xml("&c;")
    assert whole_file_problem(replaced(workbook(["A", 1]), SHEET, bomb)) == module._UNREADABLE
    assert whole_file_problem(replaced(workbook(["A", 1]), SHEET, bomb.encode("utf-16"))) == module._UNREADABLE


@pytest.fixture
def never_opened(monkeypatch):
    def refuse(*_args, **_more):
        raise AssertionError("the workbook was opened")

    monkeypatch.setattr(module, "load_workbook", refuse)


@pytest.mark.usefixtures("never_opened")
def test_a_zip_bomb_is_refused_by_its_size_before_it_is_unpacked():
    bomb = replaced(workbook(["A", 1]), SHEET, b" " * (module.MAX_UNPACKED + 1))
    assert len(bomb) < 100_000 and whole_file_problem(bomb) == module._TOO_BIG


@pytest.mark.usefixtures("never_opened")
def test_a_large_part_that_holds_no_cells_is_refused():
    assert whole_file_problem(replaced(workbook(["A", 1]), "xl/styles.xml", b" " * (module.MAX_OTHER_PART + 1))) == module._TOO_BIG


@pytest.mark.usefixtures("never_opened")
def test_a_file_of_more_than_5_mb_or_of_many_parts_is_refused():
    assert whole_file_problem(b"\0" * (module.MAX_BYTES + 1)) == module._TOO_BIG
    assert whole_file_problem(zipped(**{f"a{n}": "<a/>" for n in range(module.MAX_PARTS + 1)})) == module._TOO_BIG


def test_a_size_that_lies_is_no_way_around():
    """zipfile reads no more than a part says it has; then its checksum is wrong."""
    content = bytearray(replaced(workbook(["A", 1]), SHEET, b" " * (module.MAX_UNPACKED + 1)))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        size = archive.getinfo(SHEET).file_size.to_bytes(4, "little")
    assert content.count(size) >= 1
    assert whole_file_problem(bytes(content.replace(size, (1000).to_bytes(4, "little")))) == module._UNREADABLE


def test_a_million_rows_are_read_no_further_than_two_thousand(monkeypatch):
    seen = []
    plain = module._text
    monkeypatch.setattr(module, "_text", lambda *a: (seen.append(1), plain(*a))[1])
    head = f'<row r="1">{inline("A1", "Indikator")}{inline("B1", "Target")}</row>'
    far = "".join(f'<row r="{n}"><c r="XFD{n}"><v>1</v></c></row>' for n in (900_000, 1_048_576))
    rows, problems = rows_from_xlsx(TABLE, replaced(workbook(), SHEET, sheet_xml(head + f'<row r="2">{inline("A2", "A")}</row>' + far)))
    assert len(rows) == 1 and problems == {} and len(seen) <= module.READ_LINES * module.READ_COLUMNS


def test_more_rows_than_a_table_holds_are_one_sentence():
    assert whole_file_problem(workbook(*[["A", 1]] * (MAX_ROWS + 1))).startswith("Capaian paling banyak 500 baris")
    assert len(rows_from_xlsx(TABLE, workbook(*[["A", 1]] * MAX_ROWS))[0]) == MAX_ROWS


def test_one_long_text_used_by_every_cell_is_refused():
    row = "".join(
        f'<row r="{n}">' + inline(f"A{n}", "Indikator" if n == 1 else "x" * 30_000) + inline(f"B{n}", "Target") + "</row>"
        for n in range(1, 300)
    )
    assert whole_file_problem(replaced(workbook(), SHEET, sheet_xml(row))) == module._TOO_BIG


def test_only_the_first_sheet_is_read_and_links_are_left_alone():
    def second(sheet):
        sheet.parent.create_sheet("Lain").append(["Indikator", "Target"])

    assert rows_from_xlsx(TABLE, workbook(["A", 1], change=second))[0][0]["indikator"] == "A"
