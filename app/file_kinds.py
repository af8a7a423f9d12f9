"""Which files are kept: by extension and content alike, under a name that harms nobody who saves it. Nothing is ever unpacked."""

import unicodedata
from collections.abc import Mapping

import puremagic

# Extension -> media type we serve it as, whatever the sender said. Content must agree: see ``begins_as`` and ``ends_as``.
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
_MAGIC: Mapping[str, bytes] = {
    ".pdf": b"%PDF-",
    ".doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    ".xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    ".docx": b"PK\x03\x04",
    ".xlsx": b"PK\x03\x04",
    ".jpg": b"\xff\xd8\xff",
    ".jpeg": b"\xff\xd8\xff",
    ".png": b"\x89PNG\r\n\x1a\n",
}
# A zip ends with the list of what is in it (ECMA-376 part 2: an Office file is a zip with these parts). Names only, nothing is unpacked.
_ZIP_END = b"PK\x05\x06"
_PARTS: Mapping[str, tuple[bytes, ...]] = {".docx": (b"[Content_Types].xml", b"word/"), ".xlsx": (b"[Content_Types].xml", b"xl/")}
TAIL = 1 << 20  # bytes of the end that ``ends_as`` looks at: far more than the list of an Office file takes
# Letters no name needs: control and format characters (also those that turn the direction of writing), line ends, unassigned ones.
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
# Windows keeps these for devices, whatever follows the first dot.
_DEVICES = frozenset({"CON", "PRN", "AUX", "NUL", *(f"{port}{n}" for port in ("COM", "LPT") for n in "0123456789¹²³")})


def safe_name(filename: str) -> str:
    """The last part of what the browser sent, without hidden or reserved characters, at most 150 letters. Of its own result: the same."""
    name = unicodedata.normalize("NFC", filename.replace("\\", "/").rsplit("/", 1)[-1])
    name = "".join(_plain(letter) for letter in name).strip(" .")
    stem, dot, extension = name.rpartition(".")
    name = (f"{stem[:140]}{dot}{extension[:10]}" if dot else name[:150]).rstrip(" .")
    return f"_{name}" if name.split(".")[0].strip().upper() in _DEVICES else name or "berkas"


def _plain(letter: str) -> str:
    kind = unicodedata.category(letter)
    if kind in _HIDDEN or letter in '<>:"|?*':
        return "_"
    return " " if kind == "Zs" else letter


def extension_of(name: str) -> str:
    """ ".pdf", in small letters; "" without a dot."""
    return name[name.rfind(".") :].lower() if "." in name else ""


def begins_as(extension: str, head: bytes) -> bool:
    """head: the first bytes of the file, some thousands of them if there are so many."""
    if not head.startswith(_MAGIC[extension]):
        return False
    try:
        guesses = {match.extension for match in puremagic.magic_string(head)}
    except puremagic.PureError:
        return True
    return not guesses & {".html", ".htm", ".exe", ".js"}


def ends_as(extension: str, tail: bytes) -> bool:
    """tail: the last ``TAIL`` bytes, or all of a smaller file. Tells a Word or Excel file from any other zip."""
    return extension not in _PARTS or all(part in tail for part in (_ZIP_END, *_PARTS[extension]))
