"""From a checked film to a plan that can run: the model is found, overrides are in, curves are numbers."""

from __future__ import annotations

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
    with timed("compile"):
        compiled = compile_film(film, loaded.world, options)
    # what stops the film is told once, not warned of as well
    stops = {(found.source, found.span) for found in compiled.diagnostics if found.code == "E2009"}
    told = (
        found
        for found in loaded.diagnostics
        if found.code != "W6008" or (found.source, found.span) not in stops
    )
    reporter.tell((*told, *compiled.diagnostics))
    if compiled.plan is None:
        return max(exit_of(compiled.diagnostics), Exit.FILM_ERRORS)
    return Built(compiled.plan, compiled.columns)


def _of_tier(
    film: Film, loaded: Loaded, environment: Environment, overrides: Overrides
) -> tuple[Film, CompileOptions]:
    """The film as it is compiled for a tier, with the options that stand over it."""
    if overrides.tier == "final":
        return film, _options(overrides, _model_digest(film.model, loaded, environment))
    from anim_studio.live.compile.tier_film import tier_film
    from anim_studio.live.tier import Tier

    def digest(reference: str) -> str:
        return _model_digest(reference, loaded, environment)

    tier = Tier[overrides.tier.upper()]
    rougher = tier_film(film, tier, digest, seed=overrides.seed, size=overrides.size, fps=overrides.fps)
    if rougher is None:
        # a film whose draft would be the final
        return film, _options(overrides, _model_digest(film.model, loaded, environment))
    options = replace(
        rougher.options,
        size=overrides.size or rougher.options.size,
        frames=overrides.frames,
        steps=overrides.steps or rougher.options.steps,
        noted=overrides.noted,
    )
    return replace(rougher.film, outputs=tuple(map(_plain, film.outputs))), options


def _plain(output: Output) -> Output:
    """A file of a rougher tier: with its sound, and without what makes its pictures larger or more."""
    return replace(output, size=None, upscale=1.0, upscale_model=None, interpolate=1)


def _model_digest(reference: object, loaded: Loaded, environment: Environment) -> str:
    from anim_runtime.models.library import MissingModel, digest, locate

    # a schedule of models is refused when it is compiled
    found = locate(reference if isinstance(reference, str) else BUILT_IN, loaded.world.root)
    if isinstance(found, MissingModel):
        raise Stop(Exit.MODEL_MISSING, found.message, found.hint)
    return digest(found, environment.cache)


def _options(overrides: Overrides, model_sha256: str) -> CompileOptions:
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
