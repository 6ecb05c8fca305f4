"""One frame of a film as a workflow."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from anim_compiler.film import Shot
from anim_studio.interchange.exported import Exporting
from anim_studio.interchange.imported import Fate, Remark
from anim_studio.interchange.to_comfyui import controls, loading
from anim_studio.interchange.to_comfyui.conditioning import encoded
from anim_studio.interchange.to_comfyui.sampled import TITLES, init_of, latent, sampled, shot_of
from anim_studio.interchange.to_comfyui.workflow import Workflow
from anim_studio.interchange.to_pictures import stands_alone
from anim_studio.interchange.to_prompts import BOTH, told_at


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame: its noise, or the picture that it is drawn from."""

    film: Exporting
    frame: int

    @property
    def shot(self) -> Shot:
        """The scene that shows it."""
        return shot_of(self.film, self.frame)

    @property
    def start(self) -> str | None:
        """The picture that it is drawn from, in ComfyUI's folder `input`; None is noise alone."""
        scene = next(s for s in self.film.plan.scenes if s.start <= self.frame < s.end)
        if stands_alone(self.shot) or float(self.film.columns["diffuse.strength"][self.frame]) >= 1.0:
            return None
        if self.frame == scene.start and self.shot.transition.kind != "continue":
            return init_of(self.film, self.shot)
        if self.shot.source is not None:
            return f"{self.film.stem}-source-{self.frame:05}.png"
        before = int(self.film.columns["frames.before"][self.frame])
        return f"{self.film.stem}-{before:05}.png" if before >= 0 else None

    def workflow(self) -> Workflow:
        """Its nodes."""
        film, frame, shot, flow = self.film, self.frame, self.shot, Workflow()
        parts = loading.loaded(flow, film, shot, frame)
        mixes = {which: told_at(film, which, (frame,))[0].mix for which in BOTH}
        positive, negative = (encoded(flow, film, parts.clip, mixes[one], TITLES[one]) for one in BOTH)
        start = self.start
        drawn = None if start is None else loading.picture(flow, film, start, "Picture that it is drawn from")
        prompts = controls.controlled(flow, film, shot, frame, (positive, negative), drawn)
        start_from = latent(flow, film, parts, drawn, 1)
        return sampled(flow, film, frame, parts, prompts, start_from, f"Frame {frame}", is_new=start is None)

    def remarks(self) -> Iterator[Remark]:
        """What else is to be done for it."""
        film, start = self.film, self.start
        if film.ranges and self.frame != film.ranges[0][0]:
            says = f"no model draws it: it is moved and mixed; this is frame {self.frame}, which is drawn"
            yield Remark(Fate.CHANGED, f"frame {film.ranges[0][0]}", says)
        if start is None:
            return
        own = init_of(film, self.shot)
        is_init = start == own
        says = (
            "put it into ComfyUI's folder `input`"
            if is_init
            else "the picture before it, moved by the camera: put it into ComfyUI's folder `input`"
        )
        yield Remark(Fate.CHANGED, f"`{start}`", says)
