"""The numbers of a setting or a name as the film has them: over the film or a scene, and at one frame."""

# arrays are equal to themselves only
from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from anim_dsl.settings import setting
from anim_dsl.syntax import Name
from anim_studio.lsp.analysed import Analysed
from anim_studio.lsp.at import At
from anim_studio.lsp.named import scene_at

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from anim_studio.live.version import Good


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """A curve's values on frames `first` and following: float64[frames]."""

    name: str
    values: NDArray[np.float64]
    first: int
    fps: float
    is_current: bool

    @property
    def low(self) -> float:
        """Its least value."""
        return float(self.values.min())

    @property
    def high(self) -> float:
        """Its greatest value."""
        return float(self.values.max())

    @property
    def is_still(self) -> bool:
        """Whether it never changes."""
        return self.low == self.high

    def at(self, frame: int) -> float | None:
        """The value at a frame of the film; one beyond the end is that of the last."""
        place = min(frame - self.first, len(self.values) - 1)
        return float(self.values[place]) if place >= 0 else None


def column(analysed: Analysed, offset: int, names: tuple[str, ...]) -> Column | None:
    """The first of these curves that there is, in the scene of an offset or over the film; None where it was
    not evaluated, or is not there on every frame.
    """
    good = analysed.good
    if good is None:
        return None
    name = next((name for name in names if name in good.curves), None)
    if name is None:
        return None
    first, end = _part(analysed, good, offset)
    values = good.curves[name][first:end]
    values = values[values == values]  # NaN where a scene has no such setting
    if not len(values):
        return None
    is_current = good.film.source.text == analysed.text
    return Column(name, values, first, float(good.fps), is_current)


def heard(analysed: Analysed, offset: int, track: str, feature: str) -> Column | None:
    """What was heard of a feature in a track (the one that the film follows, without a name); None where
    nobody has heard it yet.
    """
    from anim_compiler.asking import Asked
    from anim_compiler.audio.unmeasured import only_known
    from anim_compiler.sound.problem import AudioError

    good = analysed.good
    if good is None or not good.film.tracks:
        return None
    name = f"{track}.{feature}" if track else feature
    known = column(analysed, offset, (name,))
    if known is not None:
        return known
    try:
        with only_known():
            values = Asked(good.film, analysed.world).curve(name)
    except (AudioError, KeyError):
        return None
    first, end = _part(analysed, good, offset)
    return Column(name, values[first:end], first, float(good.fps), True) if end > first else None


def _part(analysed: Analysed, good: Good, offset: int) -> tuple[int, int]:
    """The frames of the scene that an offset stands in, or all of the film's."""
    scene = scene_at(analysed.document, offset)
    head = scene.head[0] if scene is not None and scene.head else None
    for part in good.parts:
        if isinstance(head, Name) and part.name == head.text:
            return part.first, part.end
    return 0, good.frames


def curve_names(found: At, path: tuple[str, ...]) -> tuple[str, ...]:
    """What the film calls the curve of a setting or `let` that stands in the block of a place."""
    heads = tuple(token.text for token in found.block.head if token.type == "NAME")
    return names_in(found.block.context, heads[1:], path)


def names_in(context: str, heads: tuple[str, ...], path: tuple[str, ...]) -> tuple[str, ...]:
    """The same for a block of that context, whose word is followed by `heads`."""
    if not path:
        return ()
    if path[0] == "let":
        return path[1:]
    name = path[-1]
    if len(path) > 1 and context in ("film", "scene", "template"):
        return tuple(f"{'.'.join(path[:-1])}.{n}" for n in _canonical(path[0], name))
    word = context.split()[0] if context else ""
    if word in ("lora", "control"):
        return tuple(f"{word}.{head}.{name}" for head in reversed(heads))
    if context in ("film", "scene"):
        return (name,)
    return tuple(f"{word}.{n}" for n in _canonical(context, name))


def _canonical(context: str, name: str) -> tuple[str, ...]:
    """A setting's name as it is written, then the name that it is an alias of."""
    blocks = ("camera 3d", "camera 2d") if context == "camera" else (context,)
    specs = [spec for block in blocks if (spec := setting(block, name)) is not None]
    return (name, *dict.fromkeys(spec.name for spec in specs if spec.name != name))
