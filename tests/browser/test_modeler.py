"""The editor of diagrams in a real browser: what analysts do there, and what must not be lost."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Dialog, Locator, Page, expect

from app import definitions
from app.config import ROOT
from app.definitions import Bundle
from app.models import DrawingDraft, SignIn, User
from tests.browser.test_drawings_in_modeler import content
from tests.support.browser import ContextFor, axe, fits, screenshot
from tests.support.office import PASSWORD, SOP, Office, make_database
from tests.support.site import Site, serving_app

WIDE = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
VARIETY = ROOT / "tests" / "diagram" / "ragam.bpmn"
# Words of the libraries; ids of elements (Task_2) are data and have an underscore behind.
ENGLISH = re.compile(
    r"\b(Tasks?|Gateway|Events?|Append|Change|Remove|General|Documentation|Create|Activate|Search|Toggle|Name|Flow|Delete|Add|Section|Errors?|Warnings?"
    r"|Element|Open|Close|List|Empty|Select|Value|Type|Minimap|Issues|Tool|Pool/participant|Label|with|the|and|is|has|missing)\b",
    re.IGNORECASE,
)
SEEN = """() => [...document.querySelectorAll('#modeler *')]
    .filter(element => element.checkVisibility() && !element.closest('.djs-visual, kbd, .bjs-powered-by'))
    .flatMap(element => [
        ...['title', 'aria-label', 'placeholder'].map(name => element.getAttribute(name)),
        ...[...element.childNodes].filter(node => node.nodeType === 3).map(node => node.textContent.trim()),
    ])
    .filter(Boolean)"""


@pytest.fixture(scope="module")
def site(filled_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One for all tests here: each works on a draft of its own."""
    folder = tmp_path_factory.mktemp("modeler")
    for name in ("alur.db", "keys.json"):
        shutil.copy(filled_sqlite / name, folder / name)
    database = make_database("", folder)
    with serving_app(database) as found:
        yield found
    database.dispose()


@pytest.fixture
def office(site: Site) -> Office:
    return Office(site.database)


@pytest.fixture
def draft(office: Office) -> int:
    """A draft of SOP 02, as the analyst began it."""
    with office.database.transaction() as session:
        return definitions.begin_draft(session, office.actor("analis"), definitions.latest(session, SOP)).id


@pytest.fixture
def uploaded(office: Office) -> Callable[[bytes], int]:
    def keep(bpmn: bytes) -> int:
        with office.database.transaction() as session:
            return definitions.keep_draft(session, office.actor("analis"), Bundle("unggahan.bpmn", bpmn, {})).id

    return keep


@pytest.fixture
def open_modeler(site: Site, context_for: ContextFor) -> Callable[..., Page]:
    def open_(draft_id: int, element: str = "", username: str = "analis", **screen: Any) -> Page:
        page = context_for(site.url, **(screen or WIDE)).new_page()
        page.goto(f"/rancangan/{draft_id}/gambar{f'?elemen={element}' if element else ''}")
        enter(page, username)
        return ready(page)

    return open_


def enter(page: Page, username: str) -> None:
    page.get_by_label("Nama pengguna").fill(username)
    page.get_by_label("Kata sandi").fill(PASSWORD)
    page.get_by_role("button", name="Masuk").click()


def ready(page: Page) -> Page:
    page.wait_for_selector("html[data-ready=modeler]")
    return page


def stored(office: Office, draft_id: int) -> str:
    with office.database.reading() as session:
        return session.get_one(DrawingDraft, draft_id).bpmn.decode()


def bundle(office: Office, draft_id: int) -> Bundle:
    with office.database.reading() as session:
        return definitions.bundle_of(session, session.get_one(DrawingDraft, draft_id))


def find(page: Page, id: str) -> None:
    """By the keyboard, as somebody would who knows the name."""
    found = page.locator(".djs-search-result-secondary").first
    box = page.locator(".djs-search-container.open input")
    for _ in range(5):  # on a busy machine a menu or the panel may still take the focus that the key needs
        page.locator("[data-canvas] svg[tabindex]").focus()
        page.keyboard.press("Control+f")
        with suppress(AssertionError):
            expect(box).to_be_visible(timeout=2_000)
            box.press_sequentially(id)
            expect(found).to_have_text(id, timeout=2_000)
            break
        page.keyboard.press("Escape")
    expect(found).to_have_text(id)
    page.keyboard.press("Enter")
    expect(page.locator("[data-canvas] svg[tabindex]")).to_be_focused()


