"""`control KIND [NAME] { … }`: a ControlNet that guides the picture."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from anim_compiler import options, pictures, setting
from anim_compiler.constants import constant
from anim_compiler.film import Control, Curve
from anim_compiler.names import nearest
from anim_compiler.setting import Entry
from anim_compiler.world import World
from anim_dsl.diagnostic import Edit, Label
from anim_dsl.source import Span

if TYPE_CHECKING:
    from anim_compiler.expressions import Expressions

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "depth": "how far things are",
        "canny": "hard edges",
        "pose": "how people stand",
        "scribble": "loose lines",
        "normal": "how surfaces lie",
        "lineart": "clean lines",
        "softedge": "soft edges",
        "tile": "the picture itself, for detail",
    }
)
"""What a control looks at, each with one line of help."""

_SPELLED = {
    "openpose": "pose",
    "hed": "softedge",
    "edges": "canny",
    "edge": "canny",
    "midas": "depth",
    "lines": "lineart",
}

_ALSO = ("init", "source", "previous")
_NUMBERS = ("weight", "start", "end", "low", "high")


def control(
    check: Expressions,
    kind: str,
    name: str,
    entries: Sequence[Entry],
    span: Span,
    at: Span | None = None,
    absent: Collection[str] = (),
    *,
    world: World,
) -> Control | None:
    """A control; one without `name` is called by its kind. `at` is where the kind is written; `absent` are
    those of `init` and `source` that the scene does not have.

    Without `source` and `hint` it looks at the picture that is diffused.
    """
    known = _known(check, kind, at or span)
    source, hint = (_picture(check, entries, which, absent) for which in ("source", "hint"))
    numbers = {n: setting.number(check, "control", n, entries) for n in _NUMBERS}
    curves = {n: curve for n, curve in numbers.items() if curve is not None}
    if kind != "canny":
        _edges_only(check, kind, entries)
    whole = _rising(check, curves, "start", "end") and _rising(check, curves, "low", "high")
    one = _one_picture(check, entries)
    model, is_right = _model(check, entries, name or kind, world)
    if not known or not whole or not one or not is_right or len(curves) < len(_NUMBERS):
        return None
    return Control(kind, name or kind, source, hint, MappingProxyType(curves), span, model)


def _known(check: Expressions, kind: str, at: Span) -> bool:
    if kind in KINDS:
        return True
    near = _SPELLED.get(kind) or nearest(kind, KINDS)
    hint = f"did you mean `{near}`?" if near else "kinds are " + ", ".join(f"`{k}`" for k in KINDS)
    edit = Edit(at, near) if near and check.findings.text(at) == kind else None
    check.findings.error("E2077", at, f"there is no control `{kind}`", hint=hint, edit=edit)
    return False


def _picture(check: Expressions, entries: Sequence[Entry], which: str, absent: Collection[str]) -> str | None:
    entry = options.last(entries, which)
    if entry is None or entry.is_none:
        return None
    with check.inside(entry.env):
        found = pictures.named(check, entry.value, f"`{which}`", _ALSO)
    if found is not None and found in absent:
        pictures.absent(check, found, entry.value.span)
    return found


def _model(check: Expressions, entries: Sequence[Entry], name: str, world: World) -> tuple[str | None, bool]:
    """The ControlNet that is named, and whether what is written is right."""
    entry = options.last(entries, "model")
    if entry is None or entry.is_none:
        return None, True
    from anim_compiler import references

    with check.inside(entry.env):
        found = references.reference(check, entry.value, f"the ControlNet of `{name}`", world, "model")
    return found, found is not None


def _one_picture(check: Expressions, entries: Sequence[Entry]) -> bool:
    source, hint = options.last(entries, "source"), options.last(entries, "hint")
    if source is None or hint is None:
        return True
    check.findings.error(
        "E2080",
        hint.at,
        "a control has a `source` or a `hint`, not both",
        labels=(Label(source.at, "the other one"),),
        hint="a `hint` is used as it is; from a `source` the hint is made",
    )
    return False


def _edges_only(check: Expressions, kind: str, entries: Sequence[Entry]) -> None:
    for entry in entries:
        if entry.name in ("low", "high"):
            message = f"`{entry.name}` changes nothing: it is a threshold of `canny`, and this is `{kind}`"
            hint = "take it away, or write `control canny { … }`"
            check.findings.warning("W6005", entry.at, message, hint=hint)


def _rising(check: Expressions, curves: Mapping[str, Curve], low: str, high: str) -> bool:
    """Whether one number is below another, as far as both are constant."""
    if low not in curves or high not in curves:
        return True
    a, b = constant(curves[low].expr), constant(curves[high].expr)
    if a is None or b is None or a < b:
        return True
    span = curves[high].span or curves[low].span
    assert span is not None
    check.findings.error("E3031", span, f"`{high}` must be above `{low}`", hint=f"`{low}` is {a:g} here")
    return False
