"""Every prompt's conditioning, made once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from anim_dsl.visible import escaped
from anim_runtime.diffusion.engine import unheard
from anim_runtime.diffusion.told import PLAIN, Conditioning, Spoken

if TYPE_CHECKING:
    from anim_runtime.diffusion.encoding.runs import Runs
    from anim_runtime.diffusion.encoding.text_model import TextModel

#: conditionings are kept up to so many bytes
MOST_BYTES = 256 * 2**20
#: lengths of texts that are kept
LENGTHS = 4096
#: so much of a prompt is shown in a message
SHOWN = 40


class FamilyEncoder(Protocol):
    """The text encoders of a family."""

    @property
    def models(self) -> tuple[TextModel, ...]:
        """In the order of the family's components."""
        ...

    def encode(self, text: str, spoken: Spoken) -> Conditioning:
        """The conditioning of a prompt."""
        ...

    def tokens(self, text: str) -> tuple[int, ...]:
        """The tokens of its streams, without encoding it."""
        ...

    def unread(self, text: str) -> int:
        """How many of its tokens at the end are not read."""
        ...


class KeptPrompts:
    """The prompts of an engine, see `denoiser.Prompts`. What was used last stays longest."""

    def __init__(self, family: FamilyEncoder, runs: Runs, most_bytes: int = MOST_BYTES) -> None:
        self._family = family
        self._runs = runs
        self._most = most_bytes
        self._bytes = 0
        self._known: OrderedDict[tuple[str, Spoken], Conditioning] = OrderedDict()
        self._lengths: dict[str, tuple[int, ...]] = {}
        self.tell: Callable[[str], None] = unheard

    @property
    def runs_made(self) -> int:
        """How often a text encoder ran."""
        return self._runs.made

    def encode(self, text: str, spoken: Spoken = PLAIN) -> Conditioning:
        """The conditioning of a prompt, on the engine's device."""
        # LoRAs that no text encoder hears change nothing
        key = (text, Spoken(spoken.clip_skip, self._runs.heard(spoken.loras)))
        found = self._known.get(key)
        if found is None:
            self._warn(text)
            found = self._known[key] = self._family.encode(*key)
            self._bytes += bytes_of(found)
            while self._bytes > self._most and len(self._known) > 1:
                self._bytes -= bytes_of(self._known.popitem(last=False)[1])
        self._known.move_to_end(key)
        return found

    def tokens(self, text: str) -> tuple[int, ...]:
        """The tokens of a prompt's conditioning, stream by stream, without encoding it."""
        if text not in self._lengths:
            if len(self._lengths) >= LENGTHS:
                self._lengths.clear()
            self._lengths[text] = self._family.tokens(text)
        return self._lengths[text]

    def forget(self) -> None:
        """Encode every text again when it comes: its encoders have changed."""
        self._known.clear()
        self._bytes = 0
        self._runs.forget()

    def _warn(self, text: str) -> None:
        left = self._family.unread(text)
        if left:
            begin = text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
            many = f"the last {left} tokens are" if left > 1 else "the last token is"
            self.tell(f"the prompt `{escaped(begin)}` is too long for the model: {many} not read")

    def rest(self) -> None:
        """Gives the device's memory that text encoders take back until a new text comes."""
        for model in self._family.models:
            model.rest()


def bytes_of(told: Conditioning) -> int:
    """The memory of a conditioning."""
    tensors = (*told.streams, *(() if told.pooled is None else (told.pooled,)))
    return sum(t.numel() * t.element_size() for t in tensors)
