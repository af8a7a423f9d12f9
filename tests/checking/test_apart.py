"""The child: it answers like the rules, knows nothing of ours, and whatever a drawing does to it ends in one sentence."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app import definitions
from app.checking import apart
from app.config import ROOT
from app.definitions import Bundle
from app.diagram import MAX_BYTES
from app.errors import Busy, Finding
from tests.checking.test_soundness import DEADLOCK
from tests.support.bundles import END, FORMS, GATE, START, TASK, YES, bundle, fan_out, form, laid_out, simple, task, text

ANSWERS_WITHIN = 4.0  # seconds: Camunda Modeler gives up at five


def play(monkeypatch: pytest.MonkeyPatch, script: str, wall: float = apart.WALL_SECONDS) -> None:
    """Another child in place of ours."""
    monkeypatch.setattr(apart, "COMMAND", (sys.executable, "-c", script))
    monkeypatch.setattr(apart, "WALL_SECONDS", wall)


def only(found: tuple[Finding, ...]) -> Finding:
    (finding,) = found
    return finding


def test_a_shipped_drawing_passes_in_time() -> None:
    shipped = definitions.read_bundle(ROOT / "bpmn" / "sop_02_lakip.bpmn", ROOT / "forms")
    began = time.monotonic()
    assert definitions.check_apart(shipped) == ()
    assert time.monotonic() - began < ANSWERS_WITHIN


def test_rules_and_soundness_are_heard() -> None:
    found = definitions.check_apart(laid_out(DEADLOCK), groups={"lain"})
    assert {"kelompok", "macet"} <= {finding.rule for finding in found}


def test_an_error_is_told_as_in_this_process() -> None:
    broken = laid_out(bundle(flows="S>T T>G G>E[${keputusan.__class__}] G>T"))
    assert definitions.check_apart(broken) == definitions.check(broken)


def test_the_child_gets_no_setting_and_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALUR_SECRET_KEY", "rahasia")
    told = "import os,json; print(json.dumps({'stage': 'rules', 'findings': [{'file': '', 'line': 0, 'element': '', 'name': '', "
    play(monkeypatch, told + "'rule': 'x', 'severity': 'info', 'message': ' '.join(sorted(os.environ))}]}))")
    assert set(only(definitions.check_apart(bundle())).message.split()) <= {*apart.KEPT, "LC_CTYPE"}


def test_the_child_loads_no_database_and_no_web() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, app.checking.child; print(*sys.modules)"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    assert not {"sqlalchemy", "flask", "werkzeug", "app.db", "app.models", "app.config"} & set(loaded)


def test_the_limits_hold() -> None:
    """Asked of a child that has lowered them, as the checking one does before it reads."""
    script = (
        "import json, os, resource; from app.checking.child import lower_limits; lower_limits(); told = []\n"
        "for name, act in (('write', lambda: open('/tmp/alur-limit', 'wb', buffering=0).write(b'x')), ('memory', lambda: bytes(600 << 20)),"
        " ('files', lambda: [os.open('/dev/null', 0) for _ in range(40)])):\n"
        "    try: act()\n"
        "    except (OSError, MemoryError) as error: told.append(name)\n"
        "print(json.dumps([told, resource.getrlimit(resource.RLIMIT_CPU), resource.getrlimit(resource.RLIMIT_CORE)]))"
    )
    said = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    Path("/tmp/alur-limit").unlink(missing_ok=True)
    assert json.loads(said) == [["write", "memory", "files"], [2, 2], [0, 0]]


@pytest.mark.parametrize(
    ("script", "sentence"),
    [
        ("import time; time.sleep(60)", "melebihi 3 detik"),
        ("import os, time\nif os.fork(): time.sleep(60)\ntime.sleep(60)", "melebihi 3 detik"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGXCPU)", "melebihi 2 detik kerja prosesor"),
        ("import sys; sys.exit(3)", "lebih dari 512 MB"),
        ("import os; os.abort()", "lebih dari 512 MB"),
        ("import os; os.kill(os.getpid(), 11)", "terhenti"),
        ("raise SystemExit(1)", "terhenti"),
        ("pass", "terhenti tanpa jawaban"),
        ("print('bukan JSON')", "tidak dapat dibaca"),
        ("print('[1]')", "tidak dapat dibaca"),
        ("import sys; sys.stdout.write('x' * 3_000_000)", "terlalu panjang"),
    ],
    ids=["sleeps", "forks", "spins", "memory", "aborts", "segfault", "crashes", "silent", "garbage", "no object", "endless"],
)
def test_a_child_that_fails_is_one_sentence(script: str, sentence: str, monkeypatch: pytest.MonkeyPatch) -> None:
    play(monkeypatch, script, wall=0.7 if "sleep" in script else apart.WALL_SECONDS)
    finding = only(definitions.check_apart(bundle()))
    assert (finding.rule, finding.severity) == ("pemeriksaan", "error") and sentence in finding.message
    assert finding.message.count(".") >= 2 and "Traceback" not in finding.message  # what happened, and what to do


def test_a_fault_of_ours_is_logged_with_its_place(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    play(monkeypatch, (
        "from app.checking import child, verdict\n"
        "def broken(*_): raise KeyError('x')\n"
        "verdict.RULES = (broken,)\n"
        "raise SystemExit(child.main())"
    ))  # fmt: skip
    assert "pemeriksanya terhenti" in only(definitions.check_apart(bundle())).message
    assert "KeyError in <string>:2" in caplog.text and bundle().digest[:12] in caplog.text


def test_an_analysis_that_is_cut_off_does_not_unsay_the_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    play(monkeypatch, 'import time; print(\'{"stage": "rules", "findings": []}\', flush=True); time.sleep(60)', wall=0.5)
    assert [(finding.rule, finding.severity) for finding in definitions.check_apart(bundle())] == [("lint", "info"), ("keutuhan", "info")]


def test_too_many_at_once_are_asked_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "WAIT_SECONDS", 0.01)
    for _ in range(apart.AT_ONCE):
        assert apart._places.acquire(timeout=1)
    try:
        with pytest.raises(Busy, match="sedang berjalan"):  # no fault of the drawing
            definitions.check_apart(bundle())
    finally:
        for _ in range(apart.AT_ONCE):
            apart._places.release()


def test_what_is_too_big_never_reaches_the_child(monkeypatch: pytest.MonkeyPatch) -> None:
    play(monkeypatch, "raise SystemExit(1)")
    assert only(definitions.check_apart(Bundle("besar.bpmn", b" " * (MAX_BYTES + 1)))).rule == "ukuran"
    many = {f"f{number}": b" " * 500_000 for number in range(17)}
    assert "8 MB" in only(definitions.check_apart(bundle(forms=many))).message


LAUGHS = b'<!DOCTYPE d [<!ENTITY a "ha">' + b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a;" * 10) for n in range(9)) + b"]>"
CHAIN = [f"T{number}" for number in range(290)]
SPREAD = [f"A{number}" for number in range(40)]
BOMBS: dict[str, tuple[str, Bundle]] = {
    "a billion laughs": ("xml", Bundle("uji.bpmn", LAUGHS + bundle().bpmn)),
    "a thousand million items": ("kode", simple(task("T", inside=fan_out("", inside="<loopCardinality>1000000000</loopCardinality>")))),
    "a long chain": ("", laid_out(simple(*[task(id, f"Langkah {id}") for id in CHAIN], ids=" ".join(CHAIN)))),
    "forty ways at once": ("keutuhan", laid_out(bundle(
        START + '<parallelGateway id="P" name="P"/><parallelGateway id="Q" name="Q"/>' + "".join(task(id, id) for id in SPREAD) + END,
        "S>P Q>E " + " ".join(f"P>{id} {id}>Q" for id in SPREAD), "S P Q E " + " ".join(SPREAD)))),
    "a pattern that hangs": ("form-aturan", bundle(forms=FORMS | {
        "buka": form("buka", {**text("tahun", kunci="true"), "validate": {"pattern": "^(a+)+$"}, "defaultValue": "a" * 60})})),
    "an endless expression": ("ungkapan", bundle(flows=f"S>T T>G G>E[{'(' * 4000}1{')' * 4000}] G>T")),
    "deep brackets": ("ungkapan", bundle(flows=f"S>T T>G G>E[{'not ' * 120}keputusan] G>T")),
    "gateways that spin": ("putaran", bundle(
        START + TASK + '<exclusiveGateway id="J" name="J"/>' + GATE.replace("G_T", "G_J") + END, f"S>T T>J J>G G>E{YES} G>J", "S T J G E")),
    "an attribute of a megabyte": ("kepanjangan", simple(task(name="a" * 1_000_000))),
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_are_answered_within_the_limits(name: str) -> None:
    rule, bomb = BOMBS[name]
    began = time.monotonic()
    found = definitions.check_apart(bomb)
    assert time.monotonic() - began < ANSWERS_WITHIN
    errors = {finding.rule for finding in found if finding.severity == "error"}
    assert (rule in {finding.rule for finding in found}) if rule else not errors, found
    assert "pemeriksaan" not in errors
