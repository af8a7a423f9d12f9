"""The keys that seal states and chain events. They live outside the database, in one JSON file."""

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from hmac import compare_digest
from hmac import new as hmac_new
from pathlib import Path


@dataclass(frozen=True)
class Keys:
    """current: id of the key that seals new things; secrets: {key id: 32 bytes}; older ones only verify."""

    current: str
    secrets: Mapping[str, bytes]
    session_secret: str

    def mac(self, purpose: bytes, message: bytes, key_id: str | None = None) -> bytes:
        """HMAC-SHA256 of message, bound to a purpose so that no seal can stand for another.

        Raises KeyError for an unknown key id.
        """
        return hmac_new(self.secrets[key_id or self.current], purpose + b"\0" + message, sha256).digest()

    def verifies(self, purpose: bytes, message: bytes, mac: bytes, key_id: str) -> bool:
        return key_id in self.secrets and compare_digest(self.mac(purpose, message, key_id), mac)


def load(path: Path) -> Keys:
    """Read the key file; make one (0600) where there is none.

    Shape: {"current": "k1", "keys": {"k1": "<64 hex digits>"}, "session": "<text>"}. Raises ValueError on another shape.
    """
    if not path.exists():
        _make(path)
    found = json.loads(path.read_text("ascii"))
    try:
        keys = Keys(found["current"], {name: bytes.fromhex(value) for name, value in found["keys"].items()}, found["session"])
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"Berkas kunci {path.name} tidak dapat dibaca.") from error
    if keys.current not in keys.secrets or any(len(value) < 32 for value in keys.secrets.values()):
        raise ValueError(f"Berkas kunci {path.name} tidak memuat kunci yang berlaku.")
    return keys


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {"current": "k1", "keys": {"k1": secrets.token_hex(32)}, "session": secrets.token_urlsafe(48)}
    # Written aside and linked: of two processes starting at once the first wins, and neither reads half a file.
    aside = path.with_name(f"{path.name}.{os.getpid()}")
    aside.touch(mode=0o600)
    aside.write_text(json.dumps(content), "ascii")
    try:
        os.link(aside, path)
    except FileExistsError:
        pass
    finally:
        aside.unlink()
