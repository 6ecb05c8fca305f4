"""The plan's parts put together: templates, media, outputs, digests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from anim_compiler.film import Film
from anim_compiler.frames import Frames
from anim_compiler.graph import Arg, Choice, Column, Graph, Node, topological
from anim_compiler.lower import Scene
from anim_compiler.naming import variant_path
from anim_compiler.passes.prune import columns_read
from anim_compiler.plan import (
    ChoiceRef,
    ColumnRef,
    Columns,
    FrameKind,
    Media,
    ModelRef,
    Morph,
    OutputSpec,
    Plan,
    PlanArg,
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


@dataclass(frozen=True, slots=True)
class Assembly:
    """What a plan is put together from: the optimised graph of `scenes`, and the columns it reads."""

    graph: Graph
    columns: Columns
    how: Frames
    scenes: Sequence[Scene]
    prompts: Prompts


def assembled(film: Film, chosen: Chosen, made: Assembly) -> tuple[Plan, Columns]:
    """The plan, with the columns that something reads."""
    graph, columns, how, prompts = made.graph, made.columns, made.how, made.prompts
    media = _media(film, float(chosen.start / chosen.fps), _pictures(graph))
    hashes = {m.name: m.sha256 for m in media}
    morphs: list[Morph] = [scene.shot.prompts.morph for scene in made.scenes]
    inputs = Inputs(chosen.width, chosen.height, chosen.model.sha256, hashes, prompts, morphs)
    needed = columns_read(graph) | _prompt_columns(prompts)
    kept = {name: column for name, column in columns.items() if name in needed}
    plan = Plan(
        name=film.title or film.name,
        film_sha256=film.sha256,
        width=chosen.width,
        height=chosen.height,
        fps=str(chosen.fps),
        frames=how.shown,
        seed=chosen.seed,
        loop=film.loop,
        model=chosen.model,
        media=media,
        prompts=prompts,
        scenes=tuple(_scene(made, index) for index in range(len(made.scenes))),
        kinds=how.kinds,
        before=how.before,
        after=how.after,
        under=how.under if max(how.under) >= 0 else (),
        recipes=recipes(graph, how, columns, inputs),
        columns=infos(kept),
        outputs=_outputs(film),
    )
    return plan, kept


def _scene(made: Assembly, index: int) -> SceneRun:
    """A scene of the plan; its tail stands behind the film's frames."""
    shot, rows = made.scenes[index].shot, made.how.scenes[index]
    own = [f for f in rows if f < made.how.shown]
    tail = [f for f in rows if f >= made.how.shown]
    return SceneRun(
        name=shot.name,
        start=own[0],
        end=own[-1] + 1,
        templates={
            _kind(kind): _template(kind, results)
            for (scene, kind), results in made.graph.templates.items()
            if scene == index
        },
        morph=shot.prompts.morph,
        tail=(tail[0], tail[-1] + 1) if tail else (0, 0),
    )


def _pictures(graph: Graph) -> frozenset[str]:
    """The names of the images that some frame starts from."""
    nodes = (node for results in graph.templates.values() for node in topological(results))
    return frozenset(str(node.arg("name")) for node in nodes if node.op == "init")


def _media(film: Film, begins: float, pictures: frozenset[str]) -> tuple[Media, ...]:
    """The pictures and tracks that the runtime opens; the plan begins so many seconds into the film."""
    heard = {output.audio for output in film.outputs}
    stills = [
        Media(name=s.name, kind="image", path=s.path, sha256=s.sha256)
        for s in film.stills
        if s.name in pictures
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
            path=variant_path(o.path, film.variant),
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
                args={name: _argument(value) for name, value in node.args},
                rate=str(node.rate),
            )
            for node in nodes
        ),
        carry=number[id(results["carry"])],
        frame=number[id(results["frame"])],
    )


def _argument(value: Arg) -> PlanArg:
    match value:
        case Column():
            return ColumnRef(column=value.name)
        case Choice():
            return ChoiceRef(column=value.name, texts=value.texts)
        case _:
            return value


def _prompt_columns(prompts: Prompts) -> frozenset[str]:
    """The columns that conditionings read."""
    names = {f"{name}.{side}" for name in ("prompt", "negative") for side in ("from", "to", "mix")}
    names |= {part.column for text in prompts.texts for part in text if isinstance(part, TextPart)}
    weights = (row.weight for rows in prompts.conditionings for row in rows)
    return frozenset(names | {weight.column for weight in weights if isinstance(weight, ColumnRef)})
