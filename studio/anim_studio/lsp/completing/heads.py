"""What may stand behind a statement word: kinds, templates, times."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from anim_compiler.controls import KINDS
from anim_dsl.functions import CLOCKS
from anim_dsl.words import WORDS
from anim_studio.lsp.analysed import Analysed
from anim_studio.lsp.at import At
from anim_studio.lsp.clock import Clock
from anim_studio.lsp.completing.brought import brought
from anim_studio.lsp.completing.candidate import Candidate, Kind, Rank, text
from anim_studio.lsp.named import Named, visible
from anim_studio.lsp.telling.layout import plain
from anim_studio.lsp.timing import clock_at


def heads(analysed: Analysed, found: At) -> Iterator[Candidate]:
    """What may stand behind a statement word."""
    names = visible(analysed, found.offset)
    if found.before is not None and found.before.type == "BLOCK":
        return
    match found.head:
        case "camera":
            yield from (
                Candidate(axes, "choice", says, f"{axes} {{\n\t$0\n}}", Rank.WANTED, ("word", "camera"))
                for axes, says in (
                    ("3d", "flies through the picture by its depth"),
                    ("2d", "moves a flat picture"),
                )
            )
        case "control":
            yield from (Candidate(kind, "choice", says, rank=Rank.WANTED) for kind, says in KINDS.items())
        case "use":
            yield from uses(analysed, names, found)
        case "import" if found.before is not None and found.before.type == "STRING":
            yield Candidate("as", "operator", "under a name of its own", "as ${1:name}", Rank.WANTED)
        case "scene" if found.before is not None and found.before.text != "scene":
            others = {name: named for name, named in names.items() if name != found.before.text}
            yield from times(others, clock_at(analysed, found.offset))
        case "output" | "import" if found.before is not None and found.before.text == found.head:
            yield text(WORDS[found.head].help)
        case _:
            return


def uses(analysed: Analysed, names: Mapping[str, Named], found: At) -> Iterator[Candidate]:
    """The templates that can be used, those of imported files with their names."""
    if found.owner:
        owner = names.get(found.owner[0])
        members = owner.members if owner is not None else {}
        yield from (called(named, Rank.WANTED) for named in members.values() if named.kind == "template")
        return
    yield from brought(analysed, found, names)
    for named in names.values():
        if named.kind == "template":
            yield called(named, Rank.WANTED)
        elif named.kind == "import" and any(m.kind == "template" for m in named.members.values()):
            yield Candidate(
                named.name,
                "module",
                f"imported from {named.value}",
                f"{named.name}.",
                Rank.LIKELY,
                goes_on=True,
            )


def called(named: Named, rank: Rank) -> Candidate:
    """A `def` or a template with its arguments to be filled in: those that must be given."""
    wanted = [parameter.name for parameter in named.parameters if parameter.default is None]
    inside = ", ".join(f"${{{number}:{name}}}" for number, name in enumerate(wanted, start=1))
    snippet = f"{named.name}({inside or ('$1' if named.parameters else '')})"
    kind: Kind = "template" if named.kind == "template" else "function"
    return Candidate(named.name, kind, named.signature, snippet, rank, says=plain(named.says))


def times(names: Mapping[str, Named], clock: Clock) -> Iterator[Candidate]:
    """Names that times are told by, as far as they are known to be times."""
    for named in names.values():
        if named.kind in ("scene", "markers"):
            says = "a scene, with `.start` and `.end`" if named.kind == "scene" else "named times of a file"
            yield Candidate(named.name, "name", says, f"{named.name}.", Rank.OWN, goes_on=True)
        elif named.kind == "parameter" or (named.kind == "let" and _is_time(named, clock)):
            yield Candidate(named.name, "name", named.value, rank=Rank.OWN, says=plain(named.says))
    for name in ("duration", "max_f"):
        yield Candidate(name, "constant", CLOCKS[name].help, rank=Rank.COMMON, about=("clock", name))


def _is_time(named: Named, clock: Clock) -> bool:
    """Whether a `let` is one moment; one of another file is believed to be."""
    value = clock.lets.get(named.name)
    return value is None or clock.time(value) is not None
