"""What a film is before any curve: rate, size, length, seed, media."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from anim_compiler import media_files, setting, stills
from anim_compiler.expressions import Expressions
from anim_compiler.film import WordSchedule
from anim_compiler.lengths import Lengths
from anim_compiler.levels import Collected
from anim_compiler.options import constant_number
from anim_compiler.picture_size import picture_size
from anim_compiler.rates import rate
from anim_compiler.soundtrack import Soundtrack
from anim_compiler.tempo import TempoMap
from anim_compiler.world import World
from anim_dsl.settings import SETTINGS
from anim_dsl.source import Span

_NOWHERE = Span(0, 0)


@dataclass(frozen=True, slots=True)
class Basics:
    """The settings that stand outside blocks and never change."""

    width: int
    height: int
    seed: int
    loop: bool
    model: str | WordSchedule | None
    title: str
    author: str
    vae: str | None = None
    #: where `model` and `vae` are written
    model_span: Span = _NOWHERE
    vae_span: Span = _NOWHERE


class BasicsChecker:
    """Settles a film's basics, in the order in which they depend on each other."""

    def __init__(
        self, check: Expressions, found: Collected, world: World, heard: TempoMap | None = None
    ) -> None:
        self._check = check
        self._found = found
        self._world = world
        self._film = {e.name: e for e in found.film.entries.get("film", ()) if e.op == "="}
        self._sound = Soundtrack(check, world, self._film, heard)

    def settle(self) -> Basics | None:
        """Fills the scope with rate, tempo, media, length and scenes; None if size or length is missing."""
        check, found, world = self._check, self._found, self._world
        check.scope.names_tracks = bool(found.audio)
        check.scope.fps = rate(check, "film", self._film.get("fps")) or Fraction(24)
        media_files.events(check, found, world)
        self._sound.read(found.audio)
        for named in found.images:
            stills.register(check, world, named.name, named.path, named.path_at)
        media_files.read(check, found, world)
        self._sound.settle()
        length = Lengths(check, found, world).settle()
        size = picture_size(check, self._film.get("size"))
        check.scope.size = size or check.scope.size
        seed = self._seed()
        check.round += 1
        if length is None or size is None:
            return None
        return Basics(
            *size,
            seed=int(seed),
            loop=bool(self._word("loop")),
            model=self._model(),
            model_span=self._written("model"),
            vae=self._vae(),
            vae_span=self._written("vae"),
            title=self._text("title") or "",
            author=self._text("author") or "",
        )

    def _seed(self) -> float:
        entry = self._film.get("seed")
        return 0.0 if entry is None else constant_number(self._check, "film", entry) or 0.0

    def _word(self, name: str) -> str | bool | None:
        entry = self._film.get(name)
        return None if entry is None else setting.word(self._check, SETTINGS["film", name], entry)

    def _text(self, name: str) -> str | None:
        value = self._word(name)
        return value if isinstance(value, str) else None

    def _model(self) -> str | WordSchedule | None:
        entry = self._film.get("model")
        if entry is None:
            return None
        from anim_compiler import references

        return references.model(self._check, entry, self._world)

    def _vae(self) -> str | None:
        """The decoder that stands for the model's own."""
        entry = self._film.get("vae")
        if entry is None:
            return None
        from anim_compiler import references

        found = references.model(self._check, entry, self._world)
        return found if isinstance(found, str) else None

    def _written(self, name: str) -> Span:
        entry = self._film.get(name)
        return Span(0, 0) if entry is None else entry.value.span
