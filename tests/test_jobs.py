"""Background work with several workers at once, with workers that die, and after a long night: everything once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import uuid4

import sqlalchemy as sa
import time_machine

from app import audit, clock, definitions, instances
from app.config import ROOT
from app.db import Database
from app.jobs import do_due_jobs, fire_due_timers
from app.jobs.working import AGAIN_AFTER, LEASE, SWEEP_EVERY
from app.models import Event, Incident, Instance, Job, Outbox, Task, Timer
from app.worktime import working_days_between
from tests.definitions.test_rules import events
from tests.support.driving import Drive, Scenario
from tests.support.office import Office

WORKERS = 3


def waiting_cases(office: Office, count: int) -> None:
    """Cases that wait for the first of two timers."""
    with office.database.transaction() as session:
        definitions.deploy(session, events())
    for number in range(count):
        drive = Drive(office, "p", Scenario("uji"))
        drive._start()
        with office.database.transaction() as session:
            session.get_one(Instance, drive.case).business_key = f"p|{number}"


def together(office: Office, work: Callable[[Database], int]) -> list[int]:
    """The same by several workers that begin at one moment."""
    gate = Barrier(WORKERS)

    def meet(_number: int) -> int:
        gate.wait()
        return work(office.database)

    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(meet, range(WORKERS)))


def fired(office: Office) -> Counter[int]:
    with office.database.reading() as session:
        return Counter(session.scalars(sa.select(Event.instance_id).where(Event.kind == "timer")))


def test_each_due_timer_fires_once_with_three_workers_after_a_day_without_any(office: Office) -> None:
    waiting_cases(office, 8)
    with time_machine.travel(clock.now() + timedelta(hours=36), tick=True):
        assert sum(together(office, fire_due_timers)) == 8
        assert sum(together(office, fire_due_timers)) == 0
    assert fired(office) == Counter(range(1, 9))
    with office.database.reading() as session:
        assert all(audit.verify_instance(session, case).problems == () for case in session.scalars(sa.select(Instance)))


def test_what_a_killed_worker_held_is_taken_up_at_once(office: Office) -> None:
    """The worker holds timer and case in its transaction, and dies there."""
    waiting_cases(office, 1)
    settings = office.database.settings
    script = (
        "import sys, time; from app.db import Database; from app import keys; from app.config import Settings; from app.jobs import timers;"
        "from datetime import timedelta; from app import clock; import app.clock as c; now = c.now; c.now = lambda: now() + timedelta(2);"
        "s = Settings(); d = Database(s, keys.load(s.instance_dir / 'keys.json'));\n"
        "with d.transaction() as session: print(timers._claim(session, ()), flush=True); time.sleep(60)"
    )
    environment = {**os.environ, "ALUR_INSTANCE_DIR": str(settings.instance_dir), "ALUR_DATABASE_URL": settings.database_url}
    holder = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None and holder.stdout.readline().strip() not in ("", "None")
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    holder.stdout.close()
    with time_machine.travel(clock.now() + timedelta(hours=36), tick=True):
        assert fire_due_timers(office.database) == 1


def test_a_timer_that_fails_does_not_keep_the_others(office: Office) -> None:
    waiting_cases(office, 2)
    with office.database.transaction() as session:
        poisoned = session.scalars(sa.select(Timer).order_by(Timer.due_at)).first()
        assert poisoned is not None
        case, poisoned.id = poisoned.instance_id, uuid4()  # the engine knows no such timer
    with time_machine.travel(clock.now() + timedelta(hours=36), tick=True):
        assert [fire_due_timers(office.database) for _ in range(4)] == [1, 0, 0, 0]
    with office.database.reading() as session:
        assert session.scalars(sa.select(Incident.instance_id)).all() == [case]


def test_a_suspended_case_keeps_its_timer_until_it_goes_on(small_office: Office) -> None:
    office = small_office
    waiting_cases(office, 1)
    for state, expected in (("suspended", 0), ("running", 1)):
        with office.database.transaction() as session:
            session.get_one(Instance, 1).state = state
        with time_machine.travel(clock.now() + timedelta(hours=36), tick=True):
            assert fire_due_timers(office.database) == expected


def jobs(office: Office, kind: str) -> list[Job]:
    with office.database.reading() as session:
        return list(session.scalars(sa.select(Job).where(Job.kind == kind).order_by(Job.id)))


def work(office: Office) -> Callable[[Database], int]:
    return lambda database: do_due_jobs(database, office.storage)


def test_there_is_one_sweep_and_it_comes_every_hour(office: Office) -> None:
    assert sum(together(office, work(office))) == 1
    (sweep,) = jobs(office, "sweep")
    assert sweep.state == "waiting" and sweep.due_at - clock.now() > SWEEP_EVERY - timedelta(minutes=1)
    with time_machine.travel(sweep.due_at + timedelta(hours=23), tick=True):
        assert sum(together(office, work(office))) == 1


def test_a_claim_that_was_never_ended_is_due_again(small_office: Office) -> None:
    office = small_office
    with office.database.transaction() as session:
        instances.schedule(session, "sweep", "", clock.now())
        session.execute(sa.update(Job).values(claim="mati", due_at=clock.now() + LEASE))
    assert do_due_jobs(office.database, office.storage) == 0
    with time_machine.travel(clock.now() + LEASE + timedelta(seconds=1), tick=True):
        assert do_due_jobs(office.database, office.storage) == 1


def test_a_job_that_fails_three_times_is_an_incident_and_the_others_are_done(small_office: Office) -> None:
    office, now = small_office, clock.now()
    with office.database.transaction() as session:
        instances.schedule(session, instances.REMIND, "bukan id", now)
    for number in range(4):
        with time_machine.travel(now + number * 2 * AGAIN_AFTER, tick=True):
            do_due_jobs(office.database, office.storage)
    (failed,) = jobs(office, instances.REMIND)
    assert (failed.state, failed.tries) == ("failed", 3)
    with office.database.reading() as session:
        assert "gagal 3 kali" in session.scalars(sa.select(Incident.message)).one()
    assert jobs(office, "sweep")[0].tries == 0


def collecting(office: Office) -> Task:
    """Two OPD are asked; the deadline lies two months ahead."""
    case = office.start()
    deadline = clock.today() + timedelta(days=60)
    office.run_until(case, "Task_4a")
    office.do(case, "Task_4a", batas_waktu_opd=deadline)
    office.run_until(case, "Task_7b")
    return office.task("Task_7b", "dinas_kesehatan", case)


def notices(office: Office) -> list[Outbox]:
    with office.database.reading() as session:
        return list(session.scalars(sa.select(Outbox).order_by(Outbox.id)))


def test_those_who_collect_are_told_once_three_working_days_before(office: Office) -> None:
    task = collecting(office)
    assert task.due_at is not None
    (job,) = jobs(office, instances.REMIND)
    assert working_days_between(job.due_at, task.due_at) == 3
    office.do(task.instance_id, "Task_7b", item="dinas_pendidikan")
    with time_machine.travel(job.due_at + timedelta(minutes=1), tick=True):
        together(office, work(office))
        together(office, work(office))
    told = notices(office)
    assert sorted(one.group_key for one in told) == ["tim_penyusun", "tu_bagian"]
    assert told[0].text.startswith("1 OPD belum menyampaikan; batasnya ")
    assert jobs(office, instances.REMIND)[0].state == "done"


def test_an_extended_deadline_moves_the_reminder(small_office: Office) -> None:
    office = small_office
    task = collecting(office)
    later = clock.today() + timedelta(days=90)
    for row in office.open(task.instance_id):
        with office.database.transaction() as session:
            instances.extend_deadline(session, office.actor("tu"), row.id, later, "Banjir.")
    (job,) = jobs(office, instances.REMIND)
    with time_machine.travel(job.due_at + timedelta(minutes=1), tick=True):
        do_due_jobs(office.database, office.storage)
    assert notices(office) == []
    moved = jobs(office, instances.REMIND)[0]
    assert moved.state == "waiting" and moved.due_at > job.due_at + timedelta(days=20)


def test_nobody_is_told_where_all_have_sent(small_office: Office) -> None:
    office = small_office
    task = collecting(office)
    (job,) = jobs(office, instances.REMIND)
    office.finish(task.instance_id)
    with time_machine.travel(job.due_at + timedelta(minutes=1), tick=True):
        do_due_jobs(office.database, office.storage)
    assert notices(office) == [] and jobs(office, instances.REMIND)[0].state == "done"
