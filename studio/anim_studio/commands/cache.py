"""`anim cache`: what is kept between renders, whether it is whole, and what may go."""

from __future__ import annotations

import json as json_text
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from anim_studio.cli.environment import read_environment
from anim_studio.cli.exits import Exit, Stop
from anim_studio.cli.options import Cache
from anim_studio.cli.terminal import Terminal, open_terminal
from anim_studio.cli.values import format_bytes, parse_bytes, plural

if TYPE_CHECKING:
    from anim_studio.caching.holding import Held, Kind

_DAY = 86400.0
#: so many unsound ones are named
SHOWN = 20


def cache(
    action: Annotated[Literal["show", "verify", "prune"], Parameter(name="ACTION")] = "show",
    /,
    *,
    older: Annotated[str | None, Parameter(metavar="AGE")] = None,
    size: Annotated[str | None, Parameter(metavar="BYTES")] = None,
    only: Annotated[
        Literal["frames", "previews", "audio", "texts", "runs", "queue", "logs"] | None,
        Parameter(metavar="KIND"),
    ] = None,
    dry_run: Annotated[bool, Parameter(name=["--dry-run", "-n"])] = False,
    json: bool = False,
    cache: Cache = None,
) -> int:
    """Show, verify or prune what is kept between renders.

    Parameters
    ----------
    action
        `show` sizes; `verify` every checksum, and remove what is unsound; `prune` what was not used for
        longest. What a render needs that runs or waits is never pruned.
    older
        Prune what was not used for so long: `30d`, `12h`, `2w`.
    size
        Prune until no more than this stays: `5GiB`.
    only
        Only one kind: `frames`, `previews`, `audio`, `texts` (encoded prompts), `runs` (journals), `queue` or
        `logs`.
    dry_run
        Say what would be removed, and remove nothing.
    json
        One JSON object.
    """
    environment = read_environment(cache=cache)
    terminal = open_terminal(environment.colour)
    if action != "prune" and (older or size):
        raise Stop(Exit.USAGE, f"`{action}` takes neither `--older` nor `--size`", "write `anim cache prune`")
    from anim_studio.caching.holding import KINDS, held

    kinds: tuple[Kind, ...] = KINDS if only is None else (only,)
    things = tuple(held(environment.cache, kinds))
    if action == "show":
        return _show(environment.cache, environment.cap_bytes, things, kinds, terminal, json)
    if action == "verify":
        return _verify(things, terminal, dry_run, json)
    return _prune(environment.cache, things, (_age(older), _bytes(size)), terminal, dry_run, json)


def _age(text: str | None) -> float | None:
    from anim_studio.caching.pruning import parse_age

    if text is None:
        return None
    age = parse_age(text)
    if age is None:
        raise Stop(Exit.USAGE, f"`--older {text}` is no age", "write it like `30d`, `12h` or `2w`")
    return age


def _bytes(text: str | None) -> int | None:
    if text is None:
        return None
    amount = 0 if text.strip() == "0" else parse_bytes(text)
    if amount is None:
        raise Stop(Exit.USAGE, f"`--size {text}` is no amount of bytes", "write it like `5GiB`")
    return amount


def _show(
    folder: Path, cap: int, things: Sequence[Held], kinds: Sequence[Kind], terminal: Terminal, json: bool
) -> int:
    rows = {kind: [thing for thing in things if thing.kind == kind] for kind in kinds}
    if json:
        told = {kind: _summary(own) for kind, own in rows.items()}
        terminal.out.write(json_text.dumps({"folder": str(folder), "cap": cap, "kinds": told}) + "\n")
        return Exit.DONE
    now = time.time()
    terminal.say(str(folder))
    for kind, own in rows.items():
        if not own:
            terminal.say(f"  {kind:<9} {'–':>10}")
            continue
        size = format_bytes(sum(thing.bytes for thing in own))
        oldest, newest = (_ago(now - used(thing.used for thing in own)) for used in (min, max))
        limit = f", of {format_bytes(cap)} at most" if kind == "frames" else ""
        terminal.say(f"  {kind:<9} {size:>10}  {len(own):>6} kept, used {oldest} to {newest} ago{limit}")
    terminal.say(f"  {'all':<9} {format_bytes(sum(thing.bytes for thing in things)):>10}")
    return Exit.DONE


