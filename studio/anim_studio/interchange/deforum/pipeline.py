"""A pipeline where the standard one does not do: hybrid video, masks, and frames without feedback."""

from __future__ import annotations

from anim_studio.interchange.deforum.files import Files
from anim_studio.interchange.deforum.given import Settings
from anim_studio.interchange.deforum.setting import scheduled
from anim_studio.interchange.film_text import Block, Item, Setting, Statement, as_comment
from anim_studio.interchange.imported import Fate

_NONE = ("none", "", "false")


def pipeline(settings: Settings, files: Files, *, has_camera: bool) -> Item | None:
    """The block, a comment where its video or mask is missing, or None for the standard pipeline."""
    if settings.mode == "I":
        why = "Interpolation: each frame is made by itself, from noise"
        return Block("pipeline", (Setting("frame", "grade(generate())"),), why=why)
    is_hybrid = settings.mode in "23" and _is_hybrid(settings)
    mask = _mask(settings, files)
    if not is_hybrid and not mask:
        return None
    clip = files.clip() if is_hybrid else ""
    if is_hybrid and not clip and not settings.flag("hybrid_use_init_image"):
        for name in ("hybrid_motion", "hybrid_composite"):
            settings.say(Fate.CHANGED, name, "it stands in a comment: the input video is not here")
        steps = _Steps(settings, files, "clip", mask, has_camera=has_camera).items(is_hybrid=True)
        return as_comment(Block("pipeline", tuple(steps)), "hybrid video, whose `clip` is missing")
    steps = _Steps(settings, files, clip, mask, has_camera=has_camera).items(is_hybrid=is_hybrid)
    return Block("pipeline", tuple(steps), is_whole=True)


def _is_hybrid(settings: Settings) -> bool:
    found = [settings.text(name).lower() not in _NONE for name in ("hybrid_motion", "hybrid_composite")]
    settings.mapped("hybrid_motion", "hybrid_composite")
    return any(found)


def _mask(settings: Settings, files: Files) -> str:
    """The mask that limits what is made anew; "" for none."""
    param = ""
    if settings.flag("use_mask_video"):
        param = "video_mask_path"
    elif settings.flag("use_mask"):
        param = "mask_file"
    settings.mapped("use_mask", "use_mask_video")
    if not param or settings.mode == "I":
        return ""
    blur = settings.number("mask_overlay_blur")
    soft = f" {{ soft = {blur:g}px }}" if blur else ""
    name = files.media("mask", param, "painted", soft)
    settings.say(Fate.CHANGED, "mask_overlay_blur", "`soft` of the mask, where it is made anew as well")
    settings.mapped("invert_mask")
    if not name or not settings.flag("invert_mask"):
        return name
    files.statements.append(Statement(f"mask outside = not {name}"))
    return "outside"


