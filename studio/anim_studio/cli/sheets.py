"""Contact sheets of films and videos, from files and from the store."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from anim_studio.cli.build import Built
from anim_studio.cli.environment import Environment
from anim_studio.cli.exits import Exit, Stop
from anim_studio.cli.figures import of_film, of_video, table
from anim_studio.cli.figures import strips as figure_strips
from anim_studio.cli.jobs import silent_job
from anim_studio.cli.load import Loaded
from anim_studio.cli.values import plural

if TYPE_CHECKING:
    from PIL.Image import Image

    from anim_compiler.plan import Columns, Plan
    from anim_runtime.events import FigureSummary
    from anim_studio.draw.sheet import Tile
    from anim_studio.draw.strips import Strips

#: four rows of three or three rows of four
TILES = 12

#: how many curves stand under a sheet
STRIPS = 6

#: how many texts of a blend a caption shows
MOST_TEXTS = 4


def sheet_of_film(
    built: Built,
    loaded: Loaded,
    environment: Environment,
    device: str,
    path: Path,
    tiles: int = TILES,
    stats: Callable[[str], None] | None = None,
) -> None:
    """Draws the stored frames of a film over its curves. Raises `Stop` if one was not rendered yet.

    `stats` hears the table of what is measured of the frames, which is then drawn too.
    """
    from anim_studio.draw.sheet import Tile, chosen_frames

    plan = built.plan
    fps = Fraction(plan.fps)
    frames = chosen_frames(plan.frames, tiles)
    pictures = _stored(built, loaded, environment, device, frames)
    captions = prompts_at(plan, built.columns, frames)
    shown = [
        Tile(picture, plan.begin + frame, float((plan.begin + frame) / fps), caption)
        for picture, frame, caption in zip(pictures, frames, captions, strict=True)
    ]
    facts = f"{plural(plan.frames, 'frame')} · {float(plan.frames / fps):.2f} s · {plan.width}x{plan.height}"
    strips = curves_of(plan, loaded, frames, plan.begin / fps)
    if stats is not None:
        figures = of_film(built, loaded, environment, device)
        stats(table(summaries_of(figures), fps, plan.begin))
        strips = replace(strips, curves=(*strips.curves, *figure_strips(figures)))
    _save(plan.name, facts, shown, path, strips)


def curves_of(plan: Plan, loaded: Loaded, shown: Sequence[int], begins: Fraction) -> Strips:
    """The curves that move, at each of the plan's frames, which begin so many seconds into the film."""
    import numpy as np

    from anim_compiler.asking import moving
    from anim_studio.cli.curves import asked, evaluated
    from anim_studio.draw.strips import Strip, Strips

    film, fps = loaded.film, Fraction(plan.fps)
    if film is None:
        return Strips(())
    read = asked(loaded, film)
    names = [name for name in moving(film) if name in read.names()][:STRIPS]
    strips: list[Strip] = []
    for found in evaluated(read, film, names):
        places = [int((begins + frame / fps) * film.fps) for frame in range(plan.frames)]
        values = found.values[np.clip(np.array(places) - found.first, 0, len(found.values) - 1)]
        if np.ptp(values[np.isfinite(values)]) if np.isfinite(values).any() else False:
            strips.append(Strip(found.name, values))
    return Strips(strips, [scene.start for scene in plan.scenes if scene.start], shown)


def summaries_of(figures: Mapping[int, Mapping[str, float]]) -> dict[str, FigureSummary]:
    """Each figure over all frames."""
    from anim_runtime.watching import summaries

    return summaries(figures)


def sheet_of_video(
    video: Path, path: Path, tiles: int = TILES, stats: Callable[[str], None] | None = None
) -> None:
    """Draws frames of a video file, over what is measured of it if `stats` hears that. Raises `Stop` if it
    cannot be read.
    """
    from anim_studio.draw.sheet import Tile, chosen_frames
    from anim_studio.draw.strips import Strips
    from anim_studio.draw.video import NotAVideo, video_facts, video_frames

    if not video.is_file():
        raise Stop(Exit.USAGE, f"there is no file `{video}`")
    try:
        about = video_facts(video)
        found = video_frames(video, chosen_frames(about.frames, tiles))
        figures = {} if stats is None else of_video(video)
    except NotAVideo as error:
        raise Stop(Exit.USAGE, str(error)) from None
    if not found:
        raise Stop(Exit.USAGE, f"`{video}` holds no frames")
    shown = [Tile(picture, frame, frame / about.fps) for frame, picture in sorted(found.items())]
    facts = f"{plural(about.frames, 'frame')} · {about.seconds:.2f} s · {about.width}x{about.height}"
    strips = None
    if stats is not None:
        stats(table(summaries_of(figures), Fraction(about.fps)))
        strips = Strips(figure_strips(figures), (), sorted(found))
    _save(video.name, facts, shown, path, strips)


def prompts_at(plan: Plan, columns: Columns, frames: Sequence[int]) -> tuple[str, ...]:
    """The prompt at each of those frames; texts with inserted numbers show them.

    Of a blend it is a line for each text, the heaviest first, with the part that it has: `70% a forest`.
    """
    from anim_runtime.told import Told

    told = Told(plan, columns)
    return tuple(blended(told.weights(frame)) for frame in frames)


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
    from PIL import Image

    from anim_runtime.encode.levels import to_8_bit
    from anim_runtime.frames import Frames
    from anim_runtime.job import Tally
    from anim_runtime.problems import RenderProblem

    job = silent_job(built, loaded, environment, device)
    made = Frames(job, Tally())
    try:
        return [Image.fromarray(to_8_bit(made.shown(frame))) for frame in frames]
    except RenderProblem:
        hint = f"run `anim render {loaded.path}` first"
        raise Stop(Exit.USAGE, f"`{loaded.path}` is not rendered as it stands now", hint) from None


def _save(title: str, facts: str, tiles: Sequence[Tile], path: Path, strips: Strips | None = None) -> None:
    from anim_studio.draw.sheet import draw_sheet

    if path.suffix.lower() not in (".png", ".jpg", ".jpeg", ".webp"):
        raise Stop(
            Exit.USAGE, f"a sheet cannot be written as `{path.suffix}`", "name a .png, .jpg or .webp file"
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    draw_sheet(title, facts, tiles, strips=strips).save(path)
