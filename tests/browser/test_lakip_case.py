"""One whole LAKIP case as the people themselves: in a real browser, 36 of 39 OPD over plain HTTP, one of them sent back."""

from __future__ import annotations

import json
import re
from collections import Counter

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from app import audit, clock
from app.db import Database
from app.models import Event, Instance, Task
from tests.support.browser import ContextFor, axe, screenshot
from tests.support.office import ANSWERS, PASSWORD, PDF
from tests.support.site import HttpPerson, Site, serving_app

IN_BROWSER = ("dinas_kesehatan", "kec_tambelan", "setda")
SENT_BACK = "dinas_kesehatan"
SENT_BACK_AT_ONCE = "setda"
BY_MESSAGE = "kec_mantang"


class Person:
    """Somebody at a screen of their own."""

    def __init__(self, site: Site, context: BrowserContext, username: str, shots: str) -> None:
        self.site, self.page, self.username, self.shots = site, context.new_page(), username, shots
        self.page.goto("/masuk")
        self.page.get_by_label("Nama pengguna").fill(username)
        self.page.get_by_label("Kata sandi").fill(PASSWORD)
        self.page.get_by_role("button", name="Masuk").click()
        expect(self.page.locator("#form-keluar")).to_be_visible()

    def open_task(self, name: str) -> Page:
        """From the inbox, by the name of the step."""
        for box in ("saya", "kelompok"):
            self.page.goto(f"/tugas?kotak={box}")
            link = self.page.get_by_role("link", name=re.compile(re.escape(name)))
            if link.count():
                link.first.click()
                expect(self.page.locator("h1")).to_have_text(name)
                return self.page
        raise AssertionError(f"{self.username} has no task {name}")

    def attach(self, key: str, name: str = "dokumen.pdf") -> None:
        self.page.locator(f"#f-{key}").set_input_files({"name": name, "mimeType": "application/pdf", "buffer": PDF})

    def fill(self, **values: str) -> None:
        for key, value in values.items():
            self.page.locator(f"#f-{key}").fill(value)

    def fill_table(self) -> None:
        """What an OPD answers: its name is filled in, one row of its achievements is typed."""
        for name, text in ANSWERS["Task_7b"].items():
            place = self.page.locator(f'[name="{name}"]')
            if name.endswith("polaritas"):
                place.select_option(str(text))
            else:
                place.fill(str(text))

    def send(self, button: str | re.Pattern[str] = re.compile("^(Kirim|Simpan dan|Mulai)")) -> None:
        self.page.get_by_role("button", name=button).click()
        expect(self.page.locator("h1")).to_have_text(re.compile("selesai|dimulai|terkirim", re.IGNORECASE))

    def shoot(self, name: str, check: bool = False) -> None:
        """check: for axe too; the kinds of pages that other tests do not show it."""
        if self.site.database.engine.dialect.name != "sqlite":  # the pages are the same on the other one
            return
        screenshot(self.page, f"{self.shots}-{name}")
        if check:
            axe(self.page)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.long)])
def site(request: pytest.FixtureRequest) -> object:
    database: Database = request.getfixturevalue(request.param)
    with serving_app(database) as found:
        yield found


