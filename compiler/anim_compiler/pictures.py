"""Pictures by name: stills, clips and masks, wherever a statement asks for one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from anim_compiler.env import MediumBinding, WrittenBinding
from anim_compiler.names import did_you_mean, nearest
from anim_dsl.diagnostic import Edit
from anim_dsl.source import Span
from anim_dsl.syntax import Expr, Name, Text

if TYPE_CHECKING:
    from anim_compiler.expressions import Expressions

_VIDEOS = (".mp4", ".mov", ".webm", ".mkv", ".avi", ".m4v", ".gif")


def names(check: Expressions) -> tuple[str, ...]:
    """Every still, clip and mask."""
    return (*check.scope.stills, *check.scope.clips, *check.scope.masks)


def is_picture(check: Expressions, name: str) -> bool:
    """Whether a name is a still's, a clip's or a mask's."""
    scope = check.scope
    return name in scope.stills or name in scope.clips or name in scope.masks


def mark(check: Expressions, name: str) -> None:
    """Remembers that something reads a picture."""
    check.scope.used.add(name)
    binding = check.env.find(name)
    if isinstance(binding, MediumBinding):
        binding.used = True


def is_video(path: str) -> bool:
    """Whether a file's name is that of a video."""
    return path.lower().endswith(_VIDEOS)


def given(check: Expressions, expr: Expr) -> Expr:
    """The expression, or what a template's parameter of that name was given."""
    seen = 0
    env = check.env
    while isinstance(expr, Name) and len(expr.path) == 1 and seen < 64:
        binding = env.find(expr.text)
        if not isinstance(binding, WrittenBinding):
            break
        expr, env, seen = binding.expr, binding.env, seen + 1
    return expr


_GIVEN: Mapping[str, str] = MappingProxyType(
    {
        "init": 'write `image photo = "photo.png"` and `init = photo` at the top',
        "source": 'write `video clip = "clip.mp4"` and `source = clip` at the top',
    }
)


def absent(check: Expressions, name: str, span: Span) -> None:
    """Says that a scene has no `init` or no `source` to read."""
    check.findings.error("E2088", span, f"there is no `{name}` here to read", hint=_GIVEN.get(name, ""))


def named(check: Expressions, expr: Expr, what: str, also: Collection[str] = ()) -> str | None:
    """The name of the picture that an expression is; `also` are names that stand for pictures here.

    None if it is none, which is reported, unless the picture's own statement was wrong already.
    """
    expr = given(check, expr)
    if isinstance(expr, Text):
        word = "video" if is_video(expr.plain or "") else "image"
        hint = f"write `{word} NAME = {check.findings.text(expr.span)}` at the top, and the name here"
        check.findings.error("E2073", expr.span, f"{what} is the name of a picture", hint=hint)
        return None
    if not isinstance(expr, Name):
        hint = "write the name of an `image`, a `video` or a `mask`"
        check.findings.error("E2073", expr.span, f"{what} is the name of a picture", hint=hint)
        return None
    name = expr.text
    if name in also:
        return name
    if is_picture(check, name):
        mark(check, name)
        return name
    if name not in check.scope.missing:
        _unknown(check, expr, what, also)
    return None


def _unknown(check: Expressions, expr: Name, what: str, also: Collection[str]) -> None:
    name = expr.text
    binding = check.env.find(name)
    if isinstance(binding, MediumBinding) and binding.kind in ("image", "video", "mask"):
        mark(check, name)
        hint = f"move `{binding.kind} {name} = …` up: a mask reads what stands above it"
        check.findings.error("E2073", expr.span, f"`{name}` is defined further down", hint=hint)
        return
    if binding is not None:
        mark(check, name)
        called = "a file without a picture" if isinstance(binding, MediumBinding) else "a value"
        sound = isinstance(binding, MediumBinding) and binding.kind == "audio"
        called = "a sound" if sound else called
        hint = "write the name of an `image`, a `video` or a `mask`"
        check.findings.error("E2073", expr.span, f"{what} is a picture, and `{name}` is {called}", hint=hint)
        return
    known = [*names(check), *also]
    near = nearest(name, known)
    own = expr.path[-1]
    define = f'write `image {own} = "{own}.png"` or `video {own} = "{own}.mp4"` at the top'
    hint = did_you_mean(name, known) or define
    if name in ("null", "None", "nil"):
        hint, near = "leave it away: nothing said is none", None
    edit = Edit(expr.span, near) if near else None
    check.findings.error("E2001", expr.span, f"there is no picture `{name}`", hint=hint, edit=edit)
