"""A frame or a segment of a film as a ComfyUI workflow."""

from __future__ import annotations

from collections.abc import Iterator

from anim_compiler.film import Shot
from anim_compiler.ranges import read_ranges
from anim_studio.interchange.exported import Exported, Exporting
from anim_studio.interchange.imported import Fate, Remark
from anim_studio.interchange.to_comfyui import controls, loading
from anim_studio.interchange.to_comfyui.conditioning import weighs
from anim_studio.interchange.to_comfyui.frame import Frame
from anim_studio.interchange.to_comfyui.samplers import NEAREST, comfy_sampler, parted
from anim_studio.interchange.to_comfyui.segment import Segment
from anim_studio.interchange.to_deforum.part import Part
from anim_studio.interchange.to_pictures import stands_alone
from anim_studio.interchange.to_prompts import BOTH, told_at


def write(film: Exporting) -> Exported:
    """The workflow in ComfyUI's API format: of one frame as the film draws it, or of a range of frames as one
    batch with the film's prompts, for which ComfyUI needs the nodes of FizzNodes.
    """
    part = Part.of(film, "comfyui")
    made = Frame(film, _drawn(film, part.first)) if part.frames == 1 else Segment(film, part)
    flow = made.workflow()
    notes = tuple(dict.fromkeys((*made.remarks(), *_common(film, made.shot, made.frame))))
    name = f"{film.stem}-{part.first}" if part.frames == 1 else film.stem
    return Exported({f"{name}.comfyui.json": flow.text().encode()}, notes)


def _common(film: Exporting, shot: Shot, frame: int) -> Iterator[Remark]:
    """What holds for a frame and for a segment."""
    yield from loading.remarks(film, shot)
    yield from controls.remarks(film, shot)
    texts = [text for which in BOTH for row in told_at(film, which, film.rows) for text, _ in row.mix]
    if weighs(texts):
        says = (
            "a weight is stronger there: ComfyUI does not bring the mean back to what it was, as A1111 does"
        )
        yield Remark(Fate.CHANGED, "weights in prompts, `(word:1.2)`", says)
    if shot.prompts.morph == "slerp" and len({one.mix for one in told_at(film, "prompt", film.rows)}) > 1:
        yield Remark(Fate.CHANGED, "prompt.morph", "conditionings are mixed straight, not along the arc")
    base, _ = parted(film.words["diffuse.sampler"][frame])
    if base in NEAREST:
        yield Remark(Fate.CHANGED, f"sampler `{base}`", f"`{comfy_sampler(base)[0]}` is the nearest there")
    says = "its noise is its own: the same seed draws another picture there"
    yield Remark(Fate.CHANGED, "seed", says)
    for what, lost in (
        ("layer", shot.layers),
        ("grade", _graded(shot)),
        ("pipeline", shot.pipeline and not stands_alone(shot)),
    ):
        if lost:
            yield Remark(Fate.LOST, what, "the workflow ends where the model has drawn the frame")


def _graded(shot: Shot) -> bool:
    return any(name.startswith("grade.") for name in shot.numbers)


def _drawn(film: Exporting, frame: int) -> int:
    """The frame itself if a model draws it, else the next one that is drawn."""
    for scene in film.plan.scenes:
        tween = scene.templates.get("tween")
        if tween is not None and frame in set(read_ranges(tween.frames)):
            return int(film.columns["frames.after"][frame])
    return frame
