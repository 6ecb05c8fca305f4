"""A reel makes the frames of a plan in any order, the same ones that a render makes."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable, Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from tests.compiler.film_texts import compiled
from tests.runtime.running import objects, run
from torch import Tensor

from anim_compiler.plan import Columns, ModelRef, Plan
from anim_runtime.diffusion.setup import Setup, setup_of
from anim_runtime.ops.depth import Depth
from anim_runtime.ops.kernel import Arguments, FrameContext, Kernel
from anim_runtime.preview.engines import Engines
from anim_runtime.preview.reel import Kept, Reel
from anim_runtime.preview.shelves import IMAGES, LastingShelf, MemoryShelf
from anim_runtime.problems import RenderProblem
from anim_runtime.sources import Image
from anim_runtime.store import Store

FILM = """\
size = 32x24; fps = 8; seed = 3; model = "null"
diffuse { strength = 0.5; steps = 4 }
coherence { color = lab; cadence = 2 }
camera 2d { zoom = 1.2 per s }
grade { exposure = 0.5 }
scene one 1s { prompt { 0s: "a lake" } }
scene two 1s { prompt { 0s: "a city" }; transition = crossfade(500ms) }
"""


class Given(Exception):
    """What ends a drawing."""


def plan_of(text: str) -> tuple[Plan, Columns]:
    made = compiled(text)
    assert made.plan is not None, [d.message for d in made.diagnostics]
    return made.plan, made.columns


def reel(
    made: tuple[Plan, Columns],
    cache: Path,
    shelf: MemoryShelf | LastingShelf | None = None,
    *,
    each_step: Callable[[], None] = lambda: None,
    longest: int = 64,
    kept: Kept | None = None,
) -> Reel:
    engines = Engines("cpu", each_step)
    return Reel(
        *made,
        root=cache,
        cache=cache,
        device="cpu",
        shelf=shelf or MemoryShelf(),
        engines=engines,
        longest=longest,
        kept=kept,
    )


def show(made: Reel, frame: int) -> np.ndarray:
    for needed in made.lacking(frame):
        made.make(needed)
    return made.picture(frame)


def test_frames_in_any_order_are_those_of_a_render(tmp_path: Path) -> None:
    made = plan_of(FILM)
    run(made, tmp_path / "render")
    rendered = objects(tmp_path / "render")
    shelf = LastingShelf(Store(tmp_path / "preview"))
    strip = reel(made, tmp_path / "preview", shelf)
    for frame in (9, 3, 15, 0, 1, 2, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14):
        show(strip, frame)
    shelf.close()
    assert objects(tmp_path / "preview") == rendered
    assert shelf.failed is None


def test_what_a_render_made_is_shown_without_being_made(tmp_path: Path) -> None:
    made = plan_of(FILM)
    run(made, tmp_path)
    strip = reel(made, tmp_path, LastingShelf(Store(tmp_path)))
    assert [strip.lacking(frame) for frame in range(16)] == [[]] * 16


def test_a_frame_needs_its_chain_and_what_lies_beneath_it(tmp_path: Path) -> None:
    strip = reel(plan_of(FILM), tmp_path)
    # tweens stand between two diffused frames
    assert strip.lacking(1) == [0, 2, 1]
    assert set(strip.lacking(8)) == {0, 2, 4, 6, 7, 8, 16}
    made = strip.lacking(3)
    for frame in made:
        strip.make(frame)
    assert strip.lacking(3) == []
    assert strip.lacking(4) == [] or strip.lacking(4) == [4]


def test_names_are_those_of_the_picture_that_is_shown(tmp_path: Path) -> None:
    plain = reel(plan_of(FILM), tmp_path)
    graded = reel(plan_of(FILM.replace("exposure = 0.5", "exposure = 0.6")), tmp_path)
    later = reel(plan_of(FILM.replace("a city", "a town")), tmp_path)
    assert plain.keys == graded.keys
    assert not set(plain.names) & set(graded.names)
    assert plain.names[:8] == later.names[:8]
    assert not set(plain.names[8:]) & set(later.names[8:])
    assert reel(plan_of(FILM), tmp_path, longest=16).names != plain.names


def test_a_picture_is_small_and_has_8_bits(tmp_path: Path) -> None:
    large = show(reel(plan_of(FILM), tmp_path, longest=32), 4)
    little = show(reel(plan_of(FILM), tmp_path, longest=16), 4)
    assert large.shape == (24, 32, 3)
    assert large.dtype == np.uint8
    assert little.shape == (12, 16, 3)
    assert np.abs(large.reshape(12, 2, 16, 2, 3).mean((1, 3)) - little).max() <= 1.0


@pytest.mark.parametrize("steps", [1, 2, 5])
def test_what_is_given_up_between_two_steps_leaves_nothing(tmp_path: Path, steps: int) -> None:
    left = [steps]

    def each_step() -> None:
        left[0] -= 1
        if left[0] == 0:
            raise Given

    shelf = MemoryShelf()
    strip = reel(plan_of(FILM), tmp_path, shelf, each_step=each_step)
    with pytest.raises(Given):
        show(strip, 4)
    assert strip.lacking(4)
    assert np.array_equal(show(strip, 4), show(reel(plan_of(FILM), tmp_path), 4))


def test_models_stay_loaded_from_version_to_version(tmp_path: Path) -> None:
    plan, _ = plan_of(FILM)
    engines = Engines("cpu", lambda: None)
    first = engines.of(setup_of(plan), tmp_path)
    assert engines.of(setup_of(plan_of(FILM.replace("a lake", "a pond"))[0]), tmp_path) is first


def test_a_model_is_loaded_beside(tmp_path: Path) -> None:
    plan, _ = plan_of(FILM)
    engines = Engines("cpu", lambda: None)
    engines.load_beside(setup_of(plan), tmp_path)
    assert engines.of(setup_of(plan), tmp_path) is engines.of(setup_of(plan), tmp_path)
    assert not engines.is_loading(setup_of(plan))


def test_a_model_that_is_not_here_is_told_of_by_who_asks_for_it(tmp_path: Path) -> None:
    engines, missing = Engines("cpu", lambda: None), Setup(ModelRef(reference="nowhere", sha256=""))
    engines.load_beside(missing, tmp_path)
    with pytest.raises(RenderProblem, match="nowhere"):
        engines.of(missing, tmp_path)


def test_a_model_that_is_another_one_than_the_plan_holds_is_not_drawn_with(tmp_path: Path) -> None:
    (tmp_path / "a.safetensors").write_bytes(b"written since the film was compiled")
    changed = Setup(ModelRef(reference="a.safetensors", sha256="0" * 64))
    with pytest.raises(RenderProblem, match="not the one that the film was compiled with") as told:
        Engines("cpu", lambda: None, cache=tmp_path / "cache").of(changed, tmp_path)
    assert told.value.exit_code == 7


def test_memory_keeps_what_was_used_last() -> None:
    shelf = MemoryShelf(cap_bytes=3 * 8)
    pictures = {name: np.full((2, 2, 1), place, np.uint16) for place, name in enumerate("abcd")}
    for name in "abc":
        shelf.put(name, pictures[name])
    assert shelf.get("a") is not None
    shelf.put("d", pictures["d"])
    assert [shelf.get(name) is not None for name in "abcd"] == [True, False, True, True]


def test_what_cannot_be_written_is_kept_in_memory(tmp_path: Path) -> None:
    (tmp_path / "objects").write_text("in the way")
    shelf = LastingShelf(Store(tmp_path))
    shelf.put("ab12", np.zeros((2, 2, 3), np.uint16))
    shelf.close()
    assert isinstance(shelf.failed, OSError)
    assert shelf.get("ab12") is not None


def test_depth_is_estimated_once_for_all_versions(tmp_path: Path) -> None:
    text = FILM.replace("camera 2d { zoom = 1.2 per s }", "camera 3d { dolly = 9 * u; depth = estimated }")
    text = text.replace("cadence = 2", "cadence = 1")
    kept, asked = Kept(), list[str]()

    def counted(name: str, kernel: Kernel) -> Kernel:
        def made(inputs: Sequence[Tensor], args: Arguments, frame: FrameContext) -> Tensor:
            asked.append(name)
            return kernel(inputs, args, frame)

        return made

    depth = Depth()
    kernels = {"depth": counted("depth", depth.depth), "depth_range": counted("range", depth.depth_range)}
    frame = FrameContext(0, 32, 24, torch.device("cpu"))
    picture, other = torch.rand(1, 3, 24, 32), torch.rand(1, 3, 24, 32)
    found = []
    for given in (picture, picture.clone(), other):
        over = kept.depths.over(kernels)
        span = over["depth_range"]([given], {"method": "estimated"}, frame)
        found.append(over["depth"]([given, span], {"method": "estimated"}, frame))
    assert asked == ["range", "depth"] * 2
    assert found[0] is found[1]
    assert not torch.equal(found[0], found[2])
    # and what comes of it is the same
    plain = show(reel(plan_of(text), tmp_path), 5)
    assert all(np.array_equal(show(reel(plan_of(text), tmp_path, kept=kept), 5), plain) for _ in range(2))


def test_the_films_pictures_are_loaded_once_for_all_versions(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "photo.png"), np.full((24, 32, 3), 90, np.uint8))
    text = 'image photo = "photo.png"\ninit = photo\n' + FILM
    kept = Kept()
    for version in (text, text.replace("a lake", "a pond")):
        made = compiled(version, tmp_path)
        assert made.plan is not None
        show(reel((made.plan, made.columns), tmp_path, kept=kept), 0)
    assert len(kept.images) == 1
    for number in range(2 * IMAGES):
        kept.images[Image(f"{number}", 8, 8)] = torch.empty(0)
    assert len(kept.images) == IMAGES


def test_a_reel_that_nobody_wants_any_more_goes_at_once(tmp_path: Path) -> None:
    """An hour of saves makes thousands of them, and what waits to be collected stays in memory for long."""
    gc.disable()
    try:
        made = reel(plan_of(FILM + 'layer title { text = "a" }\n'), tmp_path)
        for frame in made.lacking(12):
            made.make(frame)
        made.picture(12)
        gone = [weakref.ref(part) for part in (made._maker, made._maker.sources, made._maker.carries)]
        del made
        assert [part() for part in gone] == [None, None, None]
    finally:
        gc.enable()
