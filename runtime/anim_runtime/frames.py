"""Makes a plan's frames: in the order they need each other, those that the store lacks, none twice."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from anim_runtime.batches import room
from anim_runtime.determinism import deterministic
from anim_runtime.diffusion.engine import Engine, load_engine
from anim_runtime.diffusion.setup import Setup, every_setup
from anim_runtime.digests import run_folder
from anim_runtime.events import Loaded, Warned
from anim_runtime.exhausted import is_out_of_memory
from anim_runtime.groups import Groups
from anim_runtime.heap import kept_heap
from anim_runtime.job import Job, Tally
from anim_runtime.maker import FrameMaker, Means
from anim_runtime.problems import RenderProblem
from anim_runtime.schedule import Call, calls
from anim_runtime.spent import Spent, clock_of
from anim_runtime.store import Store
from anim_runtime.telling import Telling
from anim_runtime.working import limits, makers, side_by_side, twins_of, work, working_order
from anim_runtime.writer import Writer

ENGINES = 2
"""Models that are held at one time in a film that changes between several; the one used longest ago goes."""

GO_ON = "run the same command again to go on: what is done stays done"


class Frames:
    """The frames of one job."""

    def __init__(self, job: Job, tally: Tally) -> None:
        self._job = job
        self._tally = tally
        self._spent = Spent(clock_of(job.device))
        self._loaded: OrderedDict[Setup, Engine] = OrderedDict()
        self._room: int | None = None
        self._store = Store(job.cache, job.cap_bytes)
        self._maker = FrameMaker(job.plan, job.columns, self._means())
        self._keys, self._table = self._maker.keys, self._maker.table
        self._carries = self._maker.carries
        self._store.hold(self._keys)
        self._makers = makers(working_order(job.plan, self._table), self._keys)
        self._twins = twins_of(self._makers)
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
        writer = Writer(self._store, self._maker.settle)
        try:
            with torch.inference_mode(), deterministic(self._job.device), kept_heap():
                self._make(set(stored), writer)
        finally:
            try:
                self._settle(writer, all_of_them=True)
                self._tally.add(self._spent.take(all_of_it=True))
            finally:
                writer.close()

    def shown(self, frame: int) -> NDArray[np.uint16]:
        """The picture that is shown at a frame that is made, uint16 `[H,W,3]`, RGB."""
        picture = self._store.get(self._keys[frame])
        if picture is None:
            raise RenderProblem(f"frame {frame} went missing from the store", GO_ON, 2)
        return self._maker.shown(frame, picture)

    def _make(self, done: set[int], writer: Writer) -> None:
        plan = self._job.plan
        maker = self._maker
        wanted = work(plan, self._table, self._makers, maker.programs, maker.sources, self._at_once)
        groups = Groups(run_folder(self._job.cache, plan), maker.where)
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
            return self._maker.carried(call.group, call.frames)
        except Exception as error:
            if not is_out_of_memory(error):
                raise
            # what a failed attempt held is free by now
            if self._maker.device.type == "cuda":
                torch.cuda.empty_cache()
        return None if len(call.group) > 1 else self._with_less(call)

    def _with_less(self, call: Call) -> list[torch.Tensor]:
        """The carry of a call of one frame, tried again as it was, and then with ever less of a model on the
        device; RenderProblem (exit code 5) if nothing helps.
        """
        while True:
            try:
                return self._maker.carried(call.group, call.frames)
            except Exception as error:
                if not is_out_of_memory(error):
                    raise
                said = self._maker.save()
                if not said:
                    hint = f"make `size` smaller or close other programs, then {GO_ON}"
                    message = f"there is not enough memory for frame {call.frames[0]}"
                    raise RenderProblem(message, hint, 5) from error
            if self._maker.device.type == "cuda":
                torch.cuda.empty_cache()
            self._warn(f"there is not enough memory; from here on: {said}")

    def _settle(self, writer: Writer, *, all_of_them: bool = False) -> None:
        start = time.perf_counter()
        for frame in writer.done(all_of_them=all_of_them):
            waited = time.perf_counter() - start
            spent = self._half_done.pop(frame, {})
            spent["write"] = round(spent.get("write", 0.0) + waited, 6)
            start = time.perf_counter()
            self._telling.made(frame, spent, self._maker.passes(frame))
            twins = self._twins.get(frame, ())
            for twin in twins:
                self._telling.reused(twin)
            for there in (frame, *twins):
                self._heard(there)
            self._tally.made += 1 + len(twins)
            self._tally.add({**spent, "journal": time.perf_counter() - start})
            start = time.perf_counter()

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
            first = every_setup(plan)[0]
            self._room = room(self._maker.device, plan.width, plan.height, lambda: self._engine(first))
        return self._room

    def _engine(self, setup: Setup) -> Engine:
        if setup not in self._loaded:
            start = time.perf_counter()
            job = self._job
            engine = self._loaded[setup] = load_engine(
                setup,
                job.device,
                root=job.root,
                library=job.library,
                cache=job.cache,
                spent=self._spent,
                speed=job.speed,
                pixels=job.plan.width * job.plan.height,
            )
            engine.tell = self._warn
            if engine.line:
                job.tell(Loaded(at=time.time(), model=setup.model.reference, memory=engine.line))
            self._spent.add("model", time.perf_counter() - start)
            if len(self._loaded) > ENGINES:
                self._loaded.popitem(last=False)
        self._loaded.move_to_end(setup)
        return self._loaded[setup]

    def _warn(self, said: str) -> None:
        self._job.tell(Warned(at=time.time(), message=said))

    def _means(self) -> Means:
        job = self._job
        return Means(
            job.root,
            job.cache,
            job.device,
            self._store,
            self._engine,
            self._warn,
            self._spent,
            library=job.library,
        )
