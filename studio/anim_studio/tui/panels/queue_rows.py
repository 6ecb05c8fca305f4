"""Renders as lines of text: two or three a render, as wide as there is room."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from rich.cells import cell_len, set_cell_size
from rich.style import Style
from rich.text import Text

from anim_studio.cli.values import format_clock, format_rate
from anim_studio.renders.state import RenderState
from anim_studio.tui.cells import cut

_SIGNS = {"queued": "·", "running": "▶", "done": "✓", "stopped": "■", "failed": "✗"}
#: columns below which the bar has a line of its own
_WIDE = 56
_BAR = 24
_KEYS = "tab choose · enter open · x stop · g go on · del forget"
#: lines that one sentence may take
_MOST = 3


@dataclass(frozen=True, slots=True)
class Looks:
    """Styles of the parts: `lives` of the sign by what a render does."""

    plain: Style
    dim: Style
    bar: Style
    rest: Style
    lives: Mapping[str, Style]


def rows(states: Iterable[RenderState], width: int, looks: Looks) -> tuple[tuple[Text, ...], ...]:
    """The lines of each render, none wider than `width` cells."""
    return tuple(_row(state, width, looks) for state in states)


def keys(width: int, looks: Looks) -> tuple[Text, ...]:
    """The keys of the queue, which act while it has the focus."""
    return tuple(Text.assemble((line, looks.dim)) for line in _folded(_KEYS, width))


def _row(state: RenderState, width: int, looks: Looks) -> tuple[Text, ...]:
    lines = [_head(state, width, looks)]
    if state.life == "running" and width < _WIDE:
        lines.append(Text("  ").append_text(_bar(state, max(4, width - 8), looks)).append(_percent(state)))
    for said in _said(state, width - 2):
        lines.extend(Text.assemble((f"  {part}", looks.dim)) for part in _folded(said, width - 2))
    return tuple(lines)


def _head(state: RenderState, width: int, looks: Looks) -> Text:
    """Sign, film, what it does; on the right the bar and how far it is."""
    right = Text()
    if state.life == "running" and width >= _WIDE:
        right = _bar(state, _BAR, looks).append(_percent(state))
    else:
        right.append(_word(state), looks.lives[state.life])
    room = max(4, width - 2 - right.cell_len - 1)
    head = Text(f"{_SIGNS[state.life]} ", looks.lives[state.life])
    head.append(set_cell_size(cut(state.name, room), room), looks.plain).append(" ")
    return head.append_text(right)


def _bar(state: RenderState, width: int, looks: Looks) -> Text:
    full = round(state.share * width)
    return Text("━" * full, looks.bar).append("─" * (width - full), looks.rest)


def _percent(state: RenderState) -> str:
    return f" {int(state.share * 100):3}%"


def _word(state: RenderState) -> str:
    if state.life == "done" and state.exit_code:
        return "done, not as expected"
    return state.life


def _said(state: RenderState, width: int) -> Iterable[str]:
    """What is said below the head, before it is folded."""
    match state.life:
        case "running":
            yield _progress(state)
            if shares := _shares(state, width):
                yield shares
        case "queued":
            yield f"{state.frames} frames, on {_device(state)}"
        case "done":
            yield _result(state)
            yield from (_short(path) for path in state.outputs)
            yield from state.unmet
        case "stopped" | "failed":
            yield state.message
            if state.hint:
                yield state.hint
    if not state.own:
        yield "started in another terminal"
    yield from state.advice[:2]


def _shares(state: RenderState, width: int) -> str:
    """The stages that took most, as many as fit on one line."""
    parts = [f"{name} {share:.0%}" for name, share in state.shares()]
    while len(parts) > 1 and cell_len(" · ".join(parts)) > width:
        parts.pop()
    return " · ".join(parts)


def _progress(state: RenderState) -> str:
    left = f"  {format_clock(state.seconds_left)} left" if state.seconds_left is not None else ""
    if state.pictures is not None:
        return f"{state.doing} {state.pictures[0]}/{state.pictures[1]}{left}"
    if state.rate is None:
        return state.doing
    return f"{state.done}/{state.frames}  {format_rate(state.rate)}{left}"


def _result(state: RenderState) -> str:
    parts = [f"{state.frames} frames"]
    if state.reused:
        parts.append(f"{state.reused} reused")
    if state.started is not None and state.ended is not None:
        parts.append(format_clock(state.ended - state.started))
    return " · ".join(parts)


def _device(state: RenderState) -> str:
    return "the fastest device" if state.device == "auto" else state.device


def _short(path: Path) -> str:
    return f"{path.parent.name}/{path.name}" if path.parent.name else path.name


def _folded(text: str, width: int) -> list[str]:
    """At most `_MOST` lines of at most `width` cells."""
    if cell_len(text) <= width:
        return [text]
    lines: list[str] = []
    for word in text.split():
        if lines and cell_len(lines[-1]) + 1 + cell_len(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    if len(lines) > _MOST:
        lines[_MOST - 1 :] = [" ".join(lines[_MOST - 1 :])]
    return [cut(line, width) for line in lines]
