"""Checking: a document becomes a film, or diagnostics that say what to write instead."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from types import MappingProxyType

from anim_compiler import follow, given, idle, looping
from anim_compiler.advice.advise import advise
from anim_compiler.advice.long_prompt import long_prompt
from anim_compiler.basics import Basics, BasicsChecker
from anim_compiler.collect import Collector
from anim_compiler.env import LetBinding, Timebase
from anim_compiler.expressions import Expressions, TooLarge
from anim_compiler.film import Curve, Embedding, Film, Output, Shot, Tempo, Variant
from anim_compiler.findings import Findings
from anim_compiler.imports import Importer
from anim_compiler.levels import Collected
from anim_compiler.named import NamedThings
from anim_compiler.outputs import Outputs
from anim_compiler.scope import GUESSED, Scope
from anim_compiler.shots import Shots, with_lets
from anim_compiler.tempo import TempoMap
from anim_compiler.unheard import at_any_tempo, is_unheard
from anim_compiler.values import NumberValue
from anim_compiler.variants import Variants
from anim_compiler.world import World
from anim_dsl.diagnostic import Diagnostic, has_errors
from anim_dsl.source import Span
from anim_dsl.sources import Sources
from anim_dsl.syntax import Document


def check(
    document: Document, world: World, variant: int | None = None, heard: TempoMap | None = None
) -> tuple[Film | None, tuple[Diagnostic, ...]]:
    """The film that a document describes; None if it has errors. Decodes no sound, loads no model.

    `variant` is one of those that the film describes, counted from 0 (IndexError for another); without it
    the film is as it is written. `heard` is the grid of the song that beats count by, where it was heard;
    without it and without a cache the lengths that it tells are provisional (`film.tempo.awaits`), and only
    what is so at any tempo is said.
    """

    def guessing(bpm: int) -> tuple[Film | None, tuple[Diagnostic, ...]]:
        return _checked(document, world, variant, heard, bpm)

    first = guessing(GUESSED)
    return at_any_tempo(first, guessing) if is_unheard(first[1]) else first


def _checked(
    document: Document, world: World, variant: int | None, heard: TempoMap | None, guess: int
) -> tuple[Film | None, tuple[Diagnostic, ...]]:
    """One check; a song that was not heard is reckoned at `guess` bpm."""
    findings = Findings(Sources.of(document.source))
    if all(line.strip()[:1] in ("", "#") for line in document.source.text.splitlines()):
        findings.error(
            "E2012", Span(0, 0), "the film is empty", hint="`anim new` writes a first one to begin with"
        )
        return None, findings.all()
    scope = Scope(findings, guess=guess)
    checker = _Checker(document, Expressions(scope), world, variant, heard)
    try:
        film = checker.film()
    except TooLarge:
        findings.error(
            "E2017",
            Span(0, 0),
            "the film's expressions expand beyond 100,000 values",
            hint="let fewer `def`s call each other",
        )
        film = None
    if film is not None and not findings.has_errors:
        advise(film, findings)
        long_prompt(film, world.models, findings)
        _of_models(film, world, findings)
    diagnostics = findings.all()
    return (None if has_errors(diagnostics) else film), diagnostics


@dataclass(frozen=True, slots=True)
class _Parts:
    """What a film is put together from, beside its basics; `lets` are those of the film's own clock."""

    shots: tuple[Shot, ...]
    lets: dict[str, Curve]
    outputs: tuple[Output, ...]
    embeddings: tuple[Embedding, ...]
    variants: tuple[Variant, ...]


def _of_models(film: Film, world: World, findings: Findings) -> None:
    """What the models of a film, which are not opened, say against it."""
    plain = film.model is None and film.vae is None and not film.embeddings
    if plain and not any(shot.loras or shot.controls for shot in film.shots):
        return
    from anim_compiler.drawing.fitting import fitting
    from anim_compiler.drawing.sensible import sensible

    fitting(film, world.models, findings)
    if not findings.has_errors:
        sensible(film, world.models, findings)


