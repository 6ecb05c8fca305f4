"""Which frames of a film re-render since git's HEAD, worked out beside everything else."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from lsprotocol.types import WORKSPACE_CODE_LENS_REFRESH

from anim_compiler.film import Film
from anim_compiler.world import World
from anim_studio.cli.environment import Environment, read_environment
from anim_studio.cli.exits import Stop
from anim_studio.lsp.analysed import Analysed
from anim_studio.lsp.desk import Desk
from anim_studio.lsp.later import Later

if TYPE_CHECKING:
    from anim_compiler.diff.facts import FrameFacts


@dataclass(frozen=True, slots=True)
class Changed:
    """The frames of a film that a render makes anew, as `(first, last)`; `frames` are all that it has."""

    frames: int
    where: tuple[tuple[int, int], ...]

    def count(self, first: int = 0, end: int | None = None) -> int:
        """How many of the frames `first <= f < end` are made anew."""
        end = self.frames if end is None else end
        return sum(max(0, min(b, end - 1) - max(a, first) + 1) for a, b in self.where)


@dataclass(slots=True)
class _Newest:
    """The newest version that was asked about, and what is known of the newest that was worked out."""

    version: int
    changed: Changed | None = None


_LOCK = Lock()
#: frames of films at commits; only the thread of `Later` asks
_HEADS: dict[tuple[Path, str], FrameFacts] = {}
_MOST_HEADS = 16
_NEWEST: WeakKeyDictionary[Later, dict[str, _Newest]] = WeakKeyDictionary()


def changed(analysed: Analysed) -> Changed | None:
    """What is known now of a film's changes, perhaps of the text of a moment ago; None where nothing is: the
    film is in no git, or HEAD has errors. What is missing is worked out, and the client asked to ask again.
    """
    desk = analysed.desk
    with _LOCK:
        known = _NEWEST.setdefault(desk.later, {}).setdefault(analysed.uri, _Newest(analysed.version))
        known.version = max(known.version, analysed.version)
    if analysed.film is None or not analysed.is_checked:
        return known.changed
    key = ("changed", analysed.uri, analysed.version, analysed.source.text)
    desk.later.get(key, lambda: _work(analysed, known), lambda: _refresh(desk))
    return known.changed


def _work(analysed: Analysed, known: _Newest) -> bool:
    """Compares a version with HEAD, unless a newer one is there by now."""
    if analysed.version < known.version:
        return False
    found = since_head(analysed)
    with _LOCK:
        if analysed.version >= known.version:
            known.changed = found
    return True


def _refresh(desk: Desk) -> None:
    workspace = desk.client.workspace
    lens = workspace.code_lens if workspace is not None else None
    if lens is not None and lens.refresh_support:
        desk.ask(WORKSPACE_CODE_LENS_REFRESH, None)


def since_head(analysed: Analysed) -> Changed | None:
    """The frames that a render of this version makes anew, if all of HEAD's are there; no song is listened
    to, and no model is opened. None where they cannot be compared.
    """
    from anim_compiler.audio.unmeasured import only_known

    if analysed.film is None:
        return None
    with suppress(Stop, OSError), only_known():
        environment = read_environment(cache=analysed.desk.cache, folder=analysed.path.parent)
        before = _at_head(analysed.path, environment)
        after = None if before is None else _facts(analysed.film, analysed.world)
        return None if before is None or after is None else _compared(before, after)
    return None


def _at_head(path: Path, environment: Environment) -> FrameFacts | None:
    """The frames of a film as HEAD has it; None where it has none, or one with errors."""
    from anim_studio.cli.load import checked_source
    from anim_studio.diffing.places import places
    from anim_studio.diffing.sides import reading

    head, _ = places((str(path),))
    key = (path, head.commit)
    if key in _HEADS:
        return _HEADS[key]
    with reading(head, environment) as read:
        film = None if read.source is None else checked_source(read.source, read.world).film
        found = None if film is None else _facts(film, read.world)
        # what is not in git may be another file the next time
        if found is not None and not read.borrowed:
            _HEADS[key] = found
            while len(_HEADS) > _MOST_HEADS:
                _HEADS.pop(next(iter(_HEADS)))
        return found


def _facts(film: Film, world: World) -> FrameFacts | None:
    """What a render makes of each frame; None where the film cannot be compiled."""
    from anim_compiler.compile import CompileOptions, compile_film
    from anim_compiler.diff.facts import frame_facts

    def by_name(reference: str) -> str:
        # whether a file was exchanged under its name takes reading gigabytes
        return sha256(reference.encode("utf-8", "surrogateescape")).hexdigest()

    made = compile_film(film, world, CompileOptions(model_sha256=by_name))
    return None if made.plan is None else frame_facts(made.plan, made.columns)


def _compared(before: FrameFacts, after: FrameFacts) -> Changed:
    from anim_compiler.diff.rerender import rerender

    found = rerender(before, after)
    return Changed(found.frames, tuple((row.first, row.last) for row in found.where))
