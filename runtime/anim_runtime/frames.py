"""Makes a plan's frames: in the order they need each other, those that the store lacks, none twice."""

from __future__ import annotations

import time

import numpy as np
import torch
from numpy.typing import NDArray

from anim_compiler.plan import FrameKind, Morph, Plan
from anim_runtime.carries import Carries, from_picture, quantised, restored, to_picture
from anim_runtime.conditioning import Conditionings
from anim_runtime.determinism import deterministic
from anim_runtime.diffusion.engine import Engine, fingerprint, load_engine
from anim_runtime.digests import environment, store_key
from anim_runtime.events import FrameDone, FrameStarted, Planned
from anim_runtime.job import Job, Tally
from anim_runtime.ops import KERNELS
from anim_runtime.ops.kernel import FrameContext
from anim_runtime.problems import RenderProblem
from anim_runtime.program import Program
from anim_runtime.sources import Sources
from anim_runtime.spent import Spent, settler
from anim_runtime.store import Store
from anim_runtime.writer import Writer

GO_ON = "run the same command again to go on: what is done stays done"


def scene_places(plan: Plan) -> dict[int, tuple[int, int]]:
    """The scene of every frame, and the frame's number in it."""
    return {f: (index, place) for index, s in enumerate(plan.scenes) for place, f in enumerate(s.frames)}


def working_order(plan: Plan) -> tuple[int, ...]:
    """The frames in the order they can be made: a tween comes after the later of its two ends.

    With cadence 3: 0, 3, 1, 2, 6, 4, 5. A scene is done before the one it shows through begins.
    """

    places = scene_places(plan)

    def turn(frame: int) -> tuple[tuple[int, int], bool, int]:
        tween = plan.kinds[frame] == "tween"
        return (places[plan.after[frame] if tween else frame], tween, frame)

    return tuple(sorted(range(plan.made), key=turn))


