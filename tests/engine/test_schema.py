"""What does not fit the schema of BPMN 2.0 is said in words of ours, with the element to look at."""

from __future__ import annotations

import subprocess
import sys

import pytest

from app import definitions
from app.config import ROOT
from app.definitions import Bundle
from tests.support.bundles import END, GATE, START, TASK, bundle

BROKEN = {
    "Bagian “tugas” tidak pada tempatnya": ("p", bundle(START + "<tugas/>" + TASK + GATE + END)),
    "Atribut “nama” pada “userTask” tidak dikenal": ("T", bundle(START + TASK.replace("name=", "nama=", 1) + GATE + END)),
    "Isi atribut “id” pada “endEvent” tidak sah": ("1 2", bundle(START + TASK + GATE + '<endEvent id="1 2"/>')),
    "Atribut “sourceRef” pada “sequenceFlow” wajib diisi": ("S_T", Bundle("uji.bpmn", bundle().bpmn.replace(b'sourceRef="S"', b""))),
}


@pytest.mark.parametrize("sentence", BROKEN)
def test_what_does_not_fit_is_named(sentence: str) -> None:
    element, made = BROKEN[sentence]
    first, *_others = definitions.check(made)
    assert (first.rule, first.element) == ("xsd", element) and first.message.startswith(sentence)


def test_the_line_is_that_of_the_file() -> None:
    """Comments are left out before the schema sees the drawing."""
    good = bundle(START + "\n\n<!-- \n\n -->\n<tugas/>" + TASK + GATE + END)
    (finding, *_others) = definitions.check(good)
    assert finding.line == good.bpmn[: good.bpmn.index(b"<tugas")].count(b"\n") + 1


def test_prefixes_do_not_matter() -> None:
    shipped = definitions.read_bundle(ROOT / "bpmn" / "sop_02_lakip.bpmn", ROOT / "forms")
    broken = Bundle(
        shipped.file, shipped.bpmn.replace(b'<bpmn:userTask id="Task_2" name', b'<bpmn:userTask id="Task_2" nama'), shipped.forms
    )
    (finding,) = definitions.check(broken)
    assert (finding.rule, finding.element) == ("xsd", "Task_2") and finding.line > 100


FIRST_REQUESTS = """
import os, sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from app.engine import schema

def first(gate):
    gate.wait()
    schema.validator()

broken = 0
for _ in range(60):  # a process reads it for the first time only once
    if not (child := os.fork()):
        gate = Barrier(4)
        with ThreadPoolExecutor(4) as pool:
            failed = any(one.exception() for one in [pool.submit(first, gate) for _ in range(4)])
        os._exit(int(failed))
    broken += os.waitpid(child, 0)[1] != 0
sys.exit(broken)
"""


def test_threads_that_begin_together_all_read_the_schema() -> None:
    """Without a lock in some 15 of 60 processes libxml2 says "not a valid XML Schema": a worker's first requests were a 500."""
    assert subprocess.run([sys.executable, "-c", FIRST_REQUESTS], cwd=ROOT, check=False).returncode == 0
