"""The `coherence` block: colour, cadence, noise and sharpening of the carried picture."""

from __future__ import annotations

from dataclasses import replace

from anim_studio.interchange.deforum.files import Files
from anim_studio.interchange.deforum.given import Settings
from anim_studio.interchange.deforum.setting import scheduled
from anim_studio.interchange.film_text import Block, Comment, Item, Setting
from anim_studio.interchange.imported import Fate

_COLOURS = {"lab": "lab", "hsv": "hsv", "rgb": "rgb", "image": "lab", "video input": "lab"}
_CELLS = {"perlin_w": 8.0, "perlin_h": 8.0, "perlin_octaves": 4.0, "perlin_persistence": 0.5}
_FADES = "a diffused frame is shown whole at its own time; Deforum fades it in until the next one"


def coherence(settings: Settings, files: Files) -> Block | None:
    """What keeps frames alike; nothing of it acts where each frame is made by itself."""
    if settings.mode not in "23":
        return None
    items: list[Item | None] = [
        *_colour(settings, files),
        *_cadence(settings),
        *_noise(settings, files),
        *_sharpening(settings),
        _contrast(settings),
        *_guide(settings, files),
        *_flow(settings, files),
    ]
    made = tuple(item for item in items if item is not None)
    return Block("coherence", made) if made else None


def _colour(settings: Settings, files: Files) -> list[Item]:
    word = settings.text("color_coherence").lower().removeprefix("match frame 0 ")
    settings.mapped("color_coherence")
    if word not in _COLOURS:
        return []
    if settings.flag("legacy_colormatch"):
        settings.mapped("legacy_colormatch")
    else:
        says = "colours are matched before the noise, and not once more behind the model"
        settings.say(Fate.CHANGED, "legacy_colormatch", says)
    items: list[Item] = [Setting("color", _COLOURS[word]), Setting("color_method", "histogram")]
    if word == "image":
        items.append(files.picture("reference", "color_coherence_image_path", "colours"))
    elif word == "video input":
        clip = files.clip()
        says = "the picture of every frame counts"
        settings.say(Fate.CHANGED, "color_coherence_video_every_N_frames", says)
        items.append(Setting("reference", clip) if clip else _missing("reference = clip"))
    return items


def _missing(code: str, why: str = "its file is missing") -> Comment:
    return Comment(f"{code}  # {why}", code=True)


def _cadence(settings: Settings) -> list[Item]:
    cadence = max(1, min(50, settings.whole("diffusion_cadence")))
    if cadence == 1:
        settings.mapped("diffusion_cadence", "optical_flow_cadence", "cadence_flow_factor_schedule")
        return []
    says = f"{_FADES}, and never writes the last {cadence}"
    settings.say(Fate.CHANGED, "diffusion_cadence", says)
    items: list[Item] = [Setting("cadence", str(cadence), beside=_FADES)]
    method = _method(settings, "optical_flow_cadence")
    if method is None:
        return items
    items += [Setting("tween", "flow"), *method]
    factor = scheduled(settings, "cadence_flow_factor_schedule", "coherence", "flow_factor", quiet=1.0)
    return [*items, factor] if factor is not None else items


def _method(settings: Settings, name: str) -> list[Item] | None:
    """How flow is found, by the words of `optical_flow_cadence` and `hybrid_flow_method`; None for none."""
    word = settings.text(name).lower()
    if word in ("none", "false", ""):
        settings.mapped(name)
        return None
    if word == "raft":
        settings.say(Fate.CHANGED, name, "RAFT is not here: `dis` finds the motion")
    else:
        settings.mapped(name)
    if word == "farneback":
        return [Setting("flow_method", "farneback")]
    return [Setting("flow_preset", "fine")] if word in ("dis fine", "raft", "true") else []


