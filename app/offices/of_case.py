"""The OPD as a case knows them: written down when it starts, and never changed by what happens to the list afterwards."""

from collections.abc import Collection

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from app import access, clock
from app.models import CaseUnit, Instance, OrgUnit


def write_units(session: Session, instance: Instance) -> None:
    """The list of the day the case starts."""
    day = instance.started_at.astimezone(clock.WIB).date()
    units = access.org_units_on(session, day)
    session.add_all(
        CaseUnit(instance_id=instance.id, org_unit_id=unit.id, place=place, name=unit.name) for place, unit in enumerate(units, 1)
    )


def units_of_case(session: Session, instance_id: int | None) -> list[tuple[str, str]]:
    """[(OPD id, name)] in the order of the list; None: of a case that has yet to start, today's."""
    if instance_id is None:
        return [(unit.id, unit.name) for unit in access.org_units_on(session, clock.today())]
    rows = session.execute(select(CaseUnit.org_unit_id, CaseUnit.name).where(CaseUnit.instance_id == instance_id).order_by(CaseUnit.place))
    return [(row.org_unit_id, row.name) for row in rows]


def names_of_cases(session: Session, instance_ids: Collection[int]) -> dict[int, dict[str, str]]:
    """{case: {OPD id: its name in that case, in the order of its list}, then today's names of all others}. One statement."""
    rows = session.execute(
        select(OrgUnit.id, OrgUnit.name.label("today"), CaseUnit.instance_id, CaseUnit.name)
        .outerjoin(CaseUnit, and_(CaseUnit.org_unit_id == OrgUnit.id, CaseUnit.instance_id.in_(instance_ids)))
        .order_by(CaseUnit.place, OrgUnit.name)
    ).all()
    today = {row.id: row.today for row in rows}
    found: dict[int, dict[str, str]] = {id: {} for id in instance_ids}
    for row in rows:
        if row.instance_id is not None:
            found[row.instance_id][row.id] = row.name
    return {case: known | {id: name for id, name in today.items() if id not in known} for case, known in found.items()}


def names_of_case(session: Session, instance_id: int) -> dict[str, str]:
    return names_of_cases(session, [instance_id])[instance_id]


def name_in_case(session: Session, instance_id: int, unit_id: str) -> str:
    return names_of_case(session, instance_id).get(unit_id, unit_id)
