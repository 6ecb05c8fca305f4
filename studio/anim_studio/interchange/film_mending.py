"""A film that passes `check` although what it was imported from names what is not here.

Each statement that has an error becomes a comment with the reason, until nothing is wrong: whoever gets the
missing file takes the comment's mark away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from anim_dsl.diagnostic import Diagnostic, Severity
from anim_studio.interchange.film_text import Block, Comment, Item, as_comment, checked, film_text, written
from anim_studio.interchange.imported import TooMuch

#: a comment may make the next line wrong, which read what stood there
_MOST_ROUNDS = 40
#: no statement is to blame for these
_TOO_MUCH = frozenset({"E1002", "E1070", "E1071", "E1072", "E1073"})
#: a control that nothing is known for would stop a render
_NO_CONTROL = "W6173"


def mended(items: Sequence[Item], folder: Path, stem: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The film's text, laid out, and what had to become a comment: each statement's first words and why.

    Raises TooMuch, and ValueError if nothing helps, which is a bug of the importer.
    """
    now, lost = mended_items(items, folder, stem)
    return film_text(now, stem), lost


def mended_items(
    items: Sequence[Item], folder: Path, stem: str
) -> tuple[tuple[Item, ...], tuple[tuple[str, str], ...]]:
    """The same before it is laid out, for who goes on with it."""
    now = tuple(items)
    lost: list[tuple[str, str]] = []
    for _ in range(_MOST_ROUNDS):
        lines = list(written(now))
        text = "".join(f"{line}\n" for line, _ in lines)
        errors = [each for each in checked(text, folder, stem) if _is_in_the_way(each)]
        if not errors:
            return now, tuple(lost)
        error = errors[0]
        if error.code in _TOO_MUCH:
            raise TooMuch(error.message)
        at = lines[error.source.place(error.span.start).line - 1][1]
        changed, what = _commented(now, at, error)
        if not what:
            raise ValueError(f"the film made of `{stem}` has an error: {error.message}")
        now = changed
        lost.append((what, error.message))
    raise ValueError(f"the film made of `{stem}` cannot be mended")


def _is_in_the_way(found: Diagnostic) -> bool:
    return found.severity is Severity.ERROR or found.code == _NO_CONTROL


def _commented(
    items: tuple[Item, ...], at: tuple[int, ...], error: Diagnostic
) -> tuple[tuple[Item, ...], str]:
    """The items with the one at a place as a comment, and its first words; "" if there is none."""
    number, *inner = at
    item = items[number]
    new, what = item, ""
    if inner and isinstance(item, Block):
        inside, what = _commented(item.items, tuple(inner), error)
        new = replace(item, items=inside)
    elif not isinstance(item, Comment):
        new, what = _comment(item, error)
    return (*items[:number], new, *items[number + 1 :]), what


def _comment(item: Item, error: Diagnostic) -> tuple[Item, str]:
    found = as_comment(item, error.message)
    if found is item:
        return item, ""
    lines = [line for line, _ in written((item,)) if not line.startswith("#")]
    return found, _first_words(lines[0])


def _first_words(text: str) -> str:
    return text.partition("=")[0].partition("{")[0].strip()
