"""Settings that name a file: it must be under the root and of a kind that can be read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import TYPE_CHECKING

from anim_compiler import setting
from anim_compiler.setting import Entry
from anim_compiler.world import Problem, World
from anim_dsl.settings import SettingSpec

if TYPE_CHECKING:
    from anim_compiler.expressions import Expressions

SUFFIXES: Mapping[str, tuple[str, ...]] = MappingProxyType({"font": (".ttf", ".otf"), "lut": (".cube",)})
"""What the files of a setting may end with."""

_CALLED = {"font": "a font", "lut": "a colour table", "upscale_model": "an upscaling model"}


def of_setting(check: Expressions, world: World, entry: Entry, suffixes: tuple[str, ...]) -> str | None:
    """The file that a setting names, as its path from the root; what is wrong with it is reported."""
    spec = SettingSpec("", entry.name, "path", "")
    text = setting.word(check, spec, entry)
    if not isinstance(text, str):
        return None
    found = world.resolve(text)
    if isinstance(found, Problem):
        check.findings.error(found.code, entry.value.span, found.message, hint=found.hint)
        return None
    if PurePosixPath(text.replace("\\", "/")).suffix.lower() not in suffixes:
        kinds = " or ".join(f"`{suffix}`" for suffix in suffixes)
        called = _CALLED.get(entry.name, "a file")
        check.findings.error(
            "E2081", entry.value.span, f"`{text}` is not {called}", hint=f"it ends with {kinds}"
        )
        return None
    relative = world.relative(found)
    if entry.name == "lut" and relative not in check.scope.luts:
        from anim_compiler.luts import read

        if not read(check, world, entry, found):
            return None
    return relative
