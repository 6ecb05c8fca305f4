"""What is not pixels to pixels: stored pictures, the film's images, and what the model is asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

import torch

from anim_compiler.drawing.extras import parted
from anim_compiler.frame_table import FrameTable
from anim_compiler.plan import Plan
from anim_runtime.carries import Carries
from anim_runtime.conditioning import Conditionings, Voice
from anim_runtime.cutouts import Cutouts, premultiplied
from anim_runtime.depth.sources import DepthSources
from anim_runtime.diffusion.request import Request, steps_at
from anim_runtime.diffusion.setup import Setup, Setups
from anim_runtime.diffusion.told import longest
from anim_runtime.drawn import acting_hints, hints, lora_weights, sampling, spoken
from anim_runtime.media import media_path
from anim_runtime.ops.compose import revealed
from anim_runtime.ops.hints.pose import Pose, finder
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
    tokens: tuple[int, ...]
    #: whether it may have holes that are drawn further than the rest
    filled: bool
    #: how many of the steps are noise, which LoRAs and controls act, and by which engine
    eta: float | None
    loras: tuple[bool, ...]
    hints: tuple[str, ...]
    setup: Setup
    #: how pictures larger than the model's own are drawn
    large: str


class Image(NamedTuple):
    """A picture of the film by its file's content, at a size in px."""

    sha256: str
    width: int
    height: int


class Sources:
    """What a plan's frames are made from, as kernels named like their ops, and as requests.

    `tokens` counts a text's tokens in the conditioning of the engine of a setup; `warn` takes what the user
    should know; `images` are those that are loaded already, on the device.
    """

    def __init__(
        self,
        plan: Plan,
        table: FrameTable,
        root: Path,
        carries: Carries,
        told: Conditionings,
        tokens: Callable[[str, Setup], tuple[int, ...]],
        warn: Callable[[str], None] = lambda said: None,
        images: MutableMapping[Image, torch.Tensor] | None = None,
        library: Path | None = None,
    ) -> None:
        self._table = table
        self._root = root
        self._carries = carries
        self._depths = DepthSources(root, carries, table, library)
        self._pose = Pose(finder(library))
        self._told = told
        self._tokens = tokens
        self._setups = Setups(plan)
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
            "hint_pose": self._pose.hint_pose,
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
        setup = self._setups.of(args)
        texts = (text for track in tracks for text in self._told.texts(frame, track))
        tokens = longest([self._tokens(text, setup) for text in texts])
        acting = tuple(weight != 0.0 for weight in lora_weights(args, setup))
        return Kind(
            how.sampler,
            how.steps,
            _taken(op, args),
            guided,
            tokens,
            "fill_strength" in args,
            how.eta,
            acting,
            acting_hints(args),
            setup,
            how.large,
        )

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
        return self._asked(inputs, args, frame)

    def _diffuse(self, inputs: Sequence[torch.Tensor], args: Arguments, frame: FrameContext) -> Request:
        strength, (drawn, _) = number(args, "strength"), parted(inputs, args)
        asked = replace(self._asked(inputs, args, frame), image=drawn[0], strength=strength)
        if len(drawn) == 1:
            return asked
        most, hole = max(strength, number(args, "fill_strength")), drawn[1]
        # without a hole there are no steps to take for it
        if most == strength or not bool(hole.any()):
            return asked
        strengths = strength + (most - strength) * hole
        return replace(asked, strength=most, strengths=strengths, least=strength)

    def _asked(self, inputs: Sequence[torch.Tensor], args: Arguments, frame: FrameContext) -> Request:
        """What is asked whether there is a picture to draw from or not."""
        setup = self._setups.of(args)
        voice = Voice(setup, spoken(args, setup))
        positive, negative = (
            self._told.at(frame.frame, _track(args, name), voice) for name in (PROMPT, NEGATIVE)
        )
        return Request(
            positive,
            negative,
            sampling(args),
            frame.height,
            frame.width,
            loras=lora_weights(args, setup),
            hints=hints(parted(inputs, args)[1], args),
            setup=setup,
        )


def _path_of(plan: Plan, root: Path, name: str) -> Path:
    """The file of a still or of a font, which must be what was planned."""
    media = next(m for m in plan.media if m.name == name and m.kind in ("image", "font"))
    return media_path(media, root)


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
