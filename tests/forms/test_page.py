"""The macros: what a browser without scripts and a screen reader get."""

from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from lxml import html

from app.forms import initial

from .made import OPD, PDF, choice, component, decision, form_of
from .test_shipped_forms import FORMS, form_named

TEMPLATES = Path(__file__).parents[2] / "app" / "templates"
JINJA = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
PAGE = JINJA.from_string(
    '{% import "forms/fields.html" as forms %}<main>{{ forms.error_summary(problems, form) }}'
    "<form>{{ forms.fields(form, values, problems, choices, files) }}{{ forms.decision_buttons(form, problems) }}</form></main>"
)
MANY = {"opd": [(f"opd_{n}", f"Dinas {n}") for n in range(39)]}
OPD_LIST = component("checklist", "daftar_opd", valuesKey="opd", properties={"sumber": "opd"})


def page(form, values=None, problems=None, choices=None, files=None):
    text = PAGE.render(form=form, values=values or {}, problems=problems or {}, choices=choices or {}, files=files or {})
    return html.fromstring(text)


def one(tree, path):
    (found,) = tree.xpath(path)
    return found


def words(tree, path):
    return " ".join(one(tree, path).text_content().split())


def test_a_label_a_help_and_a_problem_are_tied_to_their_input():
    form = form_of(component("textfield", "hal", description="Singkat saja."))
    tree = page(form, problems={"hal": "Hal belum diisi."})
    field = one(tree, "//input[@name='hal']")
    assert field.get("aria-invalid") == "true"
    assert [words(tree, f"//*[@id='{i}']") for i in field.get("aria-describedby").split()] == ["Singkat saja.", "Hal belum diisi."]
    assert words(tree, f"//label[@for='{field.get('id')}']") == "Hal (boleh kosong)"


def test_a_required_field_is_marked_in_words_and_never_stops_the_browser():
    tree = page(form_of(component("textfield", "hal", validate={"required": True})))
    assert words(tree, "//label") == "Hal (wajib)" and not tree.xpath("//*[@required]")


def test_a_field_required_by_a_condition_has_no_second_mark():
    note = component("textarea", "catatan", label="Catatan (wajib bila dikembalikan)", properties={"wajib_bila": '=keputusan = "tidak"'})
    assert words(page(form_of(note, decision())), "//label") == "Catatan (wajib bila dikembalikan)"


@pytest.mark.parametrize("values", [{"hal": ["<b> & \"'"]}, {"hal": "<b> & \"'"}])
def test_what_was_typed_is_shown_again_escaped(values):
    assert one(page(form_of(component("textfield", "hal")), values), "//input[@name='hal']").get("value") == "<b> & \"'"


def test_a_textarea_keeps_a_leading_line():
    assert one(page(form_of(component("textarea", "hal")), {"hal": ["\na</textarea>"]}), "//textarea").text.endswith("\na</textarea>")


@pytest.mark.parametrize(
    ("subtype", "raw", "kind"),
    [("date", "2026-03-12", "date"), ("date", "", "date"), ("date", "12/03/2026", "text"), ("time", "10:42", "time"),
     ("datetime", "2026-03-12T10:42", "datetime-local")],
)  # fmt: skip
def test_a_date_is_a_date_input_unless_that_would_lose_what_was_typed(subtype, raw, kind):
    form = form_of(component("datetime", "x", subtype=subtype, dateLabel="X", timeLabel="X"))
    field = one(page(form, {"x": [raw]}), "//input[@name='x']")
    assert (field.get("type"), field.get("value")) == (kind, raw)


def test_a_select_keeps_its_choice():
    tree = page(form_of(choice("select", "sifat", "biasa", "segera")), {"sifat": ["segera"]})
    assert one(tree, "//option[@selected]").get("value") == "segera"


def test_radio_buttons_are_named_by_a_legend():
    tree = page(form_of(choice("radio", "sifat", "biasa", "segera")), {"sifat": ["biasa"]}, {"sifat": "Sifat belum dipilih."})
    assert words(tree, "//fieldset[@id='f-sifat']/legend") == "Sifat (boleh kosong)"
    assert one(tree, "//input[@checked]").get("value") == "biasa"


def test_a_long_checklist_has_hooks_for_the_script_hidden_without_it():
    tree = page(form_of(OPD_LIST), {"daftar_opd": ["opd_3"]}, choices=MANY)
    assert len(tree.xpath("//fieldset//input[@name='daftar_opd']")) == 39
    assert one(tree, "//input[@data-check-all='daftar_opd']/ancestor::div[@data-js-only and @hidden]") is not None
    assert one(tree, "//input[@data-filter='f-daftar_opd']").get("name") is None
    assert one(tree, "//input[@name and @checked]").get("value") == "opd_3"


