"""Due timers of drawings, one transaction each: the row that is locked is the claim, so a killed worker leaves none behind."""

import logging
from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock, incidents, instances
from app.db import Database
from app.errors import AppError, EngineFault
from app.models import Instance, Timer

log = logging.getLogger("alur.jobs")
BATCH = 500  # in one tick; the rest a minute later


def fire_due_timers(database: Database) -> int:
    """How many fired. One that fails in three ticks becomes an incident and stops being tried; one of a suspended case waits."""
    fired = 0
    tried: set[UUID] = set()
    while len(tried) < BATCH:
        timer_id: UUID | None = None
        try:
            with database.transaction() as session:
                if (timer_id := _claim(session, tried)) is None:
                    return fired
                tried.add(timer_id)
                fired += instances.fire_timer(session, timer_id)
        except EngineFault as error:
            log.warning("timer: %s", error)
            _count_failure(database, timer_id, error)
        except AppError as error:  # a lock that was not to be had, say
            log.info("timers later: %s", error)
            return fired
        except Exception as error:  # whatever it is, the other timers are not to wait for it
            log.exception("timer %s", timer_id)
            _count_failure(database, timer_id, EngineFault(f"{type(error).__name__}: {error}"))
    return fired


def _claim(session: Session, tried: Collection[UUID]) -> UUID | None:
    """The next due timer that nobody else holds, locked together with its case.

    Both or neither, and never waiting: somebody who completes a task of the case holds it and is about to stop this very timer.
    """
    return session.scalar(
        select(Timer.id)
        .join(Instance, Instance.id == Timer.instance_id)
        .where(Timer.state == "waiting", Timer.due_at <= clock.now(), Instance.state == "running", Timer.id.not_in(tried))
        .order_by(Timer.due_at)
        .limit(1)
        .with_for_update(of=[Timer, Instance], skip_locked=True)
    )


def _count_failure(database: Database, timer_id: UUID | None, error: EngineFault) -> None:
    with database.transaction() as session:
        timer = session.get(Timer, timer_id, with_for_update=True) if timer_id else None
        if timer is None:  # not even claimed
            return
        timer.tries += 1
        error.instance_id, error.element = timer.instance_id, error.element or timer.element
        if error.stops_case:  # no fault of the timer: it goes on with its case
            timer.tries = 0
            incidents.record_fault(session, error)
        elif timer.tries >= incidents.MAX_TRIES:
            timer.state = "stopped"
            incidents.record_fault(session, error)
