"""Deforum's schedule strings, with exactly its rules.

`0:(1.0), 30:(1.2+0.1*sin(t/5))` is split at every comma and every colon; numbers are interpolated
linearly to the next key, a formula holds from its key to the next one, keys beyond the end are dropped,
the last key of a frame wins. Source: `FrameInterpolater` of sd-webui-deforum, with the arithmetic of
numexpr and the linear interpolation of pandas. What crashes there is a diagnostic here. A schedule that
stands in a film follows the language's own rules instead; this reader serves importers and `eval
--deforum`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from anim_dsl.diagnostic import Diagnostic
from anim_dsl.findings import Findings
from anim_dsl.nearest import nearest
from anim_dsl.schedule_formula import Formula, FormulaError, compile_formula
from anim_dsl.schedule_math import FUNCTIONS
from anim_dsl.source import Source, Span

_NUMBER = re.compile(r"(?=.)([+-]?([0-9]*)(\.([0-9]+))?)$")
_WRAPPING = re.compile(r"['\"()]")
#: what word processors put in the place of a plain sign
_PLAIN = {
    "-": "−–—‐‑",
    '"': "“”„″",
    "'": "‘’‚′",
    "*": "×∙·",
    "/": "÷⁄",
    ",": "，",
    ":": "：",
    "(": "（",
    ")": "）",
}
_CODES = {"syntax": "E1063", "name": "E1064", "function": "E1065", "type": "E1067"}


@dataclass(frozen=True, slots=True)
class ScheduleKey:
    """One key: its whole frame, its value as written, and where the value stands."""

    frame: int
    value: str
    span: Span


class _StopError(Exception):
    """Deforum cannot go on; the finding is recorded."""


def evaluate(
    text: str, *, frames: int, seed: int = 0, max_f: int | None = None
) -> tuple[tuple[float, ...] | None, tuple[Diagnostic, ...]]:
    """The value at each of `frames` frames, or None where Deforum would crash, with what to write instead.

    `max_f` in formulas is the last frame unless given.
    """
    findings = Findings(Source("schedule", text))
    last = frames - 1 if max_f is None else max_f
    try:
        keys = _keys(findings, frames, {"max_f": last, "s": seed})
        values = _filled(_numbers(keys, frames, {"max_f": last, "s": seed}, findings), findings)
    except _StopError:
        return None, findings.all()
    return values, findings.all()


def evaluate_text(
    text: str, *, frames: int, seed: int = 0, max_f: int | None = None
) -> tuple[tuple[str, ...] | None, tuple[Diagnostic, ...]]:
    """The text at each frame of a schedule of texts, such as sampler names; each holds until the next key."""
    findings = Findings(Source("schedule", text))
    last = frames - 1 if max_f is None else max_f
    try:
        keys = _keys(findings, frames, {"max_f": last, "s": seed})
        values: list[str] = []
        for frame in range(frames):
            if frame in keys:
                values.append(_WRAPPING.sub("", keys[frame].value))
            else:
                values.append(values[-1])
    except _StopError:
        return None, findings.all()
    return tuple(values), findings.all()


def examine(text: str, *, frames: int, seed: int = 0) -> tuple[Diagnostic, ...]:
    """What is wrong with a schedule of numbers, told from its keys alone: formulas are tried at their key."""
    findings = Findings(Source("schedule", text))
    names = {"max_f": frames - 1, "s": seed}
    try:
        for key in _keys(findings, frames, names).values():
            plain = _WRAPPING.sub("", key.value)
            if _NUMBER.match(plain):
                _plain_number(plain, key, findings)
            else:
                _at(_formula(key, findings, names), key, names | {"t": key.frame}, findings)
    except _StopError:
        pass
    return findings.all()


def placed_keys(text: str, *, frames: int, seed: int = 0) -> tuple[ScheduleKey, ...]:
    """The keys that count, in order of their frames; none where Deforum cannot read them."""
    try:
        keys = _keys(Findings(Source("schedule", text)), frames, {"max_f": frames - 1, "s": seed})
    except _StopError:
        return ()
    return tuple(keys[frame] for frame in sorted(keys) if 0 <= frame < frames)


def number(value: str) -> float | None:
    """The number that a key's value is; None if it is a formula, or a sign alone."""
    plain = _WRAPPING.sub("", value)
    return float(plain) if _NUMBER.match(plain) and plain not in ("+", "-") else None


