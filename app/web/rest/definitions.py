"""Versions of SOPs, and starting one."""

from collections.abc import Sequence
from uuid import uuid4

from flask import Response, jsonify
from sqlalchemy.orm import Session

from app import definitions, instances
from app.access import Actor
from app.errors import Conflict, InvalidAnswers, InvalidInput, NotFound
from app.models import Definition
from app.web.guard import database
from app.web.rest import shapes
from app.web.rest.asking import key_of, paging, whole_id, wishes, yes_or_no
from app.web.rest.door import actor, bp, writer
from app.web.rest.variables import Wanted, read_start, texts_of, without_files


@bp.get("/process-definition")
def process_definitions() -> Response:
    first, limit = paging()
    return jsonify([shapes.definition(found) for found in _found()[first : first + limit]])


@bp.get("/process-definition/count")
def count_process_definitions() -> Response:
    return jsonify({"count": len(_found())})


@bp.get("/process-definition/<definition_id>")
def process_definition(definition_id: str) -> Response:
    wishes()
    with database().reading() as session:
        return jsonify(shapes.definition(_version_for(session, actor(), definition_id)))


@bp.get("/process-definition/key/<key>")
def process_definition_by_key(key: str) -> Response:
    wishes()
    with database().reading() as session:
        return jsonify(shapes.definition(_latest_for(session, actor(), key)))


@bp.get("/process-definition/<definition_id>/xml")
def xml(definition_id: str) -> Response:
    wishes()
    with database().reading() as session:
        return _xml(_version_for(session, actor(), definition_id))


@bp.get("/process-definition/key/<key>/xml")
def xml_by_key(key: str) -> Response:
    wishes()
    with database().reading() as session:
        return _xml(_latest_for(session, actor(), key))


@bp.post("/process-definition/<definition_id>/start")
def start(definition_id: str) -> Response:
    person, wanted = writer(), read_start()
    with database().reading() as session:
        found = _version_for(session, person, definition_id)
    return _start(person, found.key, wanted, found.id)


@bp.post("/process-definition/key/<key>/start")
def start_by_key(key: str) -> Response:
    return _start(writer(), key_of(key), read_start())


def _start(person: Actor, key: str, wanted: Wanted, definition_id: int | None = None) -> Response:
    """As the page does, with the same form; a version that is not the newest is never started."""
    with database().reading() as session:
        newest = instances.startable_for(session, person, key)
        opening = definitions.spec_of(newest).drawing.start
        form = definitions.form_of(session, newest, opening.form if opening else None)
    if definition_id not in (None, newest.id):
        raise InvalidInput(f"Versi ini bukan versi terbaru SOP itu. Mulai {shapes.id_of(newest)}.")
    texts, token = texts_of(form, wanted.variables), uuid4().hex
    with database().transaction() as session:
        try:
            instance = instances.start_instance(session, person, key, texts, token)
        except InvalidAnswers as error:
            raise without_files(form, error) from error
        if instance.definition_id != newest.id:
            raise Conflict("Versi baru SOP ini terbit pada saat yang sama. Ulangi.")
        opening_row = next(task for task in instances.tasks_of(session, instance.id) if task.token == token)
    shape = shapes.started(instance, newest)
    if wanted.with_variables:
        shape["variables"] = {name: shapes.variable(value) for name, value in (opening_row.answers or {}).items()}
    return jsonify(shape)


def _found() -> Sequence[Definition]:
    wanted = wishes("key", "latestVersion", "deploymentId")
    with database().reading() as session:
        found = definitions.definitions_for(session, actor(), wanted.get("key"))
    if yes_or_no("latestVersion", wanted.get("latestVersion", "false")):
        newest = {one.key: one for one in sorted(found, key=lambda one: one.version)}
        found = [one for one in found if newest[one.key] is one]
    return [one for one in found if wanted.get("deploymentId") in (None, str(one.id))]


def _version_for(session: Session, person: Actor, definition_id: str) -> Definition:
    """Raises NotFound."""
    found = definitions.definition_for(session, person, whole_id(definition_id.rpartition(":")[2]))
    if shapes.id_of(found) != definition_id:
        raise NotFound
    return found


def _latest_for(session: Session, person: Actor, key: str) -> Definition:
    """Raises NotFound."""
    found = definitions.latest(session, key_of(key))
    if not definitions.may_read(person, found):
        raise NotFound
    return found


def _xml(found: Definition) -> Response:
    return jsonify({"id": shapes.id_of(found), "bpmn20Xml": found.bpmn.decode("utf-8", "replace")})
