"""The header of a safetensors file: read without its numbers, and held to every rule of the format.

The format: eight bytes that hold the length of a header, the header in JSON, the numbers. A file may lie in
each of them, so each is checked before it is believed; nothing that is read here grows with the file.
"""

from __future__ import annotations

import json
import stat
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NoReturn

LONGEST_HEADER: Final = 8 * 2**20
"""Bytes that a header may have. Checkpoints have 0.3 MB, LoRAs that tell of their training up to 3 MB."""

MOST_TENSORS: Final = 20_000
"""Tensors that a file may have. Large models have some 3,000."""

MOST_DIMENSIONS: Final = 8

BITS: Final[Mapping[str, int]] = {
    "BOOL": 8, "U8": 8, "I8": 8, "F8_E4M3": 8, "F8_E5M2": 8, "F8_E8M0": 8,
    "F8_E4M3FNUZ": 8, "F8_E5M2FNUZ": 8, "I16": 16, "U16": 16, "F16": 16, "BF16": 16,
    "I32": 32, "U32": 32, "F32": 32, "I64": 64, "U64": 64, "F64": 64, "C64": 64,
    "F4": 4, "F6_E2M3": 6, "F6_E3M2": 6,
}  # fmt: skip
"""The types that numbers may have, with the bits of each."""

_LENGTH: Final = struct.Struct("<Q")
#: a file of 2^63 bytes is none; sizes beyond are lies that need no arithmetic
_MOST_BYTES: Final = 1 << 62
_ENTRY: Final = b'"data_offsets"'


@dataclass(frozen=True, slots=True)
class Tensor:
    """A tensor as a header tells it: its type, its shape, and where its bytes lie behind the header."""

    dtype: str
    shape: tuple[int, ...]
    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class Header:
    """What a file says of itself. Names and metadata are foreign text."""

    tensors: Mapping[str, Tensor]
    metadata: Mapping[str, str]
    #: bytes before the first number
    length: int


@dataclass(frozen=True, slots=True)
class HeaderProblem:
    """What is wrong with a file, as the end of a sentence: ``is cut short``."""

    message: str


class _Wrong(Exception):
    """A rule that the header breaks, in words."""


def read_header(path: Path) -> Header | HeaderProblem:
    """The header of a `.safetensors` file, or what is wrong with it. Reads no more than the header."""
    try:
        told = path.stat()
        # a pipe would be waited for without end
        if not stat.S_ISREG(told.st_mode):
            return HeaderProblem("is no file")
        size = told.st_size
        with path.open("rb") as file:
            length = _length(file.read(_LENGTH.size + 1), size)
            file.seek(_LENGTH.size)
            data = file.read(length)
    except OSError:
        return HeaderProblem("cannot be read")
    except _Wrong as wrong:
        return HeaderProblem(str(wrong))
    return parse_header(data, size)


def parse_header(data: bytes, size: int) -> Header | HeaderProblem:
    """The header of those bytes (the JSON alone), of a file of `size` bytes."""
    try:
        # before any object is made: 200,000 entries are refused as fast as they are counted
        if data.count(_ENTRY) > MOST_TENSORS:
            raise _Wrong(f"names {data.count(_ENTRY):,} tensors; {MOST_TENSORS:,} are the most")
        told = _json(data)
        metadata = _metadata(told.pop("__metadata__", {}))
        if len(told) > MOST_TENSORS:
            raise _Wrong(f"names {len(told):,} tensors; {MOST_TENSORS:,} are the most")
        numbers = size - _LENGTH.size - len(data)
        tensors = {name: _tensor(name, row) for name, row in told.items()}
        _laid_out(tensors, numbers)
    except _Wrong as wrong:
        return HeaderProblem(str(wrong))
    return Header(tensors, metadata, _LENGTH.size + len(data))


