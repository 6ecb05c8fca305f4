"""Pickled models: converted once, in a process that can do no harm; refused with a reason, and not run."""

from __future__ import annotations

import io
import os
import pickle
import re
import shutil
import struct
import subprocess
import sys
import zipfile
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from anim_compiler.models.header import Header, read_header
from anim_runtime.models import pickle_child
from anim_runtime.models.pickle_scan import Refused, check_pickle
from anim_runtime.models.pickles import convert_pickle
from anim_runtime.problems import RenderProblem


class Calls:
    """Calls something when it is opened."""

    def __init__(self, function: Callable[..., object], *arguments: object) -> None:
        self._call = function, arguments

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return self._call


WEIGHTS = {"a.weight": torch.arange(6.0).reshape(2, 3), "b": torch.ones(4, dtype=torch.float16)}


def test_weights_come_out_as_they_were_and_nothing_else_does(tmp_path: Path) -> None:
    from safetensors.torch import load_file

    told = {"state_dict": OrderedDict(WEIGHTS), "epoch": 3, "optimizer": {"lr": torch.zeros(1)}}
    torch.save(told, tmp_path / "old.ckpt")
    made = convert_pickle(tmp_path / "old.ckpt", tmp_path / "new" / "a.safetensors")
    assert made.tensors == 2
    found = load_file(made.path)
    assert found.keys() == WEIGHTS.keys()
    assert all(torch.equal(found[name], tensor) for name, tensor in WEIGHTS.items())
    assert isinstance(read_header(made.path), Header)
    assert [path.name for path in made.path.parent.iterdir()] == ["a.safetensors"]


def evil(path: Path, marker: Path, protocol: int) -> None:
    path.write_bytes(pickle.dumps({"a": Calls(os.system, f"touch {marker}")}, protocol))


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
def test_a_pickle_that_calls_the_system_is_refused_and_not_run(protocol: int, tmp_path: Path) -> None:
    evil(tmp_path / "evil.pt", tmp_path / "marker", protocol)
    with pytest.raises(RenderProblem, match=r"would call `\w+\.system`") as refused:
        convert_pickle(tmp_path / "evil.pt", tmp_path / "new.safetensors")
    assert refused.value.exit_code == 1
    assert not (tmp_path / "marker").exists()
    assert not (tmp_path / "new.safetensors").exists()


