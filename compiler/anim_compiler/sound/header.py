"""What the first bytes of a sound file say, read without any library: `check` needs no decoder for them."""

from __future__ import annotations

import os
from codecs import getincrementaldecoder
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import IO, Final

from anim_compiler.sound import adts, mpeg
from anim_compiler.sound.limits import empty, guard, soundless
from anim_compiler.sound.problem import AudioError


@dataclass(frozen=True, slots=True)
class Header:
    """What a header says. `kind` is `wav`, `flac`, `ogg`, `mp3` or `aac`, or "" for what only a
    decoder can open.

    `rate` and `channels` are 0 and `seconds` None where it does not say them. `claimed` are the seconds that
    the header promises where the file is too small to hold them, else None: `seconds` is then what is there.
    `skip`: samples at the beginning that the encoder put there and no tag tells. `is_ended` is false for a
    stream whose last page does not say that it is the last.
    """

    kind: str = ""
    rate: int = 0
    channels: int = 0
    seconds: Fraction | None = None
    claimed: Fraction | None = None
    skip: int = 0
    is_ended: bool = True


_HEAD: Final = 64
_MOST_CHUNKS: Final = 1_000
_LAST_PAGES: Final = 1 << 17
_UNKNOWN: Final = 0xFFFFFFFF  # a recorder that never came back to write the length
_PCM: Final = frozenset({1, 3, 6, 7, 0xFFFE})  # tags whose blocks are one sample of every channel
_FOREIGN: Final = (
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF"),
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"\x1f\x8b", "a compressed archive"),
    (b"MThd", "a MIDI file"),
    (b"\x7fELF", "a program"),
)


def read(path: Path) -> Header:
    """The header of the sound file at `path`. Raises AudioError for what is no sound by its header alone:
    an empty file, a text, a picture, no samples, or more channels, samples a second or hours than are read.
    """
    name = path.name
    try:
        if not path.is_file():
            raise AudioError(f"there is no file `{name}`", "check the path: it is relative to the film")
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size == 0:
                raise empty(name)
            found = _read(file, size, name)
    except OSError as problem:
        reason = (problem.strerror or "it cannot be opened").lower()
        raise AudioError(f"`{name}` cannot be read: {reason}", "check its permissions") from problem
    if found.kind and found.rate + found.channels:
        guard(name, found.rate, found.channels, found.seconds or 0)
    if found.seconds == 0:
        raise soundless(name)
    return found


def _read(file: IO[bytes], size: int, name: str) -> Header:
    head = file.read(_HEAD)
    start = mpeg.tag_length(head)
    if start:
        file.seek(start)
        head = file.read(_HEAD)
    reader = _reader(head)
    if reader is not None:
        return reader(file, start, size) or Header()
    if start == 0:
        if _is_container(head):
            return Header()
        _refuse_foreign(head, file, name)
    return _mpeg(file, start, size) or Header()


def _reader(head: bytes) -> Callable[[IO[bytes], int, int], Header | None] | None:
    if head[:4] in (b"RIFF", b"RF64", b"BW64") and head[8:12] == b"WAVE":
        return _wav
    if head[:1] == b"\xff" and head[1:2] in (b"\xf0", b"\xf1", b"\xf8", b"\xf9"):
        return _aac
    return {b"fLaC": _flac, b"OggS": _ogg}.get(head[:4])


def _is_container(head: bytes) -> bool:
    """Whether a file is one of those that only a decoder can open, so that nobody looks for MP3 in it."""
    known = (b"\x1aE\xdf\xa3", b"FORM", b"caff", b".snd", b"RIFF", b"FLV", b"wvPK")
    return head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free") or head.startswith(known)


def _refuse_foreign(head: bytes, file: IO[bytes], name: str) -> None:
    """Raises AudioError for a text and for files that everybody knows and that hold no sound."""
    hint = "give a WAV, FLAC, OGG, MP3, M4A or video file"
    for magic, what in _FOREIGN:
        if head.startswith(magic):
            raise AudioError(f"`{name}` is {what}, not sound", hint)
    file.seek(0)
    if _is_text(file.read(4096)):
        raise AudioError(f"`{name}` is a text, not sound", hint)


def _is_text(data: bytes) -> bool:
    try:
        # the last character may be cut in two
        text = getincrementaldecoder("utf-8")().decode(data)
    except UnicodeDecodeError:
        return False
    return all(char.isprintable() or char in "\t\r\n\f\ufeff" for char in text)


