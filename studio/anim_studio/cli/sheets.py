"""Contact sheets of films and videos, from files and from the store."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from anim_studio.cli.build import Built
from anim_studio.cli.environment import Environment
from anim_studio.cli.exits import Exit, Stop
from anim_studio.cli.load import Loaded

if TYPE_CHECKING:
    from PIL.Image import Image

    from anim_compiler.plan import Columns, Plan
    from anim_studio.draw.sheet import Tile

#: four rows of three or three rows of four
TILES = 12


def sheet_of_film(
    built: Built, loaded: Loaded, environment: Environment, device: str, path: Path, tiles: int = TILES
) -> None:
    """Draws the stored frames of a film. Raises `Stop` if one of them was not rendered yet."""
    from anim_studio.draw.sheet import Tile, chosen_frames

    plan = built.plan
    fps = Fraction(plan.fps)
    frames = chosen_frames(plan.frames, tiles)
    pictures = _stored(built, loaded, environment, device, frames)
    captions = prompts_at(plan, built.columns, frames)
    shown = [
        Tile(picture, frame, float(frame / fps), caption)
        for picture, frame, caption in zip(pictures, frames, captions, strict=True)
    ]
    facts = f"{plan.frames} frames · {float(plan.frames / fps):.2f} s · {plan.width}x{plan.height}"
    _save(plan.name, facts, shown, path)


def sheet_of_video(video: Path, path: Path, tiles: int = TILES) -> None:
    """Draws frames of a video file. Raises `Stop` if it cannot be read."""
    from anim_studio.draw.sheet import Tile, chosen_frames
    from anim_studio.draw.video import NotAVideo, video_facts, video_frames

    try:
        about = video_facts(video)
        found = video_frames(video, chosen_frames(about.frames, tiles))
    except NotAVideo as error:
        raise Stop(Exit.USAGE, str(error)) from None
    if not found:
        raise Stop(Exit.USAGE, f"`{video}` holds no frames")
    shown = [Tile(picture, frame, frame / about.fps) for frame, picture in sorted(found.items())]
    facts = f"{about.frames} frames · {about.seconds:.2f} s · {about.width}x{about.height}"
    _save(video.name, facts, shown, path)


def prompts_at(plan: Plan, columns: Columns, frames: Sequence[int]) -> tuple[str, ...]:
    """The prompt that weighs most at each of those frames; texts with inserted numbers show them."""
    from anim_compiler.plan import ColumnRef

    def weight_of(weight: float | ColumnRef, frame: int) -> float:
        return float(columns[weight.column][frame]) if isinstance(weight, ColumnRef) else weight

    def prompt(frame: int) -> str:
        side = "prompt.from" if float(columns["prompt.mix"][frame]) < 0.5 else "prompt.to"
        parts = plan.prompts.conditionings[int(columns[side][frame])]
        if not parts:
            return ""
        heaviest = max(parts, key=lambda part: weight_of(part.weight, frame))
        return "".join(
            part if isinstance(part, str) else f"{float(columns[part.column][frame]):.4g}"
            for part in plan.prompts.texts[heaviest.text]
        )

    return tuple(prompt(frame) for frame in frames)


def _stored(
    built: Built, loaded: Loaded, environment: Environment, device: str, frames: Sequence[int]
) -> list[Image]:
    import numpy as np
    from PIL import Image

    from anim_runtime.frames import Frames
    from anim_runtime.job import Job, Tally
    from anim_runtime.problems import RenderProblem

    job = Job(
        plan=built.plan,
        columns=built.columns,
        root=loaded.world.root,
        folder=loaded.world.folder,
        cache=environment.cache,
        device=device,
        tell=lambda event: None,
        should_stop=lambda: False,
        cap_bytes=environment.cap_bytes,
    )
    made = Frames(job, Tally())
    try:
        # 16 bits to 8, rounded to the nearest
        return [
            Image.fromarray(((made.shown(frame).astype(np.uint32) + 128) // 257).astype(np.uint8))
            for frame in frames
        ]
    except RenderProblem:
        hint = f"run `anim render {loaded.path}` first"
        raise Stop(Exit.USAGE, f"`{loaded.path}` is not rendered as it stands now", hint) from None


def _save(title: str, facts: str, tiles: Sequence[Tile], path: Path) -> None:
    from anim_studio.draw.sheet import draw_sheet

    if path.suffix.lower() not in (".png", ".jpg", ".jpeg", ".webp"):
        raise Stop(
            Exit.USAGE, f"a sheet cannot be written as `{path.suffix}`", "name a .png, .jpg or .webp file"
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    draw_sheet(title, facts, tiles).save(path)
