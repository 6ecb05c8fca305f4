"""One film, made again after each change: its text, its meaning, its numbers and its plans, all kept warm."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from anim_compiler.check import check
from anim_compiler.compile import compile_film, unheard
from anim_compiler.film import Film
from anim_compiler.memo import Memo
from anim_compiler.remembered import KeptColumns
from anim_compiler.settled import settled
from anim_compiler.sound.problem import AudioError
from anim_compiler.stamps import Digests, Stamp, stamp
from anim_compiler.world import TOO_LARGE, Held, Problem, World
from anim_dsl.diagnostic import Diagnostic, has_errors
from anim_dsl.gate import UNREAD_CODES
from anim_dsl.given import noted, with_given
from anim_dsl.incremental import Parsed
from anim_dsl.syntax import Document
from anim_studio.cli.exits import Exit, Stop
from anim_studio.cli.library import LibraryFacts
from anim_studio.live.compile.numbers import Numbers
from anim_studio.live.compile.tier_film import tier_film
from anim_studio.live.tier import Tier
from anim_studio.live.version import Choice, Good, TierPlan, Version

_KEPT_BYTES = 128 * 2**20
"""Of columns that are kept: 1600 of a film of 10,000 frames."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A film's text as it was read and understood; `film` is None where it has errors."""

    world: World
    document: Document
    film: Film | None
    diagnostics: tuple[Diagnostic, ...]
    choice: Choice


@dataclass(slots=True)
class WarmFilm:
    """Makes what one film is now. Every step finds again what it made of the last version, as far as it is
    the same; what comes of it is what a step without a memory would give.
    """

    path: Path
    cache: Path
    given: tuple[str, ...] = ()
    digests: Digests = field(default_factory=Digests)
    numbers: Numbers = field(init=False)
    _kept: KeptColumns = field(default_factory=lambda: KeptColumns(_KEPT_BYTES))
    _memos: dict[Tier, Memo] = field(init=False)
    _parsed: Parsed | None = None

    def __post_init__(self) -> None:
        self._memos = {tier: Memo(kept=self._kept) for tier in Tier}
        self.numbers = Numbers(self._memos[Tier.CURVES])

    # --- text ---

    def checked(self, choice: Choice, texts: Mapping[Path, bytes]) -> Checked:
        """The film as it is written now; `texts` are files whose content is known already. Raises `Stop` if
        it cannot be read.
        """
        world = World.open(
            self.path, cache=self.cache, held=Held(texts, self.digests), models=LibraryFacts(self.path.parent)
        )
        source = world.read_source(self.path)
        if isinstance(source, Problem):
            raise Stop(Exit.LIMIT if source.code == TOO_LARGE else Exit.USAGE, source.message, source.hint)
        self._parsed = Parsed.of(source) if self._parsed is None else self._parsed.edited(source)
        document, found = self._parsed.document, self._parsed.diagnostics
        if any(diagnostic.code in UNREAD_CODES for diagnostic in found):
            return Checked(world, document, None, found, choice)
        document, wrong = with_given(document, self.given)
        film, more, choice = _checked(document, world, choice)
        more = noted(more, self.given)
        if film is not None and film.tempo.awaits:
            film, more = self._settled(film, world, more)
        diagnostics = together(found, wrong, more)
        return Checked(world, document, None if has_errors(diagnostics) else film, diagnostics, choice)

    def _settled(
        self, film: Film, world: World, found: tuple[Diagnostic, ...]
    ) -> tuple[Film | None, tuple[Diagnostic, ...]]:
        try:
            return settled(film, world, self._memos[Tier.CURVES].analyses)
        except AudioError as error:
            return None, (*found, *unheard(error, film))

    # --- numbers ---

    def version(self, made: Checked, number: int, heard: float, *, silent: bool) -> Version:
        """The version with its curves; `silent` without what is only shown of its tracks."""
        good: Good | None = None
        diagnostics = made.diagnostics
        if made.film is not None:
            evaluate = self.numbers.silent if silent else self.numbers.whole
            try:
                good = evaluate(made.film, made.world, made.choice.seed)
            except AudioError as error:
                diagnostics = together(diagnostics, unheard(error, made.film))
        return Version(
            number=number,
            path=self.path,
            source=made.document.source,
            document=made.document,
            world=made.world,
            diagnostics=diagnostics,
            good=good,
            choice=made.choice,
            heard=heard,
        )

    # --- plans ---

    def plan(self, version: Version, tier: Tier) -> tuple[TierPlan | None, tuple[Diagnostic, ...]]:
        """The plan of a tier, None if the film has none of that tier or errors that show themselves here, and
        what is said of the film. Raises `Stop` if its model is missing.
        """
        if version.good is None:
            return None, ()
        film = version.good.film

        def digest(reference: str) -> str:
            return _model_digest(reference, version.world, self.cache)

        wanted = tier_film(film, tier, digest, seed=version.choice.seed)
        if wanted is None:
            return None, ()
        memo = self._memos[tier]
        # a track is heard once for all tiers
        memo.analyses |= self._memos[Tier.CURVES].analyses
        made = compile_film(wanted.film, version.world, wanted.options, memo=memo)
        self._memos[Tier.CURVES].analyses |= memo.analyses
        if made.plan is None:
            return None, made.diagnostics
        return TierPlan(version.number, tier, made.plan, made.columns), made.diagnostics

    # --- files ---

    def read(self, made: Checked) -> dict[Path, Stamp | None]:
        """Every file that a version was made from, there or not, with the stamps that they had then."""
        places = {self.path, Path(os.path.realpath(self.path)), made.world.root / "anim.toml"}
        if made.film is not None:
            for reference in references_of(made.film):
                model = made.world.root / Path(reference).expanduser()
                places |= {model, model / "model_index.json"}
        others = {place: stamp(place) for place in map(Path, map(os.path.abspath, places))}
        return others | made.world.seen


def _checked(
    document: Document, world: World, choice: Choice
) -> tuple[Film | None, tuple[Diagnostic, ...], Choice]:
    """The film by that choice; as it is written if the text does not have that variant any more."""
    if choice.variant is not None:
        try:
            return *check(document, world, variant=choice.variant), choice
        except IndexError:
            choice = replace(choice, variant=None)
    return *check(document, world), choice


def together(*found: Sequence[Diagnostic]) -> tuple[Diagnostic, ...]:
    """All that is said of a film, each once, by place."""
    every = dict.fromkeys(diagnostic for each in found for diagnostic in each)
    return tuple(sorted(every, key=Diagnostic.sort_key))


def _model_digest(reference: str, world: World, cache: Path) -> str:
    from anim_studio.cli.environment import read_environment
    from anim_studio.cli.model_digest import model_digest

    return model_digest(reference, world, cache, read_environment(folder=world.folder).models)


def references_of(film: Film) -> tuple[str, ...]:
    """Everything that a film is drawn with, by reference."""
    plain = film.model is None and film.vae is None and not film.embeddings
    if plain and not any(shot.loras or shot.controls for shot in film.shots):
        return ()
    from anim_compiler.models.used import used

    return tuple(use.reference for use in used(film))