class _Checker:
    """One check of one document."""

    def __init__(
        self,
        document: Document,
        expressions: Expressions,
        world: World,
        variant: int | None,
        heard: TempoMap | None,
    ) -> None:
        self._heard = heard
        self._document = document
        self._check = expressions
        self._scope = expressions.scope
        self._findings = expressions.findings
        self._source = document.source
        self._world = world
        self._variant = variant
        self._importer = Importer(self._scope, world, document.source.name)

    def film(self) -> Film | None:
        collector = Collector(self._check, self._importer)
        found = collector.document(self._document)
        variants = Variants(self._check, found)
        if self._variant is not None:
            variants.apply(self._variant)
        if self._document.given is not None:
            given.apply(self._document.given, self._check, found)
        basics = BasicsChecker(self._check, found, self._world, self._heard).settle()
        if self._scope.ramps:
            from anim_compiler.clips import ramped

            ramped(self._check)
        if self._scope.drawn:
            from anim_compiler.shapes import drawn

            drawn(self._check)
        # a film without a size or length is checked on the default ones, for what else is wrong
        settled = basics or Basics(512, 512, 0, False, None, "", "")
        variants.check_values()
        shots = Shots(self._check, found, settled, self._world)
        made = shots.all()
        follow.check(self._check, made, found.scenes)
        loop_time = looping.loop_time(
            self._check, found.film.last("film", "loop_time"), made, loops=settled.loop
        )
        varied = [".".join(part.path) for part in found.variants]
        size = (settled.width, settled.height)
        outputs = Outputs(self._check, self._world, varied, size).all(found.outputs)
        lets = self._lets(found)
        if found.scenes:
            rows = zip(made, found.scenes, strict=True)
            made = tuple(with_lets(shot, lets.get(scene.clock, {})) for shot, scene in rows)
        embeddings = NamedThings(self._check, found, self._world).embeddings()
        if not self._document.broken and not collector.templates.lost:
            idle.unused(self._scope, found, shots.cameras, self._importer.plain)
        if basics is None:
            return None
        parts = _Parts(made, lets.get(self._scope.film, {}), outputs, embeddings, variants.all())
        return replace(self._assembled(basics, parts), loop_time=loop_time)

    def _assembled(self, basics: Basics, parts: _Parts) -> Film:
        """The film of what was checked."""
        # the same film in a checkout with other line ends
        text = self._source.text.replace("\r\n", "\n")
        return Film(
            name=PurePosixPath(self._source.name).stem,
            source=self._source,
            sources=self._findings.sources,
            sha256=hashlib.sha256(text.encode()).hexdigest(),
            width=basics.width,
            height=basics.height,
            fps=self._scope.fps,
            length=self._scope.length,
            seed=basics.seed,
            loop=basics.loop,
            model=basics.model,
            model_span=basics.model_span,
            vae=basics.vae,
            vae_span=basics.vae_span,
            title=basics.title,
            author=basics.author,
            tempo=self._tempo(),
            tracks=tuple(self._scope.tracks.values()),
            stills=tuple(self._scope.stills.values()),
            clips=tuple(self._scope.clips.values()),
            masks=tuple(self._scope.masks.values()),
            embeddings=parts.embeddings,
            shots=parts.shots,
            lets=MappingProxyType(parts.lets),
            outputs=parts.outputs or (self._default_output(),),
            variants=parts.variants,
            variant=parts.variants[self._variant] if self._variant is not None else None,
            uses=tuple(self._findings.uses),
            lyrics=tuple(self._scope.lyrics.values()),
            markers=tuple(self._scope.markers.values()),
            scores=tuple(found.score for found in self._scope.scores.values()),
            series=tuple(found.series for found in self._scope.series.values()),
            luts=MappingProxyType(self._scope.luts),
            given=self._document.given,
        )

    def _tempo(self) -> Tempo:
        scope, track = self._scope, self._scope.track
        # what was heard is heard again by whoever asks, so that it is never older than the file
        given = None if scope.given_by_sound else scope.given
        name = track.name if track else None
        return Tempo(scope.bpm, scope.beats_per_bar, name, given, scope.asks, scope.awaits)

    def _default_output(self) -> Output:
        """The film's own name as a video, with the only track."""
        track = self._scope.track
        return Output(f"{PurePosixPath(self._source.name).stem}.mp4", audio=track.name if track else None)

    def _lets(self, found: Collected) -> dict[Timebase, dict[str, Curve]]:
        """Every `let` that is a number, by its clock; each is checked whether it is used or not."""
        curves: dict[Timebase, dict[str, Curve]] = {}
        for env in found.scopes:
            for name, binding in env.names.items():
                if not isinstance(binding, LetBinding) or binding.env is not env:
                    continue
                value = self._check.own_value(binding)
                if isinstance(value, NumberValue):
                    span = binding.statement.value.span
                    made = Curve(value.expr, value.live, value.dim, span=span)
                    curves.setdefault(env.clock, {}).setdefault(name, made)
        return curves
