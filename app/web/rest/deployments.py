"""Deploying a drawing, and what was deployed."""

from collections.abc import Sequence

from flask import Response, jsonify
from sqlalchemy import select

from app import definitions
from app.errors import Forbidden, InvalidBundle
from app.models import Definition, DefinitionForm
from app.web.guard import database
from app.web.rest import shapes
from app.web.rest.asking import paging, whole_id, wishes
from app.web.rest.door import actor, bp, writer
from app.web.rest.upload import read_upload

VERSION = "7.24.0"  # whose shapes these are; the Modeler compares it with the platform a drawing is made for


@bp.get("/version")
def version() -> Response:
    return jsonify({"version": VERSION})


@bp.post("/deployment/create")
def deploy() -> Response:
    """Checked before any transaction: whoever draws something large keeps nobody waiting."""
    analyst = writer()
    if not analyst.is_analyst:
        raise Forbidden("SOP diterbitkan oleh analis. Mintalah hak itu kepada admin aplikasi.")
    sent = read_upload()
    with database().reading() as session:
        bundle = definitions.complete_bundle(session, sent.file, sent.bpmn, sent.forms)
        if existing := definitions.deployed_as(session, bundle):
            return jsonify(shapes.deployed(existing))
        groups = definitions.known_groups(session)
    findings = definitions.check_apart(bundle, groups)
    if any(finding.severity == "error" for finding in findings):
        raise InvalidBundle(findings)
    with database().transaction() as session:
        found = definitions.deploy(session, bundle, analyst.id, sent.note, sent.source, findings)
    return jsonify(shapes.deployed(found))


@bp.get("/deployment")
def deployments() -> Response:
    first, limit = paging()
    return jsonify([shapes.deployment(found) for found in _found()[first : first + limit]])


@bp.get("/deployment/count")
def count_deployments() -> Response:
    return jsonify({"count": len(_found())})


@bp.get("/deployment/<deployment_id>")
def deployment(deployment_id: str) -> Response:
    wishes()
    with database().reading() as session:
        return jsonify(shapes.deployment(definitions.definition_for(session, actor(), whole_id(deployment_id))))


@bp.get("/deployment/<deployment_id>/resources")
def resources(deployment_id: str) -> Response:
    wishes()
    with database().reading() as session:
        found = definitions.definition_for(session, actor(), whole_id(deployment_id))
        named = select(DefinitionForm.form_id).where(DefinitionForm.definition_id == found.id).order_by(DefinitionForm.form_id)
        ids = session.scalars(named)
        return jsonify([shapes.resource(found, name) for name in (found.file, *(f"{form_id}.form" for form_id in ids))])


def _found() -> Sequence[Definition]:
    wanted = wishes("name", "source")
    with database().reading() as session:
        found = definitions.definitions_for(session, actor())
    shown = [(one, shapes.deployment(one)) for one in found]
    return [one for one, shape in shown if all(shape[name] == wanted[name] for name in ("name", "source") if name in wanted)]
