"""Where the keys of a text are written, and whether `anim_dsl.edit` finds them there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from anim_dsl.edit.places import Film
from anim_dsl.source import Source, Span
from anim_dsl.syntax import Def, Dimension, Document, Expr, Key, KeyLine, Keys, Let, Setting, Statement, Word
from anim_dsl.walk import walk


@dataclass(frozen=True, slots=True)
class WrittenKey:
    """A key as it stands in a text. `path`, `name` and `number` are what `anim_dsl.edit` calls it, `of` is
    how many keys its list has; `why_not` tells why it cannot be edited so, `is_let` that a `let` holds it.
    """

    source: Source = field(repr=False)
    key: Key
    path: tuple[str, ...]
    name: str
    number: int
    of: int
    is_let: bool = False
    why_not: str = ""

    @property
    def time(self) -> str:
        """Its time as it is written."""
        return self.source.slice(self.key.at.span)

    @property
    def value(self) -> str:
        """Its value as it is written."""
        return self.source.slice(self.key.value.span)

    @property
    def easing(self) -> str:
        """Its easing as it is written; empty for that of its list."""
        return "" if self.key.easing is None else self.source.slice(self.key.easing.span)


def written_keys(document: Document) -> tuple[WrittenKey, ...]:
    """The keys of all lists of a text, in the order of the text."""
    source = document.source
    # no edit looks at comments to find a list
    film = Film(source, document, ())
    return tuple(_of_block(film, document.statements, (), ""))


def _of_block(
    film: Film, statements: Sequence[Statement], path: tuple[str, ...], why_not: str
) -> Iterator[WrittenKey]:
    lines = [key for each in statements if isinstance(each, KeyLine) for key in each.keys.keys]
    yield from _listed(film, lines, path, "", why_not or _astray(film, statements, path))
    for statement in statements:
        match statement:
            case Setting() | Let():
                yield from _of_value(film, statements, statement, path, why_not)
            case Def():
                line = film.source.place(statement.span.start).line
                told = why_not or f"it is part of `def {statement.name.text}` in line {line}"
                yield from _inside(film, statement.value, path, statement.name.text, told)
            case Word():
                yield from _of_word(film, statements, statement, path, why_not)
            case KeyLine(keys):
                for key in keys.keys:
                    yield from _inside(film, key.value, path, "", why_not or _FORMULA)


_FORMULA = "its list stands inside a formula: make it a `let` to edit it here"


def _of_value(
    film: Film, statements: Sequence[Statement], one: Setting | Let, path: tuple[str, ...], why_not: str
) -> Iterator[WrittenKey]:
    name, is_let = one.name.text, isinstance(one, Let)
    if isinstance(one.value, Keys):
        told = why_not or _astray(film, statements, path) or _hidden(statements, one)
        yield from _listed(film, one.value.keys, path, name, told, is_let=is_let)
        for key in one.value.keys:
            yield from _inside(film, key.value, path, name, why_not or _FORMULA, is_let=is_let)
    else:
        yield from _inside(film, one.value, path, name, why_not or _FORMULA, is_let=is_let)
    block = one.block if isinstance(one, Setting) else None
    if block is not None:
        yield from _of_block(film, block.statements, (*path, name), why_not or f"it is an option of `{name}`")


def _of_word(
    film: Film, statements: Sequence[Statement], word: Word, path: tuple[str, ...], why_not: str
) -> Iterator[WrittenKey]:
    line = film.source.place(word.span.start).line
    for part in word.head:
        if not isinstance(part, Dimension):
            yield from _inside(film, part, path, word.word.text, why_not or _FORMULA)
    if word.value is not None:
        yield from _inside(film, word.value, path, word.word.text, why_not or _FORMULA)
    if word.block is None:
        return
    told = why_not
    if not told and word.word.text == "template":
        named = film.source.slice(word.head[0].span) if word.head else ""
        told = f"it is part of the template `{named}` in line {line}, which every `use` of it shares"
    elif not told and word.word.text == "variant":
        told = f"it is part of the variants in line {line}"
    yield from _of_block(film, word.block.statements, (*path, label_of(film, word, path)), told)


def label_of(film: Film, word: Word, path: tuple[str, ...]) -> str:
    """What `anim_dsl.edit` calls a block: its word and as much of what follows as tells it from others."""
    words = [word.word.text]
    for part in word.head:
        text = film.source.slice(part.span)
        if any(sign.isspace() for sign in text):
            break
        words.append(text)
    # `control canny edges` is another one than `control canny`
    fewest = len(words) if words[0] == "control" else min(2, len(words))
    labels = [" ".join(words[:count]) for count in range(fewest, len(words) + 1)]
    return next((label for label in labels if film.word((*path, label)) is word), labels[-1])


def _astray(film: Film, statements: Sequence[Statement], path: tuple[str, ...]) -> str:
    """Why the path of a block leads elsewhere; empty if it leads there."""
    if film.statements(path) is statements:
        return ""
    return f"there are two blocks called `{path[-1]}`: give them names, or write one"


def _hidden(statements: Sequence[Statement], one: Setting | Let) -> str:
    """Why a name leads to another list of its block; empty if it leads to this one."""
    for each in statements:
        if (
            isinstance(each, Setting | Let)
            and each.name.text == one.name.text
            and isinstance(each.value, Keys)
        ):
            return "" if each is one else f"`{one.name.text}` has two lists here, and the first is found"
    return ""


def _listed(
    film: Film,
    keys: Sequence[Key],
    path: tuple[str, ...],
    name: str,
    why_not: str,
    *,
    is_let: bool = False,
) -> Iterator[WrittenKey]:
    for number, key in enumerate(keys):
        yield WrittenKey(film.source, key, path, name, number, len(keys), is_let, why_not)


def _inside(
    film: Film, value: Expr, path: tuple[str, ...], name: str, why_not: str, *, is_let: bool = False
) -> Iterator[WrittenKey]:
    """The keys of lists within an expression."""
    for node, _ in walk(value):
        if isinstance(node, Keys):
            yield from _listed(film, node.keys, path, name, why_not, is_let=is_let)


class Texts:
    """The keys of a film's texts by their spans; an imported text is read when a key of it is asked for."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._known: dict[str, dict[tuple[int, int], WrittenKey]] = {}

    @property
    def own(self) -> tuple[WrittenKey, ...]:
        """The keys of the film's own text."""
        return tuple(self._keys(self._document.source, is_own=True).values())

    def find(self, source: Source, span: Span, *, is_own: bool) -> WrittenKey | None:
        """The key that is written at a span of a text: the film's own, or one that it imports."""
        return self._keys(source, is_own=is_own).get((span.start, span.end))

    def _keys(self, source: Source, *, is_own: bool) -> dict[tuple[int, int], WrittenKey]:
        found = self._known.get(source.name)
        if found is None:
            document = self._document if is_own else _parsed(source)
            # of a span that is told twice, the list it stands in directly goes first
            found = {}
            for key in written_keys(document):
                at = (key.key.span.start, key.key.span.end)
                told = "" if is_own else f"it is written in `{source.name}`, which the film imports"
                found.setdefault(at, key if is_own else replace(key, why_not=told))
            self._known[source.name] = found
        return found


def _parsed(source: Source) -> Document:
    from anim_dsl.parse import parse

    return parse(source)[0]
