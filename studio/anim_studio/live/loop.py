"""The loop of a film that is being written: a save is heard, compiled and told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from anim_compiler.stamps import Digests
from anim_studio.live.compile.compiled import Compiled
from anim_studio.live.compile.compiling import Compiling
from anim_studio.live.version import Choice
from anim_studio.live.watch.watcher import Watcher


class Loop:
    """Watches a film and all that it reads, and tells what each change comes to, from a thread of its own.

    `told` is called from that thread and must not block it for long. `given` are values for the film's `let`s
    as `-D` takes them. The first version is told without a change.
    """

    def __init__(
        self,
        path: Path,
        cache: Path,
        told: Callable[[Compiled], None],
        *,
        choice: Choice | None = None,
        given: Sequence[str] = (),
        poll: bool = False,
    ) -> None:
        digests = Digests()
        self._compiling = Compiling(
            path,
            cache,
            told,
            choice=choice,
            given=given,
            follow=lambda read: self._watcher.follow(read, read),
            texts=lambda: self._watcher.texts(),
            digests=digests,
        )
        self._watcher = Watcher((path,), lambda _: self._compiling.changed(), poll=poll, digests=digests)
        self._compiling.start()

    @property
    def is_polling(self) -> bool:
        """Whether files are looked at again and again, because nothing tells of their changes."""
        return self._watcher.is_polling

    def choose(self, choice: Choice) -> None:
        """Makes the film by another variant or seed."""
        self._compiling.choose(choice)

    def changed(self) -> None:
        """Looks at the files now, without waiting for the system to tell of them."""
        self._watcher.look()

    def close(self) -> None:
        """Ends watching and compiling, and waits for both."""
        self._watcher.close()
        self._compiling.close()
