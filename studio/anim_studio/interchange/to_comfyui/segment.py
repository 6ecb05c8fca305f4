"""A range of frames as a workflow."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from anim_compiler.film import Shot
from anim_studio.interchange.exported import Exporting
from anim_studio.interchange.imported import Fate, Remark
from anim_studio.interchange.to_comfyui import controls, loading
from anim_studio.interchange.to_comfyui.conditioning import encoded, worded
from anim_studio.interchange.to_comfyui.sampled import TITLES, init_of, latent, sampled
from anim_studio.interchange.to_comfyui.workflow import Link, Workflow
from anim_studio.interchange.to_deforum.part import Part
from anim_studio.interchange.to_prompts import BOTH, Mix, Which, told_at
from anim_studio.interchange.to_texts import is_straight, key_frames, listed

_OF_CONTROLS = ("weight", "start", "end")
_NUMBERS = ("diffuse.steps", "diffuse.cfg_scale", "diffuse.strength", "diffuse.clip_skip")


@dataclass(frozen=True, slots=True)
class Segment:
    """A range of frames, drawn as one batch."""

    film: Exporting
    part: Part

    @property
    def frame(self) -> int:
        """The frame whose numbers stand for all."""
        return self.part.first

    @property
    def shot(self) -> Shot:
        """The first scene of it."""
        return self.part.shots[0][0]

    def workflow(self) -> Workflow:
        """Its nodes."""
        film, frame, shot, flow = self.film, self.frame, self.shot, Workflow()
        parts = loading.loaded(flow, film, shot, frame)
        positive, negative = (self._schedule(flow, parts.clip, which) for which in BOTH)
        init = init_of(film, shot)
        drawn = None if init is None else loading.picture(flow, film, init, "First picture")
        prompts = controls.controlled(flow, film, shot, frame, (positive, negative), drawn)
        start_from = latent(flow, film, parts, drawn, self.part.frames)
        title = f"Frames {frame} to {self.part.end - 1}"
        return sampled(flow, film, frame, parts, prompts, start_from, title, is_new=init is None)

    def _schedule(self, flow: Workflow, clip: Link, which: Which) -> Link:
        """A prompt schedule of FizzNodes; a prompt that never changes needs none."""
        rows = told_at(self.film, which, self.film.rows)
        title = TITLES[which]
        mixes: set[Mix] = {one.mix for one in rows}
        if len(mixes) == 1:
            return encoded(flow, self.film, clip, mixes.pop(), title)
        keys = {str(frame): worded(listed(mix), self.film) for frame, mix in key_frames(rows)}
        text = json.dumps(keys, ensure_ascii=False, indent=0)[1:-1].strip()
        number = flow.add(
            "BatchPromptSchedule",
            f"{title}, by frames",
            text=text,
            clip=clip,
            max_frames=self.part.frames,
            print_output=False,
            pre_text="",
            app_text="",
            start_frame=0,
            end_frame=0,
            pw_a=0.0,
            pw_b=0.0,
            pw_c=0.0,
            pw_d=0.0,
        )
        return number, 0

    def remarks(self) -> Iterator[Remark]:
        """What a batch is not."""
        film = self.film
        says = (
            "every frame is drawn by itself: put AnimateDiff's loader between model and KSampler to join them"
        )
        yield Remark(Fate.LOST, "frames", says)
        if len(self.part.shots) > 1:
            says = "all is drawn as the first one, with the prompts of each: write one, with `--scene`"
            yield Remark(Fate.LOST, "scenes", says)
        worn = (f"lora.{one.name}.weight" for one in self.shot.loras)
        shown = (f"control.{one.name}.{name}" for one in self.shot.controls for name in _OF_CONTROLS)
        moving = [name for name in (*_NUMBERS, *worn, *shown) if np.ptp(self.part.column(name))]
        if moving:
            yield Remark(Fate.LOST, ", ".join(moving), "a batch has one number: that of its first frame")
        if any(shot.camera is not None for shot, _, _ in self.part.shots):
            yield Remark(Fate.LOST, "camera", "nothing moves the pictures")
        said = told_at(film, "prompt", film.rows)
        if len({one.mix for one in said}) > 1:
            yield Remark(Fate.CHANGED, "prompt", "it needs FizzNodes: install `ComfyUI_FizzNodes`")
            if not is_straight(said):
                yield Remark(
                    Fate.CHANGED,
                    "prompt.morph",
                    "texts melt at one speed, and numbers in them stand meanwhile",
                )
        init = init_of(film, self.shot)
        if init is not None:
            yield Remark(Fate.CHANGED, f"`{init}`", "put it into ComfyUI's folder `input`")