def save(page: Page) -> None:
    page.keyboard.press("Control+s")
    expect(state(page)).to_have_text(re.compile(r"^Tersimpan pukul \d\d\.\d\d WIB$"))


def state(page: Page) -> Locator:
    return page.locator("[data-save-state]")


def finding(page: Page, words: str) -> Locator:
    return page.locator("[data-findings] li", has_text=words)


def field(page: Page, label: str) -> Locator:
    return page.locator("[data-panel]").get_by_label(label, exact=True)


def open_group(page: Page, label: str) -> None:
    toggle = page.locator(".bio-properties-panel-group-header:not(.open)", has=page.get_by_title(f"Buka atau tutup: {label}", exact=True))
    if toggle.count():
        toggle.click()


def test_an_analyst_adds_a_step_with_a_new_form_and_finds_it_again(office: Office, draft: int, open_modeler: Callable[..., Page]) -> None:
    page = open_modeler(draft, "Lane_tu_bagian")
    field(page, "Nama").fill("Tata Usaha")
    find(page, "Task_2")
    page.get_by_role("button", name="Tambahkan tugas pengguna sesudah ini").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")  # the name is typed in the panel
    field(page, "Nama").fill("Memindai surat")
    page.get_by_text("Buat formulir baru").click()
    field(page, "Id formulir, misalnya pf04").fill("pindai")
    field(page, "Judul").fill("Pindai surat masuk")
    page.get_by_role("button", name="Buat dan pakai").click()
    expect(field(page, "Formulir")).to_have_value("pindai")
    field(page, "Baris").fill("2")
    field(page, "Uraian").fill("Surat dipindai")
    field(page, "Waktu").fill("15")
    field(page, "Asal").select_option("usulan")
    expect(field(page, "Satuan waktu")).to_have_value("menit-kerja")
    expect(state(page)).to_have_text("Belum disimpan")
    save(page)
    page.locator("[data-findings] summary").click()
    expect(finding(page, "mempunyai lebih dari satu panah keluar")).to_have_count(1)
    expect(finding(page, "“Memindai surat” tidak mempunyai panah keluar")).to_have_count(1)
    same_fact = re.compile("Tidak mempunyai panah keluar")  # the words of the library's own rule
    expect(page.locator("[data-findings] li", has_text=same_fact)).to_have_count(0)
    screenshot(page, "modeler-catatan-1440")
    finding(page, "lebih dari satu panah keluar").get_by_role("button").click()
    expect(field(page, "Id")).to_have_value("Task_2")
    find(page, "Flow_2_3a")
    page.keyboard.press("Delete")
    finding(page, "“Memindai surat” tidak mempunyai panah keluar").get_by_role("button").click()
    page.get_by_role("button", name="Paskan").click()
    page.locator(".djs-context-pad").get_by_title("Sambungkan ke unsur lain").click()
    target = page.locator(".djs-element[data-element-id=Task_3a] .djs-hit").first
    target.hover(position={"x": 40, "y": 30})  # the library follows the pointer
    target.hover()
    target.click()
    page.get_by_role("button", name="Periksa").click()
    expect(page.locator("[data-findings-count]")).to_have_text("tidak ada catatan")
    save(page)
    ready_again = page.reload() and ready(page)
    find(ready_again, "Lane_tu_bagian")
    expect(field(page, "Nama")).to_have_value("Tata Usaha")
    drawing = bundle(office, draft)
    assert "pindai" in drawing.forms
    changed = {(change.where, change.what, change.after) for change in definitions.compare(bundle_of_version(office), drawing)}
    assert ("Lane “Tata Usaha”", "nama", "Tata Usaha") in changed and ("Tugas “Memindai surat”", "", "") in changed


def bundle_of_version(office: Office) -> Bundle:
    with office.database.reading() as session:
        return definitions.bundle_of_version(session, definitions.latest(session, SOP))


def test_saving_without_a_change_loses_nothing(office: Office, draft: int, open_modeler: Callable[..., Page]) -> None:
    before = bundle(office, draft)
    save(open_modeler(draft))
    after = bundle(office, draft)
    assert content(before.bpmn.decode()) == content(after.bpmn.decode())
    assert definitions.compare(before, after) == ()


