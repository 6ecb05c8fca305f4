"""Structural keys, equal expressions within a film, and columns kept between compiles."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.compiler.film_texts import film_of

from anim_compiler.alike import Keys, key
from anim_compiler.clock import FilmClock
from anim_compiler.curves import Evaluator
from anim_compiler.film import Film, Track
from anim_compiler.functions.registry import POINTWISE, Array
from anim_compiler.listening import Listener, film_clock
from anim_compiler.remembered import KeptColumns, Memory, heard, memory
from anim_compiler.typed import Apply, Const, Feature, Typed
from anim_compiler.world import World
from anim_dsl.source import Span

HEAD = 'size = 64x64; fps = 10; length = 2s; prompt { 0s: "a" }\n'
NOWHERE = World(Path("nowhere"), Path("nowhere"))
HERE = Span(0, 0)

EXPRESSIONS = (
    "1",
    "2",
    "t",
    "u",
    "t + 1",
    "1 + t",
    "t - 1",
    "-t",
    "sin(t)",
    "cos(t)",
    "sin(t + 1)",
    "smooth(t, 1s)",
    "smooth(t, 2s)",
    "(0s: 1, 1s: 2)",
    "(0s: 1, 1.5s: 2)",
    "(0s: 1, 1s: 3)",
    "(0s: 1 ease_in, 1s: 2)",
    "(0s: 1, 1s: 2 with smooth)",
    "(0s: 1, 1s: t)",
    "(0s: t, 1s: 1)",
    "random(1)",
    "random(2)",
)


def _let(text: str, lead: str = "") -> Typed:
    return film_of(f"{HEAD}{lead}let probe = {text}\n").lets["probe"].expr


def test_different_expressions_have_different_keys() -> None:
    assert len({key(_let(text)) for text in EXPRESSIONS}) == len(EXPRESSIONS)


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_the_place_in_the_text_is_no_part_of_a_key(text: str) -> None:
    assert key(_let(text)) == key(_let(text, lead="# a comment\nlet other = 5\n\n"))


def test_a_key_is_the_same_in_every_process() -> None:
    made = Apply("add", (Const(0.1, HERE), Const(-0.0, HERE)), HERE)
    found = key(made)
    assert found is not None
    assert found.hex() == "5866ece014e0a1cb796aa76a1444651d"
    assert found != key(Apply("add", (Const(0.1, HERE), Const(0.0, HERE)), HERE))


def test_what_uses_itself_over_and_over_costs_its_nodes() -> None:
    expr: Typed = Const(1.0, HERE)
    for _ in range(5_000):
        expr = Apply("add", (expr, expr), HERE)
    assert key(expr) is not None


def test_sound_has_a_key_if_the_track_is_known() -> None:
    feature = Feature("song", "bass", (), HERE)
    assert key(feature) is None
    assert key(Apply("sin", (feature,), HERE)) is None
    assert key(feature, {"song": "one"}) != key(feature, {"song": "two"})


# --- within a film ---


def test_what_is_written_twice_is_computed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []

    def counted(x: Array, out: Array | None = None) -> Array:
        calls.append(len(x))
        return np.asarray(np.tanh(x, out=out))

    monkeypatch.setitem(POINTWISE, "tanh", counted)
    film = film_of(HEAD + "let a = 1 + tanh(t / 5)\nlet b = tanh(t / 5) * 2 + tanh(t / 5) ** 2\n")
    evaluator = Evaluator(film_clock(film, Listener(film, NOWHERE)))
    first, second = (evaluator.column(film.lets[name].expr) for name in "ab")
    wave = np.tanh(np.arange(20) / 5)
    assert first == pytest.approx(1 + wave)
    assert second == pytest.approx(wave * 2 + wave**2)
    assert len(calls) <= 2  # the first was not known to come again


def test_0_and_minus_0_are_two() -> None:
    film = film_of(HEAD + "let a = 0 * t\nlet b = -0 * t\n")
    evaluator = Evaluator(film_clock(film, Listener(film, NOWHERE)))
    assert not np.signbit(evaluator.column(film.lets["a"].expr)).any()
    assert np.signbit(evaluator.column(film.lets["b"].expr)).all()


def test_columns_cannot_be_written_to_and_hold_what_they_held() -> None:
    film = film_of(HEAD + "let a = t + 1\nlet b = (t + 1) * 2\nlet c = -(t + 1)\nlet d = t * 1\n")
    evaluator = Evaluator(film_clock(film, Listener(film, NOWHERE)))
    found = {name: evaluator.column(curve.expr) for name, curve in film.lets.items()}
    again = {name: evaluator.column(curve.expr) for name, curve in film.lets.items()}
    t = np.arange(20.0)
    for name, wanted in {"a": t + 1, "b": (t + 1) * 2, "c": -(t + 1), "d": t}.items():
        assert np.array_equal(found[name], wanted), name
        assert again[name] is found[name]
        with pytest.raises(ValueError):
            found[name][0] = 5.0


# --- between compiles ---


def _computed(film: Film, kept: KeptColumns, clock: FilmClock | None = None) -> dict[str, Array]:
    listener = Listener(film, NOWHERE)
    whole = Evaluator(clock or film_clock(film, listener), listener, memory=memory(film, kept))
    return {name: whole.column(curve.expr) for name, curve in film.lets.items()}


def test_an_edit_computes_what_it_touches(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Typed] = []
    plain = Evaluator._made

    def noted(self: Evaluator, expr: Typed) -> Array:
        made.append(expr)
        return plain(self, expr)

    monkeypatch.setattr(Evaluator, "_made", noted)
    kept = KeptColumns()
    lines = ["let a = smooth(sin(t), 1s)", "let b = cos(t) * 3", "let c = (0s: 1, 1s: t)"]
    before = _computed(film_of(HEAD + "\n".join(lines) + "\n"), kept)
    made.clear()
    after = _computed(film_of(HEAD + "# told again\n" + "\n".join(lines) + "\n"), kept)
    assert made == []
    assert all(after[name] is before[name] for name in "abc")
    lines[1] = "let b = cos(t) * 4"
    after = _computed(film_of(HEAD + "\n".join(lines) + "\n"), kept)
    assert after["a"] is before["a"]
    assert after["c"] is before["c"]
    assert after["b"] == pytest.approx(before["b"] / 3 * 4)
    assert {type(expr).__name__ for expr in made} <= {"Apply", "Clock"}


def test_another_clock_is_another_column() -> None:
    kept = KeptColumns()
    film = film_of(HEAD + "let a = sine(1s) + random(s)\nlet b = u * max_f\n")
    clock = film_clock(film, Listener(film, NOWHERE))
    others = [
        replace(clock, frames=10),
        replace(clock, fps=clock.fps * 2, frames=40),
        replace(clock, seed=9),
        replace(clock, length=clock.length * 2),
        replace(clock, start=clock.length / 4, first=5, frames=15),
    ]
    _computed(film, kept, clock)
    for other in others:
        found = _computed(film, kept, other)
        wanted = _computed(film, KeptColumns(), other)
        assert all(np.array_equal(found[name], wanted[name]) for name in wanted)


def test_a_scene_remembers_what_its_film_does() -> None:
    film = film_of(HEAD + "let a = sine(1s)\n")
    kept = KeptColumns()
    whole = Evaluator(film_clock(film, Listener(film, NOWHERE)), memory=memory(film, kept))
    scene = Evaluator(replace(whole.clock, frames=5), film=whole)
    scene.column(film.lets["a"].expr)
    assert scene.memory is whole.memory
    assert len(kept) == 1


def test_the_longest_forgotten_goes_first() -> None:
    kept = KeptColumns(limit=300)
    for name in (b"a", b"b", b"c"):
        kept.put(name, np.zeros(10))
    assert kept.get(b"a") is not None
    kept.put(b"d", np.zeros(10))
    assert [name for name in (b"a", b"b", b"c", b"d") if kept.get(name) is not None] == [b"a", b"c", b"d"]
    kept.put(b"large", np.zeros(100))
    assert kept.get(b"large") is None
    assert kept.size <= kept.limit


def test_what_is_heard_is_the_file_and_how_it_is_analysed() -> None:
    film = film_of(HEAD + "let a = t\n")
    assert heard(film) == {}
    song = Track("song", "song.ogg", "0" * 64)
    texts = [
        heard(replace(film, tracks=(track,)))["song"]
        for track in (
            song,
            replace(song, sha256="1" * 64),
            replace(song, offset=1.0),
            replace(song, bpm=100.0),
            replace(song, beats_per_bar=3),
            replace(song, start=2.0),
            replace(song, gain_db=-6.0),  # `loudness` counts it
            replace(song, is_fixed=True),
        )
    ]
    assert len(set(texts)) == len(texts)
    fast = replace(film, tracks=(song,), tempo=replace(film.tempo, track="song", bpm=150.0))
    assert heard(fast)["song"] != texts[0]


def test_sound_is_remembered_by_what_is_heard() -> None:
    asked: list[str] = []

    def source(feature: Feature, clock: FilmClock) -> Array:
        asked.append(feature.name)
        return np.linspace(0, 1, clock.frames)

    film = film_of(HEAD + "let a = t\n")
    clock = film_clock(film, Listener(film, NOWHERE))
    bass, kept = Feature("song", "bass", (), HERE), KeptColumns()
    heard_in: list[dict[str, str]] = [{"song": "one"}, {"song": "one"}, {"song": "two"}, {}, {}]
    for tracks in heard_in:
        column = Evaluator(clock, source, memory=Memory(kept, Keys(tracks))).column(bass)
        assert column[-1] == 1
    assert len(asked) == 4
