"""The conditions of a form in a real browser: the same answers, judged by the server and by the script, give the same fields."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app.forms import Form
from app.forms.answering import _read_all, visible_answers
from tests.support.browser import ROOT, ContextFor, axe

from .made import PDF, choice, component, decision, form_of, table
from .test_page import JINJA

# Fields "x0", "x1", … are hidden by these, in turn. k: radio, s: select, c: checklist, b, b2: boxes, n: any number, m: a whole one,
# d: with two decimals, t: text, l: a long one, tgl: date, berkas: file, tabel: table; y shows where b is ticked.
HIDES = (
    '=k = "tidak"', '=k != "tidak"', '="tidak" = k', "=k = null", "=k != null",
    '=s = "a"', '=s != "a"', "=s = null",
    "=c = null", "=c != null",
    "=b", "=not(b)", "=b = true", "=b = false", "=b != true", "=b = null", "=b and b2", "=b or b2", "=not(b or b2)",
    "=n > 5", "=n >= 5", "=n < 5", "=5 <= n", "=n = 1234.5", "=n != 1234.5", "=not(n > 5)", "=n <= -1.5", "=n = null",
    "=m = 2025", "=m >= 2025 and m < 2027", "=m = null", "=d > 0.1", "=d = null",
    '=t = "Sekretariat Daerah"', '=t = ""', "=t != null", "=l = null",
    "=tgl = null", "=tgl != null", "=berkas = null", "=tabel != null",
    '=b and k = "ya" or n = 1', '=b and (k = "ya" or n = 1)', '=not(k = "ya") and not(n > 5)',
    "=y = null", '=y = "isi"', '=y != "isi" or b2', "=true", "=false", "=b or true",
)  # fmt: skip
ANSWERED: tuple[dict[str, list[str]], ...] = (
    {},
    {"k": ["tidak"], "s": ["a"], "b": ["ya"], "n": ["6"], "m": ["2025"], "t": ["Sekretariat Daerah"], "tgl": ["2026-03-12"]},
    {"k": ["ya"], "s": ["b"], "b2": ["ya"], "n": ["5"], "m": ["2.026"], "t": ["  Sekretariat Daerah "], "c": ["p"], "y": ["isi"]},
    {"b": ["ya"], "y": ["isi"], "n": ["1.234,5"], "d": ["0,25"], "m": ["2027"]},
    {"b": ["ya"], "b2": ["ya"], "y": ["  "], "n": ["1.5"], "d": ["0,255"], "m": ["2025,5"], "t": ["   "]},
    {"n": ["-1,50"], "d": ["Rp 1.000,50"], "m": ["Rp2.025"], "k": ["ya"], "b": ["ya"], "l": ["dua\r\nbaris"]},
    {"n": ["85,5%"], "d": ["0,10"], "m": [" 2 025 "], "c": ["p", "q"]},
    {"n": ["lima"], "d": ["1,"], "m": ["2025,00"], "l": ["\n \n"]},
    {"n": ["+1"], "d": [",5"], "m": ["02025"], "k": ["tidak"], "tabel.1.a": ["isi"]},
    {"n": ["1"], "d": ["1.0000"], "m": ["9" * 41], "b": ["ya"], "tabel.2.a": [" "], "tabel.2.p": ["tinggi"]},
    {"n": ["0"], "t": ["sekretariat daerah"], "tabel.1.p": ["rendah"], "b2": ["ya"], "y": ["isi"]},
    {"t": ["Caf\u0065\u0301"], "n": ["1\u00a0000"]},
)  # fmt: skip
FIELDS = (
    choice("radio", "k", "ya", "tidak"), choice("select", "s", "a", "b"), choice("checklist", "c", "p", "q"),
    component("checkbox", "b"), component("checkbox", "b2"), component("number", "n"), component("number", "m", decimalDigits=0),
    component("number", "d", decimalDigits=2), component("textfield", "t"), component("textarea", "l"),
    component("datetime", "tgl", subtype="date", dateLabel="Tanggal"), component("filepicker", "berkas"),
    table("tabel", component("textfield", "a"), choice("select", "p", "tinggi", "rendah", defaultValue="tinggi")),
    {"type": "group", "id": "G", "label": "Kelompok", "components": [component("textfield", "y")], "conditional": {"hide": "=b != true"}},
)  # fmt: skip
FORM = form_of(*FIELDS, *(component("textfield", f"x{number}", conditional={"hide": hide}) for number, hide in enumerate(HIDES)))
SOURCE = JINJA.from_string("""{% from "forms/fields.html" import fields, decision_buttons -%}
<!doctype html><html lang="id"><head><meta charset="utf-8">
<title>Coba</title><link rel="icon" href="dist/favicon.svg"><meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="dist/app.css"><script type="module" src="dist/app.js"></script></head><body><main class="page"><h1>Coba</h1>
<form method="post" action="sent" novalidate data-warn>{{ fields(form, values, {}, {}, files) }}{{ decision_buttons(form) }}
</form></main></body></html>""")
# As a person would: what is answered is typed and ticked, the rest is empty.
ANSWER = """answers => {
  for (const control of document.forms[0].querySelectorAll('input[name], select[name], textarea[name]')) {
    const texts = answers[control.name] ?? [];
    if (control.type === 'file') continue;
    if (['checkbox', 'radio'].includes(control.type)) control.checked = texts.includes(control.value);
    else control.value = texts[0] ?? (control.name.endsWith('.p') ? 'tinggi' : '');
  }
  document.forms[0].querySelector('[name=t]').dispatchEvent(new Event('input', { bubbles: true }));
  return [...document.querySelectorAll('[id^=f-x]')].filter(one => one.checkVisibility()).map(one => one.name);
}"""

Show = Callable[..., Page]


@pytest.fixture
def show(tmp_path: Path, serve: Callable[..., str], context_for: ContextFor) -> Show:
    def show_(form: Form, files: object = None, **reader: object) -> Page:
        shutil.copytree(ROOT / "app" / "static" / "dist", tmp_path / "dist", dirs_exist_ok=True)
        (tmp_path / "index.html").write_text(SOURCE.render(form=form, values={}, files=files or {}), encoding="utf-8")
        page = context_for(serve(tmp_path), **reader).new_page()
        page.goto("/index.html")
        if reader.get("javascript", True):
            page.wait_for_selector("html[data-ready=app]")
        return page

    return show_


def judged_here(answered: dict[str, list[str]]) -> list[str]:
    """The fields that the server takes an answer of."""
    answers = visible_answers(FORM, _read_all(FORM, answered, {}, {}).answers)
    return [f.key for f in FORM.fields if f.key.startswith("x") and f.visible_when is not None and f.visible_when.holds(answers)]


def test_server_and_browser_judge_alike(show: Show) -> None:
    page = show(FORM)
    for answered in ANSWERED:
        assert page.evaluate(ANSWER, answered) == judged_here(answered), answered
    verdicts = {(number, f"x{number}" in judged_here(answered)) for answered in ANSWERED for number in range(len(HIDES))}
    always = {source for number, source in enumerate(HIDES) if len({yes for n, yes in verdicts if n == number}) == 1}
    assert always == {"=b = null", "=true", "=false", "=b or true", "=berkas = null"}  # else the table would prove less than it seems


def test_a_file_chosen_or_stored_is_an_answer(show: Show) -> None:
    form = form_of(component("filepicker", "berkas"), component("textfield", "x", conditional={"hide": "=berkas = null"}))
    page = show(form)
    expect(page.locator("#f-x")).to_be_hidden()
    page.locator("#f-berkas").set_input_files({"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"%PDF"})
    expect(page.locator("#f-x")).to_be_visible()
    expect(show(form, {"berkas": [PDF]}).locator("#f-x")).to_be_visible()


def test_hiding_clears_nothing_and_moves_no_focus(show: Show) -> None:
    form = form_of(component("checkbox", "b"), component("textfield", "x", conditional={"hide": "=b"}))
    page = show(form)
    page.locator("#f-x").fill("tetap ada")
    page.locator("#f-b").focus()
    page.keyboard.press("Space")
    expect(page.locator("#f-x")).to_be_hidden()
    expect(page.locator("#f-b")).to_be_focused()
    axe(page)
    page.keyboard.press("Space")
    expect(page.locator("#f-x")).to_have_value("tetap ada")


def test_what_asks_for_the_decision_always_shows(show: Show) -> None:
    """Its buttons have not been pressed yet: hidden until then, the note that goes with one of them could never be typed."""
    form = form_of(component("textarea", "x", conditional={"hide": '=keputusan != "tidak"'}), decision())
    expect(show(form).locator("#f-x")).to_be_visible()


def test_without_scripts_every_field_shows(show: Show) -> None:
    page = show(FORM, javascript=False)
    expect(page.locator("#f-x48")).to_be_visible()
