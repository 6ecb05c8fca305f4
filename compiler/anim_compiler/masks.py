"""`mask NAME = …`: where something applies, out of files and of other masks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from anim_compiler import clips, options, pictures, shapes, stills
from anim_compiler.film import Clip, Mask, MaskJoin, MaskOf, MaskPart, Still
from anim_compiler.names import did_you_mean
from anim_compiler.world import World
from anim_dsl.source import Span
from anim_dsl.syntax import Binary, Call, Expr, Name, Number, Text, Unary, Word
from anim_dsl.walk import walk

if TYPE_CHECKING:
    from anim_compiler.expressions import Expressions

_READABLE = "a mask is a picture (png, jpg, webp, …) or a video"
_SMALLER = "make it smaller; a mask is fitted to the film's size anyway"

#: what people write for a join, and what to write instead
_SLIPS = {"+": "or", "*": "and", "-": "and not", "/": "and not"}


@dataclass(frozen=True, slots=True)
class MaskFound:
    """A mask, and the file that it is, registered as a still or clip of the mask's own name."""

    mask: Mask
    still: Still | None = None
    clip: Clip | None = None


def mask(check: Expressions, statement: Word, world: World) -> MaskFound | None:
    """The mask that a statement names; what is wrong is reported."""
    head = statement.head[0] if len(statement.head) == 1 else None
    if not isinstance(head, Name) or statement.value is None:
        check.findings.error(
            "E2011",
            statement.word.span,
            "`mask` needs a name and a value",
            hint='write `mask NAME = "path"` or `mask NAME = a and not b`',
        )
        if isinstance(head, Name):
            check.scope.missing.add(head.text)
        return None
    name, value = head.text, statement.value
    if isinstance(value, Text):
        found = _file(check, name, value, statement.span, world)
    else:
        joined = _joined(check, value, name)
        found = None if joined is None else MaskFound(Mask(name, joined, statement.span))
    soft = options.last(options.options(check, statement.block, "mask"), "soft")
    if found is None:
        check.scope.missing.add(name)
    elif soft is not None:
        shapes.softened(check, name, soft)
    return found


def _file(check: Expressions, name: str, value: Text, span: Span, world: World) -> MaskFound | None:
    text = value.plain
    if text is None:
        check.findings.error(
            "E2071", value.span, "a mask's path does not change", hint="write it without `{…}`"
        )
        return None
    made = Mask(name, MaskOf(name), span)
    if pictures.is_video(text):
        clip = clips.opened(check, name, text, value.span, world)
        return None if clip is None else MaskFound(made, clip=clip)
    still = stills.still(check, world, name, text, value.span, _READABLE, _SMALLER)
    return None if still is None else MaskFound(made, still=still)


def _joined(check: Expressions, expr: Expr, name: str) -> MaskPart | None:
    """`sky and not person` as a tree; chains of one operator are one node. `name` is the mask's own."""
    match expr:
        case Call() if expr.function.text in shapes.SHAPES:
            return shapes.shape(check, name, expr)
        case Name():
            found = pictures.named(check, expr, "a mask")
            return None if found is None else MaskOf(found)
        case Unary(op="not"):
            inner = _joined(check, expr.operand, name)
            return None if inner is None else MaskJoin("not", (inner,))
        case Binary(op="and" | "or"):
            return _both(check, expr, "and" if expr.op == "and" else "or", name)
        case _:
            _slip(check, expr)
            return None


def _both(check: Expressions, expr: Binary, op: Literal["and", "or"], name: str) -> MaskJoin | None:
    left, right = _joined(check, expr.left, name), _joined(check, expr.right, name)
    if left is None or right is None:
        return None
    operands: tuple[MaskPart, ...] = ()
    for part in (left, right):
        same = isinstance(part, MaskJoin) and part.op == op
        operands += part.operands if isinstance(part, MaskJoin) and same else (part,)
    return MaskJoin(op, operands)


def _slip(check: Expressions, expr: Expr) -> None:
    """Anything that is not a mask: sums, differences and inversions are told how they are written."""
    hint = (
        'write `mask NAME = "path"`, a shape such as `circle(radius = 20%)`,'
        " or names joined with `and`, `or`, `not`"
    )
    message = "a mask is a file, a shape, or masks joined with `and`, `or` and `not`"
    if isinstance(expr, Call):
        near = did_you_mean(expr.function.text, shapes.SHAPES)
        message = f"there is no shape `{expr.function.text}`"
        hint = near or "shapes are " + ", ".join(f"`{known}`" for known in shapes.SHAPES)
    inverted = isinstance(expr, Binary) and expr.op == "-" and isinstance(expr.left, Number)
    if isinstance(expr, Binary) and inverted:
        message, hint = (
            "a mask is turned round with `not`",
            f"write `not {check.findings.text(expr.right.span, 20)}`",
        )
    elif isinstance(expr, Unary):
        message, hint = (
            "a mask is turned round with `not`",
            f"write `not {check.findings.text(expr.operand.span, 20)}`",
        )
    elif isinstance(expr, Binary) and expr.op in _SLIPS:
        a, b = (check.findings.text(side.span, 20) for side in (expr.left, expr.right))
        message, hint = f"masks are not joined with `{expr.op}`", f"write `{a} {_SLIPS[expr.op]} {b}`"
    check.findings.error("E2071", expr.span, message, hint=hint)
    for node, _ in walk(expr):
        if isinstance(node, Name):
            pictures.mark(check, node.text)
