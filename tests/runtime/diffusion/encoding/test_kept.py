from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from tests.runtime.diffusion.encoding.encoders import CPU, prompts, texts

from anim_runtime.diffusion.encoders import TextPart, prompts_of
from anim_runtime.diffusion.encoding.runs import Runs
from anim_runtime.diffusion.encoding.shelf import Shelf
from anim_runtime.diffusion.encoding.text_model import Run
from anim_runtime.diffusion.encoding.words import Word
from anim_runtime.diffusion.told import Spoken


class Recorded:
    """LoRAs that only note what they are told; `speaking` are the text encoders that each changes."""

    def __init__(self, *speaking: str) -> None:
        self.names = tuple(f"lora{i}" for i in range(len(speaking)))
        self.weighed: list[tuple[float, ...]] = []
        self._speaking = speaking

    kernels = None

    def weigh(self, pictures: Any, copies: int = 1) -> None:
        raise AssertionError("texts are weighed by themselves")

    def exchange(self, files: Any) -> bool:
        raise AssertionError("they stay")

    def weigh_text(self, weights: tuple[float, ...]) -> None:
        self.weighed.append(weights)

    def heard(self, weights: tuple[float, ...], component: str = "") -> tuple[float, ...]:
        pairs = zip(weights, self._speaking, strict=False)
        found = tuple(w if component in ("", own) and own else 0.0 for w, own in pairs)
        return found if any(found) else ()


def test_a_text_is_encoded_once_under_the_same_loras() -> None:
    adapters = Recorded("text_encoder", "")
    ours = prompts("flux", adapters=adapters)
    first = ours.encode("a lake", Spoken(1, (0.5, 0.0)))
    assert adapters.weighed == [(), (0.5, 0.0)] or adapters.weighed == [(0.5, 0.0), ()]
    assert ours.encode("a lake", Spoken(1, (0.5, 0.9))) is first
    adapters.weighed.clear()
    # T5 does not hear the LoRA, and is not run again for another weight of it
    second = ours.encode("a lake", Spoken(1, (0.7, 0.0)))
    assert adapters.weighed == [(0.7, 0.0)]
    assert second.states is first.states
    assert ours.encode("a lake", Spoken(1, (0.0, 0.0))) is ours.encode("a lake")


def test_encoders_are_loaded_for_the_first_text_and_not_for_its_length() -> None:
    found = texts("sd1")
    loaded: list[str] = []

    def load() -> Any:
        loaded.append("clip")
        return found.encoders[0]

    ours = prompts_of("sd1", [TextPart(found.tokenizers[0], load)], CPU)
    assert ours.tokens("cat " * 80) == (154,)
    assert loaded == []
    ours.encode("cat")
    ours.encode("dog")
    assert loaded == ["clip"]


def test_a_second_render_runs_no_large_encoder(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "texts", "model one")
    first = prompts("z-image", shelf=shelf)
    told = [first.encode(text) for text in ("a red cat", "a (red:1.3) cat")]
    assert first.runs_made == 2  # the words, and the empty text that weights lead away from

    def load() -> Any:
        raise AssertionError("the encoder is loaded although nothing is new")

    part = TextPart(texts("z-image").tokenizers[0], load, identity="tiny")
    again = prompts_of("z-image", [part], CPU, shelf=shelf)
    for text, one in zip(("a red cat", "a (red:1.3) cat"), told, strict=True):
        assert torch.equal(again.encode(text).states, one.states)
    other = prompts("z-image", shelf=Shelf(tmp_path / "texts", "model two"))
    other.encode("a red cat")
    assert other.runs_made == 1


@pytest.mark.parametrize("harm", [b"", b"not one", None])
def test_damaged_encodings_are_made_again(tmp_path: Path, harm: bytes | None) -> None:
    shelf = Shelf(tmp_path, "model")
    run = Run(torch.rand(1, 3, 4), torch.rand(1, 4))
    shelf.write("one", run)
    found = shelf.read("one", CPU)
    assert found is not None
    assert torch.equal(found.states, run.states)
    assert found.pooled is not None
    (path,) = tmp_path.iterdir()
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(bytes(data) if harm is None else harm)
    assert shelf.read("one", CPU) is None
    assert list(tmp_path.iterdir()) == []


def test_the_shelf_stays_under_its_cap(tmp_path: Path) -> None:
    run = Run(torch.rand(1, 10, 100))
    shelf = Shelf(tmp_path, "model", most_bytes=20_000)
    for name in "abcdefgh":
        shelf.write(name, run)
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 20_000
    assert shelf.read("h", CPU) is not None


def test_a_folder_that_takes_nothing_is_no_problem(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    shelf = Shelf(tmp_path / "file" / "folder", "model")
    shelf.write("a", Run(torch.rand(1, 2, 3)))
    assert shelf.read("a", CPU) is None


def test_memory_is_capped_and_what_was_used_last_stays() -> None:
    ours = prompts("sd1")
    small = Runs(most_bytes=3 * 77 * 16 * 4)
    models = ours._family.models
    for token in (3, 4, 5, 3, 6, 3):
        small.of(models[0], [Word(1), Word(token)] + [Word(2)] * 75, 0, Spoken())
    assert small.made == 4


@pytest.mark.parametrize("family", ["flux", "qwen-image", "z-image"])
def test_what_is_not_read_is_told(family: str) -> None:
    ours = prompts(family, tokens=10)
    heard: list[str] = []
    ours.tell = heard.append
    ours.encode("cat")
    assert heard == []
    ours.encode("red cat, " * 6)
    (said,) = heard
    assert said.startswith(
        "the prompt `red cat, red cat, red cat, red cat, red …` is too long for the model: "
    )
    assert "tokens are not read" in said


@pytest.mark.parametrize("family", ["sd1", "sdxl"])
def test_what_is_read_in_parts_is_not_told(family: str) -> None:
    ours = prompts(family)
    heard: list[str] = []
    ours.tell = heard.append
    ours.encode("red cat, " * 60)
    assert heard == []
