"""What the screen knows: reactives of the app, that messages change and widgets show."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from textual.app import App
from textual.message import Message
from textual.reactive import reactive

from anim_studio.live.board.lanes import EMPTY, Board, Spot
from anim_studio.live.paint.messages import Pace, Trouble
from anim_studio.live.paint.shown import Shown, nothing
from anim_studio.live.tier import Tier
from anim_studio.live.version import Choice, TierPlan, Version
from anim_studio.renders.state import RenderState
from anim_studio.tui.layout import Layout
from anim_studio.tui.panels.log_pane import MOST

if TYPE_CHECKING:
    from textual.notifications import SeverityLevel

    from anim_studio.tui.services import Compiles, Paints, Services


class Heard(Message):
    """Something was told on another thread."""

    def __init__(self, told: object) -> None:
        self.told = told
        super().__init__()


@dataclass(frozen=True, slots=True)
class Begin:
    """What `anim live` was started with."""

    film: Path
    choice: Choice = field(default_factory=Choice)
    scene: str | None = None
    tier: Tier | None = None
    images: str | None = None
    device: str = "auto"
    cache: Path = Path()
    out: Path = Path("out")
    #: the command of the user's editor; empty takes `$VISUAL` or `$EDITOR`
    editor: str = ""
    #: where the layout is remembered; None remembers nothing
    memory: Path | None = None
    #: the settings' theme; None takes that of last time
    theme: str | None = None


class Live(App[int]):
    """The state of `anim live` without its screen; parts of the app are written as subclasses of it.

    Widgets show what changes: an app that repaints for a reactive of its own repaints the whole screen.
    """

    #: the newest version, with or without errors
    version: reactive[Version | None] = reactive(None, repaint=False)
    #: the newest version without errors: whose curves, timeline and pictures are on the screen
    good: reactive[Version | None] = reactive(None, repaint=False)
    board: reactive[Board] = reactive(EMPTY, repaint=False)
    shown: reactive[Shown] = reactive(lambda: nothing(0, 0), always_update=True, repaint=False)
    #: pictures of the version before, for A/B; it stays the same while the two are compared
    before: reactive[Shown | None] = reactive(None, repaint=False)
    plans: reactive[tuple[TierPlan, ...]] = reactive((), repaint=False)
    head: reactive[int] = reactive(0, repaint=False)
    playing: reactive[bool] = reactive(False, repaint=False)
    looping: reactive[bool] = reactive(True, repaint=False)
    #: the frames that the timeline shows, `first <= f < end`
    view: reactive[tuple[int, int]] = reactive((0, 1), repaint=False)
    lane: reactive[str | None] = reactive(None, repaint=False)
    key: reactive[int | None] = reactive(None, repaint=False)
    #: the name of the scene that plays alone
    solo: reactive[str | None] = reactive(None, repaint=False)
    comparing: reactive[bool] = reactive(False, repaint=False)
    #: pictures are painted up to this tier
    best: reactive[Tier] = reactive(Tier.DRAFT, repaint=False)
    choice: reactive[Choice] = reactive(Choice, repaint=False)
    device: reactive[str] = reactive("", repaint=False)
    pace: reactive[Pace | None] = reactive(None, repaint=False)
    renders: reactive[tuple[RenderState, ...]] = reactive((), repaint=False)
    panels: reactive[Layout] = reactive(Layout, repaint=False)
    #: which of the version's mistakes is shown first
    mistake: reactive[int] = reactive(0, repaint=False)
    #: mistakes came, and nothing else was asked for since: their panel is shown
    alarm: reactive[bool] = reactive(False)
    #: tiers of the newest version that cannot be made
    troubles: reactive[tuple[Trouble, ...]] = reactive((), repaint=False)
    #: why the film's file cannot be read now; empty while it can
    gone: reactive[str] = reactive("", repaint=False)
    #: what the newest version waits for
    doing: reactive[str] = reactive("", repaint=False)
    #: every plan of the newest version has come, or cannot
    settled: reactive[bool] = reactive(False, repaint=False)
    #: what was told, for the log
    lines: reactive[tuple[str, ...]] = reactive((), repaint=False)

    def __init__(self, begin: Begin, services: Services) -> None:
        super().__init__()
        self.begin = begin
        self.services = services
        self.compiling: Compiles | None = None
        self.painter: Paints | None = None
        self.wants_render = False

    @property
    def film(self) -> Path:
        """The film's file."""
        return self.begin.film

    @property
    def range(self) -> tuple[int, int]:
        """The frames that play and are painted, `first <= f < end`: those of the solo scene, else all."""
        scene = next((scene for scene in self.board.scenes if scene.name == self.solo), None)
        return (scene.first, scene.end) if scene is not None else (0, max(1, self.board.frames))

    def hear(self, told: object) -> None:
        """Takes what another thread tells, and returns at once."""
        self.post_message(Heard(told))

    def tell(self, message: str, hint: str = "", severity: SeverityLevel = "information") -> None:
        """Says something in the corner of the screen, and keeps it in the log."""
        self.note(f"{message} ({hint})" if hint else message)
        self.notify(f"{message}\n{hint}" if hint else message, severity=severity, markup=False)

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = False,
    ) -> None:
        """Says something in the corner of the screen, in place of what was said there: the log has it all."""
        self.clear_notifications()
        super().notify(message, title=title, severity=severity, timeout=timeout, markup=markup)

    def note(self, message: str) -> None:
        """Keeps a line in the log."""
        line = f"{self.services.clock()}  {message}".replace("\n", " ")
        self.lines = (*self.lines, line)[-MOST:]

    def seek(self, frame: int) -> None:
        """Puts the playhead onto a frame."""
        raise NotImplementedError

    def open_editor(self, spot: Spot | None) -> None:
        """Opens the editor at a place, at the film's start without one."""
        raise NotImplementedError
