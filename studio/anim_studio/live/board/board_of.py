"""The board of a version: what its timeline shows."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from anim_compiler.clock import FilmClock
from anim_compiler.curves import Evaluator
from anim_compiler.film import Film
from anim_compiler.listening import Listener, film_clock
from anim_compiler.settled import settled
from anim_compiler.song_grid import written_grid
from anim_compiler.sound.problem import AudioError
from anim_compiler.takes import Take, takes
from anim_dsl.source import Source, Span
from anim_dsl.syntax import Text
from anim_studio.live.board.lanes import Board, KeyMark, Kind, Lane, Spot, Stretch
from anim_studio.live.board.lone_keys import lone_keys
from anim_studio.live.board.music import beats_of, music_lanes
from anim_studio.live.board.pinned import Pinned, pinned
from anim_studio.live.board.written_keys import Texts, WrittenKey
from anim_studio.live.version import Good, Version

_TEXTS = ("prompts", "negative")


def board_of(version: Version) -> Board | None:
    """The lanes of a version; None where its text has errors, or where its song cannot be read any more.

    Beats and levels are those among the version's curves; nothing is heard for a board alone.
    """
    good = version.good
    if good is None:
        return None
    try:
        return _board(version, good)
    except AudioError:
        return None


def _board(version: Version, good: Good) -> Board:
    film = settled(good.film, version.world)[0] or good.film
    listener = Listener(film, version.world)
    seed = version.choice.seed
    clock = film_clock(film, listener, fps=good.fps, seed=seed)
    shots = takes(film, Evaluator(clock, listener), listener)
    scenes = tuple(_scene(film, take) for take in shots)
    beats = beats_of(film, clock, written_grid(film), good.curves)
    lanes = [Lane(Kind.SCENES, "scenes", stretches=scenes)] if len(scenes) > 1 else []
    lanes += _keyed(version, film, listener, clock, shots, scenes)
    lanes += music_lanes(film, version.world, clock, beats, good.curves)
    return Board(
        clock.frames,
        clock.fps,
        tuple(lanes),
        scenes,
        beats.beats,
        beats.bars,
        beats.counted,
        beats.per_bar,
        _units(film),
    )


def _units(film: Film) -> dict[str, str]:
    of_shots = (row for shot in film.shots for row in (*shot.numbers.items(), *shot.lets.items()))
    return {name: curve.unit for name, curve in (*film.lets.items(), *of_shots)}


def _scene(film: Film, take: Take) -> Stretch:
    shot, clock = take.shot, take.clock
    source, span = film.sources.locate(shot.span)
    how = take.arrives if clock.first else None
    kind = "" if how is None or how.kind == "cut" else how.kind
    # of a dip, half shows before the scene begins
    seconds = Fraction(0) if how is None else how.seconds / 2 if how.kind == "dip" else how.seconds
    lead = clock.frame_at(shot.start + seconds, clock.fps) - clock.first
    return Stretch(shot.name, clock.first, clock.first + take.own, Spot(source, span), kind, lead)


def _keyed(
    version: Version,
    film: Film,
    listener: Listener,
    clock: FilmClock,
    shots: tuple[Take, ...],
    scenes: tuple[Stretch, ...],
) -> Iterator[Lane]:
    """A lane for each list of keys, in the order in which their settings are known."""
    texts = Texts(version.document)
    lets = {*film.lets, *(name for shot in film.shots for name in shot.lets)}
    marks: dict[str, list[KeyMark]] = {}
    seen: set[tuple[int, int]] = set()
    for key in pinned(film, clock, shots):
        source, span = film.sources.locate(key.span)
        is_own = source is film.sources.rows[0][1]
        found = texts.find(source, span, is_own=is_own)
        if is_own:
            seen.add((span.start, span.end))
        if found is None and key.lane not in _TEXTS:
            # what a file tells (the words of a song) is no key that anybody wrote
            continue
        # a list of a `let` is shown once, whoever uses it
        if found is None or not found.is_let or key.lane in lets:
            marks.setdefault(key.lane, []).append(_mark(key, source, span, found))
    for lane, pin, own in lone_keys(version, clock, listener.grid, shots, texts.own, seen):
        marks.setdefault(lane, []).append(_mark(pin, own.source, pin.span, own))
    for lane, keys in marks.items():
        keys.sort(key=lambda mark: (mark.position, mark.span.start))
        if lane in _TEXTS:
            yield Lane(Kind.PROMPTS, lane, keys=tuple(keys), stretches=tuple(_holding(keys, scenes)))
        else:
            yield Lane(Kind.KEYS, lane, keys=tuple(keys))


def _holding(keys: list[KeyMark], scenes: tuple[Stretch, ...]) -> Iterator[Stretch]:
    """What a scene begins with that is another text than before, though no key stands there."""
    last: KeyMark | None = None
    for scene in scenes:
        own = [key for key in keys if (scene.first, scene.end) in key.read]
        if not own:
            last = None
            continue
        held = ([key for key in own if key.frame <= scene.first] or own[:1])[-1]
        if held is not last and held.frame != scene.first:
            yield Stretch(held.label, scene.first, scene.end)
        last = ([key for key in own if key.frame < scene.end] or [held])[-1]


def _mark(pin: Pinned, source: Source, span: Span, found: WrittenKey | None) -> KeyMark:
    if found is None:
        text = source.slice(span)
        why = "it is one value for the whole of it, not a key of a list"
        return KeyMark(
            frame=pin.frame,
            label=_short(text),
            path=(),
            name="",
            number=-1,
            span=span,
            editable=False,
            why_not=why,
            position=float(pin.frame),
            time="",
            value=text,
            easing="",
            source=source,
            read=pin.read,
        )
    value = found.key.value
    plain = value.plain if isinstance(value, Text) else None
    return KeyMark(
        frame=pin.frame,
        label=_short(found.value) if plain is None else _short(plain),
        path=found.path,
        name=found.name,
        number=found.number,
        span=found.key.span,
        editable=not found.why_not,
        why_not=found.why_not,
        position=pin.position,
        time=found.time,
        value=found.value,
        easing=found.easing,
        source=found.source,
        read=pin.read,
    )


def _short(text: str) -> str:
    """A text on one line, its quotes left out."""
    return " ".join(text.strip("\"'").split())
