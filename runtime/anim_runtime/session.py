"""Runs a plan to its end: one process at a time, every step in the journal, every problem told."""

from __future__ import annotations

import errno
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from anim_compiler.plan import Columns, OutputSpec, Plan
from anim_compiler.plan_file import plan_json
from anim_compiler.whole_file import write_whole
from anim_runtime.digests import run_folder
from anim_runtime.events import Event, Failed, Finished
from anim_runtime.exhausted import is_out_of_memory
from anim_runtime.job import Job, Tally
from anim_runtime.journal import Journal
from anim_runtime.locks import RunLock
from anim_runtime.problems import RenderProblem
from anim_runtime.speed import AS_FITS, Speed
from anim_runtime.store import DEFAULT_CAP

if TYPE_CHECKING:
    from anim_runtime.watching import Watched

#: the exit code of a film whose frames and files are there, and do not keep to what it expects
UNMET = 1

_FULL = frozenset({errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)})


@dataclass(frozen=True, slots=True)
class Rendered:
    """How a render ended. `exit_code` is 0 when every frame and output is there."""

    exit_code: int
    frames: int
    #: frames that the store already had
    reused: int
    #: frames made in this run, with those that are the same picture as one of them
    made: int
    outputs: tuple[Path, ...]
    journal: Path
    seconds: float
    message: str = ""
    hint: str = ""
    #: a sentence for each `expect` of the film that did not hold; the exit code is 1 then
    unmet: tuple[str, ...] = ()


def render(
    plan: Plan,
    columns: Columns,
    *,
    root: Path,
    folder: Path,
    cache: Path,
    device: str,
    emit: Callable[[Event], None],
    should_stop: Callable[[], bool],
    outputs: Sequence[OutputSpec] | None = None,
    cap_bytes: int = DEFAULT_CAP,
    library: Path | None = None,
    speed: Speed = AS_FITS,
) -> Rendered:
    """Render what the store does not have yet, then write the outputs (the plan's unless given).

    Media are read below `root`, models there and in the `library`; outputs are written relative to
    `folder`. `emit` gets every event after the journal has it; `should_stop` is asked between groups of
    frames. What goes wrong for the user is told as a `Failed` event and in the result, not raised.
    """
    started = time.monotonic()
    run, tally = run_folder(cache, plan), Tally()
    try:
        with _disk_problems(), _alone(run), Journal(run / "journal.jsonl") as journal:

            def tell(event: Event) -> None:
                journal.append(event)
                emit(event)

            job = Job(
                plan, columns, root, folder, cache, device, tell, should_stop, cap_bytes, library, speed
            )
            _keep_plan(run, plan)
            with _told(tell), _disk_problems(), _memory_problems():
                found = _work(job, tally, plan.outputs if outputs is None else tuple(outputs))
            done = _with_figures(_ended(plan, run, tally, started), found)
            tell(_finished(done, tally, found))
            return done
    except RenderProblem as problem:
        if not problem.told:
            emit(_failed(problem))
        return _ended(plan, run, tally, started, problem)


def _ended(
    plan: Plan, run: Path, tally: Tally, started: float, problem: RenderProblem | None = None
) -> Rendered:
    return Rendered(
        exit_code=problem.exit_code if problem else 0,
        frames=plan.frames,
        reused=tally.reused,
        made=tally.made,
        outputs=tuple(tally.outputs),
        journal=run / "journal.jsonl",
        seconds=round(time.monotonic() - started, 6),
        message=problem.message if problem else "",
        hint=problem.hint if problem else "",
    )


def _with_figures(done: Rendered, found: Watched) -> Rendered:
    return replace(done, exit_code=UNMET, unmet=found.unmet) if found.unmet else done


def _work(job: Job, tally: Tally, outputs: Sequence[OutputSpec]) -> Watched:
    # torch takes seconds to import: a lock that is taken is told before that
    from anim_runtime.frames import Frames
    from anim_runtime.loop_gap import tell_loop_gap
    from anim_runtime.outputs import check_outputs, write_outputs
    from anim_runtime.watching import Watch

    check_outputs(job, outputs)
    frames = Frames(job, tally)
    watch = Watch(job, frames.shown)
    frames.make(watch.made)
    tell_loop_gap(job, frames.shown)
    write_outputs(job, outputs, watch.shown, tally)
    return watch.ended()


@contextmanager
def _alone(run: Path) -> Iterator[None]:
    """The run's lock, or RenderProblem (exit code 6) with the process that has it."""
    with RunLock(run / "lock") as lock:
        holder = lock.acquire()
        if holder is not None:
            who = f"process {holder.pid}" if holder.pid else "another process"
            hint = "wait for it, or stop it and run this again"
            raise RenderProblem(f"{who} is rendering this film", hint, 6)
        yield


@contextmanager
def _told(tell: Callable[[Event], None]) -> Iterator[None]:
    """Tells of a problem while the journal is open, then lets it pass."""
    try:
        yield
    except RenderProblem as problem:
        with suppress(OSError):  # on a full disk the journal cannot grow either
            tell(_failed(problem))
            problem.told = True
        raise


@contextmanager
def _disk_problems() -> Iterator[None]:
    """Errors of the operating system as problems with exit code 4 (disk full) or 2."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            hint = "make room, then run the same command again: what is done stays done"
            raise RenderProblem("the disk is full", hint, 4) from error
        where = f" `{error.filename}`" if error.filename else ""
        raise RenderProblem(f"a file{where} cannot be used: {error.strerror or error}", "", 2) from error


@contextmanager
def _memory_problems() -> Iterator[None]:
    """Memory that runs out where there is nothing smaller to try, as a problem with exit code 5."""
    try:
        yield
    except Exception as error:
        if not is_out_of_memory(error):
            raise
        hint = "make `size` smaller or close other programs, then run the same command again"
        raise RenderProblem("there is not enough memory", hint, 5) from error


def _keep_plan(run: Path, plan: Plan) -> None:
    path = run / "plan.json"
    if not path.exists():
        write_whole(path, plan_json(plan).encode())


def _failed(problem: RenderProblem) -> Failed:
    return Failed(at=time.time(), message=problem.message, hint=problem.hint, exit_code=problem.exit_code)


def _finished(done: Rendered, tally: Tally, found: Watched) -> Finished:
    return Finished(
        at=time.time(),
        frames=done.frames,
        reused=done.reused,
        seconds=done.seconds,
        spent=tally.spent,
        figures=found.figures,
        unmet=found.unmet,
    )
