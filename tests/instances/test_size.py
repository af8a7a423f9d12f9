"""Counts that may not creep: statements, commits, a fan-out of a thousand, four hundred returns."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from app import audit, instances
from app.models import InstanceState, Membership, OrgUnit, User
from tests.support.counting import counting
from tests.support.office import ANSWERS, Office, posted


def test_a_completion_is_12_statements_and_one_commit_at_most(office: Office) -> None:
    office.run_until(office.start(tahun=2024), "Task_5a")  # the spec and the forms are in this process now
    case = office.start()
    office.run_until(case, "Task_4b")
    task, kabag = office.task("Task_4b"), office.actor("kabag")
    with counting(office.database) as counts, office.database.transaction() as session:
        instances.complete_task(session, kabag, task.id, posted({"keputusan_kabag": "ya"}), "token")
    assert counts["statements"] <= 11 and counts["commits"] == 1, counts  # one more belongs to the session of the person


def test_the_inbox_is_one_statement_with_its_total(office: Office) -> None:
    office.start()
    actor = office.actor("tu")
    with counting(office.database) as counts, office.database.reading() as session:
        instances.inbox_for(session, actor, "kelompok")
    assert counts["statements"] == 1 and counts["commits"] == 0


def test_a_thousand_opd_each_have_a_task_and_one_of_them_costs_no_more(office: Office) -> None:
    many = [f"opd_{number}" for number in range(1000)]
    with office.database.transaction() as session:
        session.add_all(OrgUnit(id=id, name=f"OPD {id}", kind="Dinas", valid_from=date(2017, 1, 1)) for id in many)
        session.flush()
        user = session.scalars(sa.select(User).where(User.username == "opd.setda")).one()
        for id in (many[0], many[-1]):
            row = User(
                username=id,
                name=id,
                position="",
                password_hash=user.password_hash,
                org_unit_id=id,
                is_active=True,
                created_at=user.created_at,
            )
            session.add(row)
            session.flush()
            session.add(Membership(user_id=row.id, group_key="opd", valid_from=date(2017, 1, 1)))
    case = office.start()
    office.run_until(case, "Task_7b", opd=many)
    assert len(office.open(case)) == 1000
    task, actor = office.task("Task_7b", many[0], case), office.actor(many[0])
    office._attach(actor, "t", task.form_id, office.definition().id)
    with counting(office.database) as counts, office.database.transaction() as session:
        instances.complete_task(session, actor, task.id, posted(ANSWERS["Task_7b"]), "t")
    assert counts["statements"] <= 11, counts
    assert len(office.open(case)) == 999


def test_400_returns_stay_flat_and_the_chain_verifies(small_office: Office) -> None:
    office = small_office
    case = office.start()
    office.run_until(case, "Task_4b")
    kabag, kasubbag = office.actor("kabag"), office.actor("kasubbag")
    sizes = []
    for number in range(400):
        with office.database.transaction() as session:
            instances.complete_task(
                session,
                kabag,
                office.task("Task_4b", case=case).id,
                posted({"keputusan_kabag": "tidak", "catatan_kabag": "Lagi."}),
                f"k{number}",
            )
        task = office.task("Task_4a", case=case)
        office._attach(kasubbag, f"s{number}", task.form_id, office.definition().id)
        with office.database.transaction() as session:
            answers = {"hal_surat": "Permintaan", "batas_waktu_opd": "2031-03-12", "daftar_opd": ["setda"]}
            instances.complete_task(session, kasubbag, task.id, posted(answers), f"s{number}")
        if number in (0, 399):
            with office.database.reading() as session:
                sizes.append(len(session.get_one(InstanceState, case).blob))
    assert sizes[1] <= 1.3 * sizes[0]
    assert office.task("Task_4b", case=case).round == 401
    with office.database.reading() as session:
        assert audit.verify_instance(session, office.instance(case)).problems == ()
    office.finish(case)
    assert office.instance(case).state == "finished"
