"""`python -m bench [T1 T3 …] [--quick] [--kind sqlite|postgres]`: measure, print, and with every target write bench/results.md."""

import argparse
import platform
from collections.abc import Callable, Iterator
from pathlib import Path

from app import clock
from app.words import moment
from bench import targets
from bench.places import filled
from bench.starting import starting
from bench.targets import Line, Places

RESULTS = Path(__file__).parent / "results.md"


def measures(quick: bool) -> dict[str, Callable[[Places], Iterator[Line]]]:
    rounds, many, returns, units = (40, 5_000, 100, 100) if quick else (200, 100_000, 1_000, 1_000)
    return {
        "T1": lambda places: targets.complete_over_http(places, rounds),
        "T2": lambda places: targets.inbox(places, rounds),
        "T3": lambda places: targets.many_cases(places, rounds // 2, many),
        "T4": lambda places: targets.long_history(places, rounds // 4, returns),
        "T5": lambda places: targets.fan_out(places, min(rounds // 4, units // 4), units),
        "T6": targets.state_size,
        "T7": targets.statements,
        "T8": lambda places: targets.trail(places, rounds // 2),
    }


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("only", nargs="*", metavar="T", help="targets; all without any")
    parser.add_argument("--quick", action="store_true", help="smaller numbers: to see that it runs, not to compare")
    parser.add_argument("--kind", choices=["sqlite", "postgres"], action="append", help="databases; both without any")
    asked = parser.parse_args()
    found: dict[str, list[Line]] = {}
    for kind in asked.kind or ["sqlite", "postgres"]:
        with filled(kind) as places:
            for target, measure in measures(asked.quick).items():
                if not asked.only or target in asked.only:
                    found.setdefault(kind, []).extend(_told(kind, measure(places)))
    if not asked.only or "T9" in asked.only:
        found.setdefault("start", []).extend(_told("start", starting()))
    if not (asked.only or asked.quick or asked.kind):
        RESULTS.write_text(as_page(found), "utf-8")
    if missed := [line for lines in found.values() for line in lines if not line.holds]:
        raise SystemExit(f"{len(missed)} of the limits are not met.")


def _told(kind: str, lines: Iterator[Line]) -> Iterator[Line]:
    for line in lines:
        print(f"{kind:9} {' | '.join(cells(line))}", flush=True)
        yield line


def cells(line: Line) -> tuple[str, str, str, str, str]:
    limit = "" if line.limit is None else f"≤ {line.limit:g}{line.unit}"
    verdict = "" if line.limit is None else "holds" if line.holds else "MISSED"
    return line.target, line.what, f"{line.measured:.2f}{line.unit}", limit, verdict


def as_page(found: dict[str, list[Line]]) -> str:
    titles = {"sqlite": "SQLite", "postgres": "PostgreSQL", "start": "Start"}
    text = [
        "# Benchmarks",
        "",
        f"`make bench`, {moment(clock.now())}, {platform.machine()}, Python {platform.python_version()}.",
        "Ratios of medians of CPU time, app and floor in turns in one run; docs/decisions has how to read them and what was tried.",
    ]
    for kind, lines in found.items():
        text += ["", f"## {titles[kind]}", "", "| target | what | measured | limit | verdict |", "|---|---|---|---|---|"]
        text += [f"| {' | '.join(cells(line))} |" for line in lines]
    return "\n".join(text) + "\n"


if __name__ == "__main__":
    main()
