"""A bundle as files: the zip an analyst downloads, and what an analyst uploads. Uploaded bytes are hostile until read here."""

import io
import zipfile
from collections.abc import Iterable
from pathlib import PurePosixPath

from app.checking import Bundle, bundle_from_files
from app.errors import Finding, InvalidBundle

MAX_FILES = 80
MAX_TOTAL = 10 * 1024 * 1024  # bytes of one upload, unpacked
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the zip's own earliest moment: the same bundle gives the same bytes on any day


def to_zip(bundle: Bundle) -> bytes:
    """The drawing and its forms, always the same bytes for the same bundle."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, content in [(bundle.file, bundle.bpmn), *((f"{id}.form", content) for id, content in sorted(bundle.forms.items()))]:
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, content)
    return packed.getvalue()


def bundle_from_upload(files: Iterable[tuple[str, bytes]]) -> Bundle:
    """One drawing with its forms, as single files or in a zip.

    files: (name as sent, bytes). Forms that the drawing does not name are left out. Raises InvalidBundle: no drawing or several, a zip
    that is too large or cannot be read, a drawing that cannot be read.
    """
    found, total = [], 0
    for name, content in _unpacked(files):
        total += len(content)
        if total > MAX_TOTAL:  # also of many zips, each of which unpacks to less
            raise _refusal(name, f"Isi kiriman ini lebih besar dari {MAX_TOTAL // 2**20} MB.")
        found.append((name, content))
    drawings = [(name, content) for name, content in found if name.lower().endswith(".bpmn")]
    if len(drawings) != 1:
        raise _refusal("", f"Unggah tepat satu diagram (.bpmn) beserta formulirnya; kiriman ini memuat {len(drawings)} diagram.")
    forms = {PurePosixPath(name).stem: content for name, content in found if name.lower().endswith(".form")}
    return bundle_from_files(*drawings[0], forms)


def _unpacked(files: Iterable[tuple[str, bytes]]) -> Iterable[tuple[str, bytes]]:
    for name, content in files:
        plain = _last_part(name)
        if plain.lower().endswith(".zip"):
            yield from _from_zip(plain, content)
        elif plain.lower().endswith((".bpmn", ".form")):
            yield plain, content
        else:
            raise _refusal(plain, f"Berkas “{plain}” tidak dikenal. Unggah .bpmn, .form, atau .zip yang memuat keduanya.")


def _from_zip(name: str, content: bytes) -> Iterable[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            wanted = [entry for entry in entries if entry.filename.lower().endswith((".bpmn", ".form"))]
            # What the directory says is judged first; what comes out is judged again, for a directory may lie.
            if len(entries) > MAX_FILES or sum(entry.file_size for entry in wanted) > MAX_TOTAL:
                raise _refusal(name, f"Berkas zip “{name}” terlalu besar: paling banyak {MAX_FILES} berkas dan {MAX_TOTAL // 2**20} MB.")
            left = MAX_TOTAL
            for entry in wanted:
                with archive.open(entry) as stream:
                    read = stream.read(left + 1)
                left -= len(read)
                if left < 0:
                    raise _refusal(name, f"Isi berkas zip “{name}” lebih besar dari {MAX_TOTAL // 2**20} MB.")
                yield _last_part(entry.filename), read
    except (zipfile.BadZipFile, zipfile.LargeZipFile, RuntimeError, NotImplementedError, OSError, EOFError, ValueError) as error:
        # RuntimeError: encrypted. NotImplementedError: a method of packing that nobody uses for text.
        raise _refusal(name, f"Berkas zip “{name}” tidak dapat dibaca. Buat zip biasa tanpa kata sandi, lalu unggah lagi.") from error


def _last_part(name: str) -> str:
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(letter for letter in last if letter.isprintable())[-150:] or "berkas"


def _refusal(file: str, message: str) -> InvalidBundle:
    return InvalidBundle([Finding(file, 0, "", "", "unggahan", "error", message)])
