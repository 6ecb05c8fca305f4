"""Samplers that ask the model once a step, and remember what it saw before."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

from anim_runtime.diffusion.sampling.levels import Ladder, Level
from anim_runtime.diffusion.sampling.moves import Move, Sum, ancestral, straight


def euler(ladder: Ladder, levels: Sequence[Level], eta: float) -> tuple[Move, ...]:
    """Euler's (Karras et al. 2022, arXiv:2206.00364, algorithm 1 without its second call)."""
    del ladder, eta
    return tuple(Move(start, straight(start, end)) for start, end in pairwise(levels))


def euler_ancestral(ladder: Ladder, levels: Sequence[Level], eta: float) -> tuple[Move, ...]:
    """Euler's to less noise than the next level has, which new noise fills up."""
    del ladder
    moves = []
    for start, end in pairwise(levels):
        down, up = ancestral(start.ratio, end.ratio, eta)
        # as a ratio the way down is straight whatever alpha is
        latents = end.alpha * down / start.sigma
        seen = end.alpha * (1.0 - down / start.ratio)
        moves.append(Move(start, Sum(latents, (seen,), (end.alpha * up,))))
    return tuple(moves)


def consistency(ladder: Ladder, levels: Sequence[Level], eta: float) -> tuple[Move, ...]:
    """What the model saw, under new noise (Song et al. 2023, arXiv:2303.01469, algorithm 1)."""
    del ladder, eta
    return tuple(Move(start, Sum(0.0, (end.alpha,), (end.sigma,))) for start, end in pairwise(levels))


def dpmpp_2m(ladder: Ladder, levels: Sequence[Level], eta: float) -> tuple[Move, ...]:
    """DPM-Solver++(2M) (Lu et al. 2022, arXiv:2211.01095, algorithm 2)."""
    del ladder, eta
    return _second_order(levels, 0.0, heun=False)


def dpmpp_2m_sde(ladder: Ladder, levels: Sequence[Level], eta: float) -> tuple[Move, ...]:
    """SDE-DPM-Solver++(2M) (arXiv:2211.01095, appendix), its noise by `eta`."""
    del ladder
    return _second_order(levels, eta, heun=False)


def dpmpp_2m_sde_heun(ladder: Ladder, levels: Sequence[Level], eta: float) -> tuple[Move, ...]:
    """The same with the slope as Heun's rule weighs it."""
    del ladder
    return _second_order(levels, eta, heun=True)


def _second_order(levels: Sequence[Level], eta: float, *, heun: bool) -> tuple[Move, ...]:
    moves = []
    for start, end, (log, before) in _logs(levels):
        if math.isinf(log):
            moves.append(_onto(start, end, eta))
            continue
        whole = -math.expm1(-log * (1.0 + eta))
        slope = 0.0
        if before is not None:
            slope = (1.0 - whole / (log * (1.0 + eta)) if heun else 0.5 * whole) * log / before
        moves.append(_move(start, end, log, eta, (whole + slope, -slope)))
    return tuple(moves)


def dpmpp_3m_sde(ladder: Ladder, levels: Sequence[Level], eta: float) -> tuple[Move, ...]:
    """The third order of the same family, with two slopes from three pictures."""
    del ladder
    moves, far = [], None
    for start, end, (log, before) in _logs(levels):
        if math.isinf(log):
            moves.append(_onto(start, end, eta))
        else:
            moves.append(_move(start, end, log, eta, _third(log, before, far, eta)))
        far = before
    return tuple(moves)


def _third(log: float, before: float | None, far: float | None, eta: float) -> tuple[float, ...]:
    """The weights of what was seen now and before, for a step of `log` after one of `before` and of `far`."""
    reach = log * (1.0 + eta)
    whole = -math.expm1(-reach)
    if before is None:
        return (whole,)
    second = 1.0 - whole / reach
    near = log / before
    if far is None:
        return whole + second * near, -second * near
    third = second / reach - 0.5
    last, ratio = log / far, before / (before + far) if math.isfinite(far) else 0.0
    per = log / (before + far)
    # divided differences of the three pictures, of which these are the weights
    one, two = near * (1.0 + ratio), last * ratio
    weights = (
        second * one - third * per * near,
        -second * (one + two) + third * per * (near + last),
        second * two - third * per * last,
    )
    return whole + weights[0], weights[1], weights[2]


def unipc(ladder: Ladder, levels: Sequence[Level], eta: float) -> tuple[Move, ...]:
    """UniPC of second order with B2 (Zhao et al. 2023, arXiv:2302.04867): each step is mended by the next."""
    del ladder, eta
    moves: list[Move] = []
    mended: Sum | None = None
    for place, (start, end, (log, before)) in enumerate(_logs(levels)):
        last = math.isinf(log) and end.sigma == 0.0
        whole = 1.0 if math.isinf(log) else -math.expm1(-log)
        slope = 0.0 if before is None or math.isinf(log) else 0.5 * whole * log / before
        moves.append(Move(start, _move(start, end, log, 0.0, (whole + slope, -slope)).to, mended))
        mended = None if last else _mended(start, end, log, before if place else None)
    return tuple(moves)


def _mended(start: Level, end: Level, log: float, before: float | None) -> Sum:
    """The latents at `end`, once it is known what the model sees there, as well as before."""
    share = end.sigma / start.sigma
    if math.isinf(log):
        return Sum(share, (0.5 * end.alpha, 0.5 * end.alpha))
    # the whole, and the moments of the exponential on the way
    whole, here = math.expm1(-log), math.expm1(-log) / -log - 1.0
    first, second = here / whole, 2.0 * (here / -log - 0.5) / whole
    if before is None:
        now, old = 0.5, 0.0
    else:
        back = -before / log
        old = 0.0 if math.isinf(back) else (second - first) / (back - 1.0)
        now = first - old
        old = 0.0 if math.isinf(back) else old / back
    seen = (-whole * now, -whole * (1.0 - now - old), -whole * old)
    return Sum(share, tuple(end.alpha * weight for weight in seen))


def _logs(levels: Sequence[Level]) -> Iterator[tuple[Level, Level, tuple[float, float | None]]]:
    """Each step, its length as a logarithm of picture over noise, and that of the one before it."""
    before: float | None = None
    for start, end in pairwise(levels):
        far = math.isinf(start.ratio) or end.sigma == 0.0
        log = math.inf if far else math.log(start.ratio / end.ratio)
        yield start, end, (log, before)
        before = log


def _onto(start: Level, end: Level, eta: float) -> Move:
    """A step from noise alone, or the last one: all of it is what the model saw."""
    latents = 0.0 if eta else end.sigma / start.sigma
    return Move(start, Sum(latents, (end.alpha,), (end.sigma,) if eta and end.sigma else ()))


def _move(start: Level, end: Level, log: float, eta: float, seen: tuple[float, ...]) -> Move:
    if math.isinf(log):
        return _onto(start, end, eta)
    latents = end.sigma / start.sigma * math.exp(-eta * log)
    noise = (end.sigma * math.sqrt(-math.expm1(-2.0 * eta * log)),) if eta else ()
    return Move(start, Sum(latents, tuple(end.alpha * weight for weight in seen), noise))
