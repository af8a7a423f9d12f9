"""Starting over /engine-rest: variables are the answers of the opening form, judged as on its page."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from app import create_app
from app.models import Instance, Task
from tests.support.office import DRAWINGS, SOP, Office
from tests.support.rest import ANSWERS, DRAWING, OPENING_FORM, Program, basic, form_file, without_files

NEWEST = f"{SOP}:2:{len(DRAWINGS) + 1}"


@pytest.fixture
def app(small_office: Office) -> Iterator[Flask]:
    """Version 2 opens with a form without a file, which no program could send."""
    app = create_app(small_office.database.settings)
    sent = {f"{SOP}.bpmn": DRAWING, "pembuka.form": without_files(form_file(OPENING_FORM))}
    assert Program(app, basic("analis")).deploy(sent).status_code == 200
    yield app
    app.extensions["alur"].database.dispose()


@pytest.fixture
def tu(app: Flask) -> Program:
    return Program(app, basic("tu"))


def cases(office: Office) -> int:
    with office.database.reading() as session:
        return len(session.scalars(select(Instance)).all())


@pytest.mark.parametrize("path", [f"key/{SOP}", NEWEST])
def test_a_case_begins_and_answers_in_camundas_words(small_office: Office, tu: Program, path: str) -> None:
    answer = tu.start(path, businessKey="default")
    assert answer.status_code == 200, answer.text
    assert answer.json == {
        "links": [{"method": "GET", "href": "http://localhost/engine-rest/process-instance/1", "rel": "self"}],
        "id": "1", "definitionId": NEWEST, "definitionKey": SOP, "businessKey": f"{SOP}:2031", "caseInstanceId": None,
        "ended": False, "suspended": False, "tenantId": None,
    }  # fmt: skip
    assert small_office.instance(1).started_by == small_office.actor("tu").id
    assert [task.element for task in small_office.open(1)] == ["Task_2"]


def test_answers_are_stored_as_the_page_stores_them(small_office: Office, tu: Program) -> None:
    tu.start(NEWEST)
    with small_office.database.reading() as session:
        stored = session.scalars(select(Task).where(Task.form_id == OPENING_FORM)).one().answers
    assert stored is not None
    assert {name: stored[name] for name in ANSWERS} == {
        **{name: given["value"] for name, given in ANSWERS.items()},
        "tanggal_surat": "2026-01-05",
    }


def test_answers_come_back_when_they_are_wanted(tu: Program) -> None:
    variables = tu.start(NEWEST, withVariablesInReturn=True).json["variables"]
    assert variables["tahun"] == {"type": "Integer", "value": 2031, "valueInfo": {}}
    assert variables["hal"]["type"] == "String"


def refused(answer: object, office: Office, status: int = 400, kind: str = "InvalidRequestException") -> str:
    assert (answer.status_code, answer.json["type"]) == (status, kind), answer.text  # type: ignore[attr-defined]
    assert cases(office) == 0
    message: str = answer.json["message"]  # type: ignore[attr-defined]
    return message


def test_what_is_missing_is_said_in_sentences(small_office: Office, tu: Program) -> None:
    message = refused(tu.start(NEWEST, {}), small_office)
    assert message.startswith("SOP belum dapat dimulai. ") and "Nomor surat belum diisi." in message


def test_a_required_file_leads_to_the_page(small_office: Office) -> None:
    app = create_app(small_office.database.settings)
    message = refused(Program(app, basic("tu")).start(f"{SOP}:1:1"), small_office)
    assert "Berkas surat belum diunggah. Berkas hanya dapat diunggah lewat halaman Mulai Pelaksanaan SOP." in message
    app.extensions["alur"].database.dispose()


def test_answers_the_form_does_not_take_are_refused(small_office: Office, tu: Program) -> None:
    for extra in (
        {"berkas": {"type": "File", "value": "QUJD"}},
        {"tidak_ada": {"value": "x"}},
        {"__builtins__": {"value": "x"}},
        {"tahun": {"value": "dua ribu"}},
        {"tahun": {"value": 1e999}},
        {"tahun": {"value": 10**400}},
        {"tahun": {"value": [2031, 2032]}},
        {"tahun": {"value": {"a": 1}}},
        {"tahun": {"value": "[" * 5000, "type": "Json"}},
        {"hal": {"value": [["a"]]}},
        {"hal": {"value": "a\x00b"}},
        {"hal": {"value": "\ud800"}},
        {"tanggal_surat": {"value": "2026-13-45T00:00:00.000+0700", "type": "Date"}},
        {"tanggal_surat": {"value": 5, "type": "Date"}},
        {"\ud800\u0000": {"value": "x"}},
    ):
        assert refused(tu.start(NEWEST, {**ANSWERS, **extra}), small_office), extra


BODIES = {
    "nothing": b"",
    "no JSON": b"{",
    "a list": b"[]",
    "a word": b'"x"',
    "deep": b'{"variables":' + b"[" * 100_000,
    "a constant": b'{"variables": {"tahun": {"value": NaN}}}',
    "a long number": b'{"variables": {"tahun": {"value": ' + b"9" * 5000 + b"}}}",
    "variables as a list": b'{"variables": [1]}',
    "variables without value": b'{"variables": {"tahun": 2031}}',
    "bytes of no alphabet": b"\xff\xfe\xfd",
}


def test_a_body_that_is_no_start_is_refused(small_office: Office, tu: Program) -> None:
    for name, body in BODIES.items():
        answer = tu.post(f"/process-definition/{NEWEST}/start", data=body, content_type="application/json")
        assert refused(answer, small_office), name


def test_only_json_starts(small_office: Office, tu: Program) -> None:
    """The others are what a form on a foreign page can send without asking."""
    body = json.dumps({"variables": ANSWERS})
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""):
        assert refused(tu.post(f"/process-definition/{NEWEST}/start", data=body, content_type=kind), small_office), kind


def test_a_body_of_two_megabytes_is_refused(small_office: Office, tu: Program) -> None:
    refused(tu.start(NEWEST, {**ANSWERS, "hal": {"value": "a" * 2_000_000}}), small_office, 413)


def test_an_old_version_is_not_started(small_office: Office, tu: Program) -> None:
    assert NEWEST in refused(tu.start(f"{SOP}:1:1"), small_office)


def test_what_is_not_there_is_404(small_office: Office, tu: Program) -> None:
    for path in ("key/tiada", "tiada:1:1", f"{SOP}:1:99999999999999999999", f"{SOP}:7:2", "2", "%00", f"key/{SOP}%00"):
        assert refused(tu.start(path), small_office, 404), path


def test_an_auditor_learns_who_starts_it(small_office: Office, app: Flask) -> None:
    answer = Program(app, basic("auditor")).start(NEWEST)
    assert "dimulai oleh TU Bagian" in refused(answer, small_office, 403, "AuthorizationException")
    assert answer.json["missingAuthorizations"][0]["permissionName"] == "CREATE_INSTANCE"


def test_the_same_year_twice_is_a_conflict(small_office: Office, tu: Program) -> None:
    tu.start(NEWEST)
    again = tu.start(NEWEST)
    assert again.status_code == 409 and "sudah berjalan" in again.json["message"] and cases(small_office) == 1
