"""Check a stranger's bundle in a child process: whatever is in it, the answer comes within four seconds and this process is unharmed.

The limits and why: docs/decisions/0007. The child is ``app/checking/child.py``.
"""

import base64
import json
import logging
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

from app.checking.bundle import Bundle, oversize
from app.errors import Busy, Finding

WALL_SECONDS = 3.0
WAIT_SECONDS = 0.8  # for one of the places below
AT_ONCE = 2  # children of one process: each may take 512 MB
MAX_ANSWER = 2 * 1024 * 1024
COMMAND = (sys.executable, "-m", "app.checking.child")
ROOT = Path(__file__).parents[2]
# What a Python that was built with shared libraries may need to start. No setting, key or address of ours goes along.
KEPT = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
SKIPPED = {
    "lint": ("lint", "Kebiasaan menggambar tidak diperiksa karena"),
    "soundness": ("keutuhan", "Keutuhan alur tidak dianalisis karena"),
}
AGAIN = "Coba lagi; bila terulang, sampaikan berkas ini kepada admin."
BUSY = "Coba lagi bila server sedang sibuk; bila terulang, pecah menjadi beberapa SOP atau sederhanakan diagram dan formulirnya."
SIMPLER = "Pecah menjadi beberapa SOP, atau sederhanakan diagram dan formulirnya, lalu unggah lagi."

log = logging.getLogger("alur.checking")
_places = BoundedSemaphore(AT_ONCE)


class _CutOff(Exception):
    """Why a child did not finish: the rest of a sentence, and what to do."""

    def __init__(self, reason: str, advice: str) -> None:
        super().__init__(reason)
        self.advice = advice


def check_apart(bundle: Bundle, groups: Collection[str] | None = None) -> tuple[Finding, ...]:
    """All findings: rules, dry start, lint, soundness. Never raises for what is in the bundle; what goes wrong is a finding too.

    groups: the keys of the office's groups; None where no office is known. Raises Busy while others are checking: that is no fault
    of the drawing.
    """
    if too_big := oversize(bundle):
        return (too_big,)
    if not _places.acquire(timeout=WAIT_SECONDS):
        raise Busy("Pemeriksaan diagram lain sedang berjalan. Coba lagi sebentar lagi.")
    try:
        return _check(bundle, groups)
    except OSError as error:
        return (_failure(bundle, f"Pemeriksaan tidak dapat dimulai ({type(error).__name__}).", AGAIN),)
    finally:
        _places.release()


def _check(bundle: Bundle, groups: Collection[str] | None) -> tuple[Finding, ...]:
    answer, cut_off = _ask(_question(bundle, groups))
    if cut_off:
        log.warning("check of %s cut off: %s; last heard: %s", bundle.digest[:12], cut_off, answer[-200:])
    try:
        done = dict(_stages(answer))
    except (ValueError, TypeError, KeyError):
        return (_failure(bundle, "Pemeriksaan memberi jawaban yang tidak dapat dibaca.", AGAIN),)
    if "rules" not in done:
        reason = cut_off or _CutOff("pemeriksa terhenti tanpa jawaban", AGAIN)
        return (_failure(bundle, f"Pemeriksaan gagal karena {reason}.", reason.advice),)
    findings = tuple(finding for stage in done.values() for finding in stage)
    return findings + tuple(_skipped(bundle, done, cut_off) if cut_off else ())


def _skipped(bundle: Bundle, done: dict[str, tuple[Finding, ...]], cut_off: _CutOff) -> Iterator[Finding]:
    """The rules have spoken; what was cut off after them is said, not hidden. Soundness is only asked of a drawing without errors."""
    sound = not any(finding.severity == "error" for finding in done["rules"])
    for stage, (rule, sentence) in SKIPPED.items():
        if stage not in done and (stage == "lint" or sound):
            yield Finding(bundle.file, 0, "", "", rule, "info", f"{sentence} {cut_off}.")


def _question(bundle: Bundle, groups: Collection[str] | None) -> bytes:
    asked: dict[str, Any] = {"file": bundle.file, "bpmn": base64.b64encode(bundle.bpmn).decode(), "forms": _packed(bundle.forms)}
    if bundle.called:
        composed = base64.b64encode(bundle.called.composed).decode()
        asked["called"] = {"composed": composed, "forms": _packed(bundle.called.forms), "turning": sorted(bundle.called.turning)}
    return json.dumps(asked | {"groups": None if groups is None else sorted(groups)}).encode()


def _packed(forms: Mapping[str, bytes]) -> dict[str, str]:
    return {form_id: base64.b64encode(content).decode() for form_id, content in forms.items()}


def _ask(question: bytes) -> tuple[bytes, _CutOff | None]:
    """What the child wrote, and why it did not finish. The question is a file, so that nobody waits for a child that does not read."""
    deadline = time.monotonic() + WALL_SECONDS
    environment = {name: os.environ[name] for name in KEPT if name in os.environ}
    with tempfile.TemporaryFile() as asked:
        asked.write(question)
        asked.seek(0)
        child = subprocess.Popen(  # noqa: S603 - our own command, a group of its own to kill
            COMMAND, stdin=asked, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT, env=environment, start_new_session=True
        )
        try:
            answer, cut_off = _read(child, deadline)
        finally:
            _kill(child)
    return answer, cut_off or _ending(child.returncode)


def _read(child: "subprocess.Popen[bytes]", deadline: float) -> tuple[bytes, _CutOff | None]:
    assert child.stdout is not None  # noqa: S101 - it is a pipe
    held = bytearray()
    while (left := deadline - time.monotonic()) > 0:
        if not select.select([child.stdout], [], [], left)[0]:
            continue
        part = os.read(child.stdout.fileno(), 65536)
        held += part
        if len(held) > MAX_ANSWER:
            return b"", _CutOff("jawaban pemeriksa terlalu panjang", AGAIN)
        if not part:
            try:
                child.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                break
            return bytes(held), None
    return bytes(held), _CutOff("pemeriksaannya melebihi 3 detik", BUSY)


def _kill(child: "subprocess.Popen[bytes]") -> None:
    """The child and whatever it may have started; then its end is awaited, so that none is left behind."""
    if child.poll() is None:
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
    if child.stdout is not None:
        child.stdout.close()


def _ending(status: int) -> _CutOff | None:
    if status == 0:
        return None
    if status == -signal.SIGXCPU:
        return _CutOff("pemeriksaannya melebihi 2 detik kerja prosesor", SIMPLER)
    if status == 3 or status == -signal.SIGABRT:
        return _CutOff("pemeriksaannya memerlukan lebih dari 512 MB memori", SIMPLER)
    return _CutOff("pemeriksanya terhenti", AGAIN)


def _stages(answer: bytes) -> Iterator[tuple[str, tuple[Finding, ...]]]:
    """The lines that arrived whole."""
    for line in answer.split(b"\n")[:-1]:
        told: Any = json.loads(line)
        if "fault" in told:
            continue
        yield str(told["stage"]), tuple(Finding(**row) for row in told["findings"])


def _failure(bundle: Bundle, message: str, advice: str) -> Finding:
    return Finding(bundle.file, 0, "", "", "pemeriksaan", "error", f"{message} {advice}")
