"""The tokenizer of CLIP, which every Stable Diffusion shares and single files do not bring."""

from __future__ import annotations

import lzma
from functools import cache
from pathlib import Path
from typing import Any, Final

CONFIGS: Final = Path(__file__).resolve().parent.parent / "configs"
"""The architectures that single files leave out: the JSON of diffusers for each."""

_END: Final = "<|endoftext|>"


def clip_tokenizer(pad: str = _END) -> Any:
    """CLIP's tokenizer of 49,408 words; `pad` is what fills a text up: OpenCLIP's is `!`. Untyped as
    transformers is, hence Any.
    """
    from transformers import CLIPTokenizer

    made: Any = CLIPTokenizer
    words, merges = _words()
    return made(
        vocab=dict(words),
        merges=[tuple(pair.split(" ")) for pair in merges],
        pad_token=pad,
        model_max_length=77,
    )


@cache
def _words() -> tuple[dict[str, int], tuple[str, ...]]:
    """The words with their numbers, and the pairs that they are put together from, in order: every byte,
    every byte at the end of a word, every pair, and two marks.
    """
    merges = tuple(lzma.decompress((CONFIGS / "clip_merges.txt.xz").read_bytes()).decode().split("\n"))
    bytes_ = _bytes()
    words = [*bytes_, *(f"{byte}</w>" for byte in bytes_), *(pair.replace(" ", "") for pair in merges)]
    numbered = [*words, "<|startoftext|>", _END]
    return {word: number for number, word in enumerate(numbered)}, merges


def _bytes() -> list[str]:
    """A printable character for each byte, printable ASCII and Latin-1 first, as GPT-2 numbers them."""
    plain = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    rest = len(set(range(256)) - set(plain))
    return [chr(code) for code in plain] + [chr(0x100 + place) for place in range(rest)]
