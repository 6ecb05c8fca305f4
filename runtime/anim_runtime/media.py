"""The files that a film reads while it renders: where they are, and that they are what was planned."""

from __future__ import annotations

from pathlib import Path

from anim_compiler.plan import Media
from anim_runtime.models.library import file_sha256
from anim_runtime.problems import RenderProblem


def media_path(media: Media, root: Path) -> Path:
    """Where the file is; RenderProblem (exit code 2) if it is gone or holds something else than planned.

    A song that changed would no longer fit the frames that were timed to it: better to say so.
    """
    path = root / media.path
    if not path.is_file():
        hint = "put it back, then run the same command again: what is done stays done"
        raise RenderProblem(f"`{media.path}` is gone", hint, 2)
    if file_sha256(path) != media.sha256:
        hint = "run the command again to plan with what it holds now"
        raise RenderProblem(f"`{media.path}` changed since the film was planned", hint, 2)
    return path
