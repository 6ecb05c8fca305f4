"""What the screen stands on, as it is asked for: the compiler's thread, the painter, the folder of previews
and the queue of renders. Tests hand in others.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from anim_studio.live.paint.messages import Asked
from anim_studio.live.version import Choice
from anim_studio.renders.state import RenderState
from anim_studio.renders.wanted import Wanted

Tell = Callable[[object], None]
"""Called from any thread with what happened."""


class Compiles(Protocol):
    """Turns changes of the film into versions."""

    def choose(self, choice: Choice) -> None:
        """Another variant or seed from now on."""
        ...

    def changed(self) -> None:
        """The text has changed: read it now."""
        ...

    def close(self) -> None:
        """No more versions."""
        ...


class Paints(Protocol):
    """Paints pictures of versions in a process of its own."""

    def ask(self, asked: Asked) -> None:
        """What to paint, where the user looks, or to rest. Returns at once."""
        ...

    def close(self) -> None:
        """End the process."""
        ...


class Keeps(Protocol):
    """Holds the pictures that were painted."""

    def get(self, key: str) -> NDArray[np.uint8] | None:
        """The picture uint8 `[H,W,3]` of a key, None if it has gone."""
        ...


class Queues(Protocol):
    """The queue of renders that outlive the screen."""

    def submit(self, wanted: Wanted) -> str:
        """Put a render into the queue; returns its id."""
        ...

    def list(self) -> tuple[RenderState, ...]:
        """Every render as it stands now."""
        ...

    def care(self) -> None:
        """See now and then that somebody works it off."""
        ...

    def stop(self, id: str) -> None:
        """End one; what is done stays done."""
        ...

    def again(self, id: str) -> None:
        """Go on with one that is over."""
        ...

    def forget(self, id: str) -> None:
        """Take one that is over out of the queue."""
        ...


@dataclass(frozen=True, slots=True)
class Services:
    """What makes each, when the screen is there; `first_film` writes a film by the name of a template."""

    compiling: Callable[[Tell], Compiles]
    painting: Callable[[Tell], Paints]
    pictures: Keeps
    renders: Queues
    first_film: Callable[[Path, str], None]
    #: another seed
    draw: Callable[[], int]
    #: seconds, as of `time.monotonic`
    now: Callable[[], float]
    #: the time of day, as the log has it
    clock: Callable[[], str]
