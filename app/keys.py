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
from threading import Lock


@dataclass(frozen=True)
class Keys:
    """current: id of the key that seals new things; secrets: {key id: 32 bytes}; older ones only verify. path: where they were read."""

    current: str
    secrets: Mapping[str, bytes]
    session_secret: str
    path: Path | None = None

    def mac(self, purpose: bytes, message: bytes, key_id: str | None = None) -> bytes:
        """HMAC-SHA256 of message, bound to a purpose so that no seal can stand for another.

        Raises KeyError for an unknown key id.
        """
        return hmac_new(self.secrets[key_id or self.current], purpose + b"\0" + message, sha256).digest()

    def verifies(self, purpose: bytes, message: bytes, mac: bytes, key_id: str) -> bool:
        return key_id in self.secrets and compare_digest(self.mac(purpose, message, key_id), mac)


class Keyring:
    """The keys of one process, read again when their file has changed: a rotation reaches web and worker without a restart."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys
        self._stamp = _stamp(keys.path)
        self._lock = Lock()

    def now(self) -> Keys:
        """What was read last, where the file is gone or spoiled: neither may stop people who are at work."""
        stamp = _stamp(self._keys.path)
        if stamp != self._stamp and self._keys.path is not None:
            with self._lock:
                try:
                    self._keys = load(self._keys.path)
                except (OSError, ValueError):
                    return self._keys
                self._stamp = stamp
        return self._keys


def path_of(keys_file: Path | None, instance_dir: Path) -> Path:
    """Where the keys of these settings lie."""
    return keys_file or instance_dir / "keys.json"


def load(path: Path) -> Keys:
    """Read the key file; make one (0600) where there is none.

    Shape: {"current": "k1", "keys": {"k1": "<64 hex digits>"}, "session": "<text>"}. Raises ValueError on another shape.
    """
    if not path.exists():
        _make(path)
    try:
        found = json.loads(path.read_text("ascii"))
        keys = Keys(found["current"], {name: bytes.fromhex(value) for name, value in found["keys"].items()}, found["session"], path)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise ValueError(f"Berkas kunci {path.name} tidak dapat dibaca.") from error
    if keys.current not in keys.secrets or any(len(value) < 32 for value in keys.secrets.values()):
        raise ValueError(f"Berkas kunci {path.name} tidak memuat kunci yang berlaku.")
    return keys


def rotate(path: Path) -> Keys:
    """A new current key; the ones before stay and verify. Raises ValueError for a file that is no key file."""
    keys = load(path)
    number = max((int(name[1:]) for name in keys.secrets if name[1:].isdigit()), default=0) + 1
    content = {name: value.hex() for name, value in keys.secrets.items()} | {f"k{number}": secrets.token_hex(32)}
    aside = _aside(path, {"current": f"k{number}", "keys": content, "session": keys.session_secret})
    aside.replace(path)  # at once: nobody reads half a file
    return load(path)


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Written aside and linked: of two processes starting at once the first wins, and neither reads half a file.
    aside = _aside(path, {"current": "k1", "keys": {"k1": secrets.token_hex(32)}, "session": secrets.token_urlsafe(48)})
    try:
        os.link(aside, path)
    except FileExistsError:
        pass
    finally:
        aside.unlink()


def _aside(path: Path, content: Mapping[str, object]) -> Path:
    aside = path.with_name(f"{path.name}.{os.getpid()}")
    aside.touch(mode=0o600)
    with aside.open("w", encoding="ascii") as file:
        file.write(json.dumps(content))
        file.flush()
        os.fsync(file.fileno())  # a new key that is lost in a crash would leave everything sealed under it unreadable
    return aside


def _stamp(path: Path | None) -> tuple[int, int, int] | None:
    """Changes with every replacement of the file. About a microsecond."""
    try:
        found = path.stat() if path else None
    except OSError:
        return None
    return (found.st_ino, found.st_mtime_ns, found.st_size) if found else None
