"""What the passes make of a film shows the same pictures as the film as it is written."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image
from tests.compiler.film_texts import OPTIONS, checked
from tests.compiler.passes.graphs import facts
from tests.runtime.random_films import film_text

from anim_compiler.compile import compile_film, staged
from anim_compiler.film import Film
from anim_compiler.frame_table import frame_table
from anim_compiler.graph import Product, topological
from anim_compiler.passes import PASSES, PLAIN, Pass, batch
from anim_compiler.text import graph_text
from anim_compiler.verify import verify
from anim_compiler.world import World
from anim_runtime.diffusion.engine import fingerprint
from anim_runtime.diffusion.setup import setup_of
from anim_runtime.digests import environment, store_key
from anim_runtime.frames import Frames
from anim_runtime.job import Job, Tally
from anim_runtime.store import Store

AGAIN = settings(
    max_examples=12, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.filter_too_much]
)


def photo(folder: Path) -> None:
    """A picture with edges, gradients and grain."""
    y, x = np.mgrid[0:32, 0:48] / 32.0
    waves = np.stack([np.sin(9 * x) * 0.4 + 0.5, x * 0.6, (np.hypot(x - 0.7, y - 0.5) < 0.3) * 0.7 + 0.1], -1)
    noise = np.random.default_rng(3).normal(0, 0.03, waves.shape)
    Image.fromarray(((waves + noise).clip(0, 1) * 255).astype(np.uint8)).save(folder / "photo.png")


def opened(text: str, folder: Path) -> Film | None:
    photo(folder)
    return checked(text, folder)[0]


Pictures = tuple[NDArray[np.uint16], ...]


def rendered(film: Film, folder: Path, passes: Sequence[Pass]) -> tuple[Pictures, Pictures]:
    """What is carried at every row of a film, and what is shown of it at every frame."""
    made = compile_film(film, World(folder, folder), OPTIONS, passes)
    assert made.plan is not None, [found.message for found in made.diagnostics]
    with TemporaryDirectory() as cache:
        job = Job(made.plan, made.columns, folder, folder, Path(cache), "cpu", lambda _: None, lambda: False)
        frames = Frames(job, Tally())
        frames.make()
        where = environment(fingerprint(setup_of(made.plan), torch.device("cpu")), "cpu")
        keys = [store_key(recipe, where) for recipe in frame_table(made.plan, made.columns).recipes]
        carries = tuple(picture for key in keys if (picture := Store(Path(cache)).get(key)) is not None)
        assert len(carries) == made.plan.made
        return carries, tuple(frames.shown(f) for f in range(made.plan.frames))


def same(one: tuple[Pictures, Pictures], other: tuple[Pictures, Pictures]) -> None:
    for what, mine, theirs in zip(("carried", "shown"), one, other, strict=True):
        for row, (a, b) in enumerate(zip(mine, theirs, strict=True)):
            assert np.array_equal(a, b), (
                f"what is {what} at row {row} differs by {np.abs(a.astype(int) - b).max()}"
            )


@AGAIN
@given(st.randoms(use_true_random=False))
def test_optimised_films_show_the_same_pictures(rng: Random) -> None:
    """Bit for bit, but for two warps that became one."""
    with TemporaryDirectory() as here:
        folder = Path(here)
        film = opened(film_text(rng), folder)
        assume(film is not None)
        assert film is not None
        assume(not fuses_warps(film, folder))
        same(rendered(film, folder, PLAIN), rendered(film, folder, PASSES))


@pytest.mark.parametrize("step", PASSES[len(PLAIN) :], ids=lambda step: step.__name__)
@settings(AGAIN, max_examples=4)
@given(rng=st.randoms(use_true_random=False))
def test_each_pass_alone_shows_the_same_pictures(step: Pass, rng: Random) -> None:
    with TemporaryDirectory() as here:
        folder = Path(here)
        film = opened(film_text(rng), folder)
        assume(film is not None)
        assert film is not None
        assume(step.__name__ != "fuse" or not fuses_warps(film, folder))
        same(rendered(film, folder, PLAIN), rendered(film, folder, (*PLAIN, step)))


@settings(AGAIN, max_examples=30)
@given(st.randoms(use_true_random=False))
def test_every_pass_leaves_a_whole_graph_and_twice_is_once(rng: Random) -> None:
    with TemporaryDirectory() as here:
        folder = Path(here)
        film = opened(film_text(rng), folder)
        assume(film is not None)
        assert film is not None
        made = staged(film, World(folder, folder), OPTIONS)
        stages = dict(made.graphs)
        for step in PASSES:
            once = stages[step.__name__]
            assert verify(once) == (), step.__name__
            # how many free frames go together is a matter of the shots, which these facts do not hold
            if step not in (*PLAIN, batch):
                again = graph_text(step(once, facts()), places=True)
                assert again == graph_text(once, places=True), step.__name__


TURNING = """
size = 48x32; fps = 8; length = 6f; model = "null"
prompt { 0s: "a lake" }
camera 2d { zoom = 0s: 1, 1s: 1.04 }
diffuse { steps = 10; strength = 0.2 }
pipeline {
  turned = transform(previous, angle = 3deg * sine(0.5s))
  moved  = warp(turned, camera)
  carry  = diffuse(moved)
  frame  = carry
}
"""


def test_fused_warps_are_inside_the_picture_what_two_warps_are(tmp_path: Path) -> None:
    """40 dB, as `tests/runtime/test_fused_warps.py` measures it for the warps alone."""
    film = opened(TURNING, tmp_path)
    assert film is not None
    assert fuses_warps(film, tmp_path)
    plain, fused = (rendered(film, tmp_path, passes)[1] for passes in (PLAIN, PASSES))
    for one, other in zip(plain, fused, strict=True):
        error = (one.astype(float) - other)[8:-8, 12:-12] / 65535
        assert np.square(error).mean() < 10**-4


def fuses_warps(film: Film, folder: Path) -> bool:
    graph = staged(film, World(folder, folder), OPTIONS).graphs[-1][1]
    return any(
        isinstance(value, Product)
        for template in graph.templates.values()
        for node in topological(template.results)
        for _, value in node.args
    )
