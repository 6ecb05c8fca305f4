"""Engines for the tests of this folder, made once."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from tests.runtime.diffusion.families.tiny import write_family
from tests.runtime.diffusion.tiny_models import write_tiny_stable_diffusion

from anim_compiler.plan import ModelRef
from anim_runtime.diffusion.engine import Engine, load_engine
from anim_runtime.diffusion.setup import Setup


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A random Stable Diffusion 1.x on disk."""
    return write_tiny_stable_diffusion(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="session")
def family_folder(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """A random model of a family by its name in `FAMILY_MODELS`, as diffusers writes it, made once."""
    return cache(lambda name: write_family(name, tmp_path_factory.mktemp(name)))


@pytest.fixture(scope="session")
def tiny(tiny_folder: Path) -> Engine:
    """The engine of that model."""
    return load_engine(Setup(ModelRef(reference=str(tiny_folder), sha256="0" * 64)), "cpu")


@pytest.fixture(scope="session")
def postcard() -> Engine:
    """The engine of the built-in model."""
    return load_engine(Setup(ModelRef(reference="postcard", sha256="0" * 64)), "cpu")


@pytest.fixture(params=["tiny", "postcard", "null"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """Every kind of engine in turn."""
    if request.param == "null":
        return load_engine(Setup(ModelRef(reference="null", sha256="0" * 64)), "cpu")
    made: Engine = request.getfixturevalue(request.param)
    return made
