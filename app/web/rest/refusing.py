"""Every refusal in Camunda's shape: {type, message, code}. The status is a fact of the error's class, as on the pages."""

from collections.abc import Mapping, Sequence

from flask import Response, g, jsonify, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed, RequestEntityTooLarge

from app.accounts import Caller, SignInRefused
from app.errors import AppError, Busy, EngineFault, Finding, Forbidden, InvalidAnswers, InvalidBundle
from app.web.errors import FAULT, record_fault
from app.web.rest.door import bp

REALM = 'Basic realm="Alur", charset="UTF-8"'
PARSE_ERROR = "ENGINE-09005 Could not parse BPMN process. Errors: "  # by these words the Modeler knows what it was
# {endpoint: what was missing}, as Camunda names it.
MISSING: Mapping[str, tuple[str, str]] = {
    "rest.deploy": ("CREATE", "Deployment"),
    "rest.start": ("CREATE_INSTANCE", "ProcessDefinition"),
    "rest.start_by_key": ("CREATE_INSTANCE", "ProcessDefinition"),
}


@bp.errorhandler(AppError)
def refuse(error: AppError) -> Response:
    if isinstance(error, EngineFault):
        return _fault(error, str(error), error.element, error.instance_id)
    answer = _answer(error.status, "InvalidRequestException", str(error))
    if isinstance(error, Busy):
        answer.headers["Retry-After"] = str(error.retry_after)
    return answer


@bp.errorhandler(InvalidAnswers)
def refuse_answers(error: InvalidAnswers) -> Response:
    return _answer(400, "InvalidRequestException", f"SOP belum dapat dimulai. {error}")


@bp.errorhandler(SignInRefused)
def ask_for_credentials(error: SignInRefused) -> Response:
    """A browser is not asked for a password: it would keep it and send it along with what other pages make it send."""
    answer = _answer(error.status, "AuthenticationException", str(error))
    if "text/html" not in request.headers.get("Accept", ""):
        answer.headers["WWW-Authenticate"] = REALM
    return answer


@bp.errorhandler(Forbidden)
def forbid(error: Forbidden) -> Response:
    permission, resource = MISSING.get(request.endpoint or "", ("READ", "ProcessInstance"))
    wanted = {"permissionName": permission, "resourceName": resource, "resourceId": "*"}
    asks: Caller | None = g.get("caller")
    who = asks.actor.username if asks else None
    return _answer(error.status, "AuthorizationException", str(error), 0, userId=who, missingAuthorizations=[wanted])


@bp.errorhandler(InvalidBundle)
def refuse_bundle(error: InvalidBundle) -> Response:
    """Camunda's ParseException: one line each in the message, which is what the Modeler shows; all of them by file in the details."""
    wrong = [finding for finding in error.findings if finding.severity == "error"]
    lines = "".join(f"\n* {finding.message} | resource {finding.file} | line {finding.line} | column 0" for finding in wrong)
    details: dict[str, dict[str, list[object]]] = {}
    for finding in error.findings:
        if finding.severity != "info":
            found = details.setdefault(finding.file, {"errors": [], "warnings": []})
            found["errors" if finding.severity == "error" else "warnings"].append(_problem(finding))
    return _answer(400, "ParseException", PARSE_ERROR + lines, 0, details=details)


@bp.errorhandler(HTTPException)
def refuse_request(error: HTTPException) -> Response:
    if isinstance(error, RequestEntityTooLarge):
        return _answer(413, "InvalidRequestException", "Kiriman terlalu besar: diagram dan formulir bersama-sama paling banyak 10 MB.")
    if isinstance(error, MethodNotAllowed):
        return _answer(405, "NotAllowedException", "Cara ini tidak dipakai pada alamat ini.")
    if error.code == 404:
        return _answer(404, "NotFoundException", "Alamat ini tidak ada pada /engine-rest aplikasi ini.")
    return _answer(error.code or 400, "InvalidRequestException", "Permintaan ini tidak dapat dibaca.")


@bp.errorhandler(Exception)
def refuse_unexpected(error: Exception) -> Response:
    return _fault(error, f"{type(error).__name__}: {error}")


def _fault(error: Exception, message: str, element: str = "", instance_id: int | None = None) -> Response:
    reference = record_fault(error, message, element, instance_id)
    return _answer(500, "ProcessEngineException", FAULT.format(reference=reference), 0)


def _problem(finding: Finding) -> dict[str, object]:
    ids: Sequence[str] = [finding.element] if finding.element else []
    return {"message": finding.message, "line": finding.line, "column": 0, "mainElementId": finding.element or None, "elementIds": ids}


def _answer(status: int, kind: str, message: str, code: int | None = None, **more: object) -> Response:
    answer = jsonify({"type": kind, "message": message, "code": code, **more})
    answer.status_code = status
    return answer