def _summary(things: Sequence[Held]) -> dict[str, object]:
    used = [thing.used for thing in things]
    return {
        "count": len(things),
        "bytes": sum(thing.bytes for thing in things),
        "oldest": min(used, default=None),
        "newest": max(used, default=None),
    }


def _ago(seconds: float) -> str:
    """`3 days`, `5 hours`, `2 minutes`."""
    for unit, length in (("day", _DAY), ("hour", 3600.0), ("minute", 60.0)):
        if seconds >= length:
            return plural(int(seconds // length), unit)
    return plural(max(0, int(seconds)), "second")


def _verify(things: Sequence[Held], terminal: Terminal, dry_run: bool, json: bool) -> int:
    from anim_studio.caching.pruning import remove
    from anim_studio.caching.verifying import unsound

    found = list(unsound(things))
    broken, foreign = [b for b in found if not b.foreign], [b for b in found if b.foreign]
    for one in broken if not dry_run else ():
        remove(one.thing.path)
    if json:
        told = {
            "verified": len(things),
            "unsound": [{"path": str(b.thing.path), "kind": b.thing.kind, "why": b.why} for b in broken],
            "foreign": len(foreign),
            "removed": not dry_run,
        }
        terminal.out.write(json_text.dumps(told) + "\n")
        return Exit.DONE
    for one in broken[:SHOWN]:
        terminal.say(f"{one.thing.path}: {one.why}")
    if len(broken) > SHOWN:
        terminal.say(f"… and {len(broken) - SHOWN} more")
    verb = "would be removed" if dry_run else "removed"
    after = f"{plural(len(broken), 'unsound one')} {verb}" if broken else "all of it is whole"
    terminal.say(f"read {format_bytes(sum(thing.bytes for thing in things))}: {after}")
    if foreign:
        size = format_bytes(sum(b.thing.bytes for b in foreign))
        terminal.say(
            f"{len(foreign)} of them, {size}, are of another version of anim; `prune` removes them by age"
        )
    return Exit.DONE


def _prune(
    folder: Path,
    things: Sequence[Held],
    limits: tuple[float | None, int | None],
    terminal: Terminal,
    dry_run: bool,
    json: bool,
) -> int:
    from anim_studio.caching.holding import is_in_use, renders_since
    from anim_studio.caching.pruning import remove, to_prune

    older, size = limits
    if older is None and size is None:
        hint = "write `anim cache prune --older 30d` or `anim cache prune --size 5GiB`"
        raise Stop(Exit.USAGE, "`prune` needs to know what may go", hint)
    since = renders_since(folder)
    free = [thing for thing in things if not is_in_use(thing, since)]
    needed = sum(thing.bytes for thing in things) - sum(thing.bytes for thing in free)
    room = None if size is None else max(0, size - needed)
    going = to_prune(free, now=time.time(), older=older, size=room)
    for thing in going if not dry_run else ():
        remove(thing.path)
    freed = sum(thing.bytes for thing in going)
    left = sum(thing.bytes for thing in things) - freed
    if json:
        told = {
            "removed": [str(thing.path) for thing in going],
            "freed": freed,
            "left": left,
            "in_use": needed,
            "dry_run": dry_run,
        }
        terminal.out.write(json_text.dumps(told) + "\n")
        return Exit.DONE
    _tell_by_kind(going, terminal)
    verb = "would be freed" if dry_run else "freed"
    kept = f", {format_bytes(needed)} of it in use" if needed else ""
    terminal.say(f"{format_bytes(freed)} {verb}; {format_bytes(left)} left{kept}")
    return Exit.DONE


def _tell_by_kind(going: Sequence[Held], terminal: Terminal) -> None:
    from anim_studio.caching.holding import KINDS

    for kind in KINDS:
        own = [thing for thing in going if thing.kind == kind]
        if own:
            terminal.say(f"  {kind:<9} {format_bytes(sum(t.bytes for t in own)):>10}  {len(own):>6}")
