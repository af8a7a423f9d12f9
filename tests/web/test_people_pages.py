"""Pengguna, one-time codes, the change of password and Akun saya, as their people see them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from lxml import html
from sqlalchemy import select

from app import create_app
from app.db import Database
from app.models import User
from tests.support.office import PASSWORD, Office
from tests.web.conftest import Person, words

People = Callable[[str], Person]
NEW = "perahu-hijau-tujuh-belas"
OPD = "opd.dinas_kesehatan"
CODE = re.compile(r"[2-9A-Z]{4}-[2-9A-Z]{4}")
HOSTILE = '"><script>alert(1)</script>'
DIRTY = "A\x00b\x1bc\u202ed"


@pytest.fixture
def path(small_office: Office) -> Callable[..., str]:
    """path("tu"): the page of a person."""
    return lambda username, more="": f"/pengguna/{small_office.actor(username).id}{more}"


def fields_of(page: str) -> dict[str, object]:
    """What a browser would post from the person's form, unchanged."""
    (form,) = html.fromstring(page).xpath("//main//form[@method='post']")
    found: dict[str, object] = {}
    for key, value in form.form_values():
        found[key] = [*found[key], value] if key in found else [value]  # type: ignore[misc]
    return found


def code_from(person: Person, path: str) -> str:
    person.get(path)
    page = words(person.post(f"{path}/kode"))
    assert "Kode ini hanya tampil sekarang" in page
    return CODE.findall(page)[0]


def enter(stranger: Person, username: str, code: str) -> int:
    stranger.get("/masuk/kode")
    return stranger.post("/masuk/kode", {"nama_pengguna": username, "kode": code}).status_code


# -- one-time codes --


def test_forgotten_password_from_the_call_to_the_first_task(people: People, stranger: Person, path: Callable[..., str]) -> None:
    code = code_from(people("tu"), path(OPD))
    assert "Masuk dengan kode" in words(stranger.get("/masuk"))
    assert enter(stranger, OPD, code.lower()) == 303
    page = words(stranger.get("/kata-sandi"))
    assert "Buat kata sandi baru untuk melanjutkan" in page and "Kata sandi lama" not in page
    answer = stranger.post("/kata-sandi", {"kata_sandi_baru": NEW, "kata_sandi_ulang": NEW})
    assert (answer.status_code, answer.location) == (303, "/")
    assert "Kata sandi baru berlaku." in words(stranger.get("/tugas"))
    assert enter(Person(stranger.client.application.test_client()), OPD, code) == 401


@pytest.mark.parametrize("url", ["/", "/tugas", "/mulai", "/pelaksanaan", "/pelaksanaan/1", "/akun", "/pengguna", "/pengguna/1"])
def test_a_code_opens_nothing_but_the_choice_of_a_password(people: People, stranger: Person, path: Callable[..., str], url: str) -> None:
    enter(stranger, "admin", code_from(people("admin"), path("admin")))
    answer = stranger.get(url)
    assert (answer.status_code, answer.location) == (303, "/kata-sandi")


def test_posts_are_closed_too_after_a_code(people: People, stranger: Person, path: Callable[..., str]) -> None:
    enter(stranger, "admin", code_from(people("admin"), path("admin")))
    stranger.get("/kata-sandi")
    for url in (path(OPD, "/kode"), path(OPD, "/ubah"), "/pengguna/baru", "/akun/akhiri-sesi-lain"):
        answer = stranger.post(url)
        assert (answer.status_code, answer.location) == (303, "/kata-sandi"), url
    missing = stranger.get("/tidak-ada")
    assert missing.status_code == 404 and "Menu utama" in missing.text and "/pengguna" not in missing.text
    assert stranger.post("/keluar").location == "/masuk"


def test_the_code_is_in_the_message_and_nowhere_else(people: People, path: Callable[..., str]) -> None:
    tu = people("tu")
    tu.get(path(OPD))
    answer = tu.post(path(OPD, "/kode"))
    (code,) = set(CODE.findall(words(answer)))
    message = html.fromstring(answer.text).get_element_by_id("pesan-kode").text or ""
    assert code in message and OPD in message and "/masuk/kode" in message and answer.headers["Cache-Control"] == "no-store"
    cookie = tu.client.get_cookie("alur")
    assert cookie is not None and code not in cookie.value and code not in tu.get(path(OPD)).text


