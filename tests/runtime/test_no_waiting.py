"""Whole films on a device that cannot be asked anything: nothing in a frame may wait for it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import torch
from tests.compiler.film_texts import compiled
from torch.utils._python_dispatch import TorchDispatchMode

from anim_compiler.plan import ModelRef
from anim_runtime.diffusion.engine import Engine, load_engine
from anim_runtime.diffusion.latent import DiffusionEngine
from anim_runtime.diffusion.request import Request, Sampling
from anim_runtime.diffusion.setup import Setup
from anim_runtime.diffusion.verdicts import Verdicts
from anim_runtime.maker import FrameMaker, Means
from anim_runtime.spent import Spent
from anim_runtime.store import Store

HEAD = """\
size = 64x64; fps = 10; length = 1s; model = "postcard"; seed = 7
prompt { 0s: "a lake"; 1s: "a wood" }
"""
CHAIN = 'diffuse { strength = 0.5; steps = 8; cfg_scale = 4 + t; sampler = "%s" }\n'


class Waits(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Notes what would wait for the device: numbers that are asked of it, and copies that are waited for.

    The device is `meta`, which takes part in everything and holds nothing; numbers cannot be asked of it.
    """

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.found: list[str] = []

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Mapping[str, Any] | None = None
    ) -> Any:
        told = dict(kwargs or {})
        made = func(*args, **told)
        name = str(func.overloadpacket)
        if name == "aten._to_copy" and not told.get("non_blocking"):
            self._note(name, args[0], made)
        if name == "aten.copy_" and not any(arg is True for arg in args[2:]):
            self._note(name, args[1], args[0])
        return made

    def _note(self, name: str, source: torch.Tensor, there: torch.Tensor) -> None:
        if {source.device.type, there.device.type} == {"cpu", "meta"}:
            self.found.append(f"{name} {tuple(source.shape)}")


class Same:
    """Stands for a U-Net, whose thousands of operations take long without a device: predicts what it sees."""

    def __call__(self, latents: torch.Tensor, timestep: torch.Tensor, **told: Any) -> tuple[torch.Tensor]:
        return (latents * timestep.to(latents.dtype),)


@pytest.fixture(scope="module")
def whole() -> DiffusionEngine:
    made = load_engine(Setup(ModelRef(reference="postcard", sha256="")), "meta")
    assert isinstance(made, DiffusionEngine)
    return made


@pytest.fixture
def engine(whole: DiffusionEngine, monkeypatch: pytest.MonkeyPatch) -> Engine:
    monkeypatch.setattr(whole._denoiser, "model", Same())
    return whole


def waits(text: str, here: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the third frame of a film waits for, when all that is made once is there."""
    # a verdict is sent to the host and looked at by those who write
    monkeypatch.setattr(Verdicts, "of", lambda self, image: image)
    made = compiled(text, here)
    assert made.plan is not None
    plan, columns = made.plan, made.columns
    means = Means(here, here, "meta", Store(here), lambda setup: engine, lambda _: None, Spent())
    maker, found = FrameMaker(plan, columns, means), Waits()
    with torch.inference_mode():
        for frame in range(3):
            (carry,) = maker.carried([frame], [frame])
            maker.carries.keep(frame, carry)
        with found:
            (carry,) = maker.carried([3], [3])
            maker.carries.keep(3, carry)
            if not maker.program(3).shows_carry:
                maker.seen(3, carry)
    return found.found


@pytest.mark.parametrize("sampler", ["DDIM", "Euler a", "DPM++ 2M", "UniPC", "LCM", "DPM++ 2M SDE"])
def test_no_sampler_waits(
    sampler: str, tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = HEAD + CHAIN % sampler + "camera 2d { zoom = 1.1 per s }\ncoherence { color = lab }\n"
    assert waits(text, tmp_path, engine, monkeypatch) == []


@pytest.mark.parametrize(
    "rest",
    [
        "camera 2d { angle = 10deg }\ncoherence { color = hsv; noise = 5% }\n",
        "camera 2d { angle = 10deg }\ncoherence { color = rgb; noise = 5%; sharpen = 20% }\n",
        "camera 3d { dolly = 1 per s }\ncoherence { color = lab }\n",
        "grade { exposure = 0.1 + t; saturation = 1.2; grain = 5%; vignette = 20% }\n",
    ],
)
def test_no_part_of_a_frame_waits(
    rest: str, tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert waits(HEAD + CHAIN % "DDIM" + rest, tmp_path, engine, monkeypatch) == []


def test_the_model_does_not_wait(whole: DiffusionEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Verdicts, "of", lambda self, image: image)
    told, found = whole.encode("a lake"), Waits()
    asked = Request(told, told, Sampling(1, 4.0, "DDIM", 7), 64, 64)
    whole.draw([asked])
    with found:
        whole.draw([asked])
    assert found.found == []


def test_waiting_is_found() -> None:
    with Waits() as found:
        torch.ones(2).to("meta")
        torch.ones(2).to("meta", non_blocking=True)
        torch.empty(2, device="meta").copy_(torch.ones(2))
    assert found.found == ["aten._to_copy (2,)", "aten.copy_ (2,)"]
