"""A comparison that is done, whatever came of it, for the forms that it is told in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from anim_studio.cli.values import plural
from anim_studio.diffing.sides import Checked

if TYPE_CHECKING:
    from anim_compiler.diff import Change, Difference


_IMPORTED = "this is no film; compare one that imports it to see what re-renders"

_NEARLY_ALL = 0.9
"""Where more of the frames than this re-render, it is not said which."""


@dataclass(frozen=True, slots=True)
class Told:
    """Two films, and their difference: None if one has errors, or is not there.

    `declared` are the changes of two files that are no films but are imported by some.
    """

    before: Checked
    after: Checked
    difference: Difference | None
    declared: tuple[Change, ...] | None = None

    @property
    def changes(self) -> tuple[Change, ...]:
        """The changes, as far as there are any to tell."""
        return self.declared or (self.difference.changes if self.difference is not None else ())

    @property
    def heading(self) -> str:
        """`HEAD~1:film.anim → film.anim`."""
        return f"{self.before.read.label} → {self.after.read.label}"

    @property
    def is_different(self) -> bool:
        """Whether the films differ, as far as can be told."""
        if self.declared is not None:
            return bool(self.declared)
        if self.difference is not None:
            return not self.difference.is_empty
        return self.before.read.source != self.after.read.source

    @property
    def has_errors(self) -> bool:
        """Whether one of the films has errors."""
        return bool(self.before.errors or self.after.errors)

    @property
    def summary(self) -> str:
        """What it comes to, in one line."""
        if self.declared is not None:
            return _IMPORTED if self.declared else "nothing changed in what films import"
        if self.has_errors:
            return _errors(self.before, self.after)
        if self.difference is None:
            return self._one_sided()
        found = self.difference
        counted = self._counted(found)
        if found.changes:
            return counted
        if found.is_empty:
            return "nothing changed in the film"
        return f"nothing changed in what the film says, but {counted}"

    @staticmethod
    def _counted(found: Difference) -> str:
        """How much is made anew, and on which frames unless on nearly all."""
        made = found.rerender
        if made is None:
            return f"how many frames re-render is not known: {found.reason}"
        few = 0 < made.count <= _NEARLY_ALL * made.frames
        told = made.sentence(found.pair.timeline.words(made.where) if few else "")
        films = found.pair.b.film
        if not films.variants or films.variant is not None:
            return told
        return f"{told}; counted without the `variant` block (`--variant 1` counts its first film)"

    def _one_sided(self) -> str:
        """A film that is new, or gone."""
        if self.before.is_absent:
            side = self.after.side
            frames = plural(side.clock.frames, "frame") if side is not None else ""
            return f"the film is new: {frames}" if frames else "the film is new"
        return "the film is gone"


def _errors(before: Checked, after: Checked) -> str:
    told = [
        f"`{one.read.label}` has {plural(len(one.errors), 'error')}" for one in (before, after) if one.errors
    ]
    return f"{' and '.join(told)}, so the films cannot be compared"