def test_a_whole_case(site: Site, context_for: ContextFor) -> None:
    kind = site.database.engine.dialect.name
    people: dict[str, Person] = {}

    def as_(username: str, **screen: object) -> Person:
        if username not in people:
            people[username] = Person(site, context_for(site.url, **screen), username, f"lakip-{kind}")
        return people[username]

    # Row 1 and 2: TU opens and registers.
    tu = as_("tu")
    tu.shoot("01-tu-kotak-kosong")
    tu.page.get_by_role("link", name="Mulai Pelaksanaan SOP").first.click()
    tu.shoot("02-daftar-mulai")
    tu.page.get_by_role("link", name=re.compile("LAKIP")).first.click()
    expect(tu.page.locator("body")).to_contain_text("11 hari kerja dan 365 menit kerja")
    tu.shoot("03-mulai")
    tu.page.get_by_role("button", name="Mulai pelaksanaan").click()
    expect(tu.page.locator("#ringkasan-kesalahan")).to_be_visible()
    tu.shoot("04-mulai-salah", check=True)
    tu.fill(nomor_surat="B/12/M.AA.05/2026", tanggal_surat="2026-01-05", tahun="2025")
    tu.page.locator("#f-hal").fill("Penyampaian Laporan Kinerja Tahun 2025")
    tu.attach("berkas_surat", "Surat Edaran MENPAN-RB.pdf")
    tu.page.get_by_role("button", name="Mulai pelaksanaan").click()
    expect(tu.page.locator("h1")).to_have_text(re.compile("selesai|dimulai|terkirim", re.IGNORECASE))
    tu.shoot("05-setelah-mulai", check=True)
    tu.open_task("Mengagendakan dan memilah surat masuk")
    tu.shoot("06-agenda")
    tu.fill(nomor_agenda="045/2026")
    tu.send()
    tu.shoot("07-setelah-agenda")

    # Row 3: disposition, without a mandatory answer.
    kabag = as_("kabag")
    kabag.open_task("Mendisposisi surat kepada Kasubbag")
    kabag.send()
    kasubbag = as_("kasubbag")
    kasubbag.open_task("Menerima disposisi")
    kasubbag.send()

    # Row 4: the first draft comes back with a note, the second passes.
    draft(kasubbag)
    kabag.open_task("Memeriksa dan memaraf konsep surat")
    kabag.page.get_by_role("button", name=re.compile("^Kembalikan")).click()
    expect(kabag.page.locator("#ringkasan-kesalahan")).to_contain_text("Catatan perbaikan")
    kabag.shoot("08-kabag-tanpa-catatan", check=True)
    kabag.fill(catatan_kabag="Sebutkan batas waktu pada paragraf kedua.")
    kabag.send(re.compile("^Kembalikan"))
    kasubbag.page.goto("/tugas?kotak=dikembalikan")
    kasubbag.shoot("09-dikembalikan")
    kasubbag.open_task("Membuat konsep surat permintaan LAKIP OPD")
    expect(kasubbag.page.locator("body")).to_contain_text("Sebutkan batas waktu pada paragraf kedua.")
    kasubbag.shoot("10-perbaikan", check=True)
    draft(kasubbag)
    kabag.open_task("Memeriksa dan memaraf konsep surat")
    kabag.shoot("11-kabag")
    kabag.send(re.compile("^Setuju"))

    # Row 5: Asisten and Sekda, Sekda on a phone.
    asisten = as_("asisten")
    asisten.open_task("Memeriksa dan memaraf konsep surat")
    asisten.send(re.compile("^Setuju"))
    sekda = as_("sekda", width=390, height=844)
    sekda.shoot("12-sekda-kotak-390")
    sekda.open_task("Menandatangani surat a.n. Bupati")
    sekda.shoot("13-sekda-tugas-390", check=True)
    sekda.send(re.compile("^Setuju"))

    # Row 6: numbering.
    tu.open_task("Memberi nomor dan meregistrasi surat")
    tu.fill(nomor_surat_keluar="061/ORG/57", tanggal_surat_keluar="2026-01-12")
    tu.attach("berkas_final", "Surat permintaan LAKIP.pdf")
    tu.send()

    # Row 7: every OPD; three in the browser (one with scripts off, one on a phone), the others over HTTP.
    case = the_case(site)
    waiting = open_items(site, case)
    assert len(waiting) == 39
    screens = {"kec_tambelan": {"width": 390, "height": 844}, "setda": {"javascript": False}}
    for opd in IN_BROWSER:
        clerk = as_(f"opd.{opd}", **screens.get(opd, {}))
        clerk.open_task("Menyusun dan mengirim LAKIP OPD")
        clerk.shoot(f"14-{opd}")
        clerk.fill_table()
        clerk.attach("berkas_dokumen", "LKjIP 2025.pdf")
        clerk.send()
        clerk.shoot(f"15-{opd}-selesai")
    tu.page.goto(f"/pelaksanaan/{case}")
    tu.shoot("16-menunggu-opd", check=True)
    for opd in sorted(waiting.keys() - {*IN_BROWSER, BY_MESSAGE}):
        clerk_http = HttpPerson(context_for(site.url))
        clerk_http.sign_in(f"opd.{opd}")
        answer = clerk_http.submit(
            f"/tugas/{waiting[opd]}", {key: str(value) for key, value in ANSWERS["Task_7b"].items()}, {"berkas_dokumen": PDF}
        )
        assert answer.status == 303, answer.text()

    collect(tu, as_(f"opd.{SENT_BACK_AT_ONCE}"))
    collect_on_a_phone(as_("tu2", width=390, height=844))

    # Row 8: one OPD sent back, and again.
    tu.open_task("Menerima dan meneliti kelengkapan LAKIP OPD")
    tu.page.locator(f'input[name="daftar_opd"][value="{SENT_BACK}"]').check()
    tu.fill(catatan_penerimaan="Lampiran tabel capaian belum ada.")
    tu.shoot("17-meneliti")
    tu.send(re.compile("^Kembalikan"))
    assert set(open_items(site, case)) == {SENT_BACK}
    clerk = as_(f"opd.{SENT_BACK}")
    clerk.open_task("Menyusun dan mengirim LAKIP OPD")
    expect(clerk.page.locator("body")).to_contain_text("Lampiran tabel capaian belum ada.")
    clerk.shoot("18-opd-dikembalikan")
    clerk.fill_table()
    clerk.attach("berkas_dokumen", "LKjIP 2025 perbaikan.pdf")
    clerk.send()
    tu.page.goto("/pantauan")
    tu.page.get_by_role("link", name="Periksa 1 kiriman yang menunggu").click()
    tu.page.get_by_role("button", name="Terima Dinas Kesehatan").click()
    expect(tu.page.locator("main")).to_contain_text("Sudah diterima 39 dari 39 OPD")
    tu.open_task("Menerima dan meneliti kelengkapan LAKIP OPD")
    tu.send(re.compile("^Lengkap"))

    # Rows 9 and 10: Sekda returns the draft once.
    tim = as_("tim")
    for sekda_says in ("^Kembalikan", "^Setuju"):
        tim.open_task("Menyusun draf LAKIP Kabupaten Bintan")
        tim.attach("berkas_draf", "Draf LAKIP.pdf")
        tim.send()
        asisten.open_task("Memeriksa dan memaraf dokumen")
        asisten.send(re.compile("^Setuju"))
        sekda.open_task("Menyetujui dan memaraf dokumen")
        if "Kembalikan" in sekda_says:
            sekda.fill(catatan_sekda_dok="Perjelas bab realisasi anggaran.")
        sekda.send(re.compile(sekda_says))
    bupati = as_("bupati", width=390, height=844)
    bupati.open_task("Menandatangani LAKIP Kabupaten")
    bupati.shoot("19-bupati-390")
    bupati.send(re.compile("^Setuju"))

    # Rows 11 and 12.
    tu.open_task("Mengirim LAKIP Kabupaten Bintan")
    tu.fill(tanggal_kirim_dok="2026-03-30")
    tu.send()
    tu.open_task("Mendokumentasikan dan mengarsipkan LAKIP")
    tu.fill(lokasi_fisik="Lemari 3, map LAKIP 2025")
    tu.send()
    tu.shoot("20-selesai", check=True)

    the_path_is_what_was_recorded(site, case, as_("auditor"))


