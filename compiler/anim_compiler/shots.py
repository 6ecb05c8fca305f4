"""A shot: what the film says and what one scene says over it, checked by the scene's clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from types import MappingProxyType

from anim_compiler import prompts, reads, rig, setting, stills
from anim_compiler.advice.idle_words import idle_words
from anim_compiler.basics import Basics
from anim_compiler.cameras import Cameras, Chosen
from anim_compiler.constants import constant
from anim_compiler.entries import merged, without_none
from anim_compiler.expressions import Expressions
from anim_compiler.film import (
    Camera,
    Curve,
    Expectation,
    Guide,
    Pipeline,
    Shot,
    Transition,
    Word,
    WordSchedule,
)
from anim_compiler.levels import Collected, Level, Scene
from anim_compiler.named import NamedThings
from anim_compiler.setting import Entry
from anim_compiler.typed import Clock
from anim_compiler.world import World
from anim_dsl.diagnostic import Edit
from anim_dsl.settings import SETTINGS, SettingSpec
from anim_dsl.source import Span
from anim_dsl.syntax import Keys

BLOCKS = ("diffuse", "coherence", "grade")
"""Blocks whose settings are numbers and words of a shot."""

#: nobody who draws so weakly wants more steps than this
MANY_STEPS = 50

#: settings that every shot has, with the table's default where nothing is said
_ALWAYS = (
    "diffuse.sampler",
    "diffuse.steps",
    "diffuse.cfg_scale",
    "diffuse.strength",
    "diffuse.seed_mode",
    "coherence.color",
    "coherence.blend",
    "coherence.cadence",
    "coherence.noise",
)


class Shots:
    """The shots of one film."""

    def __init__(self, check: Expressions, found: Collected, film: Basics, world: World) -> None:
        self._check = check
        self._findings = check.findings
        self._found = found
        self._film = film
        self._world = world
        self._cameras = Cameras(check, found)
        self._base = self._cameras.of(found.film, None)
        self._named = NamedThings(check, found, world)
        self._lacking: list[Level] = []

    @property
    def cameras(self) -> Cameras:
        """The film's cameras."""
        return self._cameras

    def all(self) -> tuple[Shot, ...]:
        """Every shot in order; a film without scenes is one."""
        level = self._found.film
        if self._found.scenes:
            made = tuple(self._scene(scene) for scene in self._found.scenes)
            self._unread(level)
        else:
            for chosen in self._cameras.others():
                rig.camera(self._check, self._world, chosen.name, chosen.axes, chosen.entries, {})
            made = (self._shot("film", level, self._check.scope.film.length, Span(0, 0)),)
        prompts.without(self._check, level, self._lacking, len(made))
        self._unguided(made)
        levels = [scene.level for scene in self._found.scenes] or [level]
        idle_words(self._findings, list(zip(made, levels, strict=True)), level)
        return made

    def _unguided(self, shots: tuple[Shot, ...]) -> None:
        """Warns of a `guide_weight` in a film that nothing guides."""
        weights = (shot.numbers.get("coherence.guide_weight") for shot in shots)
        said = next((weight.span for weight in weights if weight is not None and weight.span), None)
        if said is not None and all(shot.guide is None for shot in shots) and not self._findings.has_errors:
            hint = "write `guide = photo` at the top, with the name of an `image`"
            message = "`guide_weight` changes nothing: the film has no `guide`"
            self._findings.warning("W6005", said, message, hint=hint)

    def _unread(self, film: Level) -> None:
        """Checks what the film says and every scene replaces."""
        for block in BLOCKS:
            numbers: dict[str, Curve] = {}
            self._block(block, without_none(film.entries.get(block, ())), numbers, {})
        for chosen in (self._base, *self._cameras.others()):
            if chosen is not None:
                rig.camera(self._check, self._world, chosen.name, chosen.axes, chosen.entries, {})
        prompts.checked(self._check, film)

    def _scene(self, scene: Scene) -> Shot:
        with self._check.inside(scene.level.env):
            return self._shot(scene.name, scene.level, scene.clock.length, scene.span)

    def _shot(self, name: str, own: Level, length: Fraction, span: Span) -> Shot:
        check, film = self._check, self._found.film
        numbers: dict[str, Curve] = {}
        words: dict[str, Word | WordSchedule] = {}
        prompting, has_prompt = prompts.prompting(check, film, own)
        camera = self._camera(own, numbers)
        for block in BLOCKS:
            rows = film.entries.get(block, [])
            if own is not film:
                rows = merged(rows, own.entries.get(block, ()))
            self._block(block, without_none(rows), numbers, words)
        self._seeds(own, numbers, words)
        self._little_strength(numbers)
        made = Shot(
            name,
            check.env.clock.start,
            length,
            self._own_seed(own),
            prompting,
            MappingProxyType(numbers),
            MappingProxyType(words),
            self._transition(own),
            self._init(own, "init" if own is film else f"{name}.init"),
            stills.source(self._check, self._over("source", own)),
            camera,
            self._named.pipeline(own, camera),
            self._named.controls(own),
            self._named.loras(own),
            self._named.layers(own),
            span=span,
        )
        made = replace(made, cameras=self._moving(made.pipeline), own_clips=self._clips(made, own))
        made = replace(made, guide=self._guide(own), expectations=self._expectations(own))
        if not has_prompt and prompts.needed(made):
            self._lacking.append(own)
        reference = own.last("coherence", "reference") or film.last("coherence", "reference")
        reads.check(check, made, None if reference is None else reference.value.span)
        return made

    def _clips(self, shot: Shot, own: Level) -> frozenset[str]:
        """The clips that run by the shot's own clock."""
        if not self._check.scope.clips or own is self._found.film:
            return frozenset()
        from anim_compiler.clip_clocks import own_clips

        return own_clips(shot, own, self._check.scope.masks)

    def _expectations(self, own: Level) -> tuple[Expectation, ...]:
        """What is expected of the shot's frames: by the film, and by the scene itself."""
        rows = self._found.film.expected + ([] if own is self._found.film else own.expected)
        if not rows:
            return ()
        from anim_compiler.expectations import checked

        return checked(self._check, rows)

    # --- settings of the level itself ---

    def _over(self, name: str, own: Level) -> Entry | None:
        """The scene's setting, or the film's."""
        return own.last(own.name, name) or self._found.film.last("film", name)

    def _init(self, own: Level, name: str) -> str | None:
        return stills.init(self._check, self._world, self._over("init", own), name)

    def _own_seed(self, own: Level) -> int:
        entry = own.last("scene", "seed")
        curve = None if entry is None else setting.curve(self._check, SETTINGS["scene", "seed"], entry)
        known = None if curve is None else constant(curve.expr)
        return self._film.seed if known is None else int(known)

    def _transition(self, own: Level) -> Transition:
        from anim_compiler.arrival import transition

        entry = own.last("scene", "transition")
        return Transition() if entry is None else transition(self._check, entry)

    def _camera(self, own: Level, numbers: dict[str, Curve]) -> Camera | None:
        chosen: Chosen | None = self._base
        if own is not self._found.film:
            chosen = self._cameras.of(own, self._base)
        if chosen is None:
            return None
        return rig.camera(self._check, self._world, chosen.name, chosen.axes, chosen.entries, numbers)

    def _guide(self, own: Level) -> Guide | None:
        entry = self._over("guide", own)
        if entry is None:
            return None
        from anim_compiler.guides import guide

        return guide(self._check, entry)

    def _moving(self, pipeline: Pipeline | None) -> Mapping[str, Camera]:
        """The cameras that a pipeline names."""
        if pipeline is None:
            return {}
        from anim_compiler.lowering.paths import cameras_of

        parts = [self._found.cameras[name] for name in cameras_of(pipeline)]
        return {
            part.name: rig.camera(
                self._check, self._world, part.name, part.axes, without_none(part.entries), {}
            )
            for part in parts
            if part.axes is not None
        }

    # --- blocks ---

    def _block(
        self,
        block: str,
        rows: list[Entry],
        numbers: dict[str, Curve],
        words: dict[str, Word | WordSchedule],
    ) -> None:
        written = dict.fromkeys(row.name for row in rows)
        always = [path.partition(".")[2] for path in _ALWAYS if path.startswith(f"{block}.")]
        for name in dict.fromkeys((*always, *written)):
            spec = SETTINGS[block, name]
            mine = [row for row in rows if row.name == name]
            if setting.numeric(spec):
                self._number(spec, mine, numbers)
            else:
                words[f"{block}.{name}"] = self._word(spec, mine)

    def _number(self, spec: SettingSpec, rows: list[Entry], numbers: dict[str, Curve]) -> None:
        if spec.name == "strength":
            for entry in rows:
                self._pasted_strength(entry)
        self._check.seeding = spec.name == "seed"
        curve = setting.number(self._check, spec.block, spec.name, rows)
        self._check.seeding = False
        if curve is not None:
            numbers[f"{spec.block}.{spec.name}"] = curve

    def _word(self, spec: SettingSpec, rows: list[Entry]) -> Word | WordSchedule:
        if not rows:
            return spec.default.strip('"')
        if spec.type == "path":
            from anim_compiler import files

            return files.of_setting(self._check, self._world, rows[-1], files.SUFFIXES[spec.name])
        return setting.schedule(self._check, spec, rows[-1])

    def _pasted_strength(self, entry: Entry) -> None:
        """Deforum's strength keeps what ours changes: a pasted list means the opposite."""
        if entry.rule or not isinstance(entry.value, Keys) or not entry.value.keys:
            return
        text = self._findings.sources.slice
        rows = entry.value.keys
        frames = all(self._check.moments.is_frames(key.at) for key in rows)
        parenthesised = all(text(key.span).rstrip().endswith(")") for key in rows)
        if frames and parenthesised:
            self._findings.warning(
                "W6007",
                entry.at,
                "this looks like Deforum's `strength_schedule`, which means the opposite here",
                hint="write `strength_schedule` to keep Deforum's meaning",
                edit=Edit(entry.at, "strength_schedule") if text(entry.at) == "strength" else None,
            )

    # --- what one setting says of another ---

    def _seeds(self, own: Level, numbers: dict[str, Curve], words: dict[str, Word | WordSchedule]) -> None:
        """A shot that says nothing about its frames' seeds takes its own; a schedule of seeds stands
        as it is unless a mode is written.
        """
        seed = numbers.setdefault("diffuse.seed", Curve(Clock("s", Span(0, 0)), False, "number"))
        modes = (self._found.film.last("diffuse", "seed_mode"), own.last("diffuse", "seed_mode"))
        if seed.live and modes == (None, None):
            words["diffuse.seed_mode"] = "fixed"

    def _little_strength(self, numbers: dict[str, Curve]) -> None:
        strength, steps = numbers.get("diffuse.strength"), numbers.get("diffuse.steps")
        if strength is None or steps is None:
            return
        a, b = constant(strength.expr), constant(steps.expr)
        if a is None or b is None or a == 0 or b == 0 or a * b >= 1:
            return
        wanted = -(-1 // a)
        written = f"steps = {wanted:g}" if wanted <= MANY_STEPS else f"strength = {-(-100 // b) / 100:g}"
        self._findings.warning(
            "W6011",
            strength.span or steps.span or Span(0, 0),
            f"`strength` times `steps` is {a * b:g}, less than one step: frames are not changed",
            hint=f"write `{written}` or more",
        )


def with_lets(shot: Shot, lets: dict[str, Curve]) -> Shot:
    """The shot with the curves that its scene names."""
    return replace(shot, lets=MappingProxyType(lets))
