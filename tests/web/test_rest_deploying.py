"""Deploying over /engine-rest: what becomes a version, what is refused and how that reads."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from app import create_app, definitions
from app.definitions import Bundle
from app.models import Definition, DefinitionForm
from tests.support.office import DRAWINGS, SOP, Office
from tests.support.rest import DRAWING, OPENING_FORM, Program, basic, changed, form_file, without_files

NAME = f"{SOP}.bpmn"


@pytest.fixture
def app(small_office: Office) -> Iterator[Flask]:
    app = create_app(small_office.database.settings)
    yield app
    app.extensions["alur"].database.dispose()


@pytest.fixture
def analyst(app: Flask) -> Program:
    return Program(app, basic("analis"))


def versions(office: Office) -> int:
    """How many definitions there are, the other shipped SOPs aside."""
    with office.database.reading() as session:
        return len(session.scalars(sa.select(Definition)).all()) - len(DRAWINGS) + 1


def form_of(office: Office, definition_id: int, form_id: str) -> bytes | None:
    with office.database.reading() as session:
        found = session.get(DefinitionForm, (definition_id, form_id))
        return found.content if found else None


# -- what becomes a version --


def test_a_changed_drawing_becomes_the_next_version_in_camundas_words(analyst: Program) -> None:
    answer = analyst.deploy({NAME: changed()}, **{"deployment-name": "Perbaikan batas waktu", "deployment-source": "Camunda Modeler"})
    assert answer.status_code == 200, answer.text
    body = answer.json
    assert body["links"] == [{"method": "GET", "href": f"http://localhost/engine-rest/deployment/{body['id']}", "rel": "self"}]
    assert (body["name"], body["source"], body["tenantId"]) == ("Perbaikan batas waktu", "Camunda Modeler", None)
    ((id, found),) = body["deployedProcessDefinitions"].items()
    assert id == found["id"] == f"{SOP}:2:{body['id']}"
    assert found.pop("name").startswith("Penyusunan Laporan")
    assert found == {
        "id": id, "key": SOP, "category": None, "description": None, "version": 2, "resource": NAME, "deploymentId": body["id"],
        "diagram": None, "suspended": False, "tenantId": None, "versionTag": None, "historyTimeToLive": None, "startableInTasklist": True,
    }  # fmt: skip
    for kind in ("deployedCaseDefinitions", "deployedDecisionDefinitions", "deployedDecisionRequirementsDefinitions"):
        assert body[kind] is None


def test_the_moment_is_written_as_camunda_writes_it(analyst: Program) -> None:
    from datetime import datetime

    text = analyst.deploy({NAME: changed()}).json["deploymentTime"]
    assert datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%f%z").strftime("%z") == "+0700" and len(text) == 28


def test_who_deployed_it_and_through_what_is_kept(small_office: Office, analyst: Program) -> None:
    analyst.deploy({NAME: changed()}, **{"deployment-name": "  Rapat \x07 Senin ", "deployment-source": "M" * 150})
    found = small_office.definition()
    assert (found.deployed_by, found.note, found.source) == (small_office.actor("analis").id, "Rapat Senin", "M" * 100)


def test_a_drawing_that_changed_nothing_answers_with_the_version_there_is(small_office: Office, analyst: Program) -> None:
    answer = analyst.deploy({NAME: DRAWING}, **{"deployment-name": "Sekali lagi", "enable-duplicate-filtering": "true"})
    assert answer.json["id"] == "1" and list(answer.json["deployedProcessDefinitions"]) == [f"{SOP}:1:1"]
    assert versions(small_office) == 1


def test_what_is_unchanged_is_not_even_checked(analyst: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(definitions, "check_apart", lambda *_: pytest.fail("checked"))
    assert analyst.deploy({NAME: DRAWING}).status_code == 200


def test_forms_that_are_not_sent_come_from_the_version_before(small_office: Office, analyst: Program) -> None:
    with small_office.database.transaction() as session:
        session.execute(sa.update(DefinitionForm).where(DefinitionForm.form_id == "ag02").values(content=form_file("ag02") + b"\n"))
    new = int(analyst.deploy({NAME: changed()}).json["id"])
    assert form_of(small_office, new, "ag02") == form_file("ag02") + b"\n"


def test_a_form_that_is_sent_replaces_the_one_before_by_the_id_in_it(small_office: Office, analyst: Program) -> None:
    sent = without_files(form_file(OPENING_FORM))
    new = int(analyst.deploy({NAME: DRAWING, "Surat Masuk (baru).form": sent}).json["id"])
    assert new == len(DRAWINGS) + 1 and form_of(small_office, new, OPENING_FORM) == sent
    assert form_of(small_office, new, "ag02") == form_file("ag02")


def test_a_form_of_a_suspended_version_is_not_taken(small_office: Office, analyst: Program) -> None:
    with small_office.database.transaction() as session:
        session.execute(sa.update(Definition).values(is_suspended=True))
    assert analyst.deploy({NAME: changed()}).json["type"] == "ParseException"


def test_forms_the_drawing_does_not_name_are_left_aside(small_office: Office, analyst: Program) -> None:
    other = json.dumps({**json.loads(form_file("ag02")), "id": "tidak_disebut"}).encode()
    new = int(analyst.deploy({NAME: changed(), "lain.form": other}).json["id"])
    assert form_of(small_office, new, "tidak_disebut") is None


# -- work: the Modeler gives up after five seconds --


def test_checking_happens_while_no_transaction_is_open(small_office: Office, analyst: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody else writes at that very moment: SQLite has one writer, who would have to wait."""
    checks: list[int] = []
    check_apart = definitions.check_apart

    def check(bundle: Bundle, groups: Any) -> tuple[Any, ...]:
        with small_office.database.transaction() as session:
            session.execute(sa.update(Definition).values(note="ditulis"))
        checks.append(1)
        return check_apart(bundle, groups)

    monkeypatch.setattr(definitions, "check_apart", check)
    assert analyst.deploy({NAME: changed()}).status_code == 200
    assert checks == [1]


