"""Opens one pickled model in a process of its own, and writes its tensors as safetensors: `child.py FROM TO`.

Run with `python -I`, an empty environment, and nothing else to lose. Before the file is touched the process
gives up the network, other programs and other files, for good; then `torch.load(weights_only=True)` makes
tensors and nothing else. What it found is told as one JSON object on standard output.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

#: what a process that only copies numbers never does (https://docs.python.org/3/library/audit_events.html)
_FORBIDDEN = (
    "socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "os.startfile",
    "os.remove", "os.rename", "os.rmdir", "os.link", "os.symlink", "os.chmod", "os.chown", "os.kill", "pty.",
    "shutil.", "urllib.", "http.", "ftplib.", "smtplib.", "ctypes.dlopen", "winreg.", "webbrowser.", "code.",
)  # fmt: skip
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
#: where the tensors are in what programs save
_INSIDE = ("state_dict", "params_ema", "params", "model_state_dict")
_SPARE = 1 << 20
#: the tensors as they are opened, with memory of their own, and as they are written; and what that takes
_COPIES, _ROOM = 4, 1 << 29
#: what PyTorch says before its reason: advice to open the file without care
_REASON = "WeightsUnpickler error:"


class Refused(Exception):
    """Why the file gives no model, as the end of a sentence."""


def main(source: str, target: str) -> int:
    """Converts one file; the exit code is 0 if it did."""
    import torch
    from safetensors.torch import save_file

    limit(os.path.getsize(source))
    lock(target)
    try:
        loaded = torch.load(source, map_location="cpu", weights_only=True)
        tensors, title = found(loaded, torch)
        kept = owned(tensors, os.path.getsize(source))
        metadata = {"format": "pt"} | ({"modelspec.title": title} if title else {})
        save_file(kept, target, metadata)
    except Refused as refused:
        print(json.dumps({"refused": str(refused)}))
        return 1
    except MemoryError:
        print(json.dumps({"refused": "takes far more memory to open than weights of its size need"}))
        return 1
    except BaseException as error:  # a foreign file through a foreign loader: anything may come out
        print(json.dumps({"refused": f"cannot be opened: {type(error).__name__}: {reason(error)}"}))
        return 1
    print(json.dumps({"tensors": len(kept)}))
    return 0


def reason(error: BaseException) -> str:
    """What went wrong, in one line."""
    text = str(error)
    lines = text.partition(_REASON)[2] or text
    return next(iter(lines.strip().splitlines()), "")[:2000]


def limit(size: int) -> None:
    """Bounds time, the size of files and memory, as far as the system lets us; libraries are loaded then."""
    try:
        import resource
    except ImportError:  # Windows
        return
    memory = used_memory()
    limits = {"RLIMIT_CPU": 900, "RLIMIT_FSIZE": 2 * size + _SPARE, "RLIMIT_CORE": 0}
    if memory:
        limits["RLIMIT_DATA"] = memory + _COPIES * size + _ROOM
    for name, most in limits.items():
        resource.setrlimit(getattr(resource, name), (most, most))


def used_memory() -> int:
    """Bytes of memory that the process writes to; 0 where the system does not say."""
    try:
        with open("/proc/self/status", encoding="ascii") as told:
            return next((int(line.split()[1]) << 10 for line in told if line.startswith("VmData:")), 0)
    except OSError:
        return 0


def lock(target: str) -> None:
    """Gives up the network and everything else that harm could be done with; there is no way back."""
    _leave_network()
    allowed = os.path.abspath(target)

    def watch(event: str, args: tuple[Any, ...]) -> None:
        if event.startswith(_FORBIDDEN):
            raise Refused(f"wanted to do something else than load weights ({event})")
        if event == "open" and isinstance(args[2], int) and args[2] & _WRITES:
            path = args[0]
            if not isinstance(path, str) or os.path.abspath(path) != allowed:
                raise Refused("wanted to write a file")

    sys.addaudithook(watch)


def _leave_network() -> None:
    """A network of its own with nothing in it, on Linux where users may make one."""
    if not sys.platform.startswith("linux"):
        return
    import ctypes

    # CLONE_NEWUSER | CLONE_NEWNET; a refusal leaves the audit hook, which holds for all of Python
    ctypes.CDLL(None).unshare(0x10000000 | 0x40000000)


def found(loaded: Any, torch: Any) -> tuple[dict[str, Any], str]:
    """The tensors by name, and a title."""
    if not isinstance(loaded, dict):
        raise Refused("holds no table of tensors")
    words = loaded.get("string_to_param")
    if isinstance(words, dict):
        vectors = [value for value in words.values() if isinstance(value, torch.Tensor)]
        if len(vectors) != 1:
            raise Refused("is an embedding of several words, of which one file can hold but one")
        name = loaded.get("name")
        return {"emb_params": vectors[0]}, name[:200] if isinstance(name, str) else ""
    for key in _INSIDE:
        inner = loaded.get(key)
        if isinstance(inner, dict) and any(isinstance(value, torch.Tensor) for value in inner.values()):
            loaded = inner
            break
    tensors = {str(k): v for k, v in loaded.items() if isinstance(k, str) and isinstance(v, torch.Tensor)}
    if not tensors:
        raise Refused("holds no table of tensors")
    return tensors, ""


def owned(tensors: dict[str, Any], size: int) -> dict[str, Any]:
    """Each tensor with memory of its own; a view that is larger than what it looks at is a bomb."""
    total = 0
    for name, tensor in tensors.items():
        amount = tensor.numel() * tensor.element_size()
        total += amount
        if amount > tensor.untyped_storage().nbytes() or total > 2 * size + _SPARE:
            raise Refused(f"has a tensor `{name[:60]}` of more numbers than the file holds")
        if tensor.is_sparse or tensor.is_quantized:
            raise Refused(f"has a tensor `{name[:60]}` of a kind that safetensors does not have")
    return {name: tensor.detach().clone().contiguous() for name, tensor in tensors.items()}


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
