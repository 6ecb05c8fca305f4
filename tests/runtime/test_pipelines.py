"""Pipelines from text to stored pictures: the order in which they are written is the order they run in."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from itertools import combinations, pairwise, permutations
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from tests.compiler.film_texts import film_of
from tests.compiler.graph_films import FILMS
from tests.runtime.running import run
from tests.staging import stage

from anim_compiler.compile import CompileOptions, compile_film
from anim_compiler.passes import PASSES, PLAIN, Pass
from anim_compiler.plan import Columns, Plan
from anim_compiler.world import World
from anim_runtime.arriving import host_picture
from anim_runtime.carries import quantised, restored
from anim_runtime.events import Event
from anim_runtime.frames import Frames
from anim_runtime.job import Job, Tally
from anim_runtime.ops import KERNELS
from anim_runtime.ops.kernel import FrameContext
from anim_runtime.session import render

Pictures = NDArray[np.uint16]

HEAD = (
    'size = 48x32; fps = 8; length = 1s; seed = 3; model = "null"\nprompt { 0s: "a lake" }\n'
    "diffuse { steps = 10; strength = 0.4 }\ncamera 2d { zoom = 1.4 per s; angle = 20deg * u }\n"
)
STEPS: Mapping[str, str] = {
    "noise": "add_noise({}, 10%)",
    "warp": "warp({}, camera)",
    "diffuse": "diffuse({})",
}
OPS = {"noise": "add_noise", "warp": "warp2d"}


def compiled(text: str, home: Path, passes: Sequence[Pass] = PASSES) -> tuple[Plan, Columns]:
    made = compile_film(film_of(text, home), World(home, home), CompileOptions(), passes)
    assert made.plan is not None, made.diagnostics
    return made.plan.model_copy(update={"outputs": ()}), made.columns


def pictures(film: tuple[Plan, Columns], home: Path) -> Pictures:
    """What is shown at every frame, made anew: uint16 `[frames,H,W,3]`."""
    with tempfile.TemporaryDirectory() as cache:
        here = Path(cache)
        done = render(
            *film, root=home, folder=here, cache=here, device="cpu", emit=_ignored, should_stop=lambda: False
        )
        assert done.exit_code == 0, done.message
        assert done.reused == 0
        frames = Frames(Job(*film, home, here, here, "cpu", _ignored, lambda: False), Tally())
        return np.stack([frames.shown(f) for f in range(film[0].frames)])


def _ignored(event: Event) -> None:
    """Nothing is said of these renders."""


def written(order: Sequence[str]) -> str:
    """A pipeline of the three steps in that order."""
    picture = "previous"
    for name in order:
        picture = STEPS[name].format(picture)
    return f"{HEAD}pipeline {{ frame = {picture} }}"


def by_hand(order: Sequence[str], drawn: Pictures, columns: Columns) -> Pictures:
    """The same frames by calling the kernels one after the other.

    The model of these tests goes from a picture towards what it draws from noise (`drawn`), by `strength`.
    In the first frame there is no picture before: it is drawn, and what is written behind that is done.
    """
    shown: list[NDArray[np.uint16]] = []
    carry = _picture(drawn[0])
    for f in range(len(drawn)):
        frame = FrameContext(f, 48, 32, torch.device("cpu"), f)
        for name in order if f else order[order.index("diffuse") + 1 :]:
            args = {
                "noise": {"amount": 0.1, "seed": 3.0 + f, "type": "gaussian"},
                "warp": {"move": columns["camera.from_previous"][f], "border": "reflect"},
            }
            if name == "diffuse":
                carry = torch.lerp(carry, _picture(drawn[f]), 0.4)
            else:
                carry = KERNELS[OPS[name]]([carry], args[name], frame)
        levels = quantised(carry)
        shown.append(host_picture(levels))
        carry = restored(levels)
    return np.stack(shown)


def _picture(stored: NDArray[np.uint16]) -> torch.Tensor:
    """A stored picture as the kernels take it: float32 `[1,3,H,W]`, 0..1."""
    return torch.from_numpy(stored.astype(np.float32) / 65535).permute(2, 0, 1).unsqueeze(0)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("films")
    stage(folder)
    return folder


@pytest.fixture(scope="module")
def drawn(home: Path) -> Pictures:
    """What the model draws from noise alone at each frame."""
    return pictures(compiled(f"{HEAD}pipeline {{ frame = generate() }}", home), home)


ORDERS = list(permutations(STEPS))


@pytest.mark.parametrize("order", ORDERS, ids=" ".join)
def test_a_pipeline_runs_in_the_order_in_which_it_is_written(
    order: tuple[str, ...], drawn: Pictures, home: Path
) -> None:
    film = compiled(written(order), home)
    whole = compiled(written(("warp", "noise", "diffuse")), home)
    found = pictures(film, home).astype(np.int64)
    # what the model draws is known at 16 bits here, and each frame builds on the one before
    assert np.abs(found - by_hand(order, drawn, whole[1])).max() <= 12


def test_every_order_is_another_film(home: Path) -> None:
    shown = [pictures(compiled(written(order), home), home).astype(np.int64) for order in ORDERS]
    for one, other in combinations(shown, 2):
        assert np.abs(one[1:] - other[1:]).mean() > 100


def test_the_standard_order_is_the_one_of_its_file(home: Path) -> None:
    """The standard pipeline without the steps that these settings leave out, written as a block."""
    plain = f"{HEAD}coherence.noise = 10%"
    own = written(("warp", "noise", "diffuse"))
    assert np.array_equal(pictures(compiled(plain, home), home), pictures(compiled(own, home), home))


def test_equal_orders_are_one_film_in_the_store(home: Path, tmp_path: Path) -> None:
    """A pipeline written out is the standard one: nothing is rendered again."""
    stage(tmp_path)
    run(compiled(f"{HEAD}coherence.noise = 10%", tmp_path), tmp_path)
    done, _ = run(compiled(written(("warp", "noise", "diffuse")), tmp_path), tmp_path)
    assert (done.reused, done.made) == (8, 0)


def test_a_diffused_frame_is_shown_at_its_own_time(home: Path) -> None:
    """Frames from noise alone are the same with a cadence and without, where they are diffused."""
    text = f"{HEAD}diffuse.seed_mode = fixed\n"
    text = text.replace("length = 1s", "length = 2s").replace('"a lake"', '"a lake"; 1.3s: "a wood"')
    every = pictures(compiled(f"{text}pipeline {{ frame = generate() }}", home), home)
    some = pictures(compiled(f"{text}coherence.cadence = 4\npipeline {{ frame = generate() }}", home), home)
    asked = [0, 4, 8, 11, 12, 15]
    assert np.array_equal(every[asked], some[asked])
    for before, after in pairwise(asked):
        for f in range(before + 1, after):
            share = (f - before) / (after - before)
            mixed = every[before] * (1 - share) + every[after] * share
            assert np.abs(some[f] - mixed).max() <= 2


@pytest.mark.parametrize("film", FILMS, ids=lambda path: path.stem)
def test_passes_change_no_picture(film: Path, home: Path) -> None:
    """Warps that became one are looked up once instead of twice, which is the most that may differ."""
    text = f'model = "null"\n{film.read_text(encoding="utf-8")}'
    quick, plain = (
        pictures(compiled(text, home, passes), home).astype(np.int64) for passes in (PASSES, PLAIN)
    )
    difference = np.abs(quick - plain)
    assert difference.mean() < (600 if film.stem == "several-warps" else 1.0)
