"""How often a sampler asks the denoiser."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from anim_compiler.passes.identity import Values, taken_steps, whole_steps

Counts: TypeAlias = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a node asks of the model at some rows: arrays `[rows]` of the sampler's name, its steps, those of
    them that are taken, the denoiser's calls, and whether there is guidance.
    """

    samplers: NDArray[Any]
    steps: Counts
    taken: Counts
    calls: Counts
    guided: NDArray[np.bool_]

    @property
    def passes(self) -> Counts:
        """Pictures that go through the denoiser: two a call where there is guidance."""
        return self.calls * (1 + self.guided)


def asked(op: str, values: Values, rows: int) -> Asked:
    """What a `generate` or `diffuse` node with these arguments asks of the model at so many rows."""

    def each(value: Any) -> NDArray[Any]:
        return np.broadcast_to(np.asarray(value), (rows,))

    steps = each(whole_steps(values))
    taken = steps if op == "generate" else each(taken_steps(values))
    samplers = each(values["sampler"])
    guided = each(values["cfg_scale"]) != 1.0
    return Asked(samplers, steps, taken, evaluations(samplers, taken, steps), guided)


def evaluations(sampler: str | NDArray[Any], taken: Counts, steps: Counts) -> Counts:
    """The denoiser's calls where `taken` of `steps` steps run: int64[n] of int64[n].

    `sampler` is a name, or one a row.
    """
    names = np.broadcast_to(np.asarray(sampler), taken.shape)
    calls = taken.copy()
    for name in np.unique(names).tolist():
        here = (names == name) & (taken > 0)
        calls[here] = _calls(str(name), taken[here], steps[here])
    return calls


def _calls(name: str, taken: Counts, steps: Counts) -> Counts:
    from anim_runtime.diffusion.samplers import Sampler, find_sampler

    found = find_sampler(name)
    if not isinstance(found, Sampler):
        return taken
    if found.twice:
        return 2 * taken - 1
    return np.where(steps > 1, taken + 1, taken) if found.one_more else taken
