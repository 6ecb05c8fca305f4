"""ControlNets in a workflow."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from anim_compiler.film import Control, Shot
from anim_studio.interchange.exported import Exporting
from anim_studio.interchange.imported import Fate, Remark
from anim_studio.interchange.to_comfyui.loading import picture
from anim_studio.interchange.to_comfyui.workflow import Link, Workflow
from anim_studio.interchange.to_deforum.media import CONTROLS


def controlled(
    flow: Workflow, film: Exporting, shot: Shot, frame: int, prompts: tuple[Link, Link], drawn: Link | None
) -> tuple[Link, Link]:
    """The prompts, positive and negative, after every control of a shot; `drawn` is what is diffused."""
    positive, negative = prompts
    for control in shot.controls:
        shown = _shown(flow, film, control, frame, drawn)
        if shown is None:
            continue
        name = (
            f"{CONTROLS[control.kind][1]}.pth" if control.model is None else control.model.rsplit("/", 1)[-1]
        )
        net = flow.add("ControlNetLoader", f"ControlNet {control.name}", control_net_name=name)
        applied = flow.add(
            "ControlNetApplyAdvanced",
            f"Control {control.name}",
            positive=positive,
            negative=negative,
            control_net=(net, 0),
            image=shown,
            strength=_at(film, control, "weight", frame, 1.0),
            start_percent=_at(film, control, "start", frame, 0.0),
            end_percent=_at(film, control, "end", frame, 1.0),
        )
        positive, negative = (applied, 0), (applied, 1)
    return positive, negative


def _shown(flow: Workflow, film: Exporting, control: Control, frame: int, drawn: Link | None) -> Link | None:
    """What a control looks at; its edges are found by ComfyUI's own node, other hints must be there."""
    path = _file(film, control.hint or control.source)
    seen = drawn if path is None else picture(flow, film, path, f"Hint of {control.name}")
    if seen is None or control.hint is not None or control.kind != "canny":
        return seen
    low, high = (
        _at(film, control, name, frame, rest) / 255.0 for name, rest in (("low", 100.0), ("high", 200.0))
    )
    edges = flow.add(
        "Canny",
        "Edges",
        image=seen,
        low_threshold=round(min(max(low, 0.01), 0.99), 3),
        high_threshold=round(min(max(high, 0.01), 0.99), 3),
    )
    return edges, 0


def _file(film: Exporting, name: str | None) -> str | None:
    found = next((one for one in film.film.stills if one.name == name), None)
    return None if found is None else PurePosixPath(found.path).name


def _at(film: Exporting, control: Control, name: str, frame: int, rest: float) -> float:
    column = film.columns.get(f"control.{control.name}.{name}")
    return rest if column is None else round(float(column[frame]), 4)


def remarks(film: Exporting, shot: Shot) -> Iterator[Remark]:
    """What a control needs there besides."""
    for control in shot.controls:
        what = f"control `{control.name}`"
        if control.kind != "canny" and control.hint is None:
            says = (
                f"put a node that finds its `{control.kind}` hint before it, such as those of controlnet_aux"
            )
            yield Remark(Fate.CHANGED, what, says)
        if control.model is None:
            yield Remark(Fate.CHANGED, what, "choose the ControlNet that fits your model")
