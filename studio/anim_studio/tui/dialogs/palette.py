"""The command palette: every key by its name, and every scene, curve and place by what is typed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, cast

from textual.command import DiscoveryHit, Hit, Hits, Provider

from anim_studio.tui.keys import grouped
from anim_studio.tui.place import place_of

if TYPE_CHECKING:
    from anim_studio.tui.app import LiveApp


@dataclass(frozen=True, slots=True)
class Command:
    """A command: what it is called, what it does, and how."""

    name: str
    about: str
    run: Callable[[], object]


class LiveCommands(Provider):
    """The commands of `anim live`."""

    async def discover(self) -> Hits:
        """All of them, before anything is typed."""
        for entry in self._keys():
            yield DiscoveryHit(entry.name, entry.run, help=entry.about)

    async def search(self, query: str) -> Hits:
        """Those that match; a place is one by itself."""
        app = self._live
        frame = place_of(query, app.board)
        if frame is not None:
            yield Hit(2.0, f"go to frame {frame}", partial(app.seek, frame), help=f"what `{query}` means")
        matcher = self.matcher(query)
        for entry in (*self._keys(), *self._things()):
            score = matcher.match(entry.name)
            if score > 0:
                yield Hit(score, matcher.highlight(entry.name), entry.run, help=entry.about)

    @property
    def _live(self) -> LiveApp:
        return cast("LiveApp", self.app)

    def _keys(self) -> Iterator[Command]:
        app = self._live
        for group, rows in grouped(app.keys()):
            told: set[str] = set()
            for row in rows:
                if row.action in told or row.action in ("command_palette",):
                    continue
                told.add(row.action)
                name = f"{group}: {row.tooltip or row.description}"
                key = app.get_key_display(row)
                yield Command(name, f"key {key}", partial(app.run_action, row.action))

    def _things(self) -> Iterator[Command]:
        app = self._live
        for scene in app.board.scenes:
            if scene.name:
                yield Command(
                    f"go to scene {scene.name}", f"frame {scene.first}", partial(app.seek, scene.first)
                )
        for lane in app.board.lanes:
            yield Command(f"choose lane {lane.name}", lane.kind.value, partial(app.choose_lane, lane.name))
        good = None if app.good is None else app.good.good
        if good is not None:
            for name in good.curves:
                yield Command(f"draw curve {name}", "or no longer", partial(app.switch_curve, name))
            for place, variant in enumerate(good.film.variants):
                yield Command(
                    f"variant {variant.name}", "shown from now on", partial(app.choose_variant, place)
                )
