"""How often a sampler asks the denoiser, against the schedulers themselves."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch

import anim_runtime.diffusion.samplers as table
from anim_dsl.settings import SETTINGS
from anim_runtime.builtin.card import POSTCARD
from anim_runtime.diffusion.samplers import Sampler, find_sampler
from anim_runtime.diffusion.sampling.schedules import Schedules
from anim_studio.estimate.sampling import evaluations


def test_every_sampler_as_it_really_runs() -> None:
    config = json.loads((POSTCARD / "scheduler" / "scheduler_config.json").read_text("utf-8"))
    schedules = Schedules(config, None, torch.device("cpu"))
    wrong = []
    for name in SETTINGS["diffuse", "sampler"].choices:
        sampler = find_sampler(name)
        assert isinstance(sampler, Sampler)
        for steps, taken in ((1, 1), (2, 1), (8, 8), (8, 3), (20, 13)):
            run = schedules.run(sampler, steps, taken, None, (1, 4, 8, 8), [1])
            real = len(run.timesteps)
            told = evaluations(name, np.array([taken]), np.array([steps]))
            if told.tolist() != [real]:
                wrong.append((name, steps, taken, real, told))
    assert not wrong


def test_no_step_is_no_call_and_rows_have_their_own_sampler() -> None:
    names = np.array(["Heun", "Euler", "Heun", "PLMS"])
    taken, steps = np.array([3, 3, 0, 3]), np.array([8, 8, 8, 8])
    assert evaluations(names, taken, steps).tolist() == [5, 3, 0, 4]


@pytest.mark.parametrize("name", sorted(table.SAMPLERS))
def test_a_call_a_step_at_least(name: str) -> None:
    taken = np.arange(1, 9)
    assert (evaluations(name, taken, taken) >= taken).all()