def _contrast(settings: Settings) -> Setting | None:
    found = scheduled(settings, "contrast_schedule", "coherence", "contrast", quiet=1.0)
    if found is None:
        return None
    says = "it is about middle grey here; there it multiplies, and what is beyond white wraps round to black"
    settings.say(Fate.CHANGED, "contrast_schedule", says)
    return replace(
        found, beside="about middle grey; Deforum multiplies, as `grade(…, gain = …)` in a pipeline"
    )


def _noise(settings: Settings, files: Files) -> list[Item]:
    noise = scheduled(settings, "noise_schedule", "coherence", "noise", quiet=0.0)
    settings.mapped("noise_type")
    if noise is None:
        return []
    items: list[Item] = [noise]
    if settings.text("noise_type").lower() == "perlin":
        items.append(Setting("noise_type", "perlin"))
        _cells(settings)
    else:
        for name in _CELLS:
            settings.say(Fate.IGNORED, name, "`noise_type` is not `perlin`")
    settings.mapped("use_noise_mask")
    if settings.flag("use_noise_mask"):
        items.append(files.noise_mask())
    return items


def _cells(settings: Settings) -> None:
    for name, value in _CELLS.items():
        if settings.number(name) == value:
            settings.mapped(name)
        else:
            settings.say(Fate.CHANGED, name, f"`noise_type = perlin` has {value:g}")


def _sharpening(settings: Settings) -> list[Item]:
    amount = scheduled(
        settings,
        "amount_schedule",
        "coherence",
        "sharpen",
        quiet=0.0,
        beyond="below 0 it does nothing there, so it is cut at 0",
    )
    if amount is None or max(settings.curve("amount_schedule").values) <= 0:
        settings.say(Fate.IGNORED, "kernel_schedule", "`amount_schedule` is 0")
        return []
    radius = scheduled(settings, "sigma_schedule", "coherence", "sharpen_radius", quiet=1.0)
    least = scheduled(settings, "threshold_schedule", "coherence", "sharpen_threshold", quiet=0.0)
    if set(settings.curve("kernel_schedule").values) == {5.0}:
        settings.mapped("kernel_schedule")
    else:
        says = "`sharpen_radius`, which is `sigma_schedule`, says how wide"
        settings.say(Fate.CHANGED, "kernel_schedule", says)
    return [item for item in (amount, radius, least) if item is not None]


def _guide(settings: Settings, files: Files) -> list[Item]:
    settings.mapped("use_looper")
    if not settings.flag("use_looper") or not files.has_guide:
        return []
    weight = scheduled(settings, "blendFactorMax", "coherence", "guide_weight", quiet=None)
    says = "`guide_weight` is mixed in at each diffused frame, without the swing of `blendFactorSlope`"
    settings.say(Fate.CHANGED, "blendFactorMax", says)
    return [] if weight is None else [weight]


def _flow(settings: Settings, files: Files) -> list[Item]:
    """The motion of a hybrid film's video, which its pipeline follows."""
    motion = settings.text("hybrid_motion").lower()
    if motion in ("none", "", "false"):
        return []
    items: list[Item] = [
        Setting("flow", "on") if files.clip() else _missing("flow = on", "for the hybrid video")
    ]
    if motion in ("affine", "perspective"):
        items.append(Setting("flow_method", motion))
        settings.say(Fate.IGNORED, "hybrid_flow_method", "`hybrid_motion` is not `Optical Flow`")
    elif settings.text("optical_flow_cadence").lower() in ("none", "false", ""):
        items += _method(settings, "hybrid_flow_method") or []
    else:
        settings.say(Fate.CHANGED, "hybrid_flow_method", "`optical_flow_cadence` says how flow is found")
    is_mixed = settings.text("optical_flow_cadence").lower() in ("none", "false", "")
    if is_mixed and settings.whole("diffusion_cadence") > 1:
        items.append(Setting("tween", "mix"))
    if settings.flag("hybrid_flow_consistency"):
        says = "it masks the motion there; here `blend` in `coherence` counts only where the flow agrees"
        settings.say(Fate.CHANGED, "hybrid_flow_consistency", says)
    return items
