"""What text encoders made of words, kept by the words: each is read once, whatever weights it has."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias

from anim_runtime.diffusion.encoding.text_model import Run, TextModel
from anim_runtime.diffusion.encoding.words import Word
from anim_runtime.diffusion.told import Spoken

if TYPE_CHECKING:
    from anim_runtime.diffusion.denoiser import Adapters
    from anim_runtime.diffusion.encoding.shelf import Shelf

#: what is kept in memory
MOST_BYTES = 256 * 2**20

Key: TypeAlias = tuple[int, tuple[int | str, ...], int, tuple[float, ...]]
"""An encoder's place, what it reads, the layers it leaves out, and the weights of LoRAs."""


class Runs:
    """The runs of an engine's text encoders. Weights of words are not among what a run depends on: they are
    put on afterwards, so that a weight that changes with every frame costs no run.
    """

    def __init__(
        self, adapters: Adapters | None = None, shelf: Shelf | None = None, most_bytes: int = MOST_BYTES
    ) -> None:
        self._adapters = adapters
        self._shelf = shelf
        self._most = most_bytes
        self._bytes = 0
        self._known: OrderedDict[Key, Run] = OrderedDict()
        #: how often an encoder ran
        self.made = 0

    def of(
        self, model: TextModel, words: Sequence[Word], skipped: int, spoken: Spoken, large: bool = False
    ) -> Run:
        """What the model makes of the words, all counting once; `large` ones are kept for the next render."""
        key: Key = (model.place, tuple(map(_read, words)), skipped, self.heard(spoken.loras, model.component))
        found = self._known.get(key)
        if found is None:
            # what LoRAs change is another text encoder each time, and not kept
            lasting = large and model.identity and not key[3]
            found = self._shelved(model, words, key) if lasting else self._made(model, words, key)
            self._keep(key, found)
        self._known.move_to_end(key)
        return found

    def _shelved(self, model: TextModel, words: Sequence[Word], key: Key) -> Run:
        if self._shelf is None:
            return self._made(model, words, key)
        name = f"{model.identity} {key}"
        found = self._shelf.read(name, model.device)
        if found is None:
            found = self._made(model, words, key)
            self._shelf.write(name, found)
        return found

    def _made(self, model: TextModel, words: Sequence[Word], key: Key) -> Run:
        _, _, skipped, loras = key
        # its LoRAs come with it
        model.load()
        if self._adapters is not None:
            self._adapters.weigh_text(loras)
        self.made += 1
        return model.run(words, skipped)

    def forget(self) -> None:
        """Run every text again when it comes."""
        self._known.clear()
        self._bytes = 0

    def heard(self, loras: tuple[float, ...], component: str = "") -> tuple[float, ...]:
        """The weights of LoRAs as texts are encoded under them; nothing where none has any to say."""
        return () if self._adapters is None else self._adapters.heard(loras, component)

    def _keep(self, key: Key, run: Run) -> None:
        self._known[key] = run
        self._bytes += bytes_of(run)
        while self._bytes > self._most and len(self._known) > 1:
            self._bytes -= bytes_of(self._known.popitem(last=False)[1])


def bytes_of(run: Run) -> int:
    """The memory of what it holds."""
    return sum(t.numel() * t.element_size() for t in run if t is not None)


def _read(word: Word) -> int | str:
    return word.token if word.vectors is None else f"{word.vectors.identity} {word.row}"
