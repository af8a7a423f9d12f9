"""The envelope: whatever is not exactly what was sealed for this place is refused with a sentence, and nothing of it is run."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from typing import Any

import pytest

from app import engine
from app.config import ROOT
from app.engine import state
from app.engine.state import MAGIC, MAX_PAYLOAD, Place, StateRejected, reseal, seal, unseal
from app.errors import EngineFault
from app.keys import Keys
from app.models import Definition
from app.version import VERSION
from tests.support.drawings import drawing

KEYS = Keys("k1", {"k1": b"1" * 32}, "s")
HERE = Place(7, "a" * 64, 3)
ONE = drawing(nodes='<startEvent id="S"/><userTask id="T" name="T"/><endEvent id="E"/>', flows="S>T T>E")
PAYLOAD = engine.start(ONE, {}).state
BLOB = seal(PAYLOAD, HERE, KEYS)


def forged(body: bytes | None = None, head: bytes | None = None, **changes: Any) -> bytes:
    """As somebody with the key would seal it: the checks behind the seal are alone."""
    sealed = BLOB[len(MAGIC) + 32 :]
    end = 2 + int.from_bytes(sealed[:2], "big")
    header: dict[str, Any] = {**json.loads(sealed[2:end]), **changes}
    for name in [name for name, value in changes.items() if value is ...]:
        del header[name]
    text = json.dumps(header).encode() if head is None else head
    rest = len(text).to_bytes(2, "big") + text + (sealed[end:] if body is None else body)
    return MAGIC + KEYS.mac(b"alur-state", rest) + rest


def test_what_was_sealed_here_opens() -> None:
    assert unseal(BLOB, HERE, KEYS) == PAYLOAD


def test_any_byte_changed_is_refused() -> None:
    for at in range(len(BLOB)):
        for bit in (1, 0x80):
            broken = BLOB[:at] + bytes([BLOB[at] ^ bit]) + BLOB[at + 1 :]
            with pytest.raises(StateRejected):
                unseal(broken, HERE, KEYS)


def test_any_length_but_the_whole_is_refused() -> None:
    for blob in [BLOB[:length] for length in range(len(BLOB))] + [BLOB + b"\0", BLOB + BLOB, b"", b"\0" * 4096]:
        with pytest.raises(StateRejected):
            unseal(blob, HERE, KEYS)


@pytest.mark.parametrize("place", [Place(8, "a" * 64, 3), Place(7, "b" * 64, 3), Place(7, "a" * 64, 2), Place(7, "a" * 64, 4)])
def test_it_opens_nowhere_else(place: Place) -> None:
    with pytest.raises(StateRejected, match="bukan milik"):
        unseal(BLOB, place, KEYS)


def test_a_key_that_is_no_longer_listed_opens_nothing() -> None:
    with pytest.raises(StateRejected, match="tidak lagi terdaftar"):
        unseal(BLOB, HERE, Keys("k2", {"k2": b"2" * 32}, "s"))


SEALED_WRONG: Mapping[str, dict[str, Any]] = {
    "no size": {"size": ...}, "no digest": {"digest": ...}, "no key": {"key": ...}, "no app": {"app": ...},
    "a negative size": {"size": -1}, "a size of nothing": {"size": 0}, "a size beyond the limit": {"size": MAX_PAYLOAD + 1},
    "one byte too few": {"size": len(PAYLOAD) - 1}, "one byte too many": {"size": len(PAYLOAD) + 1},
    "true for one": {"format": True}, "a sequence that is true": {"sequence": True}, "a text for a number": {"instance": "7"},
    "a float": {"sequence": 3.0}, "nothing for a number": {"parser": None}, "a list for a text": {"engine": ["3.2.0"]},
    "another format": {"format": 99}, "another serializer": {"serializer": "1.1"}, "another parser": {"parser": 99},
    "another engine": {"engine": "9.9"}, "a newer app": {"app": "0.1.1"}, "a much newer app": {"app": "10.0.0"},
    "no version": {"app": "kini"},
    "an empty header": {"head": b""}, "a header that is no JSON": {"head": b"{"}, "a header that is a list": {"head": b"[]"},
    "a deep header": {"head": b"[" * 60_000}, "a header of nothing": {"head": b"null"},
    "no body": {"body": b""}, "a body that is not packed": {"body": PAYLOAD}, "half a body": {"body": zlib.compress(PAYLOAD)[:-9]},
    "a body without its checksum": {"body": zlib.compress(PAYLOAD)[:-4]}, "bytes behind the body": {"body": zlib.compress(PAYLOAD) + b"x"},
    "two bodies": {"body": zlib.compress(PAYLOAD) * 2}, "another body": {"body": zlib.compress(b"x" * len(PAYLOAD) * 2)},
    "a bomb": {"body": zlib.compress(b"0" * 60_000_000, 9)},
    "a bomb of the size it says": {"body": zlib.compress(b"0" * 60_000_000, 9), "size": 60_000_000},
}  # fmt: skip


@pytest.mark.parametrize("name", SEALED_WRONG)
def test_what_is_sealed_and_yet_wrong_is_refused(name: str) -> None:
    with pytest.raises(StateRejected):
        unseal(forged(**SEALED_WRONG[name]), HERE, KEYS)


def test_a_bomb_is_never_unpacked() -> None:
    import tracemalloc

    bomb = forged(body=zlib.compress(b"0" * 60_000_000, 9))
    tracemalloc.start()
    with pytest.raises(StateRejected):
        unseal(bomb, HERE, KEYS)
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 1_000_000


def test_an_older_app_refuses_a_newer_state(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state, "VERSION", "0.0.9")
    with pytest.raises(StateRejected, match=f"versi {VERSION}, lebih baru"):
        unseal(BLOB, HERE, KEYS)


def test_an_upgrade_of_the_library_is_tried_out_and_never_gone_on_with() -> None:
    later = forged(engine="3.9.0")
    assert unseal(later, HERE, KEYS, any_engine=True) == PAYLOAD
    with pytest.raises(StateRejected, match=r"3\.9\.0"):
        unseal(later, HERE, KEYS)


def test_the_first_format_named_no_app_and_opens() -> None:
    assert unseal(forged(format=1, app=...), HERE, KEYS) == PAYLOAD


def test_what_could_not_be_opened_again_is_not_written() -> None:
    with pytest.raises(EngineFault, match="terlalu besar"):
        seal(b"0" * (MAX_PAYLOAD + 1), HERE, KEYS)


@pytest.mark.parametrize(
    "payload",
    [b"", b"{", b"[]", b"null", b"{}", b'{"workflow": {}, "visits": {}}', b'{"workflow": [], "visits": {}}', b"[" * 100_000, b"1" * 5_000,
     b'{"visits": {"T": "x"}, "workflow": {}}', PAYLOAD.replace(b'"tasks"', b'"tugas"'), PAYLOAD.replace(b'"T"', b'"Tidak ada"'),
     PAYLOAD.replace(b'"state":16', b'"state":"siap"'), PAYLOAD.replace(b'"children":[', b'"children":["0",', 1)],
)  # fmt: skip
def test_a_payload_that_is_no_state_is_refused(payload: bytes) -> None:
    with pytest.raises(StateRejected):
        engine.open_tasks(ONE, payload)


def test_a_state_does_not_load_into_another_drawing() -> None:
    lakip = Definition(digest="lakip", file="x.bpmn", bpmn=(ROOT / "bpmn" / "sop_02_lakip.bpmn").read_bytes())
    with pytest.raises(StateRejected):
        engine.open_tasks(lakip, PAYLOAD)


def test_resealing_changes_the_key_and_nothing_else() -> None:
    both = Keys("k2", {"k1": b"1" * 32, "k2": b"2" * 32}, "s")
    again = reseal(forged(engine="3.1.2"), HERE, both)
    only_new = Keys("k2", {"k2": b"2" * 32}, "s")
    assert unseal(again, HERE, only_new, any_engine=True) == PAYLOAD
    assert reseal(again, HERE, both) == again
    with pytest.raises(StateRejected, match=r"3\.1\.2"):
        unseal(again, HERE, only_new)


def test_resealing_refuses_what_does_not_verify() -> None:
    both = Keys("k2", {"k1": b"1" * 32, "k2": b"2" * 32}, "s")
    for blob, place in ((BLOB[:-1] + b"\0", HERE), (BLOB, Place(8, "a" * 64, 3))):
        with pytest.raises(StateRejected):
            reseal(blob, place, both)
