"""Contact sheets of films and videos, from files and from the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from anim_studio.cli.build import Built
from anim_studio.cli.environment import Environment
from anim_studio.cli.exits import Exit, Stop
from anim_studio.cli.load import Loaded
from anim_studio.cli.values import plural

if TYPE_CHECKING:
    from PIL.Image import Image

    from anim_compiler.plan import Columns, Plan
    from anim_studio.draw.sheet import Tile

#: four rows of three or three rows of four
TILES = 12

#: how many texts of a blend a caption shows
MOST_TEXTS = 4


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
    facts = f"{plural(plan.frames, 'frame')} · {float(plan.frames / fps):.2f} s · {plan.width}x{plan.height}"
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
    facts = f"{plural(about.frames, 'frame')} · {about.seconds:.2f} s · {about.width}x{about.height}"
    _save(video.name, facts, shown, path)


def prompts_at(plan: Plan, columns: Columns, frames: Sequence[int]) -> tuple[str, ...]:
    """The prompt at each of those frames; texts with inserted numbers show them.

    Of a blend it is a line for each text, the heaviest first, with the part that it has: `70% a forest`.
    """
    from anim_compiler.plan import ColumnRef

    def weight_of(weight: float | ColumnRef, frame: int) -> float:
        return float(columns[weight.column][frame]) if isinstance(weight, ColumnRef) else weight

    def filled(text: int, frame: int) -> str:
        return "".join(
            part if isinstance(part, str) else f"{float(columns[part.column][frame]):.4g}"
            for part in plan.prompts.texts[text]
        )

    def prompt(frame: int) -> str:
        mix = float(columns["prompt.mix"][frame])
        weights: dict[str, float] = {}
        for side, share in (("prompt.from", 1 - mix), ("prompt.to", mix)):
            for part in plan.prompts.conditionings[int(columns[side][frame])] if share else ():
                text = filled(part.text, frame)
                weights[text] = weights.get(text, 0.0) + share * weight_of(part.weight, frame)
        return blended(weights)

    return tuple(prompt(frame) for frame in frames)


def blended(weights: Mapping[str, float]) -> str:
    """The texts of a blend, a line each, with the part of the whole that each weighs; at most four."""
    whole = sum(map(abs, weights.values()))
    parts = {text: round(100 * weight / whole) for text, weight in weights.items()} if whole else {}
    heavy = sorted((text for text in parts if parts[text]), key=lambda text: -abs(parts[text]))
    if len(heavy) < 2:
        return heavy[0] if heavy else next(iter(weights), "")
    return "\n".join(f"{parts[text]}% {text}" for text in heavy[:MOST_TEXTS])


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
