"""The plan's parts put together: templates, media, outputs, digests."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from anim_compiler import graph as graphs
from anim_compiler.drawing.refs import Drawers, refs_of
from anim_compiler.drawing.words import said_in
from anim_compiler.expected_columns import expectations
from anim_compiler.film import Film
from anim_compiler.frame_table import RECIPE, SHOWN, ways_columns
from anim_compiler.frames import Frames
from anim_compiler.graph import Arg, Choice, Graph, Product
from anim_compiler.lower import Scene
from anim_compiler.memo import Memo
from anim_compiler.naming import variant_path
from anim_compiler.passes.prune import EXPECTED, columns_read
from anim_compiler.plan import (
    ChoiceRef,
    ColumnRef,
    Columns,
    FrameKind,
    Media,
    OutputSpec,
    Plan,
    PlanArg,
    PlanNode,
    ProductRef,
    Prompts,
    SceneRun,
    Template,
    TextPart,
)
from anim_compiler.plan_columns import digest, infos
from anim_compiler.ranges import frame_ranges
from anim_compiler.recipe_rows import Common
from anim_compiler.recipes import Cast, Recipes, recipes, rows_digest
from anim_compiler.row_facts import RowFacts
from anim_compiler.segments import segments
from anim_compiler.told import Told


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a command line may have chosen over the film."""

    width: int
    height: int
    fps: Fraction
    seed: int
    drawers: Drawers
    #: the first frame of a preview, 0 of a whole film
    start: int = 0


@dataclass(frozen=True, slots=True)
class Assembly:
    """What a plan is put together from: the optimised graph of `scenes` and the `plain` one, which says the
    same and nothing faster.
    """

    graph: Graph
    plain: Graph
    how: Frames
    scenes: Sequence[Scene]
    told: Told


def assembled(film: Film, chosen: Chosen, made: Assembly, memo: Memo) -> tuple[Plan, Columns]:
    """The plan, with the columns that something reads and those of its frames."""
    graph, how, prompts = made.graph, made.how, made.told.prompts
    media = _media(film, float(chosen.start / chosen.fps), _pictures(graph))
    hashes = {m.name: m.sha256 for m in media}
    common = Common(chosen.width, chosen.height, chosen.drawers, hashes, made.plain.columns, made.told, memo)
    seconds = memo.recall(lambda: _seconds(how, chosen), "seconds", how, chosen.start, chosen.fps)
    worked = recipes(made.plain, Cast(how, seconds), common, memo.recipes)
    memo.recipes = worked
    columns = _kept(made, prompts) | _frames(how, worked, memo)
    refs = refs_of(chosen.drawers, graph, _prompted(prompts, chosen.drawers))
    plan = Plan(
        name=film.title or film.name,
        author=film.author,
        film_sha256=film.sha256,
        width=chosen.width,
        height=chosen.height,
        fps=str(chosen.fps),
        frames=how.shown,
        begin=chosen.start,
        seed=chosen.seed,
        loop=film.loop,
        model=refs.model,
        models=refs.models,
        vae=refs.vae,
        loras=refs.loras,
        embeddings=refs.embeddings,
        controls=refs.controls,
        media=media,
        prompts=memo.recall(lambda: _segmented(made), "segments", made.told, how),
        scenes=tuple(_scene(film, made, index, worked, memo) for index in range(len(made.scenes))),
        columns=infos(columns, lambda column: memo.recall(lambda: digest(column), "sha256", column)),
        outputs=_outputs(film),
    )
    return plan, columns


def _prompted(prompts: Prompts, drawers: Drawers) -> frozenset[str]:
    """The embeddings that some text says."""
    texts = ("".join(part for part in parts if isinstance(part, str)) for parts in prompts.texts)
    return frozenset(name for text in texts for name in said_in(text, drawers.embeddings))


def _kept(made: Assembly, prompts: Prompts) -> Columns:
    """The columns that a template or a conditioning reads."""
    needed = columns_read(made.graph) | _prompt_columns(made.graph, prompts)
    needed |= {name for name in made.graph.columns if name.startswith(EXPECTED)}
    return {name: column for name, column in made.graph.columns.items() if name in needed}


def _segmented(made: Assembly) -> Prompts:
    """The prompts, with what is told when."""
    prompts = made.told.prompts
    return prompts.model_copy(update={"segments": segments(prompts, made.told.columns, made.how)})


def _frames(how: Frames, worked: Recipes, memo: Memo) -> Columns:
    """The columns that say how each frame is made."""
    ways = memo.recall(lambda: ways_columns(how), "ways", how)
    return ways | {RECIPE: worked.recipe, SHOWN: worked.shown}


def _seconds(how: Frames, chosen: Chosen) -> NDArray[np.float64]:
    """The second of the film that each row stands at: float64[rows]. A scene that runs on under the next one
    does so in time, though its last rows stand behind the film's.
    """
    frame = np.arange(len(how.kinds))
    for scene in how.scenes:
        frame[list(scene)] = scene[0] + np.arange(len(scene))
    return np.asarray((frame + chosen.start) * chosen.fps.denominator / chosen.fps.numerator)


