"""What may stand in a value: what the setting asks for, the film's names, the language's."""

from __future__ import annotations

from collections.abc import Iterator

from anim_compiler.figures import FIGURES
from anim_dsl import functions
from anim_dsl.functions import EasingSpec
from anim_dsl.source import Span
from anim_dsl.units import UNITS
from anim_studio.lsp.analysed import Analysed
from anim_studio.lsp.at import At
from anim_studio.lsp.completing.candidate import Candidate, Rank
from anim_studio.lsp.completing.heads import times
from anim_studio.lsp.completing.members import members
from anim_studio.lsp.completing.operands import (
    arguments,
    film_names,
    of_language,
    operations_of,
)
from anim_studio.lsp.completing.wanted import of_statement, takes_formulas, wanted
from anim_studio.lsp.named import MEDIA, visible
from anim_studio.lsp.timing import clock_at

_UNITS = {
    "time": ("s", "ms", "beats", "bars", "f", "m"),
    "angle": ("deg", "rad"),
    "px": ("px", "%"),
    "ratio": ("%",),
    "frequency": ("fps", "bpm", "hz", "khz"),
}
_EVERY_UNIT = ("s", "ms", "deg", "px", "%", "hz", "beats", "bars", "f", "fps", "bpm", "m", "rad", "db", "khz")
_PER = ("s", "beat", "bar", "f", "m")


def values(analysed: Analysed, found: At) -> Iterator[Candidate]:
    """What a value, or a part of one, may be."""
    names = visible(analysed, found.offset)
    if found.owner:
        yield from members(analysed, found, names)
        return
    if found.is_number:
        yield from units(found)
        return
    if found.head in ("let", "def") and len(found.statement) > 1:
        # nothing is made of itself
        names.pop(found.statement[1].text, None)
    yield from arguments(found, names)
    if found.head == "expect":
        yield from (Candidate(f.name, "constant", f.help, rank=Rank.WANTED) for f in FIGURES.values())
    if found.argument is None and found.spec is not None:
        yield from wanted(found.spec, names)
        if not takes_formulas(found.spec):
            return
    if found.argument is None and found.head in (*MEDIA, "lora", "embedding"):
        yield from of_statement(found.head, names)
        return
    if found.block.context == "pipeline":
        yield from operations_of(names)
    yield from film_names(names)
    yield from of_language(analysed, names)


def key_times(analysed: Analysed, found: At) -> Iterator[Candidate]:
    """What the time of a key may be."""
    names = visible(analysed, found.offset)
    if found.owner:
        yield from members(analysed, found, names)
    elif found.is_number:
        yield from units(found, "time")
    else:
        yield from times(names, clock_at(analysed, found.offset))


def easings(found: At, *, after_with: bool) -> Iterator[Candidate]:
    """The easings that may stand behind a key's value, or behind `with`."""
    if found.owner:
        return
    for spec in functions.EASINGS.values():
        if after_with or not spec.whole:
            yield _easing(spec)
    if not after_with:
        yield Candidate("with", "operator", "an easing for all segments", "with ", Rank.LIKELY, goes_on=True)
        yield from _operators(Rank.RARE)


def operators(found: At) -> Iterator[Candidate]:
    """The words that may stand behind a value."""
    if found.owner or not found.has_value:
        return
    if found.in_keys:
        yield Candidate("with", "operator", "an easing for all segments", "with ", Rank.WANTED, goes_on=True)
    yield from _operators(Rank.COMMON)


def speeds() -> Iterator[Candidate]:
    """The units of time behind `per`."""
    yield from (Candidate(u, "unit", f"per {UNITS[u].name}", rank=Rank.WANTED) for u in _PER)


def units(found: At, dimension: str = "") -> Iterator[Candidate]:
    """The number that is being written with each unit that it may have, the likely ones first."""
    word = found.word
    digits = (word.text if word is not None else "").rstrip(
        "%abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"
    )
    if word is None or word.type in ("SIZE", "DIM") or not digits or digits[-1] not in "0123456789.":
        return
    likely = _UNITS.get(dimension or _dimension(found), ())
    if not likely and digits == word.text:
        return  # most plain numbers are just that
    if likely[:1] == ("s",) and len(digits) > 1 and digits.isdecimal() and found.argument is not None:
        # periods and widths of some dozens are rarely seconds
        likely = ("ms", *likely)
    for unit in dict.fromkeys((*likely, *_EVERY_UNIT)):
        rank = Rank.WANTED if unit in likely else Rank.RARE
        help = "hundredths" if unit == "%" else _unit_help(unit)
        yield Candidate(f"{digits}{unit}", "unit", help, rank=rank, replaces=Span(word.start, word.end))


def _unit_help(unit: str) -> str:
    from anim_dsl.units import unit as known

    found = known(unit)
    return "" if found is None else found.help


def _dimension(found: At) -> str:
    call = found.argument
    if call is not None:
        spec = functions.FUNCTIONS.get(call.function)
        taken = () if spec is None else spec.parameters
        one = next((p for p in taken if p.name == call.name), None)
        if one is None and not call.name and call.number < len(taken):
            one = taken[call.number]
        return "" if one is None else one.takes
    return "" if found.spec is None else found.spec.type


def _easing(spec: EasingSpec) -> Candidate:
    inside = ", ".join(
        f"${{{number}:{value:g}}}"
        for number, value in enumerate(spec.arguments[: len(spec.parameters)], start=1)
    )
    snippet = f"{spec.name}({inside})" if spec.parameters else ""
    plain = spec.name in ("linear", "hold", "ease", "ease_in", "ease_out", "ease_in_out", "smooth")
    rank = Rank.WANTED if plain else Rank.LIKELY
    return Candidate(spec.name, "easing", spec.help, snippet, rank, ("easing", spec.name))


def _operators(rank: Rank) -> Iterator[Candidate]:
    yield Candidate("per", "operator", "a speed", "per ${1:s}", rank)
    yield Candidate("if", "operator", "one value or another", "if ${1:test} else ${2:value}", rank)
    yield Candidate("and", "operator", functions.OPERATORS["and"].help, rank=Rank.RARE)
    yield Candidate("or", "operator", functions.OPERATORS["or"].help, rank=Rank.RARE)
