"""A camera block as channels under Deforum's names and signs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from anim_compiler import setting
from anim_compiler.collect import Collected
from anim_compiler.expressions import Expressions
from anim_compiler.film import Camera, Curve
from anim_compiler.setting import Entry
from anim_compiler.typed import Apply
from anim_compiler.values import NumberValue, times
from anim_dsl.diagnostic import Label
from anim_dsl.settings import SETTINGS

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

#: settings that are read but move nothing in this version
_LATER = frozenset({"orbit", "orbit_tilt", "orbit_distance", "target", "depth_warp"})

#: settings that never had an effect on the picture, as measured in Deforum
_IDLE = frozenset({"near", "far"})

_WORDS = frozenset({"border", "motion", "depth", "depth_warp"})


def camera(check: Expressions, found: Collected, numbers: dict[str, Curve]) -> Camera | None:
    """The film's camera; every channel is also put into `numbers` as it is written."""
    axes = found.axes
    if axes not in (2, 3):
        return None
    block = f"camera {axes}d"
    entries = found.entries.get(block, [])
    words = {entry.name: entry for entry in entries if entry.name in _WORDS}
    per_frame = _word(check, block, words, "motion", "pose") == "per_frame"
    channels: dict[str, Curve] = {}
    speeds: set[str] = set()
    written: dict[str, Entry] = {}
    for entry in entries:
        if entry.name in _WORDS or _idle(check, entry):
            continue
        if entry.rule == "increment" and not per_frame:
            hint = "write `motion = per_frame` in the camera"
            check.findings.error("E2022", entry.at, f"`{entry.name}` counts per frame here", hint=hint)
            continue
        _channel(check, axes, entry, per_frame, channels, speeds, written, numbers)
    _one_kind(check, channels, speeds, written)
    if "depth_warp" in words:
        _unavailable(check, words["depth_warp"])
    return Camera(
        3 if axes == 3 else 2,
        MappingProxyType(channels),
        frozenset(speeds),
        per_frame,
        _word(check, block, words, "border", "reflect"),
        _depth(check, words.get("depth")),
    )


def _idle(check: Expressions, entry: Entry) -> bool:
    if entry.name in _IDLE:
        check.findings.warning(
            "W6005", entry.at, f"`{entry.name}` changes nothing: the picture does not depend on it"
        )
        return True
    if entry.name in _LATER:
        _unavailable(check, entry)
        return True
    return False


def _unavailable(check: Expressions, entry: Entry) -> None:
    check.findings.warning("W6008", entry.at, f"`{entry.name}` has no effect in this version yet")


def _word(check: Expressions, block: str, words: dict[str, Entry], name: str, default: str) -> str:
    entry = words.get(name)
    value = setting.word(check, SETTINGS[block, name], entry) if entry is not None else None
    return value if isinstance(value, str) else default


def _depth(check: Expressions, entry: Entry | None) -> str:
    """`flat`, or `estimated` by the weight-free estimator."""
    if entry is None:
        return "flat"
    text = getattr(entry.value, "text", None) or getattr(entry.value, "plain", None)
    if text in ("flat", "estimated"):
        return str(text)
    check.findings.error("E3005", entry.value.span, "`depth` is `flat` or `estimated` in this version")
    return "flat"


def _channel(
    check: Expressions,
    axes: int,
    entry: Entry,
    per_frame: bool,
    channels: dict[str, Curve],
    speeds: set[str],
    written: dict[str, Entry],
    numbers: dict[str, Curve],
) -> None:
    spec = SETTINGS[f"camera {axes}d", entry.name]
    name, sign = TERMS.get((axes, entry.name), (entry.name, 1.0))
    if entry.op == "=" and name in written:
        label = Label(written[name].at, "this moves the same axis")
        check.findings.error(
            "E2015",
            entry.at,
            f"`{written[name].name}` and `{entry.name}` move the same axis",
            labels=(label,),
        )
        return
    value = check.value(entry.value) if entry.op == "=" else None
    if per_frame and isinstance(value, NumberValue) and value.speed:
        check.findings.error(
            "E3009", entry.value.span, "under `motion = per_frame` every value is a move per frame already"
        )
        return
    own_axes = isinstance(value, NumberValue) and value.speed and name in TRANSLATIONS
    curve = setting.curve(check, spec, entry)
    if curve is None:
        return
    if entry.op != "=":
        curve = _joined(entry, curve, numbers.get(f"camera.{entry.name}"))
    written.setdefault(name, entry)
    numbers[f"camera.{entry.name}"] = curve
    if own_axes and isinstance(value, NumberValue):
        speeds.add(name)
        curve = replace(curve, expr=value.expr)
    channels[name] = replace(curve, expr=times(curve.expr, sign, entry.value.span))


def _joined(entry: Entry, curve: Curve, base: Curve | None) -> Curve:
    """`+=` and `*=` onto what was set before; onto nothing they stand alone."""
    if base is None:
        return curve
    function = "add" if entry.op == "+=" else "mul"
    expr = Apply(function, (base.expr, curve.expr), entry.span)
    return replace(curve, expr=expr, live=base.live or curve.live)


def _one_kind(
    check: Expressions, channels: dict[str, Curve], speeds: set[str], written: dict[str, Entry]
) -> None:
    """One camera's translations are all poses or all speeds."""
    poses = [name for name in TRANSLATIONS if name in channels and name not in speeds]
    if not speeds or not poses:
        return
    check.findings.error(
        "E3009",
        written[poses[0]].at,
        "one camera's translations are all poses or all speeds",
        labels=(Label(written[sorted(speeds)[0]].at, "this is a speed"),),
        hint="write `per` on every translation, or on none",
    )
