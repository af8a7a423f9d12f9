"""The app itself, served on loopback by gunicorn as in production, for people in a real browser and over plain HTTP."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import APIResponse, BrowserContext, Page, expect

from app.config import ROOT
from app.db import Database
from tests.support.office import PASSWORD

TOKEN = re.compile(r'name="(csrf_token|token)"[^>]*value="([^"]+)"')
START_SECONDS = 30


@dataclass(frozen=True)
class Site:
    """pid: of gunicorn's own process, whose children are the workers."""

    url: str
    database: Database
    pid: int = 0


@contextmanager
def serving_app(database: Database, *options: str) -> Iterator[Site]:
    """options: of gunicorn, over ours."""
    settings = database.settings
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "ALUR_INSTANCE_DIR": str(settings.instance_dir),
        "ALUR_DATABASE_URL": settings.database_url,
        "ALUR_ARGON2_TIME_COST": str(settings.argon2_time_cost),
        "ALUR_ARGON2_MEMORY_KIB": str(settings.argon2_memory_kib),
        "ALUR_LOGIN_TRIES": "10000",
    }
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--workers", "1", "--threads", "4"]
    command += ["--no-control-socket", "--log-level", "warning", *options, "app:create_app()"]
    log = settings.instance_dir / "web.log"
    with log.open("wb") as output:
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output)
        try:
            _wait_for(f"http://127.0.0.1:{port}/masuk", server)
            yield Site(f"http://127.0.0.1:{port}", database, server.pid)
        finally:
            server.terminate()
            server.wait(timeout=START_SECONDS)
    written = log.read_text("utf-8")
    assert "Traceback" not in written, written


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            with urlopen(url, timeout=5):
                return
        except (URLError, OSError):
            assert server.poll() is None and time.monotonic() < until, f"{url} does not answer"
            time.sleep(0.1)


@dataclass(frozen=True)
class HttpPerson:
    """Somebody who works over plain HTTP: the same pages, no browser. context: of their own, so that cookies are theirs."""

    context: BrowserContext

    def sign_in(self, username: str) -> None:
        page = self.context.request.get("/masuk")
        fields = {**hidden(page.text()), "nama_pengguna": username, "kata_sandi": PASSWORD}
        answer = self.context.request.post("/masuk", form=fields, max_redirects=0)
        assert answer.status == 303, answer.text()

    def submit(self, path: str, answers: Mapping[str, str], files: Mapping[str, bytes] | None = None) -> APIResponse:
        """Open the page, post its form."""
        page = self.context.request.get(path)
        assert page.status == 200, page.text()
        parts: dict[str, object] = {**hidden(page.text()), **answers}
        for key, content in (files or {}).items():
            parts[key] = {"name": f"{key}.pdf", "mimeType": "application/pdf", "buffer": content}
        return self.context.request.post(path, multipart=parts, max_redirects=0)  # type: ignore[arg-type]


def hidden(html: str) -> dict[str, str]:
    """The hidden fields of the page's own form: the last token of each name."""
    return dict(TOKEN.findall(html))


def sign_in(site: Site, context_for: Callable[..., BrowserContext], username: str, **reader: Any) -> Page:
    """A reader's window with somebody signed in; reader: as `context_for` takes it."""
    page = context_for(site.url, **reader).new_page()
    page.goto("/masuk")
    page.get_by_label("Nama pengguna").fill(username)
    page.get_by_label("Kata sandi").fill(PASSWORD)
    page.get_by_role("button", name="Masuk").click()
    expect(page.locator("#form-keluar")).to_be_visible()
    return page
