"""A film that was rendered, as a job that only reads: nothing is told, nothing stops it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from anim_runtime.job import Job
    from anim_studio.cli.build import Built
    from anim_studio.cli.environment import Environment
    from anim_studio.cli.load import Loaded


def silent_job(built: Built, loaded: Loaded, environment: Environment, device: str) -> Job:
    """The job of a film whose frames are in the store."""
    from anim_runtime.job import Job

    return Job(
        plan=built.plan,
        columns=built.columns,
        root=loaded.world.root,
        folder=loaded.world.folder,
        cache=environment.cache,
        device=device,
        tell=lambda event: None,
        should_stop=lambda: False,
        cap_bytes=environment.cap_bytes,
        library=environment.models,
    )
