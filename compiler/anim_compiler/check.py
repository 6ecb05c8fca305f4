"""Checking: a document becomes a film, or diagnostics that say what to write instead."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePosixPath
from types import MappingProxyType

from anim_compiler import prompts, rig, setting
from anim_compiler.basics import BasicsChecker
from anim_compiler.collect import Collected, Collector
from anim_compiler.constants import constant
from anim_compiler.expressions import Expressions, TooLarge
from anim_compiler.film import Curve, Film, Output, Tempo, Word
from anim_compiler.findings import Findings
from anim_compiler.outputs import Outputs
from anim_compiler.scope import Scope
from anim_compiler.setting import Entry
from anim_compiler.typed import Apply, Clock, Const
from anim_compiler.values import NumberValue
from anim_compiler.world import World
from anim_dsl.diagnostic import Diagnostic, Edit, has_errors
from anim_dsl.settings import SETTINGS
from anim_dsl.source import Source, Span
from anim_dsl.syntax import Document, Expr, Keys, Name

#: settings that a film may hold though this version does nothing with them
_WITHOUT_EFFECT = frozenset(
    {
        ("film", "vae"),
        ("diffuse", "clip_skip"),
        ("diffuse", "eta"),
        ("diffuse", "noise_multiplier"),
        ("diffuse", "batch"),
        ("diffuse", "precision"),
        ("diffuse", "tiling"),
        ("coherence", "color_method"),
        ("coherence", "flow"),
        ("coherence", "flow_factor"),
        ("coherence", "tween"),
        ("coherence", "noise_type"),
        ("coherence", "noise_mask"),
        ("coherence", "sharpen"),
        ("coherence", "sharpen_radius"),
        ("coherence", "sharpen_threshold"),
        ("coherence", "contrast"),
        ("coherence", "fill"),
        ("output", "size"),
        ("output", "interpolate"),
        ("output", "upscale"),
        ("output", "metadata"),
        ("output", "loop"),
    }
)

_NUMBERS = {
    "diffuse": ("steps", "cfg_scale", "strength", "seed"),
    "coherence": ("blend", "cadence", "noise"),
}
_WORDS = {"diffuse": ("sampler", "seed_mode"), "coherence": ("color",)}


def check(document: Document, world: World) -> tuple[Film | None, tuple[Diagnostic, ...]]:
    """The film that a document describes; None if it has errors. Decodes no sound, loads no model."""
    findings = Findings(document.source)
    found = Collector(findings).document(document)
    scope = Scope(findings, lets=found.lets, defs=found.defs, missing=set(found.lost))
    checker = _Checker(Expressions(scope), found, world, document.source)
    try:
        film = checker.film()
    except TooLarge:
        findings.error("E2017", Span(0, 0), "the film's expressions expand beyond 100,000 values")
        film = None
    diagnostics = findings.all()
    return (None if has_errors(diagnostics) else film), diagnostics


class _Checker:
    """One check of one document."""

    def __init__(self, expressions: Expressions, found: Collected, world: World, source: Source) -> None:
        self._check = expressions
        self._scope = expressions.scope
        self._findings = expressions.findings
        self._found = found
        self._source = source
        self._world = world
        self._basics = BasicsChecker(expressions, found, world)

    def film(self) -> Film | None:
        self._without_effect()
        basics = self._basics.settle()
        numbers: dict[str, Curve] = {}
        words: dict[str, Word] = {}
        lets = self._lets()
        prompting = prompts.prompting(self._check, self._found)
        camera = rig.camera(self._check, self._found, numbers)
        for block in ("diffuse", "coherence"):
            self._block(block, numbers, words)
        outputs = Outputs(self._check, self._basics, self._world).all(self._found.outputs)
        self._unused()
        if basics is None:
            return None
        self._seed(numbers, words)
        self._little_strength(numbers)
        scope = self._scope
        track = scope.track
        return Film(
            name=PurePosixPath(self._source.name).stem,
            source=self._source,
            sha256=hashlib.sha256(self._source.text.encode()).hexdigest(),
            width=basics.width,
            height=basics.height,
            fps=scope.fps,
            length=scope.length,
            seed=basics.seed,
            loop=basics.loop,
            model=basics.model,
            title=basics.title,
            author=basics.author,
            tempo=Tempo(scope.bpm, scope.beats_per_bar, track.name if track else None),
            tracks=tuple(scope.tracks.values()),
            stills=tuple(scope.stills.values()),
            init=basics.init,
            prompts=prompting,
            camera=camera,
            numbers=MappingProxyType(numbers),
            words=MappingProxyType(words),
            lets=MappingProxyType(lets),
            outputs=outputs
            or (Output(f"{PurePosixPath(self._source.name).stem}.mp4", audio=track.name if track else None),),
        )

    def _default_output(self) -> Output:
        """The film's own name as a video, with the only track."""
        track = self._scope.track
        return Output(f"{PurePosixPath(self._source.name).stem}.mp4", audio=track.name if track else None)

    # --- lets ---

    def _lets(self) -> dict[str, Curve]:
        """Every `let` that is a number, checked whether it is used or not."""
        used = set(self._scope.used)
        for name, statement in self._found.lets.items():
            self._check.let(name, statement.name.span)
        self._scope.used = used | {n for n in self._scope.used if n not in self._found.lets}
        self._mark_inner()
        return {
            name: Curve(value.expr, value.live, value.dim, span=self._found.lets[name].value.span)
            for name, value in self._scope.values.items()
            if isinstance(value, NumberValue)
        }

    def _mark_inner(self) -> None:
        """A let that another let reads is used."""
        for statement in self._found.lets.values():
            self._scope.used |= _names(statement.value) & set(self._found.lets)

    def _unused(self) -> None:
        for name, span in self._found.names.items():
            if name in self._scope.used or name in self._scope.missing:
                continue
            if name in self._scope.tracks and len(self._scope.tracks) == 1:
                continue
            self._findings.warning("W6001", span, f"`{name}` is not used")

    # --- blocks ---

    def _block(self, block: str, numbers: dict[str, Curve], words: dict[str, Word]) -> None:
        entries = self._found.entries.get(block, [])
        for name in _WORDS[block]:
            entry = next((e for e in entries if e.name == name), None)
            spec = SETTINGS[block, name]
            words[f"{block}.{name}"] = (
                setting.word(self._check, spec, entry) if entry is not None else spec.default.strip('"')
            )
        for name in _NUMBERS[block]:
            curve = self._number(block, name, [e for e in entries if e.name == name])
            if curve is not None:
                numbers[f"{block}.{name}"] = curve

    def _number(self, block: str, name: str, entries: list[Entry]) -> Curve | None:
        spec = SETTINGS[block, name]
        self._check.seeding = name == "seed"
        result = None if not spec.default else self._default(block, name)
        for entry in entries:
            if name == "strength" and not entry.rule:
                self._pasted_strength(entry)
            curve = setting.curve(self._check, spec, entry)
            if curve is None:
                continue
            if entry.op != "=" and result is not None:
                function = "add" if entry.op == "+=" else "mul"
                expr = Apply(function, (result.expr, curve.expr), entry.span)
                curve = replace(curve, expr=expr, live=result.live or curve.live)
            result = curve
        self._check.seeding = False
        return result

    def _default(self, block: str, name: str) -> Curve:
        spec = SETTINGS[block, name]
        text = spec.default.removesuffix("%")
        value = float(text) / (100.0 if spec.default.endswith("%") else 1.0)
        expr = Const(value, Span(0, 0))
        return Curve(expr, False, spec.type, spec.minimum, spec.maximum, spec.type == "int")

    def _pasted_strength(self, entry: Entry) -> None:
        """Deforum's strength keeps what ours changes: a pasted list means the opposite."""
        if not isinstance(entry.value, Keys) or not entry.value.keys:
            return
        source = self._source
        rows = entry.value.keys
        frames = all(self._check.moments.is_frames(key.at) for key in rows)
        parenthesised = all(source.slice(key.span).rstrip().endswith(")") for key in rows)
        if frames and parenthesised:
            self._findings.warning(
                "W6007",
                entry.at,
                "this looks like Deforum's `strength_schedule`, which means the opposite here",
                hint="write `strength_schedule` to keep Deforum's meaning",
                edit=Edit(entry.at, "strength_schedule") if source.slice(entry.at) == "strength" else None,
            )

    def _without_effect(self) -> None:
        named = [("output", e) for o in self._found.outputs for e in o.entries]
        rows = [(block, e) for block, entries in self._found.entries.items() for e in entries]
        for block, entry in (*rows, *named):
            if (block, entry.name) in _WITHOUT_EFFECT:
                message = f"`{entry.name}` has no effect in this version yet"
                self._findings.warning("W6008", entry.at, message)
            elif block == "film" and entry.name in ("source", "camera"):
                self._findings.error("E2009", entry.at, f"`{entry.name}` is not in this version yet")

    def _seed(self, numbers: dict[str, Curve], words: dict[str, Word]) -> None:
        """A film that says nothing about its frames' seeds takes its own; a schedule of seeds stands
        as it is unless a mode is written.
        """
        seed = numbers.setdefault("diffuse.seed", Curve(Clock("s", Span(0, 0)), False, "number"))
        written = {entry.name for entry in self._found.entries.get("diffuse", ())}
        if seed.live and "seed_mode" not in written:
            words["diffuse.seed_mode"] = "fixed"

    def _little_strength(self, numbers: Mapping[str, Curve]) -> None:
        strength, steps = numbers.get("diffuse.strength"), numbers.get("diffuse.steps")
        if strength is None or steps is None:
            return
        a, b = constant(strength.expr), constant(steps.expr)
        if a is None or b is None or a == 0 or b == 0 or a * b >= 1:
            return
        self._findings.warning(
            "W6011",
            strength.span or steps.span or Span(0, 0),
            f"`strength` times `steps` is {a * b:g}, less than one step: frames are not changed",
            hint=f"write `steps = {-(-1 // a):g}` or more",
        )


def _names(expr: Expr) -> set[str]:
    """Every name in an expression, by a walk over the syntax tree's own fields."""
    found: set[str] = set()
    stack: list[object] = [expr]
    while stack:
        node = stack.pop()
        if isinstance(node, Name):
            found.add(node.path[0])
        if isinstance(node, tuple):
            stack.extend(node)
        elif hasattr(node, "__slots__") and not isinstance(node, str | Span):
            stack.extend(getattr(node, slot) for slot in type(node).__slots__)  # pyright: ignore[reportAttributeAccessIssue]
    return found
