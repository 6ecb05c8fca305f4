"""Where settings are written: the project's `anim.toml` or `pyproject.toml`, and the user's own file."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PROJECT_FILE = "anim.toml"
PYPROJECT = "pyproject.toml"
USER_FILE = "config.toml"


@dataclass(frozen=True, slots=True)
class ConfigFile:
    """A file of settings that is there; `table` is where in it they stand."""

    path: Path
    table: tuple[str, ...] = ()
    is_project: bool = False


def config_files(
    folder: Path, variables: Mapping[str, str], *, untrusted: bool = False
) -> tuple[ConfigFile, ...]:
    """The files that are in force for work in a folder, the strongest first: the project's, then the user's.

    The project's is the nearest `anim.toml`, or `pyproject.toml` with a `[tool.anim]` table, upwards; not
    beyond a folder with `.git`. An `untrusted` project has none.
    """
    project = None if untrusted else _project(folder)
    user = user_file(variables)
    own = (ConfigFile(user),) if user.is_file() else ()
    return own if project is None else (project, *own)


def user_file(variables: Mapping[str, str]) -> Path:
    """The user's own settings: `$ANIM_CONFIG`, else `config.toml` in the user's configuration folder."""
    if named := variables.get("ANIM_CONFIG"):
        return Path(named).expanduser()
    if sys.platform == "linux":
        # as platformdirs has it, whose import would cost every command some milliseconds
        home = variables.get("XDG_CONFIG_HOME", "").strip() or os.path.expanduser("~/.config")
        return Path(home) / "anim" / USER_FILE
    from platformdirs import user_config_path

    return user_config_path("anim", appauthor=False) / USER_FILE


def _project(folder: Path) -> ConfigFile | None:
    for place in (folder, *folder.parents):
        own = place / PROJECT_FILE
        if own.is_file():
            # an empty one only marks the project's root
            return ConfigFile(own, is_project=True) if own.stat().st_size else None
        shared = place / PYPROJECT
        if shared.is_file() and _has_table(shared.read_bytes()):
            return ConfigFile(shared, ("tool", "anim"), is_project=True)
        if (place / ".git").exists():
            return None
    return None


def _has_table(pyproject: bytes) -> bool:
    """Whether there is a `[tool.anim]`, however it is written."""
    if b"anim" not in pyproject or b"tool" not in pyproject:
        return False
    import tomllib

    try:
        tools = tomllib.loads(pyproject.decode()).get("tool")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        # what is wrong with it is told if it is ours
        return b"[tool.anim" in pyproject
    return isinstance(tools, dict) and "anim" in tools
