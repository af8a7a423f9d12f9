"""The envelope of an engine state: what wrote it, for which definition, sealed with a key kept outside the database.

Layout: magic, 32 bytes MAC, 2 bytes header length, header (JSON), payload (zlib). The MAC covers all that follows it and the place the
blob belongs to (instance), so a state moved, cut, flipped or relabelled is refused before it is unpacked.
"""

import json
import zlib
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from app.keys import Keys

MAGIC = b"ALUR1"
FORMAT = 1
PARSER = 1  # raise when app/engine/parser.py builds another spec from the same drawing
SERIALIZER = "1.5"
MAX_PAYLOAD = 8 * 1024 * 1024
_ENGINE = version("SpiffWorkflow")
_PURPOSE = b"alur-state"
_HEAD = len(MAGIC) + 32 + 2


class StateRejected(Exception):
    """The blob is not what this version sealed here: an incident of that one case, never executed."""


@dataclass(frozen=True)
class Place:
    """Where a state belongs: it opens nowhere else."""

    instance_id: int
    digest: str
    sequence: int


def seal(payload: bytes, place: Place, keys: Keys) -> bytes:
    """payload: the JSON an Advance carries."""
    header = json.dumps(
        {
            "format": FORMAT, "engine": _ENGINE, "serializer": SERIALIZER, "parser": PARSER, "digest": place.digest,
            "instance": place.instance_id, "sequence": place.sequence, "key": keys.current, "size": len(payload),
        },
        separators=(",", ":"),
    ).encode("ascii")  # fmt: skip
    sealed = len(header).to_bytes(2, "big") + header + zlib.compress(payload, 6)
    return MAGIC + keys.mac(_PURPOSE, sealed) + sealed


def unseal(blob: bytes, place: Place, keys: Keys) -> bytes:
    """The payload. Raises StateRejected with the reason, in a sentence for the admin."""
    header, sealed = _read_header(blob)
    if not keys.verifies(_PURPOSE, sealed, blob[len(MAGIC) : len(MAGIC) + 32], str(header.get("key"))):
        raise StateRejected("Segel keadaan mesin tidak cocok: isinya telah berubah.")
    expected = {"format": FORMAT, "engine": _ENGINE, "serializer": SERIALIZER, "parser": PARSER}
    for name, value in expected.items():
        if header.get(name) != value:
            raise StateRejected(f"Keadaan mesin ditulis oleh {name} {header.get(name)!r}, sedangkan yang terpasang {value!r}.")
    if (header["digest"], header["instance"], header["sequence"]) != (place.digest, place.instance_id, place.sequence):
        raise StateRejected("Keadaan mesin bukan milik pelaksanaan atau versi SOP ini, atau bukan yang terakhir.")
    if not 0 < header["size"] <= MAX_PAYLOAD:
        raise StateRejected("Keadaan mesin terlalu besar.")
    inflater = zlib.decompressobj()
    payload = inflater.decompress(sealed[2 + int.from_bytes(sealed[:2], "big") :], header["size"])
    if len(payload) != header["size"] or inflater.unconsumed_tail:
        raise StateRejected("Keadaan mesin terpotong.")
    return payload


def _read_header(blob: bytes) -> tuple[dict[str, Any], bytes]:
    if len(blob) < _HEAD or blob[: len(MAGIC)] != MAGIC:
        raise StateRejected("Keadaan mesin tidak dikenal bentuknya.")
    sealed = blob[len(MAGIC) + 32 :]
    try:
        header = json.loads(sealed[2 : 2 + int.from_bytes(sealed[:2], "big")])
    except ValueError as error:
        raise StateRejected("Kepala keadaan mesin tidak dapat dibaca.") from error
    if not isinstance(header, dict):
        raise StateRejected("Kepala keadaan mesin tidak dapat dibaca.")
    return header, sealed
