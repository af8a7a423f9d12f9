"""Every door of /engine-rest against a table: who may, by route, method and credentials. A new route without an entry fails."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from flask import Flask, url_for
from sqlalchemy import select

from app import create_app
from app.config import ROOT
from app.models import PersonalToken, SignInFailure
from app.web.guard import is_public
from tests.support.client import Client
from tests.support.office import PASSWORD, SOP, Office
from tests.support.rest import Program, basic, bearer, make_token
from tests.web.test_doors import doors_of

PEOPLE = ("analis", "tu", "auditor", "admin", "sekda", "opd.dinas_kesehatan")
# What each gets, in the order of PEOPLE, with nothing in the body. An OPD reads no version and no case of the office.
EVERY = (200,) * 6
OFFICE = (200, 200, 200, 200, 200, 404)
STARTS = (403, 400, 403, 403, 403, 404)
NOWHERE = (404,) * 6
DOORS: Mapping[tuple[str, str], tuple[int, ...]] = {
    ("GET", "rest.version"): EVERY,
    ("GET", "rest.deployments"): EVERY,
    ("GET", "rest.count_deployments"): EVERY,
    ("GET", "rest.deployment"): OFFICE,
    ("GET", "rest.resources"): OFFICE,
    ("POST", "rest.deploy"): (400, 403, 403, 403, 403, 403),
    ("GET", "rest.process_definitions"): EVERY,
    ("GET", "rest.count_process_definitions"): EVERY,
    ("GET", "rest.process_definition"): OFFICE,
    ("GET", "rest.process_definition_by_key"): OFFICE,
    ("GET", "rest.xml"): OFFICE,
    ("GET", "rest.xml_by_key"): OFFICE,
    ("POST", "rest.start"): STARTS,
    ("POST", "rest.start_by_key"): STARTS,
    ("GET", "rest.cases"): EVERY,
    ("GET", "rest.count_cases"): EVERY,
    ("GET", "rest.case"): OFFICE,
    ("GET", "rest.tasks"): EVERY,
    ("GET", "rest.count_tasks"): EVERY,
    ("GET", "rest.task"): OFFICE,
    **{(method, "rest.nothing"): NOWHERE for method in ("GET", "POST", "PUT", "PATCH", "DELETE")},
}
WRITES = ("rest.deploy", "rest.start", "rest.start_by_key")


@pytest.fixture
def app(small_office: Office) -> Iterator[Flask]:
    small_office.run_until(small_office.start(), "Task_4b")
    app = create_app(small_office.database.settings.model_copy(update={"login_tries": 1000}))
    app.extensions["office"] = small_office
    yield app
    app.extensions["alur"].database.dispose()


@pytest.fixture
def ten_tries(small_office: Office) -> Iterator[Flask]:
    """As in an office: no case is needed to be shut out."""
    app = create_app(small_office.database.settings)
    app.extensions["office"] = small_office
    yield app
    app.extensions["alur"].database.dispose()


def path_to(app: Flask, endpoint: str) -> str:
    office: Office = app.extensions["office"]
    values = {
        "deployment_id": "1",
        "definition_id": f"{SOP}:1:1",
        "key": SOP,
        "case_id": "1",
        "task_id": str(office.task("Task_4b").id),
        "address": "history/task",
    }
    rule = next(rule for rule in reversed(list(app.url_map.iter_rules())) if rule.endpoint == endpoint)
    with app.test_request_context():
        return url_for(endpoint, **{name: values[name] for name in rule.arguments})


def ask(app: Flask, door: tuple[str, str], headers: Mapping[str, str]) -> tuple[int, Any]:
    method, endpoint = door
    body = {"json": {}} if method != "GET" and "start" in endpoint else {}
    answer = app.test_client().open(path_to(app, endpoint), method=method, headers=headers, **body)
    return answer.status_code, answer.json


def test_every_door_is_in_the_table(app: Flask) -> None:
    assert {door for door in doors_of(app) if door[1].startswith("rest.")} == DOORS.keys()


def test_the_analysts_page_names_every_door(app: Flask) -> None:
    page = (ROOT / "docs" / "camunda-modeler.md").read_text("utf-8")
    named = set(re.findall(r"`((?:GET|POST) /[^`]*)`", page))
    assert named == {
        f"{method} {re.sub(r'<[a-z]+_id>', '<id>', rule.rule.removeprefix('/engine-rest'))}"
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("rest.") and rule.endpoint != "rest.nothing"
        for method in (rule.methods or set()) & {"GET", "POST"}
    }


@pytest.mark.parametrize("person", PEOPLE)
def test_each_person_gets_what_the_table_says(app: Flask, person: str) -> None:
    got = {door: ask(app, door, basic(person))[0] for door in DOORS}
    assert got == {door: statuses[PEOPLE.index(person)] for door, statuses in DOORS.items()}


BAD_CREDENTIALS: Mapping[str, Mapping[str, str]] = {
    "none": {},
    "another scheme": {"Authorization": "Digest username=analis"},
    "Basic without anything": {"Authorization": "Basic"},
    "no base64": {"Authorization": "Basic !!!!"},
    "no colon": {"Authorization": "Basic " + base64.b64encode(b"analis").decode()},
    "a wrong password": basic("analis", "salah-sekali-ini"),
    "an unknown person": basic("tidak.ada"),
    "control characters": basic("analis\x00", PASSWORD),
    "bytes of no alphabet": {"Authorization": "Basic " + base64.b64encode(b"\xff\xfe:\xff").decode()},
    "Bearer without anything": {"Authorization": "Bearer "},
    "a token nobody made": bearer("alur_" + "A" * 43),
    "something else as a token": bearer("' or 1=1 --"),
    "a password as a token": bearer(PASSWORD),
}


def test_bad_credentials_open_no_door(app: Flask) -> None:
    got = {(name, door): ask(app, door, headers) for name, headers in BAD_CREDENTIALS.items() for door in DOORS}
    assert {(status, body["type"]) for status, body in got.values()} == {(401, "AuthenticationException")}
    assert not [body for _, body in got.values() if "15 menit" in body["message"]]  # the credentials were judged, not the pause


@pytest.mark.parametrize("person", ["analis", "auditor", "tu"])
def test_a_signed_in_cookie_opens_no_door(app: Flask, person: str) -> None:
    browser = Client(app, person)
    assert browser.get("/pelaksanaan/1").status_code == 200
    for method, endpoint in DOORS:
        answer = browser.http.open(path_to(app, endpoint), method=method)
        assert answer.status_code == 401 and "Set-Cookie" not in answer.headers, endpoint


def test_a_cookie_beside_credentials_does_not_count(app: Flask) -> None:
    browser = Client(app, "analis")
    answer = browser.http.post("/engine-rest/deployment/create", headers=basic("auditor"))
    assert answer.status_code == 403 and answer.json["userId"] == "auditor"


def test_these_doors_are_not_public_and_only_they_need_no_form_token(app: Flask) -> None:
    from app.web.guard import csrf

    assert not [endpoint for _method, endpoint in DOORS if is_public(app, endpoint)]
    assert [pages.name for pages in csrf._exempt_blueprints if app.blueprints.get(pages.name) is pages] == ["rest"]


def test_a_reading_token_reads_and_writes_nothing(app: Flask) -> None:
    token = make_token(app.extensions["office"], "tu", "baca")
    for door in DOORS:
        status, body = ask(app, door, bearer(token))
        if door[1] in WRITES:
            assert status == 403 and body["type"] == "AuthorizationException", door
        elif door[1] != "rest.nothing":
            assert status == 200, door


def test_a_token_serves_as_bearer_and_as_password(app: Flask) -> None:
    token = make_token(app.extensions["office"], "analis")
    for headers in (bearer(token), basic("analis", token)):
        assert Program(app, headers).post("/deployment/create").status_code == 400


def test_the_401_is_camundas_and_makes_no_browser_ask_for_a_password(app: Flask) -> None:
    client = app.test_client()
    answer = client.get("/engine-rest/deployment?maxResults=0", headers={"Accept": "application/json"})
    assert answer.headers["WWW-Authenticate"].startswith('Basic realm="')
    page = client.get("/engine-rest/version", headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert page.status_code == 401 and "WWW-Authenticate" not in page.headers


@pytest.mark.parametrize("origin", ["https://evil.example", "http://localhost:8000", "HTTPS://EVIL.EXAMPLE"])
def test_a_web_page_is_refused_whatever_its_browser_adds(app: Flask, origin: str) -> None:
    answer = app.test_client().get("/engine-rest/version", headers={**basic("analis"), "Origin": origin})
    assert answer.status_code == 403 and "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize("origin", ["file://", "null"])
def test_the_window_of_the_modeler_is_no_web_page(app: Flask, origin: str) -> None:
    assert app.test_client().get("/engine-rest/version", headers={**basic("analis"), "Origin": origin}).status_code == 200


def test_a_preflight_gets_nothing(app: Flask) -> None:
    answer = app.test_client().options("/engine-rest/deployment/create", headers={"Access-Control-Request-Method": "POST"})
    assert answer.status_code == 401 and not [name for name, _ in answer.headers if name.startswith("Access-Control")]


# -- the lock-out --


def failures(ten_tries: Flask) -> list[str]:
    with ten_tries.extensions["office"].database.reading() as session:
        return sorted(session.scalars(select(SignInFailure.subject)))


def test_ten_wrong_passwords_close_the_account_here_and_on_the_sign_in_page(ten_tries: Flask) -> None:
    for _ in range(10):
        assert Program(ten_tries, basic("analis", "salah-sekali-ini")).get("/version").status_code == 401
    refused = Program(ten_tries, basic("analis")).get("/version")
    assert refused.status_code == 401 and "15 menit" in refused.json["message"]
    page = Client(ten_tries).post("/masuk", {"nama_pengguna": "analis", "kata_sandi": PASSWORD}, token_from="/masuk")
    assert page.status_code == 401 and "15 menit" in page.text


def test_a_wrong_password_and_an_unknown_person_read_the_same_and_count_alike(ten_tries: Flask) -> None:
    answers = [Program(ten_tries, basic(name, "salah-sekali-ini")).get("/version") for name in ("analis", "tidak.ada")]
    assert answers[0].data == answers[1].data and dict(answers[0].headers) == dict(answers[1].headers)
    assert failures(ten_tries) == ["akun:analis", "akun:tidak.ada", "alamat:127.0.0.1", "alamat:127.0.0.1"]


def test_asking_without_credentials_is_no_try(ten_tries: Flask) -> None:
    """The Modeler does so whenever its dialog opens."""
    Program(ten_tries, {}).get("/deployment?maxResults=0")
    assert failures(ten_tries) == []


def test_a_token_nobody_made_counts_for_the_address_alone(ten_tries: Flask) -> None:
    Program(ten_tries, bearer("alur_" + "A" * 43)).get("/version")
    assert failures(ten_tries) == ["alamat:127.0.0.1"]


def test_an_ended_token_is_no_guess(ten_tries: Flask) -> None:
    """A program that was forgotten somewhere must not keep its whole office from signing in."""
    office: Office = ten_tries.extensions["office"]
    token = make_token(office, "analis")
    with office.database.transaction() as session:
        row = session.scalars(select(PersonalToken)).one()
        row.revoked_at = row.made_at
    assert "dicabut" in Program(ten_tries, bearer(token)).get("/version").json["message"]
    assert failures(ten_tries) == []


def test_a_good_token_works_while_passwords_pause(ten_tries: Flask) -> None:
    token = make_token(ten_tries.extensions["office"], "analis")
    for _ in range(10):
        Program(ten_tries, basic("analis", "salah-sekali-ini")).get("/version")
    assert Program(ten_tries, bearer(token)).get("/version").status_code == 200


def test_the_last_use_of_a_token_is_written(ten_tries: Flask) -> None:
    office: Office = ten_tries.extensions["office"]
    Program(ten_tries, bearer(make_token(office, "analis"))).get("/version")
    with office.database.reading() as session:
        assert session.scalars(select(PersonalToken)).one().used_at is not None


def test_a_password_with_accents_arrives_as_the_modeler_writes_it(ten_tries: Flask) -> None:
    from app.accounts import hash_password
    from app.models import User

    office: Office = ten_tries.extensions["office"]
    with office.database.transaction() as session:
        analyst = session.scalars(select(User).where(User.username == "analis")).one()
        analyst.password_hash = hash_password(office.database.settings, "perahu-bérlayar-17")
    for encoding in ("latin-1", "utf-8"):
        header = {"Authorization": "Basic " + base64.b64encode("analis:perahu-bérlayar-17".encode(encoding)).decode()}
        assert Program(ten_tries, header).get("/version").status_code == 200, encoding
