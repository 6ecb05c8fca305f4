"""The frames of an MP3 file, counted by their headers without decoding them.

Frame headers after ISO/IEC 11172-3 and 13818-3, section 2.4.2.3; the Xing and LAME tags as LAME writes them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO, Final

_KBITS: Final = {
    # (is it MPEG 1, layer): kilobits a second by index
    (True, 1): (0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (True, 2): (0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (True, 3): (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (False, 1): (0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (False, 2): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (False, 3): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_RATES: Final = (44_100, 48_000, 32_000)

DECODER_DELAY: Final = 529
"""Samples by which every MP3 decoder is late."""

USUAL_DELAY: Final = 576 + DECODER_DELAY
"""Samples before the sound where no tag tells: LAME's own delay, and the decoder's."""

_FIRST: Final = 1 << 16  # bytes of rubbish before the first frame that are passed over
_MOST_BYTES: Final = 1 << 28  # of a file whose frames are counted
_WINDOW: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame's header: `length` in bytes, `samples` of each channel."""

    rate: int
    channels: int
    layer: int
    length: int
    samples: int
    side: int


@dataclass(frozen=True, slots=True)
class Counted:
    """What the frames of a file come to: `samples` that are there, `claimed` if the tag says more.

    `skip`: samples before the sound that a decoder does not know of, because no tag tells them.
    """

    rate: int
    channels: int
    samples: int
    claimed: int | None
    skip: int


def tag_length(head: bytes) -> int:
    """Bytes of an ID3v2 tag at the beginning of a file, 0 if there is none; `head` has at least 10 bytes."""
    if head[:3] != b"ID3" or len(head) < 10 or any(byte & 0x80 for byte in head[6:10]):
        return 0
    size = head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9]
    return size + (20 if head[5] & 0x10 else 10)


def frame(head: bytes, at: int = 0) -> Frame | None:
    """The frame whose four bytes of header stand there; None for what is none."""
    if len(head) < at + 4 or head[at] != 0xFF or head[at + 1] & 0xE0 != 0xE0:
        return None
    version, layer = head[at + 1] >> 3 & 3, 4 - (head[at + 1] >> 1 & 3)
    kbits, rate = head[at + 2] >> 4, head[at + 2] >> 2 & 3
    if version == 1 or layer == 4 or kbits in (0, 15) or rate == 3:
        return None
    is_first = version == 3
    hertz = _RATES[rate] >> {3: 0, 2: 1, 0: 2}[version]
    samples = 384 if layer == 1 else 1152 if layer == 2 or is_first else 576
    slot = 4 if layer == 1 else 1
    length = (samples // 8 // slot * _KBITS[is_first, layer][kbits] * 1000 // hertz) * slot
    length += slot * (head[at + 2] >> 1 & 1)
    channels = 1 if head[at + 3] >> 6 == 3 else 2
    side = (32 if channels == 2 else 17) if is_first else (17 if channels == 2 else 9)
    return Frame(hertz, channels, layer, length, samples, side)


def scan(file: IO[bytes], start: int, size: int) -> Counted | None:
    """The MP3 frames of a file from `start` on; None if two do not follow each other near there."""
    file.seek(start)
    data = file.read(_FIRST)
    first = next((at for at in range(len(data) - 4) if _is_first(data, at)), None)
    if first is None:
        return None
    found = frame(data, first)
    assert found is not None
    tagged = _tag(data, first, found)
    if tagged is not None:
        frames, bytes_said, delay, padding = tagged
        cut = bytes_said > size - start - first + 4096 if bytes_said else False
        whole = max(0, frames * found.samples - delay - padding)
        there = whole * (size - start - first) // bytes_said if cut else whole
        skip = 0 if delay or padding else USUAL_DELAY
        return Counted(found.rate, found.channels, there - skip, whole if cut else None, skip)
    count = _count(file, start + first, min(size, _MOST_BYTES))
    if size > _MOST_BYTES:
        count = count * size // _MOST_BYTES
    skip = USUAL_DELAY if found.layer == 3 else 0
    return Counted(found.rate, found.channels, count * found.samples - skip, None, skip)


def _is_first(data: bytes, at: int) -> bool:
    """Whether a frame begins there, and two more of its kind right after it: one or two are chance."""
    found = frame(data, at)
    place = at
    for _ in range(2):
        if found is None:
            return False
        place += found.length
        if place >= len(data) - 3:
            # so short a file has no more of them
            return at == 0
        after = frame(data, place)
        if after is None or (after.rate, after.layer) != (found.rate, found.layer):
            return False
        found = after
    return True


def _tag(data: bytes, at: int, found: Frame) -> tuple[int, int, int, int] | None:
    """Frames, bytes, delay and padding of the Xing or Info tag in the first frame; 0 for what it lacks."""
    place = at + 4 + found.side
    if data[place : place + 4] not in (b"Xing", b"Info"):
        return None
    flags = data[place + 7]
    if not flags & 1:
        return None
    frames = int.from_bytes(data[place + 8 : place + 12], "big")
    length = int.from_bytes(data[place + 12 : place + 16], "big") if flags & 2 else 0
    lame = place + 8 + 4 * (flags & 1) + 4 * (flags >> 1 & 1) + 100 * (flags >> 2 & 1) + 4 * (flags >> 3 & 1)
    encoder = data[lame : lame + 4]
    if encoder not in (b"LAME", b"Lavf", b"Lavc", b"L3.9"):
        return frames, length, 0, 0
    bits = int.from_bytes(data[lame + 21 : lame + 24], "big")
    return frames, length, bits >> 12, bits & 0xFFF


def _count(file: IO[bytes], start: int, end: int) -> int:
    """How many frames follow each other in a file, passing over what is none."""
    count, base, at = 0, start, 0
    file.seek(base)
    data = file.read(_WINDOW)
    while base + at < end - 4 and data:
        if at > len(data) - 4096 and base + len(data) < end:
            base, at = base + at, 0
            file.seek(base)
            data = file.read(_WINDOW)
        found = frame(data, at)
        if found is not None:
            count, at = count + 1, at + found.length
            continue
        at = data.find(b"\xff", at + 1)
        if at < 0:
            # none in this window: on with the next
            base, at = base + len(data), 0
            file.seek(base)
            data = file.read(_WINDOW)
    return count
