"""The plan's parts put together: templates, media, outputs, digests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from anim_compiler.film import Film
from anim_compiler.frames import Frames
from anim_compiler.graph import Column, Graph, Node, topological
from anim_compiler.passes.prune import columns_read
from anim_compiler.plan import (
    ColumnRef,
    Columns,
    FrameKind,
    Media,
    ModelRef,
    OutputSpec,
    Plan,
    PlanNode,
    Prompts,
    SceneRun,
    Template,
    TextPart,
    infos,
)
from anim_compiler.recipes import Inputs, recipes


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a command line may have chosen over the film."""

    width: int
    height: int
    fps: Fraction
    seed: int
    model: ModelRef
    #: the first frame of a preview, 0 of a whole film
    start: int = 0


def assembled(
    film: Film, chosen: Chosen, graph: Graph, columns: Columns, how: Frames, prompts: Prompts
) -> tuple[Plan, Columns]:
    """The plan of an optimised graph, with the columns that something reads."""
    media = _media(film, float(chosen.start / chosen.fps))
    hashes = {m.name: m.sha256 for m in media}
    inputs = Inputs(chosen.width, chosen.height, chosen.model.sha256, hashes, prompts)
    needed = columns_read(graph) | _prompt_columns(prompts)
    kept = {name: column for name, column in columns.items() if name in needed}
    templates: dict[FrameKind, Template] = {
        _kind(kind): _template(kind, results) for (_, kind), results in graph.templates.items()
    }
    plan = Plan(
        name=film.title or film.name,
        film_sha256=film.sha256,
        width=chosen.width,
        height=chosen.height,
        fps=str(chosen.fps),
        frames=len(how.kinds),
        seed=chosen.seed,
        loop=film.loop,
        model=chosen.model,
        media=media,
        prompts=prompts,
        scenes=(SceneRun(name="film", start=0, end=len(how.kinds), templates=templates),),
        kinds=how.kinds,
        before=how.before,
        after=how.after,
        recipes=recipes(graph, how, columns, inputs),
        columns=infos(kept),
        outputs=_outputs(film),
    )
    return plan, kept


def _media(film: Film, begins: float) -> tuple[Media, ...]:
    """The pictures and tracks that the runtime opens; the plan begins so many seconds into the film."""
    heard = {output.audio for output in film.outputs}
    stills = [
        Media(name=s.name, kind="image", path=s.path, sha256=s.sha256)
        for s in film.stills
        if s.name == film.init
    ]
    tracks = [
        Media(name=t.name, kind="audio", path=t.path, sha256=t.sha256, offset=begins, gain_db=t.gain_db)
        for t in film.tracks
        if t.name in heard
    ]
    return (*stills, *tracks)


def _outputs(film: Film) -> tuple[OutputSpec, ...]:
    return tuple(
        OutputSpec(
            path=o.path,
            codec=o.codec,
            quality=o.quality,
            fps=None if o.fps is None else str(o.fps),
            audio=o.audio,
        )
        for o in film.outputs
    )


def _kind(name: str) -> FrameKind:
    kinds: dict[str, FrameKind] = {"first": "first", "diffused": "diffused", "tween": "tween"}
    return kinds[name]


def _template(kind: str, results: Mapping[str, Node]) -> Template:
    nodes = topological(results)
    number = {id(node): i for i, node in enumerate(nodes)}
    return Template(
        kind=_kind(kind),
        nodes=tuple(
            PlanNode(
                op=node.op,
                inputs=tuple(number[id(i)] for i in node.inputs),
                args={
                    name: ColumnRef(column=value.name) if isinstance(value, Column) else value
                    for name, value in node.args
                },
                rate=str(node.rate),
            )
            for node in nodes
        ),
        carry=number[id(results["carry"])],
        frame=number[id(results["frame"])],
    )


def _prompt_columns(prompts: Prompts) -> frozenset[str]:
    """The columns that conditionings read."""
    names = {f"{name}.{side}" for name in ("prompt", "negative") for side in ("from", "to", "mix")}
    names |= {part.column for text in prompts.texts for part in text if isinstance(part, TextPart)}
    weights = (row.weight for rows in prompts.conditionings for row in rows)
    return frozenset(names | {weight.column for weight in weights if isinstance(weight, ColumnRef)})
