"""Runs films made by hand and looks at what is stored."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from anim_compiler.plan import Columns, Plan
from anim_runtime.events import Event
from anim_runtime.session import Rendered, render


def run(
    made: tuple[Plan, Columns], here: Path, stop: Callable[[], bool] = lambda: False
) -> tuple[Rendered, list[Event]]:
    events: list[Event] = []
    done = render(
        *made, root=here, folder=here, cache=here, device="cpu", emit=events.append, should_stop=stop
    )
    return done, events


def objects(cache: Path) -> dict[str, bytes]:
    return {p.stem: p.read_bytes() for p in (cache / "objects").glob("*/*.pic")}