def draft(kasubbag: Person) -> None:
    kasubbag.open_task("Membuat konsep surat permintaan LAKIP OPD")
    kasubbag.fill(hal_surat="Permintaan LAKIP OPD Tahun 2025", batas_waktu_opd="2031-03-12")
    kasubbag.attach("konsep_surat", "Konsep surat.pdf")
    kasubbag.send()


def the_path_is_what_was_recorded(site: Site, case: int, auditor: Person) -> None:
    """The page's marks, its table, and the chain of events tell one and the same story."""
    with site.database.reading() as session:
        instance = session.get_one(Instance, case)
        told = [json.loads(event.data) for event in session.scalars(select(Event).where(Event.instance_id == case, Event.kind == "step"))]
        assert audit.verify_instance(session, instance).problems == ()
    assert instance.state == "finished" and instance.finished_at is not None and instance.finished_at <= clock.now()
    flows = Counter(flow for step in told for flow in step["flows"])
    assert {flow: count for flow, count in flows.items() if flow.endswith("_tidak")} == {
        "Flow_Gw_4_tidak": 1, "Flow_Gw_8_tidak": 1, "Flow_Gw_10b_tidak": 1,
    }  # fmt: skip
    marks = auditor.page.request.get(f"{site.url}/pelaksanaan/{case}/jalur.json").json()
    assert {id for id in marks["done"] if id.startswith("Flow_")} == set(flows)
    assert {id: count for id, count in marks["counts"].items() if id.startswith("Flow_") and count > 1} == {
        flow: count for flow, count in flows.items() if count > 1
    }
    assert set(marks["returned"]) == {"Flow_Gw_4_tidak", "Flow_Gw_8_tidak", "Flow_Gw_10b_tidak"}
    assert marks["current"] == []

    page = auditor.page
    page.goto(f"/pelaksanaan/{case}")
    drawn = set(page.locator("svg [data-element].is-done").evaluate_all("found => found.map(one => one.dataset.element)"))
    returned = set(page.locator("svg [data-element].is-returned").evaluate_all("found => found.map(one => one.dataset.element)"))
    assert {id for id in drawn | returned if id.startswith("Flow_")} == set(flows)
    auditor.shoot("21-jalur", check=True)
    page.get_by_role("button", name="Buka diagram interaktif").click()
    expect(page.locator(".djs-container")).to_be_visible()
    auditor.shoot("22-jalur-interaktif")
    page.goto(f"/pelaksanaan/{case}?perbaikan=1")
    second = set(page.locator("svg [data-element].is-done").evaluate_all("found => found.map(one => one.dataset.element)"))
    assert "Task_4a" in second and "Task_2" not in second
    auditor.shoot("23-jalur-perbaikan-1")
    page.goto("/pelaksanaan")
    auditor.shoot("24-daftar-pelaksanaan")


