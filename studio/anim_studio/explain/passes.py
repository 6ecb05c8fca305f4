"""What the compiler's passes made of a film, for a terminal of 80 columns and as JSON."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from anim_studio.cli.values import format_bytes, plural
from anim_studio.explain.layout import WIDTH, Style, ticked

if TYPE_CHECKING:
    from anim_compiler.explain_passes import Step
    from anim_compiler.passes.cost import Cost

_NAME, _DID = 9, 34
_HEADS = ("ops", "UNet", "warps", "live")
_WIDTHS = (9, 8, 8, 11)
_WORDS = re.compile(r'"[^"]*"|\[[^\]]*\]')


@dataclass(frozen=True, slots=True)
class Subject:
    """The film that is told of: its name, how many frames there are, their size in px, its scenes' names."""

    name: str
    frames: int
    width: int
    height: int
    scenes: tuple[str, ...] = ()


def table(style: Style, film: Subject, steps: Sequence[Step]) -> list[str]:
    """A line a pass: what it did, and how much cheaper the film got; first what is written, last the sum."""
    lines = [
        f"{style.paint(film.name, 'bold')}  {plural(film.frames, 'frame')} of {film.width}x{film.height}",
        "",
        style.paint(_row("pass", "what it did", _HEADS), "dim"),
    ]
    for before, step in zip((None, *steps), steps, strict=False):
        lines += _told(style, step, None if before is None else before.cost)
    first, last = steps[0].cost, steps[-1].cost
    lines += ["", _row("all", _less(first.ops, last.ops), _absolute(last))]
    note = (
        "`ops`, calls of the `UNet` and `warps` (pictures resampled) are counted over the whole film, `live` "
        "is what a frame's pictures fill at most. `--passes=fuse` shows what one pass changed."
    )
    return [*lines, "", *(ticked(style, line) for line in textwrap.wrap(note, WIDTH))]


def detail(style: Style, film: Subject, before: Step | None, step: Step) -> list[str]:
    """One pass: what it did, and the lines of the graph that it took away and put in."""
    from anim_compiler.explain_passes import changes

    lines = [style.paint(_row("pass", "what it did", _HEADS), "dim")]
    lines += [*_told(style, step, None if before is None else before.cost), ""]
    for line in changes(step, film.scenes if len(film.scenes) > 1 else ()):
        lines += [_coloured(style, part) for part in _wrapped(line)]
    return lines


def as_json(film: Subject, steps: Sequence[Step], only: str = "") -> dict[str, Any]:
    """The passes as JSON has them; of the one that is asked for by name also the lines that it changed."""
    from anim_compiler.explain_passes import changes

    found: list[dict[str, Any]] = []
    for before, step in zip((None, *steps), steps, strict=False):
        if only and step.name != only:
            continue
        own = asdict(step.cost)
        saved = {} if before is None else {k: v - own[k] for k, v in asdict(before.cost).items()}
        told: dict[str, Any] = {"name": step.name, "did": step.did, "idle": step.is_idle}
        told |= {"cost": own, "saved": {k: v for k, v in saved.items() if v}}
        found.append(told | ({"changes": list(changes(step, film.scenes))} if only else {}))
    head: dict[str, Any] = {"film": film.name, "frames": film.frames, "size": [film.width, film.height]}
    return head | {"passes": found}


def _told(style: Style, step: Step, before: Cost | None) -> Iterator[str]:
    numbers = _absolute(step.cost) if before is None else _saved(step.cost, before)
    first, *more = textwrap.wrap(step.did, _DID) or [""]
    line = _row(step.name, first, numbers)
    if step.is_idle:
        yield style.paint(line, "dim")
    else:
        painted = "".join(_number(style, *cell) for cell in zip(numbers, _WIDTHS, strict=True))
        yield (style.paint(f"{step.name:<{_NAME}}", "bold") + f"{first:<{_DID}}" + painted).rstrip()
    yield from (" " * _NAME + rest for rest in more)


def _number(style: Style, number: str, width: int) -> str:
    """A number in its column: less is good."""
    cell = f"{number:>{width}}"
    return style.paint(cell, "green" if number[0] == "-" else "yellow") if number[:1] in ("-", "+") else cell


def _row(name: str, did: str, numbers: Sequence[str]) -> str:
    cells = (f"{number:>{width}}" for number, width in zip(numbers, _WIDTHS, strict=True))
    return f"{name:<{_NAME}}{did:<{_DID}}{''.join(cells)}".rstrip()


def _absolute(cost: Cost) -> tuple[str, ...]:
    return (f"{cost.ops}", f"{cost.unet}", f"{cost.resamples}", format_bytes(cost.bytes))


def _saved(cost: Cost, before: Cost) -> tuple[str, ...]:
    pairs = ((before.ops, cost.ops), (before.unet, cost.unet), (before.resamples, cost.resamples))
    numbers = tuple(f"{now - was:+d}" if now != was else "" for was, now in pairs)
    live = cost.bytes - before.bytes
    return (*numbers, f"{'+' if live > 0 else '-'}{format_bytes(abs(live))}" if live else "")


def _less(was: int, now: int) -> str:
    """How many ops of those that are written are done in the end."""
    if was == 0 or now == was:
        return "as many ops as are written"
    return f"{abs(was - now) / was:.0%} {'fewer' if now < was else 'more'} ops than are written"


def _wrapped(line: str) -> list[str]:
    """A line of a graph in lines of 80 columns; a text or a column's name stays on one."""
    sign, text = line[:1], line[1:]
    if sign == "@" or len(line) <= WIDTH:
        return [line]
    joined = _WORDS.sub(lambda match: match[0].replace(" ", "\x00"), text)
    lead = " " * (len(text) - len(text.lstrip()))
    parts = textwrap.wrap(
        joined.strip(),
        WIDTH - 1,
        initial_indent=lead,
        subsequent_indent=lead + " " * 6,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [sign + part.replace("\x00", " ") for part in parts]


def _coloured(style: Style, line: str) -> str:
    """A line of a difference in its colour; where lines are left out stands a row of dots."""
    if line.startswith("@@"):
        return style.paint("…", "dim")
    colours = {"-": "red", "+": "green"}
    return style.paint(line, colours[line[0]]) if line[:1] in colours else line
