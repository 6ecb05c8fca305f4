"""`anim live`: the whole screen, and what makes its parts follow the state."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.command import Provider
from textual.containers import Horizontal, Vertical
from textual.driver import Driver

from anim_studio.cli.exits import Exit, Stop
from anim_studio.live.tier import Tier
from anim_studio.renders.opening import open_path
from anim_studio.tui.acts.following import Following
from anim_studio.tui.acts.keying import Keying
from anim_studio.tui.dialogs.first import First
from anim_studio.tui.dialogs.help import Help
from anim_studio.tui.dialogs.palette import LiveCommands
from anim_studio.tui.hangup import outliving
from anim_studio.tui.keys import LIVE
from anim_studio.tui.layout import Layout, read_layout, write_layout
from anim_studio.tui.panels.header import Header
from anim_studio.tui.panels.keybar import KeyBar
from anim_studio.tui.panels.log_pane import LogPane
from anim_studio.tui.panels.outline import Outline
from anim_studio.tui.panels.problems import Problems
from anim_studio.tui.panels.queue import Queue
from anim_studio.tui.panels.side import Side
from anim_studio.tui.picture.images import Images
from anim_studio.tui.picture.picture import Picture
from anim_studio.tui.services import Services
from anim_studio.tui.state import Begin
from anim_studio.tui.timeline.curves import Curves
from anim_studio.tui.timeline.timeline import Timeline

#: seconds between two looks at the queue of renders
_QUEUE = 0.5


class LiveApp(Keying, Following):
    """A film while it is written."""

    CSS_PATH = "live.tcss"
    TITLE = "anim live"
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {LiveCommands}
    ENABLE_COMMAND_PALETTE = True
    BINDINGS: ClassVar[list[BindingType]] = [
        *LIVE,
        Binding("ctrl+c", "interrupt", "quit", show=False, priority=True, system=True),
        Binding("escape", "release", "release", show=False, system=True),
        Binding("ctrl+z", "suspend_process", "suspend", show=False, priority=True, system=True),
    ]

    def __init__(self, begin: Begin, services: Services) -> None:
        super().__init__(begin, services)
        self.failure: Exception | None = None
        layout = read_layout(begin.memory)
        if begin.images is not None:
            layout = replace(layout, images=begin.images)
        #: how this terminal shows pictures; the command asks it before the app reads what it says
        self.images = _images(layout.images)
        self.set_reactive(LiveApp.panels, layout)
        tier = begin.tier if begin.tier is not None else Tier[layout.tier.upper()]
        self.set_reactive(LiveApp.best, tier)
        self.set_reactive(LiveApp.choice, begin.choice)
        self.set_reactive(LiveApp.solo, begin.scene)
        if (theme := begin.theme or layout.theme) in self.available_themes:
            self.theme = theme

    def get_driver_class(self) -> type[Driver]:
        """The terminal's driver; the app ends with its terminal."""
        return outliving(super().get_driver_class(), lambda: self.exit(Exit.TERMINATED))

    def compose(self) -> ComposeResult:
        """Header, picture and column, timeline, keys."""
        yield Header()
        with Horizontal(id="main"):
            yield Picture(images=self.images)
            with Vertical(id="column"):
                yield Curves(id="curves").data_bind(LiveApp.head, LiveApp.view, LiveApp.lane)
                yield Side(
                    Problems(id="problems").data_bind(LiveApp.version, LiveApp.troubles, LiveApp.mistake),
                    Outline(id="outline"),
                    Queue(id="queue").data_bind(LiveApp.renders),
                    LogPane(id="log").data_bind(LiveApp.lines),
                    id="side",
                )
        yield Timeline().data_bind(LiveApp.board, LiveApp.head, LiveApp.view, LiveApp.lane, LiveApp.key)
        yield KeyBar()

    def on_mount(self) -> None:
        """Starts what works beside the screen."""
        self.follow_state()
        self._hear_signals()
        self.query_one(Timeline).focus()
        self.compiling = self.services.compiling(self.hear_compiled)
        self.painter = self.services.painting(self.hear)
        self.set_interval(_QUEUE, self.look_at_queue)
        self.look_at_queue()
        if not self.film.exists():
            self.push_screen(First(self.film.name), self._first)

    def choose_lane(self, name: str) -> None:
        """Chooses a lane by its name."""
        self.lane, self.key = name, None

    def choose_variant(self, place: int) -> None:
        """Shows a film of the `variant` block."""
        self.choose(replace(self.choice, variant=place))

    def switch_curve(self, name: str) -> None:
        """Draws a curve, or no longer."""
        drawn = self.drawn()
        self.remember_curves(tuple(n for n in drawn if n != name) if name in drawn else (*drawn, name))

    def keys(self) -> Sequence[Binding]:
        """Every key of the app, for the help screen and the palette."""
        return tuple(row for rows in self._bindings.key_to_bindings.values() for row in rows)

    def action_help(self) -> None:
        """The help screen."""
        self.push_screen(Help(self.keys()))

    def action_release(self) -> None:
        """Gives the keys back to the timeline, from whatever has the focus."""
        self.query_one(Timeline).focus()

    def action_interrupt(self) -> None:
        """Ctrl-C quits, as everywhere."""
        self.exit(Exit.INTERRUPTED)

    def on_resize(self) -> None:
        """Another size of the terminal."""
        self._soon(self.lay_out)
        # a size that went and came back at once is no change to Textual, but the terminal has lost what stood
        # in it
        self.refresh(layout=True)

    @on(Driver.SignalResume)
    def _resumed(self) -> None:
        # back in the foreground, on a screen that others have written on
        self.refresh(layout=True)

    @on(Timeline.Scrubbed)
    @on(Curves.Scrubbed)
    @on(Outline.Jumped)
    def _scrubbed(self, message: Timeline.Scrubbed) -> None:
        self.seek(message.frame)

    @on(Timeline.Chosen)
    def _lane_chosen(self, message: Timeline.Chosen) -> None:
        self.lane, self.key = message.lane, message.key

    @on(Timeline.Zoomed)
    def _zoomed(self, message: Timeline.Zoomed) -> None:
        self.view = message.view

    @on(Curves.Picked)
    def _curve_picked(self, message: Curves.Picked) -> None:
        if self.board.lane(message.name) is not None:
            self.choose_lane(message.name)

    @on(Problems.Opened)
    @on(Outline.Opened)
    def _opened(self, message: Problems.Opened) -> None:
        self.open_editor(message.spot)

    @on(Picture.Pressed)
    def _pressed(self) -> None:
        self.action_play()

    @on(Queue.Stopped)
    def _queue_stop(self, message: Queue.Stopped) -> None:
        self.ask_queue("stop", message.id)

    @on(Queue.Continued)
    def _queue_again(self, message: Queue.Continued) -> None:
        self.ask_queue("again", message.id)

    @on(Queue.Forgotten)
    def _queue_forget(self, message: Queue.Forgotten) -> None:
        self.ask_queue("forget", message.id)

    @on(Queue.Opened)
    def _queue_open(self, message: Queue.Opened) -> None:
        if not open_path(message.path):
            self.tell(str(message.path), hint="there is no desktop here to open it with")

    def _first(self, template: str | None) -> None:
        if template is None or self.film.exists():
            return
        try:
            self.services.first_film(self.film, template)
        except (Stop, OSError) as error:
            self.tell(f"the film cannot be written: {error}", severity="error")
            return
        if self.compiling is not None:
            self.compiling.changed()

    def watch_good(self) -> None:
        """A film that came takes the question away."""
        if self.good is not None and isinstance(self.screen, First):
            self.screen.dismiss(None)

    def watch_theme(self, theme: str) -> None:
        """Remembers the colours."""
        self.panels = replace(self.panels, theme=theme)

    def watch_panels(self, layout: Layout) -> None:
        """Another layout is written at once: a screen may be closed in many ways."""
        if self.is_running:
            write_layout(self.begin.memory, layout)

    def _hear_signals(self) -> None:
        """A signal ends the app as a key would, with the terminal as it was."""
        loop = asyncio.get_running_loop()
        codes = {"SIGTERM": Exit.TERMINATED, "SIGHUP": Exit.TERMINATED, "SIGINT": Exit.INTERRUPTED}
        for name, code in codes.items():
            # not on Windows, where Ctrl-C is a key and nothing else comes
            with contextlib.suppress(AttributeError, NotImplementedError, RuntimeError, ValueError):
                loop.add_signal_handler(getattr(signal, name), self.exit, code)

    def on_unmount(self) -> None:
        """Ends what works beside the screen; renders go on."""
        view = None if self.view == (0, self.board.frames) else self.view
        remembered = replace(self.panels.film(self.film), view=view)
        write_layout(self.begin.memory, self.panels.with_film(self.film, remembered))
        for service in (self.compiling, self.painter):
            if service is not None:
                service.close()

    def _fatal_error(self) -> None:
        # Textual would print a traceback; the command names a log instead
        self.failure = self._exception
        self._close_messages_no_wait()


def _images(word: str) -> Images:
    return Images(word) if word in list(Images) else Images.AUTO