class Frames:
    """The frames of one job."""

    def __init__(self, job: Job, tally: Tally) -> None:
        self._job = job
        self._tally = tally
        self._device = torch.device(job.device)
        self._spent = Spent(settler(job.device))
        self._loaded: Engine | None = None
        self._store = Store(job.cache, job.cap_bytes)
        where = environment(fingerprint(job.plan.model, self._device), job.device)
        self._keys = tuple(store_key(recipe, where) for recipe in job.plan.recipes)
        self._store.hold(self._keys)
        self._carries = Carries(self._store, self._keys.__getitem__, self._device)
        self._places = scene_places(job.plan)
        self._programs = self._compile()
        self._half_done: dict[int, dict[str, float]] = {}

    def make(self) -> None:
        """Make every frame that the store lacks; RenderProblem if one cannot be made or the user stops."""
        plan = self._job.plan
        stored = frozenset(f for f in range(plan.made) if self._store.has(self._keys[f]))
        self._tell_planned(stored)
        for frame in sorted(stored):
            self._tally.reused += 1
            self._job.tell(FrameDone(at=time.time(), frame=frame, how="reused", recipe=plan.recipes[frame]))
        missing = [f for f in working_order(plan) if f not in stored]
        writer = Writer(self._store)
        try:
            with torch.inference_mode(), deterministic(self._job.device):
                for frame in missing:
                    self._stop_if_asked()
                    self._one(frame, writer)
        finally:
            try:
                self._settle(writer, all_of_them=True)
            finally:
                writer.close()

    def shown(self, frame: int) -> NDArray[np.uint16]:
        """The picture that is shown at a frame that is made, uint16 `[H,W,3]`, RGB."""
        picture = self._store.get(self._keys[frame])
        if picture is None:
            raise RenderProblem(f"frame {frame} went missing from the store", GO_ON, 2)
        program = self._program(frame)
        if program.shows_carry:
            return picture
        with torch.inference_mode(), deterministic(self._job.device):
            carry = restored(from_picture(picture, self._device))
            return to_picture(quantised(program.shown(carry, self._context(frame))))

    def _one(self, frame: int, writer: Writer) -> None:
        start = time.perf_counter()
        self._job.tell(FrameStarted(at=time.time(), frame=frame))
        carry = self._carry(frame)
        with self._spent.stage("write"):
            writer.write(frame, self._keys[frame], self._carries.keep(frame, carry))
        taken = self._spent.take()
        taken["other"] = round(max(0.0, time.perf_counter() - start - sum(taken.values())), 6)
        self._half_done[frame] = taken
        self._settle(writer)

    def _carry(self, frame: int) -> torch.Tensor:
        program, context = self._program(frame), self._context(frame)
        try:
            return program.carry(context)
        except (torch.OutOfMemoryError, MemoryError):
            # what a failed attempt held is free by now; a second failure means that it does not fit
            if self._device.type == "cuda":
                torch.cuda.empty_cache()
        try:
            return program.carry(context)
        except (torch.OutOfMemoryError, MemoryError) as error:
            hint = f"make `size` smaller or close other programs, then {GO_ON}"
            raise RenderProblem(f"there is not enough memory for frame {frame}", hint, 5) from error

    def _settle(self, writer: Writer, *, all_of_them: bool = False) -> None:
        start = time.perf_counter()
        for frame in writer.done(all_of_them=all_of_them):
            waited = time.perf_counter() - start
            spent = self._half_done.pop(frame, {})
            spent["write"] = round(spent.get("write", 0.0) + waited, 6)
            start = time.perf_counter()
            self._tell_done(frame, spent)
            self._tally.made += 1
            self._tally.add({**spent, "journal": time.perf_counter() - start})
            start = time.perf_counter()

    def _tell_done(self, frame: int, spent: dict[str, float]) -> None:
        plan = self._job.plan
        how, recipe = plan.kinds[frame], plan.recipes[frame]
        self._job.tell(FrameDone(at=time.time(), frame=frame, how=how, recipe=recipe, spent=spent))

    def _stop_if_asked(self) -> None:
        if self._job.should_stop():
            done = self._tally.reused + self._tally.made + len(self._half_done)
            raise RenderProblem(f"stopped with {done} of {self._job.plan.made} frames done", GO_ON, 130)

    def _tell_planned(self, stored: frozenset[int]) -> None:
        plan = self._job.plan
        missing = [plan.kinds[f] for f in range(plan.made) if f not in stored]
        tweens = missing.count("tween")
        self._job.tell(
            Planned(
                at=time.time(),
                name=plan.name,
                frames=plan.made,
                width=plan.width,
                height=plan.height,
                fps=plan.fps,
                reused=len(stored),
                diffused=len(missing) - tweens,
                tweens=tweens,
                model=plan.model.reference,
                device=self._job.device,
            )
        )

    def _engine(self) -> Engine:
        if self._loaded is None:
            start = time.perf_counter()
            self._loaded = load_engine(
                self._job.plan.model, self._job.device, root=self._job.root, spent=self._spent
            )
            self._spent.add("model", time.perf_counter() - start)
        return self._loaded

    def _compile(self) -> dict[tuple[int, FrameKind], Program]:
        plan, columns = self._job.plan, self._job.columns
        told = Conditionings(plan.prompts, columns, lambda text: self._engine().encode(text), self._morph)
        sources = Sources(plan, self._job.root, self._carries, told, self._engine)
        kernels = {**KERNELS, **sources.kernels()}
        return {
            (index, kind): Program(template, columns, kernels, self._spent)
            for index, scene in enumerate(plan.scenes)
            for kind, template in scene.templates.items()
        }

    def _program(self, frame: int) -> Program:
        return self._programs[self._places[frame][0], self._job.plan.kinds[frame]]

    def _morph(self, frame: int) -> Morph:
        return self._job.plan.scenes[self._places[frame][0]].morph

    def _context(self, frame: int) -> FrameContext:
        plan = self._job.plan
        return FrameContext(frame, plan.width, plan.height, self._device, self._places[frame][1])
