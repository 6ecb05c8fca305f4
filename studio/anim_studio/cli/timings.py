"""`--timings trace.json`: where the time of a command goes, for Perfetto (ui.perfetto.dev) and `chrome://tracing`.

The file is in the Trace Event Format: an object with `traceEvents`, of which each has `name`, `ph`, `ts` and
`dur` (microseconds), `pid` and `tid`.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from anim_compiler.timed import listening

if TYPE_CHECKING:
    from anim_runtime.events import Event, FrameDone

TraceEvent: TypeAlias = dict[str, object]

WORK, FILES, FRAMES = 1, 2, 3
"""Rows of the picture: the command itself, its files, and frames, with a row for each made together."""


class Trace:
    """What happened in a command so far, which began at `day`, seconds since the epoch: now unless given."""

    def __init__(self, day: float | None = None) -> None:
        # frames tell the time of day, spans a clock that nobody turns: both are put on one line here
        self._start, self._day = time.perf_counter(), time.time() if day is None else day
        self._events: list[TraceEvent] = []
        self._begun: dict[int, float] = {}
        self._free: list[float] = []
        self._last = self._day

    def span(self, name: str, start: float, seconds: float) -> None:
        """A part of the command, by `time.perf_counter`."""
        self._add(name, "command", (start - self._start, seconds), WORK)

    def hear(self, event: Event) -> None:
        """What a render tells of a frame or a file."""
        match event.kind:
            case "planned":
                self._last = event.at
            case "frame_started":
                self._begun[event.frame] = event.at
            case "frame_done" if event.how != "reused":
                self._frame(event)
                self._last = event.at
            case "encoded":
                name = f"write {Path(event.path).name}"
                self._add(name, "file", (self._last - self._day, event.at - self._last), FILES)
            case _:
                pass

    def as_json(self) -> dict[str, object]:
        """The whole file."""
        rows = {WORK: "command", FILES: "files"}
        rows |= {FRAMES + lane: f"frames {lane + 1}" for lane in range(len(self._free))}
        named = [self._named("process_name", 0, "anim")]
        named += [self._named("thread_name", tid, name) for tid, name in rows.items()]
        return {"traceEvents": [*named, *self._events], "displayTimeUnit": "ms"}

    def _frame(self, event: FrameDone) -> None:
        """A frame, with its stages one after the other in it."""
        end = event.at - self._day
        begin = self._begun.pop(event.frame, event.at) - self._day
        took = max(end - begin, 0.0)
        tid = FRAMES + self._lane(begin, end)
        self._add(f"frame {event.frame}", event.how, (begin, took), tid, {"recipe": event.recipe})
        # what was made together waited for the others: stages stand at the end of that
        whole = sum(event.spent.values())
        scale = min(1.0, took / whole) if whole else 0.0
        at = end - whole * scale
        for stage, seconds in event.spent.items():
            if seconds > 0:
                self._add(stage, "stage", (at, seconds * scale), tid)
                at += seconds * scale

    def _lane(self, begin: float, end: float) -> int:
        """The first row of frames that is free from a moment on."""
        lane = next((i for i, free in enumerate(self._free) if free <= begin), len(self._free))
        self._free[lane : lane + 1] = [end]
        return lane

    def _add(
        self, name: str, category: str, when: tuple[float, float], tid: int, args: TraceEvent | None = None
    ) -> None:
        begin, seconds = when
        found: TraceEvent = {
            "name": name,
            "cat": category,
            "ph": "X",
            "ts": round(begin * 1e6),
            "dur": max(0, round((begin + seconds) * 1e6) - round(begin * 1e6)),
            "pid": os.getpid(),
            "tid": tid,
        }
        self._events.append(found | {"args": args} if args else found)

    @staticmethod
    def _named(what: str, tid: int, name: str) -> TraceEvent:
        place = {"ts": 0, "dur": 0, "pid": os.getpid(), "tid": tid}
        return {"name": what, "ph": "M", **place, "args": {"name": name}}


_NOW: ContextVar[Trace | None] = ContextVar("trace", default=None)


@contextmanager
def recorded(path: Path | None) -> Iterator[None]:
    """Records what happens inside the block, and writes it to that file, however the block ends."""
    if path is None:
        yield
        return
    trace = Trace()
    token = _NOW.set(trace)
    try:
        with listening(trace.span):
            yield
    finally:
        _NOW.reset(token)
        _write(trace, path)


def hearing(show: Callable[[Event], None]) -> Callable[[Event], None]:
    """A listener of a render's events that records them too."""
    trace = _NOW.get()
    if trace is None:
        return show

    def both(event: Event) -> None:
        trace.hear(event)
        show(event)

    return both


def _write(trace: Trace, path: Path) -> None:
    import json

    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(trace.as_json(), separators=(",", ":")) + "\n", encoding="utf-8")
