"""Files as an attacker sends them: by name, by content, on the way out. One fact each."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.http import parse_options_header
from werkzeug.test import TestResponse

from app import attachments
from app.errors import InvalidAnswers
from app.file_kinds import TYPES, extension_of, safe_name
from app.models import Attachment
from app.storage import Received
from tests.support.office import DOCX, PDF, XLSX, Office, zipped
from tests.web.conftest import Person

People = Callable[[str], Person]
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64
JPG = b"\xff\xd8\xff\xe0" + b"0" * 64
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 64
SCRIPT = b"<html><script>alert(document.domain)</script></html>"


def receive(office: Office, name: str, content: bytes = PDF) -> Received:
    return office.storage.receive("konsep_surat", "Konsep", name, io.BytesIO(content))


def served(office: Office, person: Person, name: str, content: bytes = PDF, path: str = "", **how: object) -> TestResponse:
    """What whoever uploaded it gets back."""
    with office.database.transaction() as session:
        attachments.add_drafts(session, office.actor("kasubbag"), uuid4().hex, [receive(office, name, content)])
    with office.database.reading() as session:
        id = session.query(Attachment).order_by(Attachment.uploaded_at.desc()).first().id  # type: ignore[union-attr]
    return person.get(f"/berkas/{id}{path}", **how)


# -- names --


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\budi\\surat.pdf", "surat.pdf"),
        ("/", "berkas"),
        ("..", "berkas"),
        (".pdf", "pdf"),
        ("", "berkas"),
        ("surat.exe.pdf", "surat.exe.pdf"),
        ("surat.pdf.", "surat.pdf"),
        ("surat.pdf. . ", "surat.pdf"),
        ("surat.pdf::$DATA", "surat.pdf__$DATA"),
        ("surat.pdf\x00.exe", "surat.pdf_.exe"),
        ("surat\r\nSet-Cookie: a=b.pdf", "surat__Set-Cookie_ a=b.pdf"),
        ('sur"at.pdf', "sur_at.pdf"),
        ("surat\u202efdp.exe", "surat_fdp.exe"),
        ("surat\u200e\u200b\ufeff\u061c.pdf", "surat____.pdf"),
        ("surat\x85\u2028\ud800.pdf", "surat___.pdf"),
        ("CON.pdf", "_CON.pdf"),
        ("nul.tar.pdf", "_nul.tar.pdf"),
        ("com¹.pdf", "_com¹.pdf"),
        ("CONSEP.pdf", "CONSEP.pdf"),
        ("Laporan  Kinerja (é, 統計).pdf", "Laporan  Kinerja (é, 統計).pdf"),
    ],
)
def test_a_name_harms_nobody_who_saves_it(sent: str, kept: str) -> None:
    assert safe_name(sent) == kept


def test_a_name_of_300_letters_keeps_its_kind() -> None:
    assert safe_name("a" * 300 + ".pdf") == "a" * 140 + ".pdf"
    assert len(safe_name("a." + "b" * 300)) <= 150


@given(st.text(st.characters(), max_size=400))
def test_any_name_is_safe_and_stays_as_it_is(sent: str) -> None:
    kept = safe_name(sent)
    assert safe_name(kept) == kept and 0 < len(kept) <= 151
    assert not set(kept) & set('\\/:*?"<>|\r\n\0') and not kept.startswith((".", " ")) and kept.isprintable()


@pytest.mark.parametrize(
    "name", ["a.exe", "a.pdf.exe", "a.html", "a.svg", "a.pdf\x00.html", "a.docm", "a.zip", "a", "pdf", ".pdf", "a.pdf/b.js"]
)
def test_other_kinds_are_refused_by_their_last_extension(small_office: Office, name: str) -> None:
    with pytest.raises(InvalidAnswers, match="tidak diterima"):
        receive(small_office, name)


def test_the_key_in_the_storage_is_never_the_person_s(small_office: Office) -> None:
    keys = {receive(small_office, "../../x.pdf").storage_key for _ in range(3)}
    assert len(keys) == 3 and all(UUID(key).hex == key for key in keys)
    assert keys == set(small_office.storage.list_keys())


# -- contents --


@pytest.mark.parametrize("extension", [".pdf", ".png", ".jpg", ".jpeg", ".doc", ".xls", ".docx", ".xlsx"])
@pytest.mark.parametrize("content", [SCRIPT, b"MZ" + b"\0" * 64, b"<svg onload=alert(1)>", b"\0", b"%PDF", b" " + PDF, zipped("setup.exe")])
def test_content_of_another_kind_is_refused(small_office: Office, extension: str, content: bytes) -> None:
    with pytest.raises(InvalidAnswers, match=f"bukan {extension[1:].upper()}"):
        receive(small_office, f"a{extension}", content)
    assert small_office.storage.list_keys() == []


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.pdf", PDF), ("a.PDF", PDF), ("a.png", PNG), ("a.jpg", JPG), ("a.doc", OLE), ("a.xls", OLE), ("a.docx", DOCX), ("a.xlsx", XLSX)],
)
def test_what_offices_write_is_kept(small_office: Office, name: str, content: bytes) -> None:
    assert receive(small_office, name, content).media_type == TYPES[extension_of(name)]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.docx", XLSX),
        ("a.xlsx", DOCX),
        ("a.docx", zipped("word/document.xml")),
        ("a.docx", b"PK\x03\x04" + b"[Content_Types].xml word/" + b"\0" * (2 << 20)),
    ],
)
def test_a_zip_that_is_no_office_file_is_refused(small_office: Office, name: str, content: bytes) -> None:
    with pytest.raises(InvalidAnswers, match="bukan"):
        receive(small_office, name, content)


def test_a_zip_bomb_is_never_unpacked(small_office: Office) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "")
        archive.writestr("word/document.xml", b"\0" * 200_000_000)
    tracemalloc.start()
    received = receive(small_office, "bom.docx", content.getvalue())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert received.size == len(content.getvalue()) and peak < 10_000_000


def test_a_file_above_the_limit_is_refused_before_it_is_read_whole(small_office: Office) -> None:
    class Endless(io.RawIOBase):
        read_so_far = 0

        def readable(self) -> bool:
            return True

        def read(self, size: int = -1) -> bytes:
            self.read_so_far += size
            return b"%PDF-" + b"a" * (size - 5)

    stream = Endless()
    with pytest.raises(InvalidAnswers, match="melebihi 25 MB"):
        small_office.storage.receive("f", "Konsep", "a.pdf", stream)  # type: ignore[arg-type]
    assert stream.read_so_far <= 26 << 20 and small_office.storage.list_keys() == []


# -- on the way out --

POLYGLOTS = [("a.pdf", PDF + SCRIPT), ("a.pdf", b"%PDF-1.4\n" + SCRIPT), ("a.png", PNG + SCRIPT), ("a.jpg", b"\xff\xd8\xff" + SCRIPT)]


@pytest.mark.parametrize(("name", "content"), POLYGLOTS)
def test_a_polyglot_is_what_we_say_and_nothing_a_browser_could_guess(
    people: People, small_office: Office, name: str, content: bytes
) -> None:
    for path in ("", "/lihat"):
        answer = served(small_office, people("kasubbag"), name, content, path)
        assert (answer.status_code, answer.mimetype) == (200, TYPES[extension_of(name)])
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'") and "script-src" not in policy


@pytest.mark.parametrize(("name", "content"), [*POLYGLOTS, ("a.docx", DOCX), ("a.xls", OLE)])
def test_a_download_is_saved_in_a_sandbox(people: People, small_office: Office, name: str, content: bytes) -> None:
    answer = served(small_office, people("kasubbag"), name, content)
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_what_the_sender_calls_it_does_not_matter(people: People, small_office: Office) -> None:
    kasubbag = people("kasubbag")
    case = small_office.start()
    small_office.run_until(case, "Task_4a")
    page = f"/tugas/{small_office.task('Task_4a').id}"
    kasubbag.get(page)
    kasubbag.client.post(
        f"{page}/simpan",
        data={**kasubbag.tokens, "konsep_surat": (io.BytesIO(PDF), "a.pdf", "text/html")},
        content_type="multipart/form-data",
    )
    with small_office.database.reading() as session:
        assert session.query(Attachment).filter_by(filename="a.pdf").one().media_type == "application/pdf"


@pytest.mark.parametrize(
    "name", ['a"; filename="b.exe".pdf', "a\r\nX-Jahat: ya.pdf", "Läporan 統計 %41.pdf", "a;b.pdf", "a'b.pdf", "é" * 200 + ".pdf"]
)
def test_a_name_cannot_break_out_of_its_header(people: People, small_office: Office, name: str) -> None:
    answer = served(small_office, people("kasubbag"), name)
    header = answer.headers["Content-Disposition"]
    assert "X-Jahat" not in answer.headers and header.isascii()
    assert parse_options_header(header) == ("attachment", {"filename": safe_name(name)})


def test_head_gives_the_headers_and_no_bytes(people: People, small_office: Office) -> None:
    with small_office.database.transaction() as session:
        attachments.add_drafts(session, small_office.actor("kasubbag"), "a" * 32, [receive(small_office, "a.pdf")])
    with small_office.database.reading() as session:
        id = session.query(Attachment).one().id
    answer = people("kasubbag").client.head(f"/berkas/{id}")
    assert (answer.status_code, answer.data, answer.headers["Content-Length"]) == (200, b"", str(len(PDF)))


@pytest.mark.parametrize("wanted", ["bytes=0-3", "bytes=-5", "bytes=9999999-", "bytes=0-0,2-2,4-4", "bytes=5-1", "lines=1"])
def test_a_range_is_answered_with_the_whole_file(people: People, small_office: Office, wanted: str) -> None:
    answer = served(small_office, people("kasubbag"), "a.pdf", headers={"Range": wanted})
    assert (answer.status_code, answer.data) == (200, PDF)


def test_the_browser_of_a_shared_computer_keeps_no_copy(people: People, small_office: Office) -> None:
    assert served(small_office, people("kasubbag"), "a.pdf").headers["Cache-Control"] == "no-store"


def test_a_draft_is_its_uploader_s_alone(people: People, small_office: Office) -> None:
    served(small_office, people("kasubbag"), "a.pdf")
    with small_office.database.reading() as session:
        id = session.query(Attachment).one().id
    for username in ("kabag", "admin", "auditor", "opd.dinas_kesehatan"):
        assert people(username).get(f"/berkas/{id}").status_code == 404
