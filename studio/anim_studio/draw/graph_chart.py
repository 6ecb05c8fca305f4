"""A picture of a film's graph: one panel a template, a row of panels a scene."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from anim_compiler.dot import FILLS, fill, label
from anim_compiler.graph import Graph, Key, Node, Template, topological
from anim_compiler.op import Cost
from anim_compiler.text import heading, in_turn, is_chained
from anim_studio.draw.canvas import Canvas, Colour, Point
from anim_studio.draw.font import shortened, width_of
from anim_studio.draw.layered import Arrow, Box, Layout, laid_out
from anim_studio.draw.raster import RasterCanvas
from anim_studio.draw.svg import SvgCanvas

BACKGROUND: Colour = (252, 252, 250)
PANEL: Colour = (244, 244, 240)
INK: Colour = (38, 40, 46)
FAINT: Colour = (104, 106, 114)
EDGE: Colour = (106, 108, 116)
BORDER: Colour = (138, 138, 134)
AGAIN: Colour = (176, 101, 58)

TITLE, SMALL, LINE = 12.0, 10.0, 13.0
#: room inside boxes and panels, between panels, and around it all, in px
INSIDE, AROUND, GAP, MARGIN = 8.0, 16.0, 20.0, 20.0
#: the strip over a panel's boxes with its heading, and the one at its left where a carry goes back up
HEADING, RETURN = 40.0, 26.0
#: the highest row of the picture: what its colours mean
LEGEND = 44.0
#: no box is wider; longer arguments are shortened
WIDEST = 250.0

#: what the colours are called
CALLED: dict[Cost, str] = {
    "model": "the model",
    "depth": "depth or flow",
    "resample": "moves pixels",
    "filter": "looks at many pixels",
    "pointwise": "pixel by pixel",
    "free": "costs nothing",
}
HANDED = "handed to the next frame"


@dataclass(frozen=True, slots=True)
class _Panel:
    """A template ready to draw: `rows` are the words in each box, `again` the box that reads the carry."""

    title: str
    nodes: tuple[Node, ...]
    rows: tuple[tuple[str, ...], ...]
    layout: Layout
    again: tuple[int, int] | None

    @property
    def width(self) -> float:
        """With its margins and its heading, in px."""
        own = self.layout.width + 2 * AROUND + (RETURN if self.again else 0.0)
        return max(own, width_of(self.title, TITLE) + 2 * AROUND)

    @property
    def height(self) -> float:
        """With its margins and its heading, in px."""
        return self.layout.height + HEADING + AROUND


def draw_graph_svg(graph: Graph, names: Sequence[str] = ()) -> SvgCanvas:
    """The graph as SVG; `names` are those of its scenes."""
    rows, width, height = _panels(graph, names)
    canvas = SvgCanvas(width, height, BACKGROUND)
    _draw(canvas, rows)
    return canvas


def draw_graph_png(graph: Graph, names: Sequence[str] = ()) -> RasterCanvas:
    """The graph as PNG; `names` are those of its scenes."""
    rows, width, height = _panels(graph, names)
    canvas = RasterCanvas(width, height, BACKGROUND)
    _draw(canvas, rows)
    return canvas


def _panels(graph: Graph, names: Sequence[str]) -> tuple[list[list[_Panel]], int, int]:
    rows = [
        [_panel(heading(key, graph.templates[key], names), key, graph.templates[key]) for key in keys]
        for _, keys in groupby(in_turn(graph), key=lambda key: key[0])
    ]
    widths = [sum(panel.width + GAP for panel in row) - GAP for row in rows]
    legend = sum(_swatch(word) for word in (*CALLED.values(), HANDED))
    width = max([legend, *widths]) + 2 * MARGIN
    height = sum(max(panel.height for panel in row) + GAP for row in rows) - GAP + LEGEND + 2 * MARGIN
    return rows, round(width), round(height)


def _panel(title: str, key: Key, template: Template) -> _Panel:
    nodes = topological(template.results)
    place = {id(node): i for i, node in enumerate(nodes)}
    rows = [_fitting(label(node)) for node in nodes]
    edges = [(place[id(source)], i) for i, node in enumerate(nodes) for source in node.inputs]
    for name, node in sorted(template.results.items()):
        edges.append((place[id(node)], len(rows)))
        rows.append((name,))
    boxes = [_box(words) for words in rows]
    again = None
    if key[1] != "first" and is_chained(key, template):
        reads = next(i for i, node in enumerate(nodes) if node.op == "previous")
        again = (len(nodes) + sorted(template.results).index("carry"), reads)
    return _Panel(title.removesuffix(":"), nodes, tuple(rows), laid_out(boxes, edges), again)


def _fitting(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(shortened(line, SMALL, WIDEST - 2 * INSIDE) for line in words)


def _box(words: tuple[str, ...]) -> Box:
    wide = max(width_of(words[0], TITLE), *(width_of(line, SMALL) for line in words[1:]), 0.0)
    return Box(wide + 2 * INSIDE, TITLE + LINE * (len(words) - 1) + 2 * INSIDE)


# --- drawing ---


def _draw(canvas: Canvas, rows: Sequence[Sequence[_Panel]]) -> None:
    _draw_legend(canvas)
    y = MARGIN + LEGEND
    for row in rows:
        x = MARGIN
        for panel in row:
            _draw_panel(canvas, panel, (x, y))
            x += panel.width + GAP
        y += max(panel.height for panel in row) + GAP


def _swatch(word: str) -> float:
    return width_of(word, SMALL) + 40.0


def _draw_legend(canvas: Canvas) -> None:
    x = MARGIN
    for cost, word in CALLED.items():
        _rectangle(canvas, (x, MARGIN), 14.0, 14.0, _colour(FILLS[cost]), BORDER)
        canvas.text((x + 20, MARGIN + 11), word, FAINT, SMALL)
        x += _swatch(word)
    for dash in _dashes([(x, MARGIN + 7), (x + 25, MARGIN + 7)]):
        canvas.line(dash, AGAIN, 1.2)
    canvas.text((x + 32, MARGIN + 11), HANDED, FAINT, SMALL)


def _draw_panel(canvas: Canvas, panel: _Panel, at: Point) -> None:
    x, y = at
    canvas.area(_corners(at, panel.width, panel.height), PANEL)
    canvas.text((x + AROUND, y + 19), panel.title, INK, TITLE)
    inner = (x + AROUND + (RETURN if panel.again else 0.0), y + HEADING)
    for arrow in panel.layout.arrows:
        _draw_arrow(canvas, arrow, inner)
    for number, words in enumerate(panel.rows):
        _draw_box(canvas, panel, number, words, inner)
    if panel.again is not None:
        _draw_again(canvas, panel, panel.again, inner)


def _draw_box(canvas: Canvas, panel: _Panel, number: int, words: tuple[str, ...], inner: Point) -> None:
    corner = panel.layout.corners[number]
    x, y = corner[0] + inner[0], corner[1] + inner[1]
    box = _box(words)
    if number >= len(panel.nodes):
        canvas.text((x + box.width / 2, y + INSIDE + TITLE - 2), words[0], INK, TITLE, "middle")
        return
    _rectangle(canvas, (x, y), box.width, box.height, _colour(fill(panel.nodes[number])), BORDER)
    canvas.text((x + INSIDE, y + INSIDE + TITLE - 2), words[0], INK, TITLE)
    for place, line in enumerate(words[1:], 1):
        canvas.text((x + INSIDE, y + INSIDE + TITLE + LINE * place - 3), line, FAINT, SMALL)


def _draw_arrow(canvas: Canvas, arrow: Arrow, inner: Point) -> None:
    points = [(x + inner[0], y + inner[1]) for x, y in arrow.points]
    canvas.line(list(_smooth(points)), EDGE, 1.2)
    _head(canvas, points[-1], EDGE)


def _draw_again(canvas: Canvas, panel: _Panel, again: tuple[int, int], inner: Point) -> None:
    """A dashed line from the carry round the left side up to the box that reads it one frame later."""
    corners = panel.layout.corners
    start, end = (corners[number] for number in again)
    low, high = _box(panel.rows[again[0]]), _box(panel.rows[again[1]])
    # below the layer that the carry stands in, and above that of the box
    layer = [n for n, corner in enumerate(corners) if corner[1] == start[1]]
    under = inner[1] + start[1] + max(_box(panel.rows[n]).height for n in layer) + 8
    over = inner[1] + end[1] - 12
    from_x, to_x, side = (
        start[0] + inner[0] + low.width / 2,
        end[0] + inner[0] + high.width / 2,
        inner[0] - 20,
    )
    way = [(from_x, inner[1] + start[1] + low.height - 4), (from_x, under), (side, under), (side, over)]
    for dash in _dashes([*way, (to_x, over), (to_x, over + 12)]):
        canvas.line(dash, AGAIN, 1.2)
    _head(canvas, (to_x, over + 12), AGAIN)


def _smooth(points: Sequence[Point]) -> Iterator[Point]:
    """The way with soft bends: between two points a curve that leaves and arrives upright."""
    yield points[0]
    for (x0, y0), (x1, y1) in pairwise(points):
        if x0 == x1:
            yield x1, y1
            continue
        for step in range(1, 13):
            t = step / 12
            yield x0 + (x1 - x0) * t * t * (3 - 2 * t), y0 + (y1 - y0) * t


def _dashes(way: Sequence[Point], length: float = 5.0) -> Iterator[tuple[Point, Point]]:
    """Pieces of a way of straight lines, as long as the gaps between them."""
    for (x0, y0), (x1, y1) in pairwise(way):
        whole = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5
        for step in range(0, max(1, int(whole // length)), 2):
            a, b = (
                step * length / whole if whole else 0.0,
                min(1.0, (step + 1) * length / whole) if whole else 0.0,
            )
            yield (x0 + (x1 - x0) * a, y0 + (y1 - y0) * a), (x0 + (x1 - x0) * b, y0 + (y1 - y0) * b)


def _head(canvas: Canvas, tip: Point, colour: Colour) -> None:
    canvas.area([tip, (tip[0] - 3.5, tip[1] - 7), (tip[0] + 3.5, tip[1] - 7)], colour)


def _rectangle(
    canvas: Canvas, at: Point, width: float, height: float, inside: Colour, border: Colour
) -> None:
    corners = _corners(at, width, height)
    canvas.area(corners, inside)
    canvas.line([*corners, corners[0]], border, 1.0)


def _corners(at: Point, width: float, height: float) -> list[Point]:
    x, y = at
    return [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]


def _colour(hexadecimal: str) -> Colour:
    red, green, blue = bytes.fromhex(hexadecimal.removeprefix("#"))
    return red, green, blue
