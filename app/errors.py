"""Everything that can be refused, and with which HTTP status. Imports nothing of ours.

Status is a fact of the class; one renderer (``app/web/errors.py``) shows them all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import ClassVar, Literal

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True)
class Finding:
    """One line of the *Catatan pemeriksaan diagram*: where it is, which rule, what to do.

    line: 1-based source line, 0 where the file has none (a missing form, say).
    element, name: BPMN id and name, "" where the finding is about the whole file.
    """

    file: str
    line: int
    element: str
    name: str
    rule: str
    severity: Severity
    message: str

    def as_dict(self) -> dict[str, str | int]:
        return asdict(self)


class AppError(Exception):
    """Base of every refusal. ``str(error)`` is a sentence for the person, in Indonesian."""

    status: ClassVar[int] = 500
    title: ClassVar[str] = "Terjadi kendala pada aplikasi"

    def details(self) -> dict[str, object]:
        """What a script of ours is told besides the sentence; JSON values only."""
        return {}


class NotFound(AppError):
    """Absent, or a case you may not see: the same page for both."""

    status = 404
    title = "Halaman tidak ditemukan"

    def __init__(self, message: str = "Halaman atau data ini tidak ada, atau bukan untuk Anda.") -> None:
        super().__init__(message)


class Forbidden(AppError):
    """You may see the case, but this act is not yours."""

    status = 403
    title = "Bukan untuk Anda"


class Conflict(AppError):
    """Somebody was first, or the thing is no longer in the state you saw."""

    status = 409
    title = "Sudah didahului"


class Busy(AppError):
    """Somebody else's work holds the database, or every place for a check; try again in ``retry_after`` seconds."""

    status = 503
    title = "Sedang sibuk"
    retry_after: ClassVar[int] = 5

    def __init__(
        self, message: str = "Aplikasi sedang menyimpan pekerjaan lain. Isian Anda belum dikirim; coba kirim lagi sebentar lagi."
    ) -> None:
        super().__init__(message)


NO_ROOM = "Ruang penyimpanan di server sedang penuh, jadi belum ada yang disimpan. Hubungi admin, lalu kirim lagi."


class NotStored(AppError):
    """It cannot be kept just now, through no fault of the person's: the disk is full, the virus scanner does not answer."""

    status = 503
    title = "Belum dapat disimpan"


class InvalidInput(AppError):
    """A posted value that no form of ours sends: a broken id, a missing token."""

    status = 400
    title = "Permintaan tidak dapat dibaca"


class InvalidAnswers(AppError):
    """One sentence per field: ``problems`` is {field key: sentence}."""

    status = 422
    title = "Isian belum lengkap"

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(" ".join(problems.values()))
        self.problems = dict(problems)


class InvalidBundle(AppError):
    """A drawing with its forms that may not be deployed."""

    status = 422
    title = "Diagram belum dapat diterbitkan"

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(" ".join(f.message for f in findings if f.severity == "error"))
        self.findings = tuple(findings)

    def details(self) -> dict[str, object]:
        return {"findings": [finding.as_dict() for finding in self.findings]}


class EngineFault(AppError):
    """The engine could not go on; nothing is stored, an incident is recorded afterwards.

    ``str(error)`` is for the log and the admin, never for the page. stops_case: nothing can go on in that case until an admin has looked.
    """

    status = 500
    title = "Terjadi kendala pada aplikasi"
    stops_case: ClassVar[bool] = False

    def __init__(self, message: str, element: str = "", instance_id: int | None = None) -> None:
        super().__init__(message)
        self.element = element
        self.instance_id = instance_id
