"""A camera block as channels under Deforum's names and signs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from anim_compiler import pictures, references, setting
from anim_compiler.constants import constant
from anim_compiler.crossing import crossed
from anim_compiler.expressions import Expressions
from anim_compiler.film import DEPTH_MODEL, Camera, Curve
from anim_compiler.setting import Entry
from anim_compiler.typed import Apply, KeyCurve
from anim_compiler.values import NumberValue, times
from anim_compiler.world import World
from anim_dsl.diagnostic import Label
from anim_dsl.settings import SETTINGS, SettingSpec
from anim_dsl.syntax import ListExpr, Name, Text

#: film terms: (axes, name) -> Deforum's name and the factor to its sign
TERMS: Mapping[tuple[int, str], tuple[str, float]] = MappingProxyType(
    {
        (2, "truck"): ("translation_x", -1.0),
        (2, "pedestal"): ("translation_y", 1.0),
        (2, "roll"): ("angle", 1.0),
        (3, "truck"): ("translation_x", 1.0),
        (3, "pedestal"): ("translation_y", 1.0),
        (3, "dolly"): ("translation_z", 1.0),
        (3, "pan"): ("rotation_3d_y", 1.0),
        (3, "tilt"): ("rotation_3d_x", 1.0),
        (3, "roll"): ("rotation_3d_z", 1.0),
    }
)

TRANSLATIONS = ("translation_x", "translation_y", "translation_z")

IDLE = frozenset({"near_schedule", "far_schedule"})
"""Deforum's names that never had an effect on the picture, as measured there."""

RANGE = frozenset({"near", "far", "depth_smooth"})
"""Settings of depth that say nothing where everything is equally far."""

_WORDS = frozenset({"border", "motion", "depth", "depth_warp"})


def camera(
    check: Expressions,
    world: World,
    name: str,
    axes: int,
    entries: Sequence[Entry],
    numbers: dict[str, Curve],
) -> Camera:
    """A camera; every channel is also put into `numbers` as it is written."""
    rig = _Rig(check, world, axes, entries, numbers)
    return rig.camera(name)