def collect(tu: Person, opd: Person) -> None:
    """TU on Pantauan: one accepted, one sent back and sent again, one recorded that came by message; the rest is left."""
    page = tu.page
    page.goto("/tugas")
    page.get_by_role("link", name="Pantauan Pengumpulan").click()
    tu.shoot("16a-pantauan")
    page.get_by_role("link", name="LAKIP 2025").click()
    expect(page.locator("main")).to_contain_text("Sudah diterima 0 dari 39 OPD; 38 menunggu diterima; 1 belum menyampaikan")
    expect(page.locator("tr[id^='opd-']")).to_have_count(39)
    page.get_by_role("button", name="Terima Dinas Kesehatan").click()
    expect(page.locator("main")).to_contain_text("Sudah diterima 1 dari 39 OPD; 37 menunggu diterima; 1 belum menyampaikan")

    line = page.locator(f"#opd-{SENT_BACK_AT_ONCE}")
    line.locator("summary").click()
    line.get_by_label("Catatan perbaikan").fill("Halaman pengesahan belum ditandatangani.")
    tu.shoot("16b-mengembalikan", check=True)
    line.get_by_role("button", name="Kembalikan kepada OPD").click()
    expect(line).to_contain_text("Perbaikan ke-1")
    expect(line).to_contain_text("Halaman pengesahan belum ditandatangani.")
    page.locator("#alat-pesan > summary").click()
    expect(page.get_by_label("Dikembalikan: Sekretariat Daerah")).to_have_value(re.compile("Halaman pengesahan belum ditandatangani."))
    tu.shoot("16c-pesan")
    opd.open_task("Menyusun dan mengirim LAKIP OPD")
    opd.fill_table()
    opd.attach("berkas_dokumen", "LKjIP 2025 perbaikan.pdf")
    opd.send()

    page.locator(f"#opd-{BY_MESSAGE}").get_by_role("link", name=re.compile("Catat penerimaan")).click()
    tu.shoot("16d-catat")
    page.get_by_role("button", name="Catat sebagai diterima").click()
    expect(page.locator("#ringkasan-kesalahan")).to_contain_text("Saluran penerimaan belum dipilih.")
    tu.shoot("16e-catat-salah", check=True)
    page.get_by_label("Saluran penerimaan").select_option("WhatsApp")
    page.get_by_label("Diterima dari").fill("Sekretaris Camat")
    tu.fill_table()
    tu.attach("berkas_dokumen", "LKjIP dari WhatsApp.pdf")
    page.get_by_role("button", name="Catat sebagai diterima").click()
    expect(page.locator(f"#opd-{BY_MESSAGE}")).to_contain_text("lewat WhatsApp, dicatat Siti Aminah")
    expect(page.locator("main")).to_contain_text("Sudah diterima 2 dari 39 OPD; 37 menunggu diterima")
    tu.shoot("16f-pantauan-campuran")


def collect_on_a_phone(tu: Person) -> None:
    """A colleague accepts all the others at once; then the register has them."""
    page = tu.page
    page.goto("/pantauan")
    tu.shoot("16g-pantauan-390")
    page.get_by_role("link", name="Periksa 37 kiriman yang menunggu").click()
    page.get_by_label("Pilih semua yang tampak").check()
    expect(page.locator("main")).to_contain_text("37 dari 37 dipilih")
    tu.shoot("16h-pantauan-dipilih-390", check=True)
    page.get_by_role("button", name="Terima yang dipilih").click()
    expect(page.locator("main")).to_contain_text("37 kiriman OPD diterima.")
    expect(page.locator("main")).to_contain_text("Sudah diterima 39 dari 39 OPD")
    page.goto("/register")
    expect(page.locator("tfoot")).to_contain_text("39 dari 39")
    tu.shoot("16i-register-390")


def the_case(site: Site) -> int:
    with site.database.reading() as session:
        return session.scalars(select(Instance.id)).one()


def open_items(site: Site, case: int) -> dict[str, str]:
    """{OPD: task id} of the open row 7."""
    with site.database.reading() as session:
        found = session.scalars(select(Task).where(Task.instance_id == case, Task.state == "open", Task.item.is_not(None)))
        return {str(task.item): str(task.id) for task in found}
