"""Files of a form: received and hashed before the transaction, kept outside the database, reached only through a case one may see.

A received file is a *draft* of the form (its token) until the form is accepted; so a form that comes back with problems still has it.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import IO, Any
from uuid import UUID, uuid4

import fsspec
import puremagic
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app import clock
from app.access import Actor
from app.config import Settings
from app.db import settings_of
from app.errors import InvalidAnswers
from app.forms import Form
from app.models import Attachment, Draft

CHUNK = 1 << 20
DRAFTS_KEPT = timedelta(days=2)
# Extension -> media type we serve it as. Content must agree: see _content_agrees.
TYPES: Mapping[str, str] = {
    ".pdf": "application/pdf",
    ".doc": "application/msword",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xls": "application/vnd.ms-excel",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
}
# What a browser may show in our pages: never anything that can carry a script of ours.
SHOWN = frozenset({"application/pdf", "image/jpeg", "image/png"})
_MAGIC: Mapping[str, tuple[bytes, ...]] = {
    ".pdf": (b"%PDF-",),
    ".doc": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",),
    ".xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",),
    ".docx": (b"PK\x03\x04",),
    ".xlsx": (b"PK\x03\x04",),
    ".jpg": (b"\xff\xd8\xff",),
    ".jpeg": (b"\xff\xd8\xff",),
    ".png": (b"\x89PNG\r\n\x1a\n",),
}


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
    """Where the bytes lie: an fsspec directory (a folder; S3 by URL). Keys are random and never a person's file name."""

    def __init__(self, settings: Settings) -> None:
        self._files = fsspec.filesystem("dir", path=_path_of(settings.storage_url), fs=_base_of(settings.storage_url))
        self._limit = settings.max_file_mb * CHUNK

    def receive(self, field: str, label: str, filename: str, stream: IO[bytes]) -> Received:
        """Stream to a new key, hashing. Raises InvalidAnswers({field: sentence}): empty, too large, of a kind we do not keep."""
        name = safe_name(filename)
        extension = name[name.rfind(".") :].lower() if "." in name else ""
        if extension not in TYPES:
            raise InvalidAnswers({field: f"{label}: berkas “{name}” tidak diterima. Pakai PDF, Word, Excel, JPG, atau PNG."})
        key, total, size, head = f"{uuid4().hex}", sha256(), 0, b""
        try:
            with self._files.open(key, "wb") as target:
                while chunk := stream.read(CHUNK):
                    head = head or chunk[:4096]
                    size += len(chunk)
                    if size > self._limit:
                        limit = self._limit // CHUNK
                        raise InvalidAnswers({field: f"{label}: berkas melebihi {limit} MB. Perkecil atau serahkan melalui Tata Usaha."})
                    total.update(chunk)
                    target.write(chunk)
            if size == 0:
                raise InvalidAnswers({field: f"{label}: berkas “{name}” kosong."})
            if not _content_agrees(extension, head):
                raise InvalidAnswers({field: f"{label}: isi berkas “{name}” bukan {extension[1:].upper()}."})
        except BaseException:
            self.remove(key)
            raise
        return Received(field, name, TYPES[extension], size, total.hexdigest(), key)

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
        if self._files.exists(key):
            self._files.rm(key)

    def keys(self) -> list[str]:
        return [name.rsplit("/", 1)[-1] for name in self._files.ls("", detail=False)]


def add_drafts(session: Session, actor: Actor, token: str, received: list[Received]) -> None:
    """Keep what was uploaded with a form until it is accepted; a second file for the same field takes the first one's place.

    Raises InvalidAnswers when the person's quota is used up.
    """
    settings = settings_of(session)
    used = session.scalar(select(func.coalesce(func.sum(Attachment.size), 0)).where(Attachment.uploaded_by == actor.id)) or 0
    if used + sum(file.size for file in received) > settings.quota_mb * CHUNK:
        raise InvalidAnswers({file.field: "Jatah penyimpanan Anda sudah penuh. Hubungi admin." for file in received})
    fields = {file.field for file in received}
    session.execute(
        update(Attachment)
        .where(Attachment.draft_token == token, Attachment.uploaded_by == actor.id, Attachment.field.in_(fields))
        .values(draft_token="")  # swept with other abandoned drafts
    )
    session.add_all(
        Attachment(
            id=uuid4(), draft_token=token, field=file.field, filename=file.filename, media_type=file.media_type, size=file.size,
            digest=file.digest, storage_key=file.storage_key, uploaded_by=actor.id, uploaded_at=clock.now(),
        )
        for file in received
    )  # fmt: skip


def drafts(session: Session, actor: Actor, token: str) -> dict[str, list[dict[str, Any]]]:
    """{field: [{"id", "nama", "ukuran", "sha256"}]} of the files uploaded with a form: what ``forms.parse`` takes."""
    rows = session.scalars(
        select(Attachment).where(Attachment.draft_token == token, Attachment.uploaded_by == actor.id).order_by(Attachment.uploaded_at)
    )
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row.field, []).append({"id": str(row.id), "nama": row.filename, "ukuran": row.size, "sha256": row.digest})
    return found


def keep(session: Session, actor: Actor, token: str, instance_id: int, task_id: UUID) -> None:
    """The form was accepted: its files now belong to the task."""
    session.execute(
        update(Attachment)
        .where(Attachment.draft_token == token, Attachment.uploaded_by == actor.id)
        .values(draft_token=None, instance_id=instance_id, task_id=task_id)
    )


def sweep(session: Session, storage: Storage) -> int:
    """Remove drafts nobody sent within two days, with their bytes; how many. Those of a form that somebody saved stay with it.

    Bytes without a row are left to the next sweep's day.
    """
    before = clock.now() - DRAFTS_KEPT
    saved = select(Draft.token).where(Draft.token == Attachment.draft_token).exists()
    old = session.scalars(select(Attachment).where(Attachment.draft_token.is_not(None), ~saved, Attachment.uploaded_at < before)).all()
    for row in old:
        storage.remove(row.storage_key)
        session.delete(row)
    return len(old)


def safe_name(filename: str) -> str:
    """The last part of what the browser sent, without control or reserved characters, at most 150 letters."""
    name = unicodedata.normalize("NFC", filename.replace("\\", "/").rsplit("/", 1)[-1])
    name = re.sub(r'[\x00-\x1f\x7f<>:"|?*\u202a-\u202e\u2066-\u2069]', "_", name).strip(" .")
    stem, dot, extension = name.rpartition(".")
    return f"{stem[:140]}{dot}{extension[:10]}" if dot else name[:150] or "berkas"


def file_fields(form: Form) -> dict[str, str]:
    """{key: label} of the fields that take files."""
    return {field.key: field.label for field in form.file_fields}


def _content_agrees(extension: str, head: bytes) -> bool:
    if not head.startswith(_MAGIC[extension]):
        return False
    try:
        guesses = {match.extension for match in puremagic.magic_string(head)}
    except puremagic.PureError:
        return True
    return not guesses & {".html", ".htm", ".exe", ".js"}


def _path_of(url: str) -> str:
    path: str = fsspec.core.url_to_fs(url)[1]
    return path


def _base_of(url: str) -> Any:
    filesystem, path = fsspec.core.url_to_fs(url)
    filesystem.makedirs(path, exist_ok=True)
    return filesystem