@pytest.fixture
def rival(office: Office) -> Callable[[int], None]:
    """Another analyst saves in between."""
    with office.database.transaction() as session:
        session.query(User).filter_by(username="kabag").update({"is_analyst": True})

    def save_between(draft_id: int) -> None:
        with office.database.transaction() as session:
            found = session.get_one(DrawingDraft, draft_id)
            theirs = found.bpmn.replace(b"Menerima disposisi", b"Menerima disposisi Kabag")
            definitions.save_drawing(session, office.actor("kabag"), draft_id, theirs, found.revision)

    return save_between


def rename(page: Page, name: str) -> None:
    field(page, "Nama").fill(name)
    expect(page.locator(".djs-element[data-element-id=Task_2]")).to_contain_text(name.split()[-1])


def test_two_analysts_never_overwrite_each_other_unasked(
    office: Office, draft: int, rival: Callable[[int], None], open_modeler: Callable[..., Page]
) -> None:
    page = open_modeler(draft, "Task_2")
    rename(page, "Mengagendakan surat")
    rival(draft)
    page.keyboard.press("Control+s")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Dra. Nurhayati, M.Si. menyimpannya pada")
    expect(dialog.get_by_role("link", name="Lihat versi yang tersimpan")).to_have_attribute("href", f"/rancangan/{draft}")
    looked_at(page, "bentrok-1440")
    dialog.get_by_role("button", name="Kembali menyunting").click()
    expect(state(page)).to_contain_text("Belum disimpan")
    page.once("dialog", lambda question: question.accept())
    page.get_by_role("button", name="Simpan", exact=True).click()
    dialog.get_by_role("button", name="Timpa dengan milik saya").click()
    expect(state(page)).to_contain_text("Tersimpan pukul")
    mine = stored(office, draft)
    assert "Mengagendakan surat" in mine and "Menerima disposisi Kabag" not in mine
    rename(page, "Mencatat surat")
    rival(draft)
    page.keyboard.press("Control+s")
    dialog.get_by_role("button", name="Simpan salinan saya").click()
    page.wait_for_url(lambda url: f"/rancangan/{draft}/" not in url)
    ready(page)
    copy = int(page.url.split("/")[-2])
    assert "Mencatat surat" in stored(office, copy)
    assert "Menerima disposisi Kabag" in stored(office, draft)


def test_a_failed_save_keeps_everything_and_undo(site: Site, office: Office, draft: int, open_modeler: Callable[..., Page]) -> None:
    page = open_modeler(draft, "Task_2")
    rename(page, "Mengagendakan surat")
    page.context.set_offline(True)
    page.keyboard.press("Control+s")
    expect(state(page)).to_contain_text("Server tidak dapat dihubungi")
    page.context.set_offline(False)
    with site.database.transaction() as session:
        session.query(SignIn).delete()
    page.keyboard.press("Control+s")
    expect(state(page)).to_contain_text("Sesi Anda berakhir; masuk di tab lain, lalu simpan lagi.")
    screenshot(page, "modeler-sesi-berakhir-1440")
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Masuk di tab baru").click()
    enter(opened.value, "analis")
    expect(opened.value.get_by_role("button", name="Keluar").first).to_be_visible()
    opened.value.close()
    save(page)
    assert "Mengagendakan surat" in stored(office, draft)
    page.get_by_role("button", name="Urungkan").click()
    expect(field(page, "Nama")).to_have_value("Mengagendakan dan memilah surat masuk")
    expect(state(page)).to_have_text("Belum disimpan")
    page.get_by_role("button", name="Ulangi").click()
    expect(state(page)).to_contain_text("Tersimpan pukul")
    page.get_by_role("button", name="Urungkan").click()
    rename(page, "Mencatat berkas")  # as many steps as were saved, but another one
    expect(state(page)).to_have_text("Belum disimpan")


def test_leaving_with_unsaved_work_asks_first(draft: int, open_modeler: Callable[..., Page]) -> None:
    page = open_modeler(draft, "Task_2")
    rename(page, "Mengagendakan surat")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.get_by_role("link", name="Diagram dan Formulir").first.click(no_wait_after=True)
    expect(field(page, "Nama")).to_have_value("Mengagendakan surat")
    assert asked == ["beforeunload"]