def _length(head: bytes, size: int) -> int:
    """The length of the header by a file's first nine bytes; what is no such file is told by its kind."""
    if head[:2] == b"PK":
        raise _Wrong("is a zip archive, as PyTorch writes, and not a safetensors file")
    if head[:1] == b"\x80" and head[1:2] in (b"\x02", b"\x03", b"\x04", b"\x05") and head[2:3] != b"\x00":
        raise _Wrong("is a pickle, which can run code, and not a safetensors file")
    if head[:4] == b"GGUF":
        raise _Wrong("is a GGUF file, and not a safetensors file")
    if head.lstrip()[:1] == b"<":
        raise _Wrong("is a page of the web (HTML), and not a safetensors file")
    if len(head) <= _LENGTH.size:
        raise _Wrong("is too short to be a safetensors file")
    (length,) = _LENGTH.unpack(head[: _LENGTH.size])
    if length > size - _LENGTH.size:
        raise _Wrong("is cut short, or is no safetensors file: its header does not fit into it")
    if head[_LENGTH.size :] != b"{":
        raise _Wrong("is no safetensors file: its header is not JSON")
    if length > LONGEST_HEADER:
        raise _Wrong(f"has a header of {length / 2**20:,.0f} MiB; {LONGEST_HEADER >> 20} MiB are the most")
    assert isinstance(length, int)
    return length


def _json(data: bytes) -> dict[str, object]:
    try:
        told = json.loads(data.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_constant)
    except _Wrong:
        raise
    except RecursionError:
        raise _Wrong("has a header that is nested without end") from None
    except ValueError:  # also bytes that are no UTF-8, and whole numbers of thousands of digits
        raise _Wrong("is no safetensors file: its header is not JSON") from None
    if not isinstance(told, dict):
        raise _Wrong("is no safetensors file: its header is no JSON object")
    return told


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _Wrong("has a header that names something twice")
    return found


def _no_constant(word: str) -> NoReturn:
    raise _Wrong(f"has `{word}` in its header, which is no JSON")


def _metadata(told: object) -> dict[str, str]:
    if not isinstance(told, dict) or not all(isinstance(value, str) for value in told.values()):
        raise _Wrong("has metadata that are no texts")
    return told


def _tensor(name: str, row: object) -> Tensor:
    if not isinstance(row, dict) or row.keys() != {"dtype", "shape", "data_offsets"}:
        raise _Wrong(f"describes {_called(name)} in another way than the format")
    dtype, shape, offsets = row["dtype"], row["shape"], row["data_offsets"]
    if not isinstance(dtype, str) or dtype not in BITS:
        raise _Wrong(f"has numbers of an unknown type in {_called(name)}")
    if not _is_whole(shape) or len(shape) > MOST_DIMENSIONS:
        raise _Wrong(f"has no true shape for {_called(name)}")
    if not _is_whole(offsets) or len(offsets) != 2:
        raise _Wrong(f"has no true place for {_called(name)}")
    begin, end = offsets
    if begin > end:
        raise _Wrong(f"has a place for {_called(name)} that ends before it begins")
    bits = BITS[dtype]
    for edge in shape:
        # checked at each step, so that no number grows beyond the largest file
        bits *= edge
        if bits > 8 * _MOST_BYTES:
            raise _Wrong(f"has a shape for {_called(name)} that no file can hold")
    if bits % 8 or bits // 8 != end - begin:
        raise _Wrong(f"has a shape for {_called(name)} that does not fit its bytes")
    return Tensor(dtype, tuple(shape), begin, end)


def _is_whole(value: object) -> bool:
    """Whether it is a list of whole numbers, none negative: `true` and `1.0` are none."""
    return isinstance(value, list) and all(type(v) is int and 0 <= v <= _MOST_BYTES for v in value)


def _laid_out(tensors: Mapping[str, Tensor], numbers: int) -> None:
    """Raises if the tensors do not fill the bytes behind the header: none twice, none left over."""
    place = 0
    for name, tensor in sorted(tensors.items(), key=lambda row: (row[1].begin, row[1].end)):
        if tensor.begin < place:
            raise _Wrong(f"has bytes that belong to {_called(name)} and to another tensor")
        if tensor.begin > place:
            raise _Wrong(f"has bytes before {_called(name)} that belong to no tensor")
        place = tensor.end
    if place > numbers:
        raise _Wrong("is cut short: its last numbers are missing")
    if place < numbers:
        raise _Wrong("has bytes behind its last numbers")


def _called(name: str) -> str:
    """A tensor's name in a sentence, short and without what a terminal would obey."""
    from anim_dsl.visible import escaped

    return f"`{escaped(name[:60])}{'…' if len(name) > 60 else ''}`"
