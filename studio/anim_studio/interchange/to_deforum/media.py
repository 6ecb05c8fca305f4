"""Files that Deforum reads and writes: first picture, video, sound, ControlNets, the video that is made."""

from __future__ import annotations

import numpy as np

from anim_compiler.film import Control, Output, Shot
from anim_studio.interchange.exported import Exporting
from anim_studio.interchange.imported import Fate, Remark
from anim_studio.interchange.to_deforum.defaults import UNITS, Setting
from anim_studio.interchange.to_deforum.part import Part

#: preprocessor and model (Stable Diffusion 1.5) of each kind, by their names in A1111
CONTROLS = {
    "canny": ("canny", "control_v11p_sd15_canny"),
    "depth": ("depth_midas", "control_v11f1p_sd15_depth"),
    "pose": ("openpose_full", "control_v11p_sd15_openpose"),
    "scribble": ("scribble_pidinet", "control_v11p_sd15_scribble"),
    "normal": ("normal_bae", "control_v11p_sd15_normalbae"),
    "lineart": ("lineart_realistic", "control_v11p_sd15_lineart"),
    "softedge": ("softedge_pidinet", "control_v11p_sd15_softedge"),
    "tile": ("tile_resample", "control_v11f1e_sd15_tile"),
}
_UPSCALES = (2, 3, 4)


def media(part: Part) -> tuple[dict[str, Setting], list[Remark]]:
    """The settings of every file, with remarks on those that another folder would not find."""
    shot = part.shots[0][0]
    said: dict[str, Setting] = {}
    remarks: list[Remark] = []
    for made, more in (_first(part, shot), _sound(part), _controls(part), _outputs(part.film)):
        said |= made
        remarks += more
    paths = [said[key] for key in ("init_image", "video_init_path", "soundtrack_path") if said.get(key)]
    if paths:
        listed = ", ".join(f"`{path}`" for path in paths)
        remarks.append(
            Remark(Fate.CHANGED, listed, "A1111 wants the whole path, or an address: put it before the name")
        )
    return said, remarks


def file_of(film: Exporting, name: str | None) -> str | None:
    """The path of a still or clip of the film by its name, seen from the file that is written."""
    paths = {**{c.name: c.path for c in film.film.clips}, **{s.name: s.path for s in film.film.stills}}
    return film.at(paths[name]) if name in paths else None


def _first(part: Part, shot: Shot) -> tuple[dict[str, Setting], list[Remark]]:
    """The picture that the film starts from, or the video whose frames it makes anew."""
    said: dict[str, Setting] = {}
    remarks = []
    init = file_of(part.film, shot.init)
    if init is not None:
        said |= {"use_init": True, "init_image": init}
    for later, _, _ in part.shots[1:]:
        if later.init is not None:
            says = f"only the first picture comes from a file; `{later.name}` begins from noise"
            remarks.append(Remark(Fate.LOST, f"init of `{later.name}`", says))
    clip = next((one for one in part.film.film.clips if one.name == shot.source), None)
    if clip is None:
        return said, remarks
    fps = part.film.fps
    said |= {
        "animation_mode": "Video Input",
        "video_init_path": part.film.at(clip.path),
        "extract_from_frame": round(clip.start * fps),
        "extract_to_frame": -1 if clip.end is None else round(clip.end * fps),
        "extract_nth_frame": max(1, round(clip.speed)),
    }
    says = "its frames are counted at the film's rate; a video of another rate needs `extract_nth_frame`"
    return said, [*remarks, Remark(Fate.CHANGED, f"source `{clip.name}`", says)]


def _sound(part: Part) -> tuple[dict[str, Setting], list[Remark]]:
    """The track that is heard: that of the first output that has one."""
    heard = next((spec.audio for spec in part.film.plan.outputs if spec.audio), None)
    track = next((one for one in part.film.film.tracks if one.name == heard), None)
    if track is None:
        return {}, []
    said: dict[str, Setting] = {"add_soundtrack": "File", "soundtrack_path": part.film.at(track.path)}
    if not (track.start or track.gain_db or part.first):
        return said, []
    says = "the sound begins at the file's first second, as loud as it is there"
    return said, [Remark(Fate.CHANGED, f"audio `{track.name}`", says)]


def _controls(part: Part) -> tuple[dict[str, Setting], list[Remark]]:
    """ControlNets, five at most, each with its schedules; in scenes without it one weighs nothing."""
    said: dict[str, Setting] = {}
    controls = list({one.name: one for shot, _, _ in part.shots for one in shot.controls}.values())
    for i, control in enumerate(controls[:UNITS], 1):
        module, model = CONTROLS.get(control.kind, ("none", "None"))
        unit: dict[str, Setting] = {
            "enabled": True,
            "module": "none" if control.hint else module,
            "model": model,
            "vid_path": file_of(part.film, control.hint or control.source) or "",
            "loopback_mode": control.source == "previous",
            **_numbers(part, control),
        }
        said |= {f"cn_{i}_{name}": value for name, value in unit.items()}
    remarks = [Remark(Fate.LOST, f"control `{c.name}`", "there are five at most") for c in controls[UNITS:]]
    if said:
        says = "the names are those of models for Stable Diffusion 1.5; choose those that you have"
        remarks.append(Remark(Fate.CHANGED, "control", says))
    return said, remarks


def _numbers(part: Part, control: Control) -> dict[str, Setting]:
    """The schedules of a control, and the thresholds of its edges, which have none."""
    names = (("weight", "weight", 1.0), ("guidance_start", "start", 0.0), ("guidance_end", "end", 1.0))
    alone = len(part.shots) == 1
    there = np.zeros(part.frames)
    for shot, first, end in part.shots:
        there[first:end] = any(one.name == control.name for one in shot.controls)
    said: dict[str, Setting] = {}
    for key, ours, rest in names:
        column = f"control.{control.name}.{ours}"
        curve = control.numbers.get(ours) if alone else None
        values = part.column(column, rest)
        said[key] = part.said(column, values * there if ours == "weight" else values, curve)
    if control.kind == "canny":
        for key, ours, rest in (("threshold_a", "low", 100.0), ("threshold_b", "high", 200.0)):
            said[key] = int(part.column(f"control.{control.name}.{ours}", rest)[0])
    return said


def _outputs(film: Exporting) -> tuple[dict[str, Setting], list[Remark]]:
    """What Deforum makes of the frames when it has them."""
    outputs: tuple[Output, ...] = film.film.outputs
    said: dict[str, Setting] = {"make_gif": any(one.path.lower().endswith(".gif") for one in outputs)}
    said["skip_video_creation"] = bool(outputs) and all("{frame" in one.path for one in outputs)
    first = outputs[0] if outputs else None
    if first is None:
        return said, []
    if first.interpolate > 1:
        said |= {
            "frame_interpolation_engine": "FILM",
            "frame_interpolation_x_amount": min(first.interpolate, 10),
        }
    if round(first.upscale) in _UPSCALES:
        said |= {"r_upscale_video": True, "r_upscale_factor": f"x{round(first.upscale)}"}
    if first.speed == 1:
        return said, []
    return said, [Remark(Fate.LOST, "output.speed", "the video plays as fast as its frames are counted")]
