"""What every test stands on: one thread, no network, a cache of its own, the home folder untouched."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings

# read by torch and its libraries when they are first imported, so set before any test module is;
# one thread also makes sums come out in one order
for _name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[_name] = "1"
for _name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "NO_COLOR"):
    os.environ[_name] = "1"
os.environ.pop("FORCE_COLOR", None)
# nobody's own settings
os.environ["ANIM_CONFIG"] = os.devnull
# and nobody's own models: a folder that is not there
os.environ["ANIM_MODELS"] = os.path.join(os.devnull, "models")

# the same examples on every run, so that a change is not refused for what another one brought;
# ANIM_EXPLORE=1 draws new ones
settings.register_profile("repeat", derandomize=True)
settings.load_profile("default" if os.environ.get("ANIM_EXPLORE") else "repeat")

ROOT = Path(__file__).resolve().parent.parent

# importing torch and collecting thousands of tests makes millions of objects that stay: nothing is looked at
# while they are made, and nothing again later (`pytest_collection_finish`)
gc.disable()


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="write goldens anew, to be reviewed as a change")


def pytest_collection_finish() -> None:
    gc.collect()
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="session")
def update(request: pytest.FixtureRequest) -> bool:
    """Whether goldens are written instead of compared."""
    return bool(request.config.getoption("--update"))


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A cache folder for the whole run, which child processes inherit."""
    before = os.environ.get("ANIM_CACHE")
    os.environ["ANIM_CACHE"] = str(tmp_path_factory.mktemp("cache"))
    yield
    if before is None:
        del os.environ["ANIM_CACHE"]
    else:
        os.environ["ANIM_CACHE"] = before


@pytest.fixture
def fresh_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache for one test, in this process and its children."""
    cache = tmp_path / "fresh-cache"
    monkeypatch.setenv("ANIM_CACHE", str(cache))
    return cache


@pytest.fixture
def anim(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Callable[..., Ran]:
    """Runs a command in this process, in `tmp_path`: `anim("check", film)`."""
    from anim_studio.cli import main

    monkeypatch.chdir(tmp_path)

    def run(*arguments: str | Path) -> Ran:
        capfd.readouterr()
        code = main([str(argument) for argument in arguments])
        said = capfd.readouterr()
        return Ran(code, said.out, said.err)

    return run


@pytest.fixture
def anim_process(tmp_path: Path) -> Callable[..., Ran]:
    """Runs a command as a user does, in a process of its own that starts in `tmp_path`."""

    def run(*arguments: str | Path, cwd: Path | None = None) -> Ran:
        done = subprocess.run(
            [sys.executable, "-m", "anim_studio", *map(str, arguments)],
            cwd=cwd or tmp_path,
            capture_output=True,
            encoding="utf-8",
            timeout=280,
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture
def write_film(tmp_path: Path) -> Callable[..., Path]:
    """Writes a film's text beneath `tmp_path` and returns its path."""

    def write(text: str, name: str = "film.anim") -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture(scope="session")
def examples() -> Path:
    """The folder of the films that come with the project."""
    return ROOT / "examples"