def _scene(film: Film, made: Assembly, index: int, worked: Recipes, memo: Memo) -> SceneRun:
    """A scene of the plan; its tail stands behind the film's frames."""
    shot, rows = made.scenes[index].shot, made.how.scenes[index]
    own, tail = rows[: (cut := bisect_left(rows, made.how.shown))], rows[cut:]
    templates = {
        _kind(kind): _template(template, worked, memo)
        for (scene, kind), template in made.graph.templates.items()
        if scene == index
    }
    return SceneRun(
        name=shot.name,
        start=own[0],
        end=own[-1] + 1,
        tail=(tail[0], tail[-1] + 1) if tail else (0, 0),
        morph=shot.prompts.morph,
        expectations=expectations(film, shot),
        templates={kind: templates[kind] for kind in KINDS if kind in templates},
    )


def _pictures(graph: Graph) -> frozenset[str]:
    """The names of the images and videos that some frame is made from, and the paths of fonts."""
    nodes = (node for template in graph.templates.values() for node in template.nodes)
    values = (value for node in nodes if node.op in _FILES for name, value in node.args if name in _NAMING)
    named = (value.texts if isinstance(value, Choice) else (str(value),) for value in values)
    return frozenset(name for names in named for name in names)


_FILES = frozenset({"init", "still", "clip", "cutout", "title"})
_NAMING = ("name", "font")
"""The ops that read a file, and the arguments that say which."""


def _media(film: Film, begins: float, pictures: frozenset[str]) -> tuple[Media, ...]:
    """The files that the runtime opens; the plan begins so many seconds into the film."""
    heard = {output.audio for output in film.outputs}
    clips = [
        Media(name=c.name, kind="video", path=c.path, sha256=c.sha256)
        for c in film.clips
        if c.name in pictures
    ]
    stills = [
        Media(name=s.name, kind="image", path=s.path, sha256=s.sha256)
        for s in film.stills
        if s.name in pictures
    ]
    tracks = [
        Media(
            name=t.name,
            kind="audio",
            path=t.path,
            sha256=t.sha256,
            offset=begins + float(t.start),
            gain_db=t.gain_db,
        )
        for t in film.tracks
        if t.name in heard
    ]
    letters = {
        str(layer.words["font"]): str(layer.words["font_sha256"])
        for shot in film.shots
        for layer in shot.layers
        if layer.words.get("font") in pictures
    }
    fonts = [Media(name=path, kind="font", path=path, sha256=sha) for path, sha in sorted(letters.items())]
    luts = [Media(name=p, kind="lut", path=p, sha256=sha) for p, sha in sorted(film.luts.items())]
    return (*stills, *clips, *fonts, *luts, *tracks)


def _outputs(film: Film) -> tuple[OutputSpec, ...]:
    return tuple(
        OutputSpec(
            path=variant_path(o.path, film.variant),
            codec=o.codec,
            quality=o.quality,
            fps=None if o.fps is None else str(o.fps),
            audio=o.audio,
            size=o.size,
            bits=o.bits,
            speed=str(o.speed),
            interpolate=o.interpolate,
            upscale=o.upscale,
            upscale_model=o.upscale_model,
            metadata=o.metadata,
            loop=o.loop,
            encoder="hardware" if o.encoder == "hardware" else "software",
        )
        for o in film.outputs
    )


KINDS: tuple[FrameKind, ...] = ("first", "diffused", "fresh", "tween")
"""The kinds of frames, in the order in which a plan tells them."""


def _kind(name: str) -> FrameKind:
    return next(kind for kind in KINDS if kind == name)


def _template(template: graphs.Template, worked: Recipes, memo: Memo) -> Template:
    nodes = template.nodes
    number = {id(node): i for i, node in enumerate(nodes)}
    rows = RowFacts({}, memo).rows(template.frames)
    return Template(
        frames=memo.recall(lambda: frame_ranges(template.frames), "ranges", template.frames),
        batch=template.batch,
        nodes=tuple(
            PlanNode(
                op=node.op,
                inputs=tuple(number[id(i)] for i in node.inputs),
                args={name: _argument(value) for name, value in node.args},
                rate=str(node.rate),
            )
            for node in nodes
        ),
        carry=number[id(template.results["carry"])],
        frame=number[id(template.results["frame"])],
        releases=template.releases,
        digest=memo.recall(lambda: rows_digest(worked.recipe, rows), "rows digest", worked.recipe, rows),
    )


def _argument(value: Arg) -> PlanArg:
    match value:
        case graphs.Column():
            return ColumnRef(column=value.name)
        case Choice():
            return ChoiceRef(column=value.name, texts=value.texts)
        case Product():
            return ProductRef(columns=value.names)
        case _:
            return value


def _prompt_columns(graph: Graph, prompts: Prompts) -> frozenset[str]:
    """The columns that conditionings read: the film's tracks, and those that calls have of their own."""
    tracks = {"prompt", "negative"}
    for template in graph.templates.values():
        for node in template.nodes:
            tracks |= {str(value) for name, value in node.args if name in ("prompt", "negative") and value}
            if node.op == "title":
                tracks.add(str(node.arg("text")))
    names = {f"{track}.{side}" for track in tracks for side in ("from", "to", "mix")}
    names |= {part.column for text in prompts.texts for part in text if isinstance(part, TextPart)}
    weights = (row.weight for rows in prompts.conditionings for row in rows)
    return frozenset(names | {weight.column for weight in weights if isinstance(weight, ColumnRef)})
