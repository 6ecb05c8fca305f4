"""The picture: the frame at the head, or two versions of it; with what it is beneath."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.color import Color
from textual.geometry import Region
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from anim_studio.tui.picture.canvas import Canvas, Colours, Labelled, painted
from anim_studio.tui.picture.graphics import Graphics
from anim_studio.tui.picture.halfblocks import CellStrip
from anim_studio.tui.picture.images import Images, cell_size
from anim_studio.tui.picture.scale import U8
from anim_studio.tui.picture.shades import Shades, Tint, own, shades_of
from anim_studio.tui.picture.stage import Size

#: the proportions of a film of which nothing is known yet
_UNKNOWN: Size = (3, 2)
_OFF = "pictures are off\n--images half shows them"
_REACTIVES = (
    *("picture", "other", "compared", "shape", "other_shape"),
    *("labels", "caption", "waiting", "images"),
)


class Picture(Widget):
    """Shows `picture`, uint8 `[H,W,3]`; with `other` or `compared` also that one beside it, each under its
    label.

    A picture has the proportions of `shape`, the film's width and height, so that it stays in its place when
    a preview of another size comes. `caption` stands beneath, cut to the room there is; where no row is free,
    it stands on the picture's foot. While there is no picture, `waiting` says in its place what is going on.
    """

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "picture--caption",
        "picture--label",
        "picture--empty",
        "picture--waiting",
    }
    DEFAULT_CSS = """
    Picture {
        width: 1fr;
        height: 1fr;
        background: $background;
        & > .picture--caption { color: $text-muted; }
        & > .picture--label { color: $text-accent; }
        & > .picture--empty { background: $surface; }
        & > .picture--waiting { color: $text-muted; }
    }
    """

    picture: reactive[U8 | None] = reactive[U8 | None](None, always_update=True, repaint=False)
    other: reactive[U8 | None] = reactive[U8 | None](None, always_update=True, repaint=False)
    compared: reactive[bool] = reactive(False, repaint=False)
    shape: reactive[Size | None] = reactive[Size | None](None, repaint=False)
    other_shape: reactive[Size | None] = reactive[Size | None](None, repaint=False)
    labels: reactive[tuple[str, str]] = reactive(("before", "now"), repaint=False)
    caption: reactive[str] = reactive("", repaint=False)
    waiting: reactive[str] = reactive("", repaint=False)
    images: reactive[Images] = reactive(Images.HALF, repaint=False)

    @dataclass
    class Pressed(Message):
        """The picture was clicked."""

        sender: Picture

    def __init__(
        self,
        *,
        images: Images = Images.HALF,
        shades: Shades | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        """Without `shades` the terminal's own colours are used."""
        super().__init__(id=id, classes=classes)
        self._shades = shades
        self._strips: list[CellStrip] = []
        #: the room and the colours that `_strips` were drawn for
        self._drawn_for: tuple[Size, Colours] | None = None
        self._stale = False
        self._graphics = Graphics()
        self.set_reactive(Picture.images, images)

    def on_mount(self) -> None:
        """Every way in which the picture can change leads to one drawing."""
        for name in _REACTIVES:
            self.watch(self, name, self._change, init=False)
        self.screen.screen_layout_refresh_signal.subscribe(self, self._renew)

    def on_click(self, event: events.Click) -> None:
        """A click is told, for the app to play or pause."""
        event.stop()
        self.post_message(self.Pressed(self))

    def render_lines(self, crop: Region) -> list[Strip]:
        """Without a border the lines go to the screen as they are."""
        if self._drawn_for != self._stands():
            self._strips, self._drawn_for = self._draw(), self._stands()
        if self.gutter.totals != (0, 0) or self.opacity != 1.0:
            return super().render_lines(crop)
        rows = [self.render_line(y) for y in crop.line_range]
        if crop.column_span == (0, self.size.width):
            return rows
        return [row.crop(*crop.column_span) for row in rows]

    def render_line(self, y: int) -> Strip:
        """A row of the content."""
        return self._strips[y] if y < len(self._strips) else Strip.blank(self.content_size.width)

    def _stands(self) -> tuple[Size, Colours]:
        """What the drawing depends on besides the picture."""
        return self.content_size, self._colours()

    def _renew(self, _: object) -> None:
        """What stood over a picture of sixels has gone: all of it is written anew."""
        if self.images is Images.SIXEL:
            self.refresh()

    def _change(self) -> None:
        """Draw once after all that changes together."""
        if not self._stale:
            self._stale = True
            self.call_next(self._redraw)

    def _redraw(self) -> None:
        """Draws, and lets only the rows be written that look different now."""
        self._stale = False
        size = self.content_size
        if self._drawn_for != self._stands():
            self.refresh()  # all of it is drawn when it is shown
            return
        before, drawn = self._strips, self._draw()
        pairs = list(zip(before, drawn, strict=True))
        self._strips = [old if old.same(new) else new for old, new in pairs]
        changed = [y for y, (old, _) in enumerate(pairs) if old is not self._strips[y]]
        if self.images is Images.SIXEL and changed:
            changed = list(range(size.height))  # its last row draws all of them
        if changed:
            self.refresh(*(Region(0, y, size.width, 1) for y in changed))

    def _draw(self) -> list[CellStrip]:
        shades = self._shades or self._terminal()
        canvas = Canvas(
            self.content_size, self._colours(), shades, self._aspect(), whole=self.images.is_pixels
        )
        sides = self._sides()
        waiting = _OFF if self.images is Images.OFF else self.waiting
        drawn, stage = painted(canvas, sides, self.caption, waiting)
        if self.images.is_pixels and not self.app.is_headless:
            shown = [(side.picture, place) for side, place in zip(sides, stage.places, strict=True)]
            return self._graphics.strips(drawn, shown, self.images)
        return [CellStrip(line) for line in drawn]

    def _sides(self) -> list[Labelled]:
        picture, other = (None, None) if self.images is Images.OFF else (self.picture, self.other)
        size = self.shape or _size(picture)
        if other is None and not self.compared:
            return [Labelled(picture, size)]
        before = Labelled(other, self.other_shape or self.shape or _size(other), self.labels[0])
        return [before, Labelled(picture, size, self.labels[1])]

    def _aspect(self) -> float:
        """Half a cell's width over its height, within what a terminal can mean."""
        across, down = (None if self.app.is_headless else cell_size()) or (1, 2)
        return min(max(2 * across / down, 0.6), 1.6)

    def _colours(self) -> Colours:
        ground = self.background_colors[1]
        empty = ground + self.get_component_styles("picture--empty").background

        def text(name: str) -> Tint:
            style = self.get_component_styles(f"picture--{name}")
            if style.auto_color:
                under = empty if name == "waiting" else ground
                return _tint(under + under.get_contrast_text(style.color.a))
            return _tint(ground + style.color)

        return Colours(_tint(ground), _tint(empty), text("caption"), text("label"), text("waiting"))

    def _terminal(self) -> Shades:
        if self.app.is_headless:  # a picture of the screen has all colours, wherever it is made
            return Shades.TRUE
        system = self.app.console.color_system
        return shades_of(system, no_colour=self.app.no_color, environ=os.environ)


def _size(picture: U8 | None) -> Size:
    return _UNKNOWN if picture is None else (picture.shape[1], picture.shape[0])


def _tint(colour: Color) -> Tint:
    """A colour of the theme; the terminal's own stay the terminal's own."""
    return colour.rgb if colour.ansi is None else own(colour.ansi)
