"""One schedule of prompts: what each key says, and the frames between which it shows."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal, TypeAlias

from anim_compiler.diff.prompt_text import Said, said
from anim_compiler.diff.side import Side, since_start
from anim_compiler.film import PromptKey
from anim_compiler.takes import Take

Which: TypeAlias = Literal["prompt", "negative prompt"]

WHICH: tuple[Which, ...] = ("prompt", "negative prompt")
"""The schedules that a scene has."""


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of one schedule of one scene, what they say, and the frames of the scene they stand at.

    `moments` are where they stand from the very start of the scene, which need not be that of a frame.
    """

    take: Take
    keys: tuple[PromptKey, ...]
    texts: tuple[Said, ...]
    places: tuple[float, ...]
    moments: tuple[float, ...]

    def bounds(self, place: int) -> tuple[float, float]:
        """The frames between which a prompt shows: from the one before it to the one after it."""
        if place == 0:
            begin = 0.0
        elif self.take.shot.prompts.morph == "cut":
            begin = self.places[place]
        else:
            begin = self._morph_begin(place)
        return begin, self.end(place)

    def end(self, place: int) -> float:
        """The frame from which a prompt shows no longer."""
        return self.places[place + 1] if place + 1 < len(self.places) else float(self.take.own)

    def _morph_begin(self, place: int) -> float:
        """Where the morph towards a prompt begins."""
        within = self.take.shot.prompts.morph_time
        clock = self.take.clock
        width = self.places[place] - self.places[place - 1]
        if within is not None:
            width = min(width, clock.width(within, self.places[place]))
        # at the very frame at which it begins there is nothing of it yet
        return self.places[place] - width + 1e-6


def keys(side: Side, take: Take, which: Which) -> Keys:
    """The keys of a scene's schedule in the order of time."""
    prompts = take.shot.prompts
    written = prompts.positive if which == "prompt" else prompts.negative
    rows = sorted(((take.clock.stands(key.at), key) for key in written), key=lambda row: row[0])
    texts = tuple(said(side, take, key.value) for _, key in rows)
    places = tuple(place for place, _ in rows)
    # where there is one, it shows from the first frame on, wherever it stands
    if len(rows) == 1:
        return Keys(take, (rows[0][1],), texts, (0.0,), (0.0,))
    moments = tuple(since_start(take, key.at) for _, key in rows)
    return Keys(take, tuple(key for _, key in rows), texts, places, moments)


def likeness(a: Keys, i: int, b: Keys, j: int) -> float:
    """How much one prompt could have become the other: by its words, its moment and its place."""
    words = SequenceMatcher(None, a.texts[i].text.split(), b.texts[j].text.split(), autojunk=False).ratio()
    together = 0.4 if abs(a.moments[i] - b.moments[j]) < 1e-6 else 0.0
    alone = 0.3 if len(a.keys) == len(b.keys) and i == j else 0.0
    return 0.5 * words + together + alone
