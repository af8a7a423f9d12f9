"""Whatever is asked of /engine-rest: Camunda's error shape, a sentence of ours, never a 500."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from app import create_app, definitions
from app.errors import Busy
from tests.support.office import SOP, Office
from tests.support.rest import DRAWING, Program, basic, changed


@pytest.fixture
def app(small_office: Office) -> Iterator[Flask]:
    small_office.start()
    app = create_app(small_office.database.settings)
    yield app
    app.extensions["alur"].database.dispose()


LISTS = ("/deployment", "/process-definition", "/process-instance", "/task")
ODD = ("-1", "x", "1.5", "", "99999999999999999999", "2147483648", "2001", "%00", "٣", "1%0A")


def test_odd_pages_are_refused(app: Flask) -> None:
    analyst = Program(app, basic("analis"))
    for path in LISTS:
        for text in ODD:
            answer = analyst.get(f"{path}?maxResults={text}")
            assert (answer.status_code, answer.json["type"]) == (400, "InvalidRequestException"), (path, text)


def test_a_wish_that_is_not_known_is_refused_and_not_forgotten(app: Flask) -> None:
    analyst = Program(app, basic("analis"))
    repeated = "maxResults=1&maxResults=2"
    for query in ("sortBy=id", "tenantIdIn=a", "x=1", "%00=1", "🙂=1", repeated, "firstResult=x", "latestVersion=ya", "key=a%00"):
        answer = analyst.get(f"/process-definition?{query}")
        assert (answer.status_code, answer.json["type"]) == (400, "InvalidRequestException"), query


def test_far_pages_and_hostile_wishes_find_nothing(app: Flask) -> None:
    analyst = Program(app, basic("analis"))
    assert [analyst.json(f"{path}?firstResult=2147483647") for path in LISTS] == [[], [], [], []]
    for wish in ("", "' or 1=1 --", "%25", "%5c", "%F0%9F%99%82" * 50):
        assert analyst.json(f"/task?processDefinitionKey={wish}") == analyst.json(f"/process-instance?businessKey={wish}") == []


NOWHERE = (
    "", "/", "/VERSION", "/engine/default/task", "/../tugas", "/%2e%2e/tugas",
    "/deployment/x", "/deployment/0", "/deployment/99999999999999999999", "/deployment/%00", "/deployment/1/resources/1",
    "/process-instance/1;x", "/process-instance/-1", "/process-instance/١",
    "/task/x", "/task/00000000-0000-0000-0000-000000000000", "/task/%00",
    f"/process-definition/{SOP}", f"/process-definition/{SOP}:1:2", f"/process-definition/{SOP}:01:1",
    f"/process-definition/{SOP}:1:1/diagram", "/process-definition/key", "/process-definition/key/%F0%9F%99%82",
)  # fmt: skip


def test_what_is_not_there_is_404_in_json(app: Flask) -> None:
    analyst = Program(app, basic("analis"))
    for path in NOWHERE:
        answer = analyst.get(path)
        assert answer.status_code == 404 and answer.json["type"] in ("NotFoundException", "InvalidRequestException"), path
        assert answer.json["message"].isprintable()


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE"])
def test_other_ways_are_not_there(app: Flask, method: str) -> None:
    """Nothing is deleted or changed over this address."""
    answer = app.test_client().open("/engine-rest/deployment/1", method=method, headers=basic("analis"))
    assert answer.status_code in (404, 405)


def test_a_fault_has_a_number_and_no_details(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_given: object) -> None:
        raise RuntimeError("rahasia /srv/alur")

    monkeypatch.setattr(definitions, "definitions_for", fail)
    answer = Program(app, basic("analis")).get("/deployment")
    assert (answer.status_code, answer.json["type"]) == (500, "ProcessEngineException")
    assert "K-1001" in answer.json["message"] and "rahasia" not in answer.text


def test_a_busy_database_says_when_to_come_back(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*_given: object, **_more: object) -> None:
        raise Busy

    monkeypatch.setattr(definitions, "deploy", busy)
    answer = Program(app, basic("analis")).deploy({f"{SOP}.bpmn": changed(DRAWING)})
    assert answer.status_code == 503 and answer.headers["Retry-After"] == "5" and answer.json["type"] == "InvalidRequestException"