def test_deploying_takes_few_statements(small_office: Office, app: Flask, analyst: Program) -> None:
    seen: list[str] = []
    sa.event.listen(app.extensions["alur"].database.engine, "before_cursor_execute", lambda *given: seen.append(given[2]))
    analyst.deploy({NAME: changed()})
    assert len([text for text in seen if text.split()[0] in ("SELECT", "INSERT", "UPDATE", "DELETE")]) <= 14, "\n".join(seen)


# -- what is refused --


def refused(answer: TestResponse, status: int = 400, kind: str = "InvalidRequestException") -> str:
    assert (answer.status_code, answer.json["type"]) == (status, kind), answer.text
    assert answer.mimetype == "application/json"
    message: str = answer.json["message"]
    return message


def test_findings_come_as_camundas_parse_exception(small_office: Office, analyst: Program) -> None:
    drawing = DRAWING.replace(b'formRef="ag02"', b'formRef="belum_ada"')
    answer = analyst.deploy({NAME: drawing})
    message = refused(answer, kind="ParseException")
    # By these words the Modeler tells a bad drawing from a bad server, and shows the rest as it is.
    assert message.startswith("ENGINE-09005 Could not parse BPMN process. Errors: \n* Formulir “belum_ada.form”")
    assert f"| resource {NAME} | line " in message
    assert answer.json["code"] == 0
    (problem,) = answer.json["details"][NAME]["errors"]
    assert (problem["mainElementId"], problem["elementIds"], problem["column"]) == ("Task_2", ["Task_2"], 0)
    assert problem["line"] == drawing[: drawing.index(b'id="Task_2"')].count(b"\n") + 1
    assert answer.json["details"][NAME]["warnings"] == []
    assert versions(small_office) == 1


def test_findings_of_a_form_stand_under_the_form(analyst: Program) -> None:
    form = json.loads(form_file("ag02"))
    form["components"].append({"type": "iframe", "id": "Bingkai", "url": "https://contoh.test"})
    answer = analyst.deploy({NAME: DRAWING, "ag02.form": json.dumps(form).encode()})
    assert "ag02.form" in answer.json["details"], answer.text


