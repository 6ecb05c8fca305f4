"""The kernels of what is not pixels to pixels: stored pictures, the init image, the model."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import torch

from anim_compiler.plan import Plan
from anim_runtime.carries import Carries
from anim_runtime.conditioning import Conditionings
from anim_runtime.diffusion.engine import Engine, Sampling
from anim_runtime.media import media_path
from anim_runtime.ops.compose import revealed
from anim_runtime.ops.kernel import Arguments, FrameContext, Kernel, number
from anim_runtime.pictures import load_image


class Sources:
    """What a plan's frames are made from, as kernels named like their ops.

    `engine` is called when the first frame needs it: loading a model takes seconds.
    """

    def __init__(
        self, plan: Plan, root: Path, carries: Carries, told: Conditionings, engine: Callable[[], Engine]
    ) -> None:
        self._plan = plan
        self._root = root
        self._carries = carries
        self._told = told
        self._engine = engine
        self._scene_start = {f: scene.start for scene in plan.scenes for f in scene.frames}
        self._images: dict[str, torch.Tensor] = {}

    def kernels(self) -> Mapping[str, Kernel]:
        """The kernels by op."""
        return {
            "previous": self._previous,
            "next": self._next,
            "first": self._first,
            "init": self._init,
            "reveal": self._reveal,
            "generate": self._generate,
            "diffuse": self._diffuse,
        }

    def _previous(self, inputs: Sequence[torch.Tensor], args: Arguments, frame: FrameContext) -> torch.Tensor:
        return self._carries.at(self._plan.before[frame.frame])

    def _next(self, inputs: Sequence[torch.Tensor], args: Arguments, frame: FrameContext) -> torch.Tensor:
        return self._carries.at(self._plan.after[frame.frame])

    def _first(self, inputs: Sequence[torch.Tensor], args: Arguments, frame: FrameContext) -> torch.Tensor:
        return self._carries.at(self._scene_start[frame.frame])

    def _init(self, inputs: Sequence[torch.Tensor], args: Arguments, frame: FrameContext) -> torch.Tensor:
        name = str(args["name"])
        if name not in self._images:
            media = next(m for m in self._plan.media if m.name == name and m.kind == "image")
            path = media_path(media, self._root)
            self._images[name] = load_image(path, frame.width, frame.height).to(frame.device)
        return self._images[name]

    def _reveal(self, inputs: Sequence[torch.Tensor], args: Arguments, frame: FrameContext) -> torch.Tensor:
        """The picture over the one of the scene before that still shows at this frame."""
        amount, under = number(args, "amount"), self._plan.under
        if amount == 1.0 or not under or under[frame.frame] < 0:
            return inputs[0]
        return revealed(self._carries.at(under[frame.frame]), inputs[0], amount, str(args["way"]))

    def _generate(self, inputs: Sequence[torch.Tensor], args: Arguments, frame: FrameContext) -> torch.Tensor:
        positive, negative = self._both(frame.frame)
        how = sampling(args)
        return self._engine().generate(positive, negative, how, height=frame.height, width=frame.width)

    def _diffuse(self, inputs: Sequence[torch.Tensor], args: Arguments, frame: FrameContext) -> torch.Tensor:
        positive, negative = self._both(frame.frame)
        strength = number(args, "strength")
        return self._engine().diffuse(inputs[0], positive, negative, sampling(args), strength=strength)

    def _both(self, frame: int) -> tuple[torch.Tensor, torch.Tensor]:
        return self._told.at(frame, "prompt"), self._told.at(frame, "negative")


def sampling(args: Arguments) -> Sampling:
    """The sampling arguments of a `generate` or `diffuse` node; steps round to a whole number, at least 1."""
    return Sampling(
        steps=max(1, round(number(args, "steps"))),
        cfg_scale=number(args, "cfg_scale"),
        sampler=str(args["sampler"]),
        seed=number(args, "seed"),
    )
