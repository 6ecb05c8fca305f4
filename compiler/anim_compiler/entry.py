"""A setting as it is written, before anything is known of it."""

from __future__ import annotations

from dataclasses import dataclass

from anim_compiler.env import Env
from anim_dsl.source import Span
from anim_dsl.syntax import Expr, Name


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """A setting as it is written; its value is read in `env`. `rule` says how a Deforum name's value
    reads here, and `alias` is that name as it was written.
    """

    name: str
    at: Span
    op: str
    value: Expr
    span: Span
    env: Env
    rule: str = ""
    alias: str = ""

    @property
    def written(self) -> str:
        """The name that stands in the film."""
        return self.alias or self.name

    @property
    def is_none(self) -> bool:
        """Whether `none` is written."""
        return isinstance(self.value, Name) and self.value.text == "none"
