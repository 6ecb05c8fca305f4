"""Texts that pictures carry: of PNGs, JPEGs and WebPs, read without decoding a pixel.

A file that lies about its lengths, or whose packed text grows without end, gives nothing more.
"""

from __future__ import annotations

import io
import warnings
import zlib
from collections.abc import Collection, Iterator

_PNG = b"\x89PNG\r\n\x1a\n"
_MOST_TEXT = 4 << 20
_MOST_CHUNKS = 100_000
_COMMENT = 0x9286
_EXIF = 0x8769
#: maker and model of the camera
_CAMERA = (0x010F, 0x0110)


def texts_of(data: bytes, names: Collection[str]) -> dict[str, str]:
    """The texts of those names that a picture carries; a JPEG's or WebP's comment is called `parameters`,
    and ComfyUI's, which stand where the camera's name would, say `workflow:` and `prompt:` themselves.
    """
    if data.startswith(_PNG):
        found: dict[str, str] = {}
        for name, text in _chunks(data):
            if name in names:
                found.setdefault(name, text)
        return found
    return {name: text for name, text in _exif(data) if name in names and text} if is_picture(data) else {}


def is_picture(data: bytes) -> bool:
    """Whether a file is one of the pictures that carry texts."""
    return (
        data.startswith(_PNG)
        or data[:3] == b"\xff\xd8\xff"
        or (data[:4] == b"RIFF" and data[8:12] == b"WEBP")
    )


def _chunks(data: bytes) -> Iterator[tuple[str, str]]:
    """The texts of a PNG, wherever they stand in it."""
    at = len(_PNG)
    for _ in range(_MOST_CHUNKS):
        if at + 12 > len(data):
            return
        size = int.from_bytes(data[at : at + 4], "big")
        kind = data[at + 4 : at + 8]
        if kind in (b"tEXt", b"zTXt", b"iTXt") and size <= _MOST_TEXT and at + 8 + size <= len(data):
            found = _text(kind, data[at + 8 : at + 8 + size])
            if found is not None:
                yield found
        if kind == b"IEND":
            return
        at += 12 + size


def _text(kind: bytes, body: bytes) -> tuple[str, str] | None:
    key, _, rest = body.partition(b"\0")
    name = key.decode("latin-1")
    if kind == b"tEXt":
        return name, _decoded(rest)
    if kind == b"zTXt":
        unpacked = _unpacked(rest[1:])
        return None if unpacked is None else (name, _decoded(unpacked))
    packed, rest = rest[:1], rest[2:]
    parts = rest.split(b"\0", 2)
    if len(parts) < 3:
        return None
    text = _unpacked(parts[2]) if packed == b"\1" else parts[2]
    return None if text is None else (name, text.decode("utf-8", "replace"))


def _decoded(text: bytes) -> str:
    """Latin-1 by the book; UTF-8 as programs write it all the same."""
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError:
        return text.decode("latin-1")


def _unpacked(data: bytes) -> bytes | None:
    unpacking = zlib.decompressobj()
    try:
        text = unpacking.decompress(data, _MOST_TEXT)
    except zlib.error:
        return None
    return None if unpacking.unconsumed_tail else text


def _exif(data: bytes) -> Iterator[tuple[str, str]]:
    """The texts in a picture's EXIF."""
    from PIL import Image

    try:
        with warnings.catch_warnings(), Image.open(io.BytesIO(data), formats=("JPEG", "WEBP")) as image:
            warnings.simplefilter("ignore")
            exif = image.getexif()
            comment = exif.get_ifd(_EXIF).get(_COMMENT, b"")
            cameras = [exif.get(tag) for tag in _CAMERA]
    # a damaged file can fail in any way, and a huge one is refused
    except Exception:
        return
    yield "parameters", _comment(comment)
    for text in cameras:
        if isinstance(text, str) and len(text) <= _MOST_TEXT:
            name, _, rest = text.rstrip("\0").partition(":")
            yield name.lower(), rest


def _comment(comment: object) -> str:
    """A comment, which A1111 writes as UTF-16 behind `UNICODE`."""
    if isinstance(comment, str):
        return comment
    if not isinstance(comment, bytes) or len(comment) > _MOST_TEXT:
        return ""
    kind, text = comment[:8], comment[8:]
    if kind == b"UNICODE\0":
        return _of_two_bytes(text)
    return (text if kind in (b"ASCII\0\0\0", b"\0" * 8) else comment).decode("utf-8", "replace").rstrip("\0")


def _of_two_bytes(text: bytes) -> str:
    """Which of two bytes comes first nobody says: most words here have a zero in the first."""
    zeros = (text[0::2].count(0), text[1::2].count(0))
    return text.decode("utf-16-be" if zeros[0] >= zeros[1] else "utf-16-le", "replace").rstrip("\0")
