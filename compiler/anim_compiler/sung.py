"""`lyrics words = "song.lrc"`: the lines of a song as a text that changes with the film's time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from anim_compiler import lyrics, options, sung_words
from anim_compiler.crossing import on_film
from anim_compiler.film import Alternative, Lyrics
from anim_compiler.lyrics import Line, Unreadable
from anim_compiler.names import did_you_mean
from anim_compiler.standing import standing
from anim_compiler.sung_words import LAST, WORDS, steps, words_of
from anim_compiler.typed import Apply, Clock, Const, Moment, Typed
from anim_compiler.values import NumberValue, TextValue, Value
from anim_compiler.world import Problem, World
from anim_dsl.source import Span
from anim_dsl.syntax import Name, Text, Word

if TYPE_CHECKING:
    from anim_compiler.expressions import Expressions

MEMBERS = ("line", "progress", *WORDS)
"""What lyrics have: which line it is, counted from 1, 0 where none stands; how far it is through; words."""

_HAS = f"it has {', '.join(f'`{name}`' for name in MEMBERS)}; the text of its line is the name alone"


def read(check: Expressions, statement: Word, world: World) -> None:
    """Registers the lines of a `lyrics` statement; what is wrong is reported."""
    head = statement.head[0] if len(statement.head) == 1 else None
    text = statement.value.plain if isinstance(statement.value, Text) else None
    if isinstance(head, Name):
        check.scope.missing.add(head.text)
    if not isinstance(head, Name) or not isinstance(statement.value, Text) or not text:
        hint = 'write `lyrics words = "song.lrc"`'
        check.findings.error("E2011", statement.word.span, "`lyrics` needs a name and a path", hint=hint)
        return
    rows = options.options(check, statement.block, "lyrics")
    later = options.fixed(check, "lyrics", "offset", rows) or Fraction(0)
    span = statement.value.span
    path = world.resolve(text)
    if isinstance(path, Problem):
        check.findings.error(path.code, span, path.message, hint=path.hint)
        return
    if PurePosixPath(text.replace("\\", "/")).suffix.lower() not in lyrics.SUFFIXES:
        hint = "it ends with `.lrc` or `.srt`"
        check.findings.error("E2093", span, f"`{text}` is not a file of lyrics", hint=hint)
        return
    found = lyrics.read(path, text)
    if isinstance(found, Unreadable):
        check.findings.error("E2093", span, found.message, hint=found.hint)
        return
    check.scope.missing.discard(head.text)
    words = tuple(words_of(found, later))
    made = Lyrics(head.text, world.relative(path), world.sha256(path), tuple(_later(found, later)), words)
    check.scope.lyrics[head.text] = made


def _later(lines: Sequence[Line], by: Fraction) -> Iterator[tuple[Fraction, Fraction | None, str]]:
    """The lines so many seconds later; what would be over before the film begins is left out."""
    for line in lines:
        end = None if line.end is None else line.end + by
        if end is None or end > 0:
            yield max(line.start + by, Fraction(0)), end, line.text


# --- as a text ---


def text(check: Expressions, name: str, span: Span) -> Value | None:
    """What is sung, as the text that stands at each moment of the film."""
    found = check.scope.lyrics.get(name)
    if found is None:
        return None
    said = _said(found)
    rows = [(Moment(at), TextValue((Alternative((words,)),))) for at, words in said]
    return _read_here(check, TextValue(standing(rows, span)), span)


def _said(found: Lyrics) -> list[tuple[Fraction, str]]:
    """What stands from when on: an empty text before the first line and between lines that do not meet."""
    rows: list[tuple[Fraction, str]] = []
    over: Fraction | None = Fraction(0)
    for start, end, words in found.lines:
        if over is not None and over < start:
            rows.append((over, ""))
        rows.append((start, words))
        over = end
    return rows if over is None else [*rows, (over, "")]


# --- as curves ---


def member(check: Expressions, name: str, which: str, span: Span) -> Value | None:
    """`words.line`, `words.progress` and what there is of single words; another member is reported."""
    found = check.scope.lyrics.get(name)
    if found is None:
        return None
    if which not in MEMBERS:
        hint = did_you_mean(which, MEMBERS) or _HAS
        check.findings.error("E2001", span, f"lyrics have no `{which}`", hint=hint)
        return None
    if which in WORDS and len(found.words) > lyrics.MOST_LINES:
        said = f"`{found.path}` has more than {lyrics.MOST_LINES} words"
        check.findings.error("E2093", span, said, hint="give the lines of one song")
        return None
    if which in WORDS:
        return _read_here(check, sung_words.value(found.words, which, span), span)
    sung = [(at, end, words) for at, end, words in found.lines if words]
    if not sung:
        return NumberValue(Const(0.0, span), "plain")
    expr = _line(sung, span) if which == "line" else _progress(sung, span)
    return _read_here(check, NumberValue(expr, "plain", live=True), span)


_Sung = Sequence[tuple[Fraction, Fraction | None, str]]


def _line(sung: _Sung, span: Span) -> Typed:
    return steps([(at, end, float(i)) for i, (at, end, _) in enumerate(sung, 1)], 0.0, span)


def _progress(sung: _Sung, span: Span) -> Typed:
    """`clamp((time - begin) / length, 0, 1)` of the line that stands."""
    begins = steps([(at, end, float(at)) for at, end, _ in sung], 0.0, span)
    lengths = steps([(at, end, float((end or at + LAST) - at)) for at, end, _ in sung], 1e9, span)
    since = Apply("sub", (Clock("time", span), begins), span)
    way = Apply("div", (since, lengths), span)
    stands = Apply("lt", (lengths, Const(1e8, span)), span)
    clamped = Apply("clamp", (way, Const(0.0, span), Const(1.0, span)), span)
    return Apply("mul", (clamped, stands), span)


def _read_here(check: Expressions, value: Value, span: Span) -> Value:
    """A value of the film's clock, as the scene that is being checked reads it."""
    return value if check.env.clock is check.scope.film else on_film(value, span)
