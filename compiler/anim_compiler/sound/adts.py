"""The frames of a bare AAC stream, counted by their headers (ADTS; ISO/IEC 13818-7, section 6.2)."""

from __future__ import annotations

from typing import IO, Final

_RATES: Final = (
    *(96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000),
    *(22_050, 16_000, 12_000, 11_025, 8_000, 7_350),
)
_CHANNELS: Final = (0, 1, 2, 3, 4, 5, 6, 8)
_SAMPLES: Final = 1024
_WINDOW: Final = 1 << 20
_LONGEST: Final = 1 << 13  # bytes of a frame

DELAY: Final = _SAMPLES
"""Samples before the sound: a frame overlaps the one before it, and the first has none."""


def scan(file: IO[bytes], start: int) -> tuple[int, int, int] | None:
    """Samples a second, channels and samples of the stream that begins at `start`; None if none does."""
    file.seek(start)
    data = file.read(_WINDOW)
    first = _frame(data, 0)
    if first is None or _frame(data, first[2]) is None:
        return None
    at, samples = 0, 0
    while (found := _frame(data, at)) is not None:
        at, samples = at + found[2], samples + found[3]
        if at > len(data) - _LONGEST:
            data, at = data[at:] + file.read(_WINDOW), max(0, at - len(data))
    return first[0], first[1], max(0, samples - DELAY)


def _frame(data: bytes, at: int) -> tuple[int, int, int, int] | None:
    """Samples a second, channels, bytes and samples of the frame that begins there; None for what is none."""
    head = data[at : at + 7]
    if len(head) < 7 or head[0] != 0xFF or head[1] & 0xF6 != 0xF0:
        return None
    rate, channels = head[2] >> 2 & 15, (head[2] & 1) << 2 | head[3] >> 6
    length = (head[3] & 3) << 11 | head[4] << 3 | head[5] >> 5
    if rate >= len(_RATES) or length < 7:
        return None
    return _RATES[rate], _CHANNELS[channels], length, _SAMPLES * ((head[6] & 3) + 1)
