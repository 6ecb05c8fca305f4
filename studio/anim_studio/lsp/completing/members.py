"""What may stand behind a name and a dot in a value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from anim_compiler.film import Film
from anim_dsl import functions
from anim_studio.lsp.analysed import Analysed
from anim_studio.lsp.at import At
from anim_studio.lsp.completing.candidate import Candidate, Rank
from anim_studio.lsp.completing.heads import called
from anim_studio.lsp.completing.operands import feature_candidate
from anim_studio.lsp.named import Named
from anim_studio.lsp.telling.layout import plain

_SCORE = (
    ("note", "how hard a note is played while it is held", "note(${1:36})"),
    ("hit", "1 on the frame on which a note begins", "hit(${1:36})"),
    ("hits", "1 on the frame on which any note begins", ""),
    ("velocity", "the velocity of the loudest note that is held", ""),
    ("notes", "how many notes are held", ""),
    ("pitch", "the number of the note that began last", ""),
    ("cc", "a controller, 0 to 1", "cc(${1:1})"),
    ("bend", "the pitch wheel, -1 to 1", ""),
)


def members(analysed: Analysed, found: At, names: Mapping[str, Named]) -> Iterator[Candidate]:
    """The names behind the dot."""
    owner = found.owner[0]
    if owner == "film":
        for clock in functions.CLOCKS.values():
            yield Candidate(clock.name, "constant", clock.help, rank=Rank.WANTED, about=("clock", clock.name))
        return
    named = names.get(owner)
    film = analysed.film or analysed.last_film
    match named.kind if named is not None else "":
        case "audio":
            yield from (feature_candidate(name, Rank.WANTED) for name in functions.FEATURES)
        case "scene":
            yield Candidate("start", "constant", "when the scene starts", rank=Rank.WANTED)
            yield Candidate("end", "constant", "when the scene ends", rank=Rank.WANTED)
        case "import" if named is not None:
            yield from (_member(each) for each in named.members.values())
        case "midi":
            yield from (Candidate(n, "feature", says, snippet, Rank.WANTED) for n, says, snippet in _SCORE)
        case "lyrics":
            from anim_compiler.sung import MEMBERS

            yield from (Candidate(name, "feature", rank=Rank.WANTED) for name in MEMBERS)
        case "markers":
            yield from _marks(film, owner, found.owner[1:])
        case "series":
            yield from _columns(analysed, film, owner)
        case _:
            return


def _member(named: Named) -> Candidate:
    if named.kind in ("def", "template"):
        return called(named, Rank.WANTED if named.kind == "def" else Rank.LIKELY)
    return Candidate(named.name, "name", named.value, rank=Rank.WANTED, says=plain(named.says))


def _marks(film: Film | None, owner: str, mark: tuple[str, ...]) -> Iterator[Candidate]:
    from anim_compiler.events.marks import MEMBERS

    if mark:
        yield from (Candidate(part, "constant", rank=Rank.WANTED) for part in ("start", "end", "length"))
        return
    markers = next((m for m in film.markers if m.name == owner), None) if film is not None else None
    for each in markers.marks if markers is not None else ():
        yield Candidate(each.name, "constant", f"{float(each.start):g} s", rank=Rank.WANTED)
    yield from (Candidate(name, "feature", rank=Rank.LIKELY) for name in MEMBERS)


def _columns(analysed: Analysed, film: Film | None, owner: str) -> Iterator[Candidate]:
    """The columns of a table."""
    from anim_compiler.events import csv_table, json_table
    from anim_compiler.events.marks import spelled
    from anim_compiler.events.unreadable import Unreadable, content, text

    series = next((s for s in film.series if s.name == owner), None) if film is not None else None
    if series is None:
        return
    data = content(analysed.world.root / series.path, series.path)
    found = text(data, series.path) if isinstance(data, bytes) else data
    if isinstance(found, Unreadable):
        return
    is_json = series.path.lower().endswith(".json")
    table = json_table.table(found, series.path) if is_json else csv_table.table(found, series.path)
    if not isinstance(table, Unreadable):
        for header in table.headers:
            yield Candidate(spelled(header), "feature", "a column of the table", rank=Rank.WANTED)
