"""The camera: Deforum's moves per frame, in the block of its mode."""

from __future__ import annotations

from anim_studio.interchange.deforum.given import Settings
from anim_studio.interchange.deforum.setting import scheduled
from anim_studio.interchange.film_text import Block, Comment, Item, Setting
from anim_studio.interchange.imported import Fate

#: Deforum's name, ours, and the value at which nothing moves
_FLAT = (
    ("zoom", "zoom", 1.0),
    ("angle", "angle", 0.0),
    ("translation_x", "translation_x", 0.0),
    ("translation_y", "translation_y", 0.0),
)
_DEEP = (
    ("translation_x", "translation_x", 0.0),
    ("translation_y", "translation_y", 0.0),
    ("translation_z", "translation_z", 0.0),
    ("rotation_3d_x", "rotation_3d_x", 0.0),
    ("rotation_3d_y", "rotation_3d_y", 0.0),
    ("rotation_3d_z", "rotation_3d_z", 0.0),
)
_CENTRE = (("transform_center_x", "center_x", 0.5), ("transform_center_y", "center_y", 0.5))
_FLIPS = (
    ("perspective_flip_theta", "flip_theta", 0.0),
    ("perspective_flip_phi", "flip_phi", 0.0),
    ("perspective_flip_gamma", "flip_gamma", 0.0),
)
_LOST_SHIFT = "Deforum loses it while the perspective flip is on"
_PADDING = {"border": "replicate", "reflection": "reflect", "zeros": "black"}


def camera(settings: Settings) -> Block | None:
    """The camera's block; None where nothing moves."""
    match settings.mode:
        case "2":
            return _two(settings)
        case "3":
            return _three(settings)
        case _:
            return None


def _two(settings: Settings) -> Block | None:
    items: list[Item] = []
    flips = _flips(settings, "camera 2d")
    for name, ours, quiet in _FLAT:
        found = scheduled(settings, name, "camera 2d", ours, quiet=quiet)
        if found is None:
            continue
        if settings.flag("enable_perspective_flip") and name.startswith("translation"):
            settings.say(Fate.IGNORED, name, _LOST_SHIFT)
            items.append(Comment(f"{ours} = {found.value}  # {_LOST_SHIFT}", code=True))
        else:
            items.append(found)
    items += flips
    if not items:
        for name in ("transform_center_x", "transform_center_y", "border"):
            settings.say(Fate.IGNORED, name, "nothing moves")
        return None
    centre = [scheduled(settings, name, "camera 2d", ours, quiet=quiet) for name, ours, quiet in _CENTRE]
    items += [found for found in centre if found is not None]
    border = settings.text("border").lower()
    settings.mapped("border")
    items.append(Setting("border", "wrap" if border == "wrap" else "replicate"))
    return Block("camera 2d", (Setting("motion", "per_frame"), *items))


def _three(settings: Settings) -> Block | None:
    found = [scheduled(settings, name, "camera 3d", ours, quiet=quiet) for name, ours, quiet in _DEEP]
    moves: list[Item] = [each for each in found if each is not None]
    moves += _flips(settings, "camera 3d")
    _aspect(settings, has_moves=bool(moves))
    if not moves:
        for name in ("fov_schedule", "padding_mode", "use_depth_warping", "depth_algorithm", "sampling_mode"):
            settings.say(Fate.IGNORED, name, "nothing moves")
        return None
    lens = scheduled(settings, "fov_schedule", "camera 3d", "fov", quiet=70.0)
    moves += [] if lens is None else [lens]
    moves += _depth(settings)
    settings.mapped("padding_mode")
    border = _PADDING.get(settings.text("padding_mode").lower(), "replicate")
    moves += [] if border == "reflect" else [Setting("border", border)]
    return Block("camera 3d", (Setting("motion", "per_frame"), *moves))


def _flips(settings: Settings, block: str) -> list[Item]:
    settings.mapped("enable_perspective_flip")
    if not settings.flag("enable_perspective_flip"):
        return []
    found = [scheduled(settings, name, block, ours, quiet=quiet) for name, ours, quiet in _FLIPS]
    turns: list[Item] = [each for each in found if each is not None]
    lens = scheduled(settings, "perspective_flip_fv", block, "flip_fov", quiet=53.0)
    return [*turns, lens] if turns and lens is not None else turns


def _depth(settings: Settings) -> list[Item]:
    settings.mapped("use_depth_warping")
    if not settings.flag("use_depth_warping"):
        settings.say(Fate.IGNORED, "depth_algorithm", "`use_depth_warping` is off")
        return []
    says = f"`{settings.text('depth_algorithm')}` is another estimator than the one that comes with anim"
    settings.say(Fate.CHANGED, "depth_algorithm", says)
    return [Setting("depth", "estimated")]


def _aspect(settings: Settings, *, has_moves: bool) -> None:
    """An aspect ratio, by which Deforum divides all that moves to the side."""
    width, height = settings.number("W"), settings.number("H")
    is_old = settings.flag("aspect_ratio_use_old_formula")
    is_plain = set(settings.curve("aspect_ratio_schedule").values) == {1.0}
    if not has_moves or (width == height if is_old else is_plain):
        settings.mapped("aspect_ratio_schedule", "aspect_ratio_use_old_formula")
        return
    says = "moves to the side are divided by it there; divide `translation_x` and `rotation_3d_y` by it"
    settings.say(Fate.LOST, "aspect_ratio_use_old_formula" if is_old else "aspect_ratio_schedule", says)
