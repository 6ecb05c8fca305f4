"""One version of an open document, understood: what every feature answers from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from anim_compiler.check import check
from anim_compiler.film import Film
from anim_compiler.models.facts import nothing_known
from anim_compiler.stamps import Digests
from anim_compiler.world import Held, World
from anim_dsl.diagnostic import Diagnostic, has_errors
from anim_dsl.gate import UNREAD_CODES
from anim_dsl.incremental import Parsed
from anim_dsl.source import Source
from anim_dsl.syntax import Document
from anim_studio.cli.checking import is_library, of_library
from anim_studio.cli.library import LibraryFacts
from anim_studio.lsp.desk import Desk
from anim_studio.lsp.positions import Positions

if TYPE_CHECKING:
    # it holds arrays, and numpy is not loaded before a film's numbers are wanted
    from anim_studio.live.version import Good


@dataclass(frozen=True, slots=True, eq=False)
class Analysed:
    """A document's text and all that is known of it.

    `film` is None where there are errors; `last_film` is the newest that had none, perhaps of an older text.
    `good` holds the numbers of the newest version that could be evaluated, perhaps of an older text too
    (`good.film.source` tells); it is made in the background, so None at first. `unheard` are the tracks whose
    sound it would have needed and that nobody has analysed yet.

    While someone types faster than a film is checked, a request may get a version whose text was only parsed
    (`is_checked` is false): then `diagnostics` are those of the parser, and `film` is None.
    """

    uri: str
    path: Path
    version: int
    source: Source
    document: Document
    diagnostics: tuple[Diagnostic, ...]
    film: Film | None
    world: World
    positions: Positions
    good: Good | None = None
    last_film: Film | None = None
    unheard: tuple[str, ...] = ()
    is_checked: bool = True
    desk: Desk = field(default_factory=Desk)

    @property
    def text(self) -> str:
        """The document's text."""
        return self.source.text


def world_of(path: Path, desk: Desk, digests: Digests | None = None) -> World:
    """The files that a document may read; those that are open count with the text that is not saved yet."""
    held = Held(desk.texts, digests or Digests())
    # what models there are on this machine is nobody else's business
    models = nothing_known if desk.untrusted else LibraryFacts(path.parent)
    return World.open(path, cache=desk.cache, untrusted=desk.untrusted, held=held, models=models)


def analyse(
    uri: str,
    path: Path,
    version: int,
    parsed: Parsed,
    *,
    desk: Desk | None = None,
    before: Analysed | None = None,
    digests: Digests | None = None,
    checks: bool = True,
) -> Analysed:
    """What a text means, as `anim check` sees it; `before` is what the document was until now.

    Without `checks` it is only parsed, which takes a fraction of the time.
    """
    desk = desk or Desk()
    world = world_of(path, desk, digests)
    document, found = parsed.document, parsed.diagnostics
    film: Film | None = None
    if checks and not any(diagnostic.code in UNREAD_CODES for diagnostic in found):
        film, more = check(document, world)
        more = of_library(more) if is_library(document) else more
        found = tuple(sorted(dict.fromkeys((*found, *more)), key=Diagnostic.sort_key))
        film = None if has_errors(found) else film
    made = Analysed(
        uri=uri,
        path=path,
        version=version,
        source=parsed.source,
        document=document,
        diagnostics=found,
        film=film,
        world=world,
        positions=Positions(parsed.source.text, desk.encoding),
        is_checked=checks,
        desk=desk,
    )
    if before is None:
        return replace(made, last_film=film)
    return replace(made, good=before.good, unheard=before.unheard, last_film=film or before.last_film)


def analysed(
    text: str,
    path: Path | None = None,
    *,
    version: int = 1,
    texts: Mapping[Path, bytes] | None = None,
    desk: Desk | None = None,
) -> Analysed:
    """A text by itself, for tests and for files that are not open: as `analyse`, with no past."""
    place = path or Path.cwd() / "film.anim"
    made = desk or Desk()
    if texts is not None:
        made = replace(made, texts=texts)
    parsed = Parsed.of(Source(place.name, text))
    return analyse(place.as_uri(), place, version, parsed, desk=made)
