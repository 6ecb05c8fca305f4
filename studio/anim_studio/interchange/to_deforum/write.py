"""A film as Deforum's settings file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from fractions import Fraction

import numpy as np

from anim_dsl.visible import json_escaped
from anim_studio.interchange.exported import Exported, Exporting
from anim_studio.interchange.imported import Fate, Remark
from anim_studio.interchange.to_deforum.defaults import COMMIT, Setting, defaults
from anim_studio.interchange.to_deforum.lost import lost
from anim_studio.interchange.to_deforum.media import media
from anim_studio.interchange.to_deforum.motion import motion
from anim_studio.interchange.to_deforum.part import Part
from anim_studio.interchange.to_deforum.prompts import prompts
from anim_studio.interchange.to_deforum.sampling import sampling, usual_cadence
from anim_studio.interchange.to_pictures import stands_alone
from anim_studio.interchange.to_prompts import morphs


def write(film: Exporting) -> Exported:
    """The settings as A1111's extension saves and loads them: JSON, every setting, curves as schedules.

    What Deforum reads alike is written as the film has it; the rest becomes keys of numbers that are right
    at every frame.
    """
    part = Part.of(film, "deforum")
    said: dict[str, Setting] = defaults()
    remarks: list[Remark] = []
    for made, more in (motion(part), sampling(part), media(part), _film(part)):
        said |= made
        remarks += more
    shots = [shot for shot, _, _ in part.shots]
    alone = all(map(stands_alone, shots))
    melts = said["animation_mode"] == "2D" and (alone or morphs(film)) and not any(s.camera for s in shots)
    if melts:
        said["animation_mode"] = "Interpolation"
        if not alone and np.any(part.column("diffuse.strength", 0.5) < 1.0):
            says = "in the mode Interpolation every frame is made from noise alone"
            remarks.append(Remark(Fate.CHANGED, "diffuse.strength", says))
    told = prompts(film, melts=melts)
    said["prompts"] = told.keys
    said["deforum_git_commit_id"] = COMMIT
    remarks += [*told.remarks, *lost(part)]
    text = json_escaped(json.dumps(said, ensure_ascii=False, indent=4))
    return Exported({f"{film.stem}.settings.txt": f"{text}\n".encode()}, tuple(dict.fromkeys(remarks)))


def _film(part: Part) -> tuple[dict[str, Setting], list[Remark]]:
    """Size, length, rate, cadence."""
    plan = part.film.plan
    shot = part.shots[0][0]
    said: dict[str, Setting] = {
        "W": plan.width,
        "H": plan.height,
        "max_frames": part.frames,
        "fps": _rate(part.film.fps),
        "batch_name": part.film.stem,
        "diffusion_cadence": usual_cadence(part),
        "tiling": bool(shot.words.get("diffuse.tiling")),
        "optical_flow_cadence": _flow(shot.words),
    }
    remarks = []
    if plan.width % 64 or plan.height % 64:
        remarks.append(Remark(Fate.CHANGED, "size", "Deforum's sliders and its Perlin noise go by 64 pixels"))
    return said, remarks


def _rate(fps: Fraction) -> int | float:
    return int(fps) if fps.denominator == 1 else round(float(fps), 3)


def _flow(words: Mapping[str, object]) -> str:
    """How two diffused frames are laid over each other before the frames between them are mixed."""
    if words.get("coherence.tween") != "flow":
        return "None"
    if words.get("coherence.flow_method") == "farneback":
        return "Farneback"
    return "DIS Fine" if words.get("coherence.flow_preset") == "fine" else "DIS Medium"
