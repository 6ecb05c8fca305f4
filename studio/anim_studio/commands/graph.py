"""`anim graph`: what is done for each frame, as text or as a picture."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

from cyclopts import Parameter

from anim_studio.cli.choice import Choice
from anim_studio.cli.environment import read_environment
from anim_studio.cli.exits import Exit, Stop
from anim_studio.cli.load import Loaded
from anim_studio.cli.options import Cache, Define, Film
from anim_studio.cli.reports import Reporter
from anim_studio.cli.terminal import Terminal, open_terminal
from anim_studio.cli.values import plural
from anim_studio.cli.variants import VariantName

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anim_compiler.graph import Graph

Format: TypeAlias = Literal["text", "dot", "svg", "png"]
Kind: TypeAlias = Literal["first", "diffused", "fresh", "tween"]

_ENDINGS: dict[str, Format] = {
    ".txt": "text",
    ".graph": "text",
    ".dot": "dot",
    ".gv": "dot",
    ".svg": "svg",
    ".png": "png",
}


@dataclass(frozen=True, slots=True)
class _Shown:
    """What a command line wants to see."""

    before: str | None
    after: str | None
    plain: bool
    scene: str | None
    kind: Kind | None


def graph(
    film: Film,
    /,
    *,
    output: Annotated[Path | None, Parameter(name=["--output", "-o"], metavar="PATH")] = None,
    format: Annotated[Format | None, Parameter(metavar="text|dot|svg|png")] = None,
    scene: Annotated[str | None, Parameter(metavar="N|NAME")] = None,
    kind: Annotated[Kind | None, Parameter(metavar="first|diffused|fresh|tween")] = None,
    before: Annotated[str | None, Parameter(metavar="PASS")] = None,
    after: Annotated[str | None, Parameter(metavar="PASS")] = None,
    plain: bool = False,
    places: bool = False,
    variant: VariantName = None,
    define: Define = (),
    cache: Cache = None,
) -> int:
    """Show what is done for each frame, step by step, as text or as a picture.

    Parameters
    ----------
    output
        Write it to this file; its ending says how: .txt, .dot, .svg or .png.
    format
        How it is written; text unless the file's ending says otherwise.
    scene
        Only this scene: its name, or its number from 0.
    kind
        Only what is done for frames of this kind.
    before
        As it was before this step of the compiler.
    after
        As it was after this step of the compiler; `lower` is what the pipeline says.
    plain
        Without all that makes it faster.
    places
        In the order of work, and where each picture is let go of (text only).
    """
    environment = read_environment(cache=cache)
    terminal = open_terminal(environment.colour)
    wanted = _format(output, format)
    shown = _Shown(before, after, plain, scene, kind)
    loaded = Choice(variant=variant, define=define).load(film, environment)
    found = _graph(loaded, shown, Reporter(terminal))
    if found is None:
        return max(loaded.exit, Exit.FILM_ERRORS)
    names = () if loaded.film is None else tuple(shot.name for shot in loaded.film.shots)
    part = _part(found, names if len(names) > 1 else (), shown)
    _write(part, names if len(names) > 1 else (), wanted, output, terminal, places=places)
    return Exit.DONE


def _format(output: Path | None, format: Format | None) -> Format:
    if format is None and output is not None:
        found = _ENDINGS.get(output.suffix.lower())
        if found is None:
            raise Stop(
                Exit.USAGE,
                f"a graph cannot be written as `{output.suffix}`",
                "name a .txt, .dot, .svg or .png file, or say `--format text`",
            )
        return found
    if format == "png" and output is None:
        raise Stop(Exit.USAGE, "a picture of pixels needs a file", "write `-o graph.png`")
    return format or "text"


def _graph(loaded: Loaded, shown: _Shown, reporter: Reporter) -> Graph | None:
    """The graph at the step that is asked for; None if the film has errors, which are told."""
    if loaded.film is None or loaded.has_errors:
        reporter.tell(loaded.diagnostics)
        return None
    from anim_compiler.compile import staged
    from anim_compiler.passes import PASSES, PLAIN

    place = _place(tuple(step.__name__ for step in PASSES), shown)
    made = staged(loaded.film, loaded.world, passes=PLAIN if shown.plain else PASSES[:place])
    reporter.tell((*loaded.diagnostics, *made.diagnostics))
    return made.graphs[-1][1] if made.graphs else None


def _place(passes: Sequence[str], shown: _Shown) -> int:
    """How many passes the graph has gone through."""
    if sum((shown.before is not None, shown.after is not None, shown.plain)) > 1:
        raise Stop(Exit.USAGE, "`--before`, `--after` and `--plain` each choose a step", "write one of them")
    wanted = shown.before or shown.after
    if wanted is None:
        return len(passes)
    stages = ("lower", *passes)
    if wanted not in stages or (shown.before == "lower"):
        said = ", ".join(f"`{name}`" for name in (passes if shown.before else stages))
        raise Stop(
            Exit.USAGE, f"there is no step `{wanted}` to look {'before' if shown.before else 'after'}", said
        )
    return stages.index(wanted) - (1 if shown.before else 0)


def _part(graph: Graph, names: Sequence[str], shown: _Shown) -> Graph:
    """The templates that are asked for."""
    number = None if shown.scene is None else _scene(graph, names, shown.scene)
    kept = {
        key: template
        for key, template in graph.templates.items()
        if number in (None, key[0]) and shown.kind in (None, key[1])
    }
    if not kept:
        kinds = ", ".join(f"`{kind}`" for kind in dict.fromkeys(kind for _, kind in sorted(graph.templates)))
        raise Stop(Exit.USAGE, f"no frame of it is made as `{shown.kind}`", f"its kinds are {kinds}")
    return replace(graph, templates=kept)


def _scene(graph: Graph, names: Sequence[str], wanted: str) -> int:
    if wanted in names:
        return names.index(wanted)
    count = len({scene for scene, _ in graph.templates})
    if wanted.isdecimal() and int(wanted) < count:
        return int(wanted)
    hint = "its scenes are " + ", ".join(f"`{name}`" for name in names) if names else "it is one scene, 0"
    raise Stop(Exit.USAGE, f"there is no scene `{wanted}`", hint)


def _write(
    graph: Graph,
    names: Sequence[str],
    wanted: Format,
    output: Path | None,
    terminal: Terminal,
    *,
    places: bool,
) -> None:
    if output is not None:
        output.parent.mkdir(parents=True, exist_ok=True)
    if wanted == "png" and output is not None:
        from anim_studio.draw.graph_chart import draw_graph_png

        draw_graph_png(graph, names).save(output)
    else:
        text = _text(graph, names, wanted, places=places)
        if output is None:
            terminal.say(text.rstrip("\n"))
            return
        output.write_bytes(text.encode("utf-8"))
    made = plural(len(graph.templates), "template")
    terminal.say(f"{terminal.paint('✓', 'green')} {output}   {made}")


def _text(graph: Graph, names: Sequence[str], wanted: Format, *, places: bool) -> str:
    match wanted:
        case "svg":
            from anim_studio.draw.graph_chart import draw_graph_svg

            return draw_graph_svg(graph, names).markup()
        case "dot":
            from anim_compiler.dot import dot_text

            return dot_text(graph, names)
        case _:
            from anim_compiler.text import graph_text

            return graph_text(graph, names, places=places)
