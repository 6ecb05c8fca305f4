"""Films for tests of the loop: small, and quickly compiled."""

from __future__ import annotations

import struct
import wave
import zlib
from pathlib import Path

FILM = """\
size = 64x64; fps = 8; length = 2s; seed = 3
let swell = 0.5 + 0.1 * sin(t)
prompt { 0s: "a forest"; 1s: "a lake" }
camera 2d { zoom = 0s: 1, 2s: 1.2 }
diffuse { strength = 0.5; steps = 12 }
coherence { blend = 0.1 * swell }
"""

WRONG = FILM.replace("strength = 0.5", "strength = 0.5 zoom")


def write_picture(path: Path, grey: int = 128) -> None:
    """A picture of 4x4, all of one grey, as PNG."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = b"".join(b"\0" + bytes([grey]) * 4 for _ in range(4))
    header = struct.pack(">IIBBBBB", 4, 4, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    body = b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + body)


def write_clicks(path: Path, seconds: float = 2.0) -> None:
    """A click every half second."""
    rate = 8000
    samples = [8000 if i % (rate // 2) < 80 else 0 for i in range(int(rate * seconds))]
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(struct.pack(f"<{len(samples)}h", *samples))