@pytest.mark.parametrize(
    "call",
    [
        Calls(eval, "open('marker', 'w')"),
        Calls(exec, "open('marker', 'w')"),
        Calls(open, "marker", "w"),
        Calls(shutil.rmtree, "nowhere"),
        Calls(getattr, "os", "system"),
        Calls(__import__, "os"),
        Calls(torch.load, "other.pt"),
    ],
    ids=["eval", "exec", "open", "rmtree", "getattr", "import", "torch.load"],
)
def test_whatever_it_calls_is_told_and_not_run(
    call: Calls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    torch.save({"a": call}, tmp_path / "evil.ckpt")
    with pytest.raises(Refused, match="would call"):
        check_pickle(tmp_path / "evil.ckpt")
    assert not (tmp_path / "marker").exists()


@pytest.mark.parametrize(
    "hiding",
    [b"\x8c\x05torch0\x8c\x04Size0", b"(\x8c\x05torch\x8c\x04Size1", b"2"],
    ids=["pop", "pop to a mark", "dup"],
)
def test_a_name_behind_others_that_are_taken_back_is_refused(hiding: bytes, tmp_path: Path) -> None:
    data = b"\x80\x04\x8c\x02os\x8c\x06system" + hiding + b"\x93\x8c\x04true\x85R."
    (tmp_path / "evil.pt").write_bytes(data)
    with pytest.raises(Refused, match="hides what it would call"):
        check_pickle(tmp_path / "evil.pt")


def test_what_is_no_weights_is_told_by_its_name(tmp_path: Path) -> None:
    torch.save({"a": torch.ones(1), "loss": np.float32(0.5)}, tmp_path / "old.ckpt")
    with pytest.raises(Refused, match=r"would call `numpy.*\.scalar`"):
        check_pickle(tmp_path / "old.ckpt")


def test_the_reason_is_that_of_the_loader_and_not_its_advice() -> None:
    said = "Weights only load failed. Do it without.\n\tWeightsUnpickler error: Bad name\n\nMore"
    assert pickle_child.reason(ValueError(said)) == "Bad name"
    assert pickle_child.reason(OSError("one\ntwo")) == "one"
    assert pickle_child.reason(EOFError()) == ""


def archive(path: Path, entries: dict[str, bytes], compression: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(path, "w", compression) as made:
        for name, data in entries.items():
            made.writestr(name, data)
    return path


DATA = pickle.dumps({}, 2)


@pytest.mark.parametrize(
    ("entries", "says"),
    [
        ({"x/data.pkl": DATA, "x/inner.zip": b"PK"}, "archive in an archive"),
        ({"x/data.pkl": DATA, "x/inner.ckpt": b"PK"}, "archive in an archive"),
        ({"x/data.pkl": DATA, "x/setup.py": b""}, "a program"),
        ({"x/data.pkl": DATA, "x/code/a.txt": b""}, "TorchScript"),
        ({"x/data.pkl": DATA, "y/data.pkl": DATA}, "not one"),
        ({"x/other": DATA}, "not one"),
        ({"x/data.pkl": b"\x80\x02("}, "cut short"),
        ({"x/data.pkl": b""}, "cut short"),
    ],
)
def test_an_archive_of_something_else_is_refused(
    entries: dict[str, bytes], says: str, tmp_path: Path
) -> None:
    with pytest.raises(Refused, match=says):
        check_pickle(archive(tmp_path / "a.ckpt", entries))


def test_an_archive_that_unpacks_to_gigabytes_is_refused_by_its_list(tmp_path: Path) -> None:
    path = archive(
        tmp_path / "a.ckpt", {"x/data.pkl": DATA, "x/data/0": bytes(1 << 20)}, zipfile.ZIP_DEFLATED
    )
    # the list of the archive tells sizes: four gigabytes is what this one says now
    told = path.read_bytes()
    size = struct.pack("<I", 1 << 20)
    path.write_bytes(told.replace(size, struct.pack("<I", 0xF0000000)))
    with pytest.raises(Refused, match="fill the machine"):
        check_pickle(path)


@pytest.mark.parametrize(
    "data", [b"", b"<html>", b"PK\x03\x04", b"\x80", b"\x80\x02", b"hello", b"\x80\x02\x8a\xff"]
)
def test_what_is_no_pickle_is_refused(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.ckpt").write_bytes(data)
    with pytest.raises(Refused):
        check_pickle(tmp_path / "a.ckpt")


def test_a_view_of_a_thousand_million_numbers_is_refused() -> None:
    with pytest.raises(pickle_child.Refused, match="more numbers than the file holds"):
        pickle_child.owned({"a": torch.zeros(1).expand(1_000_000_000)}, 1500)
    many = {str(n): torch.zeros(1 << 20) for n in range(4)}
    shared = dict.fromkeys(many, many["0"])
    with pytest.raises(pickle_child.Refused):
        pickle_child.owned(shared, 1 << 20)


def test_an_embedding_of_the_web_ui_is_one(tmp_path: Path) -> None:
    told = {"string_to_token": {"*": 265}, "string_to_param": {"*": torch.ones(2, 768)}, "name": "neon"}
    tensors, title = pickle_child.found(told, torch)
    assert list(tensors) == ["emb_params"]
    assert title == "neon"
    for odd in ([1], {"a": 1}, {"string_to_param": {}}):
        with pytest.raises(pickle_child.Refused):
            pickle_child.found(odd, torch)


_HARM = """
import sys
sys.path.insert(0, {folder!r})
import pickle_child, socket, subprocess, os, pathlib, urllib.request
pickle_child.lock({target!r})
def tried(what):
    try:
        what()
    except pickle_child.Refused:
        return "refused"
    except OSError as error:
        return type(error).__name__
    return "done"
print(tried(lambda: socket.create_connection(("127.0.0.1", 9))))
print(tried(lambda: socket.getaddrinfo("example.org", 80)))
print(tried(lambda: subprocess.run(["true"])))
print(tried(lambda: os.system("true")))
print(tried(lambda: os.remove({other!r})))
print(tried(lambda: open({other!r}, "w")))
print(tried(lambda: pathlib.Path({target!r}).write_text("x")))
"""


def test_the_process_can_do_nothing_but_write_its_file(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_text("whole")
    folder = str(Path(pickle_child.__file__).parent)
    code = _HARM.format(folder=folder, target=str(tmp_path / "target"), other=str(other))
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["refused"] * 6 + ["done"], done.stderr
    assert other.read_text() == "whole"


_FILL = """
import sys
sys.path.insert(0, {folder!r})
import pickle_child
pickle_child.limit(1 << 20)
bytearray(1 << 20)
try:
    bytearray(2 * pickle_child._ROOM)
except MemoryError:
    print("refused")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds what a process writes to")
def test_the_process_gets_the_memory_that_weights_of_that_size_need() -> None:
    code = _FILL.format(folder=str(Path(pickle_child.__file__).parent))
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["refused"]


def test_a_child_that_dies_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    child = tmp_path / "child.py"
    child.write_text("import os\nos._exit(9)\n")
    monkeypatch.setattr("anim_runtime.models.pickles._CHILD", child)
    buffer = io.BytesIO()
    torch.save(WEIGHTS, buffer)
    (tmp_path / "a.pt").write_bytes(buffer.getvalue())
    with pytest.raises(RenderProblem, match="exit code 9"):
        convert_pickle(tmp_path / "a.pt", tmp_path / "new.safetensors")


def test_nothing_ever_opens_a_pickle_without_care() -> None:
    root = Path(__file__).resolve().parents[3]
    sources = [p for part in ("compiler", "runtime", "studio", "tools") for p in (root / part).rglob("*.py")]
    careless = "weights_only=" + "False"
    opened = re.compile(r"^[^`#]*\btorch\.load\((?!.*weights_only=True)", re.MULTILINE)
    for path in sources:
        text = path.read_text(encoding="utf-8")
        assert careless not in text, path.name
        assert opened.search(text) is None, path.name
