"""Which of Deforum's modes a film is, and its camera's steps as schedules."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from anim_compiler.film import Camera, Curve
from anim_studio.interchange.exporting import CHANNEL
from anim_studio.interchange.imported import Fate, Remark
from anim_studio.interchange.to_baked import Array
from anim_studio.interchange.to_deforum.defaults import Setting
from anim_studio.interchange.to_deforum.part import Part
from anim_studio.interchange.to_deforum.space import in_space
from anim_studio.interchange.to_deforum.steps import FLIPS, PIXELS, Steps, steps

#: our channels under other names there
_NAMES = {
    "center_x": "transform_center_x",
    "center_y": "transform_center_y",
    "flip_theta": "perspective_flip_theta",
    "flip_phi": "perspective_flip_phi",
    "flip_gamma": "perspective_flip_gamma",
    "flip_fov": "perspective_flip_fv",
}
_REST = {"zoom": 1.0, "center_x": 0.5, "center_y": 0.5, "flip_fov": 53.0, "fov": 70.0}
_STEPS = (
    "zoom", "angle", "translation_x", "translation_y", "translation_z",
    "rotation_3d_x", "rotation_3d_y", "rotation_3d_z", *FLIPS,
)  # fmt: skip
_PLACED = ("center_x", "center_y", "flip_fov")
_PADDING = {"replicate": "border", "reflect": "reflection", "black": "zeros", "wrap": "border"}


def motion(part: Part) -> tuple[dict[str, Setting], list[Remark]]:
    """The settings of a film's moves, all of them, those at rest too."""
    cameras = {shot.name: shot.camera for shot, _, _ in part.shots}
    axes = 3 if any(c is not None and c.axes == 3 for c in cameras.values()) else 2
    made, remarks = _steps(part, axes)
    said: dict[str, Setting] = {"animation_mode": f"{axes}D"}
    for name in (*_STEPS, *_PLACED):
        values, curve = made.get(name, (np.full(part.frames, _REST.get(name, 0.0)), None))
        said[_NAMES.get(name, name)] = part.said(_NAMES.get(name, name), values, curve)
    said["enable_perspective_flip"] = any(np.any(made[name][0]) for name in FLIPS if name in made)
    moves = any(np.any(made[name][0]) for name in ("translation_x", "translation_y") if name in made)
    if said["enable_perspective_flip"] and moves and axes == 2:
        says = "Deforum loses a translation in 2D where there is a perspective turn"
        remarks.append(Remark(Fate.LOST, "camera.translation_x", says))
    size = part.film.film.width, part.film.film.height
    if axes == 3 and "rotation_3d_z" in made and np.any(made["rotation_3d_z"][0]) and size[0] != size[1]:
        says = "a picture that is not square leans a little in Deforum when it rolls"
        remarks.append(Remark(Fate.CHANGED, "camera.roll", says))
    camera = next((c for c in cameras.values() if c is not None), None)
    settings, more = _edges(camera, axes)
    said |= settings
    if axes == 3:
        said["fov_schedule"] = _fov(part, camera)
    return said, [*remarks, *more]


def _steps(part: Part, axes: int) -> tuple[dict[str, tuple[Array, Curve | None]], list[Remark]]:
    """Every step with what the film says of it, if that stands for all frames; a scene's first frame takes
    no step, of one that continues neither."""
    found: dict[str, tuple[Array, Curve | None]] = {}
    remarks: dict[Remark, None] = {}
    plane: list[str] = []
    shots = part.shots
    for shot, first, end in shots:
        camera = shot.camera
        channels = _channels(part, camera, shot.name)
        if camera is None or not channels:
            continue
        plan, film = part.film.plan, part.film.film
        taken = steps(camera, channels, float(part.film.fps), film.width, film.height)
        if camera.axes != axes:
            flips = {name: taken.columns[name] for name in FLIPS if name in taken.columns}
            made = in_space(taken.columns, film.width, film.height)
            taken = Steps({**made, **flips}, lost=taken.lost)
            plane.append(shot.name)
        elif axes == 2:
            taken = _sized(taken, plan.width / film.width)
        offset = next(scene.start for scene in plan.scenes if scene.name == shot.name) - part.first
        for name, column in taken.columns.items():
            values, _ = found.setdefault(name, (np.full(part.frames, _REST.get(name, 0.0)), None))
            values[first:end] = column[first - offset : end - offset]
            if name in _STEPS and first > 0:
                values[first] = _REST.get(name, 0.0)
            if len(shots) == 1 and (name in taken.own or name in _PLACED):
                found[name] = (values, camera.channels.get(name))
        remarks |= dict.fromkeys(_said(taken, camera))
    if plane:
        says = "Deforum has one mode for all: their moves are those of a flat scene in 3D"
        remarks[Remark(Fate.CHANGED, f"2d cameras of {', '.join(f'`{name}`' for name in plane)}", says)] = (
            None
        )
    return found, list(remarks)


def _sized(taken: Steps, scale: float) -> Steps:
    """Steps in pixels of the picture that is made, where the film's `size` is another."""
    if scale == 1.0:
        return taken
    px = {name: taken.columns[name] * scale for name in PIXELS if name in taken.columns}
    return Steps({**taken.columns, **px}, taken.own - px.keys(), taken.lost)


def _channels(part: Part, camera: Camera | None, scene: str) -> Mapping[str, Array]:
    """The channels of a scene's camera over the scene's frames."""
    if camera is None:
        return {}
    run = next(one for one in part.film.plan.scenes if one.name == scene)
    return {name: part.film.columns[f"{CHANNEL}{name}"][run.start : run.end] for name in camera.curves}


def _said(taken: Steps, camera: Camera) -> list[Remark]:
    found = [Remark(Fate.LOST, f"camera.{name}", "a step of Deforum's has none") for name in taken.lost]
    if camera.axes == 3 and not camera.per_frame:
        says = "poses became steps that move a flat scene alike; Deforum's warp is not quite a camera's"
        found.append(Remark(Fate.CHANGED, "camera", says))
    return found


def _edges(camera: Camera | None, axes: int) -> tuple[dict[str, Setting], list[Remark]]:
    """What fills the edges, and how far things are."""
    if camera is None:
        return {"border": "replicate"}, []
    said: dict[str, Setting] = {
        "border": camera.border if camera.border in ("replicate", "wrap") else "replicate"
    }
    remarks = []
    if axes == 2 and said["border"] != camera.border:
        remarks.append(
            Remark(Fate.CHANGED, "camera.border", "2D has `replicate` and `wrap`; it is `replicate`")
        )
    if axes == 3:
        said["padding_mode"] = _PADDING[camera.border]
        said["use_depth_warping"] = camera.depth != "flat"
        if camera.border == "wrap":
            remarks.append(Remark(Fate.CHANGED, "camera.border", "3D has no `wrap`; it is `border`"))
    if camera.depth not in ("flat", "estimated"):
        says = "Deforum estimates depth itself; choose a model in `depth_algorithm`"
        remarks.append(Remark(Fate.CHANGED, "camera.depth", says))
    if camera.depth != "flat" and {"near", "far"} & camera.channels.keys():
        says = "what is far is always twice as far as what is near"
        remarks.append(Remark(Fate.LOST, "camera.near and camera.far", says))
    return said, remarks


def _fov(part: Part, camera: Camera | None) -> str:
    """The field of view; of a lens of poses its changes are in the steps already."""
    curve = None if camera is None or len(part.shots) > 1 else camera.channels.get("fov")
    return part.said("fov_schedule", part.column(f"{CHANNEL}fov", 70.0), curve)
