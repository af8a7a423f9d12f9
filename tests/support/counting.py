"""Statements and commits of what runs meanwhile, for asserting and for telling."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy import event

from app.db import Database


@contextmanager
def counting(database: Database) -> Iterator[dict[str, int]]:
    counts = {"statements": 0, "commits": 0}

    def statement(_connection: object, _cursor: object, text: str, *_more: object) -> None:
        counts["statements"] += not text.startswith(("BEGIN", "SAVEPOINT", "RELEASE"))

    def commit(_connection: sa.Connection) -> None:
        counts["commits"] += 1

    event.listen(database.engine, "before_cursor_execute", statement)
    event.listen(database.engine, "commit", commit)
    try:
        yield counts
    finally:
        event.remove(database.engine, "before_cursor_execute", statement)
        event.remove(database.engine, "commit", commit)
