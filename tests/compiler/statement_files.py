"""Small files for films about pictures and models, and the words to check such films with."""

from __future__ import annotations

import io
from fractions import Fraction
from functools import cache
from pathlib import Path

import av
import numpy as np
import soundfile
from PIL import Image
from tests.compiler.film_texts import checked
from tests.staging import staged

from anim_compiler.film import Film, Shot
from anim_dsl.diagnostic import Diagnostic

#: what is said of films as short as these: names that nothing reads, controls whose ControlNet nobody named,
#: embeddings that no prompt says
LOOSE = frozenset({"W6001", "W6171", "W6173"})

BASE = 'length = 4s\nprompt { 0s: "a" }\n'
MEDIA = 'image photo = "photo.png"\nimage sky = "sky.png"\nvideo clip = "clip.mp4" { loop = on }\n'


def stage(folder: Path) -> Path:
    """Puts the files into a folder: `photo.png sky.png mask.png clip.mp4 song.ogg grain.safetensors …`."""
    for name in ("photo.png", "sky.png", "mask.png"):
        Image.new("RGB", (32, 24), (80, 90, 100)).save(folder / name)
    (folder / "clip.mp4").write_bytes(_clip())
    soundfile.write(folder / "song.ogg", np.zeros(4 * 8000, np.float32), 8000)
    for name in (
        "grain.safetensors",
        "soft.safetensors",
        "model.safetensors",
        "title.ttf",
        "broken.ttf",
        "song.lrc",
        "song.srt",
        "empty.lrc",
    ):
        (folder / name).write_bytes(staged()[name])
    (folder / "warm.cube").write_text("LUT_3D_SIZE 2\n" + "0.5 0.5 0.5\n" * 8, encoding="utf-8")
    (folder / "grain.ckpt").write_text("no weights", encoding="utf-8")
    (folder / "labels.txt").write_text("0.0\t0.0\tintro\n1.0\t1.0\tdrop\n", encoding="utf-8")
    (folder / "data.csv").write_text("time,level\n0,0\n1,1\n", encoding="utf-8")
    (folder / "song.mid").write_bytes(b"MThd\0\0\0\6\0\0\0\1\1\xe0MTrk\0\0\0\4\0\xff\x2f\0")
    return folder


@cache
def _clip() -> bytes:
    """One second of video: twelve frames of 64 by 48."""
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as container:
        stream = container.add_stream("mpeg4", rate=Fraction(12))
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for number in range(12):
            pixels = np.full((48, 64, 3), 16 * number, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        container.mux(stream.encode())
    return out.getvalue()


def mistakes(text: str, folder: Path) -> list[Diagnostic]:
    """What is wrong with a film, but for what is loose in all of them."""
    return [d for d in checked(text, folder)[1] if d.code not in LOOSE - {"W6001"}]


def clean(text: str, folder: Path) -> Film:
    """The film of a text that has nothing wrong with it, though not all of its media may be used."""
    film, found = checked(text, folder)
    wrong = [f"{d.code} {d.message}" for d in found if d.code not in LOOSE]
    assert not wrong, wrong
    assert film is not None
    return film


def shot(text: str, folder: Path) -> Shot:
    """The first shot of a film that has nothing wrong with it."""
    return clean(text, folder).shots[0]
