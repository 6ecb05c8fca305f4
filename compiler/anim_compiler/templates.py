"""`use NAME(…)`: a template's statements, with what was given for its parameters."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TypeAlias

from anim_compiler.binding import bind
from anim_compiler.env import Binding, Env, ModuleBinding, TemplateBinding, WrittenBinding
from anim_compiler.names import did_you_mean
from anim_dsl.diagnostic import Label
from anim_dsl.source import Span
from anim_dsl.syntax import Call, Name, Statement, Word

if TYPE_CHECKING:
    from anim_compiler.collect import Collector

MOST_STATEMENTS = 10_000
"""So many statements may come of a film's templates."""

DEEPEST = 32
"""Templates may use each other so deep."""

Place: TypeAlias = Callable[[Statement, Env], None]
"""Puts one statement of a template where the `use` stands."""


class Templates:
    """Expands the templates of one film; recursion and size are bounded."""

    def __init__(self, collect: Collector) -> None:
        self._collect = collect
        self._findings = collect.findings
        self._active: list[TemplateBinding] = []
        self._made = 0
        self._full = False
        #: whether a `use` came to nothing, so that what it may have read is not called unused
        self.lost = False

    def use(self, statement: Word, env: Env, place: Place) -> None:
        """Puts the statements of the template that a `use` names in its place."""
        head = statement.head[0] if len(statement.head) == 1 else None
        call = Call(head, (), head.span) if isinstance(head, Name) else head
        if not isinstance(call, Call) or statement.value is not None or statement.block is not None:
            hint = "write `use shake(2deg)`"
            self._findings.error("E2011", statement.span, "`use` needs a template", hint=hint)
            return
        binding = self._template(call, env)
        self.lost = self.lost or binding is None
        if binding is None or self._circle(binding, call.function):
            return
        used_at = env.used_at or call.span
        if not binding.used:
            self._findings.uses.append((binding.at.to(binding.body.span), used_at))
        binding.used = True
        parameters = [(p.name, p.default is not None) for p in binding.parameters]
        given = bind(self._collect.check, call, parameters)
        if given is None or self._too_many(binding, statement.span):
            self.lost = True
            return
        names: dict[str, Binding] = {}
        home = Env(env.clock, binding.env, names, used_at)
        for parameter, argument in zip(binding.parameters, given, strict=True):
            if argument is not None:
                names[parameter.name] = WrittenBinding(argument.value, env, parameter.span)
            elif parameter.default is not None:
                names[parameter.name] = WrittenBinding(
                    parameter.default, Env(env.clock, binding.env, used_at=used_at), parameter.span
                )
        self._expand(binding, home, place)

    def _expand(self, binding: TemplateBinding, home: Env, place: Place) -> None:
        inner = home.inner()
        self._collect.declare.all(binding.body.statements, inner)
        self._active.append(binding)
        for statement in binding.body.statements:
            place(statement, inner)
        self._active.pop()

    def _template(self, call: Call, env: Env) -> TemplateBinding | None:
        with self._collect.check.inside(env):
            found = self._collect.check.resolve(call.function)
            known = list(_visible(env))
        name = call.function.text
        if isinstance(found, TemplateBinding):
            return found
        if call.function.path[0] in self._collect.check.scope.missing:
            return None
        if found is not None:
            label = Label(found.at, "this is what it is")
            self._findings.error(
                "E2002",
                call.function.span,
                f"`{name}` is not a template",
                labels=(label,),
                hint="`use` takes what `template NAME(…) { … }` defines",
            )
            return None
        bare = self._without_alias(call, env)
        if bare:
            message = f"nothing here is called `{call.function.path[0]}`"
            self._findings.error("E2002", call.function.span, message, hint=bare)
            return None
        listed = ", ".join(f"`{n}`" for n in known[:8] if "." in name)
        hint = did_you_mean(name, known) or (f"there are {listed}" if listed else "")
        hint = hint or f"define it: `template {call.function.path[-1]}(…) {{ … }}`"
        message = f"there is no template called `{name}`"
        self._findings.error("E2002", call.function.span, message, hint=hint)
        return None

    def _without_alias(self, call: Call, env: Env) -> str:
        """What to write for `shake.handheld(…)` after an import without `as`; empty if that is not it."""
        *owner, last = call.function.path
        found = env.find(last)
        if len(owner) != 1 or not isinstance(found, TemplateBinding):
            return ""
        found.used = True
        text = self._findings.text(call.span, 60)
        bare = f"write `use {text.partition('.')[2]}`"
        path = next((path for _, path, module in self._collect.imports if last in module.names), None)
        return bare if path is None else f'{bare}, or `import "{path}" as {owner[0]}`'

    def _circle(self, binding: TemplateBinding, name: Name) -> bool:
        if binding not in self._active:
            return False
        names = [b.name.text for b in self._active[self._active.index(binding) :]] + [binding.name.text]
        path = " → ".join(f"`{n}`" for n in names)
        hint = "a template may use others, but none that uses it"
        self._findings.error("E2008", name.span, f"a template cannot use itself: {path}", hint=hint)
        return True

    def _too_many(self, binding: TemplateBinding, span: Span) -> bool:
        self._made += len(binding.body.statements) + 1
        if self._full:
            return True
        self._full = self._made > MOST_STATEMENTS
        if self._full or len(self._active) >= DEEPEST:
            what = (
                f"more than {MOST_STATEMENTS:,} statements" if self._full else f"more than {DEEPEST} levels"
            )
            self._findings.error(
                "E2030", span, f"the film's templates come to {what}", hint="use fewer, or smaller ones"
            )
            return True
        return False


def _visible(env: Env) -> Iterator[str]:
    """The names of the templates that can be used here."""
    for name, found in env.visible():
        if isinstance(found, TemplateBinding):
            yield name
        elif isinstance(found, ModuleBinding) and found.env is not None:
            inner = found.env.names.items()
            yield from (f"{name}.{n}" for n, b in inner if isinstance(b, TemplateBinding))
