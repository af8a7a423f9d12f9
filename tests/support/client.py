"""Somebody at Flask's own test client, with CSRF on as in production."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from flask import Flask
from werkzeug.test import TestResponse

from tests.support.office import PASSWORD
from tests.support.site import hidden


class Client:
    """people sign in by name; `post` takes the CSRF token from a page of theirs."""

    def __init__(self, app: Flask, username: str | None = None) -> None:
        self.http = app.test_client()
        if username:
            answer = self.post("/masuk", {"nama_pengguna": username, "kata_sandi": PASSWORD}, token_from="/masuk")
            assert answer.status_code == 303, answer.text

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.http.get(path, buffered=True, **more)

    def csrf(self, path: str = "/pelaksanaan") -> str:
        for page in (path, "/tugas", "/masuk"):
            if token := hidden(self.http.get(page, follow_redirects=True).text).get("csrf_token"):
                return token
        raise AssertionError("no page with a CSRF token")

    def post(self, path: str, data: Mapping[str, object] | None = None, *, token_from: str = "/pelaksanaan") -> TestResponse:
        parts: dict[str, Any] = {"csrf_token": self.csrf(token_from), "token": uuid4().hex, **(data or {})}
        return self.send(path, parts)

    def put(self, path: str, content: bytes = b"") -> TestResponse:
        """As a script of ours does it: raw bytes, the CSRF token in a header."""
        return self.http.put(path, data=content, headers={"X-CSRFToken": self.csrf()})

    def send(self, path: str, parts: Mapping[str, Any]) -> TestResponse:
        """Just these parts."""
        answer = self.http.post(path, data=parts, content_type="multipart/form-data")
        answer.request.environ["wsgi.input"].close()  # a large one lies in a file, which the test client leaves open
        return answer
