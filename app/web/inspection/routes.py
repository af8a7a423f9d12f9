"""Routes of Pemeriksaan: the list of cases and the pages of one."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.web.guard import current_actor, database, storage
from app.web.inspection.files_page import files_page
from app.web.inspection.integrity_page import integrity_page
from app.web.inspection.list_page import list_page, wanted_selection
from app.web.inspection.rows_page import rows_page
from app.web.inspection.summary_page import place_of, summary_page
from app.web.inspection.tabs import TABS
from app.web.inspection.timeline_page import timeline_page
from app.web.presenting import page_number

bp = Blueprint("inspection", __name__, url_prefix="/pemeriksaan")
CASE = "/<int(max=2147483647):instance_id>"


@bp.get("", endpoint="list")
def list_all() -> ResponseReturnValue:
    with database().reading() as session:
        page = list_page(session, current_actor(), wanted_selection(request.args), request.args.get("hal"), _is_checked())
    return render_template("inspection/list.html", page=page)


@bp.get(CASE)
def summary(instance_id: int) -> ResponseReturnValue:
    with database().reading() as session:
        page = summary_page(session, current_actor(), instance_id)
    return render_template("inspection/summary.html", page=page, tabs=TABS, place_of=place_of)


@bp.get(f"{CASE}/baris")
def rows(instance_id: int) -> ResponseReturnValue:
    with database().reading() as session:
        page = rows_page(session, current_actor(), instance_id)
    return render_template("inspection/rows.html", page=page, tabs=TABS)


@bp.get(f"{CASE}/linimasa")
def timeline(instance_id: int) -> ResponseReturnValue:
    with database().reading() as session:
        page = timeline_page(session, current_actor(), instance_id, request.args.get("jenis", ""), page_number(request.args.get("hal")))
    return render_template("inspection/timeline.html", page=page, tabs=TABS)


@bp.get(f"{CASE}/berkas")
def files(instance_id: int) -> ResponseReturnValue:
    checked = storage() if _is_checked() else None
    with database().reading() as session:
        page = files_page(session, current_actor(), instance_id, page_number(request.args.get("hal")), checked)
    return render_template("inspection/files.html", page=page, tabs=TABS)


@bp.get(f"{CASE}/keutuhan")
def integrity(instance_id: int) -> ResponseReturnValue:
    with database().reading() as session:
        page = integrity_page(session, current_actor(), instance_id, _is_checked())
    return render_template("inspection/integrity.html", page=page, tabs=TABS)


def _is_checked() -> bool:
    """A button that checks and writes nothing."""
    return request.args.get("periksa") == "1"