def test_a_short_checklist_has_none():
    assert not page(form_of(OPD_LIST), choices=OPD).xpath("//*[@data-filter]")


def test_a_file_field_says_what_it_takes_and_what_is_there():
    form = form_of(component("filepicker", "berkas", accept=".pdf"))
    tree = page(form, files={"berkas": [PDF | {"ukuran": 2_500_000}]})
    assert one(tree, "//input[@type='file']").get("accept") == ".pdf"
    assert words(tree, "//li") == "Sudah diunggah: surat.pdf (2,4 MB)"
    assert words(tree, "//p[@id='f-berkas-size']").startswith("Berkas sampai 25 MB.")


def test_the_decision_is_two_buttons_and_nothing_else():
    tree = page(form_of(component("textfield", "hal"), decision()))
    buttons = tree.xpath("//button[@name='keputusan']")
    assert [(b.get("value"), b.get("type"), b.text) for b in buttons] == [("ya", "submit", "Ya"), ("tidak", "submit", "Tidak")]
    assert not tree.xpath("//input[@name='keputusan']") and all(b.get("formnovalidate") is not None for b in buttons)


def test_enter_in_a_text_field_decides_nothing():
    first = page(form_of(component("textfield", "hal"), decision())).xpath("//button[@type='submit']")[0]
    assert first.get("disabled") is not None and first.get("name") is None


def test_the_summary_links_to_the_fields():
    form = form_of(component("textfield", "hal"), decision())
    tree = page(form, problems={"hal": "Hal belum diisi.", "keputusan": "Keputusan belum dipilih.", "zzz": "Isian <i> tidak ada."})
    summary = one(tree, "//*[@id='ringkasan-kesalahan']")
    assert (summary.get("role"), summary.get("tabindex")) == ("alert", "-1")
    targets = [link.get("href")[1:] for link in summary.xpath(".//a")]
    assert targets == ["f-hal", "f-keputusan"] and all(len(tree.xpath(f"//*[@id='{t}']")) == 1 for t in targets)


def test_no_problem_no_summary():
    assert not page(form_of(component("textfield", "hal"))).xpath("//*[@role='alert']")


def test_a_script_in_a_label_is_text():
    tree = page(form_of(component("textfield", "hal", label="<script>alert(1)</script>")))
    assert not tree.xpath("//script") and "<script>" in words(tree, "//label")


def test_a_condition_is_handed_to_the_script_and_the_field_shows_without_it():
    form = form_of(component("checkbox", "a"), component("textfield", "b", conditional={"hide": "=a = true"}))
    assert one(page(form), "//div[.//input[@name='b']]").get("data-show-when") == '["unless",["=","a",true]]'


def test_what_the_system_sets_is_no_input():
    tree = page(form_of(component("textfield", "nomor", readonly=True)), {"nomor": ["12"]})
    assert not tree.xpath("//input") and "12" in tree.text_content()


def test_text_blocks_groups_and_lines_are_shown_in_order():
    group = {"type": "group", "id": "G", "label": "Surat", "components": [component("textfield", "hal")]}
    tree = page(form_of({"type": "text", "id": "T", "text": "Halo **semua**"}, {"type": "separator", "id": "S"}, group))
    assert words(tree, "//div[@class='form-words']") == "Halo semua" and one(tree, "//hr") is not None
    assert words(tree, "//fieldset/legend") == "Surat"


@pytest.mark.parametrize("path", FORMS, ids=lambda p: p.stem)
def test_every_shipped_form_is_a_page_without_inline_script_or_style(path):
    form = form_named(path.stem)
    problems = {f.key: f"{f.name} belum diisi." for f in form.fields}
    tree = page(
        form,
        initial(form, {}, MANY),
        problems,
        {**MANY, "unit_layanan": [("Puskesmas Kijang", "Puskesmas Kijang")]},
        {f.key: [PDF] for f in form.file_fields},
    )
    assert not tree.xpath("//script | //style | //@style | //@*[starts-with(name(), 'on')]")
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    described = {i for value in tree.xpath("//@aria-describedby") for i in value.split()}
    assert described <= set(ids) and {i.get("for") for i in tree.xpath("//label")} <= set(ids)
    plain = {f.key for f in form.fields if not f.is_table and not f.system_set}
    assert set(tree.xpath("//@name")) == plain | {name for table in form.tables for name in names_of(table)}


def names_of(table):
    cells = {f"{table.key}.{n}.{c.key}" for n in range(6) for c in table.columns if not c.system_set}  # 0: of the template
    survey = {f"{table.key}._jawaban"} if table.takes_raw_answers else set()
    return cells | survey | {"_aksi", f"{table.key}._tempel", f"{table.key}._xlsx"}
