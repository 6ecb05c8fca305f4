"""What is wrong: mistakes in the text with their source lines, and tiers that cannot be painted."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text
from textual import events
from textual.containers import VerticalScroll
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Static

from anim_dsl.diagnostic import Diagnostic, Severity
from anim_dsl.report import one
from anim_studio.live.board.lanes import Spot
from anim_studio.live.paint.messages import Trouble
from anim_studio.live.version import Version

#: so many are written out; who has more mends these first
_MOST = 20
_RANKS = {severity: rank for rank, severity in enumerate(Severity)}


def in_order(version: Version | None) -> tuple[Diagnostic, ...]:
    """A version's diagnostics, errors first, then by their places."""
    if version is None:
        return ()
    return tuple(sorted(version.diagnostics, key=lambda found: (_RANKS[found.severity], found.sort_key())))


class Problem(Static):
    """One of them; a click opens the editor where it is."""

    def __init__(self, found: Diagnostic, text: str) -> None:
        super().__init__(Text.from_ansi(text), classes=found.severity.value)
        self.found = found

    def on_click(self, event: events.Click) -> None:
        """Asks for the editor."""
        event.stop()
        self.post_message(Problems.Opened(Spot(self.found.source, self.found.span)))


class Problems(VerticalScroll):
    """The diagnostics of the newest version, and what the painter cannot do; `first` is shown at the top."""

    version: reactive[Version | None] = reactive(None)
    troubles: reactive[tuple[Trouble, ...]] = reactive(())
    mistake: reactive[int] = reactive(0)

    #: what is laid out now, and the widgets of its diagnostics
    _shown: object = None
    _problems: Sequence[Problem] = ()

    class Opened(Message):
        """The editor shall be opened there."""

        def __init__(self, spot: Spot) -> None:
            self.spot = spot
            super().__init__()

    def watch_version(self) -> None:
        """Another text."""
        self._fill()

    def watch_troubles(self) -> None:
        """Another word of the painter."""
        self._fill()

    def on_resize(self) -> None:
        """Sentences are wrapped to the width."""
        self._fill()

    def watch_mistake(self, number: int) -> None:
        """Shows the chosen one."""
        problems = list(self.query(Problem))
        for place, problem in enumerate(problems):
            problem.set_class(place == number and len(problems) > 1, "chosen")
        if 0 <= number < len(problems):
            self.scroll_to_widget(problems[number], top=True, animate=False)

    def _fill(self) -> None:
        if not self.is_mounted or not self.size.width:
            return
        columns = max(24, self.scrollable_content_region.width - 1)
        found = in_order(self.version)
        texts = tuple(one(each, colour=True, columns=columns) for each in found[:_MOST])
        shown = (texts, len(found), self.troubles, self._calm())
        if shown == self._shown:
            # most saves change no problem, and to lay out twenty of them takes longer than all else
            for problem, each in zip(self._problems, found, strict=False):
                problem.found = each
            return
        self._shown = shown
        self._problems = [Problem(each, text) for each, text in zip(found, texts, strict=False)]
        rows: list[Static] = [*self._problems]
        if len(found) > _MOST:
            rows.append(Static(f"… and {len(found) - _MOST} more", classes="more"))
        rows += [Static(_trouble(each), classes="trouble") for each in self.troubles]
        self.remove_children()
        self.mount_all(rows or [Static(self._calm(), classes="calm")])
        self.call_after_refresh(self.watch_mistake, self.mistake)

    def _calm(self) -> str:
        if self.version is None:
            return "reading the film …"
        good = self.version.good
        if good is None:
            return ""
        fps = float(good.fps)
        return f"nothing is wrong\n{good.frames} frames · {good.frames / fps:.2f} s · {fps:g} fps"


def _trouble(trouble: Trouble) -> Text:
    text = Text.assemble((f"{trouble.tier.word}: ", "bold"), trouble.message)
    if trouble.hint:
        text.append(f"\n  = hint: {trouble.hint}")
    return text
