"""Names with a dot, and what to say of names that mean nothing here."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from anim_compiler.crossing import on_film
from anim_compiler.env import Binding, DefBinding, MediumBinding, ModuleBinding, TemplateBinding
from anim_compiler.names import CLOCKS, CONSTANTS, did_you_mean, nearest
from anim_compiler.signatures import FEATURES, SIGNATURES
from anim_compiler.typed import Const
from anim_compiler.values import NumberValue, Value
from anim_dsl.diagnostic import Edit
from anim_dsl.syntax import Name

if TYPE_CHECKING:
    from anim_compiler.expressions import Expressions


def member(check: Expressions, expr: Name) -> Value | None:
    """The value of `film.t`, `song.bass`, `intro.end`, `lib.swell`."""
    owner, rest = expr.path[0], ".".join(expr.path[1:])
    if owner == "film" and rest in CLOCKS:
        return _of_film(check, rest, expr)
    if owner in check.scope.missing:
        return None
    binding = check.env.find(owner)
    if isinstance(binding, ModuleBinding):
        return _of_module(check, binding, expr)
    if isinstance(binding, MediumBinding):
        return _of_medium(check, binding, owner, rest, expr)
    if owner in check.scope.scenes and binding is None:
        return of_scene(check, owner, rest, expr)
    if binding is not None:
        check.findings.error("E2001", expr.span, f"`{owner}` holds no names", hint=f"write `{owner}` alone")
        return None
    if owner == "film":
        hint = did_you_mean(rest, CLOCKS) or "it has `t`, `time`, `u`, `duration` and the rest of the clock"
        check.findings.error("E2001", expr.span, f"the film's clock has no `{rest}`", hint=hint)
        return None
    known = [*check.scope.tracks, *check.scope.scenes, *_modules(check), "film"]
    hint = did_you_mean(owner, known) or "tracks, scenes and imported files have names inside"
    check.findings.error("E2001", expr.span, f"nothing here is called `{owner}`", hint=hint)
    return None


def _modules(check: Expressions) -> list[str]:
    return [name for name, found in check.env.visible() if isinstance(found, ModuleBinding)]


def _of_film(check: Expressions, name: str, expr: Name) -> Value | None:
    value = check.clock(name, expr.span)
    if value is None or check.env.clock is check.scope.film:
        return value
    return on_film(value, expr.span)


def _of_module(check: Expressions, module: ModuleBinding, expr: Name) -> Value | None:
    found = check.resolve(expr)
    if found is not None:
        return check.bound(found, expr)
    module.used = True
    if module.env is not None and expr.path[-1] not in check.scope.missing:
        rest = ".".join(expr.path[1:])
        hint = did_you_mean(rest, module.env.names) or _holds(module)
        check.findings.error("E2001", expr.span, f"`{module.path}` has no `{rest}`", hint=hint)
    return None


def _holds(module: ModuleBinding) -> str:
    names = list(module.env.names)[:8] if module.env is not None else []
    return "it has " + ", ".join(f"`{name}`" for name in names) if names else "it has no names"


def _of_medium(
    check: Expressions, binding: MediumBinding, owner: str, member: str, expr: Name
) -> Value | None:
    binding.used = True
    check.scope.used.add(owner)
    if binding.kind in ("markers", "midi", "series"):
        from anim_compiler.events import reading

        return reading.member(check, expr.path, expr.span)
    if binding.kind == "lyrics":
        from anim_compiler import sung

        return sung.member(check, owner, member, expr.span)
    if binding.kind == "audio":
        if member in FEATURES:
            return check.feature(owner, member, (), expr.span)
        hint = did_you_mean(member, FEATURES) or "write a feature, like `bass` or `energy`"
        check.findings.error("E2001", expr.span, f"a track has no feature `{member}`", hint=hint)
        return None
    check.findings.error(
        "E2001", expr.span, f"`{owner}` is a picture and has no curves", hint="curves are read from `audio`"
    )
    return None


def of_scene(check: Expressions, owner: str, member: str, expr: Name) -> Value | None:
    """The value of `intro.start`, `intro.end`; any other member is reported."""
    scene = check.scope.scenes[owner]
    if member not in ("start", "end"):
        hint = did_you_mean(member, ("start", "end")) or f"write `{owner}.start` or `{owner}.end`"
        check.findings.error("E2001", expr.span, f"a scene has no `{member}`", hint=hint)
        return None
    if scene is None:
        check.findings.error(
            "E3004",
            expr.span,
            f"`{expr.text}` is not known yet here",
            hint="a length may use the scenes before it only",
        )
        return None
    seconds = scene.start if member == "start" else scene.end
    return NumberValue(Const(float(seconds), expr.span), "time")


def no_value(check: Expressions, binding: Binding, expr: Name) -> None:
    """Says what a name is that has no value of its own."""
    name = expr.text
    match binding:
        case DefBinding():
            binding.used = True
            message, hint = f"`{name}` is a function and stands here alone", f"write `{name}(…)`"
            check.findings.error("E2001", expr.span, message, hint=hint)
        case TemplateBinding():
            message, hint = f"`{name}` is a template, not a value", f"write `use {name}(…)` as a statement"
            check.findings.error("E2001", expr.span, message, hint=hint)
        case ModuleBinding():
            message = f"`{name}` is an imported file, not a value"
            check.findings.error("E2001", expr.span, message, hint=f"write `{name}.NAME`, a name inside it")
        case MediumBinding():
            if name not in check.scope.missing:
                hint = f"write `{name}.bass`" if binding.kind == "audio" else "write a number"
                message = f"a number is wanted here, and `{name}` is a file"
                check.findings.error("E3002", expr.span, message, hint=hint)
        case _:
            pass


_PLACES = frozenset({"left", "right", "top", "bottom", "center", "centre", "middle"})
"""What people call places; here they are reckoned."""

_MOST_NAMES = 500
"""Among so many of a film's names one is looked for that was perhaps meant."""


def unknown(check: Expressions, expr: Name) -> None:
    """Says that nothing has this name, and which was probably meant."""
    name = expr.text
    scope = check.scope
    if name in scope.missing:
        return
    if name in SIGNATURES:
        hint = f"write `{name}(…)`"
        check.findings.error("E2001", expr.span, f"`{name}` is a function and stands here alone", hint=hint)
        return
    if name in scope.scenes:
        hint = f"write `{name}.start` or `{name}.end`"
        check.findings.error("E2001", expr.span, f"`{name}` is a scene, not a value", hint=hint)
        return
    near = None
    if not check.findings.flooded:
        seen = islice((n for n, _ in check.env.visible()), _MOST_NAMES)
        near = nearest(name, [*seen, *CLOCKS, *CONSTANTS, *FEATURES])
    edit = Edit(expr.span, near) if near else None
    hint = f"did you mean `{near}`?" if near else f"define it: `let {name} = …`"
    if name in _PLACES:
        near, edit = None, None
        hint = (
            "a place is a number: `20px` or `50%` from the left and from the top; "
            "`anchor = center` is a layer's own point"
        )
    check.findings.error("E2001", expr.span, f"nothing here is called `{name}`", hint=hint, edit=edit)
