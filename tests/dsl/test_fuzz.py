"""Any text parses and is checked: nothing raises, and what is said about it is well formed.

Twenty thousand texts come from a generator of our own, because Hypothesis takes longer to make a text than
the parser to read it; some more come from Hypothesis, which makes a failing text small. Another seed than the
usual one is given as `ANIM_FUZZ_SEED`.
"""

from __future__ import annotations

import os
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.dsl.soup import PIECES, mishap, noise, soup
from tests.sections import SECTIONS
from tests.staging import stage

from anim_compiler.check import check
from anim_compiler.world import World
from anim_dsl.diagnostic import Diagnostic, has_errors
from anim_dsl.findings import MOST
from anim_dsl.parse import parse, parse_value
from anim_dsl.report import as_json, concise, full
from anim_dsl.schedule import evaluate, evaluate_text
from anim_dsl.shorten import MOST_SAID
from anim_dsl.source import Source

SEED = int(os.environ.get("ANIM_FUZZ_SEED", "1"))
ROOT = Path(__file__).resolve().parent.parent.parent

FILMS = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "examples").glob("*.anim"))]
FILMS += [section.film for section in SECTIONS if len(section.film) < 3000]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A folder with the files that film texts may name."""
    folder = tmp_path_factory.mktemp("fuzz")
    stage(folder)
    return World.open(folder / "film.anim", cache=folder / "cache")


def assert_sound(text: str, world: World | None) -> None:
    """The text is read to its end, and what is said about it is well formed and can be shown."""
    source = Source("film.anim", text)
    document, diagnostics = parse(source)
    assert document.source is source
    assert_well_formed(diagnostics, text)
    shown = list(diagnostics)
    if world is not None:
        film, found = check(document, world)
        assert film is not None or diagnostics or found, "neither a film nor a word about what is wrong"
        assert_well_formed(found, text, most=None)
        shown += found
    for report in (full(shown, colour=False), concise(shown), as_json(shown)):
        assert report.replace("\n", "").isprintable()


def assert_well_formed(diagnostics: tuple[Diagnostic, ...], text: str, most: int | None = MOST + 1) -> None:
    assert most is None or len(diagnostics) <= most
    for diagnostic in diagnostics:
        if diagnostic.source.text == text:
            here = [label for label in diagnostic.labels if label.source in (None, diagnostic.source)]
            spans = [diagnostic.span, *(label.span for label in here)]
            spans += [diagnostic.edit.span] if diagnostic.edit else []
            assert all(0 <= span.start <= span.end <= len(text) for span in spans), diagnostic
        assert diagnostic.message
        assert on_one_line(diagnostic), diagnostic


def on_one_line(diagnostic: Diagnostic) -> bool:
    said = (diagnostic.message, diagnostic.hint, diagnostic.marker, *diagnostic.notes)
    return not any("\n" in words or "\r" in words for words in said)


@pytest.mark.parametrize(
    "text",
    [
        'prompt """a\nb"""',
        "zoom = 0: (1\n): 2",
        'output """a\r\nb.mp4"""',
        'audio a = """no\nfile.ogg"""',
        "y" * 200_000,
        "let a = 1 + " + "y" * 200_000,
        f"let {'y' * 200_000} = 1\nlet {'y' * 200_000} = 1",
        f'prompt {{ 0s: "{{{"y" * 200_000}}}" }}',
        f'audio a = "{"y" * 200}.ogg"',
        f"camera 2d {{ {'y' * 200_000} = 1 }}",
        f"scene {'y' * 200_000} 2s {{ }}\nscene {'y' * 200_000} 2s {{ }}",
    ],
    ids=lambda text: ascii(text)[:24],
)
def test_messages_stand_on_one_line_and_quote_little(text: str, world: World) -> None:
    document, found = parse(Source("film.anim", text))
    found += check(document, world)[1]
    assert found
    assert all(map(on_one_line, found))
    for diagnostic in found:
        texts = (diagnostic.message, diagnostic.marker, diagnostic.hint, *diagnostic.notes)
        assert max(map(len, texts)) <= MOST_SAID
    assert max(map(len, full(found).splitlines())) <= 2 * MOST_SAID


KINDS = {
    "noise": (noise, 4_000),
    "soup": (soup, 8_000),
    "mishap": (lambda random: mishap(random, FILMS), 8_000),
}
BATCH = 2_000


@pytest.mark.parametrize(
    ("kind", "batch"),
    [(kind, batch) for kind, (_, count) in KINDS.items() for batch in range(count // BATCH)],
)
def test_nothing_raises(kind: str, batch: int, world: World) -> None:
    make = KINDS[kind][0]
    for number in range(batch * BATCH, (batch + 1) * BATCH):
        text = make(Random(f"{SEED} {kind} {number}"))
        try:
            assert_sound(text, world)
        except Exception as error:
            pytest.fail(
                f"{kind} {number} of ANIM_FUZZ_SEED={SEED}: {type(error).__name__}: {error}\n{text!r}"
            )


def test_films_after_mishaps_are_laid_out_faithfully() -> None:
    """What still parses keeps its meaning in the canonical layout, which is laid out already."""
    from anim_dsl.format import format_source, is_faithful

    films = FILMS + [mishap(Random(f"{SEED} layout {number}"), FILMS) for number in range(600)]
    sources = [Source("film.anim", film) for film in films]
    whole = [source for source in sources if not has_errors(parse(source)[1])]
    assert len(whole) > len(FILMS) // 2
    for source in whole:
        laid = format_source(source)
        assert isinstance(laid, str), source.text
        assert is_faithful(source, laid), source.text
        assert format_source(Source("film.anim", laid)) == laid, source.text


texts = st.one_of(st.lists(st.sampled_from(PIECES), max_size=60).map("".join), st.text(max_size=200))


@settings(max_examples=400, deadline=None)
@given(texts)
def test_small_texts_never_raise(text: str) -> None:
    assert_sound(text, None)


@settings(max_examples=300, deadline=None)
@given(texts)
def test_value_never_raises(text: str) -> None:
    value, diagnostics = parse_value(Source("value", text))
    assert value is not None or diagnostics


SCHEDULE = [
    *"0123456789.,:()+-*/%<>=&|~ \"'",
    *("t", "s", "max_f", "sin(", "abs(", "**", "//", "0:(", "), ", "1e9", "é"),
]


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.lists(st.sampled_from(SCHEDULE), max_size=30).map("".join), st.text(max_size=60)))
def test_schedule_never_raises(text: str) -> None:
    for reader in (evaluate, evaluate_text):
        values, diagnostics = reader(text, frames=7, seed=3)
        assert values is not None or diagnostics
        assert values is None or len(values) == 7
        assert all(0 <= d.span.start <= d.span.end <= len(text) for d in diagnostics)
