"""Ogg Vorbis files that are the same bytes on every run."""

from __future__ import annotations

import struct
from pathlib import Path

import soundfile

from tools.media.instruments import RATE
from tools.media.mixer import Stereo

_SERIAL = 0x616E696D
_BLOCK = 4096
_POLYNOMIAL = 0x04C11DB7
_HEADER = 27


def write_ogg(path: Path, sound: Stereo, quality: float = 0.4) -> None:
    """Encodes `[n, 2]` at 44.1 kHz; quality from 0 to 1."""
    settings = {"samplerate": RATE, "channels": 2, "format": "OGG", "subtype": "VORBIS"}
    with soundfile.SoundFile(str(path), "w", compression_level=1 - quality, **settings) as file:
        # in blocks: the encoder takes its working memory from the stack, and a long write overflows it
        for start in range(0, len(sound), _BLOCK):
            file.write(sound[start : start + _BLOCK])
    path.write_bytes(steady(path.read_bytes()))


def steady(data: bytes) -> bytes:
    """The same stream under a fixed serial number (RFC 3533, 6): the encoder draws one from the clock."""
    out, place = bytearray(), 0
    while place < len(data):
        segments = data[place + 26]
        size = _HEADER + segments + sum(data[place + _HEADER : place + _HEADER + segments])
        page = bytearray(data[place : place + size])
        struct.pack_into("<I", page, 14, _SERIAL)
        struct.pack_into("<I", page, 22, 0)
        struct.pack_into("<I", page, 22, _checksum(bytes(page)))
        out += page
        place += size
    return bytes(out)


def _checksum(page: bytes) -> int:
    """Ogg's CRC-32: no reflection, no initial value, no final exclusive or."""
    value = 0
    for byte in page:
        value = (value << 8) & 0xFFFFFFFF ^ _TABLE[value >> 24 ^ byte]
    return value


def _row(index: int) -> int:
    value = index << 24
    for _ in range(8):
        value = (value << 1 ^ (_POLYNOMIAL if value >> 31 else 0)) & 0xFFFFFFFF
    return value


_TABLE = tuple(_row(index) for index in range(256))
