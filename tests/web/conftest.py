"""People in front of the pages: the real app on a real database, cookies and form tokens as a browser would send them."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from app import create_app
from tests.support.office import PASSWORD, PDF, Office

Files = Mapping[str, Sequence[tuple[str, bytes]]]  # {field: [(file name, content)]}
HIDDEN = re.compile(r'<input type="hidden" name="(csrf_token|token)" value="([^"]+)"')


@dataclass
class Person:
    """Somebody signed in. Every page they open is checked for what every page must have."""

    client: FlaskClient
    tokens: dict[str, str] = field(default_factory=dict)

    def get(self, url: str, **options: Any) -> TestResponse:
        return self._seen(self.client.get(url, **options))

    def post(
        self, url: str, answers: Mapping[str, object] | None = None, files: Mapping[str, Sequence[tuple[str, bytes]]] | None = None
    ) -> TestResponse:
        """With the tokens of the page opened last, unless the answers bring their own."""
        parts: MultiDict[str, Any] = MultiDict(self.tokens)
        for key, value in (answers or {}).items():
            parts.setlist(key, list(value) if isinstance(value, list | tuple) else [value])
        for key, found in (files or {}).items():
            parts.setlist(key, [(io.BytesIO(content), name) for name, content in found])
        return self._seen(self.client.post(url, data=parts, content_type="multipart/form-data"))

    def _seen(self, response: TestResponse) -> TestResponse:
        assert "default-src 'none'" in response.headers["Content-Security-Policy"]
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        if response.mimetype == "text/html" and response.status_code not in (204, 302, 303):
            text = response.text
            assert text.count("<h1>") == 1 and "<title>" in text and 'id="isi"' in text
            assert not re.search(r"<style|<script(?![^>]*\ssrc=)", text)
            assert not html.fromstring(text).xpath("//@style | //@*[starts-with(name(), 'on')]")
            self.tokens = dict(HIDDEN.findall(text))
        return response


@pytest.fixture
def app(small_office: Office) -> Iterator[Flask]:
    app = create_app(small_office.database.settings)
    app.config["TESTING"] = True
    yield app
    app.extensions["alur"].database.dispose()


@pytest.fixture
def stranger(app: Flask) -> Person:
    return Person(app.test_client())


@pytest.fixture
def people(app: Flask) -> Callable[[str], Person]:
    """people("kabag"): signed in, always the same client for the same name."""
    known: dict[str, Person] = {}

    def person(username: str) -> Person:
        if username not in known:
            known[username] = Person(app.test_client())
            known[username].get("/masuk")
            answer = known[username].post("/masuk", {"nama_pengguna": username, "kata_sandi": PASSWORD})
            assert answer.status_code == 303
        return known[username]

    return person


@pytest.fixture
def case(small_office: Office) -> int:
    """A case that TU has just started."""
    return small_office.start()


@pytest.fixture
def url(small_office: Office, case: int) -> Callable[..., str]:
    """url("Task_4a"): the page of the open task of that element."""
    return lambda element, item=None: f"/tugas/{small_office.task(element, item, case).id}"


def words(response: TestResponse) -> str:
    """What a reader reads: text only, blanks run together."""
    text = re.sub(r"<(script|style|svg)\b.*?</\1>|<[^>]+>", " ", response.text, flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(text))


def pdf(name: str = "surat.pdf") -> list[tuple[str, bytes]]:
    return [(name, PDF)]
