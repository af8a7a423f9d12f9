"""Large files in pieces: a broken line costs one piece, and the same file chosen again goes on where it stopped.

Every piece is an object of its own in the storage, never appended to: the same on a folder and on S3. When all have arrived, the file
passes the same examination as one that came whole, and is a draft of its form like any other.
"""

import io
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from app import attachments, clock
from app.access import Actor
from app.db import Database, keys_of
from app.errors import Conflict, InvalidAnswers, InvalidInput, NotFound
from app.models import Upload
from app.storage import Storage

PIECE = 1 << 20  # bytes; every piece but the last is exactly as long
MOST_OPEN = 10  # of one person
KEPT = timedelta(days=2)


@dataclass(frozen=True)
class Announced:
    """What a page says about the file it is going to send.

    subject: of the form's draft. changed: the file's own time, as the browser says.
    """

    subject: str
    field: str
    filename: str
    size: int
    changed: str


class OutOfStep(Conflict):
    """Another piece is expected: ``received`` says where to go on."""

    def __init__(self, received: int) -> None:
        super().__init__("Bagian berkas ini tidak bersambung dengan yang sudah diterima.")
        self.received = received


def start_upload(session: Session, storage: Storage, actor: Actor, token: str, file: Announced) -> Upload:
    """The open upload of this very file, or a new one. The caller has authorised the subject and the field.

    Another file for the same field of the same form takes the place of an unfinished one. Raises InvalidAnswers: of a kind that is not
    kept, too large, beyond the quota, too many at once.
    """
    name = storage.check(file.field, "", file.filename, file.size)
    id, now = _identity(session, actor, file), clock.now()
    attachments.lock_quota(session, actor)
    upload = session.get(Upload, id)
    if upload is not None and _is_coming(upload):
        upload.draft_token, upload.changed_at = token, now
        return upload
    rivals = (Upload.user_id == actor.id, Upload.draft_token == token, Upload.field == file.field, Upload.id != id)
    replaced = session.scalars(delete(Upload).where(*rivals).returning(Upload)).all()
    attachments.refuse_over_quota(session, actor, {file.field}, file.size)
    if (session.scalar(select(func.count()).where(Upload.user_id == actor.id, attachments.is_coming())) or 0) >= MOST_OPEN:
        raise InvalidAnswers({file.field: f"{MOST_OPEN} unggahan Anda belum selesai. Selesaikan salah satunya, atau tunggu dua hari."})
    upload = upload or Upload(id=id, user_id=actor.id, field=file.field, filename=name, size=file.size)
    upload.draft_token, upload.received, upload.pieces, upload.started_at, upload.changed_at = token, 0, 0, now, now
    session.add(upload)
    for rival in replaced:  # their pieces count into no quota any more
        _remove_pieces(storage, rival)
    return upload


def take_piece(database: Database, storage: Storage, actor: Actor, upload_id: UUID, offset: int, content: bytes) -> Upload:
    """Keep one piece; with the last one the upload becomes a draft of its form. A piece that is there already changes nothing.

    Raises NotFound, OutOfStep, InvalidInput (a piece of a wrong length), InvalidAnswers (not what it should be: the upload is over),
    NotStored (it is still open, and the same piece may come again).
    """
    with database.reading() as session:
        upload = upload_for(session, actor, upload_id)
    if offset > upload.received:
        raise OutOfStep(upload.received)
    try:
        if offset == upload.received and _is_coming(upload):
            _refuse_odd_piece(upload, content)
            if offset == 0:
                storage.check(upload.field, "", upload.filename, upload.size, content[:4096])
            storage.put(_key(upload.id, upload.pieces), content)
            upload = _count_piece(database, actor, upload, len(content))
        if upload.received == upload.size and upload.pieces:
            upload = _finish(database, storage, actor, upload)
    except FileNotFoundError:
        return _without_pieces(database, actor, upload)
    except InvalidAnswers:
        with database.transaction() as session:
            session.execute(delete(Upload).where(Upload.id == upload.id))
        _remove_pieces(storage, upload)
        raise
    return upload


