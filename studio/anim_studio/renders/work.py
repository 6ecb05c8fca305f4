"""Renders one entry of the queue: `python -m anim_studio.renders.work CACHE ID`."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from anim_runtime.locks import RunLock, holder_of
from anim_studio.cli.crash import explain, write_log
from anim_studio.cli.exits import Exit, Stop
from anim_studio.cli.quiet import prepare_libraries
from anim_studio.cli.stop import StopSwitch, stop_switch
from anim_studio.progress.tally import Tally
from anim_studio.renders.calls import note_call
from anim_studio.renders.entry import (
    Ended,
    Entry,
    Started,
    queue_folder,
    read_ended,
    read_entry,
    write_ended,
    write_started,
)

if TYPE_CHECKING:
    from anim_compiler.plan import Columns, OutputSpec, Plan
    from anim_runtime.events import Event
    from anim_runtime.session import Rendered

#: seconds between two looks whether it is this render's turn
_PAUSE = 0.25
_GO_ON = "go on with it: what is done stays done"
#: what a hint calls a command, and what it is in a queue
_SAID = (
    ("run the same command again to go on", "go on with it"),
    ("run the same command again", "go on with it"),
    (
        "run the command again to plan with what it holds now",
        "ask for another render of it",
    ),
)


def main(arguments: list[str]) -> int:
    """The exit code of `anim render`; how it came out lies in the entry's folder as well."""
    cache, name = Path(arguments[0]), arguments[1]
    folder = queue_folder(cache) / name
    entry = read_entry(folder)
    if entry is None:
        return Exit.USAGE
    with stop_switch() as switch, RunLock(folder / "lock") as lock:
        if lock.acquire() is not None or read_ended(folder) is not None:
            return Exit.BUSY
        write_started(folder, Started(time.time(), os.getpid()))
        ended = _guarded(cache, folder, entry, switch)
        write_ended(folder, ended)
    return ended.exit_code


def _guarded(cache: Path, folder: Path, entry: Entry, switch: StopSwitch) -> Ended:
    """How the render ended, whatever happened."""
    try:
        return _rendered(cache, folder, entry, switch)
    except BaseException as error:
        stop = explain(error)
        if stop is None:
            log = write_log(error, cache / "logs", ["anim", "render", entry.film])
            said = f"anim met something it did not expect: {type(error).__name__}: {error}"
            hint = f"this is a bug of anim, not of your film; the details are in {log}"
            stop = Stop(Exit.BUG, said, hint)
        return Ended(time.time(), stop.code, stop.message, stop.hint)


def _rendered(cache: Path, folder: Path, entry: Entry, switch: StopSwitch) -> Ended:
    def stopped() -> bool:
        return switch() or (folder / "stop").exists()

    run = Path(entry.run)
    prepare_libraries()
    _wait(lambda: holder_of(run / "lock") is not None, stopped)
    from anim_compiler.plan_file import PlanError, read_plan
    from anim_runtime.session import render
    from anim_studio.cli.device import chosen_device
    from anim_studio.cli.environment import read_environment

    try:
        plan, columns = read_plan(folder / "plan.json")
    except PlanError as error:
        raise Stop(Exit.USAGE, f"{error}", "ask for the render again") from None
    device, tally = chosen_device(entry.device), _Counted()
    environment = read_environment(folder=Path(entry.film).parent)
    with ExitStack() as stack:
        # `auto` and `cpu` are queues of their own, and may mean the same device
        lock = stack.enter_context(RunLock(queue_folder(cache) / f"device-{device}.lock"))
        _wait(lambda: lock.acquire() is not None, stopped)
        note_call(run, Path(entry.film), f"anim live {entry.film}")
        rendered = render(
            plan,
            columns,
            root=Path(entry.root),
            folder=Path(entry.folder),
            cache=cache,
            device=device,
            emit=tally,
            should_stop=stopped,
            outputs=_outputs(entry),
            cap_bytes=entry.cap_bytes,
            library=environment.models,
            speed=environment.speed,
        )
    return _told(rendered, tally.tally, stopped(), _advice(cache, entry, plan, columns))


class _Counted:
    """Sums up the events of a render."""

    def __init__(self) -> None:
        self.tally = Tally()

    def __call__(self, event: Event) -> None:
        """Counts one."""
        self.tally = self.tally.after(event)


def _wait(busy: Callable[[], bool], stopped: Callable[[], bool]) -> None:
    """Waits for its turn. Raises `Stop` if it is stopped meanwhile."""
    while busy():
        if stopped():
            raise Stop(Exit.TERMINATED, "stopped before it began", _GO_ON)
        time.sleep(_PAUSE)


def _outputs(entry: Entry) -> tuple[OutputSpec, ...] | None:
    from anim_compiler.plan import OutputSpec

    if entry.outputs is None:
        return None
    return tuple(OutputSpec.model_validate_json(json.dumps(data)) for data in json.loads(entry.outputs))


def _advice(cache: Path, entry: Entry, plan: Plan, columns: Columns) -> tuple[str, ...]:
    from anim_studio.advising.telling import last_words

    try:
        return last_words(plan, columns, cache, Path(entry.film))
    except OSError:  # a disk that is full keeps no journal
        return ()


def _told(rendered: Rendered, tally: Tally, was_stopped: bool, advice: tuple[str, ...]) -> Ended:
    code = rendered.exit_code
    if code == Exit.INTERRUPTED and was_stopped:
        code = Exit.TERMINATED
    hint = rendered.hint
    for command, here in _SAID:
        hint = hint.replace(command, here)
    return Ended(
        at=time.time(),
        exit_code=code,
        message=rendered.message,
        hint=hint,
        frames=tally.frames or rendered.frames,
        done=tally.done,
        reused=rendered.reused,
        seconds=rendered.seconds,
        spent={stage: round(seconds, 3) for stage, seconds in tally.spent.items()},
        outputs=tuple(map(str, rendered.outputs)),
        warnings=tally.warnings,
        unmet=rendered.unmet,
        advice=advice,
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
