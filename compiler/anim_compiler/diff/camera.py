"""The camera: its channels under the author's names, and what fills the edges and tells the depth."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

import numpy as np

from anim_compiler import setting
from anim_compiler.diff import numbers
from anim_compiler.diff.amounts import PER_SECOND
from anim_compiler.diff.canon import canon
from anim_compiler.diff.change import Change, Kind, Range
from anim_compiler.diff.number import Number
from anim_compiler.diff.pair import Matched, Pair
from anim_compiler.diff.side import Side
from anim_compiler.diff.where import ranges
from anim_compiler.film import DEPTH_MODEL, Camera, Curve
from anim_compiler.rig import TERMS
from anim_compiler.takes import Take
from anim_compiler.typed import Apply, Typed
from anim_compiler.values import times
from anim_dsl.settings import SETTINGS


def changes(pair: Pair) -> tuple[Change, ...]:
    """Cameras that came or went, then every changed channel, then words."""
    return (*_whole(pair), *_channels(pair), *_words(pair))


# --- whole cameras ---


def _whole(pair: Pair) -> Iterator[Change]:
    """Scenes in which there is a camera in one film only, or one of the other dimension."""
    found: dict[tuple[str, str], list[Matched]] = {}
    for scene in pair.matched:
        before, after = _called(scene.a.shot.camera), _called(scene.b.shot.camera)
        if before != after:
            found.setdefault((before, after), []).append(scene)
    for (before, after), scenes in found.items():
        where = _where(pair, scenes)
        name = scenes[0].b.shot.name if pair.in_scenes and len(scenes) == 1 else ""
        kind: Kind = "replaced" if before and after else "added" if after else "removed"
        sentence = f"{before} → {after}" if kind == "replaced" else f"{kind} ({after or before})"
        words = pair.timeline.words(where)
        yield Change("camera", kind, "camera", "camera", sentence, words, name, where, before, after)


def _where(pair: Pair, scenes: Sequence[Matched]) -> tuple[Range, ...]:
    """The frames of scenes."""
    return ranges(np.sort(np.concatenate([pair.seen(scene.frames) for scene in scenes])))


def _called(camera: Camera | None) -> str:
    return "" if camera is None else f"{camera.axes}d"


# --- channels ---


def _channels(pair: Pair) -> Iterator[Change]:
    """Each channel once, whichever of its names the films write it under."""
    for axes in (2, 3):
        known = dict.fromkeys(
            channel for scene in pair.matched for take in (scene.a, scene.b) for channel in _of(take, axes)
        )
        for channel in known:
            if _follows(pair, channel):
                continue
            yield from numbers.changes(pair, _number(pair, axes, channel))


def _follows(pair: Pair, channel: str) -> bool:
    """Whether a channel is the same in cameras of different dimensions, in every scene."""
    if not all(_turned(scene) for scene in pair.matched):
        return False
    rows = [(s.a.shot.camera, s.b.shot.camera) for s in pair.matched]
    found = [
        (a.channels.get(channel), b.channels.get(channel)) for a, b in rows if a is not None and b is not None
    ]
    return len(found) == len(rows) and all(
        x is not None and y is not None and canon(x.expr) == canon(y.expr) for x, y in found
    )


def _turned(scene: Matched) -> bool:
    """Whether a scene's camera came, went or has another dimension, which its channels only follow."""
    return _called(scene.a.shot.camera) != _called(scene.b.shot.camera)


def _of(take: Take, axes: int) -> tuple[str, ...]:
    """The channels that a scene's camera of that dimension has."""
    camera = take.shot.camera
    return tuple(camera.channels) if camera is not None and camera.axes == axes else ()


def _number(pair: Pair, axes: int, channel: str) -> Number:
    name = _name(pair, axes, channel)
    spec = SETTINGS[f"camera {axes}d", name]
    speed = _is_speed(pair, axes, channel)

    def find(take: Take) -> Curve | None:
        return _as(take, axes, channel, name, speed)

    return Number(
        "camera",
        f"camera.{name}",
        f"`{name}`",
        find,
        kind=spec.type,
        unit=PER_SECOND if speed else spec.unit,
        default=setting.default(spec),
        blame=lambda scene: ("camera",) if _turned(scene) else (),
    )


