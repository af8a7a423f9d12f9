"""What an address asks besides its path. A wish that is not known is refused: a filter left out would show more than was asked."""

from flask import request

from app.errors import InvalidInput, NotFound
from app.web.posting import plain

MOST = 2000  # rows of one answer
LARGEST = 2**31 - 1
PAGING = ("firstResult", "maxResults")


def wishes(*known: str) -> dict[str, str]:
    """{name: text} of those given. Raises InvalidInput for one that is not known, or given twice."""
    for name in request.args:
        if name not in known and name not in PAGING:
            raise InvalidInput(f"Parameter “{plain(name)[:60]}” tidak dipakai pada alamat ini.")
        if len(request.args.getlist(name)) > 1:
            raise InvalidInput(f"Parameter “{name}” disebut lebih dari satu kali.")
        if not request.args[name].isprintable():
            raise InvalidInput(f"Parameter “{name}” memuat tanda yang tidak dapat dibaca.")
    return dict(request.args.items())


def paging() -> tuple[int, int]:
    """(first, limit). Raises InvalidInput."""
    first, limit = (_whole(name, request.args[name]) if name in request.args else None for name in PAGING)
    if limit is not None and limit > MOST:
        raise InvalidInput(f"maxResults paling besar {MOST}.")
    return first or 0, MOST if limit is None else limit


def yes_or_no(name: str, text: str) -> bool:
    """Raises InvalidInput."""
    if text not in ("true", "false"):
        raise InvalidInput(f"Parameter “{name}” hanya true atau false.")
    return text == "true"


def key_of(text: str) -> str:
    """Raises NotFound: a key with control characters is nobody's, and PostgreSQL would not even take the question."""
    if not text.isprintable():
        raise NotFound
    return text


def whole_id(text: str) -> int:
    """The number of a row. Raises NotFound: what is no number is no row's."""
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and int(text) <= LARGEST):
        raise NotFound
    return int(text)


def _whole(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and int(text) <= LARGEST):
        raise InvalidInput(f"Parameter “{name}” harus bilangan bulat mulai dari 0.")
    return int(text)
