"""Running cases and open tasks, and every address that is none."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from flask import Response, jsonify
from werkzeug.exceptions import NotFound as NoSuchAddress

from app import instances
from app.errors import NotFound
from app.instances import OpenTask, RunningCase
from app.web.guard import database
from app.web.rest import shapes
from app.web.rest.asking import paging, whole_id, wishes
from app.web.rest.door import actor, bp

EVERY_METHOD = ("GET", "POST", "PUT", "PATCH", "DELETE")


@bp.get("/process-instance")
def cases() -> Response:
    first, limit = paging()
    rows, _total = _cases(first, limit)
    return jsonify([shapes.case(*row) for row in rows])


@bp.get("/process-instance/count")
def count_cases() -> Response:
    return jsonify({"count": _cases(0, 0)[1]})


@bp.get("/process-instance/<case_id>")
def case(case_id: str) -> Response:
    wishes()
    with database().reading() as session:
        return jsonify(shapes.case(*instances.running_case_for(session, actor(), whole_id(case_id))))


@bp.get("/task")
def tasks() -> Response:
    first, limit = paging()
    return jsonify([shapes.task(*row) for row in _tasks(first, limit)[0]])


@bp.get("/task/count")
def count_tasks() -> Response:
    return jsonify({"count": _tasks(0, 0)[1]})


@bp.get("/task/<task_id>")
def task(task_id: str) -> Response:
    wishes()
    try:
        wanted = UUID(task_id)
    except ValueError as error:
        raise NotFound from error
    with database().reading() as session:
        return jsonify(shapes.task(*instances.open_task_for(session, actor(), wanted)))


@bp.route("/", defaults={"address": ""}, methods=EVERY_METHOD, strict_slashes=False)
@bp.route("/<path:address>", methods=EVERY_METHOD)
def nothing(address: str) -> Response:
    """Behind the same door as all others: strangers are asked who they are before they learn what is not there."""
    raise NoSuchAddress


def _cases(first: int, limit: int) -> tuple[Sequence[RunningCase], int]:
    wanted = wishes("processDefinitionKey", "processDefinitionId", "businessKey")
    version = _number(wanted, "processDefinitionId")
    key, business_key = wanted.get("processDefinitionKey"), wanted.get("businessKey")
    with database().reading() as session:
        return instances.running_cases_for(session, actor(), first, limit, key, version, business_key)


def _tasks(first: int, limit: int) -> tuple[Sequence[OpenTask], int]:
    wanted = wishes("processInstanceId", "processDefinitionKey", "taskDefinitionKey", "assignee")
    case_id = _number(wanted, "processInstanceId")
    key, element, taken_by = (wanted.get(name) for name in ("processDefinitionKey", "taskDefinitionKey", "assignee"))
    with database().reading() as session:
        return instances.open_tasks_for(session, actor(), first, limit, case_id, key, element, taken_by)


def _number(wanted: Mapping[str, str], name: str) -> int | None:
    """None where it is not asked for; 0, which no row has, for what is no id."""
    if name not in wanted:
        return None
    try:
        return whole_id(wanted[name].rpartition(":")[2])
    except NotFound:
        return 0
