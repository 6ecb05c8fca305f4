"""The first bytes of a model file: whether it is what its ending says. Nothing in it is loaded."""

from __future__ import annotations

import struct
from pathlib import Path

LONGEST_HEADER = 100_000_000
"""Bytes that the header of a safetensors file may have, as the format itself says."""

_LENGTH = struct.Struct("<Q")


def wrong(path: Path) -> str | None:
    """What is wrong with a `.safetensors` file, as the end of a sentence; None if nothing is.

    The format: eight bytes that hold the length of a header, the header in JSON, the numbers.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(_LENGTH.size + 1)
    except OSError:
        return "cannot be read"
    if head[:2] == b"PK":
        return "is a zip archive, as PyTorch writes, and not a safetensors file"
    if head[:1] == b"\x80" and head[1:2] in (b"\x02", b"\x03", b"\x04", b"\x05") and head[2:3] != b"\x00":
        return "is a pickle, which can run code, and not a safetensors file"
    if len(head) <= _LENGTH.size:
        return "is too short to be a safetensors file"
    (length,) = _LENGTH.unpack(head[: _LENGTH.size])
    if length > LONGEST_HEADER or length > size - _LENGTH.size:
        return "is cut short, or is no safetensors file: its header does not fit into it"
    return None if head[_LENGTH.size :] == b"{" else "is no safetensors file: its header is not JSON"
