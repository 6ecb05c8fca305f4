"""Arguments of functions that have no meaning, or not the one that was meant, whatever the frame."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TypeAlias

from anim_compiler.constants import constant
from anim_compiler.findings import Findings
from anim_compiler.values import NumberValue
from anim_dsl.diagnostic import Edit
from anim_dsl.source import Span
from anim_dsl.syntax import Call, Text

Numbers: TypeAlias = tuple[float | None, ...]
"""The arguments that are constant; None for the others."""

_Rule: TypeAlias = Callable[[str, Numbers, Sequence[Span], Findings], bool]


def misused(findings: Findings, name: str, values: Sequence[NumberValue], spans: Sequence[Span]) -> bool:
    """Reports arguments that can give no value; True if there is one."""
    if name == "random" and values[0].live:
        _live_seed(findings, spans[0])
    rule = _RULES.get(name)
    return rule is not None and rule(name, tuple(constant(value.expr) for value in values), spans, findings)


def misused_feature(findings: Findings, expr: Call, name: str, numbers: Sequence[float]) -> bool:
    """Reports a band without width or beyond what is heard, and a note that there is not; True if there is
    one.
    """
    if name == "band" and numbers[0] >= numbers[1]:
        first, second = (argument.span for argument in expr.arguments)
        low, high = findings.text(first), findings.text(second)
        findings.error(
            "E3053",
            first.to(second),
            "a band goes from its low frequency to its high one",
            hint=f"write `band({high}, {low})`" if low != high else "write `band(20hz, 80hz)`",
            edit=Edit(first.to(second), f"{high}, {low}") if low != high else None,
        )
        return True
    if name == "band":
        return _unheard_band(findings, expr, numbers)
    if name == "chroma" and not (0 <= numbers[0] <= 11 and numbers[0] == int(numbers[0])):
        findings.error(
            "E3053",
            expr.arguments[0].span,
            f"there is no note {numbers[0]:g}",
            hint='the notes are 0 (C) to 11 (B): `chroma(9)` is A, and so is `chroma("A")`',
        )
        return True
    return False


def beyond_the_list(findings: Findings, index: NumberValue, span: Span, size: int) -> None:
    """Warns of `pick(["a", "b", "c"], 5)`: the list goes round, so this is another element."""
    number = constant(index.expr)
    if number is None or number != number or 0 <= number < size:
        return
    findings.warning(
        "W6050",
        span,
        f"the list has {size} elements, counted from 0, and this is number {number:g}",
        hint=f"the list goes round, so this is element {int(number // 1) % size}; write 0 to {size - 1}",
    )


def note_class(findings: Findings, text: Text) -> float | None:
    """The number of a note without an octave, from `"C"` (0) to `"B"` (11); what is none is reported."""
    from anim_compiler.events.score import note_number

    written = text.plain or ""
    number = None if written[-1:].isdigit() else note_number(f"{written}4")
    if number is None:
        message = f"there is no note `{written}`"
        hint = 'the notes are `"C"`, `"C#"` or `"Db"`, … `"B"`, without an octave'
        findings.error("E3053", text.span, message, hint=hint)
        return None
    return float(number % 12)


def _unheard_band(findings: Findings, expr: Call, numbers: Sequence[float]) -> bool:
    """`band(5khz, 16khz)`: the analysis works at 22050 samples a second, and hears half of that."""
    for argument, verb, hertz in zip(expr.arguments, ("begins", "ends"), numbers, strict=True):
        if not 0.0 <= hertz <= _HIGHEST_HZ:
            findings.error(
                "E2140",
                argument.span,
                f"the analysis hears 0 to {_HIGHEST_HZ:g} Hz, and this band {verb} at {hertz:g} Hz",
                hint=f"write `{'0hz' if hertz < 0 else f'{_HIGHEST_HZ:g}hz'}`",
            )
            return True
    return False


# --- rules -------------------------------------------------------------------------------------


def _limits(name: str, numbers: Numbers, spans: Sequence[Span], findings: Findings) -> bool:
    """`clamp(x, 5, 1)`, `smoothstep(1, 0, x)`: the low limit above the high one."""
    at = 1 if name == "clamp" else 0
    low, high = numbers[at], numbers[at + 1]
    if low is None or high is None or low < high or (low == high and name == "clamp"):
        return False
    both = spans[at].to(spans[at + 1])
    first, second = findings.text(spans[at]), findings.text(spans[at + 1])
    written = spans[at] < spans[at + 1] and "(" not in findings.text(both) and low != high
    message = f"the low limit of `{name}` is {low:g} and its high one {high:g}"
    if low == high:
        message = f"both limits of `{name}` are {low:g}"
    swapped = f"{name}(x, {second}, {first})" if name == "clamp" else f"{name}({second}, {first}, x)"
    findings.error(
        "E3051",
        both if written else spans[at],
        message,
        hint=f"write `{swapped}`" if written else "write the smaller one first",
        edit=Edit(both, f"{second}, {first}") if written else None,
    )
    return True


def _range_of_nothing(name: str, numbers: Numbers, spans: Sequence[Span], findings: Findings) -> bool:
    """`remap(x, 1, 1, 0, 5)`."""
    if numbers[1] is None or numbers[1] != numbers[2]:
        return False
    findings.error(
        "E3054",
        spans[1].to(spans[2]) if spans[1] < spans[2] else spans[1],
        f"`remap` reads from a range without width: both its ends are {numbers[1]:g}",
        hint="write the lowest and the highest value of `x`: `remap(bass, 0, 1, 0, 20)`",
    )
    return True


def _no_step(name: str, numbers: Numbers, spans: Sequence[Span], findings: Findings) -> bool:
    """`quantize(t, 0)`, `slew(x, -1)`."""
    if numbers[1] is None or numbers[1] > 0:
        return False
    parameter, written = ("step", "0.25") if name == "quantize" else ("per_second", "0.5")
    message = f"`{parameter}` of `{name}` must be above 0, and this is {numbers[1]:g}"
    findings.error("E3052", spans[1], message, hint=f"write `{name}(x, {written})`")
    return True


def _outside(name: str, numbers: Numbers, spans: Sequence[Span], findings: Findings) -> bool:
    """`log(-1)`, `sqrt(-1)`, `asin(2)`: no such number."""
    low, high, takes, hint = _DOMAINS[name]
    number = numbers[0]
    if number is None or number != number or (low < number <= high) or (number == low and name in _CLOSED):
        return False
    findings.error("E3055", spans[0], f"`{name}` takes {takes}, and this is {number:g}", hint=hint)
    return True


def _live_seed(findings: Findings, span: Span) -> None:
    findings.warning(
        "W6035",
        span,
        "the seed of `random` changes with the frame",
        hint="`random` gives another number at every frame by itself; write `random(1)`",
    )


_INF = float("inf")
_HIGHEST_HZ = 11_025.0  # half the rate of the analysis
_CLOSED = frozenset({"sqrt", "asin", "acos", "arcsin", "arccos"})
_POSITIVE = "keep it positive with `max(…, 0.001)`"
_UNIT = "keep it within with `clamp(…, -1, 1)`"
_DOMAINS: Mapping[str, tuple[float, float, str, str]] = MappingProxyType(
    {
        "log": (0.0, _INF, "numbers above 0", _POSITIVE),
        "log10": (0.0, _INF, "numbers above 0", _POSITIVE),
        "log1p": (-1.0, _INF, "numbers above -1", "keep it above -1 with `max(…, -0.999)`"),
        "sqrt": (0.0, _INF, "0 and positive numbers", "keep it positive with `max(…, 0)`, or write `abs(…)`"),
        **dict.fromkeys(("asin", "acos", "arcsin", "arccos"), (-1.0, 1.0, "numbers within -1 and 1", _UNIT)),
    }
)

_RULES: Mapping[str, _Rule] = MappingProxyType(
    {
        "clamp": _limits,
        "smoothstep": _limits,
        "remap": _range_of_nothing,
        "quantize": _no_step,
        "slew": _no_step,
        **dict.fromkeys(_DOMAINS, _outside),
    }
)
