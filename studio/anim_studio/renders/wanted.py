"""What somebody wants rendered: a film as it is now, frozen into a plan."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from anim_compiler.plan import Columns, OutputSpec, Plan
    from anim_studio.cli.build import Overrides
    from anim_studio.cli.environment import Environment


@dataclass(frozen=True, slots=True)
class Wanted:
    """A film's plan with all that its render needs.

    The plan is taken as it is: what is written into the text afterwards changes nothing of this render.
    Its media are not copied, songs and videos being large; each is named with its hash, and the render ends
    and says so if a file holds something else by then. `outputs` None stands for the plan's own; relative
    ones start from `folder`.
    """

    film: Path
    plan: Plan
    columns: Columns
    root: Path
    folder: Path
    outputs: tuple[OutputSpec, ...] | None = None
    device: str = "auto"


def wanted(
    film: Path,
    environment: Environment,
    overrides: Overrides | None = None,
    *,
    variant: int | None = None,
    given: tuple[str, ...] = (),
    device: str = "auto",
    output: Path | None = None,
    out: Path = Path("out"),
) -> Wanted:
    """The film as its text stands now, the variant of that place (from 0) if it has any.

    `given` are `NAME=VALUE` for `let`s of the film, `output` one file instead of the film's own. Raises
    `Stop` if it has errors, or if its model is not on this machine.
    """
    import io

    from anim_studio.cli.build import build
    from anim_studio.cli.exits import Exit, Stop
    from anim_studio.cli.load import load
    from anim_studio.cli.rendering import outputs_of
    from anim_studio.cli.reports import Reporter
    from anim_studio.cli.terminal import Terminal

    loaded = load(film, environment.cache, variant, given)
    nowhere = io.StringIO()
    built = build(loaded, environment, Reporter(Terminal(nowhere, nowhere, False, False)), overrides)
    if isinstance(built, Exit):
        raise Stop(built, f"`{film}` has errors", f"`anim check {film}` shows them")
    return Wanted(
        film=film.absolute(),
        plan=built.plan,
        columns=built.columns,
        root=loaded.world.root,
        folder=out.absolute(),
        outputs=outputs_of(built.plan, output),
        device=device,
    )
