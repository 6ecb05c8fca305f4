"""The environment, read here and nowhere else: variables, and the folders that follow from them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from anim_studio.cli.exits import Exit, Stop
from anim_studio.cli.values import parse_bytes

#: 10 GiB: some two hours of 768x512 carries at 24 fps, on a disk of any size sold today
DEFAULT_CAP_BYTES = 10 * 2**30


@dataclass(frozen=True, slots=True)
class Environment:
    """What the surroundings decide.

    `cache` holds stored frames, journals, audio analyses and logs; `cap_bytes` is the store's limit;
    `colour` is None where the terminal decides.
    """

    cache: Path
    cap_bytes: int
    colour: bool | None

    @property
    def logs(self) -> Path:
        """The folder of crash reports."""
        return self.cache / "logs"


def read_environment(variables: Mapping[str, str] | None = None, *, cache: Path | None = None) -> Environment:
    """The environment, with `cache` (from `--cache`) winning over `ANIM_CACHE`.

    Raises `Stop` for an `ANIM_CACHE_CAP` that is no amount of bytes.
    """
    env = os.environ if variables is None else variables
    return Environment(
        cache=(cache or _cache_folder(env)).expanduser().absolute(),
        cap_bytes=_cap(env.get("ANIM_CACHE_CAP", "")),
        colour=_colour(env),
    )


def _cache_folder(env: Mapping[str, str]) -> Path:
    if named := env.get("ANIM_CACHE"):
        return Path(named)
    from platformdirs import user_cache_path

    return user_cache_path("anim", appauthor=False)


def _cap(text: str) -> int:
    if not text:
        return DEFAULT_CAP_BYTES
    amount = parse_bytes(text)
    if amount is None:
        raise Stop(
            Exit.USAGE, f"`ANIM_CACHE_CAP` is `{text}`, which is no amount of bytes", "write it like `20GiB`"
        )
    return amount


def _colour(env: Mapping[str, str]) -> bool | None:
    # https://no-color.org and https://force-color.org: set and not empty counts
    if env.get("NO_COLOR") or env.get("TERM") == "dumb":
        return False
    if env.get("FORCE_COLOR"):
        return True
    return None
