"""Films for `anim check`: read from files or standard input, checked, and mended by certain edits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from anim_compiler.world import TOO_LARGE, Problem, World
from anim_dsl.diagnostic import Diagnostic, Edit, Severity
from anim_dsl.gate import UNREAD_CODES
from anim_dsl.source import Source
from anim_studio.cli.exits import Exit, Stop
from anim_studio.cli.library import known_models
from anim_studio.cli.rewrite import STDIN, read_stdin
from anim_studio.cli.trust import is_untrusted, refuse_outside

if TYPE_CHECKING:
    from anim_dsl.syntax import Document

_OF_FILMS = frozenset({"E2012", "W6001", "W6009"})
"""That it has no length and no prompt and that its names are not read: no mistakes of a file for imports."""

MOST_ROUNDS = 10
"""An edit can show another mistake; so often the film is checked again after edits."""


@dataclass(frozen=True, slots=True)
class Text:
    """A film's text and the files it may read; `path` is `-` for standard input."""

    path: Path
    source: Source
    world: World
    #: values that the command line gives to `let`s
    given: tuple[str, ...] = ()


def load(path: Path, cache: Path, stdin_name: str, given: tuple[str, ...] = ()) -> Text:
    """Reads a film. Raises `Stop` if there is none."""
    if path == STDIN:
        # what it names is looked for from the working folder
        models = known_models(Path.cwd())
        world = World.open(Path.cwd() / "stdin.anim", cache=cache, untrusted=is_untrusted(), models=models)
        return Text(path, Source(stdin_name, read_stdin().removeprefix("\ufeff")), world, given)
    if path.is_dir():
        raise Stop(Exit.USAGE, f"`{path}` is a folder, not a film", "name a `.anim` file")
    refuse_outside(path)
    world = World.open(path, cache=cache, untrusted=is_untrusted(), models=known_models(path.parent))
    source = world.read_source(path)
    if isinstance(source, Problem):
        code = Exit.LIMIT if source.code == TOO_LARGE else Exit.USAGE
        raise Stop(code, source.message, source.hint, source.code)
    return Text(path, source, world, given)


def findings(text: Text) -> tuple[Diagnostic, ...]:
    """What is wrong with a film, by place."""
    from anim_compiler.check import check
    from anim_dsl.parse import parse

    document, found = parse(text.source)
    if any(diagnostic.code in UNREAD_CODES for diagnostic in found):
        return found
    if is_library(document):
        mine = of_library(check(document, text.world)[1])
        return tuple(sorted(dict.fromkeys((*found, *mine)), key=Diagnostic.sort_key))
    if text.given:
        from anim_dsl.given import noted, with_given

        document, wrong = with_given(document, text.given)
        found = (*found, *wrong, *noted(check(document, text.world)[1], text.given))
    else:
        found = (*found, *check(document, text.world)[1])
    return tuple(sorted(dict.fromkeys(found), key=Diagnostic.sort_key))


def is_library(document: Document) -> bool:
    """Whether a text only declares what films import, and so is no film itself."""
    from anim_dsl.syntax import Def, Let, Word

    kept = document.statements
    words = ("import", "template")
    return bool(kept) and all(
        isinstance(one, Let | Def) or (isinstance(one, Word) and one.word.text in words) for one in kept
    )


