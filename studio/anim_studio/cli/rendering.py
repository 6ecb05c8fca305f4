"""Renders one film and tells how it went."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from anim_studio.cli.build import BUILT_IN, Built, Overrides, build
from anim_studio.cli.device import chosen_device
from anim_studio.cli.environment import Environment
from anim_studio.cli.exits import Exit
from anim_studio.cli.invocation import spelled
from anim_studio.cli.load import Loaded, load
from anim_studio.cli.reports import Reporter
from anim_studio.cli.stop import StopSwitch
from anim_studio.cli.terminal import Terminal
from anim_studio.cli.values import format_bytes, plural
from anim_studio.cli.variants import all_variants, chosen_variant

if TYPE_CHECKING:
    from anim_compiler.film import Film
    from anim_compiler.plan import OutputSpec, Plan
    from anim_runtime.events import Encoded
    from anim_studio.progress import Tally

#: the code of an `expect` that does not hold
UNMET = "E5055"

Progress: TypeAlias = Literal["auto", "bar", "lines", "json", "none"]


@dataclass(frozen=True, slots=True)
class Wish:
    """What the command line asks of every film; `quiet` leaves out all but mistakes."""

    overrides: Overrides
    output: Path | None
    folder: Path
    device: str
    progress: Progress
    sheet: Path | None
    quiet: bool
    variant: str | None = None
    stats: bool = False


def render_film(
    film: Path, wish: Wish, environment: Environment, terminal: Terminal, switch: StopSwitch
) -> int:
    """Checks, compiles and renders a film, or every film of its `variant` block; returns the exit code."""
    first = load(film, environment.cache)
    reporter = Reporter(terminal)
    if not wish.quiet and first.film is not None and _draws_with_built_in(first.film):
        terminal.note(f"{film} names no `model`: drawn with the built-in one, `{BUILT_IN}`")
    if wish.variant is not None:
        return _one(
            chosen_variant(first, wish.variant, environment), wish, environment, (terminal, reporter), switch
        )
    worst: int = Exit.DONE
    for loaded in all_variants(first, environment):
        code = _one(loaded, wish, environment, (terminal, reporter), switch)
        if switch.code is not None:
            return switch.code
        worst = max(worst, code)
    return worst


def _draws_with_built_in(film: Film) -> bool:
    """Whether a film asks a model to draw, and names none."""
    from anim_compiler.prompts import needed

    return film.model is None and any(map(needed, film.shots))


def _one(
    loaded: Loaded,
    wish: Wish,
    environment: Environment,
    told: tuple[Terminal, Reporter],
    switch: StopSwitch,
) -> int:
    terminal, reporter = told
    built = build(loaded, environment, reporter, wish.overrides)
    if isinstance(built, Exit):
        if wish.progress == "json":
            _tell_failure(terminal, loaded.path, built)
        return built
    return _run(built, loaded, _named(wish, loaded), environment, terminal, switch)


def _named(wish: Wish, loaded: Loaded) -> Wish:
    """The wish with files of the variant's own names."""
    variant = None if loaded.film is None else loaded.film.variant
    if variant is None:
        return wish
    from anim_compiler.naming import variant_path

    def named(path: Path | None) -> Path | None:
        return None if path is None else Path(variant_path(path.as_posix(), variant))

    return replace(wish, output=named(wish.output), sheet=named(wish.sheet))


def _run(
    built: Built, loaded: Loaded, wish: Wish, environment: Environment, terminal: Terminal, switch: StopSwitch
) -> int:
    from anim_runtime.session import render
    from anim_studio.progress import open_display

    device = chosen_device(wish.device)
    with open_display(wish.progress, terminal, built.plan.begin) as display:
        rendered = render(
            built.plan,
            built.columns,
            root=loaded.world.root,
            folder=wish.folder.absolute(),
            cache=environment.cache,
            device=device,
            emit=display.show,
            should_stop=switch,
            outputs=outputs_of(built.plan, wish.output),
            cap_bytes=environment.cap_bytes,
        )
    if rendered.exit_code and not rendered.unmet:
        _tell_stop(rendered.message, rendered.hint, switch, terminal)
        return switch.code or rendered.exit_code
    if wish.sheet is not None:
        from anim_studio.cli.sheets import sheet_of_film

        sheet_of_film(built, loaded, environment, device, wish.sheet, overrides=wish.overrides)
    if not wish.quiet and wish.progress != "json":
        _tell_result(display.tally, built.plan, loaded.path, wish, terminal)
    if wish.stats and wish.progress != "json" and display.tally.finished is not None:
        from anim_studio.cli.figures import table

        plan = built.plan
        terminal.say(table(display.tally.finished.figures, Fraction(plan.fps), plan.begin))
    if wish.progress != "json":
        _tell_unmet(rendered.unmet, terminal)
    return rendered.exit_code


def outputs_of(plan: Plan, named: Path | None) -> tuple[OutputSpec, ...]:
    """What to write: the one file that the command line names, else the film's, else `NAME.mp4`."""
    from anim_compiler.plan import OutputSpec

    if named is None:
        return plan.outputs or (OutputSpec(path=f"{plan.name}.mp4"),)
    first = plan.outputs[0] if plan.outputs else OutputSpec(path="")
    changed: dict[str, object] = {"path": named.absolute().as_posix()}
    if Path(first.path).suffix != named.suffix:
        # these belong to the film's own kind of file
        changed |= dict.fromkeys(("codec", "quality", "bits", "loop"))
    return (first.model_copy(update=changed),)


def _tell_stop(message: str, hint: str, switch: StopSwitch, terminal: Terminal) -> None:
    if switch.code is not None:
        terminal.note(f"{terminal.paint_note('stopped', 'bold yellow')}: {message.removeprefix('stopped ')}")
        terminal.note(f"  to go on: {spelled()}")
        return
    terminal.complain(message, hint)


def _tell_unmet(sentences: Sequence[str], terminal: Terminal) -> None:
    """What the film expects of its frames, and does not have."""
    for sentence in sentences:
        terminal.note(f"{terminal.paint_note('error', 'bold red')}[{UNMET}]: {sentence}")


def _tell_failure(terminal: Terminal, film: Path, code: Exit) -> None:
    from anim_runtime.events import Failed

    failed = Failed(at=time.time(), message=f"`{film}` has errors", exit_code=code)
    terminal.out.write(failed.model_dump_json() + "\n")


def _tell_result(tally: Tally, plan: Plan, film: Path, wish: Wish, terminal: Terminal) -> None:
    for encoded in tally.encoded:
        parts = [plural(encoded.frames, "frame"), f"{encoded.seconds:.2f} s", encoded.codec]
        parts.append(format_bytes(encoded.bytes))
        if tally.reused:
            parts.append(f"{tally.reused} reused")
        terminal.say(f"{terminal.paint('✓', 'green')} {_near(encoded)}   {' · '.join(parts)}")
    if wish.sheet is not None:
        terminal.say(f"{terminal.paint('✓', 'green')} {wish.sheet}   contact sheet")
        terminal.say(f"  next: anim plot {film}")
    elif tally.encoded:
        # a sheet is drawn of one file with all frames, or of the film
        whole = (near for near in map(_near, tally.encoded) if "{" not in near and not near.endswith(".webp"))
        terminal.say(f"  next: anim sheet {next(whole, film)}")


def _near(encoded: Encoded) -> str:
    """The output's path as the user would type it here."""
    path = Path(encoded.path)
    try:
        return str(path.absolute().relative_to(Path.cwd()))
    except ValueError:
        return str(path)