def test_ten_wrong_codes_close_the_account_for_passwords_too(people: People, stranger: Person, path: Callable[..., str]) -> None:
    code = code_from(people("tu"), path(OPD))
    for _ in range(10):
        assert enter(stranger, OPD, "2222-2222") == 401
    assert enter(stranger, OPD, code) == 401
    stranger.get("/masuk")
    answer = stranger.post("/masuk", {"nama_pengguna": OPD, "kata_sandi": PASSWORD})
    assert answer.status_code == 401 and "Terlalu banyak percobaan" in words(answer)


# -- one's own account --


def test_a_changed_password_ends_the_other_sessions(app: Flask, people: People) -> None:
    kabag, elsewhere = people("kabag"), Person(app.test_client())
    elsewhere.get("/masuk")
    elsewhere.post("/masuk", {"nama_pengguna": "kabag", "kata_sandi": PASSWORD})
    kabag.get("/kata-sandi")
    wrong = kabag.post("/kata-sandi", {"kata_sandi_lama": "salah", "kata_sandi_baru": NEW, "kata_sandi_ulang": "lain"})
    assert wrong.status_code == 422 and NEW not in wrong.text
    assert "Kata sandi lama tidak sesuai." in words(wrong) and "tidak sama" in words(wrong)
    assert kabag.post("/kata-sandi", {"kata_sandi_lama": PASSWORD, "kata_sandi_baru": NEW, "kata_sandi_ulang": NEW}).status_code == 303
    assert kabag.get("/akun").status_code == 200 and elsewhere.get("/akun").status_code == 303


def test_wrong_old_passwords_are_counted(people: People) -> None:
    kabag = people("kabag")
    kabag.get("/kata-sandi")
    for _ in range(10):
        kabag.post("/kata-sandi", {"kata_sandi_lama": "salah", "kata_sandi_baru": NEW, "kata_sandi_ulang": NEW})
    answer = kabag.post("/kata-sandi", {"kata_sandi_lama": PASSWORD, "kata_sandi_baru": NEW, "kata_sandi_ulang": NEW})
    assert answer.status_code == 401 and "Terlalu banyak percobaan" in words(answer)


def test_other_sessions_are_listed_and_ended(app: Flask, people: People) -> None:
    kabag, elsewhere = people("kabag"), Person(app.test_client())
    assert "Akhiri sesi lain" not in words(kabag.get("/akun"))
    elsewhere.get("/masuk")
    elsewhere.post("/masuk", {"nama_pengguna": "kabag", "kata_sandi": PASSWORD})
    page = kabag.get("/akun")
    assert page.text.count("Sesi ini") == 1 and "Akhiri sesi lain" in words(page)
    kabag.post("/akun/akhiri-sesi-lain")
    assert "1 sesi lain diakhiri." in words(kabag.get("/akun"))
    assert elsewhere.get("/akun").status_code == 303


def test_the_name_in_the_header_leads_to_one_s_account(people: People) -> None:
    for username, helps in (("tu", True), ("kabag", False), (OPD, False)):
        page = people(username).get("/tugas")
        assert html.fromstring(page.text).xpath("//header//a[@href='/akun']")
        assert ("Bantu akun OPD" in words(people(username).get("/akun"))) is helps


# -- Pengguna --


def names_in(page: str) -> list[str]:
    return [link.text for link in html.fromstring(page).xpath("//table//a")]


def test_an_admin_finds_everybody_and_a_helper_the_opd(people: People) -> None:
    admin, tu = people("admin"), people("tu")
    assert "Pengguna 1–50 dari 53" in words(admin.get("/pengguna"))
    assert names_in(admin.get("/pengguna?cari=NURHAYATI").text) == ["Dra. Nurhayati, M.Si."]
    assert names_in(admin.get("/pengguna?kelompok=tu_bagian").text) == ["Rina Marlina", "Siti Aminah"]
    assert names_in(admin.get("/pengguna?opd=setda").text) == ["Petugas Sekretariat Daerah"]
    assert "Tidak ada pengguna yang cocok." in words(admin.get("/pengguna?keadaan=nonaktif"))
    found = words(tu.get("/pengguna"))
    assert "Akun OPD" in found and "dari 39" in found and "Nurhayati" not in found


