"""Where the bytes of files lie: an fsspec directory (a folder; S3 by URL), under random keys and never under a person's file name.

Bytes are complete and flushed before any row names them. So a crash can leave bytes without a row, which the sweep finds, and never a row
without its bytes.
"""

import errno
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import IO, Any
from uuid import uuid4

import fsspec
from fsspec.implementations.local import LocalFileSystem

from app.config import Settings
from app.errors import NO_ROOM, InvalidAnswers, NotStored
from app.file_kinds import TAIL, TYPES, begins_as, ends_as, extension_of, safe_name
from app.models import Attachment
from app.scanner import ScannerFault, infection

log = logging.getLogger("alur.storage")
CHUNK = 1 << 20
FULL = (errno.ENOSPC, errno.EDQUOT)


@dataclass(frozen=True)
class Received:
    """A file on disk that no row names yet. digest: sha256, hex."""

    field: str
    filename: str
    media_type: str
    size: int
    digest: str
    storage_key: str


class Storage:
    def __init__(self, settings: Settings) -> None:
        base, path = fsspec.core.url_to_fs(settings.storage_url)
        base.makedirs(path, exist_ok=True)
        self._files = fsspec.filesystem("dir", path=path, fs=base)
        self._folder = path if isinstance(base, LocalFileSystem) else ""
        self._limit = settings.max_file_mb * CHUNK
        self._scanner = settings.scanner

    def check(self, field: str, label: str, filename: str, size: int, head: bytes = b"") -> str:
        """The name under which it would be kept. Raises InvalidAnswers as ``receive`` would, as far as can be told beforehand."""
        name = safe_name(filename)
        extension = extension_of(name)
        if extension not in TYPES:
            raise _refusal(field, label, f"berkas “{name}” tidak diterima. Pakai PDF, Word, Excel, JPG, atau PNG.")
        if size > self._limit:
            raise _refusal(field, label, f"berkas melebihi {self._limit // CHUNK} MB. Perkecil atau serahkan melalui Tata Usaha.")
        if size == 0:
            raise _refusal(field, label, f"berkas “{name}” kosong.")
        if head and not begins_as(extension, head):
            raise _not_its_kind(field, label, name)
        return name

    def receive(self, field: str, label: str, filename: str, stream: IO[bytes]) -> Received:
        """Stream to a new key, hashing. Raises InvalidAnswers({field: sentence}): empty, too large, of a kind we do not keep, infected.

        Raises NotStored when the disk is full or the scanner does not answer. label: "" where the page shows the field beside the sentence.
        """
        name = self.check(field, label, filename, 1)
        key, total, size, head, tail = uuid4().hex, sha256(), 0, b"", b""
        try:
            with self._writing(key) as target:
                while chunk := stream.read(CHUNK):
                    head, tail = head or chunk[:4096], (tail + chunk)[-TAIL:]
                    size += len(chunk)
                    self.check(field, label, filename, size)
                    total.update(chunk)
                    target.write(chunk)
            self.check(field, label, filename, size, head)
            if not ends_as(extension_of(name), tail):
                raise _not_its_kind(field, label, name)
            self._scan(field, label, name, key)
            self._flush_names()
        except BaseException:
            self.remove(key)
            raise
        return Received(field, name, TYPES[extension_of(name)], size, total.hexdigest(), key)

    def copy(self, source: Attachment, field: str, label: str) -> Received:
        """The same bytes under a new key. Raises NotStored; InvalidAnswers({field: sentence}) where they are no longer what was stored."""
        key, total = uuid4().hex, sha256()
        damaged = _refusal(field, label, f"berkas “{source.filename}” tidak dapat dipakai lagi. Unggah sendiri berkasnya.")
        try:
            with self.open(source.storage_key) as stream, self._writing(key) as target:
                while chunk := stream.read(CHUNK):
                    total.update(chunk)
                    target.write(chunk)
            if total.hexdigest() != source.digest:
                raise damaged
            self._flush_names()
        except FileNotFoundError as error:
            raise damaged from error
        except BaseException:
            self.remove(key)
            raise
        return Received(field, source.filename, source.media_type, source.size, source.digest, key)

    def put(self, key: str, content: bytes) -> None:
        """All of it or nothing, also when two do it at once. Raises NotStored."""
        aside = f"{key}.{uuid4().hex}" if self._folder else key  # an object store has a file when it is whole
        try:
            with self._writing(aside) as target:
                target.write(content)
        except BaseException:
            self.remove(aside)
            raise
        if aside != key:
            self._files.mv(aside, key)
        self._flush_names()

    def open(self, key: str) -> IO[bytes]:
        stream: IO[bytes] = self._files.open(key, "rb")
        return stream

    def digest_of(self, key: str) -> str | None:
        """sha256 of the bytes as they lie there now; None where they are gone."""
        total = sha256()
        try:
            with self.open(key) as stream:
                while chunk := stream.read(CHUNK):
                    total.update(chunk)
        except FileNotFoundError:
            return None
        return total.hexdigest()

    def remove(self, key: str) -> None:
        try:
            self._files.rm_file(key)
        except FileNotFoundError:  # another sweep was here, or it was never written
            self._files.invalidate_cache()

    def list_keys(self) -> list[str]:
        self._files.invalidate_cache()  # an object store is listed from memory otherwise
        return [name.rsplit("/", 1)[-1] for name in self._files.ls("", detail=False)]

    def written_at(self, key: str) -> datetime | None:
        """None: it is gone by now."""
        try:
            found: datetime = self._files.modified(key)
        except FileNotFoundError:
            return None
        return found if found.tzinfo else found.replace(tzinfo=UTC)

    @contextmanager
    def _writing(self, key: str) -> Iterator[Any]:
        """What was written is on the disk afterwards, and not only on its way there. Raises NotStored."""
        try:
            with self._files.open(key, "wb") as target:
                yield target
                if self._folder:
                    target.flush()
                    os.fsync(target.fileno())
        except OSError as error:
            if error.errno not in FULL:
                raise
            log.error("no room for %s: %s", key, error)
            raise NotStored(NO_ROOM) from error

    def _flush_names(self) -> None:
        """A new name in a folder is a write of its own (fsync(2))."""
        if not self._folder:
            return
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _scan(self, field: str, label: str, name: str, key: str) -> None:
        if not self._scanner:
            return
        try:
            with self.open(key) as stream:
                found = infection(self._scanner, stream)
        except ScannerFault as error:
            log.error("the scanner gave no verdict: %s", error)
            raise NotStored("Berkas belum dapat diperiksa dari virus, jadi tidak disimpan. Coba lagi sebentar lagi.") from error
        if found:
            log.warning("%r refused, infected: %r", name, found)
            raise _refusal(field, label, f"berkas “{name}” ditolak karena mengandung virus. Jangan buka berkas itu; hubungi admin.")


def _not_its_kind(field: str, label: str, name: str) -> InvalidAnswers:
    return _refusal(field, label, f"isi berkas “{name}” bukan {extension_of(name)[1:].upper()}.")


def _refusal(field: str, label: str, sentence: str) -> InvalidAnswers:
    return InvalidAnswers({field: f"{label}: {sentence}" if label else f"{sentence[:1].upper()}{sentence[1:]}"})
