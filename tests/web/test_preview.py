"""A file in a page: only what carries no script of ours, only to who may see it."""

from __future__ import annotations

import io
from collections.abc import Callable
from uuid import uuid4

import pytest
from lxml import html

from app import attachments
from app.models import Attachment
from tests.support.office import DOCX, PDF, XLSX, Office
from tests.web.conftest import Person, pdf, words

People = Callable[[str], Person]
Url = Callable[..., str]
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64


def letter_of(office: Office) -> str:
    with office.database.reading() as session:
        return str(session.query(Attachment).filter_by(field="berkas_surat").one().id)


def draft_of(office: Office, username: str, name: str, content: bytes) -> str:
    received = [office.storage.receive("konsep_surat", "Konsep", name, io.BytesIO(content))]
    with office.database.transaction() as session:
        attachments.add_drafts(session, office.actor(username), uuid4().hex, received)
    with office.database.reading() as session:
        return str(session.query(Attachment).filter_by(filename=name).one().id)


def test_a_pdf_is_shown_and_framed_by_us_alone(people: People, small_office: Office, case: int) -> None:
    answer = people("tu").get(f"/berkas/{letter_of(small_office)}/lihat")
    assert (answer.status_code, answer.mimetype, answer.data) == (200, "application/pdf", PDF)
    assert answer.headers["Content-Disposition"].startswith("inline")
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src" not in policy and "frame-ancestors 'self'" in policy
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN" and answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(("name", "content"), [("foto.png", PNG), ("foto.jpg", b"\xff\xd8\xff\xe0" + b"0" * 64)])
def test_a_picture_is_shown_in_a_sandbox(people: People, small_office: Office, case: int, name: str, content: bytes) -> None:
    answer = people("kasubbag").get(f"/berkas/{draft_of(small_office, 'kasubbag', name, content)}/lihat")
    assert answer.status_code == 200 and answer.mimetype.startswith("image/")
    assert answer.headers["Content-Security-Policy"].endswith("sandbox")


@pytest.mark.parametrize(("name", "content"), [("konsep.docx", DOCX), ("tabel.xlsx", XLSX)])
def test_anything_else_has_no_such_page(people: People, small_office: Office, case: int, name: str, content: bytes) -> None:
    id = draft_of(small_office, "kasubbag", name, content)
    assert people("kasubbag").get(f"/berkas/{id}/lihat").status_code == 404
    assert people("kasubbag").get(f"/berkas/{id}").headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize("kind", ["text/html", "image/svg+xml", "application/xhtml+xml", "text/xml"])
def test_a_preview_is_never_html(people: People, small_office: Office, case: int, kind: str) -> None:
    """Even where a row of the database says so."""
    id = draft_of(small_office, "kasubbag", "foto.png", PNG)
    with small_office.database.transaction() as session:
        session.query(Attachment).filter_by(filename="foto.png").one().media_type = kind
    answer = people("kasubbag").get(f"/berkas/{id}/lihat")
    assert answer.status_code == 404 and PNG not in answer.data


def test_a_pdf_that_is_also_a_page_stays_a_pdf(people: People, small_office: Office, case: int) -> None:
    both = PDF + b"<html><script>alert(1)</script></html>"
    answer = people("kasubbag").get(f"/berkas/{draft_of(small_office, 'kasubbag', 'dua.pdf', both)}/lihat")
    assert answer.mimetype == "application/pdf" and answer.headers["X-Content-Type-Options"] == "nosniff"


def test_foreign_files_are_absent(people: People, small_office: Office, case: int) -> None:
    letter = letter_of(small_office)
    mine = draft_of(small_office, "kasubbag", "milik.png", PNG)
    for username, id in (("opd.dinas_kesehatan", letter), ("ajudan", letter), ("tu", mine), ("auditor", mine), ("tu", str(uuid4()))):
        answer = people(username).get(f"/berkas/{id}/lihat")
        assert answer.status_code == 404 and words(answer) == words(people(username).get(f"/berkas/{uuid4()}/lihat")), username


def test_a_decision_has_its_document_above_the_form(people: People, small_office: Office, case: int, url: Url) -> None:
    small_office.run_until(case, "Task_4b")
    page = html.fromstring(people("kabag").get(url("Task_4b")).text)
    frame = page.xpath("//iframe")[0]
    assert frame.get("title") == "Isi berkas konsep_surat.pdf"
    assert page.xpath("//a[contains(@href, '/lihat')]") and page.xpath("//a[contains(., 'Unduh')]")


def test_a_picture_as_a_document_is_a_picture_in_the_page(people: People, small_office: Office, case: int, url: Url) -> None:
    small_office.run_until(case, "Task_4a")
    kasubbag, here = people("kasubbag"), url("Task_4a")
    kasubbag.get(here)
    answers = {"hal_surat": "x", "batas_waktu_opd": "2031-01-01", "daftar_opd": ["setda"]}
    answer = kasubbag.post(here, answers, {"konsep_surat": pdf("konsep.pdf")})
    assert answer.status_code == 303, words(answer)
    with small_office.database.transaction() as session:
        session.query(Attachment).filter_by(filename="konsep.pdf").one().media_type = "image/png"
    page = html.fromstring(people("kabag").get(url("Task_4b")).text)
    assert page.xpath("//img[@alt='Isi berkas konsep.pdf']") and not page.xpath("//iframe")
