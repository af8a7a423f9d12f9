"""``python -m app.checking.child``: check one bundle from standard input, with limits, and say what was found.

In: one JSON object {"file", "bpmn": base64, "forms": {id: base64}, "groups": [key] | null} and, where it calls others,
"called": {"composed": base64, "forms": {id: base64}, "turning": [key]}.
Out: one JSON line per stage, as soon as it is done: {"stage", "findings"}. So the rules are heard even if what follows is cut off.
A fault of our own is a line {"fault"}: where it happened.
Status: 0 done; 3 out of memory; anything else is a crash. Started and read by ``app/checking/apart.py``.
"""

import base64
import json
import os
import resource
import sys
import traceback
from pathlib import Path

from app.checking import lint, soundness  # noqa: F401 - read in before the limits, not by the first drawing
from app.checking.bundle import Bundle, Called
from app.checking.verdict import stages
from app.engine import schema

CPU_SECONDS = 2
MEMORY = 512 * 1024 * 1024
OPEN_FILES = 16
OUT_OF_MEMORY = 3


def main() -> int:
    schema.validator()
    lint.rules()
    lower_limits()
    asked = json.loads(sys.stdin.buffer.read())
    told = asked.get("called")
    called = Called(base64.b64decode(told["composed"]), _forms(told["forms"]), (), frozenset(told["turning"])) if told else None
    bundle = Bundle(asked["file"], base64.b64decode(asked["bpmn"]), _forms(asked["forms"]), called)
    try:
        for stage, findings in stages(bundle, asked["groups"]):
            _answer({"stage": stage, "findings": [finding.as_dict() for finding in findings]})
    except MemoryError:
        return OUT_OF_MEMORY
    except Exception as error:  # ours, not the drawing's: for the parent's log
        _answer({"fault": _place_of(error)})
        return 1
    return 0


def _forms(packed: dict[str, str]) -> dict[str, bytes]:
    return {form_id: base64.b64decode(content) for form_id, content in packed.items()}


def lower_limits() -> None:
    """For good: also against what a fault in a parser might let a file do. No new processes, no files written, no core."""
    for limit, value in (
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_NPROC, 0),
    ):
        resource.setrlimit(limit, (value, value))


def _place_of(error: Exception) -> str:
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {Path(last.filename).name}:{last.lineno}"


def _answer(line: dict[str, object]) -> None:
    os.write(1, json.dumps(line).encode("ascii") + b"\n")


if __name__ == "__main__":
    sys.exit(main())
