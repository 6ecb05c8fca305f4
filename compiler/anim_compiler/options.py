"""The settings in the block of a statement: `video clip = "a.mp4" { start = 2s }`."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import TYPE_CHECKING

from anim_compiler import setting
from anim_compiler.constants import constant
from anim_compiler.entries import resolved
from anim_compiler.moments import exact
from anim_compiler.setting import Entry
from anim_dsl.settings import SETTINGS
from anim_dsl.syntax import Block, Quantity, Setting
from anim_dsl.walk import walk

if TYPE_CHECKING:
    from anim_compiler.expressions import Expressions


def options(check: Expressions, block: Block | None, word: str) -> list[Entry]:
    """A block's settings; what is none of them, or stands twice, is reported and left out."""
    written: list[Entry] = []
    for statement in block.statements if block else ():
        if isinstance(statement, Setting) and len(statement.name.path) == 1 and statement.block is None:
            name = statement.name
            written.append(
                Entry(name.text, name.span, statement.op, statement.value, statement.span, check.env)
            )
        else:
            hint = "write `name = value`"
            check.findings.error("E2011", statement.span, f"this does not stand in `{word}`", hint=hint)
    return resolved(check.findings, word, written)


def fixed(check: Expressions, block: str, name: str, entries: Iterable[Entry]) -> Fraction | None:
    """A setting that never changes, as an exact number in base units; None if it is not written."""
    for entry in entries:
        if entry.name == name:
            known = constant_number(check, block, entry)
            return None if known is None else exact(known)
    return None


def constant_number(check: Expressions, block: str, entry: Entry) -> float | None:
    """A setting that never changes, in base units; None if it is wrong, which is reported."""
    spec = SETTINGS[block, entry.name]
    if spec.type == "time" and _counts_beats(check, entry):
        return None
    curve = setting.curve(check, spec, entry)
    known = None if curve is None else constant(curve.expr)
    if curve is not None and known is None:
        message = f"`{entry.name}` must be a constant"
        check.findings.error("E3004", entry.value.span, message, hint="write a number")
    return known


def _counts_beats(check: Expressions, entry: Entry) -> bool:
    """Whether a time of a file is written in beats, which are the film's; it is reported."""
    beats = (node for node, _ in walk(entry.value) if isinstance(node, Quantity))
    found = next((node for node in beats if any(unit in ("beat", "bar") for _, unit in node.parts)), None)
    if found is None:
        return False
    said = check.findings.text(found.span)
    message = f"`{entry.name}` is a time of the file, and `{said}` is one of the film"
    check.findings.error("E2126", found.span, message, hint="write seconds, like `500ms`")
    return True


def last(entries: Iterable[Entry], name: str) -> Entry | None:
    """What is written last for a setting."""
    return next((entry for entry in reversed(tuple(entries)) if entry.name == name), None)
