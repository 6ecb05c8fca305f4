"""The files that film texts of the tests may name: made once a run, put beside each text.

`song.ogg` (4 s, 120 bpm), `voice.ogg` (2 s), `photo.png`, `sky.png`, `mask.png`, `clip.mp4` (1 s),
`labels.txt`, `moved.txt` (the same, later), `song.mid`, `clip.mid` (the same without a tempo), `data.csv`,
`back.csv` (goes back in time), `looks.anim`, `grain.safetensors` (a LoRA), `model.safetensors`,
`soft.safetensors` (an embedding for the built-in model), `ink.safetensors` (a LoRA for it, of "ink lines"),
`neon.safetensors` (a LoRA for SDXL), `warm.cube`, `broken.cube` (cut short), `title.ttf`, `broken.ttf` (no
font), `song.lrc`, `song.srt` and `empty.lrc`.
Bad sound: `empty.mp3`, `many.wav` (65,535 channels), `hours.flac` (five), `cut.wav` (2 s of 4),
`faulty.wav` (100 samples that are no numbers), `hum.wav` (one tone, no beats) and `silent.wav`.
`film.audio.lock` knows `old.ogg` as it was, `part.ogg` without what was heard, and `gone.ogg`.
"""

from __future__ import annotations

import io
import json
import struct
import tempfile
from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

LOOKS = """\
let pulse_depth = 0.2
def pump(x, amount = 0.2) = 1 + amount * x
template shake(amount = 1deg) { roll += noise(2hz) * amount }
"""
LABELS = "0.0\t0.0\tintro\n1.0\t1.0\tdrop\n3.0\t3.0\toutro\n"
DATA = "time,level,heat\n0,0.0,10\n1,0.5,20\n2,1.0,15\n3,0.25,12\n4,0.0,10\n"


def stage(folder: Path) -> None:
    """Puts every file into a folder; what lies there under the same names is replaced."""
    for name, content in staged().items():
        (folder / name).write_bytes(content)


@cache
def staged() -> Mapping[str, bytes]:
    """The bytes of every file by name, the same in every run."""
    return MappingProxyType(
        {
            "song.ogg": _song(),
            "voice.ogg": _voice(),
            "photo.png": _picture(96, 64, "RGB"),
            "sky.png": _picture(64, 64, "RGB"),
            "mask.png": _picture(64, 64, "L"),
            "clip.mp4": _clip(),
            "labels.txt": LABELS.encode(),
            "moved.txt": b"0.0\t0.0\tintro\n1.5\t2.0\tdrop\n2.5\t2.5\tsolo\n",
            "song.mid": _midi(),
            "clip.mid": _midi(tempo=b""),
            "data.csv": DATA.encode(),
            "back.csv": b"time,level,word\n0,0,low\n2,1,high\n1,0.5,middle\n1,0.75,middle\n",
            "looks.anim": LOOKS.encode(),
            "grain.safetensors": _lora(),
            "model.safetensors": _weights(weight=(1, 4)),
            "soft.safetensors": _weights(emb_params=(1, 128)),
            "neon.safetensors": _lora(ss_base_model_version="sdxl_base_v1-0"),
            "ink.safetensors": _lora(
                **{"ss_base_model_version": "postcard", "modelspec.trigger_phrase": "ink lines"}
            ),
            "warm.cube": _colour_table(),
            "broken.cube": b"LUT_3D_SIZE 2\n0 0 0\n1 0\n",
            "title.ttf": _font(),
            "broken.ttf": b"no font at all",
            "song.lrc": b"[00:00.50]first line\n[00:01.00]second line\n[00:01.75]\n",
            "song.srt": b"1\n00:00:00,500 --> 00:00:01,000\nfirst line\n",
            "empty.lrc": b"no line of this has a time\n",
            "empty.mp3": b"",
            "many.wav": _wav(65_535, 0, bytes(64)),
            "hours.flac": _flac_header(5 * 3600 * 44_100),
            "cut.wav": _wav(1, 4 * 8000 * 4, _tone()),
            "faulty.wav": _wav(1, 2 * 8000 * 4, b"\x00\x00\xc0\x7f" * 100 + _tone()[400:]),
            "hum.wav": _wav(1, 2 * 8000 * 4, _tone()),
            "old.ogg": _voice(),
            "part.ogg": _voice(),
            "film.audio.lock": _lock(),
            "silent.wav": _wav(1, 2 * 8000 * 4, bytes(2 * 8000 * 4)),
        }
    )


def _song() -> bytes:
    """A rock beat whose first beat is at 0."""
    from tests.compiler.audio_tracks import drums

    samples, _ = drums(120.0, 4.0, "rock", start=0.0)
    return _ogg(samples)


@cache
def _voice() -> bytes:
    """Two seconds of syllables: a tone with overtones, four times louder and softer a second."""
    import numpy as np

    time = np.arange(2 * 44_100) / 44_100
    tone = sum(np.sin(2 * np.pi * 180 * k * time) / k for k in range(1, 8))
    return _ogg(0.2 * tone * (0.5 - 0.5 * np.cos(2 * np.pi * 4 * time)))


