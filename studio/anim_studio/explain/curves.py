"""Functions, features, easings and the other names that values are made of."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from anim_dsl.functions import EasingSpec, FeatureSpec, FunctionSpec, NameSpec, OperatorSpec, ParameterSpec
from anim_dsl.units import SPELLINGS, Unit
from anim_studio.explain.find import Switch
from anim_studio.explain.layout import Style, code, paragraph, rows, title
from anim_studio.explain.plots import easing_plot, plotted

TAKES: Mapping[str, str] = MappingProxyType(
    {
        "number": "a number",
        "same": "any value",
        "time": "a time",
        "frequency": "a frequency",
        "any": "any value",
        "list": "a list",
    }
)


def function_lines(style: Style, spec: FunctionSpec) -> list[str]:
    """A function: signature, parameters, examples and a plot."""
    lines = [title(style, spec.signature, "a function"), "", *paragraph(style, _sentence(spec.help)), ""]
    lines += rows(style, [*((p.name, parameter(p)) for p in spec.parameters), ("gives", gives(spec))])
    lines += ["", *_examples(style, spec.examples)]
    return [*lines, "", *_plot(style, spec.plot)]


def parameter(spec: ParameterSpec) -> str:
    """What a parameter is: its help, what it takes, its default."""
    notes = [TAKES[spec.takes]]
    if spec.fixed:
        notes.append("a constant")
    if spec.default is not None:
        notes.append(f"{spec.default:g} if left out")
    return f"{spec.help} ({', '.join(notes)})"


def gives(spec: FunctionSpec) -> str:
    """What a function's result is, with its range where one is known."""
    kind = {"same": "the unit of what goes in", "angle": "an angle in degrees"}.get(spec.gives, "a number")
    if spec.special:
        kind = "an element of the list"
    within = "" if spec.low is None or spec.high is None else f", {spec.low:.4g} … {spec.high:.4g}"
    return kind + within


def feature_lines(style: Style, spec: FeatureSpec) -> list[str]:
    """An audio feature."""
    lines = [
        title(style, spec.signature, "an audio feature"),
        "",
        *paragraph(style, _sentence(spec.help)),
        "",
    ]
    lines += rows(
        style,
        [
            *((p.name, parameter(p)) for p in spec.parameters),
            ("gives", ", ".join(part for part in (_within(spec), spec.unit) if part)),
            ("of a track", f"`song.{spec.signature}`, or `{spec.signature}` alone if the film has one track"),
        ],
    )
    return [*lines, "", *_examples(style, spec.examples)]


def easing_lines(style: Style, spec: EasingSpec) -> list[str]:
    """An easing, with the way it takes from one key to the next."""
    lines = [title(style, spec.signature, "an easing"), "", *paragraph(style, _sentence(spec.help)), ""]
    if spec.parameters:
        lines += [*rows(style, [(p.name, parameter(p)) for p in spec.parameters]), ""]
    after = "" if spec.whole else f"zoom = 0s: 1 {spec.example}, 2s: 1.5\n"
    lines += code(style, f"{after}zoom = 0s: 1, 2s: 1.5 with {spec.example}")
    return [*lines, "", *_plot(style, easing_plot(spec.example, whole=spec.whole))]


def name_lines(style: Style, spec: NameSpec) -> list[str]:
    """A constant, or a name of the clock."""
    kind = "a constant" if spec.value is not None else "a name of the clock"
    lines = [title(style, spec.name, kind), "", *paragraph(style, _sentence(spec.help)), ""]
    value = "" if spec.value is None else f"{spec.value:.15g}"
    changes = "" if spec.value is not None else "at every frame" if spec.live else "never"
    lines += rows(style, [("value", value), ("counts", spec.unit), ("changes", changes)])
    return [*lines, "", *_examples(style, spec.examples)] if spec.examples else lines


def operator_lines(style: Style, spec: OperatorSpec) -> list[str]:
    """An operator."""
    lines = [title(style, spec.sign, "an operator"), "", *paragraph(style, _sentence(spec.help)), ""]
    return [*lines, *(_examples(style, spec.examples) or code(style, "angle = 36deg per s"))]


def unit_lines(style: Style, unit: Unit) -> list[str]:
    """A unit with its spellings and what it is worth."""
    others = [spelling for spelling, name in SPELLINGS.items() if name == unit.name]
    worth = {
        "f": "depends on `fps`",
        "beat": "depends on the tempo",
        "bar": "depends on the tempo and on `beats_per_bar`",
    }.get(unit.name, "")
    lines = [title(style, unit.name, f"a unit of {unit.dimension}"), ""]
    lines += [*paragraph(style, _sentence(unit.help)), ""]
    lines += rows(style, [("spellings", ", ".join(f"`{s}`" for s in others)), ("worth", worth)])
    return [*lines, "", *code(style, f"2{others[-1]}")]


def switch_lines(style: Style, switch: Switch) -> list[str]:
    """A word for on or off."""
    means = "on" if switch.value else "off"
    lines = [title(style, switch.name, "a word"), ""]
    return [*lines, *paragraph(style, f"The value `{means}` of a setting that is either on or off.")]


def _examples(style: Style, examples: tuple[str, ...]) -> list[str]:
    return [line for text in examples for line in code(style, text)]


def _plot(style: Style, expressions: tuple[str, ...]) -> list[str]:
    drawn = plotted(expressions, plain=style.plain)
    return [f"    {line}" if line else "" for line in drawn]


def _within(spec: FeatureSpec) -> str:
    return "" if spec.low is None or spec.high is None else f"{spec.low:g} … {spec.high:g}"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")
