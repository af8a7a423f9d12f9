"""Two deeds at one moment, without a sleep: whoever has loaded a case saves only after all others have asked for its lock.

The product knows nothing of this: SQLAlchemy tells of every statement. A deed that asks for no lock makes the other wait in vain, which
is a failure; so is one that saves what it loaded before it waited.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier, Condition, local
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import event

Answer = TypeVar("Answer")
LOCKS = re.compile(r"^BEGIN IMMEDIATE|\bFOR UPDATE\b")
SAVES = re.compile(r"^(INSERT|UPDATE|DELETE)\b")
GIVE_UP = 30  # seconds until a meeting that never happens fails


class Meeting:
    """Between the deeds of one engine."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine
        self.asked = 0
        self.expected = 0
        self.changed = Condition()
        self.guest = local()

    def at_once(self, *deeds: Callable[[], Answer]) -> list[Answer]:
        """What each gave, in their order."""
        self.asked, self.expected = 0, len(deeds)
        barrier = Barrier(len(deeds))

        def run(deed: Callable[[], Answer]) -> Answer:
            self.guest.waits = True
            barrier.wait(timeout=GIVE_UP)
            return deed()

        with ThreadPoolExecutor(len(deeds)) as pool:
            return list(pool.map(run, deeds))

    def hear(self, _connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if not getattr(self.guest, "waits", False):
            return
        if LOCKS.search(statement):
            with self.changed:
                self.asked += 1
                self.changed.notify_all()
        elif SAVES.search(statement):
            self.guest.waits = False  # it holds the lock; what it saves after this, nobody is waited for
            with self.changed:
                met = self.changed.wait_for(lambda: self.asked >= self.expected, timeout=GIVE_UP)
            assert met, "somebody never asked for the lock"


@contextmanager
def meeting(engine: sa.Engine) -> Iterator[Meeting]:
    made = Meeting(engine)
    event.listen(engine, "before_cursor_execute", made.hear)
    try:
        yield made
    finally:
        event.remove(engine, "before_cursor_execute", made.hear)
