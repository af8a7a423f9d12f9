"""The cases that are measured, brought to the point by the use-cases."""

from collections.abc import Sequence
from datetime import date
from uuid import uuid4

import sqlalchemy as sa

from app import engine, instances
from app.db import keys_of
from app.models import Definition, Instance, InstanceState, Membership, OrgUnit, Task, User
from bench.measuring import cost
from tests.support.office import ANSWERS, Office, posted


def start(office: Office, name: str) -> int:
    """Beside others of the same year: only the key that forbids it is another."""
    case = office.start()
    with office.database.transaction() as session:
        session.get_one(Instance, case).business_key = f"ukur|{name}"
    return case


def open_tasks(office: Office, count: int) -> list[Task]:
    return [office.task("Task_2", case=start(office, str(number))) for number in range(count)]


def at_decision(office: Office, name: str) -> int:
    case = start(office, name)
    office.run_until(case, "Task_4b", opd=["setda"])
    return case


def at_collection(office: Office, units: list[str], name: str) -> int:
    case = start(office, name)
    office.run_until(case, "Task_7b", opd=units)
    return case


def give_back(office: Office, case: int, times: int) -> float:
    """CPU of the last decision; the draft in between is not measured."""
    kabag, spent = office.actor("kabag"), 0.0
    answers = posted({"keputusan_kabag": "tidak", "catatan_kabag": "Lagi."})
    for _ in range(times):
        task = office.task("Task_4b", case=case).id

        def decide(task: object = task) -> None:
            with office.database.transaction() as session:
                instances.complete_task(session, kabag, task, answers, uuid4().hex)  # type: ignore[arg-type]

        spent = cost(decide)
        office.do(case, "Task_4a", daftar_opd=["setda"])
    return spent


def add_units(office: Office, units: Sequence[str]) -> None:
    since = date(2017, 1, 1)
    with office.database.transaction() as session:
        session.add_all(OrgUnit(id=id, name=f"OPD {id}", kind="Dinas", valid_from=since) for id in units)
        session.flush()
        model = session.scalars(sa.select(User).where(User.username == "opd.setda")).one()
        common = {"position": "", "password_hash": model.password_hash, "is_active": True, "created_at": model.created_at}
        people = [User(username=id, name=id, org_unit_id=id, **common) for id in units]
        session.add_all(people)
        session.flush()
        session.add_all(Membership(user_id=person.id, group_key="opd", valid_from=since) for person in people)


def send_item(office: Office, case: int, unit: str) -> float:
    actor, task, token = office.actor(unit), office.task("Task_7b", unit, case), uuid4().hex
    office._attach(actor, token, task.form_id, office.instance(case).definition_id)

    def send() -> None:
        with office.database.transaction() as session:
            instances.complete_task(session, actor, task.id, posted(ANSWERS["Task_7b"]), token)

    return cost(send)


def plain_size(office: Office, case: int) -> int:
    with office.database.reading() as session:
        instance, state = session.get_one(Instance, case), session.get_one(InstanceState, case)
        definition = session.get_one(Definition, instance.definition_id)
        place = engine.state.Place(case, definition.digest, state.sequence)
        return len(engine.unseal(state.blob, place, keys_of(session)))
