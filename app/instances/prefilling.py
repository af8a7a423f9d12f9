"""First values of a form from earlier answers (``isi_dari``): of this case, or of a finished one of another SOP.

Of another SOP speaks the case of this one's own year, else the newest before it: targets agreed for next year say nothing of this one.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import forms
from app.access import Actor
from app.forms import JSON, Form
from app.instances.starting import year_of
from app.models import Instance, Task

Done = list[tuple[str | None, dict[str, Any]]]
SILENT = ("closed", "withdrawn")  # lines of a fan-out that gave no answer


def first_values(session: Session, actor: Actor, form: Form, rows: Sequence[Task] = (), item: str | None = None) -> dict[str, JSON]:
    """{field key: value}. rows: the task rows of the form's own case, in the order they were opened; () for an opening form.

    item: the OPD that fills the form in; of a fan-out it is then shown its own line only.
    """
    own = _by_source(rows)
    case = session.get_one(Instance, rows[0].instance_id) if rows else None

    def lookup(source: str) -> Done:
        key, _, form_id = source.rpartition(":")
        found = _of_earlier(session, key, year_of(case.business_key) if case else "") if key else own
        return [said for said in found.get(form_id, ()) if item is None or said[0] in (None, item)]

    return forms.prefill(form, lookup, actor.name)


def _by_source(rows: Sequence[Task]) -> dict[str, Done]:
    """{form id and element id, in small letters: what was answered, newest last}."""
    found: dict[str, Done] = {}
    for row in rows:
        if row.state not in ("done", *SILENT):
            continue
        said = (row.item, (row.answers or {}) if row.state == "done" else {})
        for name in {(row.form_id or "").lower(), row.element.lower()} - {""}:
            found.setdefault(name.replace("-", "_"), []).append(said)
    return found


def _of_earlier(session: Session, key: str, year: str) -> dict[str, Done]:
    """What was answered in the finished case of that SOP; year: of the case that asks, "" where it has none."""
    query = select(Instance.id, Instance.business_key).where(Instance.key == key, Instance.state == "finished")
    found = session.execute(query.order_by(Instance.finished_at, Instance.id)).all()
    dated = [(year_of(business_key), id) for id, business_key in found]
    fitting = [one for one in dated if not year or not one[0] or one[0] <= year]
    if not fitting:
        return {}
    # The newest year, of its cases the one that finished last: max() keeps the first of equals.
    _, instance_id = max(reversed(fitting), key=lambda one: one[0])
    return _by_source(session.scalars(select(Task).where(Task.instance_id == instance_id).order_by(Task.opened_at)).all())
