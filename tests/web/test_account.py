"""Signing in and out."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from tests.support.office import PASSWORD
from tests.web.conftest import Person, words

WRONG = "Nama pengguna atau kata sandi tidak sesuai."
People = Callable[[str], Person]


def sign_in(person: Person, username: str, password: str = PASSWORD, url: str = "/masuk", **more: str) -> object:
    person.get(url)
    return person.post(url, {"nama_pengguna": username, "kata_sandi": password, **more})


def test_the_page_says_whose_office_it_is_and_whom_to_ask(stranger: Person) -> None:
    page = words(stranger.get("/masuk"))
    assert "Bagian Organisasi Setda Kab. Bintan" in page
    assert "Lupa kata sandi? Hubungi Tata Usaha Bagian Organisasi Setda Kab. Bintan." in page


def test_a_wrong_password_and_an_unknown_name_read_the_same(stranger: Person) -> None:
    for username in ("tu", "tidak.ada"):
        answer = sign_in(stranger, username, "salah-sekali-ini")
        assert answer.status_code == 401 and WRONG in words(answer)  # type: ignore[attr-defined]


def test_the_name_is_kept_and_the_password_is_not(stranger: Person) -> None:
    answer = sign_in(stranger, "tu", "salah-sekali-ini")
    assert 'value="tu"' in answer.text and "salah-sekali-ini" not in answer.text  # type: ignore[attr-defined]


def test_after_ten_tries_there_is_a_pause(stranger: Person) -> None:
    for _ in range(10):
        sign_in(stranger, "tu", "salah-sekali-ini")
    answer = sign_in(stranger, "tu")
    assert answer.status_code == 401 and "Terlalu banyak percobaan" in words(answer)  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", ["tu\x00", "x" * 5000, "' or 1=1 --", "\u202etu"])
def test_odd_names_are_refused_like_any_other(stranger: Person, name: str) -> None:
    assert sign_in(stranger, name, "salah-sekali-ini").status_code == 401  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [
        ("/pelaksanaan?hal=2", "/pelaksanaan?hal=2"),
        ("https://contoh.test/", "/"),
        ("//contoh.test/", "/"),
        ("/\\contoh.test/", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_one_is_sent_on_to_pages_of_ours_only(stranger: Person, wanted: str, reached: str) -> None:
    answer = sign_in(stranger, "tu", next=wanted)
    assert answer.status_code == 303 and answer.location == reached  # type: ignore[attr-defined]


@pytest.mark.parametrize("url", ["/", "/tugas", "/mulai", "/pelaksanaan", "/pelaksanaan/1", "/pelaksanaan/1/jalur.json", "/keluar"])
def test_strangers_are_asked_to_sign_in(stranger: Person, url: str) -> None:
    answer = stranger.client.get(url)
    assert answer.status_code == (405 if url == "/keluar" else 303)


def test_signing_out_ends_the_session_on_the_server(app: Flask, people: People) -> None:
    tu = people("tu")
    cookie = tu.client.get_cookie("alur")
    assert cookie is not None
    tu.get("/tugas")
    assert tu.post("/keluar").location == "/masuk"
    copied = app.test_client()
    copied.set_cookie("alur", cookie.value)
    assert copied.get("/tugas").status_code == 303


def test_signing_out_needs_the_page_s_own_token(people: People) -> None:
    tu = people("tu")
    tu.get("/tugas")
    assert tu.post("/keluar", {"csrf_token": "lain"}).status_code == 400
    assert tu.get("/tugas").status_code == 200


def test_who_is_signed_in_goes_past_the_sign_in_page(people: People) -> None:
    assert people("tu").get("/masuk").status_code == 302


def test_an_ended_session_is_said(stranger: Person) -> None:
    assert "Sesi Anda berakhir." in words(stranger.get("/masuk?berakhir=1"))
