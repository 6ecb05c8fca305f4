"""The environment, read here and nowhere else: variables, files of settings, and what follows from them."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from anim_studio.cli.config_files import config_files, user_file
from anim_studio.cli.exits import Exit, Stop
from anim_studio.cli.invocation import invocation
from anim_studio.cli.settings import DEFAULT_CAP_BYTES, VARIABLES, ModelSettings, Settings
from anim_studio.cli.values import parse_bytes

if TYPE_CHECKING:
    from anim_runtime.speed import Speed

__all__ = ["DEFAULT_CAP_BYTES", "Environment", "read_environment"]

#: variables that are read without pydantic, so that a machine which sets them starts no slower
_PLAIN = frozenset({"ANIM_CACHE", "ANIM_CACHE_CAP", "ANIM_MODELS"})


@dataclass(frozen=True, slots=True)
class Environment:
    """What the surroundings decide.

    `cache` holds stored frames, journals, audio analyses and logs; `cap_bytes` is the store's limit;
    `colour` is None where the terminal decides. `settings` are all that can be set once, with where each
    comes from.
    """

    cache: Path
    cap_bytes: int
    colour: bool | None
    settings: Settings = field(default_factory=Settings)

    @property
    def models(self) -> Path:
        """The folder of the user's library of models, whether it is there or not."""
        return (self.settings.models.folder or _data_folder()).expanduser().absolute()

    @property
    def speed(self) -> Speed:
        """How quick a render is on its device, and how much of its memory it takes."""
        from anim_runtime.speed import Speed

        told = self.settings.render
        return Speed(graphs=told.graphs == "on", memory=told.memory)

    @property
    def logs(self) -> Path:
        """The folder of crash reports."""
        return self.cache / "logs"


def read_environment(
    variables: Mapping[str, str] | None = None, *, cache: Path | None = None, folder: Path | None = None
) -> Environment:
    """The environment for work in `folder` (the film's that the command names, unless given), with `cache`
    (from `--cache`) winning over `ANIM_CACHE` and that over files.

    Raises `Stop` for a setting that is none, with the file and line or the variable that has it.
    """
    env = os.environ if variables is None else variables
    settings = _settings(env, folder)
    return Environment(
        cache=(cache or settings.cache or _cache_folder()).expanduser().absolute(),
        cap_bytes=settings.cap,
        colour=_colour(env, settings),
        settings=settings,
    )


def own_settings() -> Path:
    """The file of the user's own settings, whether it is there or not."""
    return user_file(os.environ)


def shell_name() -> str:
    """What the user's shell is called, `bash` or the like; empty where nothing tells."""
    return Path(os.environ.get("SHELL", "")).name


def first_variable(names: Sequence[str]) -> tuple[str, str]:
    """The first of some variables that is set, with its value; two empty texts if none is."""
    return next(((name, os.environ[name]) for name in names if os.environ.get(name)), ("", ""))


def mistaken_variables(variables: Mapping[str, str] | None = None) -> dict[str, str]:
    """Variables that look like settings and are none, each with the setting's that was perhaps meant."""
    import difflib

    env = os.environ if variables is None else variables
    known = [*VARIABLES.values(), "ANIM_CONFIG"]
    found: dict[str, str] = {}
    for name in sorted(env):
        if name.startswith("ANIM_") and name not in known:
            near = difflib.get_close_matches(name, known, 1, 0.85)
            found |= {name: near[0]} if near else {}
    return found


def _settings(env: Mapping[str, str], folder: Path | None) -> Settings:
    said = invocation()
    files = config_files(folder or said.folder, env, untrusted=said.untrusted)
    if not files and not any(env.get(name) for name in set(VARIABLES.values()) - _PLAIN):
        named, models = env.get("ANIM_CACHE"), env.get("ANIM_MODELS")
        origins = {name: f"${key}" for name, key in VARIABLES.items() if key in _PLAIN and env.get(key)}
        return Settings(
            cache=Path(named) if named else None,
            cap=_cap(env.get("ANIM_CACHE_CAP", "")),
            models=ModelSettings(Path(models) if models else None),
            origins=origins,
        )
    from anim_studio.cli.configuration import configured

    return configured(env, files)


def _cache_folder() -> Path:
    from platformdirs import user_cache_path

    return user_cache_path("anim", appauthor=False)


def _data_folder() -> Path:
    from platformdirs import user_data_path

    return user_data_path("anim", appauthor=False) / "models"


def _cap(text: str) -> int:
    if not text:
        return DEFAULT_CAP_BYTES
    amount = parse_bytes(text)
    if amount is None:
        raise Stop(
            Exit.USAGE, f"`ANIM_CACHE_CAP` is `{text}`, which is no amount of bytes", "write it like `20GiB`"
        )
    return amount


def _colour(env: Mapping[str, str], settings: Settings) -> bool | None:
    flag = invocation().colour
    if flag is not None or settings.origins.get("colour", "").startswith("$"):
        return {"always": True, "never": False}.get(flag or settings.colour)
    # https://no-color.org and https://force-color.org: set and not empty counts
    if env.get("NO_COLOR") or env.get("TERM") == "dumb":
        return False
    if env.get("FORCE_COLOR"):
        return True
    return {"always": True, "never": False}.get(settings.colour)
