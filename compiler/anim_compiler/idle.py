"""What a film says and nothing reads."""

from __future__ import annotations

from anim_compiler.cameras import Cameras
from anim_compiler.env import (
    Binding,
    DefBinding,
    Env,
    LetBinding,
    MediumBinding,
    ModuleBinding,
    TemplateBinding,
)
from anim_compiler.levels import Collected
from anim_compiler.scope import Scope
from anim_dsl.source import Span


def unused(scope: Scope, found: Collected, cameras: Cameras, imports: list[tuple[Span, str, Env]]) -> None:
    """Warns of lets, defs, templates, imports, files and cameras that nothing uses."""
    for env in found.scopes:
        for name, binding in env.names.items():
            if binding.used or name in scope.missing or name in scope.used:
                continue
            if scope.findings.mentions(name):
                continue
            if _is_own(binding, env) and not _only_track(scope, name):
                scope.findings.warning("W6001", binding.at, f"`{name}` is not used", hint=_hint(binding))
    for part in cameras.unused():
        if scope.findings.mentions(part.name):
            continue
        message = f"the camera `{part.name}` is not used"
        hint = f"choose it with `camera = {part.name}`, or take it away"
        scope.findings.warning("W6001", part.at, message, hint=hint)
    for span, path, module in () if scope.findings.has_errors else imports:
        if not any(binding.used for binding in module.names.values()):
            hint = "take the line away"
            scope.findings.warning("W6001", span, f"nothing of `{path}` is used", hint=hint)


def _is_own(binding: Binding, env: Env) -> bool:
    """Whether a name was written in this scope, and not brought in by an import."""
    if isinstance(binding, LetBinding | DefBinding | TemplateBinding):
        return binding.env is env
    return isinstance(binding, ModuleBinding | MediumBinding)


def _only_track(scope: Scope, name: str) -> bool:
    """The only track is heard in the output whether a curve reads it or not."""
    return name in scope.tracks and len(scope.tracks) == 1


def _hint(binding: Binding) -> str:
    match binding:
        case TemplateBinding():
            return f"write `use {binding.name.text}(…)` where it is wanted, or take it away"
        case ModuleBinding():
            return "take the line away"
        case _:
            return "use it, or take it away"
