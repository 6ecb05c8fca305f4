"""Names for things by what they are: a plan, and a frame made by a certain machine."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

from anim_compiler.plan import Plan

#: raised whenever the session makes other pixels of the same plan than before
SESSION_VERSION = 2


@dataclass(frozen=True, slots=True)
class Environment:
    """What may change the bits of a frame besides its recipe.

    How many frames pass the model at once is not in it, although it moves a picture by about 1e-6: an edit
    would otherwise render what it does not touch. The run's `schedule.json` keeps it instead.
    """

    engine: str
    device: str
    dtype: str
    threads: int
    torch: str


def environment(engine_fingerprint: str, device: str) -> Environment:
    """This process as an `Environment`, for work on `device`."""
    import torch

    kind = torch.device(device)
    if kind.type == "cuda":
        machine = f"cuda {torch.cuda.get_device_name(kind)}"
    else:
        machine = f"{kind.type} {torch.backends.cpu.get_cpu_capability()}"
    return Environment(engine_fingerprint, machine, "float32", torch.get_num_threads(), torch.__version__)


def store_key(recipe: str, where: Environment) -> str:
    """The key of a frame in the store: sha256 (hex) of its recipe and its environment."""
    return store_keys((recipe,), where)[0]


def store_keys(recipes: Sequence[str], where: Environment) -> tuple[str, ...]:
    """The keys of frames that are made in one environment."""
    # the JSON of `[version, recipe, …]`, of which only the recipe differs
    begin, end = json.dumps([SESSION_VERSION, "\0", *astuple(where)]).split(json.dumps("\0"), 1)
    head, tail = hashlib.sha256(begin.encode()), end.encode()
    keys: list[str] = []
    for recipe in recipes:
        whole = head.copy()
        whole.update(json.dumps(recipe).encode() + tail)
        keys.append(whole.hexdigest())
    return tuple(keys)


def plan_digest(plan: Plan) -> str:
    """The sha256 (hex) of a plan's content."""
    text = json.dumps(plan.model_dump(mode="json"), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def run_folder(cache: Path, plan: Plan) -> Path:
    """Where a plan's journal, lock and copy live: `cache/runs/<plan digest>`."""
    return cache / "runs" / plan_digest(plan)
