"""What an op of a `pipeline` is: the pictures that it takes, its numbers and words, what comes out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from anim_dsl.settings import SETTINGS, SettingSpec, SettingType

#: what an op takes and gives; everything but `flow` and `camera` is a picture
PictureKind: TypeAlias = Literal["image", "mask", "depth", "flow", "camera"]


@dataclass(frozen=True, slots=True)
class Slot:
    """A picture that an op takes. Those that may be left away come last; where one is left away before one
    that is given, the call's `given` names those that are.
    """

    name: str
    kind: PictureKind = "image"
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Arg:
    """A number or word that an op takes. Where it is not given it is `setting`, the path of a setting of
    the shot (`coherence.noise`), or, without one, the default of its `spec`; some are then just not there.
    """

    spec: SettingSpec
    setting: str = ""

    @property
    def name(self) -> str:
        """What the argument is called."""
        return self.spec.name


@dataclass(frozen=True, slots=True)
class ImageOp:
    """One op, with a line of help and a call as an example."""

    name: str
    slots: tuple[Slot, ...]
    args: tuple[Arg, ...]
    gives: PictureKind
    help: str
    example: str

    @property
    def order(self) -> tuple[str, ...]:
        """The order of arguments without names: pictures, numbers and words, an optional mask or depth."""
        last = [slot.name for slot in self.slots if slot.optional and slot.kind != "image"]
        first = [slot.name for slot in self.slots if slot.name not in last]
        return (*first, *(arg.name for arg in self.args), *last)

    def arg(self, name: str) -> Arg | None:
        """The argument of that name."""
        return next((arg for arg in self.args if arg.name == name), None)


def op(
    name: str, slots: str, args: tuple[Arg, ...], help: str, example: str, gives: PictureKind = "image"
) -> ImageOp:
    """An op with its pictures written `picture depth:depth?`; `?` marks one that may be left away."""
    found: list[Slot] = []
    kinds: dict[str, PictureKind] = {"mask": "mask", "depth": "depth", "flow": "flow", "camera": "camera"}
    for word in slots.split():
        slot, _, kind = word.removesuffix("?").partition(":")
        found.append(Slot(slot, kinds.get(kind, "image"), word.endswith("?")))
    return ImageOp(name, tuple(found), args, gives, help, example)


def number(
    name: str,
    type: SettingType,
    bounds: tuple[float | None, float | None],
    default: str,
    help: str,
    example: str,
) -> Arg:
    """A number that may change with the frame; `bounds` in base units."""
    low, high = bounds
    return Arg(
        SettingSpec("pipeline", name, type, help, "", low, high, default, example=f"{name} = {example}")
    )


def choice(name: str, choices: tuple[str, ...], help: str, default: str = "") -> Arg:
    """One of several words; without a default the first."""
    chosen, example = default or choices[0], f"{name} = {choices[-1]}"
    return Arg(
        SettingSpec(
            "pipeline",
            name,
            "choice",
            help,
            default=chosen,
            choices=choices,
            constant=True,
            example=example,
        )
    )


def of(block: str, name: str, called: str = "") -> Arg:
    """A setting of a block as an argument, under a name of its own; not given, it is that setting's value."""
    spec = SETTINGS[block, name]
    example = spec.example.replace(name, called, 1) if called else spec.example
    path = name if block == "film" else f"{block}.{name}"
    return Arg(replace(spec, block="pipeline", name=called or name, default="", example=example), path)
