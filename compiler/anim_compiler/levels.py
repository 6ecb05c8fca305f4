"""What one level of a film says, the file or one scene: blocks, and things that have names."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from anim_compiler.env import Env, Timebase
from anim_compiler.setting import Entry
from anim_dsl.source import Span
from anim_dsl.syntax import Easing, Expr, Key, Statement, Word

if TYPE_CHECKING:
    from anim_compiler.expectations import Expected


@dataclass(frozen=True, slots=True)
class Named:
    """`audio song = "song.mp3" { … }`, `output "film.mp4" { … }`: `path` is the text as written."""

    name: str
    at: Span
    path: str
    path_at: Span
    entries: tuple[Entry, ...]


@dataclass(slots=True)
class Part:
    """A block that has a name: a control, a LoRA, an embedding or a layer.

    `value` is what stands behind `=`; `removed` if that is `none`.
    """

    word: str
    kind: str
    name: str
    at: Span
    span: Span
    env: Env
    value: Expr | None = None
    entries: list[Entry] = field(default_factory=list)
    removed: bool = False


@dataclass(slots=True)
class CameraPart:
    """A `camera` block, or what `camera.NAME = …` says; `axes` is None where that is not told."""

    at: Span
    name: str = ""
    axes: int | None = None
    entries: list[Entry] = field(default_factory=list)
    used: bool = False
    #: whether its settings stand under their own names (`entries.resolved`)
    resolved: bool = False


@dataclass(slots=True)
class PipelinePart:
    """A `pipeline` block: its statements and where they stand."""

    at: Span
    span: Span
    env: Env
    statements: tuple[Statement, ...] = ()
    removed: bool = False


@dataclass(slots=True)
class PromptPart:
    """The keys of a `prompt` block, each with the scope that it is read in, and the easing of all."""

    at: Span
    keys: list[tuple[Key, Env]] = field(default_factory=list)
    easing: tuple[Easing, Env] | None = None


_NOWHERE = Span(0, 0)


@dataclass(slots=True)
class Level:
    """The file, or one scene. `entries` are settings by block: `film` of the file, `scene` of a scene."""

    env: Env
    name: str = "film"
    at: Span = _NOWHERE
    entries: dict[str, list[Entry]] = field(default_factory=dict)
    blocks: dict[str, Span] = field(default_factory=dict)
    prompt: PromptPart | None = None
    camera: CameraPart | None = None
    parts: dict[tuple[str, str], Part] = field(default_factory=dict)
    pipeline: PipelinePart | None = None
    expected: list[Expected] = field(default_factory=list)
    #: whether the `variant` block gives the prompts
    prompts_vary: bool = False

    def last(self, block: str, name: str) -> Entry | None:
        """What a setting is set to here."""
        return next((e for e in self.entries.get(block, ()) if e.name == name and e.op == "="), None)


@dataclass(slots=True)
class Scene:
    """A `scene` statement: its length as written, and what it says."""

    name: str
    at: Span
    length: Expr | None
    level: Level
    clock: Timebase
    span: Span


@dataclass(slots=True)
class VariantPart:
    """One row of the `variant` block: a setting's path and its values."""

    path: tuple[str, ...]
    at: Span
    value: Expr
    env: Env


@dataclass(slots=True)
class Collected:
    """Everything a film says."""

    film: Level
    audio: list[Named] = field(default_factory=list)
    images: list[Named] = field(default_factory=list)
    #: videos, masks and files of times, by their words
    statements: list[tuple[str, Word]] = field(default_factory=list)
    outputs: list[Named] = field(default_factory=list)
    cameras: dict[str, CameraPart] = field(default_factory=dict)
    scenes: list[Scene] = field(default_factory=list)
    variants: list[VariantPart] = field(default_factory=list)
    #: whether a scene is left out because it has no name
    lost_scenes: bool = False
    #: every scope that was opened, for what is never used
    scopes: list[Env] = field(default_factory=list)
