"""Which camera a shot has: its own, the film's, or one that is chosen by name."""

from __future__ import annotations

from dataclasses import dataclass

from anim_compiler.entries import merged, resolved, without_none
from anim_compiler.expressions import Expressions
from anim_compiler.levels import CameraPart, Collected, Level
from anim_compiler.names import did_you_mean
from anim_compiler.rig import TERMS
from anim_compiler.setting import Entry
from anim_dsl.diagnostic import Label
from anim_dsl.syntax import Name, Text


@dataclass(frozen=True, slots=True)
class Chosen:
    """The camera of a shot: its dimension, and its settings in order."""

    name: str
    axes: int
    entries: tuple[Entry, ...]


class Cameras:
    """The cameras of one film."""

    def __init__(self, check: Expressions, found: Collected) -> None:
        self._check = check
        self._findings = check.findings
        self._found = found
        for part in found.cameras.values():
            self._settle(part, part.axes)

    def of(self, level: Level, base: Chosen | None) -> Chosen | None:
        """The camera of a level; `base` is the one that it copies."""
        entry = level.last(level.name, "camera")
        chosen = base
        if entry is not None:
            chosen = None if entry.is_none else self._named(entry)
        part = level.camera
        if part is None or (entry is not None and chosen is None and not entry.is_none):
            return chosen
        axes = part.axes or (chosen.axes if chosen is not None else None)
        if axes is None:
            self._nothing_to_change(part)
            return chosen
        self._settle(part, axes)
        if chosen is not None and entry is not None and chosen.axes != axes:
            label = Label(entry.at, f"`{chosen.name}` is `{chosen.axes}d`")
            own = "`camera { … }` or " if level.name == "scene" else ""
            hint = f"write {own}`camera {chosen.axes}d {{ … }}`, or choose another"
            self._findings.error(
                "E2034", part.at, "the camera cannot be 2d and 3d", labels=(label,), hint=hint
            )
            return chosen
        copied = chosen.entries if chosen is not None and chosen.axes == axes else ()
        name = chosen.name if chosen is not None and chosen.axes == axes else ""
        return Chosen(name, axes, tuple(without_none(_over(copied, part.entries, axes))))

    def others(self) -> list[Chosen]:
        """The named cameras that nothing chooses, which are checked all the same."""
        return [
            Chosen(part.name, part.axes, tuple(without_none(part.entries)))
            for part in self.unused()
            if part.axes is not None
        ]

    def unused(self) -> list[CameraPart]:
        """The named cameras that nothing chooses."""
        return [part for part in self._found.cameras.values() if not part.used]

    def _settle(self, part: CameraPart, axes: int | None) -> None:
        """Puts a camera's settings under their own names, once."""
        if not part.resolved and axes is not None:
            part.axes, part.resolved = axes, True
            part.entries = resolved(self._findings, f"camera {axes}d", part.entries)

    def _nothing_to_change(self, part: CameraPart) -> None:
        name = self._findings.text(part.at)
        self._findings.error(
            "E2011",
            part.at,
            f"`{name}` needs to know which camera it means",
            hint="write `camera 2d { … }` or `camera 3d { … }` above",
        )

    def _named(self, entry: Entry) -> Chosen | None:
        value = entry.value
        name = value.text if isinstance(value, Name) else value.plain if isinstance(value, Text) else None
        part = self._found.cameras.get(name or "")
        if part is not None and part.axes is not None:
            part.used = True
            return Chosen(part.name, part.axes, tuple(without_none(part.entries)))
        written = self._findings.text(value.span)
        hint = did_you_mean(written, self._found.cameras) or f"define it: `camera {written} 3d {{ … }}`"
        self._findings.error("E2001", value.span, f"there is no camera `{written}`", hint=hint)
        return None


def _over(base: tuple[Entry, ...], own: list[Entry], axes: int) -> list[Entry]:
    """A camera's settings over those that it copies; two names of one axis are one setting."""
    taken = {_axis(entry, axes) for entry in own if entry.op == "="}
    kept = [entry for entry in base if _axis(entry, axes) not in taken]
    return merged(kept, own)


def _axis(entry: Entry, axes: int) -> str:
    return TERMS.get((axes, entry.name), (entry.name, 1.0))[0]
