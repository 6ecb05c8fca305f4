"""`transition = crossfade(1s)`: how a scene follows the one before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, TypeAlias

from anim_compiler.binding import bind
from anim_compiler.colors import color
from anim_compiler.film import Transition
from anim_compiler.names import nearest
from anim_compiler.scenes import fixed_time
from anim_compiler.setting import Entry
from anim_dsl.diagnostic import Edit
from anim_dsl.syntax import Argument, Call, Expr, Name, Text

if TYPE_CHECKING:
    from anim_compiler.expressions import Expressions

Kind: TypeAlias = Literal["cut", "continue", "crossfade", "morph", "dip", "wipe"]

_TAKES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "crossfade": ("length",),
        "morph": ("length",),
        "dip": ("length", "color"),
        "wipe": ("length", "direction"),
    }
)
_KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "cut": "cut",
        "continue": "continue",
        "crossfade": "crossfade",
        "morph": "morph",
        "dip": "dip",
        "wipe": "wipe",
    }
)
_DIRECTIONS = ("left", "right", "up", "down")
_SPELLED = {
    "fade": "crossfade",
    "dissolve": "crossfade",
    "cross_fade": "crossfade",
    "mix": "crossfade",
    "flow": "morph",
    "warp": "morph",
    "hard": "cut",
    "slide": "wipe",
    "blink": "dip",
    "fade_to_black": "dip",
}

CUT = Transition()


def transition(check: Expressions, entry: Entry | None) -> Transition:
    """A scene's transition; a cut where nothing is written, or something that is none."""
    if entry is None or entry.is_none:
        return CUT
    with check.inside(entry.env):
        return _read(check, entry)


def _read(check: Expressions, entry: Entry) -> Transition:
    value = entry.value
    name = _name(value)
    kind = _KINDS.get(name)
    if kind is None:
        _unknown(check, value, name)
        return CUT
    if not isinstance(value, Call):
        return _bare(check, value, kind)
    if kind not in _TAKES:
        edit = Edit(value.span, kind)
        check.findings.error(
            "E2010", value.span, f"`{kind}` takes nothing", hint=f"write `{kind}`", edit=edit
        )
        return Transition(kind)
    return _lasting(check, entry, value, kind)


def _name(value: Expr) -> str:
    match value:
        case Name():
            return value.text
        case Call():
            return value.function.text
        case Text():
            return value.plain or ""
        case _:
            return ""


def _unknown(check: Expressions, value: Expr, name: str) -> None:
    near = _SPELLED.get(name) or (nearest(name, _KINDS) if name else None)
    shown = f"{near}(1s)" if near in _TAKES else near
    known = "it is `cut`, `continue`, `crossfade(1s)`, `morph(1s)`, `dip(1s)` or `wipe(1s)`"
    hint = f"did you mean `{shown}`?" if near else known
    at = value.function.span if isinstance(value, Call) else value.span
    says = f"there is no transition `{name}`" if name else "a transition is one of six"
    certain = near is not None and (near in _TAKES) == isinstance(value, Call)
    check.findings.error("E2079", at, says, hint=hint, edit=Edit(at, near) if near and certain else None)


def _bare(check: Expressions, value: Expr, kind: Kind) -> Transition:
    """A transition written as a word: those that last need to know how long."""
    if kind not in _TAKES:
        return Transition(kind)
    hint, edit = f"write `{kind}(1s)`", Edit(value.span, f"{kind}(1s)")
    check.findings.error(
        "E2010", value.span, f"`{kind}` needs to know how long it lasts", hint=hint, edit=edit
    )
    return CUT


def _lasting(check: Expressions, entry: Entry, value: Call, kind: Kind) -> Transition:
    given = bind(check, value, [(name, name != "length") for name in _TAKES[kind]])
    if given is None or given[0] is None:
        return CUT
    seconds = _seconds(check, given[0])
    extra = given[1] if len(given) > 1 else None
    if seconds is None:
        return CUT
    if kind == "wipe":
        return Transition(kind, seconds, direction=_direction(check, extra))
    if kind == "dip" and extra is not None:
        shade = replace(entry, name="color", value=extra.value, span=extra.span)
        return Transition(kind, seconds, color=color(check, shade, "`color`") or "black")
    return Transition(kind, seconds)


def _seconds(check: Expressions, argument: Argument) -> Fraction | None:
    start = check.env.clock.start
    seconds = fixed_time(check, argument.value, start, on_grid=False)
    if seconds is not None and seconds <= 0:
        hint = "write `cut` for no transition at all"
        check.findings.error("E3036", argument.span, "a transition lasts longer than 0", hint=hint)
        return None
    return seconds


def _direction(check: Expressions, argument: Argument | None) -> str:
    if argument is None:
        return "left"
    name = _name(argument.value)
    if name in _DIRECTIONS:
        return name
    near = nearest(name, _DIRECTIONS) if name else None
    hint = f"did you mean `{near}`?" if near else "it is one of " + ", ".join(f"`{d}`" for d in _DIRECTIONS)
    edit = Edit(argument.value.span, near) if near else None
    shown = check.findings.text(argument.value.span)
    check.findings.error(
        "E3005", argument.value.span, f"`direction` cannot be `{shown}`", hint=hint, edit=edit
    )
    return "left"
