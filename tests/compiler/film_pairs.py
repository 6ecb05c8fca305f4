"""Pairs of films with what changed between them, in `diffs/*.films`.

A file begins with a sentence that ends in a colon and the lines that stand before every film of it. A pair
begins with `--- name: kind ---`; then come the earlier film, a line `--->`, the later film, a line `===`
and the difference as `anim diff` tells it, without its heading. Of kind `whole` its last line says what
re-renders; of kind `changes` it is left out. The files of `tests/staging.py` lie beside every film.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from tests.staging import stage

from anim_compiler.check import check
from anim_compiler.compile import CompileOptions
from anim_compiler.diff import Change, Difference, Side, compare, side
from anim_compiler.world import World
from anim_dsl.parse import parse
from anim_dsl.source import Source

FOLDER = Path(__file__).with_name("diffs")
_HEAD = re.compile(r"^--- (?P<name>[^\n]+): (?P<kind>whole|changes) ---\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class FilmPair:
    """One pair of one file; `expected` is what its difference is told as."""

    file: str
    name: str
    kind: str
    before: str
    after: str
    expected: str

    @property
    def id(self) -> str:
        return f"{self.file}: {self.name}"


def read(path: Path) -> list[FilmPair]:
    """The pairs of one file, in order."""
    text = path.read_text(encoding="utf-8")
    heads = list(_HEAD.finditer(text))
    shared = text[: heads[0].start()].partition(":\n")[2].strip() + "\n"
    ends = [head.start() for head in heads[1:]] + [len(text)]
    return [
        _pair(path.stem, head, shared, text[head.end() : end]) for head, end in zip(heads, ends, strict=True)
    ]


def _pair(file: str, head: re.Match[str], shared: str, body: str) -> FilmPair:
    before, _, rest = body.partition("--->\n")
    after, _, expected = rest.partition("===\n")
    return FilmPair(file, head["name"], head["kind"], shared + before, shared + after, expected.rstrip("\n"))


def rewrite(pair: FilmPair, told: str) -> None:
    """Writes the difference of a pair anew into its file."""
    path = FOLDER / f"{pair.file}.films"
    text = path.read_text(encoding="utf-8")
    start = text.index(f"--- {pair.name}: {pair.kind} ---\n")
    begin = text.index("===\n", start) + len("===\n")
    following = _HEAD.search(text, begin)
    rest = "\n" + text[following.start() :] if following else ""
    path.write_text(f"{text[:begin]}{told}\n{rest}", encoding="utf-8")


PAIRS = [pair for path in sorted(FOLDER.glob("*.films")) for pair in read(path)]


def opened(text: str, folder: Path, *, options: CompileOptions | None = None) -> Side:
    """A film of a text, with the staged files beside it."""
    stage(folder)
    world = World(folder, folder, cache=folder / "cache")
    return checked(Source("film.anim", text), world, options or CompileOptions(model_sha256="0" * 64))


def checked(source: Source, world: World, options: CompileOptions) -> Side:
    """A film that has no errors."""
    document, slips = parse(source)
    film, found = check(document, world)
    assert film is not None, [d.message for d in (*slips, *found)]
    made = side(film, world, options)
    assert made.side is not None, [d.message for d in made.diagnostics]
    return made.side


def difference(before: str, after: str, folder: Path) -> Difference:
    """What changed from one text to another."""
    return compare(opened(before, folder), opened(after, folder))


def lines(changes: tuple[Change, ...], indent: str = "") -> list[str]:
    """Changes as lines, what follows from them beneath."""
    made: list[str] = []
    for change in changes:
        made += [f"{indent}{change.line}", *lines(change.effects, indent + "  ")]
    return made


def told(found: Difference, kind: str) -> str:
    """A difference as a file expects it."""
    rows = lines(found.changes) or ["nothing changed"]
    if kind == "whole":
        rows.append(found.rerender.sentence() if found.rerender is not None else f"not known: {found.reason}")
    return "\n".join(rows)
