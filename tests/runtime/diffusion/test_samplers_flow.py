"""Samplers of models that are trained on straight lines: their levels, their rules, what they do not have."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from tests.runtime.diffusion.analytic import FLOW, SIZE, Bench, mean_of

from anim_compiler.models.families import FAMILIES
from anim_compiler.models.samplers import FLOW_SAMPLERS, UnknownSampler, sampler_for
from anim_runtime.diffusion.noise import initial_noise
from anim_runtime.diffusion.request import Sampling
from anim_runtime.diffusion.samplers import FLOW as FLOW_ROWS
from anim_runtime.diffusion.sampling.levels import FlowLadder
from anim_runtime.problems import RenderProblem

SD3 = {**FLOW, "shift": 3.0}
FLUX = {**FLOW, "use_dynamic_shifting": True, "base_shift": 0.5, "max_shift": 1.15}
QWEN = {**FLUX, "max_shift": 0.9, "max_image_seq_len": 8192, "shift_terminal": 0.02}
SCHNELL = {**FLOW, "shift": 1.0}


@pytest.fixture(scope="module")
def bench() -> Bench:
    return Bench(FLOW)


@pytest.mark.parametrize("steps", [1, 4, 20])
@pytest.mark.parametrize(
    ("config", "even"), [(SD3, False), (FLUX, True), (QWEN, True), (SCHNELL, True), (FLUX, False)]
)
def test_levels_are_those_of_diffusers(config: dict[str, Any], even: bool, steps: int) -> None:
    from diffusers import FlowMatchEulerDiscreteScheduler
    from diffusers.pipelines.flux.pipeline_flux import calculate_shift

    theirs = FlowMatchEulerDiscreteScheduler.from_config(config)
    tokens = 64 * 48
    mu = calculate_shift(
        tokens,
        config.get("base_image_seq_len", 256),
        config.get("max_image_seq_len", 4096),
        config.get("base_shift", 0.5),
        config.get("max_shift", 1.15),
    )
    if config.get("shift_terminal") and steps == 1:
        pytest.skip("diffusers divides nothing by nothing there")
    sigmas = np.linspace(1.0, 1.0 / steps, steps) if even else None
    given = {"mu": mu} if config.get("use_dynamic_shifting") else {}
    theirs.set_timesteps(steps, **({"sigmas": sigmas} if even else {}), **given)
    ours = FlowLadder(config, steps, tokens, even)
    assert np.allclose([level.sigma for level in ours.levels], theirs.sigmas.numpy(), atol=1e-6)
    assert np.allclose([level.timestep for level in ours.levels[:-1]], theirs.timesteps.numpy(), atol=1e-3)


@pytest.mark.parametrize(("name", "theirs"), [("Euler", "Euler"), ("Heun", "Heun")])
def test_steps_are_those_of_diffusers(bench: Bench, name: str, theirs: str) -> None:
    import diffusers

    scheduler = getattr(diffusers, f"FlowMatch{theirs}DiscreteScheduler").from_config(SD3)
    scheduler.set_timesteps(8)
    x = initial_noise(5, (4, *SIZE), torch.device("cpu")).double()
    for time in scheduler.timesteps:
        sigma = float(time) / 1000.0
        spread, picture = 0.16, 1.0 - sigma
        seen = (spread * picture * x + sigma**2 * mean_of(x)) / (spread * picture**2 + sigma**2)
        x = scheduler.step(((x - seen) / sigma).float(), time, x.float(), return_dict=False)[0].double()
    sd3 = Bench(SD3, "sd3")
    drawn = sd3.latents(Sampling(8, 1.0, name, 5, large="whole"))
    assert float((drawn - x).abs().max()) < 2e-5


@pytest.mark.parametrize("name", sorted(FLOW_SAMPLERS - {"LCM"}))
def test_without_noise_all_come_to_the_same_picture(bench: Bench, name: str) -> None:
    """Of the way from the noise to the picture, which is known: Gaussians are stretched and moved."""
    noise = initial_noise(5, (4, *SIZE), torch.device("cpu"))
    exact = mean_of(noise) + 0.4 * noise
    coarse = bench.latents(Sampling(24, 1.0, name, 5, eta=0.0))
    fine = bench.latents(Sampling(96, 1.0, name, 5, eta=0.0))
    far, near = (float((drawn - exact).square().mean().sqrt()) for drawn in (coarse, fine))
    first_order = name.startswith("Euler")
    assert near < 0.5 * far or near < 1e-4
    assert near < (0.03 if first_order else 0.006)


@pytest.mark.parametrize("name", [n for n, row in FLOW_ROWS.items() if row.eta == 1.0])
def test_with_noise_pictures_are_as_likely_as_they_should_be(bench: Bench, name: str) -> None:
    """With new noise at every step the pictures are others, of the same mean and deviation."""
    drawn = bench.latents([Sampling(60, 1.0, name, seed) for seed in range(48)])
    apart = drawn - mean_of(drawn)
    assert float(apart.mean()) == pytest.approx(0.0, abs=0.02)
    # at 60 steps; both close in as steps grow finer
    assert float(apart.std()) == pytest.approx(0.4, rel=0.13 if name == "Euler a" else 0.09)


@pytest.mark.parametrize("name", sorted(FLOW_SAMPLERS))
def test_all_of_them_run_at_any_number_of_steps(bench: Bench, name: str) -> None:
    image = torch.full((1, 3, *SIZE), 0.5)
    for steps, strength, taken in ((1, 1.0, 1), (2, 1.0, 2), (3, 0.4, 1), (7, 0.5, 3)):
        drawn = bench.latents(Sampling(steps, 1.0, name, 5), image if strength < 1 else None, strength)
        assert bool(torch.isfinite(drawn).all())
        assert len(bench.denoiser.times) == (2 * taken - 1 if FLOW_ROWS[name].twice else taken)


def test_a_picture_is_put_to_the_noise_of_its_strength(bench: Bench) -> None:
    image = torch.full((1, 3, *SIZE), 0.5)
    bench.latents(Sampling(10, 1.0, "Euler", 5), image, 0.5)
    level = FlowLadder(FLOW, 10, 16, even=True).levels[5]
    wanted = level.alpha * 0.5 + level.sigma * initial_noise(5, (4, *SIZE), torch.device("cpu"))
    assert bench.denoiser.first is not None
    assert torch.allclose(bench.denoiser.first, wanted, atol=1e-5)
    assert bench.denoiser.times[0] == pytest.approx(level.timestep, rel=1e-6)


def test_larger_pictures_need_more_noise() -> None:
    small, large = (FlowLadder(FLUX, 10, tokens, even=True).levels[5].sigma for tokens in (256, 4096))
    assert large > small + 0.05


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("DDIM", "Euler"),
        ("DPM++ 2M Karras", "DPM++ 2M"),
        ("LMS", "DPM++ 2M"),
        ("TCD", "LCM"),
        ("DPM2", "Heun"),
    ],
)
def test_what_they_do_not_have_is_refused_by_name(bench: Bench, name: str, nearest: str) -> None:
    with pytest.raises(RenderProblem, match=f"no sampler `{name}`".replace("+", r"\+")) as caught:
        bench.latents(Sampling(4, 1.0, name, 5))
    assert f'`sampler = "{nearest}"`' in caught.value.hint
    told = sampler_for(name, "flux")
    assert isinstance(told, UnknownSampler)
    assert told.nearest == nearest
    assert FAMILIES["flux"].title in told.message


def test_other_families_have_all_of_them() -> None:
    assert sampler_for("ddim", "sdxl") == "DDIM"
    assert sampler_for("ddim", "") == "DDIM"
    assert sampler_for("euler", "z-image") == "Euler"
