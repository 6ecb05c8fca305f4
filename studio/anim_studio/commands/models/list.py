"""`anim models list`: the models on this machine."""

from __future__ import annotations

import json as json_text
import shutil
from typing import Annotated, get_args

from cyclopts import Parameter

from anim_studio.cli.environment import read_environment
from anim_studio.cli.exits import Exit, Stop
from anim_studio.cli.terminal import open_terminal
from anim_studio.cli.values import format_bytes, plural
from anim_studio.commands.models.opening import opened
from anim_studio.commands.models.telling import as_json, rows


def list(
    *,
    kind: Annotated[str | None, Parameter(metavar="KIND")] = None,
    family: Annotated[str | None, Parameter(metavar="FAMILY")] = None,
    category: Annotated[str | None, Parameter(metavar="TEXT")] = None,
    json: bool = False,
) -> int:
    """List the models on this machine.

    Parameters
    ----------
    kind
        Only of this kind: `checkpoint`, `lora`, `controlnet`, `embedding`, `vae`, `upscaler`, `depth`.
    family
        Only of this family: `sd1`, `sd2`, `sdxl`, `sd3`, `flux`, `qwen-image`, `z-image`, `postcard`.
    category
        Only of this category, as `anim models note` gave it.
    json
        A JSON object a model, one a line.
    """
    environment = read_environment()
    terminal = open_terminal(environment.colour)
    _known("--kind", kind, _kinds())
    _known("--family", family, _families())
    with opened(environment, terminal) as library:
        every = library.index.entries() if library.is_there else ()
    found = tuple(
        entry
        for entry in every
        if kind in (None, entry.facts.kind)
        and family in (None, entry.facts.family)
        and (category is None or category.casefold() == entry.category.casefold())
    )
    if json:
        for entry in found:
            terminal.out.write(json_text.dumps(as_json(entry)) + "\n")
        return Exit.DONE
    if not found:
        hint = "`anim models scan FOLDER` finds those you have, `anim models search WORDS` others"
        terminal.note(f"no model{' like that' if every else ''} besides the built-in one: {hint}")
        return Exit.DONE
    for line in rows(found, shutil.get_terminal_size().columns):
        terminal.say(line)
    total = format_bytes(sum(entry.facts.size or 0 for entry in found))
    terminal.note(f"{plural(len(found), 'model')}, {total}; `anim models info NAME` tells more of one")
    return Exit.DONE


def _kinds() -> tuple[str, ...]:
    from anim_compiler.models.facts import ModelKind

    return get_args(ModelKind)


def _families() -> tuple[str, ...]:
    from anim_compiler.models.families import FAMILIES

    return tuple(FAMILIES)


def _known(option: str, word: str | None, words: tuple[str, ...]) -> None:
    if word is not None and word not in words:
        raise Stop(
            Exit.USAGE, f"`{option}` cannot be `{word}`", f"it is one of {', '.join(f'`{w}`' for w in words)}"
        )
