"""The progress bar: frame, rate, time left, and where the time goes."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, ProgressColumn, SpinnerColumn, Task, TextColumn
from rich.text import Text

from anim_runtime.events import Event, Loaded, Unmet, Warned
from anim_studio.cli.terminal import Terminal, shows_unicode
from anim_studio.cli.values import format_clock, format_rate
from anim_studio.progress.tally import Tally

#: columns below which the shares of the stages are left out
WIDE = 100
STOPPING = "stopping after this frame (Ctrl-C: at once)"


class Counts(ProgressColumn):
    """Frames, rate and time left; or that a Ctrl-C was heard, for a frame may take minutes to its end."""

    def __init__(self, is_stopping: Callable[[], bool]) -> None:
        super().__init__()
        self._is_stopping = is_stopping

    def render(self, task: Task) -> Text:
        """What is to be said now, events or not."""
        return Text(STOPPING, "yellow") if self._is_stopping() else Text(str(task.fields["counts"]))


class BarDisplay:
    """A bar on standard error that goes away when the render ends, so that the result stands alone.

    `is_stopping` tells whether the render was asked to stop.
    """

    def __init__(
        self, terminal: Terminal, begin: int = 0, is_stopping: Callable[[], bool] = lambda: False
    ) -> None:
        self.tally = Tally()
        #: the film's frame that the first one is
        self._begin = begin
        self._console = Console(file=terminal.err, no_color=not terminal.err_colour, highlight=False)
        spinner = "dots" if shows_unicode(terminal.err) else "line"
        self._progress = Progress(
            SpinnerColumn(spinner),
            TextColumn("[bold]{task.fields[film]}"),
            BarColumn(bar_width=None if self._console.width < WIDE else 36),
            Counts(is_stopping),
            TextColumn("[dim]{task.fields[shares]}"),
            console=self._console,
            transient=True,
            expand=False,
        )
        self._task = self._progress.add_task("", total=None, film="", counts="getting ready", shares="")

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def show(self, event: Event) -> None:
        """Moves the bar."""
        self.tally = tally = self.tally.after(event)
        if isinstance(event, Unmet):
            where = event.told(self._begin, Fraction(self.tally.fps) if self.tally.fps else None)
            self._console.print(f"[yellow]unmet[/]: {escape(where)}")
        if isinstance(event, Loaded):
            self._console.print(f"{escape(event.model)}: {escape(event.memory)}")
        if isinstance(event, Warned):
            self._console.print(f"[yellow]warning[/]: {escape(event.message)}")
        files = tally.encoding
        self._progress.update(
            self._task,
            total=files.of if files else tally.frames or None,
            completed=files.pictures if files else tally.done,
            film=escape(tally.name),
            counts=counts(tally),
            shares=shares(tally) if self._console.width >= WIDE else "",
        )


def counts(tally: Tally) -> str:
    """`201/240  9.8 fps  0:00:04 left`, then pictures in the files, `96/480  writing the film`; or what is
    going on while there is no rate yet.
    """
    if not tally.frames:
        return "getting ready"
    if tally.encoding is not None:
        return f"{tally.encoding.pictures}/{tally.encoding.of}  writing the film"
    if tally.done >= tally.frames:
        return f"{tally.done}/{tally.frames}  writing the film"
    if tally.rate is None:
        return f"{tally.done}/{tally.frames}  " + ("first frame" if tally.started else "loading the model")
    left = format_clock(tally.seconds_left or 0)
    return f"{tally.done}/{tally.frames}  {format_rate(tally.rate)}  {left} left"


def shares(tally: Tally) -> str:
    """`diffuse 74% · warp 6% · vae 17% · write 3%`."""
    return " · ".join(f"{name} {share:.0%}" for name, share in tally.shares())
