"""The envelope of an engine state: what wrote it, for which definition, sealed with a key kept outside the database.

Layout: magic, 32 bytes MAC, 2 bytes header length, header (JSON), payload (zlib). The MAC covers all that follows it, and the header names
the place the blob belongs to, so a state moved, cut, flipped or relabelled is refused before a byte of it is read or unpacked.
"""

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from app.errors import EngineFault
from app.keys import Keys
from app.version import VERSION

MAGIC = b"ALUR1"
FORMAT = 2
PARSER = 1  # raise when app/engine/parser.py builds another spec from the same drawing
SERIALIZER = "1.5"
ENGINE = version("SpiffWorkflow")
# What this version reads besides what it writes; each stands for a folder of tests/golden that still finishes.
FORMATS = frozenset({1, FORMAT})  # 1 names no app
PARSERS = frozenset({PARSER})
ENGINES = frozenset({"3.2.0", ENGINE})
MAX_PAYLOAD = 8 * 1024 * 1024
_PURPOSE = b"alur-state"
_MAC = slice(len(MAGIC), len(MAGIC) + 32)
_SEALED = len(MAGIC) + 32
_FIELDS: Mapping[str, type] = {
    "format": int, "engine": str, "serializer": str, "parser": int, "digest": str, "instance": int, "sequence": int, "key": str,
    "size": int, "app": str,
}  # fmt: skip


class StateRejected(EngineFault):
    """The blob is not what this version may open here: an incident of that one case, never executed."""

    stops_case = True


@dataclass(frozen=True)
class Place:
    """Where a state belongs: it opens nowhere else."""

    instance_id: int
    digest: str
    sequence: int


def seal(payload: bytes, place: Place, keys: Keys) -> bytes:
    """payload: the JSON an Advance carries. Raises EngineFault rather than write what could not be opened again."""
    if len(payload) > MAX_PAYLOAD:
        raise EngineFault("Keadaan mesin terlalu besar untuk disimpan.", instance_id=place.instance_id)
    header = {
        "format": FORMAT, "app": VERSION, "engine": ENGINE, "serializer": SERIALIZER, "parser": PARSER, "digest": place.digest,
        "instance": place.instance_id, "sequence": place.sequence, "key": keys.current, "size": len(payload),
    }  # fmt: skip
    return _sealed(header, zlib.compress(payload, 6), keys)


def unseal(blob: bytes, place: Place, keys: Keys, *, any_engine: bool = False) -> bytes:
    """The payload. Raises StateRejected with the reason, in a sentence for the admin.

    any_engine: also what another version of the library wrote, for trying an upgrade out; never to go on with a case.
    """
    header, body = _verified(blob, keys)
    _require_version(header, any_engine)
    _require_place(header, place)
    return _inflated(body, header["size"])


def reseal(blob: bytes, place: Place, keys: Keys) -> bytes:
    """The same state under the current key; what wrote it stays written. Raises StateRejected for what no listed key has sealed here."""
    header, body = _verified(blob, keys)
    _require_place(header, place)
    return blob if header["key"] == keys.current else _sealed({**header, "key": keys.current}, body, keys)


def _sealed(header: Mapping[str, Any], body: bytes, keys: Keys) -> bytes:
    head = json.dumps(header, separators=(",", ":")).encode("ascii")
    sealed = len(head).to_bytes(2, "big") + head + body
    return MAGIC + keys.mac(_PURPOSE, sealed) + sealed


def _verified(blob: bytes, keys: Keys) -> tuple[dict[str, Any], bytes]:
    """Header and body of what one of the listed keys has sealed. Nothing in the blob says which: it is not read before that is known."""
    if len(blob) > MAX_PAYLOAD or blob[: len(MAGIC)] != MAGIC:
        raise StateRejected("Keadaan mesin tidak dikenal bentuknya.")
    mac, sealed = blob[_MAC], blob[_SEALED:]
    if not any(keys.verifies(_PURPOSE, sealed, mac, key_id) for key_id in keys.secrets):
        raise StateRejected("Segel keadaan mesin tidak cocok: isinya telah berubah, atau kunci segelnya tidak lagi terdaftar.")
    start = 2 + int.from_bytes(sealed[:2], "big")
    return _header(sealed[2:start]), sealed[start:]


def _header(text: bytes) -> dict[str, Any]:
    """Sealed by us is not yet well made: a sealed mistake is refused like any other."""
    try:
        header = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise StateRejected("Kepala keadaan mesin tidak dapat dibaca.") from error
    if not isinstance(header, dict):
        raise StateRejected("Kepala keadaan mesin tidak dapat dibaca.")
    if header.get("format") == 1:
        header.setdefault("app", "0.1.0")
    wrong = [name for name, kind in _FIELDS.items() if type(header.get(name)) is not kind]  # exactly: True is no 1
    if wrong:
        raise StateRejected(f"Kepala keadaan mesin tidak lengkap: {', '.join(wrong)}.")
    return header


def _require_version(header: Mapping[str, Any], any_engine: bool) -> None:
    if _number(header["app"]) > _number(VERSION):
        raise StateRejected(f"Keadaan mesin ditulis aplikasi versi {header['app']}, lebih baru daripada yang terpasang ({VERSION}).")
    for name, word, readable in (
        ("format", "bentuk", FORMATS),
        ("serializer", "penulis", {SERIALIZER}),
        ("parser", "pembaca diagram", PARSERS),
        ("engine", "mesin", {header["engine"]} if any_engine else ENGINES),
    ):
        if header[name] not in readable:
            known = ", ".join(sorted(str(one) for one in readable))
            raise StateRejected(f"Keadaan mesin ditulis {word} versi {header[name]}; yang dapat dibaca: {known}.")


def _require_place(header: Mapping[str, Any], place: Place) -> None:
    if (header["digest"], header["instance"], header["sequence"]) != (place.digest, place.instance_id, place.sequence):
        raise StateRejected("Keadaan mesin bukan milik pelaksanaan atau versi SOP ini, atau bukan yang terakhir.")


def _number(text: str) -> tuple[int, ...]:
    """ "1.10.2" as numbers; what is no version is newer than any."""
    parts = text.split(".")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() and len(part) < 7 for part in parts):
        return (1_000_000,)
    return tuple(int(part) for part in parts)


def _inflated(body: bytes, size: int) -> bytes:
    """One byte more than announced at most is ever unpacked, and nothing may stand behind it."""
    if not 0 < size <= MAX_PAYLOAD:
        raise StateRejected("Keadaan mesin terlalu besar.")
    inflater = zlib.decompressobj()
    try:
        payload = inflater.decompress(body, size + 1)
    except zlib.error as error:
        raise StateRejected("Keadaan mesin tidak dapat dibuka.") from error
    if len(payload) != size or not inflater.eof or inflater.unused_data:
        raise StateRejected("Keadaan mesin terpotong, atau lebih panjang daripada yang tertulis.")
    return payload
