"""The app itself, served on loopback by gunicorn as in production, for people in a real browser and over plain HTTP."""

from __future__ import annotations

import multiprocessing
import os
import re
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from gunicorn.app.wsgiapp import run
from playwright.sync_api import APIResponse, BrowserContext, Page, expect

from app.config import ROOT
from app.db import Database
from tests.support.office import PASSWORD

TOKEN = re.compile(r'name="(csrf_token|token)"[^>]*value="([^"]+)"')
START_SECONDS = 30
FORKING = multiprocessing.get_context("forkserver")
FORKING.set_forkserver_preload(["tests.support.site", "app.web", "app.jobs", "gunicorn.workers.gthread"])


@dataclass(frozen=True)
class Site:
    """pid: of gunicorn's own process, whose children are the workers."""

    url: str
    database: Database
    pid: int = 0


@contextmanager
def serving_app(database: Database, *options: str, app: str = "app:create_app()") -> Iterator[Site]:
    """options: of gunicorn, over ours."""
    settings = database.settings
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        "ALUR_INSTANCE_DIR": str(settings.instance_dir),
        "ALUR_DATABASE_URL": settings.database_url,
        "ALUR_ARGON2_TIME_COST": str(settings.argon2_time_cost),
        "ALUR_ARGON2_MEMORY_KIB": str(settings.argon2_memory_kib),
        "ALUR_LOGIN_TRIES": "10000",
    }
    command = ["--bind", f"127.0.0.1:{port}", "--workers", "1", "--threads", "4"]
    command += ["--graceful-timeout", "1", "--no-control-socket", "--log-level", "warning", *options, app]
    log = settings.instance_dir / f"web-{port}.log"
    server = FORKING.Process(target=_run_gunicorn, args=(command, environment, log))
    server.start()
    assert server.pid is not None
    try:
        _wait_for(f"http://127.0.0.1:{port}/masuk", server)
        yield Site(f"http://127.0.0.1:{port}", database, server.pid)
    finally:
        os.kill(server.pid, signal.SIGQUIT)  # at once: SIGTERM waits for connections that browsers keep open
        server.join(timeout=START_SECONDS)
    assert server.exitcode is not None, "gunicorn does not stop"
    written = log.read_text("utf-8")
    assert "Traceback" not in written, written


def _run_gunicorn(command: list[str], environment: Mapping[str, str], log: Path) -> None:
    """In a process of its own, forked from one that has imported the app: a start costs a fifth of a second instead of two."""
    os.chdir(ROOT)
    os.environ.update(environment)
    os.setpgid(0, 0)  # Ctrl-C is for the tests
    with log.open("wb") as output:
        os.dup2(output.fileno(), sys.stdout.fileno())
        os.dup2(output.fileno(), sys.stderr.fileno())
    sys.argv = ["gunicorn", *command]
    run()


def _wait_for(url: str, server: ForkServerProcess) -> None:
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            with urlopen(url, timeout=5):
                return
        except HTTPError:
            return
        except (URLError, OSError):
            assert server.is_alive() and time.monotonic() < until, f"{url} does not answer"
            time.sleep(0.02)


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
