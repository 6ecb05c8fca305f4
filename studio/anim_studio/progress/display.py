"""The displays of a render in progress, and the choice between them."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from types import TracebackType
from typing import Protocol, Self

from anim_runtime.events import Encoded, Encoding, Event, FrameDone, Loaded, Planned, Unmet, Warned
from anim_studio.cli.terminal import Terminal
from anim_studio.cli.values import format_clock, format_rate, plural
from anim_studio.progress.tally import Tally

#: lines of progress in a log, whatever the film's length
LOG_LINES = 20


class Display(Protocol):
    """Shows events; a context, because a bar has to be taken down again."""

    tally: Tally

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def show(self, event: Event) -> None:
        """Takes one event; must not raise, because it is called from inside the render."""
        ...


class SilentDisplay:
    """Counts, and tells only what the user must know: warnings."""

    def __init__(self, terminal: Terminal, begin: int = 0) -> None:
        self.tally = Tally()
        self._terminal = terminal
        #: the film's frame that the first one is
        self._begin = begin

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    def show(self, event: Event) -> None:
        """Counts the event."""
        self.tally = self.tally.after(event)
        if isinstance(event, Unmet):
            where = event.told(self._begin, Fraction(self.tally.fps) if self.tally.fps else None)
            self._terminal.note(f"{self._terminal.paint_note('unmet', 'yellow')}: {where}")
        if isinstance(event, Loaded):
            self._terminal.note(f"{event.model}: {event.memory}")
        if isinstance(event, Warned):
            self._terminal.note(f"{self._terminal.paint_note('warning', 'yellow')}: {event.message}")


class JsonDisplay(SilentDisplay):
    """One JSON object a line on standard output, as in the run's journal."""

    def show(self, event: Event) -> None:
        """Prints the event."""
        self.tally = self.tally.after(event)
        self._terminal.out.write(event.model_dump_json() + "\n")
        self._terminal.out.flush()


class LineDisplay(SilentDisplay):
    """A line every few frames, for logs and pipes, where a bar would be noise."""

    def __init__(self, terminal: Terminal, begin: int = 0) -> None:
        super().__init__(terminal, begin)
        #: pictures in the files when that was told last
        self._told = 0

    def show(self, event: Event) -> None:
        """Prints a line when a twentieth of the film has been done since the last one."""
        super().show(event)
        tally = self.tally
        if isinstance(event, Planned):
            self._terminal.note(
                f"{tally.name}: {plural(tally.frames, 'frame')}, {event.reused} reused, on {event.device}"
            )
        elif isinstance(event, FrameDone) and event.how != "reused" and self._due():
            self._terminal.note(f"{tally.name}: {describe(tally)}")
        elif isinstance(event, Encoding) and event.pictures - self._told >= event.of / LOG_LINES:
            self._told = event.pictures
            self._terminal.note(f"{tally.name}: {event.pictures}/{event.of} pictures written into files")
        elif isinstance(event, Encoded):
            self._terminal.note(f"{tally.name}: {event.path} written")

    def _due(self) -> bool:
        step = max(1, self.tally.frames // LOG_LINES)
        return self.tally.made == 1 or self.tally.done % step == 0 or self.tally.done == self.tally.frames


def describe(tally: Tally) -> str:
    """`201/240 frames, 9.8 fps, 0:00:04 left`."""
    parts = [f"{tally.done}/{plural(tally.frames, 'frame')}"]
    if tally.rate is not None:
        parts.append(format_rate(tally.rate))
    if tally.seconds_left is not None:
        parts.append(f"{format_clock(tally.seconds_left)} left")
    return ", ".join(parts)


def open_display(
    how: str, terminal: Terminal, begin: int = 0, is_stopping: Callable[[], bool] = lambda: False
) -> Display:
    """The display for `how`: `bar`, `lines`, `json`, `none`, or `auto` (a bar where it can be drawn).

    `begin` is the film's frame that the first one rendered is; events are shown as they are. `is_stopping`
    tells whether the render was asked to stop.
    """
    if how == "bar" or (how == "auto" and terminal.err.isatty()):
        # rich takes a tenth of a second to import, and only the bar needs it
        from anim_studio.progress.bar import BarDisplay

        return BarDisplay(terminal, begin, is_stopping)
    makers: dict[str, Callable[[Terminal, int], Display]] = {
        "auto": LineDisplay,
        "lines": LineDisplay,
        "json": JsonDisplay,
        "none": SilentDisplay,
    }
    return makers[how](terminal, begin)
