"""Samplers that ask the model twice a step: at its beginning, and on its way or at its end."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from anim_runtime.diffusion.sampling.levels import Ladder, Level
from anim_runtime.diffusion.sampling.moves import Move, Sum, ancestral, capped, straight

DROWNED: Final = 20.0
"""From more noise over picture on than Stable Diffusion begins with, as models of next to no terminal SNR do,
a slope tells nothing, and drawn out over a long step it drowns all else: the pictures are weighed instead.
"""


def heun(ladder: Ladder, levels: Sequence[Level], eta: float) -> tuple[Move, ...]:
    """Heun's (Karras et al. 2022, arXiv:2206.00364, algorithm 1): the mean of the slopes at both ends."""
    del ladder, eta
    moves: list[Move] = []
    for start, end in pairwise(levels):
        there = straight(start, end)
        moves.append(Move(start, there, stays=end.sigma > 0.0))
        if end.sigma == 0.0:
            continue
        if start.ratio > DROWNED:
            moves.append(Move(end, Sum(there.latents, (there.seen[0] / 2.0, there.seen[0] / 2.0))))
            continue
        half = 0.5 * (end.sigma - start.sigma)
        # (x - D) / sigma at the start, and at the end of the straight way
        latents = 1.0 + half * (1.0 / start.sigma + there.latents / end.sigma)
        first = half * (there.seen[0] / end.sigma - 1.0 / start.sigma)
        moves.append(Move(end, Sum(latents, (-half / end.sigma, first))))
    return tuple(moves)


def dpm2_ancestral(ladder: Ladder, levels: Sequence[Level], eta: float) -> tuple[Move, ...]:
    """DPM-Solver-2 (Lu et al. 2022, arXiv:2206.00927): the slope half-way down, and new noise by `eta`."""
    moves: list[Move] = []
    for start, end in pairwise(levels):
        if end.sigma == 0.0:
            moves.append(Move(start, straight(start, end)))
            continue
        down, up = ancestral(start.sigma, end.sigma, eta)
        middle = ladder.at(math.sqrt(start.sigma * max(down, 1e-8)))
        there = straight(start, middle)
        moves.append(Move(start, there, stays=True))
        if start.ratio > DROWNED:
            onto = _towards(start, end, down)
            moves.append(Move(middle, Sum(onto.latents, (*onto.seen, 0.0), (up,))))
            continue
        share = (down - start.sigma) / middle.sigma
        to = Sum(1.0 + share * there.latents, (-share, share * there.seen[0]), (up,))
        moves.append(Move(middle, to))
    return tuple(moves)


def dpmpp_2s_ancestral(ladder: Ladder, levels: Sequence[Level], eta: float) -> tuple[Move, ...]:
    """DPM-Solver++(2S) (Lu et al. 2022, arXiv:2211.01095, algorithm 1), half-way, with new noise by `eta`."""
    moves: list[Move] = []
    for start, end in pairwise(levels):
        if end.sigma == 0.0:
            moves.append(Move(start, straight(start, end)))
            continue
        down, up = ancestral(capped(start.ratio), end.ratio, eta)
        middle = ladder.at(math.sqrt(capped(start.ratio) * max(down, 1e-8)))
        moves.append(Move(start, _towards(start, middle, middle.ratio), stays=True))
        onto = _towards(start, end, down)
        # what was seen half-way counts for all of the step, what was seen at its start no longer
        moves.append(Move(middle, Sum(onto.latents, (*onto.seen, 0.0), (end.alpha * up,))))
    return tuple(moves)


def dpmpp_sde(ladder: Ladder, levels: Sequence[Level], eta: float) -> tuple[Move, ...]:
    """The same with new noise half-way too, both out of one Brownian path."""
    moves: list[Move] = []
    for start, end in pairwise(levels):
        if end.sigma == 0.0:
            moves.append(Move(start, straight(start, end)))
            continue
        begun = capped(start.ratio)
        middle = ladder.at(math.sqrt(begun * end.ratio))
        down, up = ancestral(begun, middle.ratio, eta)
        there = _towards(start, middle, down, (middle.alpha * up,))
        moves.append(Move(start, there, stays=True))
        down, up = ancestral(begun, end.ratio, eta)
        onto = _towards(start, end, down)
        # a Brownian path in sigma: what it went half-way is part of what it goes in all
        share = (begun - middle.ratio) / (begun - end.ratio)
        noise = tuple(end.alpha * up * math.sqrt(part) for part in (1.0 - share, share))
        moves.append(Move(middle, Sum(onto.latents, (*onto.seen, 0.0), noise)))
    return tuple(moves)


def _towards(start: Level, end: Level, down: float, noise: tuple[float, ...] = ()) -> Sum:
    """To `end`, but with no more noise than the ratio `down`, as if what was seen were true all the way."""
    return Sum(end.alpha * down / start.sigma, (end.alpha * (1.0 - down / start.ratio),), noise)
