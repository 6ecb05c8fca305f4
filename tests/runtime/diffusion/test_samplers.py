from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from tests.runtime.diffusion.drawing import diffuse, generate

from anim_compiler.advice.hints import one_of
from anim_compiler.models.samplers import FLOW_SAMPLERS, sampler_named
from anim_compiler.models.samplers import SAMPLERS as NAMES
from anim_dsl.settings import SETTINGS
from anim_runtime.diffusion.engine import Engine
from anim_runtime.diffusion.request import Sampling
from anim_runtime.diffusion.samplers import FLOW, SAMPLERS, Sampler, UnknownSampler, find_sampler
from anim_runtime.diffusion.sampling.betas import zero_snr_betas
from anim_runtime.diffusion.sampling.rules import RULES, TWICE
from anim_runtime.diffusion.sampling.schedules import build_scheduler

SD = {
    "num_train_timesteps": 1000,
    "beta_start": 0.00085,
    "beta_end": 0.012,
    "beta_schedule": "scaled_linear",
    "prediction_type": "epsilon",
    "timestep_spacing": "leading",
    "steps_offset": 1,
}
HOW = Sampling(steps=4, cfg_scale=3.0, sampler="Euler", seed=11)


@pytest.mark.parametrize("name", SAMPLERS)
def test_every_sampler_draws_and_repeats(tiny: Engine, name: str) -> None:
    how = replace(HOW, sampler=name)
    positive, negative = tiny.encode("a cat"), tiny.encode("")
    image = generate(tiny, positive, negative, how, height=32, width=32)
    assert bool(torch.isfinite(image).all())
    assert torch.equal(image, generate(tiny, positive, negative, how, height=32, width=32))
    half = diffuse(tiny, image, positive, negative, how, strength=0.5)
    assert bool(torch.isfinite(half).all())
    one = generate(tiny, positive, negative, replace(how, steps=1), height=32, width=32)
    assert bool(torch.isfinite(one).all())


@pytest.mark.parametrize("name", ["Euler a", "DPM++ 2M SDE Karras", "DPM2 a"])
def test_the_noise_of_random_samplers_comes_from_the_seed(tiny: Engine, name: str) -> None:
    torch.manual_seed(1)
    positive, negative = tiny.encode("a cat"), tiny.encode("")
    how = replace(HOW, sampler=name)
    first = generate(tiny, positive, negative, how, height=32, width=32)
    torch.manual_seed(2)
    assert torch.equal(first, generate(tiny, positive, negative, how, height=32, width=32))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("euler A", "Euler a"),
        ("Euler_a", "Euler a"),
        ("dpm++ 2m karras", "DPM++ 2M Karras"),
        ("  DPM++   SDE ", "DPM++ SDE"),
        ("k_dpmpp_2m", "DPM++ 2M"),
        ("ddim", "DDIM"),
    ],
)
def test_names_as_people_write_them(written: str, meant: str) -> None:
    found = find_sampler(written)
    assert isinstance(found, Sampler)
    assert found.name == meant


@pytest.mark.parametrize(
    ("written", "nearest"),
    [("Eular a", "Euler a"), ("DPM++ 2M Karas", "DPM++ 2M Karras"), ("DPM fast", "DPM++ 2M Karras")],
)
def test_unknown_names_lead_to_the_nearest(written: str, nearest: str) -> None:
    found = find_sampler(written)
    assert isinstance(found, UnknownSampler)
    assert found.nearest == nearest
    assert written in found.message


def test_the_model_says_betas_and_prediction_the_sampler_the_rest() -> None:
    scheduler = build_scheduler(SAMPLERS["Euler"], {**SD, "prediction_type": "v_prediction"})
    assert scheduler.config.prediction_type == "v_prediction"
    assert scheduler.config.beta_schedule == "scaled_linear"
    assert scheduler.config.timestep_spacing == "linspace"


@pytest.mark.parametrize("fact", [{"rescale_betas_zero_snr": True}, {"timestep_spacing": "trailing"}])
def test_models_that_start_from_pure_noise_get_the_last_timestep(fact: dict[str, object]) -> None:
    for name in ("DDIM", "PLMS", "Euler", "DPM++ 2M"):
        scheduler = build_scheduler(SAMPLERS[name], {**SD, **fact})
        scheduler.set_timesteps(10)
        assert int(scheduler.timesteps[0]) == 999, name


def test_zero_snr_betas_are_those_of_diffusers() -> None:
    from diffusers import EulerDiscreteScheduler

    ours = EulerDiscreteScheduler.from_config({**SD, "trained_betas": zero_snr_betas(SD)})
    theirs = EulerDiscreteScheduler.from_config({**SD, "rescale_betas_zero_snr": True})
    assert torch.allclose(ours.alphas_cumprod, theirs.alphas_cumprod, atol=1e-6)


def test_the_table_and_the_language_have_the_same_samplers() -> None:
    assert tuple(sorted(SAMPLERS)) == tuple(sorted(NAMES))
    assert set(FLOW) == FLOW_SAMPLERS
    assert all(row.rule in RULES for row in (*FLOW.values(), *SAMPLERS.values()) if row.rule)
    assert all((row.rule in TWICE) == row.twice for row in (*FLOW.values(), *SAMPLERS.values()) if row.rule)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("k_euler_a", "Euler a"),
        ("euler_ancestral", "Euler a"),
        ("dpmpp_2m karras", "DPM++ 2M Karras"),
        ("dpmpp_2m_sde_gpu", "DPM++ 2M SDE"),
        ("dpmpp_2s_ancestral karras", "DPM++ 2S a Karras"),
        ("k_dpm_2_ancestral", "DPM2 a"),
        ("uni_pc_bh2", "UniPC"),
        ("DPMSolverMultistepScheduler", "DPM++ 2M"),
        ("EulerAncestralDiscreteScheduler", "Euler a"),
        ("dpmpp_sde sgm_uniform", "DPM++ SDE SGM Uniform"),
        ("Euler trailing", "Euler SGM Uniform"),
    ],
)
def test_names_of_other_programs(written: str, meant: str) -> None:
    assert sampler_named(written) == meant
    found = find_sampler(written)
    assert isinstance(found, Sampler)
    assert found.name == meant
    # a film holds the names of the table, and is told what to write
    assert one_of(SETTINGS["diffuse", "sampler"], written) == (f"write `{meant}`", meant)


@pytest.mark.parametrize(
    ("written", "nearest"),
    [("DPM adaptive", "DPM++ 2M Karras"), ("dpm_fast", "DPM++ 2M Karras"), ("Restart", "Heun Karras")],
)
def test_what_is_not_made_here_is_refused_by_name(written: str, nearest: str) -> None:
    found = find_sampler(written)
    assert isinstance(found, UnknownSampler)
    assert found.nearest == nearest
    assert f"`{written}` is not made here" in found.message
    hint, edit = one_of(SETTINGS["diffuse", "sampler"], written)
    assert f"`{nearest}`" in hint
    assert edit is None


def test_a_spacing_that_a_sampler_has_not_leads_to_the_sampler() -> None:
    found = find_sampler("Heun SGM Uniform")
    assert isinstance(found, UnknownSampler)
    assert found.nearest == "Heun"
