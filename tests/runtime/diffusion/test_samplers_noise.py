"""What samplers make of seeds, of `eta` and of `noise_multiplier`, and that none waits for the device."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
import torch
from tests.runtime.diffusion.analytic import SIZE, Bench
from torch.utils._python_dispatch import TorchDispatchMode

from anim_runtime.diffusion.request import Sampling
from anim_runtime.diffusion.samplers import SAMPLERS

#: samplers that draw noise of their own
STOCHASTIC = [name for name, row in SAMPLERS.items() if row.eta or name in ("LCM", "SA-Solver")]
#: those whose noise between two seeds lies between theirs
RULED = [name for name, row in SAMPLERS.items() if row.rule and row.eta]
HOW = Sampling(8, 1.0, "Euler", 5)


@pytest.fixture(scope="module")
def bench() -> Bench:
    return Bench()


def image(place: int = 0) -> torch.Tensor:
    return torch.rand(1, 3, *SIZE, generator=torch.Generator().manual_seed(place))


def apart(a: torch.Tensor, b: torch.Tensor) -> float:
    return float((a - b).abs().max())


@pytest.mark.parametrize("name", SAMPLERS)
def test_a_seed_is_a_picture(bench: Bench, name: str) -> None:
    """Whatever else is drawn with it, and nothing but the seed: the process's own noise does not count."""
    how = replace(HOW, sampler=name)
    torch.manual_seed(1)
    first = bench.latents([how, replace(how, seed=6)], image(), 0.75)
    torch.manual_seed(2)
    again = bench.latents([replace(how, seed=7), how, replace(how, seed=6)], image(), 0.75)
    alone = bench.latents(how, image(), 0.75)
    assert apart(first[0], again[1]) < 1e-6
    assert apart(first[1], again[2]) < 1e-6
    assert apart(first[0], alone[0]) < 1e-6
    assert apart(first[0], first[1]) > 0.01


@pytest.mark.parametrize("name", STOCHASTIC)
def test_new_noise_is_the_seeds_too(bench: Bench, name: str) -> None:
    """With the same noise to begin with, other seeds still go other ways."""
    run = bench.engine._schedules.run
    sampler = SAMPLERS[name]
    noise, made = torch.zeros(1, 4, *SIZE), []
    for seed in (5, 6, 5):
        here = run(sampler, 6, 6, None, (1, 4, *SIZE), [seed])
        latents = here.begun(noise)
        for place in range(len(here.timesteps)):
            latents = here.step(here.shown(latents, place) * 0.1, place, latents)
        made.append(latents)
    assert torch.equal(made[0], made[2])
    assert apart(made[0], made[1]) > 1e-3


@pytest.mark.parametrize("name", RULED)
def test_pictures_between_two_seeds_lie_between_theirs(bench: Bench, name: str) -> None:
    how = replace(HOW, sampler=name)
    at = {seed: bench.latents(replace(how, seed=seed)) for seed in (5, 5.001, 5.5, 5.999, 6)}
    assert apart(at[5], at[5.001]) < 0.02
    assert apart(at[6], at[5.999]) < 0.02
    assert apart(at[5], at[6]) > 0.1
    assert min(apart(at[5.5], at[5]), apart(at[5.5], at[6])) > 0.05


@pytest.mark.parametrize("name", [name for name, row in SAMPLERS.items() if row.eta is not None])
def test_eta_is_how_much_noise_is_put_back(bench: Bench, name: str) -> None:
    how = replace(HOW, sampler=name, steps=12)
    own = bench.latents(how)
    # the levels of some classes differ from those of the rule that takes other etas by their rounding
    assert apart(own, bench.latents(replace(how, eta=SAMPLERS[name].eta))) == 0.0
    little, much = (bench.latents(replace(how, eta=eta)) for eta in (0.2, 0.9))
    none = bench.latents(replace(how, eta=0.0))
    assert 0.0 < apart(little, none) < apart(much, none)


@pytest.mark.parametrize("name", ["Euler", "DPM++ 2M", "LMS", "UniPC", "Heun"])
def test_samplers_that_draw_none_have_no_eta(bench: Bench, name: str) -> None:
    how = replace(HOW, sampler=name)
    assert torch.equal(bench.latents(how), bench.latents(replace(how, eta=0.3)))


def test_without_noise_ancestral_samplers_are_the_plain_ones(bench: Bench) -> None:
    for ancestral, plain in (
        ("Euler a", "Euler"),
        ("DPM2 a", "DPM2"),
        ("DPM++ 2M SDE Karras", "DPM++ 2M Karras"),
    ):
        calm = bench.latents(replace(HOW, sampler=ancestral, eta=0.0), image(), 0.75)
        assert apart(calm, bench.latents(replace(HOW, sampler=plain), image(), 0.75)) < 2e-5


@pytest.mark.parametrize("name", ["Euler", "DPM++ 2M", "Euler a", "DDIM", "DPM++ SDE Karras"])
def test_the_multiplier_is_on_the_noise_that_a_picture_starts_from(bench: Bench, name: str) -> None:
    how = replace(HOW, sampler=name)
    plain = bench.latents(how, image(), 0.5)
    assert torch.equal(plain, bench.latents(replace(how, noise_multiplier=1.0), image(), 0.5))
    started = []
    for factor in (0.0, 1.0, 1.1):
        bench.latents(replace(how, noise_multiplier=factor), image(), 0.5)
        assert bench.denoiser.first is not None
        started.append(bench.denoiser.first)
    noise = started[1] - started[0]
    assert torch.allclose(started[2] - started[0], 1.1 * noise, atol=1e-5)
    # a batch has one of its own for each row
    both = bench.latents([replace(how, noise_multiplier=1.1), how], image(), 0.5)
    assert apart(both[1], plain[0]) < 1e-6
    assert apart(both[0], plain[0]) > 1e-3


class NoReading(TorchDispatchMode):  # type: ignore[no-untyped-call]  # torch
    """Stops whatever would have to wait for a device that holds tensors of more than one number, or that are
    made of such ones.
    """

    def __init__(self, watched: Sequence[torch.Tensor]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # torch
        self._made = {id(tensor): tensor for tensor in watched}

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Mapping[str, Any] | None = None
    ) -> Any:
        given = [a for a in torch.utils._pytree.tree_leaves((args, kwargs)) if isinstance(a, torch.Tensor)]
        on_device = any(id(tensor) in self._made for tensor in given)
        name = func.overloadpacket.__name__
        if on_device and name in ("_local_scalar_dense", "nonzero", "is_nonzero", "item"):
            raise AssertionError(f"{name} waits for the device")
        made = func(*args, **(kwargs or {}))
        if on_device:
            leaves = torch.utils._pytree.tree_leaves(made)
            self._made |= {id(leaf): leaf for leaf in leaves if isinstance(leaf, torch.Tensor)}
        return made


@pytest.mark.parametrize("name", SAMPLERS)
def test_no_step_waits_for_the_device(bench: Bench, name: str) -> None:
    sampler = SAMPLERS[name]
    run = bench.engine._schedules.run(sampler, 6, 6, None, (1, 4, *SIZE), [5])
    latents = run.begun(torch.ones(1, 4, *SIZE))
    with NoReading([latents, run.timesteps]):
        for place in range(len(run.timesteps)):
            latents = run.step(run.shown(latents, place) * 0.1, place, latents)
    assert bool(torch.isfinite(latents).all())


def test_reading_is_noticed() -> None:
    watched = torch.ones(3)
    with NoReading([watched]), pytest.raises(AssertionError, match="waits"):
        float((watched * 2).sum())
