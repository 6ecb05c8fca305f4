"""The names that the statements of one block define, before any of them is read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from anim_compiler.env import (
    Binding,
    DefBinding,
    Env,
    LetBinding,
    MediumBinding,
    MediumKind,
    TemplateBinding,
)
from anim_compiler.findings import Findings
from anim_compiler.names import BUILT_IN
from anim_dsl.diagnostic import Label
from anim_dsl.syntax import Argument, Block, Call, Def, Let, Name, Parameter, Statement, Word

MEDIA = frozenset({"audio", "image", "video", "mask", "markers", "midi", "series", "lyrics"})
"""Statements that name a file of the film."""


class Declarer:
    """Fills scopes with names. `lost` are those whose definition was refused."""

    def __init__(self, findings: Findings, lost: set[str]) -> None:
        self._findings = findings
        self._lost = lost

    def all(self, statements: Iterable[Statement], env: Env) -> None:
        """Every `let`, `def`, `template` and medium among the statements."""
        for statement in statements:
            match statement:
                case Let():
                    self.name(statement.name, LetBinding(statement, env), env)
                case Def():
                    self.name(statement.name, DefBinding(statement, env), env)
                case Word() if statement.word.text == "template":
                    self._template(statement, env)
                case Word() if statement.word.text in MEDIA and len(statement.head) == 1:
                    self._medium(statement, env)
                case _:
                    pass

    def name(self, name: Name, binding: Binding, env: Env) -> bool:
        """Gives a name a meaning; whether it may have one."""
        text = name.text
        if text in BUILT_IN:
            self._lost.add(text)
            self._findings.error(
                "E2006",
                name.span,
                f"`{text}` is part of the language and cannot be redefined",
                hint=f"call it `my_{text}`",
            )
            return False
        first = env.find(text)
        if first is None:
            env.names[text] = binding
            return True
        first.used = True
        where = "defined twice" if text in env.names else "defined already outside this block"
        self._findings.error(
            "E2007",
            name.span,
            f"`{text}` is {where}",
            labels=(Label(first.at, "first defined here"),),
            hint="give one of them another name",
        )
        return False

    def _medium(self, statement: Word, env: Env) -> None:
        head = statement.head[0]
        if isinstance(head, Name) and len(head.path) == 1:
            kind = cast(MediumKind, statement.word.text)
            self.name(head, MediumBinding(kind, head.span), env)

    # --- templates ---

    def _template(self, statement: Word, env: Env) -> None:
        head = statement.head[0] if len(statement.head) == 1 else None
        call = head if isinstance(head, Call) else None
        name = call.function if call is not None else head
        if not isinstance(name, Name) or len(name.path) > 1 or statement.value is not None:
            self._findings.error(
                "E2011",
                statement.word.span,
                "a `template` has a name, parameters and a block",
                hint="write `template shake(amount = 1deg) { roll += noise(2hz) * amount }`",
            )
            return
        if statement.block is None:
            self._findings.error(
                "E2011",
                statement.word.span,
                f"the template `{name.text}` has no block",
                hint=f"write `template {name.text}(…) {{ … }}`",
            )
            self._lost.add(name.text)
            return
        parameters = self._parameters(call.arguments if call is not None else ())
        if parameters is None:
            self._lost.add(name.text)
            return
        block: Block = statement.block
        self.name(name, TemplateBinding(name, parameters, block, env), env)

    def _parameters(self, arguments: tuple[Argument, ...]) -> tuple[Parameter, ...] | None:
        found: list[Parameter] = []
        for argument in arguments:
            if argument.name is not None:
                made = Parameter(argument.name, argument.value, argument.span)
            elif isinstance(argument.value, Name) and len(argument.value.path) == 1:
                made = Parameter(argument.value.text, None, argument.span)
            else:
                self._findings.error(
                    "E2011",
                    argument.span,
                    "a parameter is a name, or a name and its default",
                    hint="write `template shake(amount = 1deg) { … }`",
                )
                return None
            if any(made.name == other.name for other in found):
                self._findings.error(
                    "E2007",
                    argument.span,
                    f"`{made.name}` is a parameter twice",
                    hint="give one of them another name",
                )
                return None
            found.append(made)
        return tuple(found)
