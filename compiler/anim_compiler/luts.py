"""The colour tables that a film names: each is read once when it is checked, so that a broken one is told."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from anim_compiler.cube import MOST_BYTES, CubeProblem, read_cube
from anim_compiler.setting import Entry
from anim_compiler.world import World

if TYPE_CHECKING:
    from anim_compiler.expressions import Expressions


def read(check: Expressions, world: World, entry: Entry, path: Path) -> bool:
    """Registers a table; what is wrong with it is reported where its path is written, and False."""
    problem = _problem(path)
    if problem is None:
        check.scope.luts[world.relative(path)] = world.sha256(path)
        return True
    where = f" at line {problem.line}" if problem.line else ""
    message = f"`{path.name}` is no colour table{where}: {problem.message}"
    check.findings.error("E2100", entry.value.span, message, hint=problem.hint)
    return False


def _problem(path: Path) -> CubeProblem | None:
    try:
        if path.stat().st_size > MOST_BYTES:
            return CubeProblem(0, f"it has more than {MOST_BYTES >> 20} MiB")
        found = read_cube(path.read_bytes())
    except OSError as error:
        return CubeProblem(0, (error.strerror or "it cannot be read").lower(), "check its permissions")
    return found if isinstance(found, CubeProblem) else None
