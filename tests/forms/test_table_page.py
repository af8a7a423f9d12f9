"""The table macro: rows, buttons and problems without scripts."""

from app.forms import initial, reshape, shown_tables

from .made import OPD, PERFORMANCE, cells, component, decision, form_of, table
from .test_page import JINJA, MANY, one, page, words

FORM = form_of(table("capaian", *PERFORMANCE, properties={"petunjuk": "Satu baris tiap indikator."}))
ROW = {"indikator": "<b>Angka", "target": "10", "realisasi": "8", "polaritas": "rendah"}


def names(tree):
    return tree.xpath("//tbody//@name")


def test_a_new_table_has_five_rows_with_their_defaults():
    tree = page(FORM, initial(FORM))
    assert len(tree.xpath("//tbody/tr")) == 5
    assert {o.get("value") for o in tree.xpath("//tbody//option[@selected]")} == {"tinggi"}


def test_every_cell_is_named_by_its_column_and_row():
    tree = page(FORM, cells("capaian", ROW))
    field = one(tree, "//tbody//input[@name='capaian.1.target']")
    assert (field.get("aria-label"), field.get("id"), field.get("value")) == ("Target, baris 1", "f-capaian.1.target", "10")
    assert one(tree, "//tbody//textarea[@name='capaian.1.indikator']").text.strip() == "<b>Angka"


def test_a_result_is_shown_and_never_posted():
    tree = page(FORM, cells("capaian", ROW))
    assert words(tree, "(//tbody/tr)[1]/td[@data-label='Capaian']") == "120%"
    assert not [name for name in names(tree) if name.endswith(".hasil")]


def test_a_result_waits_for_cells_that_can_be_read():
    for wrong in ({"polaritas": "sedang"}, {"target": "x"}):
        assert words(page(FORM, cells("capaian", {**ROW, **wrong})), "(//tbody/tr)[1]/td[@data-label='Capaian']") == "–"


def test_a_word_that_is_no_option_stays_to_be_seen():
    tree = page(FORM, cells("capaian", {**ROW, "polaritas": "sedang"}))
    assert one(tree, "//select[@name='capaian.1.polaritas']/option[@selected]").text == "sedang"


def test_a_wrong_cell_is_marked_and_linked():
    sentence = "Capaian baris 1, kolom Target: bukan angka."
    tree = page(FORM, cells("capaian", {**ROW, "target": "x"}), {"capaian.1.target": sentence})
    field = one(tree, "//input[@name='capaian.1.target']")
    assert words(tree, f"//*[@id='{field.get('aria-describedby')}']") == "bukan angka."
    assert one(tree, "//*[@id='ringkasan-kesalahan']//a").get("href") == f"#{field.get('id')}"


def test_hundreds_of_wrong_cells_make_a_short_summary():
    problems = {f"capaian.{n}.target": f"Capaian baris {n}, kolom Target: bukan angka." for n in range(1, 101)}
    summary = one(page(FORM, cells("capaian", *[ROW] * 100), problems), "//*[@id='ringkasan-kesalahan']")
    assert summary.text_content().split()[0] == "100" and len(summary.xpath(".//li")) == 21
    assert summary.xpath(".//li")[-1].text == "Dan 80 lagi, ditandai pada isiannya."


def test_buttons_work_without_scripts():
    tree = page(FORM)
    buttons = {b.get("value"): b for b in tree.xpath("//button[@name='_aksi']") if not b.xpath("ancestor::template")}
    assert {"tambah:capaian", "hapus:capaian:1", "tempel:capaian", "xlsx:capaian", "unduh:capaian"} <= set(buttons)
    assert all(b.get("type") == "submit" and b.get("formnovalidate") is not None for b in buttons.values())


def test_enter_in_a_cell_takes_no_row_away():
    first = page(FORM).xpath("//button[@type='submit']")[0]
    assert first.get("disabled") is not None and first.get("name") is None


def test_a_long_list_is_shared_by_all_rows():
    column = component("select", "opd", valuesKey="opd", properties={"sumber": "opd"})
    tree = page(form_of(table("t", column)), cells("t", *[{"opd": "opd_3"}] * 200), choices=MANY)
    assert len(tree.xpath("//option")) == 39 and one(tree, "//input[@name='t.200.opd']").get("value") == "Dinas 3"


def test_two_hundred_rows_are_a_page_of_moderate_size():
    """By size: 200 rows of five columns, at most 2 KB a row."""
    form = form_of(table("capaian", *PERFORMANCE))
    source = JINJA.from_string('{% import "forms/fields.html" as forms %}{{ forms.fields(form, values) }}')
    assert len(source.render(form=form, values=cells("capaian", *[ROW] * 200))) < 200 * 2048


def test_what_was_reshaped_is_the_page_that_was_left_with_one_row_more():
    posted = cells("capaian", ROW, ROW) | {"_aksi": ["tambah:capaian"]}
    tree = page(FORM, reshape(FORM, posted).submitted)
    assert len(tree.xpath("//tbody/tr")) == 6 and one(tree, "//input[@name='capaian.2.target']").get("value") == "10"


def test_pasted_words_that_were_not_read_stay_in_their_box():
    tree = page(FORM, {"capaian._tempel": ["a\tb"]}, {"capaian._tempel": "Capaian: tempelan belum dimasukkan."})
    assert one(tree, "//textarea[@name='capaian._tempel']").text.strip() == "a\tb"
    assert one(tree, "//details[.//textarea[@name='capaian._tempel']]").get("open") is not None


def test_a_found_out_list_shows_what_was_found():
    made = component("checklist", "opd_belum", valuesKey="opd", properties={"sumber": "opd", "isi_dari": "opd_lakip[belum]"})
    tree = page(form_of(made, decision()), {"opd_belum": ["opd_3"]}, choices=MANY)
    shown = tree.xpath("//fieldset//input[@type='checkbox'][not(ancestor::details)]/@value")
    assert shown == ["opd_3"] and len(tree.xpath("//details//input")) == 38


def test_a_stored_table_is_read_in_words():
    (shown,) = shown_tables(FORM, {"capaian": [{"indikator": "A", "target": 1234.5, "hasil": 85.5}]}, OPD)
    source = JINJA.from_string('{% from "forms/table.html" import shown %}{{ shown(table) }}')
    text = source.render(table=shown)
    assert ">Capaian</caption>" in text and "1.234,5" in text and "85,5%" in text
