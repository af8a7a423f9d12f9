"""The office of a browser test: the app served on loopback, on a database of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.db import Database
from tests.support.office import Office
from tests.support.site import Site, serving_app


@pytest.fixture
def site(sqlite: Database) -> Iterator[Site]:
    with serving_app(sqlite) as found:
        yield found


@pytest.fixture
def office(site: Site) -> Office:
    return Office(site.database)
