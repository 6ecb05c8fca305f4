"""What every pixel kernel is given: tensors in, the op's arguments at the frame, the frame's context.

A kernel is a pure function of these three. The session supplies what is not pixels to pixels:
`previous`, `next`, `first` and `init` (stored or loaded pictures), `generate` and `diffuse` (the engine).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray

if TYPE_CHECKING:
    from anim_runtime.ops.lut import Table

Argument: TypeAlias = float | int | str | bool | tuple[float, ...] | NDArray[np.float64] | None
Arguments: TypeAlias = Mapping[str, Argument]


_NO_TABLES: Mapping[str, Table] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class FrameContext:
    """The frame in work: its number in the plan, the film's size in px, where tensors live.

    `place` is its number in its scene, which noise depends on; the same as `frame` unless given. `beneath` is
    the picture of the scene before that still shows at this frame, `[1,3,H,W]`. `tables` are the
    film's colour tables by path.
    """

    frame: int
    width: int
    height: int
    device: torch.device
    place: int | None = None
    beneath: torch.Tensor | None = None
    tables: Mapping[str, Table] = field(default_factory=lambda: _NO_TABLES)


#: `kernel(inputs, args, frame)`: images are float32 `[1,3,H,W]`, RGB, 0..1, on `frame.device`; depth
#: maps are float32 `[1,1,H,W]`, 1 (near) to 2 (far). `args` holds this frame's values: a column of
#: shape `(frames,)` gives a number, one of shape `(frames, n)` its row. Inputs are never changed in place.
Kernel: TypeAlias = Callable[[Sequence[torch.Tensor], Arguments, FrameContext], torch.Tensor]


def number(args: Arguments, name: str) -> float:
    """The argument as a float; KeyError if absent, TypeError if it is not a number."""
    value = args[name]
    if isinstance(value, (int, float, np.number)):
        return float(value)
    raise TypeError(f"argument `{name}` is {type(value).__name__}, not a number")


def word(args: Arguments, name: str, choices: Sequence[str]) -> str:
    """The argument as one of `choices`; KeyError if absent, ValueError if it is none of them."""
    value = args[name]
    if isinstance(value, str) and value in choices:
        return value
    raise ValueError(f"argument `{name}` is {value!r}, not one of {', '.join(choices)}")


def vector(args: Arguments, name: str, length: int) -> NDArray[np.float64]:
    """The argument as float64 `[length]`; KeyError if absent, ValueError if it has another length."""
    values = np.asarray(args[name], dtype=np.float64)
    if values.shape != (length,):
        raise ValueError(f"argument `{name}` has shape {values.shape}, not ({length},)")
    return values
