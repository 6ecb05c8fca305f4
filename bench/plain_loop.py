"""One film made by the plain loop that people write, and by a whole render of ours: what is compared."""

from __future__ import annotations

import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

PROMPT, NEGATIVE = "a mountain lake at golden hour, oil painting", "fog"
#: degrees and factor of the warp a frame
ANGLE, ZOOM = 0.5, 1.01
FILM = """\
fps = 24
length = {frames}f
size = {width}x{height}
seed = 7
{model}{init}prompt {{ 0s: "{prompt}"; negative = "{negative}" }}
camera 2d {{ motion = per_frame; angle = {angle}deg; zoom = {zoom} }}
diffuse {{ sampler = "{sampler}"; strength = {strength}; steps = {steps}; cfg_scale = {cfg} }}
diffuse.batch = {batch}
coherence {{ color = lab; cadence = 1 }}
"""
INIT = 'image first = "first.png"\ninit = first\n'

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Case:
    """A film: its size in px, its frames, and how each is drawn. `strength` 1 is from noise alone."""

    width: int
    height: int
    frames: int
    steps: int
    strength: float
    cfg: float
    sampler: str = "DDIM"
    batch: int = 1
    #: folders below the film's; without one it is the built-in model
    model: str = ""
    vae: str = ""

    @property
    def film(self) -> str:
        """Its text."""
        return FILM.format(
            frames=self.frames,
            width=self.width,
            height=self.height,
            model="".join(f'{word} = "{told}"\n' for word, told in self._models if told),
            init=INIT if self.strength < 1.0 else "",
            prompt=PROMPT,
            negative=NEGATIVE,
            angle=ANGLE,
            zoom=ZOOM,
            sampler=self.sampler,
            strength=self.strength,
            steps=self.steps,
            cfg=self.cfg,
            batch=self.batch,
        )

    @property
    def _models(self) -> tuple[tuple[str, str], ...]:
        return (("model", self.model), ("vae", self.vae))

    @property
    def first(self) -> Pixels:
        """The picture that it begins from, soft shapes: uint8 `[height,width,3]`."""
        coarse = np.random.default_rng(5).random((8, 12, 3), np.float32)
        wide = cv2.resize(coarse, (self.width, self.height), interpolation=cv2.INTER_CUBIC)
        return np.asarray((np.clip(wide, 0.0, 1.0) * 255.0).round(), np.uint8)


def plain(pipeline: Any, case: Case, folder: Path, skip: int = 0) -> float:
    """Seconds that the plain loop takes after `skip` frames: PIL pictures into diffusers' image-to-image
    pipeline and out of it, a cv2 warp and skimage's match of histograms between, a PNG a frame. diffusers is
    untyped, hence Any.
    """
    import torch
    from PIL import Image
    from skimage.exposure import match_histograms

    middle = (case.width / 2, case.height / 2)
    move = cv2.getRotationMatrix2D(middle, ANGLE, ZOOM)
    start = time.perf_counter()
    picture = Image.fromarray(case.first)
    first = np.asarray(picture)
    for frame in range(case.frames):
        if frame == skip:
            start = time.perf_counter()
        pixels = np.asarray(picture)
        moved = cv2.warpAffine(pixels, move, (case.width, case.height), borderMode=cv2.BORDER_REFLECT_101)
        held = match_histograms(moved, first, channel_axis=2).astype(np.uint8)
        picture = pipeline(
            prompt=PROMPT,
            negative_prompt=NEGATIVE,
            image=Image.fromarray(held),
            strength=case.strength,
            num_inference_steps=case.steps,
            guidance_scale=case.cfg,
            generator=torch.Generator().manual_seed(7 + frame),
        ).images[0]
        picture.save(folder / f"{frame:05}.png")
    return time.perf_counter() - start


@dataclass(frozen=True, slots=True)
class Ours:
    """A render without loading its model, which takes `model` seconds: `seconds` is all the rest, `steady`
    what the frames behind the first ones take, `spent` by stage what is spent for these.
    """

    seconds: float
    steady: float
    model: float
    spent: dict[str, float]


class _Heard:
    """When each frame was begun, what it took, and when the last one was done."""

    def __init__(self) -> None:
        self.begun: list[float] = []
        self.done = 0.0
        self.rows: list[dict[str, float]] = []
        self.model = 0.0

    def __call__(self, event: Any) -> None:
        """Takes an event of a render."""
        if event.kind == "frame_started":
            self.begun.append(time.perf_counter())
        if event.kind == "frame_done":
            self.done = time.perf_counter()
            self.rows.append(event.spent)
        if event.kind == "finished":
            self.model = event.spent.get("model", 0.0)


def ours(case: Case, folder: Path, device: str = "cpu", skip: int = 0) -> Ours:
    """A whole render of the case's film: loop, store and journal."""
    from anim_compiler.compile import CompileOptions, compile_film
    from anim_runtime.models.library import Located, digest, locate
    from anim_runtime.session import render
    from anim_studio.cli.load import load

    cv2.imwrite(str(folder / "first.png"), case.first[..., ::-1])
    path = folder / "bench.anim"
    path.write_text(case.film, encoding="utf-8")
    loaded = load(path, folder / "cache")
    model = locate("postcard")
    if loaded.film is None or not isinstance(model, Located):
        sys.exit("\n".join(d.message for d in loaded.diagnostics) or "the built-in model is missing")
    # of random weights nobody wants to know whether they are the same
    sha256 = digest(model) if not case.model else ""
    compiled = compile_film(loaded.film, loaded.world, CompileOptions(model_sha256=lambda reference: sha256))
    if compiled.plan is None:
        sys.exit("\n".join(d.message for d in compiled.diagnostics))
    heard = _Heard()
    with tempfile.TemporaryDirectory(prefix="anim-bench-cache-") as cache:
        start = time.perf_counter()
        done = render(
            compiled.plan,
            compiled.columns,
            root=folder,
            folder=folder,
            cache=Path(cache),
            device=device,
            emit=heard,
            should_stop=lambda: False,
            outputs=(),
        )
        taken = time.perf_counter() - start
    if done.exit_code:
        sys.exit(done.message)
    begun = heard.begun[skip] if skip else start + heard.model
    spent: dict[str, float] = {}
    for row in heard.rows[skip:]:
        for stage, seconds in row.items():
            spent[stage] = spent.get(stage, 0.0) + seconds
    return Ours(taken - heard.model, heard.done - begun, heard.model, spent)
