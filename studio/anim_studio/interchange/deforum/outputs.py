"""What is written: the `output` statements, and the track that is heard."""

from __future__ import annotations

import re

from anim_studio.interchange.deforum.files import Files
from anim_studio.interchange.deforum.given import Settings
from anim_studio.interchange.film_text import Item, Statement, quoted
from anim_studio.interchange.imported import Fate


def outputs(settings: Settings) -> list[Item]:
    """The film's files: a video, or its frames, and a GIF beside them."""
    settings.mapped("skip_video_creation", "make_gif")
    if settings.flag("skip_video_creation"):
        return [Statement(f'output "{_path(settings.stem)}/{{frame:05}}.png"')]
    inside = [*_between(settings), *_larger(settings)]
    block = f" {{ {'; '.join(inside)} }}" if inside else ""
    items: list[Item] = [Statement(f'output "{_path(settings.stem)}.mp4"{block}')]
    if settings.flag("make_gif"):
        items.append(Statement(f'output "{_path(settings.stem)}.gif"'))
    return items


def _path(stem: str) -> str:
    """The film's name as a file's, without what a path or a text reads as something else."""
    plain = re.sub(r'[\\/:*?"<>|{}\x00-\x1f]', "_", stem)
    return quoted(plain)[1:-1] or "film"


def _between(settings: Settings) -> list[str]:
    """Frames in between, and slow motion."""
    engine = settings.text("frame_interpolation_engine")
    settings.mapped("frame_interpolation_engine")
    if engine.lower() in ("none", "", "false"):
        return []
    says = f"optical flow makes the pictures in between, not {engine}"
    settings.say(Fate.CHANGED, "frame_interpolation_engine", says)
    times = max(1, min(16, settings.whole("frame_interpolation_x_amount")))
    settings.mapped("frame_interpolation_x_amount", "frame_interpolation_slow_mo_enabled")
    if not settings.flag("frame_interpolation_slow_mo_enabled"):
        return [f"interpolate = {times}"]
    slow = max(1, settings.whole("frame_interpolation_slow_mo_amount"))
    settings.mapped("frame_interpolation_slow_mo_amount")
    return [f"interpolate = {times}", f"speed = 1 / {slow}"]


def _larger(settings: Settings) -> list[str]:
    settings.mapped("r_upscale_video")
    if not settings.flag("r_upscale_video"):
        return []
    factor = settings.text("r_upscale_factor").lower().strip("x") or "2"
    settings.mapped("r_upscale_factor")
    says = "`upscale_model` takes a file of yours; without it Lanczos enlarges"
    settings.say(Fate.LOST, "r_upscale_model", says)
    return [f"upscale = {factor if re.fullmatch(r'[0-9.]+', factor) else 2}"]


def sound(settings: Settings, files: Files) -> None:
    """The track, of a file or of the input video."""
    word = settings.text("add_soundtrack").lower()
    settings.mapped("add_soundtrack")
    if word in ("file", "true"):
        files.media("audio", "soundtrack_path", "song")
    elif word == "init video":
        files.media("audio", "video_init_path", "song")
        settings.say(Fate.IGNORED, "soundtrack_path", "`add_soundtrack` is `Init Video`")
