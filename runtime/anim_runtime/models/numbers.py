"""The numbers of a file of weights: whether they are numbers. A NaN loads without a word, and draws black."""

from __future__ import annotations

import mmap
from pathlib import Path
from typing import Final

import numpy as np

from anim_compiler.models.header import Header

#: how the sign, exponent and fraction of a type lie in its bits: all ones in the exponent is no number
_EXPONENTS: Final = {
    "F64": (np.uint64, 0x7FF0_0000_0000_0000),
    "F32": (np.uint32, 0x7F80_0000),
    "BF16": (np.uint16, 0x7F80),
    "F16": (np.uint16, 0x7C00),
    "F8_E5M2": (np.uint8, 0x7C),
}
#: bytes that are looked at in one go
_PIECE: Final = 1 << 24


def no_number(path: Path, header: Header) -> str:
    """The name of the first tensor that holds NaN or infinity; "" if none does. Raises OSError."""
    if not any(tensor.end for tensor in header.tensors.values()):
        return ""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        for name, tensor in header.tensors.items():
            rule = _EXPONENTS.get(tensor.dtype)
            if rule is None:
                continue
            kind, mask = rule
            begin, end = header.length + tensor.begin, header.length + tensor.end
            for at in range(begin, end, _PIECE):
                # copied, since a tensor may begin at any byte
                bits = np.frombuffer(data[at : min(at + _PIECE, end)], dtype=kind)
                if np.any((bits & mask) == mask):
                    return name
    return ""