def of_library(found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """What of a check's findings is said of a file that only declares what films import."""
    return tuple(one for one in found if one.code not in _OF_FILMS)


@dataclass(frozen=True, slots=True)
class Mended:
    """A film after its certain edits: `fixed` of them were made."""

    text: Text
    diagnostics: tuple[Diagnostic, ...]
    fixed: int


def mend(text: Text, codes: Codes | None = None) -> Mended:
    """Makes every certain edit, checks again, and goes on until nothing changes.

    An edit after which there are more errors than before is left out. Only what `codes` shows is mended.
    """
    from anim_dsl.edit import apply_edits, compatible

    chosen = codes or Codes()
    left_out: set[tuple[str, str, str]] = set()
    diagnostics, fixed = findings(text), 0
    for _ in range(MOST_ROUNDS):
        offered = _offered(chosen.shown(diagnostics), text.source, left_out)
        edits = compatible(offered)
        if not edits:
            break
        mended = sum(edit in _of_errors(diagnostics) for edit in edits)
        together = _edited(text, apply_edits(text.source.text, edits))
        after = findings(together)
        # fewer errors than that: one edit may have made an error while the others took some away
        if errors(after) > errors(diagnostics) - mended:
            tried, edits = edits, _harmless(text, diagnostics, edits)
            left_out |= {offered[edit] for edit in tried if edit not in edits}
            together = _edited(text, apply_edits(text.source.text, edits))
            after = findings(together)
        text, diagnostics, fixed = together, after, fixed + len(edits)
    return Mended(text, diagnostics, fixed)


def _of_errors(diagnostics: Iterable[Diagnostic]) -> set[Edit]:
    """The edits that mend errors, not warnings."""
    return {found.edit for found in diagnostics if found.edit and found.severity is Severity.ERROR}


def _harmless(text: Text, diagnostics: Iterable[Diagnostic], edits: Iterable[Edit]) -> tuple[Edit, ...]:
    """Those edits after which there are no more errors than without them, tried one after the other."""
    from anim_dsl.edit import apply_edits

    kept: tuple[Edit, ...] = ()
    least = errors(diagnostics)
    for edit in edits:
        count = errors(findings(_edited(text, apply_edits(text.source.text, (*kept, edit)))))
        if count <= least:
            kept, least = (*kept, edit), count
    return kept


def errors(diagnostics: Iterable[Diagnostic]) -> int:
    """How many of them stop a render."""
    return sum(found.severity is Severity.ERROR for found in diagnostics)


def _offered(
    diagnostics: Iterable[Diagnostic], source: Source, left_out: set[tuple[str, str, str]]
) -> dict[Edit, tuple[str, str, str]]:
    """The edits of this text, each with what it is known by after other edits have moved it."""
    offered: dict[Edit, tuple[str, str, str]] = {}
    for found in diagnostics:
        if found.edit is None or found.source != source:
            continue
        mark = (found.code, source.slice(found.edit.span), found.edit.text)
        if mark not in left_out and mark[1] != mark[2]:
            offered[found.edit] = mark
    return offered


def _edited(text: Text, new: str) -> Text:
    return replace(text, source=Source(text.source.name, new))


@dataclass(frozen=True, slots=True)
class Codes:
    """Which warnings count: beginnings of codes, as in `W60`. Errors always do."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()

    def shown(self, diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
        """Errors, and the warnings and notes that were asked for."""
        return tuple(found for found in diagnostics if found.severity is Severity.ERROR or self._is_on(found))

    def _is_on(self, found: Diagnostic) -> bool:
        if self.select and not found.code.startswith(self.select):
            return False
        return not (self.ignore and found.code.startswith(self.ignore))


def codes_of(select: Iterable[str], ignore: Iterable[str]) -> Codes:
    """Codes as written on the command line, `W6001,W6002` or several times. Raises `Stop`."""
    return Codes(_split("--select", select), _split("--ignore", ignore))


def _split(option: str, texts: Iterable[str]) -> tuple[str, ...]:
    codes = tuple(code.strip().upper() for text in texts for code in text.split(",") if code.strip())
    for code in codes:
        if not ((code[0] in "EWN" and code[1:].isdecimal()) or code in ("E", "W", "N")):
            raise Stop(Exit.USAGE, f"`{code}` is no code", f"write codes such as `{option} W6001,W60`")
        if code[0] == "E":
            raise Stop(
                Exit.USAGE,
                f"`{option}` is about warnings, and `{code}` is an error",
                "an error stops a render; mend it, or try `anim check --fix`",
            )
    return codes
