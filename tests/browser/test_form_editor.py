"""The editor of forms: form-js beside our own rendering, what cannot be kept named while editing, nobody overwrites anybody."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Page, expect

from app import definitions
from app.models import FormDraft
from tests.support.browser import ContextFor, axe, fits, screenshot
from tests.support.office import PASSWORD, SOP, Office
from tests.support.site import Site

# Words of the library that would be English on the screen. "Label" and "Data" are Indonesian too.
ENGLISH = re.compile(
    r"\b(Components?|Search|Field|Required|General|Condition|Layout|Validation|Custom properties|Key|Value|Default|Text (?:field|area)|"
    r"Checkbox|Select|Group|Columns?|Appearance|Constraints|Read only|Disabled|Prefix|Suffix|Hide if|Create|Delete|Remove|Drag)\b"
)


@pytest.fixture
def draft(site: Site) -> int:
    with site.database.transaction() as session:
        return definitions.begin_draft(session, Office(site.database).actor("analis"), definitions.latest(session, SOP)).id


def open_editor(context_for: ContextFor, site: Site, draft: int, form: str, **screen: int) -> Page:
    page = context_for(site.url, **screen).new_page()
    page.goto("/masuk")
    page.get_by_label("Nama pengguna").fill("analis")
    page.get_by_label("Kata sandi").fill(PASSWORD)
    page.get_by_role("button", name="Masuk").click()
    expect(page.get_by_role("link", name="Akun saya")).to_be_visible()
    page.goto(f"/rancangan/{draft}/formulir/{form}")
    page.wait_for_selector("html[data-ready=form-editor]")
    return page


def form_of(site: Site, draft: int, form: str) -> FormDraft:
    with site.database.reading() as session:
        return session.get_one(FormDraft, (draft, form))


def test_a_label_changes_on_both_sides_and_is_saved(context_for: ContextFor, site: Site, draft: int) -> None:
    page = open_editor(context_for, site, draft, "pf04", width=1440)
    side = page.get_by_label("Seperti yang dilihat pengisinya")
    expect(side.get_by_text("Catatan perbaikan (wajib diisi bila dikembalikan)")).to_be_visible()
    page.locator('[data-id="Field_catatan_kabag"]').first.click()
    open_groups(page)
    label = page.locator('.bio-properties-panel [data-entry-id="label"] [contenteditable], [data-entry-id="label"] textarea').first
    label.fill("Catatan Kabag")
    expect(side.get_by_text("Catatan Kabag")).to_be_visible()
    expect(page.locator(".bench-status")).to_have_text("Belum disimpan")
    screenshot(page, "form-editor-1440", full_page=False)
    page.keyboard.press("Control+s")
    expect(page.locator(".bench-status")).to_contain_text("Tersimpan pukul")
    saved = json.loads(form_of(site, draft, "pf04").content)
    assert saved["components"][0]["label"] == "Catatan Kabag" and saved["components"][0]["properties"]["wajib_bila"]


def test_what_the_compiler_refuses_is_named_while_editing(context_for: ContextFor, site: Site, draft: int) -> None:
    page = open_editor(context_for, site, draft, "pf04", width=1440)
    page.locator('.fjs-palette-field[data-field-type="number"]').press("Enter")
    page.locator(".form-bench .fjs-element").last.click(position={"x": 4, "y": 4})
    open_groups(page)
    page.locator('[data-entry-id="key"] input').fill("csrf_token")
    page.locator('[data-entry-id="key"] input').press("Tab")
    note = page.locator(".finding-list li")
    expect(note.first).to_contain_text("Kesalahan")
    expect(page.get_by_text("belum dapat disusun")).to_be_visible()
    axe_without_the_library(page)
    page.get_by_role("button", name="Urungkan").click()
    page.get_by_role("button", name="Urungkan").click()
    expect(page.get_by_text("Tidak ada catatan.")).to_be_visible()


def test_a_save_after_somebody_elses_says_who_and_keeps_everything(context_for: ContextFor, site: Site, draft: int) -> None:
    page = open_editor(context_for, site, draft, "pf04", width=1440)
    page.locator('.fjs-palette-field[data-field-type="textfield"]').press("Enter")
    kept = form_of(site, draft, "pf04")
    with site.database.transaction() as session:
        definitions.save_form(session, Office(site.database).actor("analis"), draft, "pf04", kept.content, kept.revision)
    page.get_by_role("button", name="Simpan").click()
    notice = page.get_by_role("alert")
    expect(notice).to_contain_text("sudah disimpan oleh Putri Maharani")
    screenshot(page, "form-editor-tabrakan", full_page=False)
    page.on("dialog", lambda dialog: dialog.accept())
    notice.get_by_role("button", name="Timpa dengan milik saya").click()
    expect(page.locator(".bench-status")).to_contain_text("Tersimpan pukul")
    assert form_of(site, draft, "pf04").revision == kept.revision + 2


def test_a_broken_line_loses_nothing(context_for: ContextFor, site: Site, draft: int) -> None:
    page = open_editor(context_for, site, draft, "pf04", width=1440)
    page.locator('.fjs-palette-field[data-field-type="textfield"]').press("Enter")
    page.route(f"**/rancangan/{draft}/formulir/pf04", lambda route: route.abort())
    page.get_by_role("button", name="Simpan").click()
    expect(page.locator(".bench-status")).to_contain_text("Server tidak dapat dihubungi")
    page.unroute(f"**/rancangan/{draft}/formulir/pf04")
    page.get_by_role("button", name="Simpan").click()
    expect(page.locator(".bench-status")).to_contain_text("Tersimpan pukul")


def test_no_english_word_is_on_the_screen(context_for: ContextFor, site: Site, draft: int) -> None:
    page = open_editor(context_for, site, draft, "opd_lakip", width=1440, height=1400)
    for kind in ("textfield", "number", "datetime", "select", "filepicker"):
        page.locator(f'.fjs-palette-field[data-field-type="{kind}"]').press("Enter")
    seen = set()
    for field in page.locator(".form-bench .fjs-element[data-id^=Field]").all()[-6:]:
        field.click(position={"x": 4, "y": 4})
        open_groups(page)
        seen |= set(page.locator(".form-bench .bio-properties-panel, .fjs-palette").all_inner_texts())
        seen |= {one.get_attribute("title") or "" for one in page.locator(".form-bench [title]").all()}
    assert not {text[max(0, match.start() - 30) : match.end() + 30] for text in seen for match in ENGLISH.finditer(text)}


def open_groups(page: Page) -> None:
    """Every group of the panel, at once: clicking each would move the next one away."""
    page.locator(".bio-properties-panel-group-header").first.wait_for()
    page.evaluate("for (const one of document.querySelectorAll('.bio-properties-panel-group-header:not(.open)')) one.click()")


@pytest.mark.parametrize("width", [1440, 390])
def test_the_page_is_fit_to_be_seen(context_for: ContextFor, site: Site, draft: int, width: int) -> None:
    page = open_editor(context_for, site, draft, "opd_lakip", width=width, height=900)
    screenshot(page, f"form-editor-opd-{width}")
    axe_without_the_library(page)
    assert fits(page)


def axe_without_the_library(page: Page) -> None:
    axe(page)
