"""What can be called at a place, with its parameters: functions, `def`s, templates, ops, easings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from anim_compiler.image_ops import IMAGE_OPS
from anim_compiler.shapes import SHAPES
from anim_dsl import functions
from anim_dsl.functions import ParameterSpec
from anim_dsl.visible import escaped
from anim_studio.explain.curves import parameter
from anim_studio.explain.ops import operations
from anim_studio.lsp.named import Named, found, shown
from anim_studio.lsp.placing import Argument
from anim_studio.lsp.telling.layout import code, plain


@dataclass(frozen=True, slots=True)
class Signature:
    """A call as it is written: its name and its parameters, each as it is shown and with what it means."""

    name: str
    parameters: tuple[tuple[str, str], ...]
    says: str = ""
    is_endless: bool = False

    @property
    def label(self) -> str:
        """`smooth(x, width)`."""
        rest = ", …" if self.is_endless else ""
        return f"{self.name}({', '.join(text for text, _ in self.parameters)}{rest})"

    def spans(self) -> tuple[tuple[int, int], ...]:
        """Where each parameter stands in the label."""
        at, spans = len(self.name) + 1, []
        for text, _ in self.parameters:
            spans.append((at, at + len(text)))
            at += len(text) + 2
        return tuple(spans)

    def active(self, argument: Argument) -> int | None:
        """The parameter that an argument is for; None where it has none."""
        names = [_name(text) for text, _ in self.parameters]
        if argument.name:
            return names.index(argument.name) if argument.name in names else None
        if self.is_endless and names:
            return min(argument.number, len(names) - 1)
        return argument.number if argument.number < len(names) else None


def signature(argument: Argument, context: str, names: Mapping[str, Named]) -> Signature | None:
    """What is called; in a pipeline its ops go before functions. None for what is not known."""
    name = argument.function
    own = found(names, tuple(name.split(".")))
    if own is not None and own.kind in ("def", "template"):
        rows = tuple((escaped(shown(p, own.source)), "") for p in own.parameters)
        return Signature(name, rows, plain(own.says))
    if context == "pipeline" and name in IMAGE_OPS:
        return _of_op(name)
    last = name.rpartition(".")[2]
    if name in functions.FUNCTIONS:
        spec = functions.FUNCTIONS[name]
        return Signature(name, _rows(spec.parameters), spec.help, spec.many)
    if last in functions.FEATURES and functions.FEATURES[last].parameters:
        return Signature(name, _rows(functions.FEATURES[last].parameters), functions.FEATURES[last].help)
    if name in functions.EASINGS and functions.EASINGS[name].parameters:
        return Signature(name, _rows(functions.EASINGS[name].parameters), functions.EASINGS[name].help)
    if context == "film" and name in SHAPES:
        rows = tuple((f"{spec.name} = {spec.default}", "") for spec in SHAPES[name])
        return Signature(name, rows, "a shape, white on black")
    return _TRANSITIONS.get(name)


def _rows(parameters: Sequence[ParameterSpec]) -> tuple[tuple[str, str], ...]:
    return tuple((spec.shown, parameter(spec)) for spec in parameters)


def _of_op(name: str) -> Signature:
    """An op: its pictures and arguments in the order of a call without names."""
    op = IMAGE_OPS[name]
    told = dict(operations()[name].takes)
    optional = {slot.name for slot in op.slots if slot.optional}
    rows: list[tuple[str, str]] = []
    for each in op.order:
        arg = op.arg(each)
        default = "" if arg is None else arg.setting or arg.spec.default
        text = f"{each} = {default}" if default else f"[{each}]" if each in optional else each
        rows.append((text, told.get(each, "")))
    return Signature(name, tuple(rows), f"{op.help}; gives {code(op.gives)}")


def _name(shown_as: str) -> str:
    return shown_as.partition("=")[0].strip(" []")


_LENGTH = ("length", "how long it takes, like `1s` or `1bar`")
_TRANSITIONS: Mapping[str, Signature] = {
    "crossfade": Signature("crossfade", (_LENGTH,), "one scene melts into the next"),
    "morph": Signature("morph", (_LENGTH,), "a crossfade along the motion between both scenes"),
    "dip": Signature("dip", (_LENGTH, ("color = black", "the colour between")), "through a colour"),
    "wipe": Signature(
        "wipe", (_LENGTH, ("direction", "`left`, `right`, `up` or `down`")), "one is drawn over the other"
    ),
}
