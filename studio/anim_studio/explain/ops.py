"""The ops of a pipeline, from the compiler's table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from anim_studio.explain.layout import Style, code, paragraph, rows, title

if TYPE_CHECKING:
    from anim_compiler.image_op import Arg, ImageOp


@dataclass(frozen=True, slots=True)
class Operation:
    """One op: its pictures with a line each, then its other arguments; what it gives, an example."""

    name: str
    help: str
    gives: str
    example: str
    takes: tuple[tuple[str, str], ...]
    signature: str


@cache
def operations() -> Mapping[str, Operation]:
    """Every op by name."""
    # not at the top: the table comes with the compiler, which most explanations can do without
    from anim_compiler.image_ops import IMAGE_OPS

    found: dict[str, Operation] = {}
    for op in IMAGE_OPS.values():
        takes = [(slot.name, _picture(slot.kind, slot.optional)) for slot in op.slots]
        takes += [(arg.name, _told(arg)) for arg in op.args]
        found[op.name] = Operation(op.name, op.help, op.gives, op.example, tuple(takes), signature(op, 70))
    return found


def operation_lines(style: Style, op: Operation) -> list[str]:
    """An op of a pipeline."""
    lines = [title(style, op.name, "an op of a pipeline"), "", *paragraph(style, _sentence(op.help)), ""]
    lines += rows(style, [*op.takes, ("gives", _picture(op.gives))])
    used = op.example if op.gives == "image" else ""
    example = f"pipeline {{ frame = {used} }}" if used else f"pipeline {{ part = {op.example}; … }}"
    return [*lines, "", *code(style, op.signature), "", *code(style, example)]


def signature(op: ImageOp, width: int = 100) -> str:
    """An op with its pictures and arguments; a line of its own for each few where there are many."""
    slots = {slot.name: f"[{slot.name}]" if slot.optional else slot.name for slot in op.slots}
    named = {slot.name for slot in op.slots if slot.optional and slot.kind != "image"}
    taken = [f"[{name} = …]" if name in named else slots[name] for name in slots]
    args = [_argument(arg) for arg in op.args]
    first = [text for text, name in zip(taken, slots, strict=True) if name not in named]
    last = [text for text, name in zip(taken, slots, strict=True) if name in named]
    lines = [f"{op.name}("]
    parts = [*first, *args, *last]
    for number, part in enumerate(parts):
        text = part + (", " if number + 1 < len(parts) else ")")
        if len(lines[-1]) + len(text) > width:
            lines.append(" " * (len(op.name) + 1))
        lines[-1] += text
    if not parts:
        lines[-1] += ")"
    lines[-1] += f" → {op.gives}"
    return "\n".join(line.rstrip() for line in lines)


def _argument(arg: Arg) -> str:
    default = arg.setting or arg.spec.default
    return f"[{arg.name} = {default}]" if default else f"[{arg.name}]"


def _told(arg: Arg) -> str:
    return (
        f"{arg.spec.help}; `{default}` if left out"
        if (default := arg.setting or arg.spec.default)
        else arg.spec.help
    )


def _picture(kind: str, optional: bool = False) -> str:
    article = "an" if kind == "image" else "a"
    shown = "the film's camera" if kind == "camera" else f"{article} {kind}"
    return f"{shown}, may be left out" if optional else shown


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + "."
