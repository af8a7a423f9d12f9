"""Nothing typed is lost: saved on request, on its own, and when the session ends in between."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from lxml import html
from werkzeug.test import TestResponse

from app import attachments, clock
from app.models import Attachment, Draft, SignIn
from app.web import carrying
from tests.support.office import OPENING, PASSWORD, SOP, Office
from tests.web.conftest import Person, pdf, words

People = Callable[[str], Person]
Url = Callable[..., str]
JSON = {"Accept": "application/json"}


def drafts_in(office: Office) -> list[Draft]:
    with office.database.reading() as session:
        return list(session.query(Draft))


# -- "Simpan sementara" --


def test_what_is_saved_is_there_again_with_its_files(people: People, small_office: Office, case: int, url: Url) -> None:
    small_office.run_until(case, "Task_4a")
    kasubbag, here = people("kasubbag"), url("Task_4a")
    kasubbag.get(here)
    answer = kasubbag.post(f"{here}/simpan", {"hal_surat": "Baru separuh"}, {"konsep_surat": pdf("Konsep.pdf")})
    assert (answer.status_code, answer.location) == (303, here)
    page = kasubbag.get(here)
    assert 'value="Baru separuh"' in page.text and "Sudah diunggah: Konsep.pdf" in words(page)
    assert words(page).count("Tersimpan pukul") == 2 and "WIB" in words(page)
    rest = {"hal_surat": "Selesai", "batas_waktu_opd": "2031-01-01", "daftar_opd": ["setda"]}
    assert kasubbag.post(here, rest).status_code == 303
    assert drafts_in(small_office) == []


def test_a_draft_of_starting_is_dropped_by_starting(people: People, small_office: Office) -> None:
    tu = people("tu")
    tu.get(f"/mulai/{SOP}")
    assert tu.post(f"/mulai/{SOP}/simpan", {"nomor_surat": "B/12"}, {"berkas_surat": pdf("Surat.pdf")}).status_code == 303
    page = tu.get(f"/mulai/{SOP}")
    assert 'value="B/12"' in page.text and "Surat.pdf" in words(page)
    assert tu.post(f"/mulai/{SOP}", OPENING).status_code == 303
    assert drafts_in(small_office) == []


def test_a_draft_is_the_person_s_own(people: People, case: int, url: Url) -> None:
    tu, here = people("tu"), url("Task_2")
    tu.get(here)
    tu.post(f"{here}/simpan", {"nomor_agenda": "045/rahasia"})
    assert "045/rahasia" not in people("tu2").get(here).text


def test_only_what_the_form_asks_is_kept_and_never_a_decision(people: People, small_office: Office, case: int, url: Url) -> None:
    small_office.run_until(case, "Task_4b")
    kabag, here = people("kabag"), url("Task_4b")
    kabag.get(here)
    kabag.post(f"{here}/simpan", {"catatan_kabag": "Hampir.", "keputusan_kabag": "ya", "typename": "x", "kata_sandi": "y"})
    assert [draft.texts for draft in drafts_in(small_office)] == [{"catatan_kabag": ["Hampir."]}]


@pytest.mark.parametrize(("username", "status"), [("kabag", 403), ("auditor", 403), ("opd.dinas_kesehatan", 404)])
def test_who_may_not_work_on_it_saves_nothing(
    people: People, small_office: Office, case: int, url: Url, username: str, status: int
) -> None:
    person = people(username)
    person.get("/mulai")
    assert person.post(f"{url('Task_2')}/simpan", {"token": "a" * 32, "nomor_agenda": "1"}).status_code == status
    assert drafts_in(small_office) == []


def test_far_too_much_is_refused_with_a_sentence(people: People, case: int, url: Url) -> None:
    tu, here = people("tu"), url("Task_2")
    tu.get(here)
    answer = tu.post(f"{here}/simpan", {"catatan_tu": "x" * 200_001})
    assert answer.status_code == 400 and "terlalu panjang" in words(answer)


def test_a_bad_file_is_said_and_the_texts_are_saved(people: People, small_office: Office, case: int, url: Url) -> None:
    small_office.run_until(case, "Task_4a")
    kasubbag, here = people("kasubbag"), url("Task_4a")
    kasubbag.get(here)
    answer = kasubbag.post(f"{here}/simpan", {"hal_surat": "Baru"}, {"konsep_surat": [("a.exe", b"MZ")]})
    assert answer.status_code == 422 and "tidak diterima" in words(answer)
    assert 'value="Baru"' in kasubbag.get(here).text


def test_files_of_a_saved_draft_are_not_swept(people: People, small_office: Office, case: int, url: Url) -> None:
    small_office.run_until(case, "Task_4a")
    kasubbag, here = people("kasubbag"), url("Task_4a")
    kasubbag.get(here)
    kasubbag.post(f"{here}/simpan", {"hal_surat": "Baru"}, {"konsep_surat": pdf("Konsep.pdf")})
    with small_office.database.transaction() as session:
        session.query(Attachment).filter_by(filename="Konsep.pdf").one().uploaded_at = clock.now() - timedelta(days=9)
    with small_office.database.transaction() as session:
        assert attachments.sweep(session) == 0


# -- saving on its own --


def autosave(person: Person, here: str, **texts: str) -> TestResponse:
    return person.client.post(f"{here}/simpan", data={**person.tokens, **texts}, headers=JSON)


def test_the_script_is_told_when(people: People, small_office: Office, case: int, url: Url) -> None:
    tu, here = people("tu"), url("Task_2")
    tu.get(here)
    answer = autosave(tu, here, nomor_agenda="045")
    assert answer.status_code == 200 and set(answer.json or {}) == {"saved"} and (answer.json or {})["saved"].endswith(" WIB")
    assert 'value="045"' in tu.get(here).text
    small_office.do(case, "Task_2")
    refused = autosave(tu, here, nomor_agenda="046")
    assert refused.status_code == 409 and "sudah diselesaikan" in (refused.json or {})["problem"]


def test_the_script_of_an_ended_session_is_told_and_the_form_still_loses_nothing(
    people: People, small_office: Office, case: int, url: Url
) -> None:
    tu, here = people("tu"), url("Task_2")
    tu.get(here)
    end_sessions(small_office)
    answer = autosave(tu, here, nomor_agenda="045")
    assert answer.status_code == 401 and "Sesi Anda berakhir." in (answer.json or {})["problem"]
    assert tu.post(here, {"nomor_agenda": "045"}).status_code == 401


# -- a session that ended --


def end_sessions(office: Office, gone: bool = False) -> None:
    with office.database.transaction() as session:
        for row in session.query(SignIn):
            row.seen_at = clock.now() - timedelta(hours=2)
            if gone:
                session.delete(row)


def ended_post(person: Person, office: Office, here: str, answers: dict[str, object], gone: bool = False) -> dict[str, str]:
    """The hidden fields of the sign-in page that answers."""
    person.get(here)
    end_sessions(office, gone)
    answer = person.post(here, answers)
    assert answer.status_code == 401
    assert "Sesi Anda berakhir. Masuk kembali; isian Anda masih tersimpan." in words(answer)
    return {one.get("name"): one.get("value") for one in html.fromstring(answer.text).xpath("//form//input[@type='hidden']")}


def sign_in(person: Person, username: str, fields: dict[str, str]) -> TestResponse:
    answer = person.post("/masuk", {**fields, "nama_pengguna": username, "kata_sandi": PASSWORD})
    assert answer.status_code == 303
    return person.get(answer.location)


@pytest.mark.parametrize("gone", [False, True])
def test_after_signing_in_again_the_texts_are_there(people: People, small_office: Office, case: int, url: Url, gone: bool) -> None:
    tu, here = people("tu"), url("Task_2")
    fields = ended_post(tu, small_office, here, {"nomor_agenda": "045/2026", "catatan_tu": "Dua lampiran."}, gone)
    assert fields["next"] == here
    page = sign_in(tu, "tu", fields)
    assert carrying.KEPT in words(page) and 'value="045/2026"' in page.text and "Dua lampiran." in page.text


def test_a_wrong_password_in_between_loses_nothing(people: People, small_office: Office, case: int, url: Url) -> None:
    tu, here = people("tu"), url("Task_2")
    fields = ended_post(tu, small_office, here, {"nomor_agenda": "045/2026"})
    again = tu.post("/masuk", {**fields, "nama_pengguna": "tu", "kata_sandi": "salah"})
    assert again.status_code == 401 and fields["isian"] in again.text
    assert 'value="045/2026"' in sign_in(tu, "tu", {**fields, "csrf_token": tu.tokens["csrf_token"]}).text


def test_starting_and_recording_lose_nothing_either(people: People, small_office: Office, case: int, url: Url) -> None:
    tu = people("tu")
    page = sign_in(tu, "tu", ended_post(tu, small_office, f"/mulai/{SOP}", {"nomor_surat": "B/99"}))
    assert 'value="B/99"' in page.text
    small_office.run_until(case, "Task_5a")
    here = f"{url('Task_5a')}/naskah-fisik"
    fields = ended_post(tu, small_office, here, {"keputusan_asisten": "ya", "tanggal_kejadian": clock.today().isoformat()})
    page = sign_in(tu, "tu", fields)
    assert f'value="{clock.today().isoformat()}"' in page.text and 'value="ya" checked' in page.text


def test_another_person_does_not_get_them(people: People, small_office: Office, case: int, url: Url) -> None:
    tu, here = people("tu"), url("Task_2")
    page = sign_in(tu, "tu2", ended_post(tu, small_office, here, {"nomor_agenda": "045/rahasia"}))
    assert carrying.NOT_YOURS in words(page) and "045/rahasia" not in page.text and drafts_in(small_office) == []


def test_who_may_not_work_on_it_gets_nothing(people: People, small_office: Office, case: int, url: Url) -> None:
    tu, here = people("tu"), url("Task_2")
    fields = ended_post(tu, small_office, here, {"nomor_agenda": "045"}, gone=True)
    page = sign_in(tu, "kabag", fields)
    assert carrying.CLOSED in words(page) and drafts_in(small_office) == []


@pytest.mark.parametrize("spoil", ["tampered", "rubbish", "another page", "empty path"])
def test_a_spoiled_field_is_refused_with_a_sentence(people: People, small_office: Office, case: int, url: Url, spoil: str) -> None:
    tu, here = people("tu"), url("Task_2")
    fields = ended_post(tu, small_office, here, {"nomor_agenda": "045"})
    match spoil:
        case "tampered":
            fields["isian"] = ("A" if fields["isian"][5] != "A" else "B").join((fields["isian"][:5], fields["isian"][6:]))
        case "rubbish":
            fields["isian"] = "\x00{}" * 9
        case "another page":
            fields["next"] = f"/mulai/{SOP}"
        case _:
            fields["next"] = "https://contoh.test/"
    page = sign_in(tu, "tu", fields)
    assert page.status_code in (200, 302, 303) and carrying.UNREADABLE in words(tu.get("/mulai") if page.status_code != 200 else page)
    assert drafts_in(small_office) == []


def test_after_half_an_hour_it_is_too_late(
    people: People, small_office: Office, case: int, url: Url, monkeypatch: pytest.MonkeyPatch
) -> None:
    tu, here = people("tu"), url("Task_2")
    fields = ended_post(tu, small_office, here, {"nomor_agenda": "045"})
    monkeypatch.setattr(carrying, "MAX_AGE", -1)
    assert carrying.EXPIRED in words(sign_in(tu, "tu", fields))


def test_files_and_passwords_do_not_travel(people: People, small_office: Office, case: int, url: Url, app: Flask) -> None:
    small_office.run_until(case, "Task_4a")
    kasubbag, here = people("kasubbag"), url("Task_4a")
    kasubbag.get(here)
    end_sessions(small_office)
    before = len(small_office.storage.list_keys())
    answer = kasubbag.post(here, {"hal_surat": "x", "kata_sandi": "rahasia"}, {"konsep_surat": pdf()})
    assert "Berkas yang baru Anda pilih perlu dipilih lagi." in words(answer) and len(small_office.storage.list_keys()) == before
    fields = {one.get("name"): one.get("value") for one in html.fromstring(answer.text).xpath("//form//input[@type='hidden']")}
    page = sign_in(kasubbag, "kasubbag", fields)
    assert page.status_code == 200 and [draft.texts for draft in drafts_in(small_office)] == [{"hal_surat": ["x"]}]


def test_too_much_to_carry_is_shown_to_be_copied(people: People, small_office: Office, case: int, url: Url) -> None:
    tu, here = people("tu"), url("Task_2")
    tu.get(here)
    end_sessions(small_office)
    answer = tu.post(here, {"catatan_tu": "Kata " * 50_000})
    assert answer.status_code == 401 and "Salin isian di bawah ini" in words(answer) and 'name="isian"' not in answer.text


def test_other_posts_of_an_ended_session_lead_to_signing_in(people: People, small_office: Office, case: int, url: Url) -> None:
    tu = people("tu")
    tu.get(url("Task_2"))
    end_sessions(small_office)
    answer = tu.post(f"{url('Task_2')}/ambil")
    assert (answer.status_code, answer.location) == (303, "/masuk?berakhir=1")
