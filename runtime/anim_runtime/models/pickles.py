"""Pickled models, `.ckpt .pt .pth .bin`: converted once to safetensors, and then never opened again.

Only for a person at the keyboard who asks for it: no film, and no lock, gets here. The file is looked at
without being run (`pickle_scan`), then opened in a process that can do no harm (`pickle_child`), and what
that wrote is held to every rule of safetensors before it gets its name.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from anim_compiler.models.detect_words import plain
from anim_compiler.models.header import HeaderProblem, read_header
from anim_compiler.whole_file import TEMPORARY, settle
from anim_runtime.models.pickle_scan import Refused, check_pickle
from anim_runtime.problems import RenderProblem

#: seconds that a conversion may take: SDXL's seven gigabytes take half a minute from a slow disk
_PATIENCE: Final = 1800.0
_CHILD: Final = Path(__file__).with_name("pickle_child.py")

_HINT: Final = "take the `.safetensors` file of the same model; nearly every model has one"


@dataclass(frozen=True, slots=True)
class Converted:
    """A model that was a pickle: the new file, and how many tensors are in it."""

    path: Path
    tensors: int


def convert_pickle(source: Path, target: Path) -> Converted:
    """Writes the tensors of a pickled file to `target`, a `.safetensors` file, whole or not at all.

    Raises RenderProblem (exit code 1) if the file is refused, with its reason; OSError if it cannot be
    written.
    """
    try:
        check_pickle(source)
    except Refused as refused:
        raise RenderProblem(f"`{source.name}` {plain(str(refused), 300)}", _HINT, 1) from None
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{TEMPORARY}{target.name}")
    try:
        told = _in_child(source, part)
        header = read_header(part)
        if isinstance(header, HeaderProblem):
            raise RenderProblem(f"what was made of `{source.name}` {header.message}", _HINT, 1)
        settle(part, target)
    finally:
        part.unlink(missing_ok=True)
    return Converted(target, told)


def _in_child(source: Path, part: Path) -> int:
    """The number of tensors that the child wrote. Raises RenderProblem."""
    with tempfile.TemporaryDirectory(prefix="anim-convert-") as nowhere:
        try:
            done = subprocess.run(
                [sys.executable, "-I", str(_CHILD), str(source.absolute()), str(part.absolute())],
                cwd=nowhere,
                # no token, no home, and nothing that changes how libraries load
                env={
                    "HOME": nowhere,
                    "TMPDIR": nowhere,
                    "OMP_NUM_THREADS": "1",
                    "SYSTEMROOT": _system_root(),
                },
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=_PATIENCE,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise RenderProblem(f"`{source.name}` took too long to open", _HINT, 1) from None
    try:
        told = json.loads(done.stdout[-65536:])
        if done.returncode == 0:
            return int(told["tensors"])
        reason = str(told["refused"])
    except (ValueError, KeyError, TypeError):
        reason = f"ended the process that opened it (exit code {done.returncode})"
    raise RenderProblem(f"`{source.name}` {plain(reason, 300)}", _HINT, 1)


def _system_root() -> str:
    """Windows' own folder, without which its sockets and random numbers do not load; "" elsewhere."""
    return str(Path(sys.executable).anchor + "Windows") if sys.platform == "win32" else ""