def test_tidying_is_one_step_back(draft: int, open_modeler: Callable[..., Page]) -> None:
    page = open_modeler(draft, "Task_2")
    shape = page.locator(".djs-element.djs-shape[data-element-id=Task_2]")
    where = "element => element.getAttribute('transform')"
    before = shape.evaluate(where)
    page.keyboard.press("ArrowDown")
    expect(shape).not_to_have_attribute("transform", before)
    moved = shape.evaluate(where)
    page.get_by_role("button", name="Rapikan gambar").click()
    expect(shape).to_have_attribute("transform", before)  # where the shipped drawing has it: it was laid out so
    page.get_by_role("button", name="Urungkan").click()
    expect(shape).to_have_attribute("transform", moved)
    page.get_by_role("button", name="Urungkan").click()
    expect(shape).to_have_attribute("transform", before)


def test_a_drawing_without_picture_is_drawn_when_asked(
    office: Office, uploaded: Callable[[bytes], int], open_modeler: Callable[..., Page]
) -> None:
    xml = (ROOT / "bpmn" / f"{SOP}.bpmn").read_text("utf-8")
    bare = uploaded(re.sub(r"<bpmndi:BPMNDiagram.*</bpmndi:BPMNDiagram>", "", xml, flags=re.DOTALL).encode())
    page = open_modeler(bare)
    expect(page.get_by_role("alert")).to_contain_text("belum memuat gambarnya")
    looked_at(page, "tanpa-gambar-1440")
    page.get_by_role("button", name="Buat gambarnya").click()
    expect(page.locator(".djs-shape[data-element-id=Task_2]")).to_be_visible()
    expect(state(page)).to_have_text("Belum disimpan")
    save(page)
    lost = content(xml) - content(stored(office, bare))
    assert [entry for entry in lost if "/BPMN/20100524/MODEL}" in entry[1] or "camunda" in entry[1]] == []


KINDS = [
    "Pool_1", "Lane_TU", "Start_1", "Task_10", "Gw_fork", "Gw_4", "Sub_1", "Sub_task", "Dok_1", "Arsip_1", "End_1", "End_2", "Catch_1",
    "Throw_1", "Batas_1", "F_ya", "F_tidak", "Pesan_1", "Catatan_1",
]  # fmt: skip
REFUSED = re.compile(r"sinyal|bersyarat|skrip|layanan|kompleks|transaksi|ad-hoc|aturan|tautan|kompensasi|tugas biasa")


def test_no_english_word_is_left_and_nothing_refused_is_offered(
    uploaded: Callable[[bytes], int], open_modeler: Callable[..., Page]
) -> None:
    page = open_modeler(uploaded(VARIETY.read_bytes()))
    page.locator("[data-findings] summary").click()
    page.locator(".djs-minimap .toggle").click()
    page.get_by_role("button", name="Cari").click()
    expect(page.locator(".djs-search-container.open input")).to_be_visible()  # the button opens it after its click
    page.locator(".djs-search-container.open input").press_sequentially("surat")
    expect(page.locator(".djs-search-result").first).to_be_visible()
    words = set(page.evaluate(SEEN))
    page.keyboard.press("Escape")
    page.locator(".djs-minimap .toggle").click()
    offered = palette(page)
    for kind in KINDS:
        find(page, kind)
        open_all_groups(page)
        words |= set(page.evaluate(SEEN))
        change = page.locator(".djs-context-pad .entry[data-action=replace]")
        if change.count():
            change.click()
            words |= set(page.evaluate(SEEN))
            offered += page.locator(".djs-popup .entry").evaluate_all("all => all.map(one => one.title || one.textContent.trim())")
            page.keyboard.press("Escape")
    find(page, "Start_1")
    page.locator(".djs-element[data-element-id=Gw_fork] .djs-hit").first.click(modifiers=["Shift"])
    page.locator(".djs-context-pad .entry[data-action=align-elements]").click()
    words |= set(page.evaluate(SEEN))
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Papan ketik").click()
    words |= set(page.evaluate(SEEN))
    assert page.locator("#modeler").get_attribute("data-untranslated") is None
    assert [word for word in words if ENGLISH.search(word)] == []
    assert len(words) > 150  # it did look
    assert {one for one in offered if REFUSED.search(one.lower())} == set()
    assert {"Buat tugas pengguna", "Gerbang paralel", "Kejadian selesai: akhir paksa", "Setiap OPD, serentak"} <= set(offered)
    more = {"Tugas manual", "Tugas kirim", "Panggilan proses", "Gerbang inklusif", "Kejadian tepi: galat", "Berulang, berurutan"}
    assert more <= set(offered)


