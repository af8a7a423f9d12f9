"""Personal tokens on Akun saya, as their people see them."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from werkzeug.test import TestResponse

from tests.support.office import PASSWORD, Office
from tests.support.rest import make_token
from tests.web.conftest import Person, words

People = Callable[[str], Person]
TOKEN = re.compile(r"alur_[A-Za-z0-9_-]{43}")
HOSTILE = '"><script>alert(1)</script>'
GIVEN = {"nama": "Modeler laptop", "lingkup": "terbit", "masa": "30", "kata_sandi": PASSWORD}


def make(person: Person, **values: str) -> TestResponse:
    person.get("/akun/token")
    return person.post("/akun/token", {**GIVEN, **values})


def test_a_token_is_shown_once_and_listed_in_words(people: People) -> None:
    analyst = people("analis")
    page = make(analyst)
    assert page.status_code == 200 and len(TOKEN.findall(page.text)) == 1
    assert "Token ini hanya tampil sekarang" in words(page)
    listed = analyst.get("/akun")
    assert not TOKEN.search(listed.text)
    text = words(listed)
    assert "Modeler laptop Berlaku" in text and "Membaca, menerbitkan SOP, dan memulai pelaksanaan. Dibuat" in text
    assert "belum pernah dipakai" in text


def test_the_page_of_a_new_token_is_never_kept(people: People) -> None:
    page = make(people("analis"))
    assert page.headers["Cache-Control"] == "no-store" and not TOKEN.search(page.headers.get("Set-Cookie", ""))


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"nama": ""}, "Nama token belum diisi."),
        ({"kata_sandi": "salah-sekali-ini"}, "Kata sandi tidak sesuai."),
        ({"kata_sandi": ""}, "Kata sandi belum diisi."),
        ({"lingkup": "semua"}, "Pilih apa yang boleh dilakukan token ini."),
        ({"masa": "9999"}, "Pilih masa berlaku token ini."),
    ],
)
def test_a_form_that_comes_back_keeps_what_was_typed_but_no_password(people: People, values: dict[str, str], sentence: str) -> None:
    page = make(people("analis"), **values)
    assert page.status_code == 422 and sentence in words(page) and PASSWORD not in page.text and not TOKEN.search(page.text)
    if "nama" not in values:
        assert 'value="Modeler laptop"' in page.text


def test_the_same_press_twice_makes_one_token(people: People) -> None:
    analyst = people("analis")
    make(analyst)
    again = make(analyst)
    assert again.status_code == 422 and "“Modeler laptop” masih berlaku" in words(again)


def test_wrong_passwords_here_count_like_those_of_the_sign_in_page(people: People, stranger: Person) -> None:
    analyst = people("analis")
    for _ in range(10):
        make(analyst, kata_sandi="salah-sekali-ini")
    assert make(analyst).status_code == 401
    stranger.get("/masuk")
    assert "15 menit" in stranger.post("/masuk", {"nama_pengguna": "analis", "kata_sandi": PASSWORD}).text


def test_revoking_is_said_and_listed(small_office: Office, people: People) -> None:
    analyst = people("analis")
    make_token(small_office, "analis", name="Lama")
    page = analyst.get("/akun")
    assert analyst.post(re.findall(r'action="(/akun/token/\d+/cabut)"', page.text)[0]).status_code == 303
    text = words(analyst.get("/akun"))
    assert "Token “Lama” dicabut." in text and "Lama Dicabut" in text and "Cabut token Lama" not in text


def test_somebody_elses_token_cannot_be_revoked(small_office: Office, people: People) -> None:
    make_token(small_office, "analis")
    admin = people("admin")
    admin.get("/akun")
    assert admin.post("/akun/token/1/cabut").status_code == 404


def test_who_has_no_use_for_tokens_does_not_meet_them(people: People) -> None:
    for username in ("sekda", "opd.dinas_kesehatan"):
        assert "Token pribadi" not in words(people(username).get("/akun")), username
        assert people(username).get("/akun/token").status_code == 403


def test_the_deeds_are_told_to_who_looks_after_the_account(small_office: Office, people: People) -> None:
    make(people("analis"))
    page = people("admin").get(f"/pengguna/{small_office.actor('analis').id}")
    assert "Token pribadi dibuat oleh Putri Maharani, S.Kom. Modeler laptop: membaca, menerbitkan" in words(page)


def test_a_hostile_name_is_text(people: People) -> None:
    page = make(people("analis"), nama=HOSTILE)
    assert page.status_code == 200 and "<script>alert" not in page.text
