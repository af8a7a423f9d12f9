"""Jobs: claimed in a short transaction, done, ended in the transaction of their effect.

A claim moves ``due_at`` ahead by LEASE: whoever dies with it leaves it due again. What a worker did after its lease had run out and another
had taken over is rolled back, because the claim is no longer its own.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from types import MappingProxyType
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import accounts, attachments, clock, incidents, instances, office_calendar, uploads
from app.db import Database, hold_cases
from app.errors import AppError
from app.models import Job
from app.storage import Storage

log = logging.getLogger("alur.jobs")
SWEEP, REMIND = "sweep", instances.REMIND
SWEEP_EVERY = timedelta(hours=1)
LEASE = timedelta(minutes=10)
AGAIN_AFTER = timedelta(minutes=1)
MAX_TRIES = 3
BATCH = 100  # in one tick


class LostClaim(Exception):
    """Another worker has the job by now: what this one did of it is rolled back."""


def do_due_jobs(database: Database, storage: Storage) -> int:
    """How many were done. One that fails three times becomes an incident and is left."""
    _keep_sweeping(database)
    done = 0
    for _ in range(BATCH):
        job = _claim(database)
        if job is None:
            break
        try:
            WORK[job.kind](database, storage, job)
            done += 1
        except LostClaim:
            log.info("job %d (%s) was taken over", job.id, job.kind)
        except Exception as error:  # whatever it is, the next job must have its turn
            log.warning("job %d (%s)", job.id, job.kind, exc_info=error)
            _count_failure(database, job, error)
    return done


def reckon_deadlines(database: Database) -> int:
    """How many moved. A worker that starts may have come with a newer library of holidays, or with norms that make deadlines at all."""
    with database.transaction() as session:
        hold_cases(session)
        return office_calendar.reckon_open_tasks(session, office_calendar.build_calendar(session))


def sweep_leftovers(database: Database, storage: Storage) -> None:
    """Abandoned drafts, uploads and sessions; then the bytes that no row names, after the commit."""
    with database.transaction() as session:
        swept = attachments.sweep(session) + uploads.sweep(session)
        accounts.sweep_sign_ins(session)
    with database.reading() as session:
        gone = attachments.remove_unnamed(session, storage)
    log.info("swept %d drafts and uploads, %d files without a row", swept, gone)


def _sweep(database: Database, storage: Storage, job: Job) -> None:
    sweep_leftovers(database, storage)
    with _holding(database, job) as (_session, held):
        held.due_at = clock.now() + SWEEP_EVERY


def _remind(database: Database, _storage: Storage, job: Job) -> None:
    with _holding(database, job) as (session, held):
        later = instances.remind_collectors(session, job.subject)
        if later is None:
            held.state, held.ended_at = "done", clock.now()
        else:
            held.due_at = later


WORK: Mapping[str, Callable[[Database, Storage, Job], None]] = MappingProxyType({SWEEP: _sweep, REMIND: _remind})


def _keep_sweeping(database: Database) -> None:
    """The one sweep there is, made by the first worker that looks."""
    waits = select(Job.id).where(Job.kind == SWEEP, Job.state == "waiting")
    with database.reading() as session:
        if session.scalar(waits) is not None:
            return
    with database.transaction() as session:
        instances.schedule(session, SWEEP, "", clock.now())


def _claim(database: Database) -> Job | None:
    with database.transaction() as session:
        job = session.scalar(
            select(Job)
            .where(Job.state == "waiting", Job.due_at <= clock.now(), Job.kind.in_(WORK))
            .order_by(Job.due_at, Job.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        if job is not None:
            job.claim, job.due_at = uuid4().hex, clock.now() + LEASE
    return job


@contextmanager
def _holding(database: Database, job: Job) -> Iterator[tuple[Session, Job]]:
    """The transaction of the effect. Raises LostClaim."""
    with database.transaction() as session:
        held = session.scalar(select(Job).where(Job.id == job.id).with_for_update())
        if held is None or held.state != "waiting" or held.claim != job.claim:
            raise LostClaim
        held.tries, held.problem, held.claim = 0, "", ""
        yield session, held


def _count_failure(database: Database, job: Job, error: Exception) -> None:
    sentence = str(error) if isinstance(error, AppError) else f"{type(error).__name__}: {error}"
    with database.transaction() as session:
        held = session.scalar(select(Job).where(Job.id == job.id, Job.claim == job.claim).with_for_update())
        if held is None:
            return
        held.tries, held.problem, held.claim = held.tries + 1, sentence[:2000], ""
        held.due_at = clock.now() + AGAIN_AFTER
        if held.tries >= MAX_TRIES:
            held.state, held.ended_at = "failed", clock.now()
            incidents.record_incident(session, f"Pekerjaan latar “{held.kind}” gagal {MAX_TRIES} kali. {sentence}")
