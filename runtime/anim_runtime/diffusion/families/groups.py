"""Texts of several lengths in one batch, for models whose attention cannot skip what fills up the shorter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch

from anim_runtime.diffusion.told import Conditioning, Told
from anim_runtime.sending import sent


@dataclass(frozen=True, slots=True)
class Group:
    """What a batch is told where only the rows with texts of one length count: bool `rows` `[B]`."""

    rows: torch.Tensor
    told: Told


@dataclass(frozen=True, slots=True)
class Grouped(Told):
    """A batch whose texts differ in length; `streams` and `pooled` are those of the first group."""

    groups: tuple[Group, ...] = ()


def grouped(rows: Sequence[Conditioning], dtype: torch.dtype) -> Told:
    """The conditionings of a batch, each as long as it is: in one group if all are alike, as they mostly are.

    In a group, rows of another length are told what its first row is, and what is drawn of them is dropped:
    so that every call has all rows, and what is kept for a row elsewhere (weights of LoRAs, hints) fits.
    """
    lengths = [row.tokens for row in rows]
    if len(set(lengths)) == 1:
        return _stacked(rows, dtype)
    device = rows[0].states.device
    groups = []
    for length in dict.fromkeys(lengths):
        own = [length == other for other in lengths]
        first = rows[own.index(True)]
        told = _stacked([row if is_own else first for row, is_own in zip(rows, own, strict=True)], dtype)
        groups.append(Group(sent(torch.tensor(own), device), told))
    return Grouped(groups[0].told.streams, groups[0].told.pooled, None, tuple(groups))


def in_groups(told: Told, draw: Callable[[Told], torch.Tensor]) -> torch.Tensor:
    """What `draw` makes of a batch `[B,…]`, each row of the group that it belongs to."""
    if not isinstance(told, Grouped):
        return draw(told)
    made = draw(told.groups[0].told)
    for group in told.groups[1:]:
        own = group.rows.view(-1, *[1] * (made.dim() - 1))
        made = torch.where(own, draw(group.told), made)
    return made


def _stacked(rows: Sequence[Conditioning], dtype: torch.dtype) -> Told:
    streams = tuple(
        torch.cat([row.streams[place] for row in rows]).to(dtype) for place in range(len(rows[0].streams))
    )
    vectors = [row.pooled for row in rows if row.pooled is not None]
    return Told(streams, torch.cat(vectors).to(dtype) if vectors else None)
