"""Engines of every family, from the film's side: what is drawn from noise and from pictures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from tests.runtime.diffusion.families.judged import SCALE, told

from anim_compiler.plan import ModelRef
from anim_runtime.diffusion.engine import Engine, load_engine
from anim_runtime.diffusion.families.packing import packed
from anim_runtime.diffusion.noise import initial_noise
from anim_runtime.diffusion.request import Request, Sampling
from anim_runtime.diffusion.setup import Setup

HOW = Sampling(steps=4, cfg_scale=SCALE, sampler="Euler", seed=5)
T2I = {
    "sd1": "StableDiffusionPipeline",
    "sd2": "StableDiffusionPipeline",
    "sdxl": "StableDiffusionXLPipeline",
    "sd3": "StableDiffusion3Pipeline",
    "flux": "FluxPipeline",
    "flux-schnell": "FluxPipeline",
    "qwen-image": "QwenImagePipeline",
    "z-image": "ZImagePipeline",
}


@pytest.fixture(scope="session")
def engine_of(family_folder: Callable[[str], Path]) -> Callable[[str], Engine]:
    """The engine of a family's tiny model."""
    made: dict[str, Engine] = {}

    def load(name: str) -> Engine:
        if name not in made:
            made[name] = load_engine(Setup(ModelRef(reference=str(family_folder(name)), sha256="")), "cpu")
        return made[name]

    return load


def request(engine: Engine, text: str = "a photo of the cat", **more: Any) -> Request:
    return Request(engine.encode(text), engine.encode("blue"), HOW, 64, 64, **more)


@pytest.mark.parametrize("name", T2I)
def test_draws_from_noise_what_the_pipeline_of_diffusers_draws(
    name: str, engine_of: Callable[[str], Engine], family_folder: Callable[[str], Path]
) -> None:
    import diffusers

    library: Any = diffusers
    engine = engine_of(name)
    asked = request(engine)
    pipeline = getattr(library, T2I[name]).from_pretrained(str(family_folder(name)), local_files_only=True)
    pipeline.set_progress_bar_config(disable=True)
    if name in ("sd1", "sd2", "sdxl"):
        pipeline.scheduler = library.EulerDiscreteScheduler.from_config(
            pipeline.scheduler.config, timestep_spacing="linspace"
        )
    channels = 4 if name.startswith(("sd1", "sd2", "sdxl", "flux")) else 16
    noise = initial_noise(5, (channels, 8, 8), torch.device("cpu"))
    theirs = pipeline(
        height=64,
        width=64,
        num_inference_steps=4,
        latents=packed(noise) if name.startswith(("flux", "qwen")) else noise,
        output_type="pt",
        **told(name, asked.positive, asked.negative),
    ).images
    (ours,) = engine.draw([asked])
    assert torch.allclose(ours, theirs, atol=1e-4), float((ours - theirs).abs().max())


@pytest.mark.parametrize("name", T2I)
def test_text_strength_and_company_count_as_they_should(
    name: str, engine_of: Callable[[str], Engine]
) -> None:
    engine = engine_of(name)
    image = torch.rand(1, 3, 64, 64, generator=torch.Generator().manual_seed(1))
    first = request(engine, image=image, strength=0.5)
    other = replace(
        request(engine, "fire, a red dog", image=image.flip(-1), strength=0.5), how=replace(HOW, seed=9)
    )
    (alone,) = engine.draw([first])
    assert alone.shape == image.shape
    assert torch.equal(alone, engine.draw([first])[0])
    if other.signature == first.signature:
        both = engine.draw([first, other])
        assert torch.allclose(both[0], alone, atol=2e-5)
        assert torch.allclose(both[1], engine.draw([other])[0], atol=2e-5)
    told_otherwise = replace(first, positive=engine.encode("the mountain lake"))
    assert not torch.allclose(engine.draw([told_otherwise])[0], alone, atol=1e-4)
    assert torch.equal(engine.draw([replace(first, strength=0.1)])[0], image)


@pytest.mark.parametrize("name", ["sdxl", "flux", "qwen-image", "z-image"])
def test_any_size_comes_out_as_asked(name: str, engine_of: Callable[[str], Engine]) -> None:
    engine = engine_of(name)
    image = torch.rand(1, 3, 53, 71, generator=torch.Generator().manual_seed(1))
    asked = replace(request(engine, image=image, strength=0.5), height=53, width=71)
    assert engine.draw([asked])[0].shape == image.shape