class _Rig:
    """One camera while it is put together."""

    def __init__(
        self,
        check: Expressions,
        world: World,
        axes: int,
        entries: Sequence[Entry],
        numbers: dict[str, Curve],
    ) -> None:
        self._check = check
        self._world = world
        self._axes = axes
        self._block = f"camera {axes}d"
        self._entries = entries
        self._numbers = numbers
        self._words = {entry.name: entry for entry in entries if entry.name in _WORDS}
        self._channels: dict[str, Curve] = {}
        self._speeds: set[str] = set()
        self._written: dict[str, Entry] = {}
        self._per_frame = self._word("motion", "pose") == "per_frame"

    def camera(self, name: str) -> Camera:
        """The camera of the entries."""
        # two names of one axis are one channel: what is added to it comes behind its `=`
        for entry in sorted(self._entries, key=lambda entry: entry.op != "="):
            if entry.name not in _WORDS and not self._idle(entry):
                self._channel(entry)
        self._one_kind()
        self._lens()
        self._ends()
        return Camera(
            3 if self._axes == 3 else 2,
            MappingProxyType(self._channels),
            frozenset(self._speeds),
            self._per_frame,
            self._word("border", "reflect"),
            self._depth(self._words.get("depth")),
            self._word("depth_warp", self._usual_warp()),
            name,
            self._target(),
        )

    def _idle(self, entry: Entry) -> bool:
        if entry.name == "target":
            return True
        if entry.written in IDLE or (entry.name in RANGE and self._is_flat):
            message = f"`{entry.written}` changes nothing: the picture does not depend on it"
            hint = "take it away" if entry.written in IDLE else "take it away, or write `depth = estimated`"
            self._check.findings.warning("W6005", entry.at, message, hint=hint)
            return True
        if entry.rule == "increment" and not self._per_frame:
            hint = "write `motion = per_frame` in the camera"
            message = f"`{entry.written}` counts per frame here"
            self._check.findings.error("E2022", entry.at, message, hint=hint)
            return True
        return False

    def _usual_warp(self) -> str:
        """How pixels move where nothing is said: a film of moves per frame is warped as Deforum warps it."""
        return "backward" if self._per_frame or self._axes == 2 else self._spec("depth_warp").default

    def _spec(self, name: str) -> SettingSpec:
        """A setting of this camera; under `motion = per_frame` the lens may be turned round, as Deforum's."""
        spec = SETTINGS[self._block, name]
        if name == "fov" and self._per_frame:
            return replace(spec, minimum=None if spec.maximum is None else -spec.maximum)
        return spec

    @property
    def _is_flat(self) -> bool:
        """Whether everything is equally far away."""
        entry = self._words.get("depth")
        return entry is None or (isinstance(entry.value, Name) and entry.value.text == "flat")

    def _word(self, name: str, default: str) -> str:
        entry = self._words.get(name)
        value = setting.word(self._check, SETTINGS[self._block, name], entry) if entry is not None else None
        return value if isinstance(value, str) else default

    # --- channels ---

    def _channel(self, entry: Entry) -> None:
        check = self._check
        spec = self._spec(entry.name)
        name, sign = TERMS.get((self._axes, entry.name), (entry.name, 1.0))
        if entry.op == "=" and name in self._written:
            self._same_axis(entry, self._written[name])
            return
        with check.inside(entry.env):
            value = check.value(entry.value) if name in TRANSLATIONS or self._per_frame else None
        speed = isinstance(value, NumberValue) and value.speed
        if self._per_frame and speed:
            message = "under `motion = per_frame` every value is a move per frame already"
            hint = "take the `per` away"
            check.findings.error("E3009", entry.value.span, message, hint=hint)
            return
        curve = setting.curve(check, spec, entry)
        if curve is None:
            return
        own = curve
        if speed and name in TRANSLATIONS and isinstance(value, NumberValue):
            same = entry.env.clock is check.env.clock
            own = replace(curve, expr=value.expr if same else crossed(value.expr, entry.value.span))
        if entry.op == "=":
            self._written[name] = entry
            if speed and name in TRANSLATIONS:
                self._speeds.add(name)
        elif not self._added_to(entry, name, speed):
            return
        span = entry.value.span
        signed = replace(own, expr=times(own.expr, sign if entry.op != "*=" else 1.0, span))
        if entry.op == "=":
            self._channels[name] = signed
            self._numbers[f"camera.{entry.name}"] = curve
            return
        base = self._channels.get(name) or setting.default(SETTINGS[self._block, name])
        joined = setting.joined(check, SETTINGS[self._block, name], entry, base, signed)
        if joined is not None:
            self._channels[name] = joined
            shown = f"camera.{self._written[name].name if name in self._written else entry.name}"
            way = times(joined.expr, self._sign(name, entry), span)
            if name in self._speeds:
                self._numbers[shown] = replace(joined, expr=Apply("integrate", (way,), span), live=True)
            else:
                self._numbers[shown] = replace(joined, expr=way)
            self._written.setdefault(name, entry)

    def _sign(self, name: str, entry: Entry) -> float:
        """The sign of the name that a channel was first written under."""
        first = self._written.get(name, entry)
        return TERMS.get((self._axes, first.name), (name, 1.0))[1]

    def _added_to(self, entry: Entry, name: str, speed: bool) -> bool:
        """Whether a value of this kind may be added to the channel."""
        if name not in TRANSLATIONS or entry.op == "*=" or speed == (name in self._speeds):
            return True
        if speed and name not in self._channels:
            self._speeds.add(name)
            return True
        self._check.findings.error(
            "E3009",
            entry.value.span,
            "this adds a speed and a position",
            hint="write `per` on both, or on neither",
        )
        return False

    def _same_axis(self, entry: Entry, first: Entry) -> None:
        label = Label(first.at, "this moves the same axis")
        message = f"`{first.name}` and `{entry.name}` move the same axis"
        hint = f"keep one, or write `{entry.name} += …`"
        self._check.findings.error("E2015", entry.at, message, labels=(label,), hint=hint)

    def _one_kind(self) -> None:
        """One camera's translations are all poses or all speeds."""
        poses = [n for n in TRANSLATIONS if n in self._channels and n not in self._speeds]
        if not self._speeds or not poses:
            return
        self._check.findings.error(
            "E3009",
            self._written[poses[0]].at,
            "one camera's translations are all poses or all speeds",
            labels=(Label(self._written[sorted(self._speeds)[0]].at, "this is a speed"),),
            hint="write `per` on every translation, or on none",
        )

    def _lens(self) -> None:
        """A lens that is turned round turns moves round only where they are made as Deforum makes them."""
        fov = self._channels.get("fov")
        if fov is None or self._word("depth_warp", self._usual_warp()) == "backward":
            return
        parts = [key.value for key in fov.expr.keys] if isinstance(fov.expr, KeyCurve) else [fov.expr]
        known = [(constant(part), part.span) for part in parts]
        below = next((span for value, span in known if value is not None and value < 0.0), None)
        if below is not None:
            message = "a `fov` below 0 turns moves round only as Deforum makes them"
            hint = "write `depth_warp = backward`, or a `fov` above 0 and moves the other way"
            self._check.findings.error("E5030", below, message, hint=hint)

    # --- depth and target ---

    def _ends(self) -> None:
        """What is nearest is nearer than what is farthest, as far as the numbers tell without a curve."""
        entry = self._written.get("near") or self._written.get("far")
        if entry is None:
            return
        near, far = (self._end(name) for name in ("near", "far"))
        if near is None or far is None or near < far:
            return
        message = f"`near` is {near:g} and `far` is {far:g}: what is near is not nearer than what is far"
        hint = "give `far` the larger number; 200 and 400 are usual"
        self._check.findings.warning("W6105", entry.at, message, hint=hint)

    def _end(self, name: str) -> float | None:
        """Where an end of the depth always is, in scene units; None if it moves."""
        curve = self._channels.get(name)
        if curve is None:
            return float(self._spec(name).default)
        return None if curve.live else constant(curve.expr)

    def _depth(self, entry: Entry | None) -> str:
        """`flat`, `estimated` by the built-in estimator, `model:` and a reference, or a picture's name."""
        if entry is None:
            return "flat"
        value = entry.value
        if isinstance(value, Name) and value.text not in ("flat", "estimated"):
            with self._check.inside(entry.env):
                return pictures.named(self._check, value, "`depth`") or "flat"
        text = value.plain if isinstance(value, Text) else value.text if isinstance(value, Name) else None
        if text in ("flat", "estimated"):
            return text
        if text:
            with self._check.inside(entry.env):
                found = references.reference(self._check, value, "`depth`", self._world, "model")
            return "flat" if found is None else f"{DEPTH_MODEL}{found}"
        self._check.findings.error(
            "E3005",
            value.span,
            "`depth` is `flat`, `estimated`, a picture or a depth model",
            hint="write `depth = estimated`, a picture's name, or a model's folder in quotes",
        )
        return "flat"

    def _target(self) -> tuple[Curve, Curve, Curve] | None:
        entry = next((e for e in reversed(self._entries) if e.name == "target" and e.op == "="), None)
        if entry is None:
            return None
        items = entry.value.items if isinstance(entry.value, ListExpr) else ()
        if len(items) != 3:
            self._check.findings.error(
                "E3002",
                entry.value.span,
                "`target` is a point: three numbers in scene units",
                hint="write `target = [0, 0, 200]`",
            )
            return None
        spec = SETTINGS["camera 3d", "translation_x"]
        found = [setting.curve(self._check, spec, replace(entry, value=item)) for item in items]
        x, y, z = found
        return (x, y, z) if x is not None and y is not None and z is not None else None