def _name(pair: Pair, axes: int, channel: str) -> str:
    """The name that the later film writes, else the earlier one."""
    takes = (*(scene.b for scene in pair.matched), *(scene.a for scene in pair.matched))
    found = (_written(take, axes, channel) for take in takes)
    return next((row[0] for row in found if row is not None), channel)


def _is_speed(pair: Pair, axes: int, channel: str) -> bool:
    """Whether every scene that has the channel writes it as a speed."""
    takes = (take for scene in pair.matched for take in (scene.a, scene.b))
    rows = [row for take in takes if (row := _written(take, axes, channel)) is not None]
    return bool(rows) and all(_speed(curve) is not None for _, curve in rows)


def _speed(curve: Curve) -> Typed | None:
    """What a travelled speed travels at; None for a pose."""
    expr = curve.expr
    return expr.arguments[0] if isinstance(expr, Apply) and expr.function == "integrate" else None


def _written(take: Take, axes: int, channel: str) -> tuple[str, Curve] | None:
    """The channel as the scene writes it, under whichever name."""
    if channel not in _of(take, axes):
        return None
    for path, curve in take.shot.numbers.items():
        block, _, name = path.partition(".")
        if block == "camera" and TERMS.get((axes, name), (name, 1.0))[0] == channel:
            return name, curve
    return None


def _as(take: Take, axes: int, channel: str, name: str, speed: bool) -> Curve | None:
    """The channel in the sense of `name`, which may count the other way; its speed if `speed`."""
    row = _written(take, axes, channel)
    if row is None:
        return None
    own, curve = row
    expr = _speed(curve) if speed else curve.expr
    assert expr is not None
    signs = [TERMS.get((axes, n), (n, 1.0))[1] for n in (own, name)]
    if signs[0] != signs[1]:
        expr = times(expr, -1.0, expr.span)
    if speed:
        return replace(curve, expr=expr, minimum=None, maximum=None)
    return curve if expr is curve.expr else replace(curve, expr=expr)


# --- words ---


def _words(pair: Pair) -> Iterator[Change]:
    """What a camera says in words, in scenes whose cameras are of one dimension."""
    for word, read in _WORDS.items():
        found: dict[tuple[str, str], list[Matched]] = {}
        for scene in pair.matched:
            before, after = scene.a.shot.camera, scene.b.shot.camera
            if before is None or after is None or before.axes != after.axes:
                continue
            texts = read(pair.a, before), read(pair.b, after)
            if texts[0] != texts[1]:
                found.setdefault(texts, []).append(scene)
        for texts, scenes in found.items():
            where = _where(pair, scenes)
            name = scenes[0].b.shot.name if pair.in_scenes and len(scenes) == 1 else ""
            words = pair.timeline.words(where)
            yield Change(
                "camera",
                "changed",
                f"camera.{word}",
                f"`{word}`",
                " → ".join(texts),
                words,
                name,
                where,
                *texts,
            )


def _depth(side: Side, camera: Camera) -> str:
    """A depth picture or video by what is in it, a model by its reference, other depths by their word."""
    film = side.film
    files = [(s.name, s.sha256) for s in film.stills] + [(c.name, c.sha256) for c in film.clips]
    shown = {name: f"{name} ({sha256[:8]})" for name, sha256 in files}
    return shown.get(camera.depth, camera.depth.removeprefix(DEPTH_MODEL))


def _target(side: Side, camera: Camera) -> str:
    if camera.target is None:
        return "none"
    return "[" + ", ".join(side.written(axis) or "0" for axis in camera.target) + "]"


_WORDS: Mapping[str, Callable[[Side, Camera], str]] = MappingProxyType(
    {
        "border": lambda _, camera: camera.border,
        "motion": lambda _, camera: "per_frame" if camera.per_frame else "pose",
        "depth": _depth,
        "depth_warp": lambda _, camera: camera.depth_warp,
        "target": _target,
    }
)
