"""Names of the files that the films of a `variant` block write, so that none overwrites another."""

from __future__ import annotations

import re

from anim_compiler.film import Variant

_UNSAFE = re.compile(r"[^\w.+-]+")


def short_setting(path: str) -> str:
    """What names call a setting that varies: `cfg_scale`, and `neon_weight` of `lora.neon.weight`."""
    return "_".join(path.split(".")[1:] or [path])


def variant_path(path: str, variant: Variant | None) -> str:
    """The path of one variant's file: `{seed}` and the like are filled in, what is not named there is
    added: `out/a.mp4` to `out/a-seed1-cfg_scale5.mp4`, `{seed}.mp4` to `1-cfg_scale5.mp4`.
    """
    if variant is None:
        return path
    lacking: list[str] = []
    for setting, value in variant.values:
        short, safe = short_setting(setting), _UNSAFE.sub("_", value.strip("\"'")).strip("_")
        filled = path.replace(f"{{{setting}}}", safe).replace(f"{{{short}}}", safe)
        if filled == path:
            lacking.append(f"{short}{safe}")
        path = filled
    folder, slash, name = path.rpartition("/")
    stem, dot, ending = name.rpartition(".") if "." in name else (name, "", "")
    if "{frame" in stem:
        # a sequence gets a folder of its own
        return "/".join(part for part in (folder, "-".join(lacking), name) if part)
    return f"{folder}{slash}{'-'.join([stem, *lacking])}{dot}{ending}"