@pytest.mark.parametrize(
    "query", ["cari=%00%25_", "kelompok=x%00", "opd=%F0%9F%98%80", "keadaan=x", "hal=0", "hal=99", "cari=" + "x" * 3000]
)
def test_odd_parameters_are_clean_defaults(people: People, query: str) -> None:
    assert people("admin").get(f"/pengguna?{query}").status_code == 200


def test_a_helper_does_not_learn_who_else_there_is(people: People, path: Callable[..., str]) -> None:
    tu = people("tu")
    hidden, absent = tu.get(path("kabag")), tu.get("/pengguna/99999")
    assert (hidden.status_code, absent.status_code) == (404, 404)


def test_somebody_new_from_the_form_to_the_first_sign_in(people: People, stranger: Person) -> None:
    admin = people("admin")
    form = fields_of(admin.get("/pengguna/baru").text)
    answer = admin.post(
        "/pengguna/baru",
        {**form, "nama_pengguna": "budi", "nama": "Budi  Santoso, S.T.", "jabatan": "Staf", "kelompok_baru": "kasubbag_tatalaksana",
         "sebagai_baru": "Plh.", "mulai_baru": "2020-03-01", "sampai_baru": "2090-03-07", "hak": ["analyst"]},
    )  # fmt: skip
    page = words(admin.get(answer.location))
    assert "Budi Santoso, S.T. ditambahkan." in page and "Plh. Kasubbag Tatalaksana sejak 1 Maret 2020 sampai 7 Maret 2090" in page
    assert "Akun ditambahkan oleh Yusuf Ramadhan" in page and "Analis" in page
    assert enter(stranger, "budi", code_from(admin, answer.location)) == 303


def test_saving_a_form_unchanged_changes_nothing(people: People, path: Callable[..., str]) -> None:
    admin = people("admin")
    for username in ("kabag", OPD, "admin"):
        answer = admin.post(path(username, "/ubah"), fields_of(admin.get(path(username, "/ubah")).text))
        assert answer.status_code == 303
        assert "Data diubah" not in words(admin.get(path(username)))


def test_leaving_one_office_for_another(people: People, small_office: Office, path: Callable[..., str]) -> None:
    admin = people("admin")
    form = fields_of(admin.get(path("tim", "/ubah")).text)
    assert form["anggota"] == ["tim_penyusun"]
    admin.post(path("tim", "/ubah"), {**form, "keluar_tim_penyusun": "1", "kelompok_baru": "tim_monitoring"})
    assert small_office.actor("tim").groups == {"tim_monitoring": ""}


def test_a_refused_form_keeps_what_was_typed(people: People, path: Callable[..., str]) -> None:
    admin = people("admin")
    form = fields_of(admin.get(path("tim", "/ubah")).text)
    typed = {
        **form,
        "nama": "",
        "jabatan": "Ketua",
        "sampai_tim_penyusun": "kemarin",
        "kelompok_baru": "opd",
        "opd": "",
        "sebagai_baru": "Plt.",
    }
    answer = admin.post(path("tim", "/ubah"), typed)
    page = words(answer)
    assert answer.status_code == 422 and "Nama belum diisi." in page and "“kemarin” bukan tanggal." in page
    assert "Plh. dan Plt. tidak dipakai untuk kelompok OPD." in page and 'value="Ketua"' in answer.text and 'value="kemarin"' in answer.text
    tree = html.fromstring(answer.text)
    assert tree.xpath("//select[@name='kelompok_baru']/option[@selected]/@value") == ["opd"]
    assert all(tree.get_element_by_id(link.get("href")[1:]) is not None for link in tree.xpath("//*[@id='ringkasan-kesalahan']//a"))


def test_two_admins_with_one_form(people: People, path: Callable[..., str]) -> None:
    admin = people("admin")
    form = fields_of(admin.get(path("tim", "/ubah")).text)
    admin.post(path("tim", "/ubah"), {**form, "jabatan": "Ketua"})
    answer = admin.post(path("tim", "/ubah"), {**form, "nama": "Dewi L."})
    assert answer.status_code == 409 and "diubah orang lain" in words(answer) and "Dewi L." in words(answer)


