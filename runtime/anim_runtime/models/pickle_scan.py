"""What a pickled model would call if it were opened, read from its bytes: nothing of it is run.

A pickle is a program of its own, whose instructions Python can list without obeying them (`pickletools`).
Models need a dozen names of PyTorch; a pickle that names another is refused before it comes near a loader.
"""

from __future__ import annotations

import io
import pickletools
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

#: what weights are made of; all of it is what `torch.load(weights_only=True)` takes as well
_HARMLESS: Final = frozenset(
    {
        "collections OrderedDict", "collections defaultdict", "torch._utils _rebuild_tensor",
        "torch._utils _rebuild_tensor_v2", "torch._utils _rebuild_tensor_v3",
        "torch._utils _rebuild_parameter",
        "torch._utils _rebuild_parameter_with_state", "torch._tensor _rebuild_from_type_v2", "torch Tensor",
        "torch.nn.parameter Parameter", "torch Size", "torch device", "torch.storage UntypedStorage",
        "torch.storage TypedStorage", "torch.serialization _get_layout", "_codecs encode", "builtins set",
        "__builtin__ set", "builtins dict", "builtins list",
    }
)  # fmt: skip
_TEXTS: Final = frozenset({"UNICODE", "BINUNICODE", "BINUNICODE8", "SHORT_BINUNICODE", "STRING", "BINSTRING",
                           "SHORT_BINSTRING"})  # fmt: skip
#: instructions that take back what was named before, which no table of weights has any use for
_HIDING: Final = frozenset({"POP", "POP_MARK", "DUP"})
#: instructions that name something to call; `INST` and `OBJ` are of Python 1
_NAMING: Final = frozenset({"GLOBAL", "INST"})

_MOST_PICKLE: Final = 64 * 2**20
_MOST_ENTRIES: Final = 50_000
#: PyTorch before 1.6 writes five pickles one after the other, and then the numbers
_OLD_PICKLES: Final = 5
#: an archive of weights is not compressed; what unpacks to more than this of itself is a bomb
_MOST_RATIO: Final = 2


class Refused(Exception):
    """Why a pickled file is not opened, as the end of a sentence."""


def check_pickle(path: Path) -> None:
    """Raises `Refused` if the file is no pickled weights, or would do anything but make tensors."""
    with path.open("rb") as file:
        head = file.read(4)
        file.seek(0)
        if head[:2] == b"PK":
            _check_archive(path)
        elif head[:1] == b"\x80":
            _check_stream(file, path.stat().st_size)
        else:
            raise Refused("is neither an archive nor a pickle of PyTorch")


def _check_archive(path: Path) -> None:
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError):
        raise Refused("is cut short, or no archive of PyTorch") from None
    with archive:
        entries = archive.infolist()
        if len(entries) > _MOST_ENTRIES:
            raise Refused(f"holds {len(entries):,} files, and no model has so many")
        unpacked = sum(entry.file_size for entry in entries)
        if unpacked > _MOST_RATIO * path.stat().st_size + _MOST_PICKLE:
            raise Refused(f"would unpack to {unpacked / 1e9:,.1f} GB: it is made to fill the machine")
        pickles = [entry for entry in entries if entry.filename.endswith(".pkl")]
        for entry in entries:
            parts = entry.filename.split("/")
            if "code" in parts[:2] or parts[-1] == "constants.pkl":
                raise Refused("holds a program (TorchScript), not weights alone")
            if parts[-1].endswith((".zip", ".ckpt", ".pt", ".pth", ".py", ".so")):
                raise Refused(f"holds `{parts[-1][:60]}`: an archive in an archive, or a program")
        if len(pickles) != 1 or not pickles[0].filename.endswith("data.pkl"):
            raise Refused("is no archive of PyTorch: it has not one `data.pkl`")
        if pickles[0].file_size > _MOST_PICKLE:
            raise Refused("has a description of its tensors that is larger than any model needs")
        try:
            data = archive.read(pickles[0])
        except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError):
            raise Refused("is damaged") from None
    _check_names(io.BytesIO(data))


def _check_stream(file: IO[bytes], size: int) -> None:
    for number in range(_OLD_PICKLES):
        # what follows the first one may be numbers already
        if number and file.tell() >= size:
            return
        try:
            _check_names(file)
        except Refused:
            if number < 2 or not _is_pickle_next(file):
                raise
            return


def _is_pickle_next(file: IO[bytes]) -> bool:
    head = file.read(1)
    file.seek(-len(head), 1)
    return head == b"\x80"


def _check_names(file: IO[bytes]) -> None:
    for name in _named(file):
        module, _, attribute = name.partition(" ")
        is_storage = module in ("torch", "torch.storage", "torch.cuda") and attribute.endswith("Storage")
        is_dtype = module == "torch" and attribute in _DTYPES
        if name not in _HARMLESS and not is_storage and not is_dtype:
            raise Refused(f"would call `{module[:60]}.{attribute[:60]}` when it is opened")


_DTYPES: Final = frozenset(
    {"float16", "float32", "float64", "bfloat16", "half", "float", "double", "bool"}
    | {"int8", "int16", "int32", "int64", "uint8", "long", "float8_e4m3fn", "float8_e5m2"}
)


def _named(file: IO[bytes]) -> Iterator[str]:
    """The names that one pickle would call, `module attribute`."""
    texts: list[str] = []
    try:
        for code, argument, _ in pickletools.genops(file):
            if code.name in _HIDING:
                raise Refused("hides what it would call when it is opened")
            if code.name in _NAMING:
                yield str(argument)
            elif code.name == "STACK_GLOBAL":
                # its two names are the texts before it, unless they came out of the memo
                yield " ".join(texts[-2:]) if len(texts) >= 2 else "a name that is hidden"
            elif code.name in _TEXTS:
                texts = [*texts[-1:], str(argument)]
            elif code.name in ("GET", "BINGET", "LONG_BINGET"):
                texts = [*texts[-1:], "(hidden)"]
            elif code.name.startswith("EXT"):
                yield "copyreg extension"
    except (ValueError, EOFError, IndexError, UnicodeDecodeError, OverflowError, MemoryError):
        raise Refused("is cut short, or no pickle") from None
