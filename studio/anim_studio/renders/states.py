"""What the files of a render come to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from anim_runtime.locks import holder_of
from anim_studio.renders.entry import Ended, Entry, Started, read_ended, read_started
from anim_studio.renders.followed import Followed
from anim_studio.renders.others import Running
from anim_studio.renders.state import Life, RenderState

#: exit codes that a render can go on from as it is: disk full, out of memory; beyond 128 a signal ended it
RESUMABLE = frozenset({4, 5})
_GO_ON = "go on with it: what is done stays done"

Follow = Callable[[Path, float], Followed]


def state_of(folder: Path, entry: Entry, follow: Follow, other: Running | None) -> RenderState:
    """How an entry of the queue stands; `other` is the process that renders its plan, this one's or not."""
    plain = _plain(folder, entry)
    ended = read_ended(folder)
    if ended is not None:
        return _over(plain, ended, read_started(folder))
    holder = holder_of(folder / "lock")
    if holder is None:
        # it may have ended between the two looks
        ended, started = read_ended(folder), read_started(folder)
        if ended is not None:
            return _over(plain, ended, started)
        return plain if started is None else _killed(plain, started, follow)
    if other is None or other.holder.pid == holder.pid:
        return _running(plain, follow(_journal(entry), holder.since), holder.since, holder.pid)
    # another terminal renders the same: this one waits and will find all its frames there
    shown = _running(plain, follow(_journal(entry), other.holder.since), holder.since, holder.pid)
    return replace(shown, doing="waiting for the same render in another terminal")


def state_of_other(id: str, found: Running, film: Path, name: str, followed: Followed) -> RenderState:
    """How a render stands that was not asked for through the queue."""
    tally = followed.tally
    plain = RenderState(
        id=id,
        film=film,
        name=name or tally.name or film.stem,
        life="running",
        own=False,
        device="",
        submitted=found.holder.since,
        journal=found.run / "journal.jsonl",
    )
    return _running(plain, followed, found.holder.since, found.holder.pid)


def _plain(folder: Path, entry: Entry) -> RenderState:
    return RenderState(
        id=entry.id,
        film=Path(entry.film),
        name=entry.name,
        life="queued",
        own=True,
        device=entry.device,
        submitted=entry.submitted,
        doing="waiting",
        frames=entry.frames,
        journal=_journal(entry),
        log=folder / "log.txt",
    )


def _journal(entry: Entry) -> Path:
    return Path(entry.run) / "journal.jsonl"


def _running(plain: RenderState, followed: Followed, since: float, pid: int) -> RenderState:
    tally = followed.tally
    files = tally.encoding
    return replace(
        plain,
        life="running",
        device=followed.planned.device if followed.planned else plain.device,
        started=since,
        doing=followed.doing,
        frames=tally.frames or plain.frames,
        done=tally.done,
        reused=tally.reused,
        rate=followed.rate,
        seconds_left=followed.seconds_left,
        spent=tally.spent,
        pictures=None if files is None else (files.pictures, files.of),
        outputs=tuple(Path(file.path) for file in tally.encoded),
        warnings=tally.warnings,
        unmet=tuple(unmet.message for unmet in tally.unmet),
        pid=pid,
    )


def _over(plain: RenderState, ended: Ended, started: Started | None) -> RenderState:
    return replace(
        plain,
        life=_life(ended.exit_code),
        started=None if started is None else started.at,
        ended=ended.at,
        doing="",
        frames=ended.frames or plain.frames,
        done=ended.done,
        reused=ended.reused,
        rate=_rate(ended),
        spent=ended.spent or {},
        outputs=tuple(map(Path, ended.outputs)),
        warnings=ended.warnings,
        unmet=ended.unmet,
        advice=ended.advice,
        exit_code=ended.exit_code,
        message=ended.message,
        hint=ended.hint,
    )


def _life(code: int) -> Life:
    # 1 is a render whose frames and files are there, and do not keep to what the film expects
    if code in (0, 1):
        return "done"
    return "stopped" if code in RESUMABLE or code > 128 else "failed"


def _rate(ended: Ended) -> float | None:
    made = ended.done - ended.reused
    return made / ended.seconds if made > 0 and ended.seconds > 0 else None


def _killed(plain: RenderState, started: Started, follow: Follow) -> RenderState:
    """One whose process is gone and could not say how: it was killed, or the machine went down."""
    followed = follow(plain.journal or Path(), started.at)
    shown = _running(plain, followed, started.at, 0)
    return replace(
        shown,
        life="stopped",
        doing="",
        seconds_left=None,
        ended=followed.tally.latest or started.at,
        message="its process is gone: it was killed, or the machine went down",
        hint=_GO_ON,
    )
