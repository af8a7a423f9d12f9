"""Files in pieces: who may send them, what is refused before it travels, how a broken line goes on, what comes of it."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from sqlalchemy import delete, select, update
from werkzeug.test import TestResponse

from app import attachments, clock, instances, keys, uploads
from app.db import Database
from app.errors import InvalidAnswers
from app.jobs import sweep_leftovers
from app.models import Attachment, Upload
from app.uploads import PIECE
from tests.support.office import OPENING, PDF, SOP, Office
from tests.web.conftest import Person, words

People = Callable[[str], Person]
Url = Callable[..., str]
LARGE = PDF + b"\0" * (2 * PIECE + 500_000)
REST = {"hal_surat": "Selesai", "batas_waktu_opd": "2031-01-01", "daftar_opd": ["setda"]}


@pytest.fixture
def konsep(small_office: Office, case: int) -> str:
    """The subject of the form that takes `konsep_surat`, kasubbag's."""
    small_office.run_until(case, "Task_4a")
    return str(small_office.task("Task_4a").id)


def announce(person: Person, subject: str, size: int = len(LARGE), name: str = "LKjIP.pdf", **other: Any) -> TestResponse:
    if "token" not in person.tokens:
        person.get("/tugas")
    asked = {"untuk": subject, "isian": "konsep_surat", "nama": name, "ukuran": size, "diubah": 1, "token": "a" * 32, **other}
    return person.client.post("/unggahan", json=asked, headers=script(person))


def put(person: Person, id: str, offset: int, content: bytes) -> TestResponse:
    return person.client.put(f"/unggahan/{id}/{offset}", data=content, headers=script(person))


def script(person: Person) -> dict[str, str]:
    return {"Accept": "application/json", "X-CSRFToken": person.tokens["csrf_token"]}


def told(answer: TestResponse, status: int = 200) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.get_json()
    return found


def send(person: Person, subject: str, content: bytes = LARGE, **other: Any) -> TestResponse:
    """As the page's script does it, until all is there."""
    begun = told(announce(person, subject, len(content), **other))
    offset = begun["received"]
    while True:
        answer = put(person, begun["id"], offset, content[offset : offset + PIECE])
        if answer.status_code != 200 or "file" in told(answer):
            return answer
        offset = told(answer)["received"]


def rows(office: Office, model: type[Any]) -> list[Any]:
    with office.database.reading() as session:
        return list(session.scalars(select(model)))


def open_form(person: Person, subject: str) -> None:
    person.get(f"/tugas/{subject}")


# -- all the way --


def test_the_pieces_become_a_draft_of_the_form_and_sending_it_sends_no_file(
    people: People, small_office: Office, case: int, konsep: str
) -> None:
    kasubbag = people("kasubbag")
    open_form(kasubbag, konsep)
    done = told(send(kasubbag, konsep, token=kasubbag.tokens["token"]))
    assert (done["received"], done["file"]["nama"], done["file"]["ukuran"]) == (len(LARGE), "LKjIP.pdf", len(LARGE))
    assert kasubbag.get(done["file"]["url"]).data == LARGE
    open_form(kasubbag, konsep)  # the header's form has a token of its own
    answer = kasubbag.post(f"/tugas/{konsep}", {**REST, "token": rows(small_office, Attachment)[-1].draft_token})
    assert answer.status_code == 303
    kept = next(row for row in rows(small_office, Attachment) if row.filename == "LKjIP.pdf")
    assert (kept.instance_id, kept.draft_token, kept.size, kept.media_type) == (case, None, len(LARGE), "application/pdf")


def test_no_piece_is_left_when_the_file_is_whole(people: People, small_office: Office, konsep: str) -> None:
    send(people("kasubbag"), konsep)
    assert sorted(small_office.storage.list_keys()) == sorted(row.storage_key for row in rows(small_office, Attachment))


def test_it_works_on_an_opening_form(people: People, small_office: Office) -> None:
    done = told(send(people("tu"), f"mulai:{SOP}", isian="berkas_surat"))
    assert done["file"]["nama"] == "LKjIP.pdf"
    assert people("tu").get("/mulai/" + SOP).status_code == 200
    assert people("tu").post(f"/mulai/{SOP}", {**OPENING, "token": "a" * 32}).status_code == 303
    assert [row.filename for row in rows(small_office, Attachment) if row.instance_id] == ["LKjIP.pdf"]


def test_the_proof_of_a_paper_decision_may_be_large_too(people: People, small_office: Office, case: int) -> None:
    small_office.run_until(case, "Task_5a")
    subject = instances.subject_to_record(small_office.task("Task_5a").id)
    assert told(send(people("tu"), subject, isian=instances.PROOF))["file"]["nama"] == "LKjIP.pdf"


