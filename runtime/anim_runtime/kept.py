"""What is worked out once: values that hold for a whole scene, or for the whole film."""

from __future__ import annotations

from collections import OrderedDict

import torch

from anim_compiler.plan import PlanNode

#: scenes whose values are kept; more than advance together are seldom, and a lost value is only made again
SCENES = 16
_FILM = -1


class Kept:
    """Values by what they are: equal nodes of any template of a scene share one, film-wide ones all."""

    def __init__(self, scenes: int = SCENES) -> None:
        self._most = scenes
        self._numbers: dict[tuple[object, ...], int] = {}
        self._held: dict[int, dict[int, torch.Tensor]] = {}
        self._recent: OrderedDict[int, None] = OrderedDict()
        self._latest = _FILM

    def place(
        self, node: PlanNode, scene: int, inputs: list[int | None], *, moves: bool
    ) -> tuple[dict[int, torch.Tensor], int] | None:
        """Where a node's value is kept, and under which number; None if it is another at every frame.

        `inputs` are its inputs' numbers; `moves` says whether an argument changes.
        """
        if moves or node.rate not in ("film", "scene") or None in inputs:
            return None
        scope = _FILM if node.rate == "film" else scene
        key = (scope, node.op, tuple(inputs), tuple((k, repr(v)) for k, v in sorted(node.args.items())))
        return self._held.setdefault(scope, {}), self._numbers.setdefault(key, len(self._numbers))

    def use(self, scene: int) -> None:
        """A frame of this scene is in work: the values of the scene used longest ago may go."""
        if scene == self._latest:
            return
        self._latest = scene
        self._recent[scene] = None
        self._recent.move_to_end(scene)
        if len(self._recent) > self._most:
            gone, _ = self._recent.popitem(last=False)
            self._held.get(gone, {}).clear()
