"""What a test measured, told at the end of the run beside the promise it keeps: `Janji 1 -> lost 0, doubled 0`.

A figure travels in the test's report, so it arrives from the workers of pytest-xdist too. That of a failed test is told as such.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

import pytest

Figure = Callable[[str, str], None]


@pytest.fixture
def figure(request: pytest.FixtureRequest) -> Figure:
    """`figure("Janji 1", "sqlite: 150 steps, lost 0, doubled 0")`; before the assertions, so that a failure tells it too."""
    return lambda promise, measured: request.node.user_properties.append(("figure", [promise, measured]))


Tally = Callable[[str, str], None]


@pytest.fixture
def tally(request: pytest.FixtureRequest) -> Tally:
    """`tally("Janji 15", "places of code refused")`: one more of what many tests show; told as a sum, and with those that failed."""
    return lambda promise, counted: request.node.user_properties.append(("tally", [promise, counted]))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    told = sorted(
        (promise, f"{measured}{'' if report.passed else '   (FAILED)'}")
        for reports in terminalreporter.stats.values()
        for report in reports
        if getattr(report, "when", "") == "call"
        for name, (promise, measured) in report.user_properties
        if name == "figure"
    )
    counts: Counter[tuple[str, str, bool]] = Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            if getattr(report, "when", "") == "call":
                counts.update((*counted, report.passed) for name, counted in report.user_properties if name == "tally")
    told += [(promise, f"{number} {counted}{'' if passed else '   (FAILED)'}") for (promise, counted, passed), number in counts.items()]
    if told:
        terminalreporter.section("promise -> figure")
        for promise, measured in sorted(dict.fromkeys(told), key=lambda line: (_number(line[0]), line)):
            terminalreporter.line(f"{promise} -> {measured}")


def _number(promise: str) -> int:
    found = re.search(r"\d+", promise)
    return int(found[0]) if found else 0
