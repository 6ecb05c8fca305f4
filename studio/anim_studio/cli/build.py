"""From a checked film to a plan that can run: the model is found, overrides are in, curves are numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from anim_studio.cli.environment import Environment
from anim_studio.cli.exits import Exit, Stop
from anim_studio.cli.load import Loaded, exit_of
from anim_studio.cli.reports import Reporter
from anim_studio.cli.settings import PictureTier

if TYPE_CHECKING:
    from anim_compiler.audio.locked import Noting
    from anim_compiler.compile import CompileOptions
    from anim_compiler.film import Film, Output
    from anim_compiler.plan import Columns, Plan

#: what a film without `model` is drawn with
BUILT_IN = "postcard"


@dataclass(frozen=True, slots=True)
class Overrides:
    """What the command line says instead of the film; None leaves the film's word."""

    size: tuple[int, int] | None = None
    fps: Fraction | None = None
    frames: tuple[int, int] | None = None
    steps: int | None = None
    seed: int | None = None
    tier: PictureTier = "final"
    #: to be filled with what is read of each track
    noted: dict[str, Noting] | None = None


@dataclass(frozen=True, slots=True)
class Built:
    """A plan with its columns."""

    plan: Plan
    columns: Columns


def build(
    loaded: Loaded, environment: Environment, reporter: Reporter, overrides: Overrides | None = None
) -> Built | Exit:
    """The plan of a film; what to end with if it has errors, which `reporter` has then told.

    Raises `Stop` if the model is not on this machine.
    """
    if loaded.film is None or loaded.has_errors:
        reporter.tell(loaded.diagnostics)
        return max(loaded.exit, Exit.FILM_ERRORS)
    from anim_compiler.compile import compile_film
    from anim_compiler.timed import timed

    with timed("find the model"):
        film, options = _of_tier(loaded.film, loaded, environment, overrides or Overrides())
    if (overrides or Overrides()).tier == "draft" and not reporter.is_document:
        from anim_compiler.tiers import left_out

        if said := left_out(loaded.film):
            reporter.write(said)
    with timed("compile"):
        compiled = compile_film(film, loaded.world, options)
    # what stops the film is told once, not warned of as well; a film of hints needs no ControlNet
    stops = {(found.source, found.span) for found in compiled.diagnostics if found.code == "E2163"}
    is_hints = overrides is not None and overrides.tier == "hints"
    told = (
        f
        for f in loaded.diagnostics
        if f.code != "W6173" or (not is_hints and (f.source, f.span) not in stops)
    )
    reporter.tell((*told, *compiled.diagnostics))
    if compiled.plan is None:
        return max(exit_of(compiled.diagnostics), Exit.FILM_ERRORS)
    return Built(compiled.plan, compiled.columns)


def _of_tier(
    film: Film, loaded: Loaded, environment: Environment, overrides: Overrides
) -> tuple[Film, CompileOptions]:
    """The film as it is compiled for a tier, with the options that stand over it."""

    def digest(reference: str) -> str:
        return _model_digest(reference, loaded, environment)

    if overrides.tier == "final":
        return film, _options(overrides, digest)
    if overrides.tier == "hints":
        shown = _hints(film)
        return replace(shown, outputs=tuple(map(_plain, film.outputs))), _options(overrides, lambda _: "")
    from anim_studio.live.compile.tier_film import tier_film
    from anim_studio.live.tier import Tier

    tier = Tier[overrides.tier.upper()]
    rougher = tier_film(film, tier, digest, seed=overrides.seed, size=overrides.size, fps=overrides.fps)
    if rougher is None:
        # a film whose draft would be the final
        return film, _options(overrides, digest)
    options = replace(
        rougher.options,
        size=overrides.size or rougher.options.size,
        frames=overrides.frames,
        steps=overrides.steps or rougher.options.steps,
        noted=overrides.noted,
    )
    return replace(rougher.film, outputs=tuple(map(_plain, film.outputs))), options


def _hints(film: Film) -> Film:
    """The film of its hints. Raises `Stop` if it has none."""
    from anim_compiler.tiers import hints_film

    shown = hints_film(film)
    if shown is None:
        hint = "give it one, such as `control canny { source = init }`, or choose another tier"
        raise Stop(Exit.USAGE, "the film has no `control`, so it has no hints to show", hint)
    return shown


def _plain(output: Output) -> Output:
    """A file of a rougher tier: with its sound, and without what makes its pictures larger or more."""
    return replace(output, size=None, upscale=1.0, upscale_model=None, interpolate=1)


def _model_digest(reference: str, loaded: Loaded, environment: Environment) -> str:
    from anim_studio.cli.model_digest import model_digest

    return model_digest(reference, loaded.world, environment.cache, environment.models)


def _options(overrides: Overrides, model_sha256: Callable[[str], str]) -> CompileOptions:
    from anim_compiler.compile import CompileOptions

    return CompileOptions(
        size=overrides.size,
        fps=overrides.fps,
        frames=overrides.frames,
        steps=overrides.steps,
        seed=overrides.seed,
        model_sha256=model_sha256,
        noted=overrides.noted,
    )