def test_what_came_outside_the_app_may_be_large_too(people: People, small_office: Office, case: int) -> None:
    small_office.run_until(case, "Task_7b", opd=["dinas_kesehatan"])
    subject = f"luar:{small_office.task('Task_7b', 'dinas_kesehatan').id}"
    assert "file" in told(send(people("tu"), subject, isian="berkas_dokumen"))
    assert announce(people("kabag"), subject, isian="berkas_dokumen").status_code == 404


# -- a broken line --


def test_the_same_file_chosen_again_goes_on_where_it_stopped(people: People, konsep: str) -> None:
    kasubbag = people("kasubbag")
    begun = told(announce(kasubbag, konsep))
    put(kasubbag, begun["id"], 0, LARGE[:PIECE])
    again = told(announce(kasubbag, konsep, token="b" * 32))  # the page was loaded again: another token
    assert again == {"id": begun["id"], "received": PIECE}
    assert told(send(kasubbag, konsep, token="b" * 32))["received"] == len(LARGE)


@pytest.mark.parametrize("change", [{"nama": "lain.pdf"}, {"ukuran": len(LARGE) - 1}, {"diubah": 2}])
def test_another_file_begins_anew_and_takes_its_place(people: People, small_office: Office, konsep: str, change: dict[str, Any]) -> None:
    kasubbag = people("kasubbag")
    begun = told(announce(kasubbag, konsep))
    put(kasubbag, begun["id"], 0, LARGE[:PIECE])
    assert told(announce(kasubbag, konsep, **change))["received"] == 0
    assert len(rows(small_office, Upload)) == 1
    assert put(kasubbag, begun["id"], PIECE, LARGE[PIECE : 2 * PIECE]).status_code == 404


def test_the_form_says_where_it_stopped(people: People, konsep: str) -> None:
    kasubbag = people("kasubbag")
    open_form(kasubbag, konsep)
    kasubbag.post(f"/tugas/{konsep}/simpan", {"hal_surat": "Baru", "token": "a" * 32})
    begun = told(announce(kasubbag, konsep))
    put(kasubbag, begun["id"], 0, LARGE[:PIECE])
    page = words(kasubbag.get(f"/tugas/{konsep}"))
    assert "Unggahan LKjIP.pdf berhenti pada 1,0 MB dari 2,5 MB. Pilih berkas yang sama untuk melanjutkannya." in page


def test_a_piece_out_of_step_is_told_where_to_go_on(people: People, konsep: str) -> None:
    kasubbag = people("kasubbag")
    begun = told(announce(kasubbag, konsep))
    answer = told(put(kasubbag, begun["id"], PIECE, LARGE[PIECE : 2 * PIECE]), 409)
    assert answer["received"] == 0 and "tidak bersambung" in answer["problem"]


def test_the_same_piece_twice_is_harmless(people: People, small_office: Office, konsep: str) -> None:
    kasubbag = people("kasubbag")
    begun = told(announce(kasubbag, konsep))
    for _ in range(2):
        assert told(put(kasubbag, begun["id"], 0, LARGE[:PIECE])) == {"received": PIECE}
    done = told(send(kasubbag, konsep))
    assert kasubbag.get(done["file"]["url"]).data == LARGE


def test_the_last_piece_again_after_a_lost_answer_gives_the_same_file(people: People, small_office: Office, konsep: str) -> None:
    kasubbag = people("kasubbag")
    done = told(send(kasubbag, konsep))
    id = rows(small_office, Upload)[0].id
    assert told(put(kasubbag, id, 2 * PIECE, LARGE[2 * PIECE :])) == done
    assert len([row for row in rows(small_office, Attachment) if row.filename == "LKjIP.pdf"]) == 1


