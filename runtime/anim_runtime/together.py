"""Frames side by side: what they ask of the model at once is drawn in one batch."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch

from anim_runtime.diffusion.request import Request
from anim_runtime.program import Walk


def together(
    walks: Sequence[Walk | None], draw: Callable[[Sequence[Request]], list[torch.Tensor]]
) -> list[torch.Tensor]:
    """The pictures of the walks that are given, in order. A walk keeps its place in every batch.

    None is a place whose frame is there already. A batch has as many rows as there are places, whoever
    else is in it: in the other places a request that is wanted stands in, so that a frame's picture does
    not depend on which of its neighbours are missing too.
    """
    if len(walks) == 1 and walks[0] is not None:
        return [_alone(walks[0], draw)]
    asked: dict[int, Request] = {}
    made: dict[int, torch.Tensor] = {}

    def step(place: int, walk: Walk, answer: torch.Tensor | None) -> None:
        try:
            # a generator's first step takes None, which its type leaves out
            asked[place] = next(walk) if answer is None else walk.send(answer)
        except StopIteration as end:
            made[place] = end.value

    running = {place: walk for place, walk in enumerate(walks) if walk is not None}
    for place, walk in running.items():
        step(place, walk, None)
    while asked:
        answers = _answered(asked, len(walks), draw)
        asked.clear()
        for place, answer in answers.items():
            step(place, running[place], answer)
    return [made[place] for place in sorted(made)]


def _alone(walk: Walk, draw: Callable[[Sequence[Request]], list[torch.Tensor]]) -> torch.Tensor:
    """The picture of a walk in batches of one."""
    try:
        request = next(walk)
        while True:
            request = walk.send(draw([request])[0])
    except StopIteration as end:
        made: torch.Tensor = end.value
        return made


def _answered(
    asked: dict[int, Request], places: int, draw: Callable[[Sequence[Request]], list[torch.Tensor]]
) -> dict[int, torch.Tensor]:
    """The pictures of all requests, a batch for each signature."""
    alike: dict[object, list[int]] = {}
    for place, request in asked.items():
        alike.setdefault(request.signature, []).append(place)
    answers: dict[int, torch.Tensor] = {}
    for chosen in alike.values():
        standing_in = asked[chosen[-1]]
        drawn = draw([asked[p] if p in chosen else standing_in for p in range(places)])
        answers |= {place: drawn[place] for place in chosen}
    return answers
