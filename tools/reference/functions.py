"""The chapters of functions, features and easings, each with a drawing of what it does."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from anim_dsl import functions as tables
from anim_dsl.functions import EasingSpec, FunctionSpec
from anim_studio.draw.spark import spark
from anim_studio.explain.curves import gives, parameter
from anim_studio.explain.plots import SECONDS, columns, easing_plot
from tools.reference.markdown import code, fence, table

#: an easing's drawing has every third value, and three stand side by side
_EVERY = 3


def functions() -> str:
    """Every function by group."""
    drawn = _drawn([text for spec in tables.FUNCTIONS.values() for text in spec.plot])
    parts = [
        "## Functions",
        "Arguments may be named. A *constant* argument may not depend on the frame. Each drawing shows two "
        "seconds, computed by the function itself; where there are two, the upper one is what goes in.",
    ]
    for group, title in tables.GROUPS.items():
        parts.append(f"### {title}")
        parts += [_function(s, drawn) for s in tables.FUNCTIONS.values() if s.group == group]
    return "\n\n".join(parts)


def features() -> str:
    """The table of audio features."""
    rows = [
        (
            code(s.signature),
            _capital(s.help),
            _range(s.low, s.high, s.unit),
        )
        for s in tables.FEATURES.values()
    ]
    return table(("feature", "", "range"), rows)


def easings() -> str:
    """Every easing, three drawings side by side."""
    specs = list(tables.EASINGS.values())
    drawn = columns([easing_plot(s.example, whole=s.whole)[-1] for s in specs])
    pictures = [_small(spec, values) for spec, values in zip(specs, drawn, strict=True)]
    blocks = [fence("\n".join(_beside(pictures[i : i + 3]))) for i in range(0, len(pictures), 3)]
    rows = [(code(s.signature), _capital(s.help)) for s in specs]
    head = "The way from one key (left) to the next (right). `smooth` runs through five keys."
    return "\n\n".join(["## Easings", head, *blocks, table(("easing", ""), rows)])


def _function(spec: FunctionSpec, drawn: dict[str, Sequence[float]]) -> str:
    lines = [f"#### `{spec.signature}`", f"{_capital(spec.help)}."]
    notes = [f"`{p.name}`: {parameter(p)}" for p in spec.parameters]
    lines.append("\n".join(f"- {note}" for note in [*notes, f"gives {gives(spec)}"]))
    lines.append(fence("\n".join(spec.examples), "anim value"))
    picture: list[str] = []
    for text in spec.plot:
        picture += ["", text, *spark(drawn[text], seconds=SECONDS)]
    return "\n\n".join([*lines, fence("\n".join(picture[1:]))])


def _drawn(expressions: Sequence[str]) -> dict[str, Sequence[float]]:
    unique = list(dict.fromkeys(expressions))
    return dict(zip(unique, columns(unique), strict=True))


def _small(spec: EasingSpec, values: Sequence[float]) -> list[str]:
    return [spec.example, *spark(values[::_EVERY], rows=4, seconds=None)]


def _beside(blocks: Sequence[list[str]]) -> list[str]:
    widths = [max(map(len, block)) + 3 for block in blocks]
    rows = zip_longest(*blocks, fillvalue="")
    return ["".join(f"{line:<{w}}" for line, w in zip(row, widths, strict=True)).rstrip() for row in rows]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _range(low: float | None, high: float | None, unit: str) -> str:
    return unit if low is None or high is None else f"{low:g} … {high:g} {unit}".rstrip()
