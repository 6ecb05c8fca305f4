"""Something that a film may say and this version does not do."""

from __future__ import annotations

from dataclasses import dataclass

from anim_dsl.source import Span


@dataclass(frozen=True, slots=True)
class Lack:
    """Something that is not done yet; `harmless` if the film is rendered as if it were not there."""

    span: Span
    name: str
    hint: str
    harmless: bool = False

    @property
    def message(self) -> str:
        """The sentence that is told about it."""
        return f"`{self.name}` is not rendered in this version yet"

    @property
    def told(self) -> str:
        """What the check says of it."""
        if self.harmless:
            return self.hint or "it is checked, so that it is right once it is there"
        return "`anim render` refuses it; take it out to render"