def palette(page: Page) -> list[str]:
    found: list[str] = page.locator(".djs-palette .entry").evaluate_all("all => all.map(one => one.getAttribute('aria-label'))")
    return found


def open_all_groups(page: Page) -> None:
    closed = page.locator(".bio-properties-panel-group-header:not(.open) .bio-properties-panel-arrow")
    while closed.count():
        closed.first.click()


def test_gateways_offer_the_ready_conditions_of_the_form_before_them(office: Office, draft: int, open_modeler: Callable[..., Page]) -> None:
    page = open_modeler(draft, "Gw_4")
    field(page, "Jalur bawaan").select_option("Flow_Gw_4_ya")
    find(page, "Flow_Gw_4_ya")
    expect(field(page, "Syarat")).to_have_value("")
    find(page, "Flow_Gw_4_tidak")
    page.get_by_role("button", name="Pakai “tidak” dari keputusan_kabag").click()
    expect(field(page, "Syarat")).to_have_value("${keputusan_kabag == 'tidak'}")
    save(page)
    drawing = stored(office, draft)
    assert "${keputusan_kabag == 'tidak'}" in drawing and "${keputusan_kabag == 'ya'}" not in drawing
    assert 'default="Flow_Gw_4_ya"' in drawing


def test_groups_are_picked_by_name_and_rows_of_other_tools_stay(
    office: Office, uploaded: Callable[[bytes], int], open_modeler: Callable[..., Page]
) -> None:
    xml = (ROOT / "bpmn" / f"{SOP}.bpmn").read_bytes()
    row = b'<camunda:property name="grup" value="tu_bagian" />'
    page = open_modeler(uploaded(xml.replace(row, row + b'<camunda:property name="alat_lain" value="7" />', 1)), "Lane_tu_bagian")
    draft_id = int(page.url.split("/")[-2])
    field(page, "Kelompok pelaksana").select_option(label="Tim Penyusun")
    page.get_by_role("button", name="Hapus Tata Usaha Bagian Organisasi dari Kelompok pelaksana").click()
    outside = field(page, "Eksternal: tidak ada yang masuk aplikasi")
    outside.click()
    expect(outside).to_be_checked()
    outside.click()  # not uncheck(), which wants the new state at once; the panel draws itself a moment later
    expect(outside).not_to_be_checked()
    open_group(page, "Properti dari alat lain")
    expect(page.locator("[data-panel]")).to_contain_text("alat_lain: tetap disimpan.")
    save(page)
    drawing = stored(office, draft_id)
    assert re.search(r'name="grup" value="tim_penyusun" />\s*<camunda:property name="alat_lain" value="7"', drawing)
    assert drawing.count('name="eksternal"') == xml.decode().count('name="eksternal"')


def test_the_editor_is_accessible_and_fits_the_window(draft: int, open_modeler: Callable[..., Page]) -> None:
    page = open_modeler(draft, "Task_7b")
    open_all_groups(page)
    looked_at(page, "tugas-1440")
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    mark_is_in_view(page)


def test_on_a_phone_one_reads_and_mends_a_little(office: Office, draft: int, open_modeler: Callable[..., Page]) -> None:
    page = open_modeler(draft, "Task_2", **PHONE)
    looked_at(page, "tugas-390")
    assert fits(page)
    mark_is_in_view(page)
    canvas, panel = (page.locator(f"[data-{name}]").bounding_box() for name in ("canvas", "panel"))
    assert canvas and panel and panel["y"] >= canvas["y"] + canvas["height"]
    field(page, "Nama").fill("Mengagendakan surat")
    page.get_by_role("button", name="Simpan", exact=True).click()
    expect(state(page)).to_contain_text("Tersimpan pukul")
    assert "Mengagendakan surat" in stored(office, draft)


def mark_is_in_view(page: Page) -> None:
    """The licence of the library asks for it."""
    assert page.locator(".bjs-powered-by").evaluate(
        """mark => { mark.scrollIntoView({ block: 'nearest' }); const box = mark.getBoundingClientRect();
        return [[2, 2], [box.width - 2, box.height - 2], [box.width / 2, box.height / 2]]
            .every(([x, y]) => mark.contains(document.elementFromPoint(box.left + x, box.top + y))); }"""
    )


def looked_at(page: Page, name: str) -> None:
    screenshot(page, f"modeler-{name}")
    axe(page)
