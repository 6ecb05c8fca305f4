"""What changed between two films, and that nothing is told where nothing changed.

`pytest tests/compiler/test_diff.py --update` writes `diffs/*.films` anew, to be reviewed as a change.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from tests.compiler.film_pairs import PAIRS, FilmPair, checked, lines, opened, rewrite, told

from anim_compiler.compile import CompileOptions
from anim_compiler.diff import Range, Side, compare
from anim_compiler.world import World
from anim_dsl.edit import rename
from anim_dsl.format import format_source
from anim_dsl.parse import parse
from anim_dsl.source import Source
from anim_dsl.syntax import Call, Def, Let, Name, Word

Opens = Callable[[str], Side]


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Opens:
    """Opens a text, each but once, in one folder."""
    folder = tmp_path_factory.mktemp("pairs")
    return cache(lambda text: opened(text, folder))


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.id)
def test_pair(pair: FilmPair, once: Opens, update: bool) -> None:
    found = told(compare(once(pair.before), once(pair.after)), pair.kind)
    if update:
        if found != pair.expected:
            rewrite(pair, found)
        return
    assert found == pair.expected


def test_there_are_enough_pairs() -> None:
    assert len(PAIRS) >= 80
    assert len({pair.id for pair in PAIRS}) == len(PAIRS)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.id)
def test_a_film_does_not_differ_from_its_layout(pair: FilmPair, once: Opens, tmp_path: Path) -> None:
    for text in (pair.before, pair.after):
        laid_out = format_source(Source("film.anim", text))
        assert isinstance(laid_out, str)
        # opened anew, even where the text was laid out already: then it is the film itself
        found = compare(once(text), opened(laid_out, tmp_path))
        assert found.is_empty, told(found, pair.kind)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.id)
def test_what_rerenders_is_counted_by_recipes(pair: FilmPair, once: Opens) -> None:
    a, b = once(pair.before), once(pair.after)
    found = compare(a, b)
    if a.facts is None or b.facts is None:
        assert found.rerender is None
        assert found.reason
        return
    assert found.rerender is not None
    new = [f for f, r in enumerate(b.facts.recipes[: b.facts.shown]) if r not in a.facts.recipes]
    assert found.rerender.count == len(new)
    assert found.rerender.diffused == sum(b.facts.kinds[f] != "tween" for f in new)
    listed = [f for r in found.rerender.where for f in range(r.first, r.last + 1)]
    assert listed == new


def in_folder(text: str, path: Path) -> Side:
    """A text in the place of a film, beside that film's media."""
    world = World.open(path, cache=Path(os.environ["ANIM_CACHE"]))
    return checked(Source(path.name, text), world, CompileOptions(model_sha256="0" * 64))


EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.anim"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples_with_every_name_and_the_layout_changed(path: Path) -> None:
    """No `let`, `def`, template or picture is the film; neither is the place of a line break."""
    text = path.read_text(encoding="utf-8")
    document, _ = parse(Source(path.name, text))
    renamed = text
    for statement in document.statements:
        if isinstance(statement, Let | Def):
            renamed = rename(Source(path.name, renamed), statement.name.text, f"{statement.name.text}_too")
        elif isinstance(statement, Word) and statement.word.text in ("image", "template"):
            head = statement.head[0]
            assert isinstance(head, Call | Name)
            word = head.function.text if isinstance(head, Call) else head.text
            renamed = rename(Source(path.name, renamed), word, f"{word}_too")
    laid_out = format_source(Source(path.name, renamed))
    assert isinstance(laid_out, str)
    a, b = (in_folder(each, path) for each in (text, "# another layout\n" + laid_out))
    found = compare(a, b)
    assert found.is_empty, lines(found.changes)
    # and what is edited is told
    other = compare(a, in_folder(text.replace("steps =", "steps = 3 #", 1), path))
    assert [change.path for change in other.changes] == ["diffuse.steps"] or "steps =" not in text


def test_only_what_is_looked_at_is_told(tmp_path: Path) -> None:
    before = 'size = 64x64; fps = 10; length = 2s\nprompt = "a"\ndiffuse { strength = 0.4 }\n'
    after = before.replace("0.4", "0.4 + 0.1 * (t >= 10)")
    for frames, count in (((0, 5), 0), ((8, 12), 1)):
        options = CompileOptions(frames=frames, model_sha256="0" * 64)
        a, b = (opened(text, tmp_path, options=options) for text in (before, after))
        assert len(compare(a, b).changes) == count
    (change,) = compare(a, b).changes
    assert change.frames == (Range(10, 11),)
