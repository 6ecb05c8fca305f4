"""Arguments of a call, brought into the order of its parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anim_compiler.names import did_you_mean
from anim_dsl.syntax import Argument, Call

if TYPE_CHECKING:
    from anim_compiler.expressions import Expressions


def bind(
    check: Expressions, expr: Call, parameters: list[tuple[str, bool]], many: bool = False
) -> list[Argument | None] | None:
    """The arguments in the order of `(name, may be left away)`; what is wrong is reported."""
    names = [name for name, _ in parameters]
    bound: dict[str, Argument] = {}
    extra: list[Argument | None] = []
    for place, argument in enumerate(expr.arguments):
        name = argument.name if argument.name is not None else (names[place] if place < len(names) else None)
        if name is None and many:
            extra.append(argument)
        elif name is None:
            _surplus(check, expr, parameters, argument)
            return None
        elif name not in names:
            hint = did_you_mean(name, names) or _call(expr, parameters)
            check.findings.error("E2010", argument.span, f"`{expr.function.text}` has no `{name}`", hint=hint)
            return None
        elif name in bound:
            check.findings.error(
                "E2010", argument.span, f"`{name}` is given twice", hint=_call(expr, parameters)
            )
            return None
        else:
            bound[name] = argument
    lacking = [name for name, optional in parameters if not optional and name not in bound]
    if lacking:
        message = f"`{expr.function.text}` lacks its `{lacking[0]}`"
        check.findings.error("E2010", expr.span, message, hint=_call(expr, parameters))
        return None
    return [*(bound.get(name) for name in names), *extra]


def _surplus(check: Expressions, expr: Call, parameters: list[tuple[str, bool]], argument: Argument) -> None:
    name = expr.function.text
    if not parameters:
        message = f"`{name}` takes no arguments"
    else:
        count = f"{len(parameters)} argument" + ("" if len(parameters) == 1 else "s")
        message = f"`{name}` takes {count}, not {len(expr.arguments)}"
    check.findings.error("E2010", argument.span, message, hint=_call(expr, parameters))


def _call(expr: Call, parameters: list[tuple[str, bool]]) -> str:
    """How the function is called; what may be left away is told."""
    name = expr.function.text
    written = f"write `{name}({', '.join(parameter for parameter, _ in parameters)})`"
    optional = [f"`{parameter}`" for parameter, may_lack in parameters if may_lack]
    if not optional:
        return written
    return f"{written}; {' and '.join(optional)} may be left away"
