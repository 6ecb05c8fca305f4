"""`anim models convert`: a pickled model turned into safetensors, once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from anim_studio.cli.environment import read_environment
from anim_studio.cli.exits import Exit, Stop
from anim_studio.cli.terminal import open_terminal
from anim_studio.cli.values import format_bytes, plural
from anim_studio.commands.models.opening import opened


def convert(
    file: Annotated[Path, Parameter(name="FILE")],
    /,
    *,
    output: Annotated[Path | None, Parameter(name=["--output", "-o"], metavar="PATH")] = None,
    force: Annotated[bool, Parameter(name="--force")] = False,
) -> int:
    """Turn a pickled model into safetensors once, in a process that can do no harm.

    Parameters
    ----------
    file
        A `.ckpt`, `.pt`, `.pth` or `.bin` file. It can run code when it is opened: it is opened without
        network, without your settings, and only to make tensors.
    output
        The new file; beside the old one unless given.
    force
        Write over a file that is there.
    """
    from anim_runtime.models.pickles import convert_pickle
    from anim_runtime.models.scan import Unread
    from anim_runtime.problems import RenderProblem

    environment = read_environment()
    terminal = open_terminal(environment.colour)
    target = output or file.with_suffix(".safetensors")
    if not file.is_file():
        raise Stop(Exit.USAGE, f"there is no file `{file}`", "name a `.ckpt`, `.pt`, `.pth` or `.bin` file")
    if file.suffix.lower() == ".safetensors":
        raise Stop(Exit.USAGE, f"`{file}` is safetensors already", f"write `anim models add {file}`")
    if target.suffix != ".safetensors":
        raise Stop(Exit.USAGE, f"`{target}` is no name of a model", "let it end with `.safetensors`")
    if target.exists() and not force:
        raise Stop(
            Exit.USAGE, f"`{target}` is there already", "write `--force` to write over it, or `-o PATH`"
        )
    try:
        made = convert_pickle(file, target)
    except RenderProblem as problem:
        raise Stop(Exit.FILM_ERRORS, problem.message, problem.hint) from None
    with opened(environment, terminal) as library:
        entry = library.add_file(made.path)
    size = format_bytes(made.path.stat().st_size)
    told = "" if isinstance(entry, Unread) else f", {entry.facts.kind} {entry.facts.family}".rstrip()
    terminal.say(
        f"{terminal.paint('✓', 'green')} {made.path}   {plural(made.tensors, 'tensor')}, {size}{told}"
    )
    return Exit.DONE
