"""Makes a plan's frames: in the order they need each other, those that the store lacks, none twice."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray

from anim_compiler.frame_table import frame_table
from anim_compiler.plan import FrameKind, Morph
from anim_runtime.batches import room
from anim_runtime.carries import Carries, from_picture, quantised, restored, to_picture
from anim_runtime.conditioning import Conditionings
from anim_runtime.depth import library as depth_models
from anim_runtime.depth.record import parted
from anim_runtime.determinism import deterministic
from anim_runtime.diffusion.engine import Engine, fingerprint, load_engine
from anim_runtime.diffusion.request import Request
from anim_runtime.digests import environment, run_folder, store_key
from anim_runtime.events import Warned
from anim_runtime.groups import Groups
from anim_runtime.heap import kept_heap
from anim_runtime.job import Job, Tally
from anim_runtime.kept import Kept
from anim_runtime.luts import Luts
from anim_runtime.ops import KERNELS
from anim_runtime.ops.kernel import FrameContext
from anim_runtime.problems import RenderProblem
from anim_runtime.program import Program, Tools, Walk
from anim_runtime.schedule import Call, calls
from anim_runtime.sources import Sources
from anim_runtime.spent import Spent, settler
from anim_runtime.store import Store
from anim_runtime.telling import Telling
from anim_runtime.together import together
from anim_runtime.working import limits, makers, scene_places, side_by_side, twins_of, work, working_order
from anim_runtime.writer import Writer

GO_ON = "run the same command again to go on: what is done stays done"
_FULL = (torch.OutOfMemoryError, MemoryError)


class Frames:
    """The frames of one job."""

    def __init__(self, job: Job, tally: Tally) -> None:
        self._job = job
        self._tally = tally
        self._device = torch.device(job.device)
        self._spent = Spent(settler(job.device))
        self._loaded: Engine | None = None
        self._room: int | None = None
        self._store = Store(job.cache, job.cap_bytes)
        self._table = frame_table(job.plan, job.columns)
        engine = fingerprint(job.plan.model, self._device) + depth_models.fingerprint(
            job.plan, job.root, job.cache
        )
        self._where = environment(engine, job.device)
        self._keys = tuple(store_key(recipe, self._where) for recipe in self._table.recipes)
        self._store.hold(self._keys)
        self._carries = Carries(self._store, self._keys.__getitem__, self._device, job.plan.height)
        self._places = scene_places(job.plan)
        self._makers = makers(working_order(job.plan, self._table), self._keys)
        self._twins = twins_of(self._makers)
        self._luts = Luts(job.plan, job.root, self._device)
        self._sources = self._make_sources()
        self._programs = self._compile()
        self._telling = Telling(job, self._table)
        self._heard: Callable[[int], None] = lambda frame: None
        self._half_done: dict[int, dict[str, float]] = {}

    def make(self, heard: Callable[[int], None] = lambda frame: None) -> None:
        """Make every frame that the store lacks; RenderProblem if one cannot be made or the user stops.

        `heard` hears of each frame that is there.
        """
        self._heard = heard
        made = self._job.plan.made
        stored = frozenset(f for f in range(made) if self._store.has(self._keys[f]))
        missing = [f for f in range(made) if f not in stored and self._makers[f] == f]
        self._telling.planned(missing, self._batch(missing) if missing else 1)
        for frame in sorted(stored):
            self._tally.reused += 1
            self._telling.reused(frame)
            heard(frame)
        if not missing:
            return
        writer = Writer(self._store)
        try:
            with torch.inference_mode(), deterministic(self._job.device), kept_heap():
                self._make(set(stored), writer)
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
        picture, _ = parted(picture, self._job.plan.height)
        if self._program(frame).shows_carry:
            return picture
        with torch.inference_mode(), deterministic(self._job.device):
            carry = restored(from_picture(picture, self._device))
            under = self._table.under[frame]
            beneath = None if under < 0 else self._seen(under, self._carries.at(under))
            return to_picture(quantised(self._seen(frame, carry, beneath)))

    def _seen(self, frame: int, carry: torch.Tensor, beneath: torch.Tensor | None = None) -> torch.Tensor:
        """The shown picture of a frame, float32 `[1,3,H,W]`, from its carry and the one shown beneath it."""
        program = self._program(frame)
        if program.shows_carry:
            return carry
        context = replace(self._context(frame), beneath=beneath)
        (made,) = together([program.shown(carry, context)], self._draw)
        return made

    def _make(self, done: set[int], writer: Writer) -> None:
        plan = self._job.plan
        wanted = work(plan, self._table, self._makers, self._programs, self._sources, self._at_once)
        groups = Groups(run_folder(self._job.cache, plan), self._where)
        groups.plan(wanted, [f for f in wanted.order if f not in done and self._makers[f] == f])
        own = (f for f, maker in enumerate(self._makers) if f == maker and f not in done)
        self._carries.expect(wanted.needs[f] for f in own)
        while True:
            for call in calls(groups.planned, done, wanted.needs):
                self._stop_if_asked()
                if not self._group(call, writer):
                    smaller = max(1, len(call.group) // 2)
                    groups.split(done, smaller)
                    self._telling.smaller(len(call.group), smaller)
                    break
                done.update(call.frames)
                for frame in call.frames:
                    self._carries.read(wanted.needs[frame])
            else:
                return

    def _group(self, call: Call, writer: Writer) -> bool:
        """Make the frames of a call; False if they do not fit in memory together."""
        start = time.perf_counter()
        self._telling.started(call.frames)
        carries = self._carried(call)
        if carries is None:
            return False
        with self._spent.stage("write"):
            for frame, carry in zip(call.frames, carries, strict=True):
                writer.write(frame, self._keys[frame], self._carries.keep(frame, carry))
        taken = self._spent.take()
        taken["other"] = max(0.0, time.perf_counter() - start - sum(taken.values()))
        share = {stage: round(seconds / len(carries), 6) for stage, seconds in taken.items()}
        self._half_done |= {frame: dict(share) for frame in call.frames}
        self._settle(writer)
        return True

    def _carried(self, call: Call) -> list[torch.Tensor] | None:
        """The carries of a call's frames, each at its place in the group; None if a batch does not fit."""
        try:
            return together(self._walks(call), self._draw)
        except _FULL:
            # what a failed attempt held is free by now
            if self._device.type == "cuda":
                torch.cuda.empty_cache()
        if len(call.group) > 1:
            return None
        try:
            return together(self._walks(call), self._draw)
        except _FULL as error:
            hint = f"make `size` smaller or close other programs, then {GO_ON}"
            message = f"there is not enough memory for frame {call.frames[0]}"
            raise RenderProblem(message, hint, 5) from error

    def _walks(self, call: Call) -> list[Walk | None]:
        wanted = frozenset(call.frames)
        return [self._program(f).carry(self._context(f)) if f in wanted else None for f in call.group]

    def _draw(self, requests: Sequence[Request]) -> list[torch.Tensor]:
        return self._engine().draw(requests)

    def _settle(self, writer: Writer, *, all_of_them: bool = False) -> None:
        start = time.perf_counter()
        for frame in writer.done(all_of_them=all_of_them):
            waited = time.perf_counter() - start
            spent = self._half_done.pop(frame, {})
            spent["write"] = round(spent.get("write", 0.0) + waited, 6)
            start = time.perf_counter()
            self._telling.made(frame, spent, self._passes(frame))
            twins = self._twins.get(frame, ())
            for twin in twins:
                self._telling.reused(twin)
            for there in (frame, *twins):
                self._heard(there)
            self._tally.made += 1 + len(twins)
            self._tally.add({**spent, "journal": time.perf_counter() - start})
            start = time.perf_counter()

    def _passes(self, frame: int) -> int:
        """The pictures that went through the denoiser for a frame."""
        return sum(self._sources.passes(op, at(frame)) for op, at in self._program(frame).asks)

    def _stop_if_asked(self) -> None:
        if self._job.should_stop():
            done = self._tally.reused + self._tally.made + len(self._half_done)
            raise RenderProblem(f"stopped with {done} of {self._job.plan.made} frames done", GO_ON, 130)

    def _batch(self, missing: Sequence[int]) -> int:
        """How many of these frames pass the model at once where most of them do."""
        independent = side_by_side(self._job.plan, missing)
        if independent == 1:
            return 1
        return min(independent, max(said or self._at_once() for said in limits(self._job.plan)))

    def _at_once(self) -> int:
        """How many frames may pass the model at once where the film does not say."""
        if self._room is None:
            plan = self._job.plan
            self._room = room(self._device, plan.width, plan.height, self._engine)
        return self._room

    def _engine(self) -> Engine:
        if self._loaded is None:
            start = time.perf_counter()
            self._loaded = load_engine(
                self._job.plan.model, self._job.device, root=self._job.root, spent=self._spent
            )
            self._spent.add("model", time.perf_counter() - start)
        return self._loaded

    def _make_sources(self) -> Sources:
        plan, columns = self._job.plan, self._job.columns
        told = Conditionings(plan.prompts, columns, lambda text: self._engine().encode(text), self._morph)
        return Sources(
            plan,
            self._table,
            self._job.root,
            self._carries,
            told,
            lambda text: self._engine().tokens(text),
            lambda said: self._job.tell(Warned(at=time.time(), message=said)),
        )

    def _compile(self) -> dict[tuple[int, FrameKind], Program]:
        sources = self._sources
        kernels = {**KERNELS, **sources.kernels()}
        tools = Tools(self._job.columns, kernels, sources.asks(), self._spent, Kept())
        return {
            (index, kind): Program(template, index, tools)
            for index, scene in enumerate(self._job.plan.scenes)
            for kind, template in scene.templates.items()
        }

    def _program(self, frame: int) -> Program:
        return self._programs[self._places[frame][0], self._table.kinds[frame]]

    def _morph(self, frame: int) -> Morph:
        return self._job.plan.scenes[self._places[frame][0]].morph

    def _context(self, frame: int) -> FrameContext:
        plan = self._job.plan
        place = self._places[frame][1]
        return FrameContext(frame, plan.width, plan.height, self._device, place, tables=self._luts)