# --- keys --------------------------------------------------------------------------------------


def _keys(findings: Findings, frames: int, names: dict[str, int]) -> dict[int, ScheduleKey]:
    """The keys by frame; the last of one frame wins. Raises _StopError."""
    keys: dict[int, ScheduleKey] = {}
    for piece in _pieces(findings.source.text):
        key = _key(piece, findings, names)
        keys[key.frame] = key
        if key.frame >= frames > 0:
            findings.warning(
                "W1061",
                key.span,
                f"the key at frame {key.frame} is beyond the last frame, {frames - 1}: Deforum drops it",
                hint="the curve does not head towards it; put the key on the last frame",
            )
    if 0 not in keys:
        _stop(
            findings,
            "E1066",
            Span(0, len(findings.source.text)),
            "a schedule begins with a key at frame 0",
            hint="put `0: (value), ` before it",
        )
    return keys


def _pieces(text: str) -> Iterator[Span]:
    start = 0
    for piece in text.split(","):
        yield Span(start, start + len(piece))
        start += len(piece) + 1


def _key(piece: Span, findings: Findings, names: dict[str, int]) -> ScheduleKey:
    text = findings.source.slice(piece)
    frame_text, colon, rest = text.partition(":")
    if not text.strip():
        _stop(
            findings,
            "E1061",
            Span(max(0, piece.start - 1), piece.end),
            "there is no key here",
            hint="remove the comma" if piece.start else "write `0: (value)`",
        )
    if not colon:
        _report_no_colon(piece, findings)
    value, second, _ = rest.partition(":")
    start = piece.start + len(frame_text) + 1
    if second:
        ignored = Span(start + len(value), piece.end)
        findings.warning(
            "W1060",
            ignored,
            f"what follows a second `:` is ignored by Deforum, so the value is {value.strip() or 'empty'}",
            hint="a key is `frame: (value)`",
        )
    lead = len(value) - len(value.lstrip())
    span = Span(start + lead, start + len(value.rstrip()) if value.strip() else start + len(value))
    return ScheduleKey(_frame(frame_text, piece.start, findings, names), value.strip(), span)


def _report_no_colon(piece: Span, findings: Findings) -> None:
    text = findings.source.text
    before = text[: piece.start]
    if before.count("(") > before.count(")"):
        _stop(
            findings,
            "E1068",
            piece,
            "a Deforum schedule is split at every comma, also inside parentheses",
            hint="functions of two arguments cannot be used in Deforum; they can in a film",
        )
    lead = len(findings.source.slice(piece)) - len(findings.source.slice(piece).lstrip())
    _stop(
        findings,
        "E1060",
        Span(piece.start + lead, piece.end),
        "a key has a `:` between its frame and its value",
        hint="write `frame: (value)`",
    )


def _frame(text: str, start: int, findings: Findings, names: dict[str, int]) -> int:
    """The whole frame that a key stands at. Raises _StopError."""
    lead = len(text) - len(text.lstrip())
    span = Span(start + lead, max(start + lead, start + len(text.rstrip())))
    plain = _WRAPPING.sub("", text.strip())
    if _NUMBER.match(plain):
        if re.fullmatch(r"[+-]?[0-9]{1,18}", plain):
            return int(plain)
        _stop(findings, "E1062", span, f"`{plain}` is not a whole frame", hint="write a whole number")
    bare = _without_quotes(text.strip())
    place = text.strip().find(bare)
    try:
        value = compile_formula(bare)(names)
    except FormulaError as error:
        if place < 0:
            error.start, error.end = 0, span.end - span.start
        _report_formula(error, span.start + max(0, place), findings, names)
        raise _StopError from error
    if not math.isfinite(value):
        _stop(findings, "E1062", span, f"`{bare}` is not a frame", hint="write a whole number")
    return int(value)


def _without_quotes(text: str) -> str:
    """The text without the first and the last quote of each kind, as Deforum removes them."""
    for quote in "'\"":
        text = text.replace(quote, "", 1)
        head, found, tail = text.rpartition(quote)
        text = head + tail if found else text
    return text


