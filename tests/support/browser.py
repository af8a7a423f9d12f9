"""A real headless browser for tests, and what a page must never do in it.

Fixtures: `chromium` (one browser a session), `context_for` (a reader: window, language, scripts on or off), `serve` (a folder on loopback).
Functions: `screenshot(page, name)`, `fits(page)`, `wait_for_change(page, script, before)`, `axe(page)`.

A missing browser is a failure that says what to install, never a skip.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright._impl._driver import compute_driver_executable
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
UNPACKED = ROOT / ".build" / "chromium"
SCREENSHOTS = ROOT / ".build" / "screenshots"
STRICT_CSP = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'"

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--no-sandbox",  # CI and containers run as root, where Chromium's sandbox refuses to start
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--font-render-hinting=none",
]
expect.set_options(timeout=10_000)  # as long as a click waits: a machine that does much besides is no failure
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@dataclass(frozen=True)
class Launch:
    executable: str
    env: dict[str, str] = field(default_factory=dict)


def find_browser() -> Launch:
    """$CHROMIUM, else one in PATH, else the one that `make test` unpacked into .build/chromium."""
    if named := os.environ.get("CHROMIUM"):
        if not shutil.which(named):
            pytest.fail(f"CHROMIUM={named} is not a program that can be run.", pytrace=False)
        return Launch(named)
    for name in NAMES:
        if found := shutil.which(name):
            return Launch(found)
    described = UNPACKED / "launch.json"
    if described.exists():
        launch = json.loads(described.read_text())
        return Launch(str(UNPACKED / launch["executable"]), {key: str(UNPACKED / value) for key, value in launch["env"].items()})
    return pytest.fail(
        "No browser. Run `make test`, which brings one, or install one (Debian: apt-get install chromium), or set CHROMIUM to its path.",
        pytrace=False,
    )


def give_playwright_a_node() -> None:
    """Its own needs a library (libatomic) that bare machines lack; the Node.js that built the pages runs there."""
    if "PLAYWRIGHT_NODEJS_PATH" in os.environ or _answers([compute_driver_executable()[0], "--version"]):
        return
    node = shutil.which("node", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
    if node and (path := _answers([node, "-p", "process.execPath"])):
        os.environ["PLAYWRIGHT_NODEJS_PATH"] = path


def _answers(command: list[str]) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    launch = find_browser()
    give_playwright_a_node()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=launch.executable, args=FLAGS, env={**os.environ, **launch.env})
        yield browser
        browser.close()


ContextFor = Callable[..., BrowserContext]


@pytest.fixture
def context_for(chromium: Browser) -> Iterator[ContextFor]:
    """`context_for(base_url, width=1280, height=900, javascript=True)`: a fresh reader at that address; `.new_page()` opens pages.

    At the end of the test no page may have raised in a script or met its Content-Security-Policy.
    """
    complaints: list[str] = []
    with ExitStack() as stack:

        def make(
            base_url: str,
            *,
            width: int = 1280,
            height: int = 900,
            javascript: bool = True,
            locale: str = "id-ID",
            timezone: str = "Asia/Jakarta",
            **more: Any,
        ) -> BrowserContext:
            context = chromium.new_context(
                base_url=base_url,
                viewport={"width": width, "height": height},
                java_script_enabled=javascript,
                locale=locale,
                timezone_id=timezone,
                reduced_motion="reduce",
                **more,
            )
            context.set_default_timeout(10_000)
            context.on("weberror", lambda error: complaints.append(str(error.error)))
            context.on("console", lambda message: complaints.extend(_policy_reports(message)))
            stack.callback(context.close)
            return context

        yield make
    assert complaints == []


def _policy_reports(message: ConsoleMessage) -> list[str]:
    return [message.text] if "Content Security Policy" in message.text else []


def screenshot(page: Page, name: str, *, full_page: bool = True) -> None:
    """Keep a picture in .build/screenshots/<name>.png for a person to look at, where somebody wants to: SCREENSHOTS=1 pytest …

    Not otherwise: the pictures of a whole run take a minute that nobody looks at.
    """
    if "SCREENSHOTS" in os.environ:
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=full_page)


def fits(page: Page) -> bool:
    """Nobody has to move the page sideways to read it; a page on its way is waited for, whole with its styles."""
    page.wait_for_load_state()
    found: bool = page.locator("html").evaluate("one => one.scrollWidth <= innerWidth")
    return found


def wait_for_change(page: Page, script: str, before: object) -> None:
    """Until the script gives something else. Not ``wait_for_function``: a strict policy refuses a script that the page runs itself."""
    until = time.monotonic() + 10
    while page.evaluate(script) == before:
        assert time.monotonic() < until, f"{script} stays {before}"
        page.wait_for_timeout(20)


def axe(page: Page) -> None:
    """The page as it stands has no finding under WCAG 2.2 A and AA, nor under axe's best practices; a page on its way is waited for."""
    page.wait_for_load_state()
    results = Axe().run(page, options={"runOnly": {"type": "tag", "values": WCAG}, "resultTypes": ["violations"]})
    assert results.violations_count == 0, results.generate_report()


class _Quiet(SimpleHTTPRequestHandler):
    def __init__(self, *args: Any, policy: str | None, **kwargs: Any) -> None:
        self.policy = policy
        super().__init__(*args, **kwargs)

    def end_headers(self) -> None:
        if self.policy:
            self.send_header("Content-Security-Policy", self.policy)
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def serving(folder: Path, policy: str | None = None) -> Iterator[str]:
    """Serve a folder on loopback; gives the address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder), policy=policy))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def serve() -> Iterator[Callable[..., str]]:
    """`serve(folder, policy=STRICT_CSP)`: the address of a folder served until the end of the test."""
    with ExitStack() as stack:
        yield lambda folder, policy=STRICT_CSP: stack.enter_context(serving(folder, policy))
