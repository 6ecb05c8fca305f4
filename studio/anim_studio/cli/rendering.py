"""Renders one film and tells how it went."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from anim_studio.cli.build import BUILT_IN, Built, build
from anim_studio.cli.choice import EVERYTHING, Choice, Part, several_outputs
from anim_studio.cli.device import chosen_device
from anim_studio.cli.environment import Environment
from anim_studio.cli.exits import Exit
from anim_studio.cli.invocation import spelled
from anim_studio.cli.load import Loaded
from anim_studio.cli.reports import Reporter
from anim_studio.cli.settings import Progress
from anim_studio.cli.stop import StopSwitch
from anim_studio.cli.terminal import Terminal
from anim_studio.cli.values import format_bytes, plural
from anim_studio.cli.variants import all_variants

if TYPE_CHECKING:
    from anim_compiler.film import Film
    from anim_compiler.plan import OutputSpec, Plan
    from anim_runtime.events import Encoded
    from anim_studio.progress import Tally

#: the code of an `expect` that does not hold
UNMET = "E5055"


@dataclass(frozen=True, slots=True)
class Wish:
    """What the command line asks of every film; `quiet` leaves out all but mistakes."""

    choice: Choice
    output: Path | None
    folder: Path
    device: str
    progress: Progress
    sheet: Path | None
    quiet: bool
    stats: bool = False


def render_film(
    film: Path, wish: Wish, environment: Environment, terminal: Terminal, switch: StopSwitch
) -> int:
    """Checks, compiles and renders a film, or every film of its `variant` block; returns the exit code."""
    first = wish.choice.load(film, environment)
    reporter = Reporter(terminal)
    is_drawn = wish.choice.tier not in ("camera", "hints")
    if is_drawn and not wish.quiet and first.film is not None and _draws_with_built_in(first.film):
        terminal.note(f"{film} names no `model`: drawn with the built-in one, `{BUILT_IN}`")
    worst: int = Exit.DONE
    for loaded in (first,) if wish.choice.variant is not None else all_variants(first, environment):
        parts = wish.choice.parts(loaded)
        for part in parts:
            code = _one(loaded, (part, len(parts)), wish, environment, (terminal, reporter), switch)
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
    part: tuple[Part, int],
    wish: Wish,
    environment: Environment,
    told: tuple[Terminal, Reporter],
    switch: StopSwitch,
) -> int:
    terminal, reporter = told
    built = build(loaded, environment, reporter, wish.choice.overrides(part[0]))
    if isinstance(built, Exit):
        if wish.progress == "json":
            _tell_failure(terminal, loaded.path, built)
        return built
    return _run(built, loaded, part, _named(wish, loaded, part), environment, terminal, switch)


def _named(wish: Wish, loaded: Loaded, part: tuple[Part, int]) -> Wish:
    """The wish with files of the variant's own names, and a sheet of each part's."""
    variant = None if loaded.film is None else loaded.film.variant
    sheet = wish.sheet if wish.sheet is None or part[1] == 1 else part[0].path(wish.sheet)
    if variant is None:
        return replace(wish, sheet=sheet)
    from anim_compiler.naming import variant_path

    def named(path: Path | None) -> Path | None:
        return None if path is None else Path(variant_path(path.as_posix(), variant))

    return replace(wish, output=named(wish.output), sheet=named(sheet))


def _run(
    built: Built,
    loaded: Loaded,
    part: tuple[Part, int],
    wish: Wish,
    environment: Environment,
    terminal: Terminal,
    switch: StopSwitch,
) -> int:
    from anim_compiler.timed import timed
    from anim_runtime.digests import run_folder
    from anim_runtime.session import render
    from anim_studio.cli.timings import hearing
    from anim_studio.progress import open_display
    from anim_studio.renders.calls import note_call

    device = chosen_device(wish.device)
    note_call(run_folder(environment.cache, built.plan), loaded.path, spelled())
    with open_display(wish.progress, terminal, built.plan.begin, switch) as display, timed("render"):
        rendered = render(
            built.plan,
            built.columns,
            root=loaded.world.root,
            folder=wish.folder.absolute(),
            cache=environment.cache,
            device=device,
            emit=hearing(display.show),
            should_stop=switch,
            outputs=several_outputs(outputs_of(built.plan, wish.output), wish.output, *part),
            cap_bytes=environment.cap_bytes,
            library=environment.models,
            speed=environment.speed,
        )
    if rendered.exit_code and not rendered.unmet:
        _tell_stop(rendered.message, rendered.hint, switch, terminal)
        if rendered.exit_code == Exit.OUT_OF_MEMORY:
            _tell_advice(built, loaded, wish, environment, terminal)
        return switch.code or rendered.exit_code
    if wish.sheet is not None:
        from anim_studio.cli.sheets import sheet_of_film

        sheet_of_film(built, loaded, environment, device, wish.sheet)
    if not wish.quiet and wish.progress != "json":
        _tell_result(display.tally, built.plan, loaded.path, wish, terminal)
    if wish.progress != "json":
        _tell_figures(display.tally, built.plan, wish, terminal)
        _tell_unmet(rendered.unmet, terminal)
        if not wish.quiet:
            _tell_advice(built, loaded, wish, environment, terminal)
    return rendered.exit_code


def _tell_figures(tally: Tally, plan: Plan, wish: Wish, terminal: Terminal) -> None:
    if wish.stats and tally.finished is not None:
        from anim_studio.cli.figures import table

        terminal.say(table(tally.finished.figures, Fraction(plan.fps), plan.begin))


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


def _tell_advice(
    built: Built, loaded: Loaded, wish: Wish, environment: Environment, terminal: Terminal
) -> None:
    """What would help a film that was in trouble."""
    from anim_studio.advising.telling import last_words

    whole = loaded.path if wish.choice == EVERYTHING and loaded.variant is None else None
    for words in last_words(built.plan, built.columns, environment.cache, whole):
        terminal.note(f"{terminal.paint_note('advice', 'cyan')}: {words}")


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
        whole = (
            near
            for near in map(_near, tally.encoded)
            if "{" not in near and not near.endswith((".webp", ".png"))
        )
        terminal.say(f"  next: anim sheet {next(whole, film)}")


def _near(encoded: Encoded) -> str:
    """The output's path as the user would type it here."""
    path = Path(encoded.path)
    try:
        return str(path.absolute().relative_to(Path.cwd()))
    except ValueError:
        return str(path)
