"""Every door against a table: who may, by route, method and person. A new route without an entry fails."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest
from flask import Flask

from app import create_app
from app.web.guard import is_public
from tests.support.agenda import AFTER_EVENT, add
from tests.support.client import Client
from tests.support.office import SOP, Office
from tests.support.site import TOKEN

PEOPLE = ("tu", "kabag", "opd.dinas_kesehatan", "auditor", "analis", "admin", "ajudan")
# What each person gets, in the order of PEOPLE, when case 1 waits for Kabag to initial the draft. 303: done, or sent to where it belongs.
SEES = (200, 200, 404, 200, 200, 200, 404)  # cases: offices of the drawing and those who see all; nobody else learns that they exist
EVERY = (200,) * len(PEOPLE)
READS_BENCH = (403, 403, 403, 200, 200, 200, 403)
NO_DRAFT = (403, 403, 403, 404, 404, 404, 403)
EDITS_NO_DRAFT = (403, 403, 403, 403, 404, 403, 403)
SENDS_NOTHING = (403, 403, 403, 403, 400, 403, 403)  # no JSON in it
HELPS = (200, 403, 403, 403, 403, 200, 403)  # an OPD's account, before its helpers and before everybody else
READS_REGISTERS = (200, 200, 403, 200, 200, 200, 200)  # the office and who sees every case
KEEPS = (422, 403, 403, 403, 403, 422, 403)
ADMINS = (403, 403, 403, 403, 403, 200, 403)
INSPECTS = (403, 403, 403, 200, 403, 200, 403)  # hangs on the person, whatever their office
REPAIRS = (403, 403, 404, 403, 403, 200, 404)
DOORS: dict[tuple[str, str], tuple[int, ...]] = {
    ("GET", "staff.inbox"): EVERY,
    ("GET", "staff.start_list"): EVERY,
    ("GET", "staff.start_form"): (200, 403, 404, 403, 403, 403, 404),
    ("POST", "staff.start"): (422, 403, 404, 403, 403, 403, 404),
    # One duty, whose day is typed in by who starts the SOP and by admins; Kabag is responsible for it.
    ("GET", "agenda.show"): (200, 200, 403, 403, 403, 200, 403),
    ("POST", "agenda.note_date"): (404, 403, 403, 403, 403, 404, 403),
    ("GET", "agenda.duties"): (403, 403, 403, 403, 403, 200, 403),
    ("GET", "agenda.add"): (403, 403, 403, 403, 403, 404, 403),
    ("POST", "agenda.add"): (403, 403, 403, 403, 403, 404, 403),
    ("GET", "agenda.edit"): (403, 403, 403, 403, 403, 200, 403),
    ("POST", "agenda.edit"): (403, 403, 403, 403, 403, 422, 403),
    ("GET", "staff.task"): SEES,
    ("POST", "staff.submit_task"): (403, 422, 404, 403, 403, 403, 404),
    ("POST", "staff.save_draft"): (403, 303, 404, 403, 403, 403, 404),
    ("POST", "staff.save_start_draft"): (303, 403, 404, 403, 403, 403, 404),
    ("POST", "staff.recall"): (403, 403, 404, 403, 403, 403, 404),
    ("POST", "staff.replace_file"): (403, 403, 404, 403, 403, 403, 404),
    # Who may send what is in test_uploads.py: here nothing is announced, and the piece belongs to no upload.
    ("POST", "staff.start_upload"): (400,) * len(PEOPLE),
    ("PUT", "staff.put_piece"): (404,) * len(PEOPLE),
    ("GET", "staff.slip"): SEES,
    ("GET", "paper.form"): (302, 302, 404, 302, 302, 302, 404),
    ("POST", "paper.record"): (403, 403, 404, 403, 403, 403, 404),
    ("GET", "staff.after"): (302, 302, 404, 302, 302, 302, 404),
    ("POST", "staff.opened"): (403, 204, 404, 403, 403, 403, 404),
    ("POST", "staff.claim"): (403, 303, 404, 403, 403, 403, 404),
    ("POST", "staff.release"): (403, 303, 404, 403, 403, 403, 404),
    ("POST", "staff.read_notice"): (404,) * len(PEOPLE),
    ("GET", "staff.download"): (404,) * len(PEOPLE),
    ("GET", "staff.preview"): (404,) * len(PEOPLE),
    ("GET", "cases.list"): (200, 200, 200, 200, 200, 200, 200),
    ("GET", "cases.show"): SEES,
    ("GET", "cases.recap"): (403, 200, 404, 200, 403, 200, 404),  # the head of the office, and who inspects
    ("GET", "cases.drawing"): SEES,
    ("GET", "cases.marks"): SEES,
    ("GET", "cases.definition_drawing"): SEES,
    # What an admin may do to a case: 404 for who may not see it, 403 for who may. Last sent without the revision of the page before.
    ("GET", "repairing.show"): REPAIRS,
    ("GET", "repairing.confirm"): REPAIRS,
    ("POST", "repairing.carry_out"): (403, 403, 404, 403, 403, 409, 404),
    ("POST", "repairing.retry"): (403, 403, 404, 403, 403, 409, 404),
    ("GET", "incidents.list"): ADMINS,
    ("POST", "incidents.settle"): (403, 403, 403, 403, 403, 404, 403),
    ("GET", "replay.show"): INSPECTS,
    ("GET", "replay.frames"): INSPECTS,
    # The case has asked no OPD yet, and its open task is not an OPD's.
    ("GET", "collecting.list"): EVERY,
    ("GET", "collecting.show"): (404,) * len(PEOPLE),
    ("POST", "collecting.accept"): (404,) * len(PEOPLE),
    ("POST", "collecting.extend"): (404,) * len(PEOPLE),
    ("POST", "collecting.close"): (404,) * len(PEOPLE),
    ("POST", "collecting.remind"): (404,) * len(PEOPLE),
    ("POST", "collecting.make_letter"): (404,) * len(PEOPLE),
    ("GET", "collecting.letter"): (404,) * len(PEOPLE),
    ("POST", "collecting.send_back"): (400, 403, 404, 403, 403, 403, 404),
    ("POST", "collecting.withdraw"): (400, 403, 404, 403, 403, 403, 404),
    ("GET", "collecting.outside_form"): (404,) * len(PEOPLE),
    ("POST", "collecting.receive_outside"): (400, 403, 404, 403, 403, 403, 404),
    # Auditors and admins read the bench, analysts write on it; there is no draft yet.
    ("GET", "bench.list"): READS_BENCH,
    ("GET", "bench.sop"): READS_BENCH,
    ("GET", "bench.version"): READS_BENCH,
    ("GET", "bench.download_version"): READS_BENCH,
    ("GET", "bench.version_form"): READS_BENCH,
    ("GET", "bench.compare"): READS_BENCH,
    ("POST", "bench.suspend"): (403, 403, 403, 403, 422, 403, 403),
    ("POST", "bench.resume"): (403, 403, 403, 403, 422, 403, 403),
    ("POST", "bench.new_draft"): (403, 403, 403, 403, 422, 403, 403),
    ("POST", "bench.upload"): (403, 403, 403, 403, 422, 403, 403),
    ("GET", "bench.draft"): NO_DRAFT,
    ("GET", "bench.download_draft"): NO_DRAFT,
    ("GET", "bench.draft_drawing"): NO_DRAFT,
    ("GET", "bench.choices"): NO_DRAFT,
    ("GET", "bench.draft_form"): NO_DRAFT,
    ("GET", "bench.modeler"): EDITS_NO_DRAFT,
    ("GET", "bench.form_editor"): EDITS_NO_DRAFT,
    ("POST", "bench.add_form"): EDITS_NO_DRAFT,
    ("POST", "bench.remove_form"): EDITS_NO_DRAFT,
    ("POST", "bench.discard"): EDITS_NO_DRAFT,
    ("POST", "bench.publish"): EDITS_NO_DRAFT,
    ("POST", "bench.save_drawing"): SENDS_NOTHING,
    ("POST", "bench.save_form"): SENDS_NOTHING,
    ("POST", "bench.copy_draft"): SENDS_NOTHING,
    ("POST", "bench.check_drawing"): SENDS_NOTHING,
    ("POST", "bench.tidy_drawing"): SENDS_NOTHING,
    ("POST", "bench.preview_form"): SENDS_NOTHING,
    ("POST", "bench.begin_draft"): (403, 403, 403, 403, 303, 403, 403),  # last: then there is one
    ("GET", "register.show"): SEES,
    ("GET", "register.workbook"): SEES,
    ("GET", "inspection.list"): INSPECTS,
    ("GET", "inspection.summary"): INSPECTS,
    ("GET", "inspection.rows"): INSPECTS,
    ("GET", "inspection.timeline"): INSPECTS,
    ("GET", "inspection.files"): INSPECTS,
    ("GET", "inspection.integrity"): INSPECTS,
    ("GET", "inspection.export_csv"): INSPECTS,
    ("GET", "inspection.export_xes"): INSPECTS,
    ("GET", "inspection.case_csv"): INSPECTS,
    ("GET", "inspection.case_xes"): INSPECTS,
    ("POST", "account.sign_out"): (303,) * len(PEOPLE),
    ("GET", "account.mine"): EVERY,
    ("POST", "account.end_others"): (303,) * len(PEOPLE),
    # A token is for whoever starts an SOP or reads everything; nobody has one yet.
    ("GET", "account.token_form"): (200, 403, 403, 200, 200, 200, 403),
    ("POST", "account.make_token"): (422, 403, 403, 422, 422, 422, 403),
    ("POST", "account.revoke_token"): (404,) * len(PEOPLE),
    ("GET", "account.password"): EVERY,
    ("POST", "account.password"): (422,) * len(PEOPLE),
    ("GET", "units.list"): READS_REGISTERS,
    ("GET", "units.show"): READS_REGISTERS,
    ("GET", "units.add"): ADMINS,
    ("POST", "units.add"): (403, 403, 403, 403, 403, 422, 403),
    ("GET", "units.edit"): ADMINS,
    ("POST", "units.edit"): (403, 403, 403, 403, 403, 422, 403),
    ("GET", "units.end"): ADMINS,
    ("POST", "units.end"): (403, 403, 403, 403, 403, 422, 403),
    ("POST", "units.reopen"): (403, 403, 403, 403, 403, 303, 403),
    ("GET", "units.add_service"): HELPS,
    ("POST", "units.add_service"): KEEPS,
    ("GET", "units.edit_service"): HELPS,
    ("POST", "units.edit_service"): KEEPS,
    ("GET", "teams.list"): READS_REGISTERS,
    ("GET", "teams.show"): READS_REGISTERS,
    ("GET", "teams.add"): HELPS,
    ("POST", "teams.add"): KEEPS,
    ("GET", "teams.edit"): HELPS,
    ("POST", "teams.edit"): KEEPS,
    # Kalender Kerja has no day of its own yet: there is nothing to change or remove.
    ("GET", "calendar.show"): EVERY,
    ("GET", "calendar.add"): ADMINS,
    ("POST", "calendar.add"): (403, 403, 403, 403, 403, 422, 403),
    ("GET", "calendar.edit"): (403, 403, 403, 403, 403, 404, 403),
    ("POST", "calendar.edit"): (403, 403, 403, 403, 403, 404, 403),
    ("POST", "calendar.remove"): (403, 403, 403, 403, 403, 404, 403),
    ("GET", "people.list"): HELPS,
    ("GET", "people.add"): HELPS,
    ("POST", "people.add"): (422, 403, 403, 403, 403, 422, 403),
    ("GET", "people.show"): HELPS,
    ("GET", "people.edit"): HELPS,
    ("POST", "people.edit"): (422, 403, 403, 403, 403, 422, 403),
    ("POST", "people.make_code"): HELPS,
    ("POST", "people.end_sessions"): (303, 403, 403, 403, 403, 303, 403),
}
PUBLIC = {
    ("GET", "account.sign_in"),
    ("POST", "account.sign_in"),
    ("GET", "account.sign_in_with_code"),
    ("POST", "account.sign_in_with_code"),
    ("GET", "static"),
}


@pytest.fixture
def app(small_office: Office) -> Iterator[Flask]:
    case = small_office.start()
    small_office.run_until(case, "Task_4b")
    add(small_office, rule="event", **AFTER_EVENT)
    app = create_app(small_office.database.settings)
    app.extensions["office"] = small_office
    yield app
    app.extensions["alur"].database.dispose()


def doors_of(app: Flask) -> set[tuple[str, str]]:
    return {
        (method, rule.endpoint)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or ())
        if method in ("GET", "POST", "PUT", "DELETE", "PATCH")
    }


def address(app: Flask, endpoint: str) -> str:
    office: Office = app.extensions["office"]
    task = office.task("Task_4b")
    user_id = office.actor("opd.dinas_perikanan").id
    values = {"user_id": user_id, "task_id": task.id, "instance_id": task.instance_id, "key": SOP, "version": 1, "file_id": task.id}
    values |= {"element": task.element, "token_id": 1, "draft_id": 1, "form_id": "pf04", "upload_id": task.id, "offset": 0, "seq": 1}
    values |= {"unit_id": "disdukcapil", "number": 1, "decree_id": 1, "notice_id": 1}
    values |= {"deed": "tangguhkan", "incident_id": 1}
    values |= {"kind": "hari"}
    values["duty_id"] = 1
    rule = next(rule for rule in app.url_map.iter_rules() if rule.endpoint == endpoint)
    with app.test_request_context():
        from flask import url_for

        return url_for(endpoint, **{name: values[name] for name in rule.arguments})


def test_every_door_is_in_the_table(app: Flask) -> None:
    """Those of programs are in tests/web/test_rest_doors.py."""
    assert {door for door in doors_of(app) if not door[1].startswith("rest.")} == DOORS.keys() | PUBLIC


def test_public_doors_are_just_these(app: Flask) -> None:
    assert {endpoint for endpoint in app.view_functions if is_public(app, endpoint)} == {endpoint for _method, endpoint in PUBLIC}


@pytest.mark.parametrize("person", PEOPLE)
def test_each_person_gets_what_the_table_says(app: Flask, person: str) -> None:
    got = {}
    for (method, endpoint), expected in DOORS.items():
        client = Client(app, person)
        path = address(app, endpoint)
        answer = client.get(path) if method == "GET" else client.put(path) if method == "PUT" else client.post(path)
        if answer.status_code != expected[PEOPLE.index(person)]:
            got[method, endpoint] = (answer.status_code, expected[PEOPLE.index(person)])
    assert got == {}


def test_a_stranger_is_sent_to_sign_in_by_every_door(app: Flask) -> None:
    stranger = Client(app)
    for method, endpoint in DOORS:
        path = address(app, endpoint)
        answer = {"GET": stranger.get, "PUT": stranger.put}.get(method, partial(stranger.post, token_from="/masuk"))(path)
        assert (answer.status_code, answer.location.split("?")[0]) == (303, "/masuk"), endpoint


def test_a_post_without_the_csrf_token_is_refused_by_every_door(app: Flask) -> None:
    client = Client(app, "kabag")
    for method, endpoint in DOORS:
        if method != "GET":
            assert client.http.open(address(app, endpoint), method=method).status_code == 400, endpoint


@pytest.mark.parametrize(
    "path", ["/pelaksanaan/1;x", "//pelaksanaan/1", "/pelaksanaan/%2e%2e/pelaksanaan/1", "/pelaksanaan/1/", "/PELAKSANAAN/1"]
)
def test_variants_of_an_address_give_nothing_more(app: Flask, path: str) -> None:
    assert Client(app, "opd.dinas_kesehatan").get(path).status_code in (303, 308, 404)
    assert Client(app).get(path).status_code in (303, 308, 404)


def test_absent_and_forbidden_cases_look_the_same(app: Flask) -> None:
    client = Client(app, "opd.dinas_kesehatan")
    absent, hidden = client.get("/pelaksanaan/999"), client.get("/pelaksanaan/1")
    assert (absent.status_code, hidden.status_code) == (404, 404)
    assert TOKEN.sub("", absent.text) == TOKEN.sub("", hidden.text)


@pytest.mark.parametrize(
    "path", ["/masuk", "/tugas", "/pelaksanaan/1", "/tidak-ada", "/static/dist/app.css", "/pelaksanaan/1/diagram.bpmn"]
)
def test_every_answer_carries_the_security_headers(app: Flask, path: str) -> None:
    headers = Client(app, "kabag").get(path).headers
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'") and "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff" and headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY"


def test_reading_changes_no_row(app: Flask) -> None:
    """But the moment a session was last seen, at most once a minute."""
    import hashlib

    from sqlalchemy import text

    office: Office = app.extensions["office"]

    def digest() -> str:
        from app.models import Base

        with office.database.reading() as session:
            rows = [session.execute(text(f"select * from {table} order by 1, 2")).all() for table in sorted(Base.metadata.tables)]
        return hashlib.sha256(repr(rows).encode()).hexdigest()

    client = Client(app, "tu")
    before = digest()
    for method, endpoint in DOORS:
        if method == "GET":
            client.get(address(app, endpoint))
    assert digest() == before


def test_a_cookie_copied_before_signing_out_is_dead_after(app: Flask) -> None:
    client = Client(app, "kabag")
    copied = client.http.get_cookie("alur")
    assert copied is not None
    client.post("/keluar")
    thief = Client(app)
    thief.http.set_cookie("alur", copied.value)
    assert thief.get("/tugas").status_code == 303


def test_ten_wrong_passwords_close_the_account_for_a_while(app: Flask) -> None:
    client = Client(app)
    for _ in range(10):
        assert client.post("/masuk", {"nama_pengguna": "kabag", "kata_sandi": "salah"}, token_from="/masuk").status_code == 401
    from tests.support.office import PASSWORD

    answer = client.post("/masuk", {"nama_pengguna": "kabag", "kata_sandi": PASSWORD}, token_from="/masuk")
    assert answer.status_code == 401 and "15 menit" in answer.text


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)", "/%0d%0aSet-Cookie:x"]
)
def test_signing_in_never_leads_to_another_site(app: Flask, target: str) -> None:
    from tests.support.office import PASSWORD

    answer = Client(app).post("/masuk", {"nama_pengguna": "kabag", "kata_sandi": PASSWORD, "next": target}, token_from="/masuk")
    assert answer.status_code == 303 and answer.location.startswith("/") and "evil" not in answer.location.replace("%", "")
