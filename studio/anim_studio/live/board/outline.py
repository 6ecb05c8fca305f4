"""What a film consists of, as an outline: its scenes with what they show, its media, lets and outputs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from anim_compiler.film import Film, Shot
from anim_dsl.source import Span
from anim_dsl.syntax import Head, Let, Name, Text, Word
from anim_studio.live.board.lanes import Board, KeyMark, Kind, Spot, Stretch
from anim_studio.live.version import Version

_MEDIA = ("audio", "image", "video", "mask", "lyrics", "markers", "midi", "series", "import")


@dataclass(frozen=True, slots=True)
class OutlineRow:
    """A row of the outline: `frame` is where it begins in the film, `spot` where it is written."""

    label: str
    detail: str = ""
    frame: int | None = None
    spot: Spot | None = None
    inside: tuple[OutlineRow, ...] = ()


def contents(version: Version, board: Board | None) -> tuple[OutlineRow, ...]:
    """The outline of a version; of one with errors, what its text says alone."""
    rows: list[OutlineRow] = []
    if version.good is not None and board is not None:
        film = version.good.film
        rows += _film(film, board)
        rows += [
            _scene(film, shot, scene, board)
            for scene in board.scenes
            for shot in film.shots
            if shot.name == scene.name
        ]
    words = [each for each in version.document.statements if isinstance(each, Word)]
    rows += [_word(version, word) for word in words if word.word.text in _MEDIA]
    rows += _lets(version)
    rows += [_word(version, word) for word in words if word.word.text in ("output", "expect")]
    return tuple(rows)


def _film(film: Film, board: Board) -> Iterator[OutlineRow]:
    seconds = float(film.length)
    rate = f"{float(film.fps):g} fps"
    model = film.model if isinstance(film.model, str) else "postcard" if film.model is None else "by keys"
    detail = f"{film.width}×{film.height} · {rate} · {board.frames} frames · {clock(seconds)} · {model}"
    yield OutlineRow(film.title or film.name, detail, 0)


def _scene(film: Film, shot: Shot, scene: Stretch, board: Board) -> OutlineRow:
    """A scene, or the one shot of a film that has none."""
    begin, end = board.seconds(scene.first), board.seconds(scene.end)
    way = f" · {scene.how}" if scene.how else ""
    inside: list[OutlineRow] = []
    for lane in board.lanes:
        if lane.kind is Kind.PROMPTS:
            shown = [key for key in lane.keys if _is_in(key, scene)]
            name = "prompt" if lane.name == "prompts" else lane.name
            inside += [OutlineRow(name, key.label, key.frame, key.spot) for key in shown]
    inside += _camera(film, shot, scene)
    for named in ("init", "source"):
        medium = getattr(shot, named)
        if medium is not None:
            inside.append(OutlineRow(named, medium, scene.first))
    for layer in shot.layers:
        words = layer.source or "text"
        inside.append(OutlineRow(f"layer {layer.name}", words, scene.first, _spot(film, layer.span)))
    called = scene.name if len(board.scenes) > 1 else "film"
    return OutlineRow(called, f"{clock(begin)}–{clock(end)}{way}", scene.first, scene.spot, tuple(inside))


def _is_in(key: KeyMark, scene: Stretch) -> bool:
    """Whether a scene reads a key that stands in it, or at its end."""
    is_read = (scene.first, scene.end) in key.read
    return is_read and (scene.first <= key.frame < scene.end or (key.ends and key.frame == scene.end))


def _camera(film: Film, shot: Shot, scene: Stretch) -> Iterator[OutlineRow]:
    if shot.camera is None:
        return
    written = {
        name.removeprefix("camera."): curve.span
        for name, curve in shot.numbers.items()
        if name.startswith("camera.") and curve.span is not None
    }
    first = next(iter(written.values()), None)
    spot = None if first is None else _spot(film, first)
    yield OutlineRow(f"camera {shot.camera.axes}d", ", ".join(written), scene.first, spot)


def _spot(film: Film, span: Span) -> Spot:
    return Spot(*film.sources.locate(span))


def _word(version: Version, word: Word) -> OutlineRow:
    source = version.source
    names = [part for part in word.head if isinstance(part, Name) and part.text != "as"]
    rest = _texts(word.head)
    if word.value is not None:
        rest.append(source.slice(word.value.span).strip('"'))
    label = " ".join([word.word.text, *(name.text for name in names[:1])])
    return OutlineRow(label, " ".join(" ".join(rest).split()), None, Spot(source, word.span))


def _texts(head: Sequence[Head]) -> list[str]:
    return [part.plain or "" for part in head if isinstance(part, Text)]


def _lets(version: Version) -> Iterator[OutlineRow]:
    source = version.source
    for each in version.document.statements:
        if isinstance(each, Let):
            value = " ".join(source.slice(each.value.span).split())
            yield OutlineRow(f"let {each.name.text}", value, None, Spot(source, each.span))


def clock(seconds: float) -> str:
    """`0:04`, `0:04.5`, `1:02:03`."""
    minutes, rest = divmod(round(seconds, 2), 60)
    hours, minutes = divmod(int(minutes), 60)
    text = f"{rest:05.2f}".rstrip("0").rstrip(".")
    return f"{hours}:{minutes:02}:{text}" if hours else f"{minutes}:{text}"