def _wav(file: IO[bytes], start: int, size: int) -> Header | None:
    """RIFF and RF64: the chunks up to the samples."""
    file.seek(start + 12)
    rate = channels = align = tag = 0
    wide = 0
    for _ in range(_MOST_CHUNKS):
        chunk = file.read(8)
        if len(chunk) < 8:
            return None
        length = int.from_bytes(chunk[4:], "little")
        if chunk[:4] == b"data":
            there = size - file.tell()
            said = wide if length == _UNKNOWN and wide else length
            return _of_wav(rate, channels, align, tag, said, there)
        body = file.read(min(length, 40)) if chunk[:4] in (b"fmt ", b"ds64") else b""
        if chunk[:4] == b"fmt " and len(body) >= 16:
            tag, channels = int.from_bytes(body[:2], "little"), int.from_bytes(body[2:4], "little")
            rate, align = int.from_bytes(body[4:8], "little"), int.from_bytes(body[12:14], "little")
        elif chunk[:4] == b"ds64" and len(body) >= 16:
            wide = int.from_bytes(body[8:16], "little")
        # chunks are padded to even lengths
        file.seek(length + (length & 1) - len(body), os.SEEK_CUR)
    return None


def _of_wav(rate: int, channels: int, align: int, tag: int, said: int, there: int) -> Header:
    found = Header("wav", rate, channels)
    if tag not in _PCM or not align or not rate:
        return found
    seconds = Fraction(min(said, there) // align, rate)
    if said in (0, _UNKNOWN):
        # never finished: all that follows is sound
        return replace(found, seconds=Fraction(there // align, rate))
    cut = said // align > there // align
    return replace(found, seconds=seconds, claimed=Fraction(said // align, rate) if cut else None)


def _flac(file: IO[bytes], start: int, size: int) -> Header | None:
    """The block STREAMINFO, which is always first (RFC 9639, section 8.2)."""
    file.seek(start + 8)
    body = file.read(34)
    if len(body) < 34:
        return None
    bits = int.from_bytes(body[10:18], "big")
    rate, channels, samples = bits >> 44, (bits >> 41 & 7) + 1, bits & (1 << 36) - 1
    return Header("flac", rate, channels, Fraction(samples, rate) if samples and rate else None)


def _ogg(file: IO[bytes], start: int, size: int) -> Header | None:
    """Vorbis and Opus: the first page tells what it is, the last one how many samples there are."""
    file.seek(start)
    page = file.read(128)
    if len(page) < 60:
        return None
    packet = page[27 + page[26] :]
    if packet.startswith(b"\x01vorbis"):
        rate, channels, before = int.from_bytes(packet[12:16], "little"), packet[11], 0
    elif packet.startswith(b"OpusHead"):
        rate, channels, before = 48_000, packet[9], int.from_bytes(packet[10:12], "little")
    else:
        return None
    found = Header("ogg", rate, channels)
    file.seek(max(start, size - _LAST_PAGES))
    end = file.read(_LAST_PAGES)
    at = end.rfind(b"OggS")
    # another stream's page: a chain of several, or a video; only a decoder can tell its length
    if at < 0 or end[at + 14 : at + 18] != page[14:18] or len(end) < at + 27:
        return found
    samples = int.from_bytes(end[at + 6 : at + 14], "little", signed=True) - before
    if samples <= 0 or not rate:
        return found
    is_ended = bool(end[at + 5] & 4) and not _is_cut(end, at)
    return replace(found, seconds=Fraction(samples, rate), is_ended=is_ended)


def _is_cut(data: bytes, at: int) -> bool:
    """Whether the Ogg page that begins there is longer than what is left."""
    count = data[at + 26]
    table = data[at + 27 : at + 27 + count]
    return len(table) < count or at + 27 + count + sum(table) > len(data)


def _aac(file: IO[bytes], start: int, size: int) -> Header | None:
    """A bare AAC stream, by its frames; None if it is none."""
    found = adts.scan(file, start)
    if found is None:
        return None
    rate, channels, samples = found
    # HE-AAC sounds twice as fast as its frames say: its length is the same
    return Header("aac", rate, channels, Fraction(samples, rate), skip=adts.DELAY) if channels else None


def _mpeg(file: IO[bytes], start: int, size: int) -> Header | None:
    """MP3, by its frames; None if there are none."""
    found = mpeg.scan(file, start, size)
    if found is None or not found.rate:
        return None
    seconds = Fraction(max(found.samples, 0), found.rate)
    claimed = None if found.claimed is None else Fraction(found.claimed, found.rate)
    return Header("mp3", found.rate, found.channels, seconds, claimed, found.skip)
