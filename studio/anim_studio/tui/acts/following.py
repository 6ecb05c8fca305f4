"""What makes the widgets follow the state: each change is shown once, after all that changes together."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from anim_studio.live.board.outline import contents
from anim_studio.live.tier import Tier
from anim_studio.tui.acts.launching import Launching
from anim_studio.tui.panels.header import Header
from anim_studio.tui.panels.outline import Outline
from anim_studio.tui.panels.problems import in_order
from anim_studio.tui.panels.side import Side
from anim_studio.tui.panels.status import mistakes_in_words, pace_in_words, render_in_words, tiers_in_words
from anim_studio.tui.services import Services
from anim_studio.tui.state import Begin
from anim_studio.tui.timeline.timeline import Timeline


class Following(Launching):
    """Hands the state to the widgets that show it."""

    def __init__(self, begin: Begin, services: Services) -> None:
        super().__init__(begin, services)
        self._stale: set[Callable[[], object]] = set()

    def follow_state(self) -> None:
        """Each change of the state changes the widgets that show it."""
        shows = ("head", "shown", "best", "comparing", "before", "good", "version", "device", "gone")
        heads = (
            "version",
            "shown",
            "best",
            "choice",
            "solo",
            "comparing",
            "pace",
            "renders",
            "device",
            "gone",
            "doing",
        )
        for names, show in (
            (shows, self.show_picture),
            (heads, self.show_header),
            (("shown", "best"), self.show_tiers),
            (("good", "panels"), self.show_curves),
            (("panels", "board", "alarm"), self.lay_out),
            (("panels", "version", "troubles", "renders", "alarm"), self.show_side),
            (("head", "solo", "good"), self.look),
            (("plans", "best", "settled"), self.paint),
            (("plans", "settled"), self.render_wanted),
            (("solo", "board"), self.show_solo),
            (("good",), self.show_outline),
        ):
            later = partial(self._soon, show)
            for name in names:
                self.watch(self, name, later, init=False)
            later()

    def _soon(self, show: Callable[[], object]) -> None:
        """Shows it once after all that changes together."""
        if show not in self._stale:
            self._stale.add(show)
            self.call_next(self._show_now, show)

    def _show_now(self, show: Callable[[], object]) -> None:
        self._stale.discard(show)
        if self.is_running and self.screen_stack:
            show()

    def show_header(self) -> None:
        """The first line."""
        header = self.query_one(Header)
        header.film = self.film.name
        header.tiers = tiers_in_words(self.shown, self.ceiling)
        wrong = self.gone or mistakes_in_words(self.version)
        is_older = bool(wrong) and self.good is not None
        header.mistakes = f"{wrong}, the last good version is shown" if is_older else wrong
        header.chosen = tuple(self._chosen())
        running = render_in_words(self.mine())
        header.right = (self.device, self.doing or running or pace_in_words(self.pace))

    def _chosen(self) -> Iterable[str]:
        good = None if self.good is None else self.good.good
        if self.choice.variant is not None and good is not None and good.film.variant is not None:
            yield f"variant {good.film.variant}"
        if self.choice.seed is not None:
            yield f"seed {self.choice.seed}"
        if self.solo is not None:
            yield f"solo {self.solo}"
        if self.comparing:
            yield "a/b"

    def show_side(self) -> None:
        """Which panel is shown, and how many mistakes and renders there are."""
        side = self.query_one(Side)
        side.shown = "problems" if self.alarm else self.panels.tab
        side.alarm = self.version is not None and self.version.good is None
        problems = len(in_order(self.version)) + len(self.troubles)
        side.counts = (problems, 0, sum(not each.is_over for each in self.renders), 0)

    def show_solo(self) -> None:
        """The frames that play, on the timeline."""
        self.query_one(Timeline).solo = None if self.solo is None else self.range

    def show_outline(self) -> None:
        """The film's parts."""
        if self.good is not None:
            self.query_one(Outline).entries = contents(self.good, self.board)

    def render_wanted(self) -> None:
        """Renders what waited for its plan."""
        if self.wants_render and (self.settled or any(plan.tier is Tier.FINAL for plan in self.plans)):
            self.wants_render = False
            self.action_render()
