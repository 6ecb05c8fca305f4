"""What a node that asks the model says besides its sampling: which model, its LoRAs, its controls.

`lora.grain` is a LoRA's weight; `hints` names the controls whose pictures are the node's last inputs, in
order, and `control.depth.weight`, `.start` and `.end` say how each of them acts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from anim_compiler.op import ArgType

LORA, CONTROL = "lora.", "control."
"""What the arguments of LoRAs and of controls begin with."""

HINTS = "hints"
"""The argument that names the controls whose pictures a node is given."""

MODEL = "model"
"""The argument that says which model draws, where a film has several."""

CONTROL_NUMBERS = ("weight", "start", "end")
"""What a node says of each of its controls."""

NEUTRAL: Mapping[str, object] = MappingProxyType(
    {"clip_skip": 1, "noise_multiplier": 1.0, "precision": "auto", "tiling": False, "large": "auto"}
)
"""Arguments that say nothing with these values, and are left away."""

_OF_PICTURE = frozenset({"strength", "fill_strength"})

_TYPES: Mapping[str, ArgType] = MappingProxyType(
    {MODEL: "text", HINTS: "text", "precision": "text", "tiling": "switch", "large": "text"}
)

_Input = TypeVar("_Input")
_Value = TypeVar("_Value")


def type_of(name: str) -> ArgType | None:
    """What kind of value such an argument has; None if it is none of them."""
    return "number" if name.startswith((LORA, CONTROL)) else _TYPES.get(name)


def lora_arg(name: str) -> str:
    """The argument that holds the weight of a LoRA."""
    return f"{LORA}{name}"


def control_arg(name: str, which: str) -> str:
    """The argument that holds a control's `weight`, `start` or `end`."""
    return f"{CONTROL}{name}.{which}"


def hints_of(args: Mapping[str, object]) -> tuple[str, ...]:
    """The controls whose pictures a node is given, in the order of its last inputs."""
    said = args.get(HINTS)
    return tuple(said.split()) if isinstance(said, str) else ()


def parted(
    inputs: Sequence[_Input], args: Mapping[str, object]
) -> tuple[tuple[_Input, ...], tuple[_Input, ...]]:
    """The inputs of a node: those that it draws from, and the pictures of its controls."""
    count = len(inputs) - len(hints_of(args))
    return tuple(inputs[:count]), tuple(inputs[count:])


def trimmed(
    inputs: Sequence[_Input], args: Mapping[str, _Value]
) -> tuple[tuple[_Input, ...], dict[str, _Value | str]]:
    """A node's inputs and arguments without what says nothing: neutral values, LoRAs and controls whose
    weight is always 0.
    """
    drawn, shown = parted(inputs, args)
    kept = [
        (name, picture)
        for name, picture in zip(hints_of(args), shown, strict=True)
        if args.get(control_arg(name, "weight")) != 0.0
    ]
    names = {name for name, _ in kept}
    left: dict[str, _Value | str] = {
        name: value for name, value in args.items() if name != HINTS and not _is_idle(name, value, names)
    }
    if kept:
        left[HINTS] = " ".join(name for name, _ in kept)
    return (*drawn, *(picture for _, picture in kept)), left


def from_noise(
    inputs: Sequence[_Input], args: Mapping[str, _Value]
) -> tuple[tuple[_Input, ...], dict[str, _Value]]:
    """The inputs and arguments of a picture from noise alone, from those of one that is diffused: what its
    controls are shown is left.
    """
    return parted(inputs, args)[1], {n: v for n, v in args.items() if n not in _OF_PICTURE}


def _is_idle(name: str, value: object, controls: set[str]) -> bool:
    if name.startswith(LORA):
        return value == 0.0
    if name.startswith(CONTROL):
        return name.removeprefix(CONTROL).rpartition(".")[0] not in controls
    return name in NEUTRAL and type(value) is type(NEUTRAL[name]) and value == NEUTRAL[name]
