"""One call of an op in a pipeline: its pictures, its numbers, its words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anim_compiler import files, pictures, setting, videos_in
from anim_compiler.binding import bind
from anim_compiler.film import Curve, OpCall, PictureExpr, Word
from anim_compiler.image_op import Arg, ImageOp, PictureKind, Slot
from anim_compiler.image_ops import ELSEWHERE, IMAGE_OPS
from anim_compiler.names import did_you_mean, nearest
from anim_compiler.setting import Entry
from anim_compiler.signatures import SIGNATURES
from anim_compiler.values import TextValue
from anim_dsl.diagnostic import Edit
from anim_dsl.settings import SettingSpec
from anim_dsl.syntax import Argument, Call, Keys, Name, Text
from anim_dsl.walk import walk

if TYPE_CHECKING:
    from anim_compiler.steps import Steps

_CALLED: dict[PictureKind, str] = {
    "image": "a picture",
    "mask": "a picture",
    "depth": "a picture",
    "flow": "a flow",
    "camera": "a camera",
}


GIVEN = "given"
"""The argument of a call that leaves away one of the pictures before those that it gives: their names."""


def unknown_op(pipe: Steps, expr: Call) -> None:
    """Says that there is no such op, and which was probably meant."""
    name = expr.function.text
    near = ELSEWHERE.get(name) or nearest(name, IMAGE_OPS)
    hint = f"did you mean `{near}`?" if near else "ops are " + ", ".join(f"`{op}`" for op in IMAGE_OPS)
    edit = Edit(expr.function.span, near) if near and name not in ELSEWHERE else None
    pipe.wrong("E2083", expr.function.span, f"there is no op `{name}`", hint, edit)


def op_call(pipe: Steps, expr: Call, op: ImageOp) -> OpCall | None:
    """The call with every argument in its place; what is wrong is reported."""
    slots = {slot.name: slot for slot in op.slots}
    order = [(name, name not in slots or slots[name].optional) for name in op.order]
    given = bind(pipe.check, expr, order)
    if given is None:
        pipe.broken = True
        return None
    bound = dict(zip(op.order, given, strict=True))
    inputs: list[PictureExpr] = []
    args: dict[str, Curve | Word] = {}
    for slot in op.slots:
        _slot(pipe, slot, bound[slot.name], inputs, args)
    optional = [slot.name for slot in op.slots if slot.optional and slot.kind != "camera"]
    present = [name for name in optional if bound[name] is not None]
    if present != optional[: len(present)]:
        args[GIVEN] = " ".join(present)
    for arg in op.args:
        value = _arg(pipe, op, arg, bound[arg.name])
        if value is not None:
            args[arg.name] = value
    videos_in.check(pipe, op.name, expr.span, inputs, alone=bound.get("before") is None)
    return None if pipe.broken else OpCall(op.name, tuple(inputs), args, expr.span)


# --- pictures ---


def _slot(
    pipe: Steps,
    slot: Slot,
    argument: Argument | None,
    inputs: list[PictureExpr],
    args: dict[str, Curve | Word],
) -> None:
    if argument is None:
        return
    if slot.kind == "camera":
        args[slot.name] = _camera(pipe, argument)
        return
    found = pipe.picture(argument.value)
    if found is None:
        pipe.broken = True
        return
    picture, kind = found
    if (kind == "flow") != (slot.kind == "flow"):
        hint = (
            "write `estimate_flow(a, b)`" if slot.kind == "flow" else "`warp_flow` moves a picture along it"
        )
        message = f"`{slot.name}` is {_CALLED[slot.kind]}, and this is {_CALLED[kind]}"
        pipe.wrong("E3035", argument.value.span, message, hint)
    inputs.append(picture)


def _camera(pipe: Steps, argument: Argument) -> str:
    """The name of a camera, empty for the one that the scene has."""
    value, cameras = argument.value, pipe.cameras
    if isinstance(value, Name) and value.text == "camera":
        return ""
    if isinstance(value, Name) and value.text in cameras:
        cameras[value.text].used = True
        return value.text
    shown = pipe.check.findings.text(value.span)
    hint = did_you_mean(shown, [*cameras, "camera"]) or "write `camera`"
    pipe.wrong("E2084", value.span, f"there is no camera `{shown}`", hint)
    return ""


# --- numbers and words ---


def _arg(pipe: Steps, op: ImageOp, arg: Arg, argument: Argument | None) -> Curve | Word:
    """An argument's value; None if it is not given and has no default of its own, or is wrong."""
    if argument is None:
        return default(arg.spec) if arg.spec.default else None
    if _holds_picture(pipe, op, argument):
        return None
    entry = Entry(arg.name, argument.span, "=", argument.value, argument.span, pipe.env)
    value = _value(pipe, op, arg, entry)
    if value is None and not entry.is_none:
        pipe.broken = True
    return value


def _value(pipe: Steps, op: ImageOp, arg: Arg, entry: Entry) -> Curve | Word:
    check, spec = pipe.check, arg.spec
    if setting.numeric(spec):
        check.seeding = spec.name == "seed"
        curve = setting.curve(check, spec, entry)
        check.seeding = False
        return curve
    if isinstance(entry.value, Keys) and len(entry.value.keys) > 1:
        message = f"`{spec.name}` of `{op.name}` cannot change with the frame"
        block, _, name = arg.setting.rpartition(".")
        hint = f"give it in the block: `{block} {{ {name} = … }}`" if block else "write one value"
        pipe.wrong("E3004", entry.value.span, message, hint)
        return None
    if spec.type == "prompt":
        return _prompt(pipe, op, entry)
    if spec.type == "path":
        return files.of_setting(check, pipe.world, entry, files.SUFFIXES[spec.name])
    found = setting.word(check, spec, entry)
    return found if isinstance(found, bool | str) else None


def _prompt(pipe: Steps, op: ImageOp, entry: Entry) -> str | None:
    with pipe.check.inside(pipe.env):
        value = pipe.check.value(entry.value) if isinstance(entry.value, Text | Name) else None
    if isinstance(value, TextValue) and value.plain is not None:
        return value.plain
    message = f"`{entry.name}` of `{op.name}` is one text that does not change"
    pipe.wrong("E3002", entry.value.span, message, "write a schedule in `prompt { 0s: … }`")
    return None


def _holds_picture(pipe: Steps, op: ImageOp, argument: Argument) -> bool:
    """Whether a picture stands where a number or word is wanted; it is reported."""
    for node, _ in walk(argument.value):
        name = node.text if isinstance(node, Name) else node.function.text if isinstance(node, Call) else ""
        number = pipe.is_value(name)
        picture = (
            name in IMAGE_OPS and name not in SIGNATURES
            if isinstance(node, Call)
            else pipe.is_picture(name) and not number
        )
        if picture:
            if isinstance(node, Name):
                pictures.mark(pipe.check, name)
            takes = ", ".join(op.order)
            pipe.wrong(
                "E3033",
                node.span,
                f"a number is wanted here, and `{name}` is a picture",
                f"the order is `{op.name}({takes})`",
            )
            return True
    return False


def default(spec: SettingSpec) -> Curve | Word:
    """What an argument is where it is not given; of a number in base units."""
    return setting.default(spec) if setting.numeric(spec) else spec.default.strip('"')
