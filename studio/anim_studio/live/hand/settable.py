"""What can be given a first key: every number of the film, and the settings that it does not say yet."""

from __future__ import annotations

from anim_compiler.lowering.guiding import named_curves
from anim_dsl.settings import SETTINGS
from anim_studio.live.board.lanes import Board
from anim_studio.live.version import Version

_BLOCKS = ("diffuse", "coherence", "grade")
_NUMBERS = frozenset({"number", "int", "angle", "px", "ratio", "frequency"})


def settable(version: Version, board: Board) -> tuple[tuple[str, str], ...]:
    """Names of lanes with what they are; those that have keys come first, then what the film says."""
    good = version.good
    if good is None:
        return ()
    keyed = [lane.name for lane in board.lanes if lane.keys]
    sounds = {lane.name for lane in board.lanes if lane.levels is not None}
    tracks = {track.name for track in good.film.tracks}
    said = [
        name
        for name in good.curves
        if name not in sounds and name.partition(".")[0] not in tracks and _is_written(version, name)
    ]
    axes = next((shot.camera.axes for shot in good.film.shots if shot.camera is not None), 2)
    table = [name for block in (f"camera {axes}d", *_BLOCKS) for name in _of_block(block)]
    weights = [name for shot in good.film.shots for name, _ in named_curves(shot)]
    names = dict.fromkeys([*keyed, "prompts", *said, *weights, *table])
    return tuple((name, _about(name, axes, name in keyed, name in said)) for name in names)


def _is_written(version: Version, name: str) -> bool:
    good = version.good
    if good is None:
        return False
    curves = [
        shot.numbers.get(name) or shot.lets.get(name) or dict(named_curves(shot)).get(name)
        for shot in good.film.shots
    ]
    return any(curve is not None and curve.span is not None for curve in (*curves, good.film.lets.get(name)))


def _of_block(block: str) -> list[str]:
    first = block.split()[0]
    return [
        f"{first}.{name}"
        for (owner, name), spec in SETTINGS.items()
        if owner == block and not spec.constant and spec.type in _NUMBERS
    ]


def _about(name: str, axes: int, is_keyed: bool, is_said: bool) -> str:
    block, _, own = name.rpartition(".")
    spec = SETTINGS.get((f"camera {axes}d" if block == "camera" else block.partition(".")[0], own))
    about = (
        "what is asked for" if name == "prompts" else spec.help if spec is not None else "a curve of the film"
    )
    return f"◇ {about}" if is_keyed else about if is_said else f"· {about}"
