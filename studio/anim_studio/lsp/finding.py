"""Every place that speaks of something: in the file at hand, and in all films that may import it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from anim_dsl.source import Source, Span
from anim_studio.lsp.analysed import Analysed, world_of
from anim_studio.lsp.gathering import names_in, names_of
from anim_studio.lsp.meaning import Meanings, Meant
from anim_studio.lsp.names import Kind, Mention, Names
from anim_studio.lsp.neighbours import films_under

#: kinds that other files can import, and those of their parameters
_SHARED = frozenset({Kind.LET, Kind.DEF, Kind.TEMPLATE, Kind.PARAMETER})


@dataclass(frozen=True, slots=True)
class Found:
    """The places in one file that speak of something; `defines` are those that give the name."""

    path: Path
    names: Names
    meanings: Meanings
    defines: tuple[Span, ...]
    mentions: tuple[Mention, ...]

    @property
    def spans(self) -> tuple[Span, ...]:
        """All the places, in order."""
        return tuple(sorted({*self.defines, *(mention.at for mention in self.mentions)}))


def meanings_of(made: Analysed) -> Meanings:
    """The names of a document and what they mean."""
    names = names_of(made.document, made.diagnostics)
    return Meanings(names, Path(os.path.realpath(made.path)), made.world)


def places_of(meant: Meant, meanings: Meanings, made: Analysed) -> Iterator[Found]:
    """The files that speak of a definition, with the places; the document first. One that imports it, and in
    which the name stands where it is not understood, has none.
    """
    own = _found(meant, meanings)
    if own is not None:
        yield own
    if meant.path == meanings.path and not _is_shared(meant):
        return
    if meant.path != meanings.path:
        # it may lie elsewhere, as the standard library does
        home = _found(meant, Meanings(meant.names, meant.path, world_of(meant.path, made.desk)))
        yield from () if home is None else (home,)
    for source in films_under(_roots(meant, made), made.desk):
        path = Path(source.name)
        if path in (meanings.path, meant.path) or not _may_speak(source, meant):
            continue
        other = Meanings(names_in(Source(path.name, source.text)), path, world_of(path, made.desk))
        found = _found(meant, other)
        if found is not None:
            yield found


def _found(meant: Meant, meanings: Meanings) -> Found | None:
    is_home = meant.path == meanings.path
    defines = (meant.definition.at,) if is_home else ()
    mentions = tuple(meanings.mentions_of(meant))
    if not defines and not mentions and not meanings.reads(meant.path):
        return None
    return Found(meanings.path, meanings.names, meanings, defines, mentions)


def _is_shared(meant: Meant) -> bool:
    """Whether other files may speak of it."""
    definition, names = meant.definition, meant.names
    if definition.kind not in _SHARED:
        return False
    if definition.owner is not None:
        owner = next((each for each in names.definitions if each.at == definition.owner), None)
        return owner is not None and names.top(owner.name) is owner
    return names.top(definition.name) is definition


def _may_speak(source: Source, meant: Meant) -> bool:
    """Whether a text is worth being read: most are not."""
    return "import" in source.text and meant.definition.name in source.text


def _roots(meant: Meant, made: Analysed) -> tuple[Path, ...]:
    roots = [Path(os.path.realpath(root)) for root in (made.world.root, *made.desk.roots)]
    around = [root for root in roots if made.path.resolve().is_relative_to(root)]
    # a file of the standard library is imported by films of any folder that is open
    return tuple(dict.fromkeys(around or roots))