class _Steps:
    """The steps of the standard pipeline with what is laid in between, in Deforum's order."""

    def __init__(self, settings: Settings, files: Files, clip: str, mask: str, *, has_camera: bool) -> None:
        self.settings = settings
        self.clip = clip
        self.mask = mask
        self.has_camera = has_camera
        self.has_guide = files.has_guide
        self.lines: list[Item] = []
        self.now = "previous"

    def items(self, *, is_hybrid: bool) -> list[Item]:
        if is_hybrid:
            self._begun()
        if self.settings.mode == "V":
            self.step("toned", "match_color(source)")
        else:
            self._moved(is_hybrid)
        self.step("noised", f"add_noise({self.now})")
        over = f", mask = {self.mask}" if self.mask else ""
        self.step("fresh", f"diffuse({self.now}{over})")
        if is_hybrid and self._composite() == "after generation":
            self._laid("laid")
        self.lines.append(Setting("carry", self.now))
        self.lines.append(Setting("frame", "grade(carry)"))
        return self.lines

    def step(self, name: str, call: str) -> None:
        self.lines.append(Setting(name, call))
        self.now = name

    def _moved(self, is_hybrid: bool) -> None:
        settings = self.settings
        if self.has_camera:
            is_deep = settings.mode == "3" and settings.flag("use_depth_warping")
            depth = f", depth = estimate_depth({self.now})" if is_deep else ""
            self.step("moved", f"warp({self.now}, camera{depth})")
        if is_hybrid and self._composite() == "before motion":
            self._laid("mixed")
        if is_hybrid and settings.text("hybrid_motion").lower() not in _NONE:
            self._followed()
        if is_hybrid and self._composite() in ("normal", "true"):
            self._laid("mixed")
        for name, call in (("toned", "match_color"), ("firm", "contrast"), ("crisp", "sharpen")):
            self.step(name, f"{call}({self.now})")
        if self.has_guide:
            self.step("guided", f"guide({self.now})")

    def _begun(self) -> None:
        """The first frame: where the video is laid over, that alone is diffused, as in Deforum."""
        settings = self.settings
        name = "hybrid_use_first_frame_as_init_image"
        is_laid = self._composite() in ("before motion", "normal", "true")
        if is_laid or settings.flag("use_init") or not settings.flag(name):
            settings.mapped(name)
        else:
            says = "the film begins with noise: save the video's first picture, and write `init = …`"
            settings.say(Fate.CHANGED, name, says)

    def _composite(self) -> str:
        return self.settings.text("hybrid_composite").lower()

    def _followed(self) -> None:
        settings = self.settings
        factor = scheduled(settings, "hybrid_flow_factor_schedule", "coherence", "flow_factor", quiet=1.0)
        by = f", factor = {_argument(factor)}" if factor is not None else ""
        settings.mapped("hybrid_motion_use_prev_img")
        if settings.flag("hybrid_motion_use_prev_img"):
            flow = f"estimate_flow({self.clip}, previous)"
            self.step("followed", f"warp_flow({self.now}, {flow}{by})")
        else:
            self.step("followed", f"follow({self.now}, {self.clip}{by})")

    def _laid(self, name: str) -> None:
        settings = self.settings
        settings.mapped("hybrid_use_init_image")
        above = "init" if settings.flag("hybrid_use_init_image") else self.clip
        alpha = scheduled(settings, "hybrid_comp_alpha_schedule", "layer", "opacity", quiet=None)
        opacity = _argument(alpha)
        mask = self._stronger(self._comp_mask(above))
        over = f", mask = {mask}" if mask else ""
        self.step(name, f"composite({self.now}, {above}, opacity = {opacity}{over})")

    def _stronger(self, mask: str) -> str:
        """The mask with its contrast, where it has one."""
        name = "hybrid_comp_mask_contrast_schedule"
        if not mask:
            return ""
        found = scheduled(self.settings, name, "coherence", "contrast", quiet=1.0)
        if found is None:
            return mask
        self.settings.say(Fate.CHANGED, name, "it is about middle grey here, and about the mask's mean there")
        return f"contrast({mask}, {_argument(found)})"

    def _comp_mask(self, above: str) -> str:
        """The mask that says where the video shows through."""
        settings = self.settings
        word = settings.text("hybrid_comp_mask_type").lower()
        settings.mapped("hybrid_comp_mask_type", "hybrid_comp_mask_inverse")
        ends = ", low = 100%, high = 0%" if settings.flag("hybrid_comp_mask_inverse") else ""
        match word:
            case "depth":
                return f"depth_mask(estimate_depth({self.now}){ends})"
            case "video depth":
                return f"depth_mask(estimate_depth({above}){ends})"
            case "difference":
                return f"difference_mask({self.now}, {above}{ends})"
            case "blend":
                alpha = scheduled(
                    settings, "hybrid_comp_mask_blend_alpha_schedule", "layer", "opacity", quiet=None
                )
                share = _argument(alpha)
                return f"mix(luma_mask({self.now}{ends}), luma_mask({above}{ends}), {share})"
            case _:
                return ""


def _argument(found: Setting | None) -> str:
    """A schedule as an argument: a key list stands in parentheses there."""
    if found is None:
        return "50%"
    return f"({found.value})" if found.keys else found.value
