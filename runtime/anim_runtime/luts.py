"""The colour tables of a film, each read when it is first looked up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import torch

from anim_compiler.cube import Cube, read_cube
from anim_compiler.plan import Plan
from anim_runtime.media import media_path
from anim_runtime.ops.lut import Table
from anim_runtime.problems import RenderProblem


class Luts(Mapping[str, Table]):
    """By path; KeyError for one that the plan does not name, RenderProblem if it is not what was planned."""

    def __init__(self, plan: Plan, root: Path, device: torch.device) -> None:
        self._media = {media.name: media for media in plan.media if media.kind == "lut"}
        self._root = root
        self._device = device
        self._read: dict[str, Table] = {}

    def __getitem__(self, name: str) -> Table:
        found = self._read.get(name)
        if found is None:
            cube = read_cube(media_path(self._media[name], self._root).read_bytes())
            if not isinstance(cube, Cube):
                where = f"line {cube.line}: " if cube.line else ""
                raise RenderProblem(f"`{name}` is no colour table: {where}{cube.message}", cube.hint, 2)
            found = self._read[name] = Table.of(cube, self._device)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._media)

    def __len__(self) -> int:
        return len(self._media)
