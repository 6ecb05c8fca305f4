"""A piece of advice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Trouble: TypeAlias = Literal["memory", "flicker", "drift", "soft", "prompt", "dark", "slow"]


@dataclass(frozen=True, slots=True)
class Advice:
    """What is wrong with a film as it was rendered, and one setting that helps.

    `found` tells what was measured; `now` and `then` are the setting's values as they are written in a
    film; `why` says what the change does, and what it costs. `setting` may also be an option of a command.
    """

    trouble: Trouble
    found: str
    setting: str
    now: str
    then: str
    why: str

    @property
    def change(self) -> str:
        """`strength` of `diffuse` from 85% to 55%, as it is said."""
        return f"`{self.setting}` from {self.now} to {self.then}"

    @property
    def sentence(self) -> str:
        """All of it in a line."""
        return f"{self.found}: {self.change}, {self.why}"
