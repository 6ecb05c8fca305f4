"""The clock at a place of a document: by its film, or by what is written while that has mistakes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from anim_compiler.film import Film
from anim_compiler.tempo import TempoMap, steady
from anim_dsl import syntax
from anim_dsl.syntax import Document, Expr
from anim_studio.lsp.analysed import Analysed
from anim_studio.lsp.clock import Clock, exact_number
from anim_studio.lsp.named import scene_at

_FPS = Fraction(24)


def clock_at(analysed: Analysed, offset: int) -> Clock:
    """What times at an offset are counted by."""
    film = analysed.film or analysed.last_film
    settings = _settings(analysed.document)
    grid = _written_grid(settings) if film is None else _grid(analysed, film)
    scene = scene_at(analysed.document, offset)
    name = scene.head[0].text if scene and scene.head and isinstance(scene.head[0], syntax.Name) else ""
    shot = None if film is None else next((s for s in film.shots if name and s.name == name), None)
    start = shot.start if shot else Fraction(0)
    length = shot.length if shot else None if film is None or name else film.length
    clock = Clock(
        _fps(settings.get("fps"), film),
        start,
        length,
        grid,
        film.tempo.beats_per_bar if film else grid.beats_per_bar if grid else 4,
        _lets(analysed.document, scene),
        {} if film is None else dict(_places(film)),
    )
    if film is None and not name and "length" in settings:
        time = clock.time(settings["length"])
        return replace(clock, length=None if time is None or time.is_share else clock.lasting(time))
    return clock


def _settings(document: Document) -> dict[str, Expr]:
    """What the film sets itself, outside of blocks."""
    return {s.name.text: s.value for s in document.statements if isinstance(s, syntax.Setting)}


def _written_grid(settings: Mapping[str, Expr]) -> TempoMap | None:
    """The grid of a film that was never without mistakes, if its tempo is one number."""
    match settings.get("bpm"):
        case syntax.Number(bpm) | syntax.Quantity(parts=((bpm, "bpm"),)) if 1 <= bpm <= 1200:
            per_bar = settings.get("beats_per_bar")
            whole = isinstance(per_bar, syntax.Number) and 1 <= per_bar.value <= 32
            return steady(bpm, int(per_bar.value) if whole and isinstance(per_bar, syntax.Number) else 4)
        case _:
            return None


def _grid(analysed: Analysed, film: Film) -> TempoMap | None:
    """The grid of beats: as it is written, or as the song was heard before; None where it is not known."""
    tempo = film.tempo
    if tempo.given is not None:
        return tempo.given
    if tempo.bpm is not None and tempo.track is None:
        return steady(tempo.bpm, tempo.beats_per_bar)
    track = next((t for t in film.tracks if t.name == tempo.track), None)
    if track is None:
        return None
    if tempo.bpm is not None or track.bpm is not None:
        bpm = tempo.bpm if tempo.bpm is not None else track.bpm
        return None if bpm is None else _written(bpm, film, track.offset, track.start)
    from anim_compiler.heard_before import heard_before

    found = heard_before(track, analysed.world, film.source.name, tempo.beats_per_bar)
    return found if found is not None and found.heard else None


def _written(bpm: float, film: Film, offset: float, start: Fraction) -> TempoMap:
    from anim_compiler.tempo import laid

    per_bar = film.tempo.beats_per_bar
    return laid(bpm, per_bar, Fraction(repr(offset)) - start) if offset else steady(bpm, per_bar)


def _fps(written: Expr | None, film: Film | None) -> Fraction:
    match written:
        case syntax.Number(value) | syntax.Quantity(parts=((value, "fps"),)) if 0.1 <= value <= 240:
            # NTSC rates mean their fractions, which the film has worked out
            same = film is not None and abs(float(film.fps) - value) < 0.01
            return film.fps if same and film is not None else exact_number(value)
        case _:
            return film.fps if film is not None else _FPS


def _lets(document: Document, scene: syntax.Word | None) -> dict[str, Expr]:
    inside = scene.block.statements if scene is not None and scene.block is not None else ()
    return {
        statement.name.text: statement.value
        for statement in (*document.statements, *inside)
        if isinstance(statement, syntax.Let)
    }


def _places(film: Film) -> list[tuple[str, Fraction]]:
    """The times that have names: of scenes and of marks."""
    scenes = [
        (f"{shot.name}.{end}", at)
        for shot in film.shots
        for end, at in (("start", shot.start), ("end", shot.end))
    ]
    marks = [
        (f"{markers.name}.{mark.name}{end}", at)
        for markers in film.markers
        for mark in markers.marks
        for end, at in (("", mark.start), (".start", mark.start), (".end", mark.end or mark.start))
    ]
    return scenes + marks
