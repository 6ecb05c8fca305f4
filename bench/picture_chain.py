"""A whole frame of a 2d film but for the model, ours and as it is done without us, fed back frame by frame.

Both move the picture, hold its colours to the first frame's (LAB histogram), lift its contrast, sharpen it,
add Perlin noise, keep the picture and write a video of all of them. The peer works in 8 bits with OpenCV,
scikit-image and torch, saves one PNG a frame by Pillow and encodes those files at the end; we work in float,
keep 16 bits in the store and encode from there. Both encode H.264 with the same settings.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from anim_runtime.encode import encode_video
from anim_runtime.encode.levels import to_8_bit
from anim_runtime.ops import KERNELS, FrameContext
from anim_runtime.ops.kernel import Argument
from anim_runtime.pictures import from_u16, to_u16
from anim_runtime.store import Store
from bench.picture_case import Case

Pixels = NDArray[np.uint8]

FRAMES = 8
ZOOM, ANGLE, SHIFT = 1.01, 0.5, 3.0
CONTRAST, SHARPEN, NOISE = 1.02, 0.2, 0.03


def picture(side: int) -> Pixels:
    """Soft shapes with fine grain, as a photo has: uint8 `[side,side,3]`, RGB."""
    drawn = np.random.default_rng(5)
    coarse = cv2.resize(drawn.random((12, 12, 3), np.float32), (side, side), interpolation=cv2.INTER_CUBIC)
    grain = drawn.normal(0.0, 0.02, (side, side, 3))
    return np.asarray((np.clip(coarse + grain, 0.0, 1.0) * 255.0).round(), np.uint8)


@dataclass(frozen=True, slots=True)
class Chain:
    """One size of both ways."""

    side: int
    #: scikit-image's `match_histograms`
    matched: Callable[..., NDArray[np.float64]]

    def ours(self) -> Pixels:
        """Our kernels, store and encoder; the last frame, uint8 `[side,side,3]`."""
        with tempfile.TemporaryDirectory() as folder:
            store = Store(Path(folder) / "cache")
            for frame, made in enumerate(self._drawn()):
                store.put(f"{frame:064x}", made)

            def stored() -> Iterator[Pixels]:
                for frame in range(FRAMES):
                    found = store.get(f"{frame:064x}")
                    assert found is not None
                    yield to_8_bit(found)

            path = Path(folder) / "out.mp4"
            encode_video(stored(), path, fps=Fraction(24), width=self.side, height=self.side)
            last = store.get(f"{FRAMES - 1:064x}")
            assert last is not None
            return to_8_bit(last)

    def _drawn(self) -> Iterator[NDArray[np.uint16]]:
        context = FrameContext(0, self.side, self.side, torch.device("cpu"))
        start = from_u16(picture(self.side).astype(np.uint16) * 257)
        stats = KERNELS["color_stats"]([start], {"space": "lab"}, context)
        half = self.side / 2.0
        turn = np.radians(ANGLE)
        cos, sin = np.cos(turn) * ZOOM, np.sin(turn) * ZOOM
        shift = SHIFT / half
        move = np.array([cos, sin, cos * shift, -sin, cos, -sin * shift, 0.0, 0.0, 1.0])
        steps: tuple[tuple[str, dict[str, Argument]], ...] = (
            ("contrast", {"amount": CONTRAST}),
            ("sharpen", {"amount": SHARPEN, "radius": 1.0, "threshold": 0.0}),
            ("add_noise", {"amount": NOISE, "type": "perlin"}),
        )
        now = start
        for frame in range(FRAMES):
            context = FrameContext(frame, self.side, self.side, torch.device("cpu"))
            made = KERNELS["warp2d"]([now], {"move": move, "border": "replicate"}, context)
            made = KERNELS["match_stats"]([made, stats], {"space": "lab"}, context)
            for op, args in steps:
                made = KERNELS[op]([made], {**args, "seed": 7.0}, context)
            kept = to_u16(made)
            yield kept
            now = from_u16(kept)

    def peer(self) -> Pixels:
        """The same by plain means; the last frame, uint8 `[side,side,3]`."""
        from PIL import Image

        folder = Path(tempfile.mkdtemp())
        try:
            first = now = picture(self.side)
            reference = cv2.cvtColor(first, cv2.COLOR_RGB2LAB)
            for frame in range(FRAMES):
                now = self._plain(now, reference, frame)
                Image.fromarray(now).save(folder / f"{frame:05}.png")
            files = sorted(folder.glob("*.png"))
            pictures = (np.asarray(Image.open(file)) for file in files)
            encode_video(pictures, folder / "out.mp4", fps=Fraction(24), width=self.side, height=self.side)
            return now
        finally:
            shutil.rmtree(folder)

    def _plain(self, now: Pixels, reference: Pixels, frame: int) -> Pixels:
        side = self.side
        shift = np.array([[1.0, 0.0, SHIFT], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
        turn = np.vstack([cv2.getRotationMatrix2D((side / 2, side / 2), ANGLE, ZOOM), [0.0, 0.0, 1.0]])
        moved = cv2.warpPerspective(now, turn @ shift, (side, side), borderMode=cv2.BORDER_REPLICATE)
        lab = cv2.cvtColor(moved, cv2.COLOR_RGB2LAB)
        toned = self.matched(lab, reference, channel_axis=-1).astype(np.uint8)
        made = cv2.cvtColor(toned, cv2.COLOR_LAB2RGB)
        made = np.clip((made * CONTRAST).round(), 0, 255).astype(np.uint8)
        blurred = cv2.GaussianBlur(made, (5, 5), 1.0)
        sharp = float(SHARPEN + 1) * made - float(SHARPEN) * blurred
        made = np.clip(sharp, 0, 255).round().astype(np.uint8)
        noise = plain_perlin(side, frame)
        # the noise of three channels, strong where the clouds are
        mixed = made.astype(np.float32) / 255.0 * (1.0 - NOISE) + noise * NOISE
        return np.asarray((np.clip(mixed, 0.0, 1.0) * 255.0).astype(np.uint8))


def plain_perlin(side: int, seed: int) -> NDArray[np.float32]:
    """Gaussian noise under four octaves of Perlin noise, an octave at a time over the whole picture.

    Float32 `[side,side,3]`, about 0..1. The usual way in torch: gradients are tiled over the pixels of their
    cells, four dot products an octave, two interpolations.
    """
    generator = torch.Generator().manual_seed(seed)
    clouds = torch.zeros(side, side)
    for octave in range(4):
        clouds += 0.5**octave * _octave(side, 8 << octave, generator)
    white = torch.randn((3, side, side), generator=generator)
    made = white * ((clouds + 1.0) / 2.0)
    return np.asarray((made * 0.5 + 0.5).permute(1, 2, 0).numpy())


def _octave(side: int, cells: int, generator: torch.Generator) -> torch.Tensor:
    step, every = cells / side, side // cells
    axis = torch.arange(0, cells, step)
    places = torch.stack(torch.meshgrid(axis, axis, indexing="ij"), dim=-1) % 1
    angles = 2.0 * torch.pi * torch.rand(cells + 1, cells + 1, generator=generator)
    slopes = torch.stack((torch.cos(angles), torch.sin(angles)), dim=-1)

    def tiled(rows: slice, columns: slice) -> torch.Tensor:
        return slopes[rows, columns].repeat_interleave(every, 0).repeat_interleave(every, 1)

    def dot(slope: torch.Tensor, shift: tuple[int, int]) -> torch.Tensor:
        way = torch.stack((places[..., 0] + shift[0], places[..., 1] + shift[1]), dim=-1)
        return (way * slope).sum(dim=-1)

    head, tail = slice(0, -1), slice(1, None)
    corners = (
        dot(tiled(head, head), (0, 0)),
        dot(tiled(tail, head), (-1, 0)),
        dot(tiled(head, tail), (0, -1)),
        dot(tiled(tail, tail), (-1, -1)),
    )
    fade = 6 * places**5 - 15 * places**4 + 10 * places**3
    upper = torch.lerp(corners[0], corners[1], fade[..., 0])
    lower = torch.lerp(corners[2], corners[3], fade[..., 0])
    return torch.lerp(upper, lower, fade[..., 1]) * float(2.0**0.5)


def cases(side: int) -> list[Case]:
    """The whole frame at a size, `FRAMES` of them a call; none where scikit-image is not installed."""
    try:
        from skimage.exposure import match_histograms
    except ImportError:
        return []
    chain = Chain(side, match_histograms)
    return [Case(f"whole 2d frame with output, {FRAMES} frames", chain.ours, chain.peer, 8.0, _alike)]


def _alike(ours: object, peer: object) -> str:
    """The noises differ, so only the pictures' large shapes are compared."""
    assert isinstance(ours, np.ndarray)
    assert isinstance(peer, np.ndarray)
    small = [cv2.resize(made, (16, 16), interpolation=cv2.INTER_AREA).astype(float) for made in (ours, peer)]
    apart = float(np.abs(small[0] - small[1]).mean())
    assert apart < 8.0, f"the pictures are {apart:.1f} levels apart"
    return f"large shapes {apart:.1f} levels apart"
