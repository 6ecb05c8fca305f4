"""`-D speed=3deg`: values that stand in place of those that the `let`s of a film have."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from anim_compiler.env import DefBinding, LetBinding, ModuleBinding
from anim_compiler.expressions import Expressions
from anim_compiler.findings import Findings
from anim_compiler.levels import Collected
from anim_compiler.names import BUILT_IN, did_you_mean
from anim_dsl.shift import shifted
from anim_dsl.syntax import Given, GivenValue, Name, Text


def apply(given: Given, check: Expressions, found: Collected) -> None:
    """Puts the values over what the film says, before anything of it is evaluated.

    A value is read where the `let` stands, so it sees the names that the written one could see. It may be
    of another kind: whatever reads the `let` then says what does not fit. `speed` is the film's own `let`
    or that of a plain import, `rain.speed` that of a scene or of an import with a name.
    """
    findings = check.findings
    base = findings.sources.next_base
    findings.sources = findings.sources.with_source(given.source)
    known = dict(_lets(found))
    for each in shifted(given.values, base):
        binding = known.get(".".join(each.path))
        if binding is None:
            _unknown(each, known, found, findings)
        elif _is_unquoted(each, binding):
            _unquoted(each, findings)
        else:
            binding.statement = replace(binding.statement, value=each.value)


def _lets(found: Collected) -> Iterator[tuple[str, LetBinding]]:
    """Every `let` that can be named from outside."""
    for scene in found.scenes:
        for name, binding in scene.level.env.names.items():
            if isinstance(binding, LetBinding):
                yield f"{scene.name}.{name}", binding
    for name, binding in found.film.env.names.items():
        if isinstance(binding, LetBinding):
            yield name, binding
        elif isinstance(binding, ModuleBinding) and binding.env is not None:
            for inner, own in binding.env.names.items():
                if isinstance(own, LetBinding):
                    yield f"{name}.{inner}", own


def _is_unquoted(each: GivenValue, binding: LetBinding) -> bool:
    """Whether a text stands without quotes, which a shell takes away."""
    value = each.value
    if not isinstance(binding.statement.value, Text) or not isinstance(value, Name) or len(value.path) > 1:
        return False
    return value.text not in BUILT_IN and binding.env.find(value.text) is None


def _unquoted(each: GivenValue, findings: Findings) -> None:
    name, text = ".".join(each.path), findings.text(each.value.span, 40)
    message, hint = f"nothing here is called `{text}`", f"a text has quotes: `-D '{name}=\"{text}\"'`"
    findings.error("E2001", each.value.span, message, hint=hint)


def _unknown(each: GivenValue, known: dict[str, LetBinding], found: Collected, findings: Findings) -> None:
    name = ".".join(each.path)
    hint = _hint(name, known, found)
    findings.mention(each.value.span)
    findings.error("E2001", each.span, f"the film has no `let` called `{name}`", hint=hint)


def _hint(name: str, known: dict[str, LetBinding], found: Collected) -> str:
    inner = next((full for full in known if full.endswith(f".{name}")), None)
    if inner is not None:
        return f"the one of `{inner.partition('.')[0]}` is `-D {inner}=…`"
    near = did_you_mean(name, known)
    if near:
        return near
    if isinstance(found.film.env.names.get(name), DefBinding):
        return f"`{name}` is a `def`, which has no value of its own"
    listed = ", ".join(f"`{own}`" for own in list(known)[:5])
    return f"it has {listed}" if listed else f"write `let {name} = …` into it to give it a value from outside"
