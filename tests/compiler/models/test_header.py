"""Headers of safetensors files: every rule, each broken once, and none that costs more than its header."""

from __future__ import annotations

import json
import os
import struct
import sys
from pathlib import Path

import pytest
from tests.weights import SDXL, write_weights

from anim_compiler.models.header import Header, HeaderProblem, parse_header, read_header

ONE = {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}


def made(told: object, numbers: int = 24) -> Header | HeaderProblem:
    data = told if isinstance(told, bytes) else json.dumps(told).encode()
    return parse_header(data, 8 + len(data) + numbers)


def test_a_header_is_read_as_it_is(tmp_path: Path) -> None:
    path = write_weights(tmp_path / "x.safetensors", {"a": (2, 3), "b": ()}, {"format": "pt"})
    found = read_header(path)
    assert isinstance(found, Header)
    assert {name: (t.dtype, t.shape, t.begin, t.end) for name, t in found.tensors.items()} == {
        "a": ("F16", (2, 3), 0, 12),
        "b": ("F16", (), 12, 14),
    }
    assert found.metadata == {"format": "pt"}


WRONG = {
    "an array": (b"[]", "no JSON object"),
    "no JSON": (b"{", "not JSON"),
    "bad UTF-8": (b'{"\xff": 1}', "not JSON"),
    "nested without end": (b'{"a":' + b"[" * 100_000, "not JSON|nested"),
    "a number of thousands of digits": (b'{"a": ' + b"9" * 10_000 + b"}", "not JSON"),
    "NaN": (b'{"a": NaN}', "`NaN`"),
    "a name twice": (b'{"a": 1, "a": 2}', "twice"),
    "metadata that are numbers": ({"__metadata__": {"a": 1}}, "metadata"),
    "metadata in metadata": ({"__metadata__": {"a": {}}}, "metadata"),
    "another key": ({"a": {**ONE, "more": 1}}, "another way"),
    "no shape": ({"a": {"dtype": "F32", "data_offsets": [0, 24]}}, "another way"),
    "an unknown type": ({"a": {**ONE, "dtype": "F31"}}, "unknown type"),
    "a type that is none": ({"a": {**ONE, "dtype": ["F32"]}}, "unknown type"),
    "a negative edge": ({"a": {**ONE, "shape": [-2, -3]}}, "shape"),
    "an edge that is true": ({"a": {**ONE, "shape": [True, 6]}}, "shape"),
    "an edge with a point": ({"a": {**ONE, "shape": [2.0, 3]}}, "shape"),
    "an edge beyond counting": ({"a": {**ONE, "shape": [10**30, 0]}}, "shape"),
    "a shape that overflows": ({"a": {**ONE, "shape": [1 << 40, 1 << 40]}}, "no file can hold"),
    "a shape that does not fit": ({"a": {**ONE, "shape": [2, 4]}}, "does not fit"),
    "a hundred dimensions": ({"a": {**ONE, "shape": [1] * 100}}, "shape"),
    "three offsets": ({"a": {**ONE, "data_offsets": [0, 24, 48]}}, "place"),
    "offsets the wrong way": ({"a": {**ONE, "data_offsets": [24, 0]}}, "before it begins"),
    "an overlap": ({"a": ONE, "b": {**ONE, "data_offsets": [12, 36]}}, "belong to `b` and"),
    "a hole": ({"a": {**ONE, "data_offsets": [4, 28]}}, "no tensor"),
    "half a byte": ({"a": {"dtype": "F4", "shape": [3], "data_offsets": [0, 1]}}, "does not fit"),
    "bytes left over": ({"a": {**ONE, "shape": [1, 3], "data_offsets": [0, 12]}}, "behind"),
    "bytes that are missing": ({"a": {**ONE, "shape": [4, 3], "data_offsets": [0, 48]}}, "cut short"),
    "an escape in a name": ({"\x1b]0;x\x07": {**ONE, "dtype": "?"}}, r"\\x1b\]0;x\\x07"),
}


@pytest.mark.parametrize("what", WRONG)
def test_each_rule_that_is_broken_is_told(what: str) -> None:
    told, says = WRONG[what]
    found = made(told)
    assert isinstance(found, HeaderProblem)
    import re

    assert re.search(says, found.message), found.message
    assert found.message.isprintable()


def test_what_is_odd_and_allowed() -> None:
    whole = made({"../../x": ONE, "empty": {"dtype": "F16", "shape": [0, 4], "data_offsets": [24, 24]}})
    assert isinstance(whole, Header)
    assert isinstance(made({}, numbers=0), Header)
    assert isinstance(made({"a": {"dtype": "F4", "shape": [48], "data_offsets": [0, 24]}}), Header)


def test_a_header_of_200_000_tensors_is_counted_and_not_read() -> None:
    row = b'"t%06d":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}'
    data = b"{" + b",".join(row % n for n in range(200_000)) + b"}"
    assert len(data) > 8 * 2**20
    found = parse_header(data, 8 + len(data))
    assert isinstance(found, HeaderProblem)
    assert "200,000" in found.message


def test_its_count_cannot_be_hidden_by_escapes() -> None:
    row = b'"t%06d":{"dtype":"F32","shape":[0],"data\\u005foffsets":[0,0]}'
    data = b"{" + b",".join(row % n for n in range(20_001)) + b"}"
    found = parse_header(data, 8 + len(data))
    assert isinstance(found, HeaderProblem)
    assert "20,001" in found.message


@pytest.mark.parametrize("length", [0, 2, 7, 1 << 20, (8 << 20) + 1, 1 << 42, (1 << 63), (1 << 64) - 1])
def test_a_length_that_lies_is_no_header(length: int, tmp_path: Path) -> None:
    path = tmp_path / "x.safetensors"
    path.write_bytes(struct.pack("<Q", length) + b"{}" + bytes(8))
    assert isinstance(read_header(path), HeaderProblem)


def test_a_sparse_file_of_40_gigabytes_costs_its_header(tmp_path: Path) -> None:
    if sys.platform == "win32":
        pytest.skip("its files have no holes by themselves")
    path = write_weights(tmp_path / "x.safetensors", {**SDXL, "big": (40, 500_000_000)})
    assert path.stat().st_size > 40e9
    assert isinstance(read_header(path), Header)
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size - 1)
    assert read_header(path) == HeaderProblem("is cut short: its last numbers are missing")


@pytest.mark.parametrize(
    ("head", "says"),
    [
        (b"PK\x03\x04", "zip"),
        (b"\x80\x02cposix\nsystem\n", "pickle"),
        (b"GGUF\x03\0\0\0\0\0", "GGUF"),
        (b"<!DOCTYPE html><html>", "HTML"),
        (b"", "too short"),
        (b"\x08\0\0\0\0\0\0\0", "too short"),
    ],
)
def test_another_kind_of_file_is_called_by_its_name(head: bytes, says: str, tmp_path: Path) -> None:
    path = tmp_path / "x.safetensors"
    path.write_bytes(head)
    found = read_header(path)
    assert isinstance(found, HeaderProblem)
    assert says in found.message


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x.safetensors")
    assert read_header(tmp_path / "x.safetensors") == HeaderProblem("is no file")


def test_a_file_that_is_not_there_cannot_be_read(tmp_path: Path) -> None:
    assert read_header(tmp_path / "none.safetensors") == HeaderProblem("cannot be read")
    assert read_header(tmp_path) == HeaderProblem("is no file")
