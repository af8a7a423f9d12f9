"""Options of a form that come from our tables: ``sumber`` = ``opd``."""

from sqlalchemy.orm import Session

from app import access, clock
from app.forms import Form


def choices_for(session: Session, form: Form) -> dict[str, list[tuple[str, str]]]:
    """{source: [(value, label)]}, asked of the database only when a field or a column of the form names the source."""
    asked = {question.source for field in form.fields for question in (field, *field.columns)}
    if "opd" not in asked:
        return {}
    return {"opd": [(unit.id, unit.name) for unit in access.org_units_on(session, clock.today())]}
