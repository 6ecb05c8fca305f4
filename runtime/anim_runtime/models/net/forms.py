"""What a fetched file must look like: from its first bytes, so that a wrong one costs nothing, and whole."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Literal, TypeAlias

Form: TypeAlias = Literal["safetensors", "json", "text", "bytes"]

#: bytes that tell: of a safetensors file the length of its header and the brace that opens it
HEAD = 512
_LENGTH = struct.Struct("<Q")
#: a header of more is refused before its file is fetched, as `anim_compiler.models.header` does afterwards
_LONGEST_HEADER = 8 * 1024 * 1024
_PAGES = ("text/html", "application/xhtml")
_MOST_JSON = 64 * 1024 * 1024


def wrong_start(form: Form, head: bytes, content_type: str) -> str | None:
    """What is wrong with a file that starts so, as the end of a sentence; None if nothing is yet."""
    if is_page(head, content_type):
        return "is a web page and not a file: perhaps it wants you to log in"
    if form != "safetensors":
        return None
    if head[:2] == b"PK":
        return "is a zip archive, as PyTorch writes, and not a safetensors file"
    if head[:1] == b"\x80" and head[1:2] in (b"\x02", b"\x03", b"\x04", b"\x05") and head[2:3] != b"\x00":
        return "is a pickle, which can run code, and not a safetensors file"
    if len(head) <= _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head[: _LENGTH.size])
    if not 2 <= length <= _LONGEST_HEADER or head[_LENGTH.size :][:1] != b"{":
        return "is no safetensors file"
    return None


def is_page(head: bytes, content_type: str) -> bool:
    """Whether a web page comes instead of a file, by what is said of it or by how it starts."""
    if content_type.lower().startswith(_PAGES):
        return True
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:9].lower()
    return start.startswith((b"<!doctype", b"<html", b"<head", b"<?xml", b"<script"))


def header_end(form: Form, head: bytes) -> int:
    """Bytes from the start of a file up to the end of its header; 0 for forms that have none."""
    if form != "safetensors" or len(head) < _LENGTH.size:
        return 0
    return _LENGTH.size + int(_LENGTH.unpack(head[: _LENGTH.size])[0])


def wrong_header(start: bytes, size: int) -> str | None:
    """What is wrong with the header of a safetensors file of `size` bytes, whose start up to the header's end
    is here: nobody fetches gigabytes behind a header that lies.
    """
    from anim_compiler.models.header import HeaderProblem, parse_header

    found = parse_header(start[_LENGTH.size :], size)
    return found.message if isinstance(found, HeaderProblem) else None


def wrong_whole(form: Form, path: Path) -> str | None:
    """What is wrong with a whole file, as the end of a sentence; None if nothing is."""
    match form:
        case "safetensors":
            return _wrong_safetensors(path)
        case "json":
            return _wrong_json(path)
        case "text":
            return _wrong_text(path)
        case "bytes":
            return None


def _wrong_safetensors(path: Path) -> str | None:
    from anim_compiler.models.header import HeaderProblem, read_header

    found = read_header(path)
    return found.message if isinstance(found, HeaderProblem) else None


def _wrong_json(path: Path) -> str | None:
    if path.stat().st_size > _MOST_JSON:
        return "is far too long for a file of settings"
    try:
        json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        return "is no JSON"
    return None


def _wrong_text(path: Path) -> str | None:
    if path.stat().st_size > _MOST_JSON:
        return "is far too long for a text"
    try:
        path.read_text("utf-8")
    except UnicodeDecodeError:
        return "is no text"
    return None
