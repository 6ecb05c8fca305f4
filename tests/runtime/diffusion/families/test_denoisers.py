from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from tests.runtime.diffusion.families.judged import (
    IMG2IMG,
    SCALE,
    conditioning,
    judged,
)

from anim_runtime.diffusion.families.folder import folder_model
from anim_runtime.diffusion.families.loaded import Loaded
from anim_runtime.diffusion.guidance import Guidance
from anim_runtime.diffusion.request import Request, Sampling

CPU = torch.device("cpu")
#: attention over texts of several lengths: those fill up, these are told apart
LONGER = {"qwen-image": 5, "z-image": 25, "sd1": 77, "sdxl": 77, "sd3": 7, "flux": 3}


@pytest.fixture(scope="session")
def loaded(family_folder: Callable[[str], Path]) -> Callable[[str], Loaded]:
    """The parts of a family's tiny model."""
    made: dict[str, Loaded] = {}

    def load(name: str) -> Loaded:
        if name not in made:
            made[name] = folder_model(family_folder(name), CPU, "auto")
        return made[name]

    return load


def request(name: str, positive: int, negative: int, longer: int = 0, scale: float = SCALE) -> Request:
    how = Sampling(steps=4, cfg_scale=scale, sampler="Euler", seed=1)
    return Request(conditioning(name, positive), conditioning(name, negative, longer), how, 64, 64)


def guided(
    model: Loaded, requests: list[Request], latents: torch.Tensor, timestep: torch.Tensor
) -> torch.Tensor:
    tokens = requests[0].signature.tokens
    with torch.inference_mode():
        return Guidance(model.denoiser, requests, tokens)(latents, timestep)


@pytest.mark.parametrize("name", IMG2IMG)
def test_predicts_and_decodes_what_the_pipeline_of_diffusers_does(
    name: str, family_folder: Callable[[str], Path], loaded: Callable[[str], Loaded]
) -> None:
    model, asked = loaded(name), request(name, 1, 2)
    judge = judged(name, family_folder(name), asked.positive, asked.negative)
    assert len(judge.steps) >= 3
    for step in judge.steps:
        ours = guided(model, [asked], step.latents, step.timestep)
        assert torch.allclose(ours, step.predicted, atol=1e-4), (ours - step.predicted).abs().max()
    drawn = model.codec.decode(judge.latents, 64, 64)
    assert torch.allclose(drawn, judge.image, atol=1e-4)


@pytest.mark.parametrize("name", IMG2IMG)
def test_a_row_is_drawn_as_it_is_alone_whatever_the_lengths_of_the_texts(
    name: str, loaded: Callable[[str], Loaded]
) -> None:
    model = loaded(name)
    generator = torch.Generator().manual_seed(9)
    latents = torch.randn(2, model.codec.channels, 8, 10, generator=generator)
    timestep = torch.tensor(500.0)
    longer = LONGER.get(name, 0)
    rows = [request(name, 1, 2, longer), request(name, 3, 4, longer, scale=5.0)]
    both = guided(model, rows, latents, timestep)
    for place, row in enumerate(rows):
        alone = guided(model, [row], latents[place : place + 1], timestep)
        assert torch.allclose(both[place : place + 1], alone, atol=2e-5), name
    assert not torch.allclose(both[0], both[1], atol=1e-3)


@pytest.mark.parametrize("name", IMG2IMG)
def test_a_longer_text_is_read_as_if_it_were_alone(name: str, loaded: Callable[[str], Loaded]) -> None:
    # cross attention repeats the shorter text, whose answer is the same; the others must not see fillers
    model = loaded(name)
    latents = torch.randn(1, model.codec.channels, 8, 8, generator=torch.Generator().manual_seed(9))
    timestep = torch.tensor(300.0)
    asked = request(name, 1, 2, LONGER.get(name, 0))
    if model.denoiser.embeds_guidance:
        return
    both = guided(model, [asked], latents, timestep)
    halves = []
    for text in (asked.negative, asked.positive):
        told = model.denoiser.told([text], text.tokens)
        with torch.inference_mode():
            halves.append(model.denoiser(latents, timestep, told))
    expected = model.denoiser.guided(halves[0], halves[1], torch.tensor([SCALE]))
    assert torch.allclose(both, expected, atol=5e-5)


@pytest.mark.parametrize("name", ["sd1", "sd3", "qwen-image"])
def test_latents_of_a_picture_come_back_as_the_picture_they_decode_to(
    name: str, loaded: Callable[[str], Loaded]
) -> None:
    codec = loaded(name).codec
    image = torch.rand(2, 3, 40, 56, generator=torch.Generator().manual_seed(1))
    latents = codec.encode(image)
    assert latents.shape == (2, codec.channels, *codec.latent_size(40, 56))
    drawn = codec.decode(latents, 40, 56)
    assert drawn.shape == image.shape
    alone = codec.decode(codec.encode(image[1:]), 40, 56)
    assert torch.allclose(drawn[1:], alone, atol=1e-5)
