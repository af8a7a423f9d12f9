"""Asking a virus scanner about a file before a row names it: clamd's INSTREAM (https://docs.clamav.net, "clamd" protocol)."""

import socket
from struct import pack
from typing import IO

PATIENCE = 60  # seconds for each step of the talk; clamd reads on while it scans
PIECE = 1 << 16


class ScannerFault(Exception):
    """No verdict: unreachable, silent, or a word that is neither yes nor no. The file must not be kept."""


def infection(address: str, stream: IO[bytes]) -> str:
    """What clamd calls what it found, "" for a clean file. address: "host:port". Raises ScannerFault."""
    host, _, port = address.rpartition(":")
    try:
        with socket.create_connection((host, int(port)), timeout=PATIENCE) as talk:
            talk.sendall(b"zINSTREAM\0")
            while piece := stream.read(PIECE):
                talk.sendall(pack("!L", len(piece)) + piece)
            talk.sendall(pack("!L", 0))
            answer = _answer(talk)
    except OSError as error:
        raise ScannerFault(f"{address}: {error}") from error
    if answer == "stream: OK":
        return ""
    if answer.startswith("stream: ") and answer.endswith(" FOUND"):
        return answer.removeprefix("stream: ").removesuffix(" FOUND")
    raise ScannerFault(f"{address}: {answer!r}")


def _answer(talk: socket.socket) -> str:
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < 4096 and (more := talk.recv(4096)):
        answer += more
    return answer.rstrip(b"\0").decode("utf-8", "replace")