BROKEN = {
    "text": b"bukan xml",
    "cut off": DRAWING[:5000],
    "zip": b"PK\x03\x04" + b"\x00" * 100,
    "empty": b"",
    "an entity": b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
    "other XML": b"<html/>",
    "three megabytes": DRAWING + b"<!--" + b"a" * 3_000_000 + b"-->",
    "broken UTF-8": DRAWING.replace(b'name="', b'name="\xff', 1),
}


def test_what_is_no_drawing_is_a_parse_exception(analyst: Program) -> None:
    for name, drawing in BROKEN.items():
        assert "root:" not in refused(analyst.deploy({NAME: drawing}), kind="ParseException"), name


def test_a_form_that_cannot_be_read_never_gives_way_to_an_older_one(analyst: Program) -> None:
    answer = analyst.deploy({NAME: changed(), "ag02 baru.form": b"{bukan json"})
    assert "bukan JSON" in refused(answer, kind="ParseException") and "ag02 baru.form" in answer.json["details"]


def test_a_form_without_an_id_is_refused(analyst: Program) -> None:
    assert "id" in refused(analyst.deploy({NAME: changed(), "x.form": b"{}"}), kind="ParseException")


def test_two_drawings_are_refused(small_office: Office, analyst: Program) -> None:
    assert "satu diagram saja" in refused(analyst.deploy({NAME: changed(), "lain.bpmn": changed()}))
    assert versions(small_office) == 1


def test_two_drawings_under_one_name_are_refused(analyst: Program) -> None:
    parts = {"data": [(io.BytesIO(changed()), "a.bpmn"), (io.BytesIO(changed()), "b.bpmn")]}
    answer = analyst.post("/deployment/create", data=parts, content_type="multipart/form-data")
    assert "satu diagram saja" in refused(answer)


def test_one_form_twice_is_refused(analyst: Program) -> None:
    twice = {"a.form": form_file("ag02"), "b.form": form_file("ag02")}
    assert "Dua berkas memuat formulir “ag02”" in refused(analyst.deploy({NAME: changed(), **twice}))


def test_other_files_are_refused_by_name(analyst: Program) -> None:
    for name in ("proses.zip", "keputusan.dmn", "skrip.groovy", "tanpa-akhiran", "a.bpmn.exe"):
        assert f"“{name}”" in refused(analyst.deploy({NAME: changed(), name: b"PK\x03\x04"}))


def test_a_path_in_a_file_name_is_only_a_name(small_office: Office, analyst: Program) -> None:
    analyst.deploy({"..\\..\\C:\\rahasia/../Diagram\x00 baru.bpmn": changed()})
    assert small_office.definition().file == "Diagram baru.bpmn"


BODIES = (
    (b"", "multipart/form-data"),
    (b"", "multipart/form-data; boundary=x"),
    (b"--x\r\nContent-Disp", "multipart/form-data; boundary=x"),
    (b"--x\r\n\r\nisi\r\n--x--", "multipart/form-data; boundary=x"),
    (b"--x--", "multipart/form-data; boundary=" + "x" * 5000),
    (DRAWING, "text/xml"),
    (b"{}", "application/json"),
    (b"a=b", "application/x-www-form-urlencoded"),
    (b"", ""),
)


def test_a_body_that_is_no_upload_is_refused(analyst: Program) -> None:
    for body, kind in BODIES:
        assert refused(analyst.post("/deployment/create", data=body, content_type=kind)), (body[:20], kind[:40])


def test_a_drawing_as_text_instead_of_a_file_is_refused(analyst: Program) -> None:
    answer = analyst.post("/deployment/create", data={NAME: DRAWING.decode()}, content_type="multipart/form-data")
    assert "Tidak ada diagram" in refused(answer)


def test_ten_megabytes_are_the_most(analyst: Program) -> None:
    forms = {f"f{number}.form": b" " * 1_048_576 for number in range(11)}
    assert "10 MB" in refused(analyst.deploy({NAME: changed(), **forms}), 413)


def test_two_hundred_parts_are_the_most(analyst: Program) -> None:
    refused(analyst.deploy({NAME: changed()}, **{f"teks{number}": "x" for number in range(250)}), 413)


def test_a_long_text_is_refused(analyst: Program) -> None:
    refused(analyst.deploy({NAME: changed()}, **{"deployment-name": "a" * 3_000_000}), 413)