# --- values ------------------------------------------------------------------------------------


def _numbers(
    keys: dict[int, ScheduleKey], frames: int, names: dict[str, int], findings: Findings
) -> list[float]:
    """The values at keys and under formulas, NaN elsewhere. Raises _StopError."""
    values: list[float] = []
    formula: Formula | None = None
    key = keys[0]
    for frame in range(frames):
        number = math.nan
        if frame in keys:
            key = keys[frame]
            formula = None
            plain = _WRAPPING.sub("", key.value)
            if _NUMBER.match(plain):
                number = _plain_number(plain, key, findings)
            else:
                formula = _formula(key, findings, names)
        if formula is not None:
            number = _at(formula, key, names | {"t": frame}, findings)
        values.append(number)
    return values


def _plain_number(text: str, key: ScheduleKey, findings: Findings) -> float:
    if text in ("+", "-"):
        _stop(findings, "E1063", key.span, f"`{text}` is not a number", hint="write a number after the sign")
    return float(text)


def _formula(key: ScheduleKey, findings: Findings, names: dict[str, int]) -> Formula:
    try:
        return compile_formula(key.value)
    except FormulaError as error:
        _report_formula(error, key.span.start, findings, names)
        raise _StopError from error


def _at(formula: Formula, key: ScheduleKey, names: dict[str, int], findings: Findings) -> float:
    try:
        return formula(names)
    except FormulaError as error:
        _report_formula(error, key.span.start, findings, names)
        raise _StopError from error


def _filled(values: list[float], findings: Findings) -> tuple[float, ...]:
    """The gaps filled along straight lines, the first and last value held to the ends. Raises _StopError."""
    known = [frame for frame, value in enumerate(values) if not math.isnan(value)]
    whole = Span(0, len(findings.source.text))
    if values and not known:
        _stop(
            findings,
            "E1069",
            whole,
            "the formula has no value at any frame",
            hint="roots and logarithms take positive numbers",
        )
    infinite = next((frame for frame in known if math.isinf(values[frame])), None)
    if infinite is not None:
        _stop(
            findings,
            "E1069",
            whole,
            f"the value is infinite at frame {infinite}",
            hint="something is divided by zero there",
        )
    if not values:
        return ()
    filled = list(values)
    filled[0], filled[-1] = values[known[0]], values[known[-1]]
    known = [frame for frame, value in enumerate(filled) if not math.isnan(value)]
    for left, right in pairwise(known):
        slope = (filled[right] - filled[left]) / (right - left)
        for frame in range(left + 1, right):
            filled[frame] = slope * (frame - left) + filled[left]
    return tuple(filled)


# --- messages ----------------------------------------------------------------------------------


def _report_formula(error: FormulaError, offset: int, findings: Findings, names: dict[str, int]) -> None:
    hint = ""
    if error.kind == "name":
        hint = _name_hint(error.name, names)
    elif error.kind == "function":
        guess = nearest(error.name, FUNCTIONS)
        hint = (
            f"did you mean `{guess}`?"
            if guess
            else "its functions are sin cos tan exp log sqrt abs floor ceil …"
        )
    elif error.kind == "syntax":
        hint = _typography(findings.source.text[offset + error.start : offset + error.end]) or (
            "a formula has numbers, `t`, `max_f`, `s`, signs, parentheses and functions of one argument"
        )
    span = Span(offset + error.start, offset + error.end)
    findings.error(_CODES[error.kind], span, str(error), hint=hint)


def _typography(text: str) -> str:
    """What to write for a sign that a word processor put in the place of a plain one."""
    plain = next((plain for plain, others in _PLAIN.items() if text and text[0] in others), "")
    return f"write a plain `{plain}`: a word processor made another sign of it" if plain else ""


def _name_hint(name: str, names: dict[str, int]) -> str:
    constants = {"pi": "3.14159265", "tau": "6.2831853", "e": "2.71828183"}
    if name in constants:
        return f"write {constants[name]}"
    return (
        f"did you mean `{guess}`?"
        if (guess := nearest(name, names))
        else "its names are `t`, `max_f` and `s`"
    )


def _stop(findings: Findings, code: str, span: Span, message: str, *, hint: str = "") -> None:
    findings.error(code, span, message, hint=hint)
    raise _StopError
