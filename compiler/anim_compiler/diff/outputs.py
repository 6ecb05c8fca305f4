"""The files that a render writes; they change no frame."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from anim_compiler.diff.align import aligned
from anim_compiler.diff.change import Change
from anim_compiler.diff.pair import Pair
from anim_compiler.film import Film, Output


def changes(pair: Pair) -> tuple[Change, ...]:
    """Every changed output. One that nobody wrote follows the film's own name, which is no change."""
    a, b = pair.a.film, pair.b.film
    before, after = _written(a), _written(b)
    rows = aligned(before, after, lambda x, y: x.path == y.path, lambda x, y: _alike(a, x, b, y))
    made: list[Change] = []
    for i, j in rows:
        if i is None and j is not None:
            made.append(_whole("added", after[j]))
        elif j is None and i is not None:
            made.append(_whole("removed", before[i]))
        elif i is not None and j is not None:
            made += _changed(_said(a, before[i], b), _said(b, after[j], a), after[j].path)
    return tuple(made)


def _written(film: Film) -> tuple[Output, ...]:
    """The outputs, without the one that a film has if it says nothing."""
    only = film.outputs[0] if len(film.outputs) == 1 else None
    track = film.tempo.track
    is_default = only is not None and only == Output(f"{film.name}.mp4", audio=track)
    return () if is_default and f'"{film.name}.mp4' not in film.source.text else film.outputs


def _alike(a: Film, x: Output, b: Film, y: Output) -> float:
    """Outputs of one kind are one that was renamed."""
    first, second = _said(a, x, b), _said(b, y, a)
    if x.path.rpartition(".")[2] != y.path.rpartition(".")[2]:
        return 0.0
    return 0.9 if {**first, "path": ""} == {**second, "path": ""} else 0.5


def _said(film: Film, output: Output, other: Film) -> Mapping[str, str]:
    """What is said of an output. A track goes by its content, or by the name that it has in both films:
    another file under it is told of the track.
    """
    named = {track.name for track in other.tracks}
    digests = {track.name: track.sha256 for track in film.tracks if track.name not in named}
    return {
        "path": f'"{output.path}"',
        "codec": output.codec or "default",
        "quality": "default" if output.quality is None else str(output.quality),
        "fps": "the film's" if output.fps is None else str(output.fps),
        "size": "the film's" if output.size is None else "x".join(map(str, output.size)),
        "bits": "default" if output.bits is None else str(output.bits),
        "speed": f"{float(output.speed):g}",
        "interpolate": str(output.interpolate),
        "upscale": f"{output.upscale:g}",
        "upscale_model": output.upscale_model or "none",
        "metadata": "on" if output.metadata else "off",
        "loop": "default" if output.loop is None else "on" if output.loop else "off",
        "encoder": output.encoder,
        "audio": "none" if output.audio is None else digests.get(output.audio, "")[:8] or output.audio,
    }


def _changed(before: Mapping[str, str], after: Mapping[str, str], path: str) -> Iterator[Change]:
    for name, text in after.items():
        was = before[name]
        if was == text:
            continue
        sentence = f"renamed to {text}" if name == "path" else f"{name} {was} → {text}"
        kind: Literal["renamed", "changed"] = "renamed" if name == "path" else "changed"
        subject = f"output {before['path'] if name == 'path' else after['path']}"
        yield Change("outputs", kind, f"output {path}", subject, sentence, before=was, after=text)


def _whole(kind: Literal["added", "removed"], output: Output) -> Change:
    subject, path = f'output "{output.path}"', f"output {output.path}"
    before, after = ("", output.path) if kind == "added" else (output.path, "")
    return Change("outputs", kind, path, subject, kind, before=before, after=after)
