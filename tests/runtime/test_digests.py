from __future__ import annotations

import hashlib
import json
from dataclasses import astuple, fields, replace
from pathlib import Path
from typing import Any

from tests.runtime.hand_films import film

from anim_runtime.digests import (
    SESSION_VERSION,
    Environment,
    environment,
    plan_digest,
    run_folder,
    store_key,
    store_keys,
)

HERE = Environment("engine", "cpu AVX2", "float32", 2, "2.13.0")


def test_everything_that_may_change_bits_changes_the_key() -> None:
    seen = {store_key("aa", HERE), store_key("ab", HERE)}
    for field in fields(HERE):
        value = getattr(HERE, field.name)
        other: Any = value + 1 if isinstance(value, int) else value + "x"
        seen.add(store_key("aa", replace(HERE, **{field.name: other})))
    assert len(seen) == 2 + len(fields(HERE))
    assert store_key("aa", HERE) == store_key("aa", replace(HERE))


def test_parts_of_a_key_cannot_run_into_each_other() -> None:
    a = store_key("aa", replace(HERE, engine="e", device="cpu x"))
    assert a != store_key("aa", replace(HERE, engine="e cpu", device="x"))


def test_this_machine_says_how_many_threads_it_adds_with() -> None:
    import torch

    here = environment("engine", "cpu")
    assert here.threads == torch.get_num_threads()
    assert here.device.startswith("cpu ")


def test_plans_are_named_by_what_they_hold() -> None:
    plan, _ = film(frames=3)
    assert plan_digest(plan) == plan_digest(film(frames=3)[0])
    assert plan_digest(plan) != plan_digest(film(frames=3, seed=9)[0])
    assert run_folder(Path("cache"), plan) == Path("cache") / "runs" / plan_digest(plan)


def test_keys_of_many_frames_are_those_of_each() -> None:
    """A key is the sha256 of a JSON list; stores on disk are read by it."""
    odd = replace(HERE, device='cuda "Ü" \\ x')
    for where in (HERE, odd):
        parts = [SESSION_VERSION, "ab", *astuple(where)]
        assert store_keys(("aa", "ab"), where)[1] == hashlib.sha256(json.dumps(parts).encode()).hexdigest()
        assert store_keys(("aa", "ab"), where) == (store_key("aa", where), store_key("ab", where))
    assert store_keys((), HERE) == ()
