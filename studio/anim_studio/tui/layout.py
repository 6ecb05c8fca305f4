"""How the screen is laid out, remembered between runs: panels, sizes, theme, and a few things a film."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from anim_compiler.whole_file import write_whole
from anim_studio.live.tier import Tier

THEME = "textual-dark"
"""The theme of a first start."""

TABS = ("problems", "outline", "queue", "log")
#: so many films are remembered, those used last
_FILMS = 200
_WIDTHS = (25, 85)
_HEIGHTS = (3, 40)


@dataclass(frozen=True, slots=True)
class FilmLayout:
    """What is remembered of a film: its chosen curves (None for those that move) and the frames in view."""

    curves: tuple[str, ...] | None = None
    view: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """What is shown and how large. `width` is the picture's share of the columns in percent, `height` the
    timeline's rows, None for as many as suit the terminal.
    """

    theme: str = THEME
    images: str = "auto"
    tier: str = Tier.DRAFT.word
    tab: str = TABS[0]
    curves: bool = True
    side: bool = True
    timeline: bool = True
    width: int = 58
    height: int | None = None
    films: Mapping[str, FilmLayout] = field(default_factory=dict)

    def film(self, path: Path) -> FilmLayout:
        """What is remembered of a film."""
        return self.films.get(str(path.absolute()), FilmLayout())

    def with_film(self, path: Path, film: FilmLayout) -> Layout:
        """With this remembered of a film."""
        name = str(path.absolute())
        kept = {key: value for key, value in self.films.items() if key != name}
        newest = dict([*kept.items(), (name, film)][-_FILMS:])
        return replace(self, films=newest)

    def toggled(self, panel: str) -> Layout:
        """With `curves`, `side` or `timeline` shown if it was hidden, and hidden if it was shown."""
        return replace(
            self,
            curves=self.curves != (panel == "curves"),
            side=self.side != (panel == "side"),
            timeline=self.timeline != (panel == "timeline"),
        )

    def widened(self, percent: int) -> Layout:
        """With a wider picture, within reason."""
        return replace(self, width=max(_WIDTHS[0], min(_WIDTHS[1], self.width + percent)))

    def heightened(self, rows: int, now: int) -> Layout:
        """With so many more rows of timeline than `now`."""
        return replace(self, height=max(_HEIGHTS[0], min(_HEIGHTS[1], now + rows)))


def read_layout(path: Path | None) -> Layout:
    """The layout of the last run; what cannot be read of it is as on a first start."""
    try:
        data = json.loads(path.read_text("utf-8")) if path is not None else {}
    except (OSError, ValueError):
        return Layout()
    if not isinstance(data, dict):
        return Layout()
    films = data.pop("films", {})
    read = _sound(Layout(), data)
    if isinstance(films, dict):
        read = replace(read, films={str(k): _film(v) for k, v in films.items() if isinstance(v, dict)})
    return read


def write_layout(path: Path | None, layout: Layout) -> None:
    """Writes it whole or not at all; a disk that cannot take it is no reason to trouble anybody."""
    if path is None:
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, json.dumps(asdict(layout), indent=1).encode())
    except OSError:
        return


def _sound(layout: Layout, data: dict[str, Any]) -> Layout:
    """The members that are of the right kind; others stay as they are."""
    # Any: whatever stands in a JSON file, here and below
    found: dict[str, Any] = {}
    for member in fields(layout):
        value, known = data.get(member.name), getattr(layout, member.name)
        if member.name == "height":
            if type(value) is int:
                found["height"] = max(_HEIGHTS[0], min(_HEIGHTS[1], value))
        elif type(value) is type(known):
            found[member.name] = value
    read = replace(layout, **found).widened(0)
    tab = read.tab if read.tab in TABS else TABS[0]
    tier = read.tier if read.tier in [tier.word for tier in Tier] else Tier.DRAFT.word
    return replace(read, tab=tab, tier=tier)


def _film(data: dict[str, Any]) -> FilmLayout:
    curves, view = data.get("curves"), data.get("view")
    film = FilmLayout()
    if isinstance(curves, list) and all(isinstance(name, str) for name in curves):
        film = replace(film, curves=tuple(curves))
    if isinstance(view, list) and len(view) == 2 and all(type(end) is int for end in view):
        film = replace(film, view=(view[0], view[1]))
    return film
