"""The output alone: stored 16-bit frames to a video, ours and as it is done without us.

Ours converts each stored frame once and encodes it on a thread of its own, then opens the file again and
counts its frames. The peer saves an 8-bit PNG a frame by Pillow, reads those files again and encodes them
with PyAV as its manual shows it. Both encode H.264 with the same preset and rate factor on one thread.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any
from unittest import mock

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from anim_runtime.encode import encode_video
from anim_runtime.encode.levels import to_8_bit
from bench.picture_case import Case
from bench.picture_chain import picture

FRAMES = 12
#: both spend most of ours on x264 itself, half of it at 1024×1024: the rest of the peer's are its PNGs
WANTED, WANTED_PNG = 3.5, 4.0


@dataclass(frozen=True, slots=True)
class Film:
    """Frames that pan over one picture, 16 bits, and where both write."""

    frames: tuple[NDArray[np.uint16], ...]
    side: int

    def ours(self) -> NDArray[np.uint8]:
        """Our encoder; the middle frame as OpenCV reads it, uint8 `[side,side,3]`, RGB."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "out.mp4"
            _on_one_thread(
                lambda: encode_video(
                    iter(self.frames), path, fps=Fraction(24), width=self.side, height=self.side
                )
            )
            return _middle(path)

    def peer(self) -> NDArray[np.uint8]:
        """PNGs by Pillow, then a video of them; the same."""
        from PIL import Image

        folder = Path(tempfile.mkdtemp())
        try:
            for number, frame in enumerate(self.frames):
                Image.fromarray((frame >> 8).astype(np.uint8)).save(folder / f"{number:05}.png")
            path = folder / "out.mp4"
            with av.open(str(path), "w") as container:
                # Any: PyAV types streams by the codec's name
                stream: Any = container.add_stream("libx264", rate=24, options={"crf": "17"})
                stream.width = stream.height = self.side
                stream.pix_fmt = "yuv420p"
                stream.codec_context.thread_count = 1
                for file in sorted(folder.glob("*.png")):
                    pixels = np.asarray(Image.open(file))
                    container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
                container.mux(stream.encode(None))
            return _middle(path)
        finally:
            shutil.rmtree(folder)

    def pngs(self) -> NDArray[np.uint8]:
        """Our sequence of 8-bit PNGs; the middle one."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "{frame}.png"
            encode_video(iter(self.frames), path, fps=Fraction(24), width=self.side, height=self.side)
            return _read(Path(folder) / f"{FRAMES // 2}.png")

    def plain_pngs(self) -> NDArray[np.uint8]:
        """Pillow's sequence; the middle one."""
        from PIL import Image

        with tempfile.TemporaryDirectory() as folder:
            for number, frame in enumerate(self.frames):
                Image.fromarray(to_8_bit(frame)).save(Path(folder) / f"{number}.png")
            return _read(Path(folder) / f"{FRAMES // 2}.png")


def cases(side: int) -> Iterator[Case]:
    """A video, and a sequence of pictures, at a size."""
    large = picture(side + FRAMES).astype(np.uint16) * 257
    frames = tuple(np.ascontiguousarray(large[shift : shift + side, :side]) for shift in range(FRAMES))
    film = Film(frames, side)
    yield Case(f"output of {FRAMES} frames to mp4", film.ours, film.peer, WANTED, _alike)
    yield Case(f"output of {FRAMES} frames as png", film.pngs, film.plain_pngs, WANTED_PNG, _equal)


def _on_one_thread(work: Callable[[], object]) -> None:
    """Runs it with encoders of one thread, as the peer's."""
    with mock.patch("anim_runtime.encode.mux.THREADS", 1):
        work()


def _middle(path: Path) -> NDArray[np.uint8]:
    reader = cv2.VideoCapture(str(path))
    for _ in range(FRAMES // 2):
        reader.read()
    found, frame = reader.read()
    assert found, path
    return np.asarray(frame[..., ::-1], np.uint8)


def _read(path: Path) -> NDArray[np.uint8]:
    frame = cv2.imread(str(path))
    assert frame is not None, path
    return np.asarray(frame[..., ::-1], np.uint8)


def _alike(ours: object, peer: object) -> str:
    """How near both are to each other; the peer's colours are converted by BT.601 and tagged as nothing."""
    off = np.abs(np.asarray(ours, float) - np.asarray(peer, float)).mean()
    assert off < 12.0, f"{off:.1f} levels apart"
    return f"mean {off:.2f} levels apart"


def _equal(ours: object, peer: object) -> str:
    assert np.array_equal(np.asarray(ours), np.asarray(peer)), "the pictures differ"
    return "equal"
