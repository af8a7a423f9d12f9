"""Events of one case, or of the cases that are listed, as CSV and XES: sent case by case, however many there are."""

from collections.abc import Callable, Iterable, Iterator

from flask import Response, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.audit.inspecting import case_to_inspect_for, selected_cases_for
from app.documents import Trace, as_csv, as_xes, traces_of
from app.models import Definition, Instance
from app.web.guard import current_actor, database
from app.web.inspection.list_page import wanted_selection
from app.web.inspection.routes import CASE, bp
from app.web.presenting import CASE_STATES

Cases = Callable[[Session], Iterable[tuple[Instance, Definition]]]
Writer = Callable[[Iterable[Trace]], Iterator[bytes]]
STATE_WORDS = {state: words for state, (words, _colour) in CASE_STATES.items()}


@bp.get("/ekspor.csv")
def export_csv() -> ResponseReturnValue:
    return _sent(_selected(), _csv, "text/csv; charset=utf-8", "pemeriksaan.csv")


@bp.get("/ekspor.xes")
def export_xes() -> ResponseReturnValue:
    return _sent(_selected(), _xes("Pelaksanaan SOP"), "application/xml", "pemeriksaan.xes")


@bp.get(f"{CASE}/peristiwa.csv")
def case_csv(instance_id: int) -> ResponseReturnValue:
    cases, _title = _one(instance_id)
    return _sent(cases, _csv, "text/csv; charset=utf-8", f"peristiwa-{instance_id}.csv")


@bp.get(f"{CASE}/peristiwa.xes")
def case_xes(instance_id: int) -> ResponseReturnValue:
    cases, title = _one(instance_id)
    return _sent(cases, _xes(title), "application/xml", f"peristiwa-{instance_id}.xes")


def _selected() -> Cases:
    """Refused here, before the answer has begun."""
    actor, selection = current_actor(), wanted_selection(request.args)
    with database().reading() as session:
        query = selected_cases_for(session, actor, selection)
    return lambda session: ((instance, definition) for instance, definition in session.execute(query))


def _one(instance_id: int) -> tuple[Cases, str]:
    actor = current_actor()
    with database().reading() as session:
        instance, _definition = case_to_inspect_for(session, actor, instance_id)
    return lambda session: [case_to_inspect_for(session, actor, instance_id)], instance.title


def _csv(traces: Iterable[Trace]) -> Iterator[bytes]:
    return as_csv(traces, STATE_WORDS)


def _xes(name: str) -> Writer:
    return lambda traces: as_xes(traces, name)


def _sent(cases: Cases, write: Writer, media_type: str, name: str) -> Response:
    opened = database()

    def body() -> Iterator[bytes]:
        with opened.reading() as session:
            yield from write(traces_of(session, cases(session)))

    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Security-Policy": "default-src 'none'; sandbox"}
    return Response(body(), content_type=media_type, headers=headers)
