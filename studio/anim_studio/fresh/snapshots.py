"""`anim eval --snapshot` and `--verify`: the curves of a film written beside it, and compared with them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from anim_compiler.signatures import READABLE
from anim_dsl.visible import escaped, json_escaped
from anim_studio.cli.curves import asked, evaluated, is_formula, named_or_formulas
from anim_studio.cli.exits import Exit, Stop
from anim_studio.cli.trust import refuse_outside
from anim_studio.cli.values import plural
from anim_studio.fresh.curves import (
    SUFFIX,
    Snapshot,
    Verified,
    compared,
    read_snapshot,
    snapshot_path,
    snapshot_text,
    taken,
)

if TYPE_CHECKING:
    from anim_compiler.film import Film
    from anim_studio.cli.load import Loaded
    from anim_studio.cli.terminal import Terminal

_MOST_TOLD = 20


@dataclass(frozen=True, slots=True)
class Opened:
    """A film whose curves are asked for; `output` stands over the snapshot's place beside the film."""

    loaded: Loaded
    film: Film
    terminal: Terminal
    scene: str | None = None
    output: Path | None = None

    @property
    def path(self) -> Path:
        """Where the snapshot lies."""
        return self.output or snapshot_path(self.loaded.path, self.loaded.stem)

    def write(self, names: Sequence[str], *, as_json: bool, quiet: bool) -> int:
        """Writes the snapshot: of these curves, or of all that the film has."""
        refuse_outside(self.path)
        found = self._taken(names, self.scene)
        if found is None:
            return Exit.FILM_ERRORS
        from anim_compiler.whole_file import write_over

        text = snapshot_text(found)
        if as_json:
            self.terminal.out.write(text)
            return Exit.DONE
        try:
            write_over(self.path, text.encode())
        except OSError as problem:
            reason = (problem.strerror or "it cannot be written").lower()
            raise Stop(Exit.USAGE, f"`{self.path}` cannot be written: {reason}") from None
        if not quiet:
            told = f"{plural(len(found.curves), 'curve')} · {plural(found.frames, 'frame')}"
            sign = self.terminal.paint("✓", "green")
            self.terminal.say(f"{sign} {escaped(str(self.path))}   {told}")
        return Exit.DONE

    def verify(self, names: Sequence[str], tolerance: float, *, as_json: bool, quiet: bool) -> int:
        """Compares the film's curves with the snapshot; 1 if one differs."""
        refuse_outside(self.path)
        before = read_snapshot(self.path)
        scene = self.scene or before.scene or None
        if names:
            missing = [name for name in names if name not in before.curves]
            if missing:
                hint = f"it has {', '.join(f'`{name}`' for name in list(before.curves)[:5])}"
                raise Stop(Exit.USAGE, f"`{self.path}` has no curve `{missing[0]}`", hint)
            kept = {name: before.curves[name] for name in names}
            before = Snapshot(before.fps, before.frames, kept, False, before.scene)
        after = self._again(before, scene)
        if after is None:
            return Exit.FILM_ERRORS
        done = Verified(self.path, len(before.curves), compared(before, after, tolerance))
        if as_json:
            self.terminal.say(_as_json(done))
        else:
            self._tell(done, quiet=quiet)
        return Exit.FILM_ERRORS if done.differences else Exit.DONE

    def _again(self, before: Snapshot, scene: str | None) -> Snapshot | None:
        """The same curves of the film as it is now; of a whole one all that it has now."""
        if before.is_all:
            return self._taken((), scene)
        has = set(asked(self.loaded, self.film, scene).names())
        kept = [name for name in before.curves if name in has or is_formula(name, self.film)]
        # none of them is left: nothing is not all
        return self._taken(kept, scene) if kept else Snapshot(str(self.film.fps), before.frames, {}, False)

    def _names(self, scene: str | None) -> tuple[str, ...]:
        """All curves of the film; what is heard in its track is the track's own."""
        return tuple(n for n in asked(self.loaded, self.film, scene).names() if n not in READABLE)

    def _taken(self, names: Sequence[str], scene: str | None) -> Snapshot | None:
        """A snapshot of these curves and formulas, or of all; None if one has errors, which are told."""
        curves = asked(self.loaded, self.film, scene)
        if names:
            found = named_or_formulas(
                self.loaded, curves, self.film, dict.fromkeys(names), self.terminal, scene
            )
        else:
            found = evaluated(curves, self.film, self._names(scene))
        if found is None:
            return None
        fps = str(self.film.fps)
        return taken(found, fps, is_all=not names, scene=scene or "")

    def _tell(self, done: Verified, *, quiet: bool) -> None:
        say, paint = self.terminal.say, self.terminal.paint
        for one in done.differences[:_MOST_TOLD]:
            say(f"{paint('✗', 'red')} {escaped(one.sentence)}")
        if len(done.differences) > _MOST_TOLD:
            say(f"… and {len(done.differences) - _MOST_TOLD} more")
        path = escaped(str(done.path))
        if done.differences:
            self.terminal.note(
                f"the curves are not those of `{path}`; `--snapshot` writes it anew if they are meant"
            )
        elif not quiet:
            say(f"{paint('✓', 'green')} {path}   {plural(done.curves, 'curve')} as they were")


def _as_json(done: Verified) -> str:
    document = {
        "version": 1,
        "file": done.path.as_posix(),
        "curves": done.curves,
        "same": not done.differences,
        "differences": [
            {
                "curve": one.curve or None,
                "sentence": one.sentence,
                "frame": one.frame,
                "expected": one.expected,
                "got": one.got,
                "count": one.count,
            }
            for one in done.differences
        ],
    }
    return json_escaped(json.dumps(document, ensure_ascii=False, indent=1))


def refuse_name(output: Path | None) -> None:
    """Raises `Stop` for a snapshot that would be taken for something else."""
    if output is not None and output.suffix != ".json":
        raise Stop(Exit.USAGE, f"a snapshot is no `{output.suffix}`", f"name a file like `film{SUFFIX}`")
