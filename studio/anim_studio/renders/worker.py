"""Works off what is queued for one device: `python -m anim_studio.renders.worker CACHE DEVICE`.

It holds a lock, so there is one a device however many windows ask for it. Each render is a process of its
own: one that is killed, or runs out of memory, takes neither the queue nor the next render along.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from anim_runtime.locks import RunLock, holder_of
from anim_studio.cli.exits import Exit
from anim_studio.renders.entry import (
    Ended,
    Entry,
    entries,
    read_ended,
    read_entry,
    read_started,
    write_ended,
)
from anim_studio.renders.followed import Followed
from anim_studio.renders.starting import give_way, start_detached
from anim_studio.renders.turn import is_queued, next_of, worker_lock

#: seconds between two looks at a render that an earlier worker left behind
_PAUSE = 0.25


def main(arguments: list[str]) -> int:
    """Works until nothing is left; 0 also where another worker does that already."""
    cache, device = Path(arguments[0]), arguments[1]
    give_way()
    lock = worker_lock(cache, device)
    while next_of(cache, device) is not None:
        with RunLock(lock) as held:
            if held.acquire() is not None:
                return 0
            while (found := next_of(cache, device)) is not None:
                _render(cache, *found)
        # what was queued in the instant before the lock was given back is seen by the outer loop
    return 0


def _render(cache: Path, folder: Path, entry: Entry) -> None:
    _wait_for_others(cache, entry.device)
    if not is_queued(folder):
        return
    child = start_detached("anim_studio.renders.work", (str(cache), entry.id), folder / "log.txt")
    code = child.wait()
    # a process that was killed could not say so itself; unless it is asked for once more by now
    after = read_entry(folder)
    if after is not None and after.submitted == entry.submitted and read_ended(folder) is None:
        write_ended(folder, killed(code, folder, entry))


def _wait_for_others(cache: Path, device: str) -> None:
    """Waits for a render whose own worker was killed and left it running, and for one that is just going."""
    while any(e.device == device and holder_of(f / "lock") for f, e in entries(cache)):
        time.sleep(_PAUSE)


def killed(code: int, folder: Path, entry: Entry) -> Ended:
    """How a render came out whose process ended without a word, as far as its journal tells."""
    started = read_started(folder)
    followed = Followed(Path(entry.run) / "journal.jsonl", started.at if started else time.time())
    followed.poll()
    message, hint = _why(code, folder / "log.txt")
    return Ended(
        at=time.time(),
        # 137 and its like, as shells have it; whatever else one ends with that said nothing is a mistake
        # of ours, also Python's own 1, which would be a film that is not as it expects
        exit_code=128 - code if code < 0 else Exit.BUG,
        message=message,
        hint=hint,
        frames=followed.tally.frames,
        done=followed.tally.done,
        reused=followed.tally.reused,
        spent={stage: round(seconds, 3) for stage, seconds in followed.tally.spent.items()},
        warnings=followed.tally.warnings,
    )


def _why(code: int, log: Path) -> tuple[str, str]:
    hint = "go on with it: what is done stays done"
    if code == -9:
        message = "the system ended the render's process (signal 9), mostly for want of memory"
        return message, f"{hint}; if it happens again, make `size` smaller"
    if code < 0:
        return f"the render's process was ended by signal {-code}", hint
    return "the render's process ended without a word", f"what it printed is in {log}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
