"""Calls of a film's own functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anim_compiler.binding import bind
from anim_compiler.env import (
    Binding,
    DefBinding,
    Env,
    GivenBinding,
    LetBinding,
    MediumBinding,
    ModuleBinding,
    TemplateBinding,
)
from anim_compiler.values import Value
from anim_dsl.diagnostic import Label
from anim_dsl.syntax import Call

if TYPE_CHECKING:
    from anim_compiler.expressions import Expressions


def visible_defs(check: Expressions) -> list[str]:
    """The names of the functions that can be called here."""
    known: list[str] = []
    for name, found in check.env.visible():
        if isinstance(found, DefBinding):
            known.append(name)
        elif isinstance(found, ModuleBinding) and found.env is not None:
            known += [f"{name}.{n}" for n, inner in found.env.names.items() if isinstance(inner, DefBinding)]
    return known


_TELLS = {"audio": "bass", "markers": 'hit("…")', "midi": "note(36)", "series": "COLUMN"}
"""A curve of each kind of file that has any."""


def no_function(check: Expressions, expr: Call, binding: Binding) -> None:
    """Says what it is that is called like a function."""
    name = expr.function.text
    match binding:
        case TemplateBinding():
            what, hint = "a template", f"write `use {name}(…)` as a statement"
        case MediumBinding():
            told = _TELLS.get(binding.kind)
            what, hint = "a file", f"write `{name}.{told}`" if told else f"write `{name}` alone"
        case ModuleBinding():
            what, hint = "an imported file", f"write `{name}.NAME(…)`, a function of it"
        case _:
            what, hint = "a value", f"write `{name}` alone, or `{name} * (…)`"
    if isinstance(binding, LetBinding | ModuleBinding | TemplateBinding):
        binding.used = True
    message = f"`{name}` is {what}, not a function"
    labels = (Label(binding.at, "defined here"),)
    check.findings.error("E2002", expr.function.span, message, labels=labels, hint=hint)


def defined(check: Expressions, expr: Call, binding: DefBinding) -> Value | None:
    """The value of a call: by the clock where it is called, with the names of where it was written."""
    binding.used = True
    definition = binding.statement
    given = bind(check, expr, [(p.name, p.default is not None) for p in definition.parameters])
    if given is None:
        return None
    home = Env(check.env.clock, binding.env)
    names: dict[str, Binding] = {}
    for parameter, argument in zip(definition.parameters, given, strict=True):
        if argument is not None:
            value = check.value(argument.value)
        else:
            assert parameter.default is not None
            with check.inside(home):
                value = check.value(parameter.default)
        names[parameter.name] = GivenBinding(value, parameter.span)
    if binding in check.active:
        from anim_compiler.expressions import called

        names_in_turn = [called(b) for b in check.active[check.active.index(binding) :]]
        path = " → ".join(f"`{n}`" for n in [*names_in_turn, definition.name.text])
        check.findings.error(
            "E2008",
            definition.name.span,
            f"a `def` cannot call itself: {path}",
            hint="write it as a formula, or use `integrate`, `count` or `loop`",
        )
        return None
    check.active.append(binding)
    try:
        with check.inside(Env(home.clock, binding.env, names)):
            return check.value(definition.value)
    finally:
        check.active.pop()