def upload_for(session: Session, actor: Actor, upload_id: UUID) -> Upload:
    """One's own. Raises NotFound."""
    found = session.get(Upload, upload_id)
    if found is None or found.user_id != actor.id:
        raise NotFound
    return found


def unfinished(session: Session, actor: Actor, token: str) -> dict[str, Upload]:
    """{field: upload} that stopped on its way into this form."""
    mine = select(Upload).where(Upload.user_id == actor.id, Upload.draft_token == token, Upload.received > 0, attachments.is_coming())
    return {upload.field: upload for upload in session.scalars(mine)}


def sweep(session: Session) -> int:
    """Forget uploads that nothing has reached for two days; how many. Their pieces go with ``attachments.remove_unnamed``."""
    old = delete(Upload).where(Upload.changed_at < clock.now() - KEPT).returning(Upload.id)
    return len(session.scalars(old).all())


class Pieces(io.RawIOBase):
    """The pieces of a whole upload, read one after the other as the file they make."""

    def __init__(self, storage: Storage, upload: Upload) -> None:
        self._storage = storage
        self._keys = [_key(upload.id, number) for number in range(upload.pieces)]
        self._piece = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._piece and self._keys:
            with self._storage.open(self._keys.pop(0)) as stream:
                self._piece = stream.read()
        taken = min(len(buffer), len(self._piece))
        buffer[:taken], self._piece = self._piece[:taken], self._piece[taken:]
        return taken


def _identity(session: Session, actor: Actor, file: Announced) -> UUID:
    """Sealed, because pieces lie under it: nobody chooses a key of the storage, or knows one."""
    seal = keys_of(session).mac(b"unggahan", repr((actor.id, file.subject, file.field, file.filename, file.size, file.changed)).encode())
    return UUID(bytes=seal[:16])


def _is_coming(upload: Upload) -> bool:
    return upload.received < upload.size or upload.pieces > 0


def _key(upload_id: UUID, number: int) -> str:
    return f"{upload_id.hex}.{number}"


def _refuse_odd_piece(upload: Upload, content: bytes) -> None:
    if len(content) != min(PIECE, upload.size - upload.received):
        raise InvalidInput("Bagian berkas ini tidak utuh.")


def _count_piece(database: Database, actor: Actor, upload: Upload, length: int) -> Upload:
    """Of two that brought the same piece, the second finds it counted."""
    here = (Upload.id == upload.id, Upload.received == upload.received, Upload.pieces == upload.pieces)
    with database.transaction() as session:
        session.execute(
            update(Upload).where(*here).values(received=Upload.received + length, pieces=Upload.pieces + 1, changed_at=clock.now())
        )
        return upload_for(session, actor, upload.id)


def _finish(database: Database, storage: Storage, actor: Actor, upload: Upload) -> Upload:
    """Of two that bring the last piece, one makes the file."""
    received = storage.receive(upload.field, "", upload.filename, io.BufferedReader(Pieces(storage, upload), PIECE))
    try:
        with database.transaction() as session:
            whole = (Upload.id == upload.id, Upload.received == Upload.size, Upload.pieces == upload.pieces)
            first = session.scalar(update(Upload).where(*whole).values(pieces=0, changed_at=clock.now()).returning(Upload.id))
            done = upload_for(session, actor, upload.id)
            if first is not None:
                attachments.add_drafts(session, actor, done.draft_token, [received])
    except BaseException:
        storage.remove(received.storage_key)
        raise
    if first is None:
        storage.remove(received.storage_key)
    else:
        _remove_pieces(storage, upload)
    return done


def _without_pieces(database: Database, actor: Actor, upload: Upload) -> Upload:
    """Another request made the file of them and took them away just now; or they are lost: then it begins anew. Raises OutOfStep."""
    still = (Upload.id == upload.id, Upload.received == Upload.size, Upload.pieces == upload.pieces)
    with database.transaction() as session:
        lost = session.scalar(update(Upload).where(*still).values(received=0, pieces=0, changed_at=clock.now()).returning(Upload.id))
        now = upload_for(session, actor, upload.id)
    if lost is not None:
        raise OutOfStep(0)
    return now


def _remove_pieces(storage: Storage, upload: Upload) -> None:
    for number in range(upload.pieces):
        storage.remove(_key(upload.id, number))
