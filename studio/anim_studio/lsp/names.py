"""The names of one text: what it defines, where each can be seen, and every place that speaks of one.

Names are found by the tree alone, so that a film with mistakes has them too. No name of the language hides
another: what a name means is told by the innermost block around it that defines it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from anim_dsl.source import Source, Span


class Kind(StrEnum):
    """What a name can be the name of."""

    LET = "let"
    DEF = "def"
    TEMPLATE = "template"
    PARAMETER = "parameter"
    IMPORT = "import"
    MEDIUM = "medium"
    STEP = "step of the pipeline"
    SCENE = "scene"
    CAMERA = "camera"
    LORA = "lora"
    EMBEDDING = "embedding"
    CONTROL = "control"
    LAYER = "layer"


VALUES: Final = frozenset(
    {Kind.LET, Kind.DEF, Kind.TEMPLATE, Kind.PARAMETER, Kind.IMPORT, Kind.MEDIUM, Kind.STEP}
)
"""Kinds that share their names: in one place a name is only one of them."""


@dataclass(frozen=True, slots=True)
class Definition:
    """Where a name is given: the name itself, the whole statement, and where it can be seen.

    `detail` is the statement's first line as it is written; `owner` of a parameter is where the name of its
    `def` or `template` stands; `path` of an import is the file as it is written.
    """

    kind: Kind
    name: str
    at: Span
    whole: Span
    scope: Span
    detail: str = ""
    owner: Span | None = None
    path: str = ""


@dataclass(frozen=True, slots=True)
class Mention:
    """A place that speaks of a name: of one part of `hand.handheld`, with all parts up to it in `path`.

    `of` names the kinds that are looked for, in that order. An argument's name is one of a parameter: then
    `called` is what is called with it.
    """

    at: Span
    path: tuple[str, ...]
    of: tuple[frozenset[Kind], ...]
    called: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name that stands there."""
        return self.path[-1]


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one text."""

    source: Source
    definitions: tuple[Definition, ...]
    mentions: tuple[Mention, ...]
    #: files that are imported without a name of their own, as they are written
    plain: tuple[str, ...]
    #: whether the text was understood everywhere, so that no name can be missing
    is_whole: bool

    def seen(self, name: str, offset: int, kinds: frozenset[Kind]) -> Definition | None:
        """What a name means at a place: the innermost definition of these kinds that can be seen there."""
        found = [
            each
            for each in self.definitions
            if each.name == name and each.kind in kinds and each.scope.start <= offset <= each.scope.end
        ]
        return min(found, key=lambda each: each.scope.end - each.scope.start, default=None)

    def top(self, name: str) -> Definition | None:
        """What an importer sees under a name: a `let`, `def` or template outside all blocks."""
        kinds = (Kind.LET, Kind.DEF, Kind.TEMPLATE)
        everywhere = len(self.source.text)
        found = (each for each in self.definitions if each.name == name and each.kind in kinds)
        return next((each for each in found if each.scope == Span(0, everywhere)), None)

    def parameter(self, owner: Definition, name: str) -> Definition | None:
        """A parameter of a `def` or template."""
        return next((e for e in self.definitions if e.owner == owner.at and e.name == name), None)

    def mention_at(self, offset: int) -> Mention | None:
        """The mention that the offset is in, or right behind."""
        touching = [each for each in self.mentions if each.at.start <= offset <= each.at.end]
        return max(touching, key=lambda each: each.at.start, default=None)

    def definition_at(self, offset: int) -> Definition | None:
        """The definition whose name the offset is in, or right behind."""
        touching = [each for each in self.definitions if each.at.start <= offset <= each.at.end]
        return max(touching, key=lambda each: each.at.start, default=None)
