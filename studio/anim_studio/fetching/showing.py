"""How a fetch is shown: a bar, lines, events in JSON, or nothing."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from types import TracebackType
from typing import Protocol, Self

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn

from anim_dsl.visible import escaped
from anim_runtime.models.net.events import Arrived, Event, Moved, Started, Waiting
from anim_studio.cli import settings
from anim_studio.cli.terminal import Terminal
from anim_studio.cli.values import format_bytes, format_clock
from anim_studio.fetching.hits import cut

#: cells that the figures of a bar take beside its name, with a short bar; and those that a name has at least
_FACTS, _NAME = 54, 16
#: a line is written each time so much more of a file is here
_LINE_EVERY = 0.1


class Show(Protocol):
    """Shows events while a block lasts."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def show(self, event: Event) -> None:
        """What has happened."""
        ...


def shown(wanted: settings.Progress, terminal: Terminal) -> Show:
    """The way that is asked for; by itself a bar on a terminal, lines elsewhere."""
    if wanted == "auto":
        wanted = "bar" if sys.stderr.isatty() else "lines"
    match wanted:
        case "bar":
            return Bar(terminal)
        case "json":
            return AsJson(terminal)
        case "none":
            return Nothing()
        case _:
            return Lines(terminal)


def facts_of(event: Moved) -> str:
    """`1.2 GB of 4.0 GB  35.1 MB/s  0:01:20 left`."""
    of = "" if event.size is None else f" of {format_bytes(event.size)}"
    left = "" if event.left_s is None else f"  {format_clock(event.left_s)} left"
    return f"{format_bytes(event.done)}{of}  {format_bytes(int(event.rate))}/s{left}"


class Nothing:
    """Says nothing."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        del kind, error, trace

    def show(self, event: Event) -> None:
        """Nothing."""
        del event


class Lines(Nothing):
    """A line for each file, each tenth of it, and each pause; for logs."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._next = 0.0

    def show(self, event: Event) -> None:
        """The line of an event, if it has one."""
        match event:
            case Started(name, size, done):
                self._next = _LINE_EVERY
                of = "" if size is None else f", {format_bytes(size)}"
                on = f", going on at {format_bytes(done)}" if done else ""
                self._terminal.note(f"fetching {escaped(name)}{of}{on}")
            case Moved(size=size, done=done) if size and _LINE_EVERY <= self._next <= done / size < 1:
                self._next = done / size + _LINE_EVERY
                self._terminal.note(f"  {facts_of(event)}")
            case Waiting(seconds, why):
                self._terminal.note(f"  {escaped(why)}; trying again in {seconds:.0f} s")
            case _:
                pass


class AsJson(Nothing):
    """An object a line on standard output: `{"event": "moved", "done": …}`."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal

    def show(self, event: Event) -> None:
        """The event as it is."""
        told = {"event": type(event).__name__.lower(), **asdict(event)}
        self._terminal.out.write(json.dumps(told) + "\n")
        self._terminal.out.flush()


class Bar(Nothing):
    """A bar on standard error that goes away when all is done."""

    def __init__(self, terminal: Terminal) -> None:
        console = Console(file=terminal.err, no_color=not terminal.err_colour, highlight=False)
        self._console = console
        self._progress = Progress(
            TextColumn("[bold]{task.fields[name]}"),
            BarColumn(bar_width=None if console.width < 100 else 36),
            TextColumn("{task.fields[facts]}"),
            console=console,
            transient=True,
        )
        self._task = self._progress.add_task("", total=None, name="", facts="asking")

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def show(self, event: Event) -> None:
        """Moves the bar."""
        match event:
            case Started(name, size, done):
                # the figures need their room, however long the name is
                short = escape(cut(name, max(self._console.width - _FACTS, _NAME)))
                self._progress.reset(self._task, total=size, completed=done, name=short, facts="")
            case Moved(done=done, size=size):
                self._progress.update(self._task, total=size, completed=done, facts=facts_of(event))
            case Waiting(seconds, why):
                self._console.print(f"[yellow]{escape(escaped(why))}[/]; trying again in {seconds:.0f} s")
            case Arrived():
                self._progress.update(self._task, facts="whole")
