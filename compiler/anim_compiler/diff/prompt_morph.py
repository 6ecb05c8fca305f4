"""How one prompt becomes the next: the settings that a scene's whole schedule has."""

from __future__ import annotations

from collections.abc import Iterator

from anim_compiler.diff.change import Change
from anim_compiler.diff.pair import Matched, Pair
from anim_compiler.diff.where import ranges, short
from anim_compiler.film import Prompting


def morph(pair: Pair, scene: Matched) -> Iterator[Change]:
    """`morph` and `morph_time`, where there is more than one prompt."""
    before, after = scene.a.shot.prompts, scene.b.shot.prompts
    if (
        max(len(after.positive), len(after.negative)) < 2
        or max(len(before.positive), len(before.negative)) < 2
    ):
        return
    rows = (("morph", before.morph, after.morph), ("morph_time", _within(before), _within(after)))
    for name, first, second in rows:
        if first == second:
            continue
        frames = ranges(pair.seen(scene.frames))
        of_scene = f" of `{scene.b.shot.name}`" if pair.in_scenes else ""
        where = pair.timeline.words(frames)
        yield Change(
            "prompts",
            "changed",
            f"prompt.{name}",
            f"`{name}`{of_scene}",
            f"{first} → {second}",
            where,
            scene.b.shot.name if pair.in_scenes else "",
            frames,
            first,
            second,
        )


def _within(prompts: Prompting) -> str:
    within = prompts.morph_time
    if within is None:
        return "the whole way"
    if within.beats:
        return f"{short(float(within.beats))} beats"
    return f"{short(float(within.seconds))} s"
