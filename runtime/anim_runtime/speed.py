"""What a user may say of a render's speed and of the device's memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

#: `all` of a model on the device; text encoders away once they are `read`; pictures decoded in `tiles`; the
#: `parts` there in turn; their `layers` in turn; `auto` is the first of these that fits
Memory: TypeAlias = Literal["auto", "all", "read", "tiles", "parts", "layers"]


@dataclass(frozen=True, slots=True)
class Speed:
    """`graphs` are CUDA graphs: work that is given to the device once and repeated."""

    graphs: bool = True
    memory: Memory = "auto"


AS_FITS = Speed()
"""As quick as the device's memory lets it be."""
