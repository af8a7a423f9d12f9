"""What programs read: versions, running cases and open tasks, as far as the person may see them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from app import create_app, instances
from tests.support.office import DRAWINGS, SOP, Office
from tests.support.rest import DRAWING, Program, basic, changed

Programs = Callable[[str], Program]
CLERK = "opd.dinas_kesehatan"


@pytest.fixture
def app(office: Office) -> Iterator[Flask]:
    app = create_app(office.database.settings)
    yield app
    app.extensions["alur"].database.dispose()


@pytest.fixture
def programs(app: Flask) -> Programs:
    return lambda username: Program(app, basic(username))


def keys_of(found: list[dict[str, object]], name: str = "id") -> list[object]:
    return [one[name] for one in found]


def test_versions_and_deployments_the_newest_first(programs: Programs) -> None:
    analyst = programs("analis")
    new = analyst.deploy({f"{SOP}.bpmn": changed()}, **{"deployment-name": "Perbaikan"}).json["id"]
    all_of_them = [new, *(str(id) for id in range(len(DRAWINGS), 0, -1))]
    assert keys_of(analyst.json("/deployment")) == all_of_them
    assert keys_of(analyst.json("/deployment?name=Perbaikan")) == [new]
    assert keys_of(analyst.json(f"/process-definition?key={SOP}"), "version") == [2, 1]
    assert keys_of(analyst.json(f"/process-definition?latestVersion=true&key={SOP}"), "version") == [2]
    assert keys_of(analyst.json("/process-definition?deploymentId=1"), "version") == [1]
    assert analyst.json("/process-definition?key=lain") == []
    assert analyst.json("/deployment/count") == analyst.json("/process-definition/count") == {"count": len(all_of_them)}
    assert keys_of(analyst.json(f"/process-definition?key={SOP}&firstResult=1&maxResults=1"), "version") == [1]
    assert analyst.json("/deployment?maxResults=0") == []  # how the Modeler asks whether anybody is there
    assert analyst.json(f"/process-definition/key/{SOP}")["version"] == 2


def test_the_drawing_and_what_came_with_it(programs: Programs) -> None:
    analyst = programs("analis")
    by_id, by_key = analyst.json(f"/process-definition/{SOP}:1:1/xml"), analyst.json(f"/process-definition/key/{SOP}/xml")
    assert by_id == by_key == {"id": f"{SOP}:1:1", "bpmn20Xml": DRAWING.decode()}
    names = keys_of(analyst.json("/deployment/1/resources"), "name")
    assert names[0] == f"{SOP}.bpmn" and "ag02.form" in names


def test_a_running_case_and_its_open_task(office: Office, programs: Programs) -> None:
    case, tu = office.start(), programs("tu")
    shape = {
        "links": [], "id": str(case), "definitionId": f"{SOP}:1:1", "definitionKey": SOP, "businessKey": f"{SOP}:2025",
        "caseInstanceId": None, "ended": False, "suspended": False, "tenantId": None,
    }  # fmt: skip
    assert tu.json("/process-instance") == [tu.json(f"/process-instance/{case}")] == [shape]
    (task,) = tu.json(f"/task?processInstanceId={case}")
    assert task == tu.json(f"/task/{office.task('Task_2').id}")
    assert (task["taskDefinitionKey"], task["processInstanceId"], task["processDefinitionId"]) == ("Task_2", str(case), f"{SOP}:1:1")
    assert (task["assignee"], task["camundaFormRef"]["key"], task["suspended"]) == (None, "ag02", False)
    assert tu.json("/task/count") == tu.json("/process-instance/count") == {"count": 1}


def test_filters_leave_out_what_was_not_asked(office: Office, programs: Programs) -> None:
    office.start()
    tu = programs("tu")
    with office.database.transaction() as session:
        instances.claim_task(session, office.actor("tu"), office.task("Task_2").id)
    assert len(tu.json("/task?assignee=tu")) == len(tu.json(f"/task?processDefinitionKey={SOP}&taskDefinitionKey=Task_2")) == 1
    for wish in ("assignee=kabag", "processDefinitionKey=lain", "taskDefinitionKey=Task_9", "processInstanceId=99", "processInstanceId=x"):
        assert tu.json(f"/task?{wish}") == [], wish
    assert len(tu.json(f"/process-instance?processDefinitionId={SOP}:1:1&businessKey={SOP}:2025")) == 1
    for wish in ("processDefinitionKey=lain", f"processDefinitionId={SOP}:1:9", "processDefinitionId=x", "businessKey=lain"):
        assert tu.json(f"/process-instance?{wish}") == [], wish


def test_a_finished_case_and_a_done_task_are_gone(office: Office, programs: Programs) -> None:
    case = office.start()
    done = office.task("Task_2").id
    office.finish(case)
    tu = programs("tu")
    assert tu.json("/process-instance") == tu.json("/task") == []
    assert [tu.get(path).status_code for path in (f"/process-instance/{case}", f"/task/{done}")] == [404, 404]


def test_an_opd_sees_its_own_task_and_nothing_else_of_the_case(office: Office, programs: Programs) -> None:
    case = office.start()
    office.run_until(case, "Task_7b", opd=["dinas_kesehatan", "dinas_pendidikan"])
    clerk = programs(CLERK)
    own, other = (str(office.task("Task_7b", opd).id) for opd in ("dinas_kesehatan", "dinas_pendidikan"))
    assert keys_of(clerk.json("/task")) == [own] and clerk.json("/task/count") == {"count": 1}
    assert clerk.json("/process-instance") == clerk.json("/deployment") == clerk.json("/process-definition") == []
    for path in (f"/process-instance/{case}", f"/task/{other}", "/deployment/1", f"/process-definition/{SOP}:1:1"):
        assert clerk.get(path).status_code == 404, path
    assert len(programs("tu").json("/task")) == 2


def test_who_records_a_decision_sees_that_task_alone(office: Office, programs: Programs) -> None:
    office.run_until(office.start(), "Task_10c", opd=["setda"])
    assert keys_of(programs("ajudan").json("/task"), "taskDefinitionKey") == ["Task_10c"]
    assert programs("ajudan").json("/process-instance") == []


def test_absent_and_hidden_read_the_same(office: Office, programs: Programs) -> None:
    case, clerk = office.start(), programs(CLERK)
    assert clerk.get(f"/process-instance/{case}").data == clerk.get("/process-instance/999").data
