"""What the names of a film mean, in its own text and in the files that it imports."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from anim_compiler.findings import STANDARD
from anim_compiler.imports import MOST_FILES
from anim_compiler.world import Problem, World
from anim_dsl.lexer import lex
from anim_dsl.source import Source, Span
from anim_studio.lsp.gathering import names_in
from anim_studio.lsp.names import VALUES, Definition, Kind, Mention, Names
from anim_studio.lsp.standard import standard_path

_WORD: Final = re.compile(r"[A-Za-z_]\w*(?:\s*\.\s*[A-Za-z_]\w*)*")
_PART: Final = re.compile(r"[A-Za-z_]\w*")


@dataclass(frozen=True, slots=True)
class Meant:
    """A definition and the file that it stands in, links followed."""

    path: Path
    names: Names
    definition: Definition

    @property
    def key(self) -> tuple[Path, Span]:
        """What two mentions of the same thing have in common."""
        return self.path, self.definition.at


class Meanings:
    """Resolves the names of one file; `path` is its own, links followed. Files that it imports are read by
    way of `world`, so that open ones count with the text that is not saved yet.
    """

    def __init__(self, names: Names, path: Path, world: World) -> None:
        self.names = names
        self.path = path
        self._world = world
        self._files: dict[tuple[Path, str], tuple[Path, Names] | None] = {}

    def at(self, offset: int) -> tuple[Meant, Span] | None:
        """What the name at an offset means, and where that name stands; None if nothing of the film's own."""
        definition = self.names.definition_at(offset)
        if definition is not None:
            return Meant(self.path, self.names, definition), definition.at
        mention = self.names.mention_at(offset) or self._word_at(offset)
        meant = None if mention is None else self.of(mention)
        return None if meant is None or mention is None else (meant, mention.at)

    def of(self, mention: Mention) -> Meant | None:
        """What a mention means."""
        if mention.called:
            owner = self._of_path(mention.called, mention.at.start, (VALUES,))
            found = None if owner is None else owner.names.parameter(owner.definition, mention.name)
            return None if owner is None or found is None else Meant(owner.path, owner.names, found)
        return self._of_path(mention.path, mention.at.start, mention.of)

    def mentions_of(self, meant: Meant) -> Iterator[Mention]:
        """Every place of this file that speaks of a definition, that itself left out."""
        name = meant.definition.name
        for mention in self.names.mentions:
            if mention.name == name:
                found = self.of(mention)
                if found is not None and found.key == meant.key:
                    yield mention

    def imports(self, name: str) -> bool:
        """Whether a name comes from a file that is imported without one of its own."""
        return self._imported(name) is not None

    def reads(self, file: Path) -> bool:
        """Whether a file is imported."""
        named = (each.path for each in self.names.definitions if each.kind is Kind.IMPORT)
        return self.takes(file) or any(self.file(path) == file for path in named)

    def takes(self, file: Path) -> bool:
        """Whether a file is imported without a name of its own, so that its names are seen bare."""
        return any(self.file(path) == file for path in self.names.plain)

    def file(self, path: str) -> Path | None:
        """The file that an import's path names."""
        found = self._file(self.path, path)
        return None if found is None else found[0]

    # --- inside ---

    def _of_path(self, path: tuple[str, ...], offset: int, of: tuple[frozenset[Kind], ...]) -> Meant | None:
        for kinds in of:
            found = self._first(path[0], offset, kinds)
            if found is None:
                continue
            if len(path) == 1:
                return found
            # what is within a scene or a track is the language's
            return self._within(found, path[1]) if len(path) == 2 else None
        return None

    def _first(self, name: str, offset: int, kinds: frozenset[Kind]) -> Meant | None:
        own = self.names.seen(name, offset, kinds)
        if own is not None:
            return Meant(self.path, self.names, own)
        return self._imported(name) if Kind.LET in kinds else None

    def _imported(self, name: str) -> Meant | None:
        """A name of a file that is imported without one of its own."""
        for path in self.names.plain:
            found = self._file(self.path, path)
            definition = None if found is None else found[1].top(name)
            if found is not None and definition is not None:
                return Meant(found[0], found[1], definition)
        return None

    def _within(self, module: Meant, name: str) -> Meant | None:
        if module.definition.kind is not Kind.IMPORT:
            return None
        found = self._file(module.path, module.definition.path)
        definition = None if found is None else found[1].top(name)
        return None if found is None or definition is None else Meant(found[0], found[1], definition)

    def _file(self, importer: Path, path: str) -> tuple[Path, Names] | None:
        key = (importer.parent, path)
        if key not in self._files:
            few = len(self._files) < MOST_FILES
            self._files[key] = _read(self._world, importer.parent, path) if few else None
        return self._files[key]

    def _word_at(self, offset: int) -> Mention | None:
        """What stands at an offset, where the text is not understood, as a name."""
        text = self.names.source.text
        if not any(token.start <= offset <= token.end for token in lex(text) if token.type == "NAME"):
            # in a comment or a text it is only a word
            return None
        start, end = text.rfind("\n", 0, offset) + 1, text.find("\n", offset)
        for found in _WORD.finditer(text, start, len(text) if end < 0 else end):
            if found.start() <= offset <= found.end():
                parts = list(_PART.finditer(text, found.start(), found.end()))
                here = next(n for n, part in enumerate(parts) if offset <= part.end())
                path = tuple(part[0] for part in parts[: here + 1])
                every = (VALUES, frozenset(Kind) - VALUES)
                return Mention(Span(parts[here].start(), parts[here].end()), path, every)
        return None


def _read(world: World, folder: Path, path: str) -> tuple[Path, Names] | None:
    if path.startswith(STANDARD):
        file = standard_path(path)
        if file is None:
            return None
        return file, names_in(Source(path, file.read_text(encoding="utf-8")))
    found = world.resolve(path, folder=folder)
    source = found if isinstance(found, Problem) else world.read_source(found)
    if isinstance(found, Problem) or isinstance(source, Problem):
        return None
    return found, names_in(source)
