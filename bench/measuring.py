"""CPU time of a worker process over single requests, and medians of what was measured in turns."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from statistics import median
from urllib.parse import urlencode, urlsplit

Work = Callable[[], object]


def cpu_of(pid: int) -> float:
    """Seconds of CPU that a process has used so far, all its threads (Linux: clock_getcpuclockid(3))."""
    return time.clock_gettime((~pid << 3) | 2)


def worker_of(pid: int) -> int:
    """The one worker of a gunicorn."""
    (child,) = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return int(child)


@dataclass
class Client:
    """One reader with a kept connection and a cookie; what it costs the server, request by request."""

    url: str
    pid: int
    headers: dict[str, str] = field(default_factory=dict)
    spent: float = 0.0

    def __post_init__(self) -> None:
        self.worker = worker_of(self.pid)
        self.connection = HTTPConnection(urlsplit(self.url).netloc, timeout=60)

    def ask(self, method: str, path: str, form: Mapping[str, str] | None = None, status: int = 200) -> str:
        """The body. ``spent``: CPU seconds of the worker from before the request until it has gone to rest after it."""
        body = urlencode(form).encode() if form is not None else None
        headers = {**self.headers, **({"Content-Type": "application/x-www-form-urlencoded"} if form is not None else {})}
        before = cpu_of(self.worker)
        self.connection.request(method, path, body, headers)
        answer: HTTPResponse = self.connection.getresponse()
        text = answer.read().decode()
        self.spent = _at_rest(self.worker) - before
        if answer.status != status:
            raise RuntimeError(f"{method} {path}: {answer.status} instead of {status}\n{text[:2000]}")
        if cookie := answer.headers.get("Set-Cookie"):
            self.headers["Cookie"] = cookie.split(";")[0]
        return text


def _at_rest(pid: int) -> float:
    """The answer is out before the worker has closed its transaction's objects: wait until it computes no more."""
    last = cpu_of(pid)
    while True:
        time.sleep(0.001)
        now = cpu_of(pid)
        if now - last < 20e-6:
            return now
        last = now


def in_turns(works: Mapping[str, Callable[[int], float]], rounds: int) -> dict[str, list[float]]:
    """Each work once a round, so that what the machine does besides falls on all alike. A work gives what it cost."""
    found: dict[str, list[float]] = {name: [] for name in works}
    for number in range(rounds):
        for name, work in works.items():
            found[name].append(work(number))
    return found


def medians(samples: Mapping[str, Sequence[float]]) -> dict[str, float]:
    return {name: median(values) for name, values in samples.items()}


@contextmanager
def own_cpu(into: list[float]) -> Iterator[None]:
    """CPU seconds of this very thread."""
    before = time.thread_time()
    yield
    into.append(time.thread_time() - before)


def cost(work: Work) -> float:
    found: list[float] = []
    with own_cpu(found):
        work()
    return found[0]
