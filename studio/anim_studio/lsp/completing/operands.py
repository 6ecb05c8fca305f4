"""What formulas are made of: the film's names, the language's, arguments of calls, ops of a pipeline."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from anim_compiler.film import Film
from anim_dsl import functions
from anim_dsl.functions import FunctionSpec
from anim_studio.explain.ops import operations
from anim_studio.lsp.analysed import Analysed
from anim_studio.lsp.at import At
from anim_studio.lsp.completing.candidate import Candidate, Rank
from anim_studio.lsp.completing.heads import called
from anim_studio.lsp.named import Named, shown
from anim_studio.lsp.named import found as found_name
from anim_studio.lsp.telling.layout import plain

PICTURES = frozenset({"image", "video", "mask"})
"""Statements that give pictures names."""


def film_names(names: Mapping[str, Named]) -> Iterator[Candidate]:
    """What the film itself gives names to, as values use it."""
    for named in names.values():
        match named.kind:
            case "let" | "parameter":
                yield Candidate(
                    named.name, "name", named.value or named.kind, rank=Rank.OWN, says=plain(named.says)
                )
            case "def":
                yield called(named, Rank.OWN)
            case "audio" | "import" | "midi" | "series" | "markers" | "lyrics" | "scene":
                detail = f"{named.kind} {named.value}"
                yield Candidate(named.name, "module", detail, f"{named.name}.", Rank.COMMON, goes_on=True)
            case _:
                continue


def of_language(analysed: Analysed, names: Mapping[str, Named]) -> Iterator[Candidate]:
    """Functions, clocks and constants; features where the film follows a track."""
    tracks = [named for named in names.values() if named.kind == "audio"]
    if len(tracks) == 1 or (tracks and _clock(analysed)):
        for feature in functions.FEATURES.values():
            yield feature_candidate(feature.name, Rank.COMMON)
    for function in functions.FUNCTIONS.values():
        yield function_candidate(function)
    for clock in (*functions.CLOCKS.values(), *functions.CONSTANTS.values()):
        rank = Rank.RARE if clock.name == "s" else Rank.LANGUAGE
        yield Candidate(clock.name, "constant", clock.help, rank=rank, about=("clock", clock.name))


def _clock(analysed: Analysed) -> bool:
    film: Film | None = analysed.film or analysed.last_film
    return film is not None and film.tempo.track is not None


def feature_candidate(name: str, rank: Rank) -> Candidate:
    """An audio feature, with its arguments if it has such."""
    spec = functions.FEATURES[name]
    inside = ", ".join(f"${{{number}:{p.name}}}" for number, p in enumerate(spec.parameters, start=1))
    snippet = f"{name}({inside})" if spec.parameters else ""
    return Candidate(name, "feature", spec.help, snippet, rank, ("feature", name))


def function_candidate(spec: FunctionSpec) -> Candidate:
    """A function, with the arguments that must be given."""
    wanted = [p.name for p in spec.parameters if p.default is None]
    inside = ", ".join(f"${{{number}:{name}}}" for number, name in enumerate(wanted, start=1))
    common = spec.group in ("waves", "filters")
    rank = Rank.COMMON if common else Rank.LANGUAGE
    return Candidate(
        spec.name, "function", spec.signature, f"{spec.name}({inside})", rank, ("function", spec.name)
    )


def arguments(found: At, names: Mapping[str, Named]) -> Iterator[Candidate]:
    """The names of a call's parameters that are not given yet."""
    call = found.argument
    if call is None or not found.begins_argument:
        return
    spec = functions.FUNCTIONS.get(call.function)
    rows = (
        [(p.name, p.help) for p in spec.parameters]
        if spec is not None
        else _own_parameters(call.function, names)
    )
    operation = operations().get(call.function) if found.block.context == "pipeline" else None
    rows = rows or ([] if operation is None else list(operation.takes))
    for name, says in rows[call.number :] if spec is not None else rows:
        if name not in call.given:
            yield Candidate(f"{name} =", "parameter", says, f"{name} = $0", Rank.LIKELY, filter=name)


def _own_parameters(function: str, names: Mapping[str, Named]) -> list[tuple[str, str]]:
    named = found_name(names, tuple(function.split(".")))
    return [] if named is None else [(p.name, shown(p, named.source)) for p in named.parameters]


def operations_of(names: Mapping[str, Named]) -> Iterator[Candidate]:
    """The ops of a pipeline, and the pictures that it starts from."""
    from anim_compiler.image_ops import SOURCES

    for name, says in SOURCES.items():
        yield Candidate(name, "constant", says, rank=Rank.WANTED)
    for op in operations().values():
        yield Candidate(op.name, "function", op.help, f"{op.name}($1)", Rank.WANTED, ("operation", op.name))
    for named in names.values():
        if named.kind in PICTURES or named.kind == "step":
            rank = Rank.WANTED if named.kind == "step" else Rank.LIKELY
            yield Candidate(
                named.name, "name", f"{named.kind} {named.value}", rank=rank, says=plain(named.says)
            )
