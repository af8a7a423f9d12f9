"""Options of a form that come from our tables: ``sumber`` = ``opd`` and ``unit_layanan``."""

from sqlalchemy.orm import Session

from app import clock, offices
from app.access import OPD_GROUP
from app.forms import SERVICE_UNITS, Form


def choices_for(session: Session, form: Form, instance_id: int | None = None, item: str | None = None) -> dict[str, list[tuple[str, str]]]:
    """{source: [(value, label)]}, asked of the database only when a field or a column of the form names the source.

    instance_id: of the case, whose list of OPD was fixed as it started; None for an opening form. item: the OPD that a line of a fan-out
    is about: then its own units of service only. What a unit of service answers is its words, for answers outlive registers.
    """
    asked = {question.source for field in form.fields for question in (field, *field.columns)}
    asked |= {SERVICE_UNITS for field in form.tables if field.lists_service_units}
    found: dict[str, list[tuple[str, str]]] = {}
    if OPD_GROUP in asked:
        found[OPD_GROUP] = offices.units_of_case(session, instance_id)
    if SERVICE_UNITS in asked:
        rows = offices.service_units_on(session, clock.today(), item)
        found[SERVICE_UNITS] = [(words := offices.in_words(unit), words if item else f"{words} ({opd.name})") for unit, opd in rows]
    return found
