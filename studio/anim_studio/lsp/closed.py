"""Files that no editor has open, understood for one question."""

from __future__ import annotations

from anim_compiler.world import Problem
from anim_dsl.incremental import Parsed
from anim_dsl.source import Source
from anim_studio.lsp.analysed import Analysed, analyse, world_of
from anim_studio.lsp.desk import Desk
from anim_studio.lsp.places import file_of


def analysed_file(uri: str, desk: Desk) -> Analysed | None:
    """A file as it is on the disk; None if it is none, or cannot be read."""
    path = file_of(uri)
    source = None if path is None else world_of(path, desk).read_source(path)
    if path is None or source is None or isinstance(source, Problem):
        return None
    return analyse(uri, path, 0, Parsed.of(Source(path.name, source.text)), desk=desk)
