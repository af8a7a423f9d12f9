"""A case keeps the OPD of the day it was started, under their names of that day; the next case has the new list."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app import clock, definitions, instances, offices
from app.instances.choosing import choices_for
from app.models import Instance, Task, User
from app.offices import UnitDetails
from app.web.story import tell
from tests.support.office import SOP, Office

TWO = ["dinas_kesehatan", "dinas_pendidikan"]


def rename(office: Office, unit_id: str, name: str) -> None:
    with office.database.transaction() as session:
        admin, edition = office.actor("admin"), offices.edition_of(session, offices.of_unit(unit_id))
        unit = offices.unit_for(session, admin, unit_id).unit
        wanted = UnitDetails(name, unit.short_name, unit.kind, unit.valid_from, clock.today())
        offices.change_unit(session, admin, unit_id, wanted, edition)


def end(office: Office, unit_id: str, successor: str = "") -> None:
    """With the day before yesterday, as a regulation that was learnt of late."""
    with office.database.transaction() as session:
        edition = offices.edition_of(session, offices.of_unit(unit_id))
        offices.end_unit(session, office.actor("admin"), unit_id, clock.today() - timedelta(days=2), successor, True, edition)


def add(office: Office, name: str) -> str:
    with office.database.transaction() as session:
        return offices.add_unit(session, office.actor("admin"), UnitDetails(name, "", "Dinas", clock.today() - timedelta(days=1))).id


@pytest.fixture
def changed(office: Office) -> tuple[Office, int, str]:
    """(office, a case on its way, an OPD added meanwhile): of the two that it asks one was renamed and one has ended."""
    case = office.start()
    office.run_until(case, "Task_4a")
    new = add(office, "Dinas Pemadam Kebakaran")
    rename(office, "dinas_kesehatan", "Dinas Kesehatan dan Keluarga Berencana")
    end(office, "dinas_pendidikan", new)
    return office, case, new


def offered(office: Office, case: int | None) -> dict[str, str]:
    with office.database.reading() as session:
        form = definitions.form_of(session, definitions.latest(session, SOP), "ks04")
        return dict(choices_for(session, form, case)["opd"])


def test_the_list_that_a_running_case_offers_stays(changed: tuple[Office, int, str]) -> None:
    office, case, new = changed
    found = offered(office, case)
    assert (len(found), new in found) == (39, False)
    assert (found["dinas_kesehatan"], found["dinas_pendidikan"]) == ("Dinas Kesehatan", "Dinas Pendidikan")


def test_what_it_asks_of_an_opd_that_ended_is_sent_accepted_and_told_under_the_old_names(changed: tuple[Office, int, str]) -> None:
    office, case, _new = changed
    office.run_until(case, "Task_8", opd=TWO)
    with office.database.reading() as session:
        instance = session.get_one(Instance, case)
        definition = definitions.latest(session, SOP)
        rows = session.scalars(select(Task).where(Task.instance_id == instance.id, Task.element == "Task_7b")).all()
        (chapter,) = tell(session, definition, rows)
        assert {line.what: line.task.state for line in chapter.lines} == {"Dinas Kesehatan": "done", "Dinas Pendidikan": "done"}


def test_the_next_case_has_the_new_list(changed: tuple[Office, int, str]) -> None:
    office, _case, new = changed
    found = offered(office, office.start(tahun=2026))
    assert found == offered(office, None)
    assert (len(found), found[new], "dinas_pendidikan" in found) == (39, "Dinas Pemadam Kebakaran", False)
    assert found["dinas_kesehatan"] == "Dinas Kesehatan dan Keluarga Berencana"


def test_an_opd_that_was_renamed_is_the_same_one(changed: tuple[Office, int, str]) -> None:
    office, case, _new = changed
    office.run_until(case, "Task_7b", opd=TWO)
    assert office.task("Task_7b", "dinas_kesehatan", case)
    with office.database.reading() as session:
        boxes = instances.inbox_counts(session, office.actor("opd.dinas_kesehatan"))
        account = session.scalars(select(User).where(User.username == "opd.dinas_kesehatan")).one()
    assert (boxes["saya"], account.org_unit_id) == (1, "dinas_kesehatan")
