"""Other LoRAs on a model that stays loaded, as a preview has it while its film is written."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from tests.runtime.diffusion.adapters import lora_models as tiny
from tests.runtime.diffusion.tiny_models import write_tiny_stable_diffusion

from anim_compiler.plan import ModelRef, NamedRef
from anim_runtime.diffusion.engine import Engine, load_engine
from anim_runtime.diffusion.request import Request, Sampling
from anim_runtime.diffusion.setup import Setup
from anim_runtime.diffusion.told import Spoken
from anim_runtime.preview.engines import Engines
from anim_runtime.problems import RenderProblem

HOW = Sampling(steps=2, cfg_scale=4.0, sampler="Euler a", seed=5)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny model `model`, and LoRAs for it: `one`, `two`, and `words` for its text encoder alone."""
    from diffusers import UNet2DConditionModel
    from transformers import CLIPTextModel

    folder = tmp_path_factory.mktemp("exchange")
    write_tiny_stable_diffusion(folder / "model")
    unet = UNet2DConditionModel.from_pretrained(folder / "model" / "unet", local_files_only=True)
    text = CLIPTextModel.from_pretrained(folder / "model" / "text_encoder", local_files_only=True)
    for seed, name in enumerate(("one", "two")):
        thin = tiny.matrices(unet, tiny.layers(unet, "to_q", "conv1"), seed=seed)
        tensors = tiny.peft_spelled(thin, "unet")
        if name == "two":
            # a DoRA, which looks at the weights that it comes to
            tensors |= {f"unet.{n}.dora_scale": torch.full((len(up), 1), 0.5) for n, (_, up) in thin.items()}
        tiny.write(tensors, folder / f"{name}.safetensors")
    thin = tiny.matrices(text, tiny.layers(text, "q_proj", "fc1"))
    tiny.write(tiny.kohya_spelled(thin, "lora_te"), folder / "words.safetensors")
    tiny.write({"weight": torch.zeros(2)}, folder / "none.safetensors")
    return folder


def setup(*names: str) -> Setup:
    refs = tuple(NamedRef(name=name, reference=f"{name}.safetensors", sha256="") for name in names)
    return Setup(ModelRef(reference="model", sha256=""), loras=refs)


def picture(engine: Engine, *weights: float) -> torch.Tensor:
    told = engine.encode("a photo of the lake", Spoken(1, weights))
    (drawn,) = engine.draw([Request(told, engine.encode(""), HOW, 32, 32, loras=weights)])
    return drawn


def test_another_lora_needs_no_other_engine(folder: Path) -> None:
    engines = Engines("cpu", lambda: None)
    first = engines.of(setup(), folder)
    plain = picture(first)
    for names, weights in ((("one",), (0.8,)), (("two", "one"), (0.5, -0.5)), (("words",), (1.0,))):
        engine = engines.of(setup(*names), folder)
        assert engine is first
        drawn = picture(engine, *weights)
        fresh = picture(load_engine(setup(*names), "cpu", root=folder), *weights)
        assert torch.equal(drawn, fresh)
        assert not torch.equal(drawn, plain)
    assert torch.equal(picture(engines.of(setup(), folder)), plain)


def test_one_that_cannot_be_taken_leaves_those_that_were_there(folder: Path) -> None:
    engines = Engines("cpu", lambda: None)
    first = engines.of(setup("one"), folder)
    drawn = picture(first, 0.8)
    with pytest.raises(RenderProblem):
        engines.of(setup("none"), folder)
    assert engines.of(setup("one"), folder) is first
    assert torch.equal(picture(first, 0.8), drawn)


def test_what_differs_in_more_is_another_engine(folder: Path) -> None:
    engines = Engines("cpu", lambda: None)
    first = engines.of(setup("one"), folder)
    assert engines.of(replace(setup("one"), tiling=True), folder) is not first