def test_of_two_that_bring_the_last_piece_the_slower_one_is_told_of_the_same_file(
    people: People, konsep: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While it still reads the pieces, the faster one has made the file and taken them away."""
    kasubbag, read = people("kasubbag"), uploads.Pieces.readinto
    begun = told(announce(kasubbag, konsep))
    for offset in (0, PIECE):
        put(kasubbag, begun["id"], offset, LARGE[offset : offset + PIECE])
    faster: list[TestResponse] = []

    def overtaken(pieces: uploads.Pieces, buffer: Any) -> int:
        if not faster:
            monkeypatch.setattr(uploads.Pieces, "readinto", read)
            faster.append(put(kasubbag, begun["id"], 2 * PIECE, LARGE[2 * PIECE :]))
        return read(pieces, buffer)

    monkeypatch.setattr(uploads.Pieces, "readinto", overtaken)
    slower = told(put(kasubbag, begun["id"], 2 * PIECE, LARGE[2 * PIECE :]))
    assert slower == told(faster[0]) and slower["file"]["nama"] == "LKjIP.pdf"


def test_an_upload_whose_pieces_are_gone_begins_anew(people: People, small_office: Office, konsep: str) -> None:
    kasubbag = people("kasubbag")
    begun = told(announce(kasubbag, konsep))
    for offset in (0, PIECE):
        put(kasubbag, begun["id"], offset, LARGE[offset : offset + PIECE])
    small_office.storage.remove(f"{begun['id'].replace('-', '')}.0")
    assert told(put(kasubbag, begun["id"], 2 * PIECE, LARGE[2 * PIECE :]), 409)["received"] == 0
    assert kasubbag.get(told(send(kasubbag, konsep))["file"]["url"]).data == LARGE


def test_another_file_leaves_no_piece_of_the_one_it_replaces(people: People, small_office: Office, konsep: str) -> None:
    """They count into nobody's quota any more."""
    kasubbag, before = people("kasubbag"), len(small_office.storage.list_keys())
    begun = told(announce(kasubbag, konsep))
    put(kasubbag, begun["id"], 0, LARGE[:PIECE])
    told(announce(kasubbag, konsep, nama="lain.pdf"))
    assert len(small_office.storage.list_keys()) == before


def test_a_file_that_was_sent_before_may_be_sent_again(people: People, small_office: Office, konsep: str) -> None:
    """Of the two the form has the second, as after an ordinary post."""
    send(people("kasubbag"), konsep)
    send(people("kasubbag"), konsep)
    drafted = [row for row in rows(small_office, Attachment) if row.draft_token == "a" * 32]
    assert len(drafted) == 1


# -- who may --


@pytest.mark.parametrize(("username", "status"), [("kabag", 403), ("auditor", 403), ("tu", 403), ("opd.dinas_kesehatan", 404)])
def test_who_may_not_send_the_form_stores_nothing(people: People, small_office: Office, konsep: str, username: str, status: int) -> None:
    assert "problem" in told(announce(people(username), konsep), status)
    assert rows(small_office, Upload) == []


@pytest.mark.parametrize(
    ("subject", "field", "status"),
    [
        ("mulai:sop_02_lakip", "berkas_surat", 403),
        ("mulai:tiada", "berkas_surat", 404),
        ("mulai:\x00", "berkas_surat", 404),
        ("catat:{task}", "naskah_fisik", 403),
        ("luar:{task}", "konsep_surat", 404),
        ("lain:{task}", "konsep_surat", 404),
        ("{task}", "hal_surat", 404),
        ("{task}", "naskah_fisik", 404),
        ("{task}", "", 404),
        ("bukan-uuid", "konsep_surat", 404),
        ("", "konsep_surat", 404),
        ("00000000-0000-0000-0000-000000000000", "konsep_surat", 404),
    ],
)
def test_only_a_file_field_of_a_form_of_one_s_own(
    people: People, small_office: Office, konsep: str, subject: str, field: str, status: int
) -> None:
    assert announce(people("kasubbag"), subject.format(task=konsep), isian=field).status_code == status
    assert rows(small_office, Upload) == []


def test_the_upload_of_another_person_is_not_there(people: People, konsep: str) -> None:
    id = told(announce(people("kasubbag"), konsep))["id"]
    people("kabag").get("/tugas")
    assert put(people("kabag"), id, 0, LARGE[:PIECE]).status_code == 404


def test_after_the_task_is_done_there_is_nothing_to_send(people: People, small_office: Office, case: int, konsep: str) -> None:
    small_office.do(case, "Task_4a")
    assert "sudah diselesaikan" in told(announce(people("kasubbag"), konsep), 409)["problem"]


def test_a_session_that_ended_is_told_in_a_sentence(people: People, konsep: str) -> None:
    kasubbag = people("kasubbag")
    begun = told(announce(kasubbag, konsep))
    kasubbag.client.delete_cookie("alur")
    kasubbag.get("/masuk")
    assert "Sesi Anda berakhir." in told(put(kasubbag, begun["id"], 0, LARGE[:PIECE]), 401)["problem"]


# -- what is refused before it travels --


@pytest.mark.parametrize(
    ("change", "status", "sentence"),
    [
        ({"nama": "konsep.exe"}, 422, "Berkas “konsep.exe” tidak diterima."),
        ({"ukuran": 0}, 422, "kosong"),
        ({"ukuran": 26 * PIECE}, 422, "Berkas melebihi 25 MB."),
        ({"ukuran": -1}, 400, "tidak lengkap"),
        ({"ukuran": "12"}, 400, "tidak lengkap"),
        ({"ukuran": True}, 400, "tidak lengkap"),
        ({"ukuran": 10**30}, 422, "Berkas melebihi 25 MB."),
        ({"token": "x"}, 400, "tidak lengkap"),
        ({"token": None}, 400, "tidak lengkap"),
        ({"nama": None}, 422, "tidak diterima"),
        ({"nama": "\ud800.pdf"}, 200, ""),
        ({"untuk": ["x"]}, 404, ""),
        ({"isian": {"a": 1}}, 404, ""),
        ({"diubah": [[[]]]}, 200, ""),
    ],
)
def test_what_is_announced_is_judged_first(
    people: People, small_office: Office, konsep: str, change: dict[str, Any], status: int, sentence: str
) -> None:
    answer = told(announce(people("kasubbag"), konsep, **change), status)
    assert sentence in answer.get("problem", "")
    assert len(rows(small_office, Upload)) == (1 if status == 200 else 0)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"x"', b"[" * 9_000, b"\xff", b" " * 20_000])
def test_a_question_that_is_none_is_refused(people: People, konsep: str, body: bytes) -> None:
    kasubbag = people("kasubbag")
    kasubbag.get("/tugas")
    answer = kasubbag.client.post("/unggahan", data=body, headers={**script(kasubbag), "Content-Type": "application/json"})
    assert "tidak dapat dibaca" in told(answer, 400)["problem"]


@pytest.mark.parametrize("length", [0, 1, PIECE - 1, PIECE + 1, 3 * PIECE])
def test_a_piece_of_a_wrong_length_is_refused(people: People, small_office: Office, konsep: str, length: int) -> None:
    kasubbag, before = people("kasubbag"), len(small_office.storage.list_keys())
    begun = told(announce(kasubbag, konsep))
    assert "tidak utuh" in told(put(kasubbag, begun["id"], 0, LARGE[:1] * length), 400)["problem"]
    assert len(small_office.storage.list_keys()) == before


def test_a_wrong_kind_is_told_with_the_first_piece(people: People, small_office: Office, konsep: str) -> None:
    before = len(small_office.storage.list_keys())
    answer = told(send(people("kasubbag"), konsep, b"<html>" + b" " * 2 * PIECE), 422)
    assert answer["problem"] == "Isi berkas “LKjIP.pdf” bukan PDF."
    assert rows(small_office, Upload) == [] and len(small_office.storage.list_keys()) == before


def test_what_shows_only_in_the_whole_file_is_told_with_the_last(people: People, small_office: Office, konsep: str) -> None:
    before = len(small_office.storage.list_keys())
    answer = told(send(people("kasubbag"), konsep, b"PK\x03\x04" + b"\0" * PIECE, name="surat.docx"), 422)
    assert answer["problem"] == "Isi berkas “surat.docx” bukan DOCX."
    assert rows(small_office, Upload) == [] and len(small_office.storage.list_keys()) == before


# -- quota --


def test_what_is_announced_counts_into_the_quota(people: People, small_office: Office, konsep: str, app: Any) -> None:
    set_quota(app, 3)
    told(announce(people("kasubbag"), konsep, 3 * PIECE - 10_000))
    refused = told(announce(people("kasubbag"), konsep, nama="lain.pdf", token="b" * 32), 422)
    assert "Jatah penyimpanan Anda sudah penuh" in refused["problem"]
    kasubbag = people("kasubbag")
    open_form(kasubbag, konsep)
    page = kasubbag.post(f"/tugas/{konsep}", REST, {"konsep_surat": [("biasa.pdf", PDF + b"\0" * 10_000)]})
    assert page.status_code == 422 and "Jatah penyimpanan Anda sudah penuh" in words(page)


def test_going_on_needs_no_more_quota_than_it_has(people: People, konsep: str, app: Any) -> None:
    set_quota(app, 3)
    assert "file" in told(send(people("kasubbag"), konsep))


def set_quota(app: Any, mb: int) -> None:
    database = app.extensions["alur"].database
    for maker in (database._reader, database._writer):
        maker.kw["info"]["settings"] = database.settings.model_copy(update={"quota_mb": mb})


def test_ten_at_once_are_enough(people: People, small_office: Office, konsep: str) -> None:
    for n in range(uploads.MOST_OPEN):
        told(announce(people("kasubbag"), konsep, nama=f"{n}.pdf", token=f"{n:032x}"))
    assert "belum selesai" in told(announce(people("kasubbag"), konsep, nama="lagi.pdf", token="f" * 32), 422)["problem"]


# -- sweep --


def sweep(office: Office) -> None:
    sweep_leftovers(office.database, office.storage)


def test_an_abandoned_upload_goes_after_two_days_with_its_pieces(people: People, small_office: Office, konsep: str) -> None:
    before = set(small_office.storage.list_keys())
    begun = told(announce(people("kasubbag"), konsep))
    put(people("kasubbag"), begun["id"], 0, LARGE[:PIECE])
    with time_machine.travel(clock.now() + timedelta(hours=47)):
        sweep(small_office)
        assert len(rows(small_office, Upload)) == 1 and len(small_office.storage.list_keys()) == len(before) + 1
    with time_machine.travel(clock.now() + timedelta(hours=49)):
        sweep(small_office)
    assert rows(small_office, Upload) == [] and set(small_office.storage.list_keys()) == before


def test_pieces_are_swept_however_few_files_there_are_beside_them(small_office: Office, case: int) -> None:
    """One abandoned upload is more pieces than a new office has files."""
    used = set(small_office.storage.list_keys())
    for number in range(attachments.FEW + 5):
        small_office.storage.put(f"{'a' * 32}.{number}", b"x")
    with time_machine.travel(clock.now() + timedelta(hours=25)):
        sweep(small_office)
    assert set(small_office.storage.list_keys()) == used


def test_bytes_without_a_row_go_after_a_day_and_a_file_in_use_never(small_office: Office, case: int) -> None:
    used = set(small_office.storage.list_keys())
    small_office.storage.put(uuid4().hex, b"a crash came between the bytes and the row")
    sweep(small_office)
    assert len(small_office.storage.list_keys()) == len(used) + 1
    with time_machine.travel(clock.now() + timedelta(hours=25)):
        sweep(small_office)
    assert set(small_office.storage.list_keys()) == used
    with time_machine.travel(clock.now() + timedelta(days=4000)):
        sweep(small_office)
    assert set(small_office.storage.list_keys()) == used


def test_what_is_not_ours_in_the_folder_stays(small_office: Office) -> None:
    folder = small_office.database.settings.instance_dir / "files"
    (folder / "catatan-admin.txt").write_text("jangan dihapus")
    with time_machine.travel(clock.now() + timedelta(days=30)):
        sweep(small_office)
    assert (folder / "catatan-admin.txt").exists()


def test_a_database_that_knows_none_of_the_files_removes_none(small_office: Office) -> None:
    for _ in range(attachments.FEW + 1):
        small_office.storage.put(uuid4().hex, b"x")
    with time_machine.travel(clock.now() + timedelta(days=30)):
        sweep(small_office)
    assert len(small_office.storage.list_keys()) == attachments.FEW + 1


def test_a_draft_that_is_sent_during_the_sweep_is_kept(office: Office) -> None:
    """The sweep waits for the row, and looks at it again when its turn comes: then it is no draft any more."""
    actor, token, case = office.actor("kasubbag"), uuid4().hex, office.start()
    received = office.storage.receive("konsep_surat", "", "surat.pdf", io.BytesIO(PDF))
    with office.database.transaction() as session:
        attachments.add_drafts(session, actor, token, [received])
        session.flush()
        session.execute(update(Attachment).values(uploaded_at=clock.now() - timedelta(days=9)))
    sweeping = Thread(target=sweep, args=(office,))
    with office.database.transaction() as session:
        attachments.keep(session, actor, token, case, office.open(case)[0].id)
        sweeping.start()
        sweeping.join(0.3)
    sweeping.join()
    assert "surat.pdf" in {row.filename for row in rows(office, Attachment)}


def test_of_two_files_at_once_that_fit_only_alone_one_is_kept(office: Office) -> None:
    settings = office.database.settings.model_copy(update={"quota_mb": 3})
    database = Database(settings, keys.load(settings.instance_dir / "keys.json"))
    actor, together, kept = office.actor("kasubbag"), Barrier(2), []

    def add(name: str) -> None:
        received = office.storage.receive("konsep_surat", "", name, io.BytesIO(PDF + b"\0" * 2 * PIECE))
        together.wait()
        try:
            with database.transaction() as session:
                attachments.add_drafts(session, actor, uuid4().hex, [received])
        except InvalidAnswers:
            return
        kept.append(name)

    for _ in range(5):
        with office.database.transaction() as session:
            session.execute(delete(Attachment))
        kept.clear()
        threads = [Thread(target=add, args=(name,)) for name in ("a.pdf", "b.pdf")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(kept) == 1
    database.dispose()