def test_disabling_ends_the_sessions_and_says_so(people: People, path: Callable[..., str]) -> None:
    tu, opd, page_of_opd = people("tu"), people(OPD), path(OPD)
    form = fields_of(tu.get(f"{page_of_opd}/ubah").text)
    assert "hak" not in form and "kelompok_baru" not in form
    del form["aktif"]
    tu.post(f"{page_of_opd}/ubah", form)
    page = words(tu.get(page_of_opd))
    assert "Nonaktif" in page and "Akun dinonaktifkan oleh Siti Aminah" in page and "Buat kode masuk" not in page
    assert opd.get("/tugas").status_code == 303
    assert tu.post(f"{page_of_opd}/kode").status_code == 409


def test_a_helper_ends_the_sessions_of_an_opd(people: People, path: Callable[..., str]) -> None:
    tu, opd = people("tu"), people(OPD)
    assert "Akhiri semua sesi" in words(tu.get(path(OPD)))
    tu.post(path(OPD, "/akhiri-sesi"))
    assert "1 sesi diakhiri." in words(tu.get(path(OPD))) and opd.get("/tugas").status_code == 303


def test_hostile_names_are_shown_as_text(people: People, small_office: Office, path: Callable[..., str]) -> None:
    with small_office.database.transaction() as session:
        user = session.scalars(select(User).where(User.username == OPD)).one()
        user.name = user.position = HOSTILE
    admin = people("admin")
    admin.get(path(OPD, "/ubah"))
    form = fields_of(admin.get(path(OPD, "/ubah")).text)
    admin.post(path(OPD, "/ubah"), {**form, "jabatan": HOSTILE + "2"})
    for url in ("/pengguna?cari=script", path(OPD), path(OPD, "/ubah")):
        page = admin.get(url)
        assert page.status_code == 200 and "<script>alert" not in page.text and "&lt;script&gt;alert" in page.text
    assert "<script>alert" not in admin.post(path(OPD, "/kode")).text
    assert "<script>alert" not in people(OPD).get("/akun").text


# -- posted rubbish, where a database minds it most --


@pytest.fixture
def strict_app(postgres: Database) -> Iterator[Flask]:
    app = create_app(postgres.settings)
    yield app
    app.extensions["alur"].database.dispose()


def test_control_characters_are_never_a_fault(strict_app: Flask, postgres: Database) -> None:
    office, stranger, admin = Office(postgres), Person(strict_app.test_client()), Person(strict_app.test_client())
    for url in ("/masuk", "/masuk/kode"):
        stranger.get(url)
        assert stranger.post(url, {"nama_pengguna": DIRTY, "kata_sandi": DIRTY, "kode": DIRTY}).status_code == 401
    admin.get("/masuk")
    admin.post("/masuk", {"nama_pengguna": "admin", "kata_sandi": PASSWORD})
    admin.get("/kata-sandi")
    answer = admin.post("/kata-sandi", {"kata_sandi_lama": DIRTY, "kata_sandi_baru": DIRTY * 5, "kata_sandi_ulang": DIRTY * 5})
    assert answer.status_code == 422 and "tidak dapat diketik" in words(answer)
    kabag = f"/pengguna/{office.actor('kabag').id}/ubah"
    form = fields_of(admin.get(kabag).text)
    dirty = {key: DIRTY for key in form if key not in ("csrf_token", "edisi")} | {"edisi": "x\x00", "hak": DIRTY, "kelompok_baru": DIRTY}
    for url in (kabag, "/pengguna/baru"):
        refused = admin.post(url, {**dirty, "csrf_token": admin.tokens["csrf_token"]})
        assert refused.status_code == 422 and "perlu diperbaiki" in words(refused)
    assert admin.post(kabag, {**form, "nama": DIRTY}).status_code == 303
    assert office.actor("kabag").name == "Abcd"
    assert admin.get("/pengguna?cari=%00&kelompok=%00&opd=%1b").status_code == 200
