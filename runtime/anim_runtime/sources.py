"""What is not pixels to pixels: stored pictures, the film's images, and what the model is asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import torch

from anim_compiler.frame_table import FrameTable
from anim_compiler.plan import Plan
from anim_runtime.carries import Carries
from anim_runtime.conditioning import Conditionings
from anim_runtime.cutouts import Cutouts, premultiplied
from anim_runtime.depth.sources import DepthSources
from anim_runtime.diffusion.request import Request, Sampling, steps_at
from anim_runtime.media import media_path
from anim_runtime.ops.compose import revealed
from anim_runtime.ops.kernel import Arguments, FrameContext, Kernel, number
from anim_runtime.pictures import load_image
from anim_runtime.program import Ask
from anim_runtime.videos import Videos

#: the tracks of prompts that an op reads unless it has its own
PROMPT, NEGATIVE = "prompt", "negative"


class Kind(NamedTuple):
    """What is known of a request before it is made: frames of one kind may be drawn together."""

    sampler: str
    steps: int
    taken: int
    guided: bool
    tokens: int
    #: whether it may have holes that are drawn further than the rest
    filled: bool


class Image(NamedTuple):
    """A picture of the film by its file's content, at a size in px."""

    sha256: str
    width: int
    height: int


class Sources:
    """What a plan's frames are made from, as kernels named like their ops, and as requests.

    `tokens` counts a text's tokens in the model's conditioning; `warn` takes what the user should know;
    `images` are those that are loaded already, on the device.
    """

    def __init__(
        self,
        plan: Plan,
        table: FrameTable,
        root: Path,
        carries: Carries,
        told: Conditionings,
        tokens: Callable[[str], int],
        warn: Callable[[str], None] = lambda said: None,
        images: MutableMapping[Image, torch.Tensor] | None = None,
    ) -> None:
        self._table = table
        self._root = root
        self._carries = carries
        self._depths = DepthSources(root, carries, table)
        self._told = told
        self._tokens = tokens
        self._media = {media.name: media for media in plan.media if media.kind == "image"}
        self._scene_start = {f: scene.start for scene in plan.scenes for f in scene.frames}
        self._images: MutableMapping[Image, torch.Tensor] = {} if images is None else images
        self._cutouts = Cutouts(partial(_path_of, plan, root), told.text)
        #: the film's clips
        self.videos = Videos(plan.media, root, warn)

    def kernels(self) -> Mapping[str, Kernel]:
        """The kernels by op."""
        return {
            "previous": self._previous,
            "next": self._next,
            "first": self._first,
            "init": self._image,
            "still": self._image,
            "clip": self._clip,
            "cutout": self._cutouts.picture,
            "title": self._cutouts.title,
            "reveal": self._reveal,
            **self._depths.kernels(),
        }

    def asks(self) -> Mapping[str, Ask]:
        """What the model is asked, by op."""
        return {"generate": self._generate, "diffuse": self._diffuse}

    def takes_steps(self, op: str, args: Arguments) -> bool:
        """Whether the model does anything: `diffuse` leaves the picture as it is where no step is taken."""
        return _taken(op, args) > 0

    def passes(self, op: str, args: Arguments) -> int:
        """The pictures that go through the denoiser for a node: one a step, two where there is guidance."""
        return _taken(op, args) * (2 if sampling(args).cfg_scale != 1.0 else 1)

    def kind(self, op: str, args: Arguments, frame: int) -> Kind:
        """What is known of the request of a node at a frame before it is made."""
        how = sampling(args)
        guided = how.cfg_scale != 1.0
        tracks = (_track(args, PROMPT), _track(args, NEGATIVE))[: 2 if guided else 1]
        tokens = max(self._tokens(text) for track in tracks for text in self._told.texts(frame, track))
        return Kind(how.sampler, how.steps, _taken(op, args), guided, tokens, "fill_strength" in args)

    def _previous(self, inputs: Sequence[torch.Tensor], args: Arguments, frame: FrameContext) -> torch.Tensor:
        return self._carries.at(self._table.before[frame.frame])

    def _next(self, inputs: Sequence[torch.Tensor], args: Arguments, frame: FrameContext) -> torch.Tensor:
        return self._carries.at(self._table.after[frame.frame])

    def _first(self, inputs: Sequence[torch.Tensor], args: Arguments, frame: FrameContext) -> torch.Tensor:
        return self._carries.at(self._scene_start[frame.frame])

    def _image(self, inputs: Sequence[torch.Tensor], args: Arguments, frame: FrameContext) -> torch.Tensor:
        media = self._media[str(args["name"])]
        key = Image(media.sha256, frame.width, frame.height)
        found = self._images.get(key)
        if found is None:
            path = media_path(media, self._root)
            found = self._images[key] = load_image(path, frame.width, frame.height).to(frame.device)
        return found

    def _clip(self, inputs: Sequence[torch.Tensor], args: Arguments, frame: FrameContext) -> torch.Tensor:
        if args["fit"] == "own":
            return premultiplied(self.videos.own_size(str(args["name"]), number(args, "at"))).to(frame.device)
        found = self.videos.picture(
            str(args["name"]), number(args, "at"), frame.width, frame.height, str(args["fit"])
        )
        return found.to(frame.device)

    def _reveal(self, inputs: Sequence[torch.Tensor], args: Arguments, frame: FrameContext) -> torch.Tensor:
        """The picture over the one of the scene before that still shows at this frame."""
        amount = number(args, "amount")
        if amount == 1.0 or frame.beneath is None:
            return inputs[0]
        return revealed(frame.beneath, inputs[0], amount, str(args["way"]))

    def _generate(self, inputs: Sequence[torch.Tensor], args: Arguments, frame: FrameContext) -> Request:
        return Request(*self._both(args, frame.frame), sampling(args), frame.height, frame.width)

    def _diffuse(self, inputs: Sequence[torch.Tensor], args: Arguments, frame: FrameContext) -> Request:
        positive, negative = self._both(args, frame.frame)
        how, strength = sampling(args), number(args, "strength")
        image, size = inputs[0], (frame.height, frame.width)
        if len(inputs) == 1:
            return Request(positive, negative, how, *size, image, strength)
        most, hole = max(strength, number(args, "fill_strength")), inputs[1]
        # without a hole there are no steps to take for it
        if most == strength or not bool(hole.any()):
            return Request(positive, negative, how, *size, image, strength)
        strengths = strength + (most - strength) * hole
        return Request(positive, negative, how, *size, image, most, strengths, strength)

    def _both(self, args: Arguments, frame: int) -> tuple[torch.Tensor, torch.Tensor]:
        told = self._told
        return told.at(frame, _track(args, PROMPT)), told.at(frame, _track(args, NEGATIVE))


def _path_of(plan: Plan, root: Path, name: str) -> Path:
    """The file of a still or of a font, which must be what was planned."""
    media = next(m for m in plan.media if m.name == name and m.kind in ("image", "font"))
    return media_path(media, root)


def sampling(args: Arguments) -> Sampling:
    """The sampling arguments of a `generate` or `diffuse` node; steps round to a whole number, at least 1."""
    return Sampling(
        steps=max(1, round(number(args, "steps"))),
        cfg_scale=number(args, "cfg_scale"),
        sampler=str(args["sampler"]),
        seed=number(args, "seed"),
    )


def _taken(op: str, args: Arguments) -> int:
    steps = sampling(args).steps
    if op == "generate":
        return steps
    strength = number(args, "strength")
    most = max(strength, number(args, "fill_strength")) if "fill_strength" in args else strength
    return steps_at(steps, most)


def _track(args: Arguments, name: str) -> str:
    """The track of prompts that a node reads: its argument of that name, else the one called so."""
    return str(args.get(name) or name)