def _lock() -> bytes:
    """A lock of three tracks in which nothing was heard."""
    digests = {"old.ogg": "0" * 64, "gone.ogg": "1" * 64, "part.ogg": sha256(_voice()).hexdigest()}
    tracks = {name: {"sha256": digest, "seconds": "2", "groups": {}} for name, digest in digests.items()}
    return json.dumps({"format": 1, "tracks": tracks}).encode()


def _tone() -> bytes:
    """Two seconds of 100 Hz at 8000 samples a second, float32."""
    import numpy as np

    return (0.5 * np.sin(2 * np.pi * 100 * np.arange(16_000) / 8000)).astype("<f4").tobytes()


def _wav(channels: int, claimed: int, samples: bytes) -> bytes:
    """A WAV of float32 samples, 8000 a second, whose header claims so many bytes of them."""
    shape = struct.pack("<HHIIHH", 3, channels, 8000, 32_000, min(4 * channels, 65_535), 32)
    head = b"WAVEfmt " + struct.pack("<I", 16) + shape + b"data" + struct.pack("<I", claimed)
    return b"RIFF" + struct.pack("<I", len(head) + claimed) + head + samples


def _flac_header(samples: int) -> bytes:
    """The beginning of a FLAC file, stereo at 44100, that says how many samples it has."""
    bits = 44_100 << 44 | 1 << 41 | 15 << 36 | samples
    info = struct.pack(">HH", 4096, 4096) + bytes(6) + bits.to_bytes(8, "big") + bytes(16)
    return b"fLaC" + b"\x80" + len(info).to_bytes(3, "big") + info


def _ogg(samples: object) -> bytes:
    import numpy as np
    from tools.media.ogg import write_ogg

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sound.ogg"
        write_ogg(path, np.stack([np.asarray(samples)] * 2, axis=1) * 0.8, quality=0.1)
        return path.read_bytes()


def _picture(width: int, height: int, mode: str) -> bytes:
    """A slope of brightness from corner to corner, in one colour a channel."""
    import numpy as np
    from PIL import Image

    y, x = np.mgrid[0:height, 0:width]
    slope = (x / width + y / height) / 2
    channels = [slope, 1 - slope, x / width] if mode == "RGB" else [slope]
    pixels = (np.stack(channels, axis=-1) * 255).astype(np.uint8)
    out = io.BytesIO()
    Image.fromarray(pixels if mode == "RGB" else pixels[..., 0], mode).save(out, "PNG")
    return out.getvalue()


def _clip() -> bytes:
    """Twelve frames at 12 a second: a bright bar that moves to the right."""
    import av
    import numpy as np

    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as container:
        stream = container.add_stream("mpeg4", rate=Fraction(12))
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for number in range(12):
            pixels = np.full((48, 64, 3), 40, np.uint8)
            pixels[:, 4 * number : 4 * number + 12] = (220, 180, 60)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        container.mux(stream.encode())
    return out.getvalue()


def _midi(tempo: bytes = b"\x00\xff\x51\x03" + (500_000).to_bytes(3, "big")) -> bytes:
    """A standard MIDI file, format 0, 480 ticks a beat at 120 bpm: a note on each of eight beats."""
    events = tempo
    for beat in range(8):
        note = 60 + beat % 4
        # 240 ticks as a variable-length quantity are 81 70
        events += (b"\x00" if beat == 0 else b"\x81\x70") + bytes((0x90, note, 100))
        events += b"\x81\x70" + bytes((0x80, note, 0))
    events += b"\x00\xff\x2f\x00"
    return b"MThd" + struct.pack(">IHHH", 6, 0, 1, 480) + b"MTrk" + struct.pack(">I", len(events)) + events


def _colour_table() -> bytes:
    """A `.cube` table of two steps a channel, red first, that makes pictures a little warmer."""
    rows = [f"{r} {g} {b * 0.9}" for b in (0, 1) for g in (0, 1) for r in (0, 1)]
    return "\n".join(['TITLE "warm"', "LUT_3D_SIZE 2", *rows, ""]).encode()


def _font() -> bytes:
    """The font that Pillow carries with it."""
    from PIL import ImageFont

    font = ImageFont.load_default(12)
    assert isinstance(font, ImageFont.FreeTypeFont)
    assert isinstance(font.path, io.BytesIO)
    return font.path.getvalue()


def _weights(**tensors: tuple[int, int]) -> bytes:
    """A safetensors file of float32 tensors of those shapes, all 0."""
    header: dict[str, object] = {}
    at = 0
    for name, (rows, columns) in tensors.items():
        end = at + 4 * rows * columns
        header[name] = {"dtype": "F32", "shape": [rows, columns], "data_offsets": [at, end]}
        at = end
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + bytes(at)


def _lora(**told: str) -> bytes:
    """A LoRA of one layer, rank 1: a safetensors file of two float32 tensors; `told` is what it says."""
    layer = "lora_unet_down_blocks_0_attentions_0_proj_in"
    header = {
        "__metadata__": {"format": "pt", **told},
        f"{layer}.lora_down.weight": {"dtype": "F32", "shape": [1, 4], "data_offsets": [0, 16]},
        f"{layer}.lora_up.weight": {"dtype": "F32", "shape": [4, 1], "data_offsets": [16, 32]},
    }
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + struct.pack("<8f", *([0.01] * 8))
