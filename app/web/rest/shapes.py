"""Camunda 7's JSON. A version of an SOP is both a process definition and the deployment that brought it."""

from collections.abc import Mapping
from datetime import datetime

from flask import url_for

from app.clock import WIB
from app.models import Definition, Instance, Task

Json = dict[str, object]


def moment(at: datetime | None) -> str | None:
    """ "2026-11-28T09:12:00.000+0700"."""
    return at.astimezone(WIB).strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03}+0700" if at else None


def id_of(definition: Definition) -> str:
    """ "key:version:row", as Camunda builds it."""
    return f"{definition.key}:{definition.version}:{definition.id}"


def definition(found: Definition) -> Json:
    return {
        "id": id_of(found),
        "key": found.key,
        "category": None,
        "description": None,
        "name": found.name,
        "version": found.version,
        "resource": found.file,
        "deploymentId": str(found.id),
        "diagram": None,
        "suspended": found.is_suspended,
        "tenantId": None,
        "versionTag": None,
        "historyTimeToLive": None,
        "startableInTasklist": True,
    }


def deployment(found: Definition) -> Json:
    return {
        "links": [],
        "id": str(found.id),
        "name": found.note or found.name,
        "source": found.source or None,
        "deploymentTime": moment(found.deployed_at),
        "tenantId": None,
    }


def deployed(found: Definition) -> Json:
    """The answer to deploying. A drawing that changed nothing answers with the version there is."""
    here = url_for("rest.deployment", deployment_id=found.id, _external=True)
    return {
        **deployment(found),
        "links": [{"method": "GET", "href": here, "rel": "self"}],
        "deployedProcessDefinitions": {id_of(found): definition(found)},
        "deployedCaseDefinitions": None,
        "deployedDecisionDefinitions": None,
        "deployedDecisionRequirementsDefinitions": None,
    }


def resource(found: Definition, name: str) -> Json:
    return {"id": f"{found.id}:{name}", "name": name, "deploymentId": str(found.id)}


def case(instance: Instance, found: Definition) -> Json:
    return {
        "links": [],
        "id": str(instance.id),
        "definitionId": id_of(found),
        "definitionKey": found.key,
        "businessKey": instance.business_key,
        "caseInstanceId": None,
        "ended": False,
        "suspended": instance.state == "suspended",
        "tenantId": None,
    }


def started(instance: Instance, found: Definition) -> Json:
    here = url_for("rest.case", case_id=instance.id, _external=True)
    return {**case(instance, found), "links": [{"method": "GET", "href": here, "rel": "self"}]}


def task(found: Task, instance: Instance, version: Definition, taken_by: str | None) -> Json:
    """candidateGroups and the OPD of a fan-out have no place in this shape; the name of the lane stands in "description"."""
    form: Mapping[str, object] | None = {"key": found.form_id, "binding": "deployment", "version": None} if found.form_id else None
    return {
        "id": str(found.id),
        "name": found.name,
        "assignee": taken_by,
        "created": moment(found.opened_at),
        "due": moment(found.due_at),
        "followUp": None,
        "lastUpdated": moment(found.claimed_at),
        "delegationState": None,
        "description": found.lane,
        "executionId": str(instance.id),
        "owner": None,
        "parentTaskId": None,
        "priority": 50,
        "processDefinitionId": id_of(version),
        "processInstanceId": str(instance.id),
        "taskDefinitionKey": found.element,
        "caseExecutionId": None,
        "caseInstanceId": None,
        "caseDefinitionId": None,
        "suspended": instance.state == "suspended",
        "formKey": None,
        "camundaFormRef": form,
        "tenantId": None,
        "taskState": "Created",
    }


def variable(value: object) -> Json:
    """An answer as Camunda types it."""
    if isinstance(value, bool):
        kind = "Boolean"
    elif isinstance(value, int):
        kind = "Integer" if abs(value) < 2**31 else "Long"
    elif isinstance(value, float):
        kind = "Double"
    else:
        kind = "String" if isinstance(value, str) else "Json"
    return {"type": kind, "value": value, "valueInfo": {}}
