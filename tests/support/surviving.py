"""People who do not give up while workers are killed: whatever got no answer is sent again."""

from __future__ import annotations

import http.client
import os
import random
import re
import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from tests.support.office import PASSWORD
from tests.support.site import Site, hidden

FORM = "application/x-www-form-urlencoded"


class Broken(Exception):
    """No answer: the worker is gone, or one is only just starting."""


@dataclass(frozen=True)
class Answer:
    status: int
    location: str
    content: bytes


@dataclass
class Caller:
    """Somebody over plain HTTP, one connection a request, so that each may meet another worker."""

    site: Site
    cookie: str = ""
    csrf: str = ""

    def sign_in(self, username: str, page: str = "/tugas") -> None:
        texts = {**hidden(self.ask("GET", "/masuk").content.decode()), "nama_pengguna": username, "kata_sandi": PASSWORD}
        assert self.ask("POST", "/masuk", urlencode(texts).encode(), FORM).status == 303
        self.csrf = hidden(self.ask("GET", page).content.decode())["csrf_token"]

    def ask(self, method: str, path: str, body: bytes = b"", kind: str = "", accept: str = "text/html") -> Answer:
        """Raises Broken."""
        address = urlsplit(self.site.url)
        asking = http.client.HTTPConnection(address.hostname or "", address.port, timeout=20)
        headers = {"Cookie": self.cookie, "Accept": accept, "X-CSRFToken": self.csrf, **({"Content-Type": kind} if kind else {})}
        try:
            asking.request(method, path, body, headers)
            answer = asking.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException) as error:
            raise Broken from error
        finally:
            asking.close()
        if found := re.match(r"alur=[^;]+", answer.headers.get("Set-Cookie", "")):
            self.cookie = self.cookie if self.csrf else found[0]
        return Answer(answer.status, answer.headers.get("Location", ""), content)

    def post(self, path: str, texts: Mapping[str, str]) -> Answer:
        """Raises Broken."""
        return self.ask("POST", path, urlencode(texts).encode(), FORM)


def workers_of(pid: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            words = stat.read_text().rpartition(")")[2].split()
            if int(words[1]) == pid and words[0] != "Z":
                found.append(int(stat.parent.name))
    return found


@contextmanager
def killing(site: Site, pause: tuple[float, float], due: Callable[[], bool] = lambda: True) -> Iterator[list[int]]:
    """kill -9 a worker at random moments, so many seconds apart, where one is due; gives the list of the dead."""
    over, dead, dice = threading.Event(), [], random.Random(7)

    def kill() -> None:
        while not over.wait(dice.uniform(*pause)):
            if due() and (alive := workers_of(site.pid)):
                victim = dice.choice(alive)
                os.kill(victim, signal.SIGKILL)
                dead.append(victim)

    thread = threading.Thread(target=kill)
    thread.start()
    try:
        yield dead
    finally:
        over.set()
        thread.join()
