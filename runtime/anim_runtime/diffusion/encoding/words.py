"""Prompts as tokens with their weights, embeddings in the place of their names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from anim_runtime.diffusion.prompts import Weighted, parse_weights

if TYPE_CHECKING:
    import torch

#: how many tokens back a full chunk looks for a comma to end at (A1111's default)
COMMA_REACH = 20
#: the token that stands where a vector of an embedding is put in; it ends no text in any vocabulary
PLACE = 0


@dataclass(frozen=True, slots=True, eq=False)
class Vectors:
    """What a text encoder reads in the place of a name: `rows` float32 `[n, width]`, known by `identity`."""

    identity: str
    rows: torch.Tensor

    @property
    def count(self) -> int:
        """The tokens it takes."""
        return int(self.rows.shape[0])


@dataclass(frozen=True, slots=True)
class Word:
    """A token and how strongly it counts; of an embedding the `row` of its `vectors`."""

    token: int
    weight: float = 1.0
    vectors: Vectors | None = None
    row: int = 0


Names: TypeAlias = Mapping[str, Vectors]
"""The embeddings that one text encoder knows, by the names that prompts call them."""


def chunk_words(groups: Sequence[Sequence[Word]], size: int, comma: int | None) -> list[list[Word]]:
    """The words in chunks of at most `size`; each group starts a new chunk.

    A full chunk ends after its last comma if that is at most `COMMA_REACH` tokens back. An embedding is not
    torn apart if it fits in a chunk at all.
    """
    chunks: list[list[Word]] = []
    for group in groups:
        begin = 0
        while len(group) - begin > size:
            cut = size
            near = [i for i in range(max(1, size - COMMA_REACH), size) if _is(group[begin + i], comma)]
            if near:
                cut = near[-1] + 1
            cut = cut - group[begin + cut].row or cut
            chunks.append(list(group[begin : begin + cut]))
            begin += cut
        chunks.append(list(group[begin:]))
    return chunks


def _is(word: Word, token: int | None) -> bool:
    return word.token == token and word.vectors is None


def grouped_words(text: str, tokenizer: Any, names: Names) -> list[list[Word]]:
    """The words of a prompt as A1111 reads it for CLIP, in groups parted by `BREAK`.

    Stretches of one weight are taken to tokens each by itself. Any: transformers has no annotations.
    """
    groups: list[list[Word]] = [[]]
    for part in parse_weights(text):
        if part.breaks:
            groups.append([])
        for piece in named(part.text, names):
            if isinstance(piece, Vectors):
                groups[-1].extend(rows_of(piece, part.weight))
                continue
            ids = tokenizer(piece, add_special_tokens=False, truncation=False, verbose=False)["input_ids"]
            groups[-1].extend(Word(int(i), part.weight) for i in ids)
    return groups


def rows_of(vectors: Vectors, weight: float) -> Iterator[Word]:
    """An embedding as words."""
    return (Word(PLACE, weight, vectors, row) for row in range(vectors.count))


def named(text: str, names: Names) -> list[str | Vectors]:
    """A text cut at the names of embeddings, which are whole words."""
    pieces: list[str | Vectors] = []
    end = 0
    for match in _names(names).finditer(text) if names else ():
        pieces += [text[end : match.start()], names[match.group()]]
        end = match.end()
    return [piece for piece in (*pieces, text[end:]) if piece != ""] or [""]


def _names(names: Names) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?!\w)")


def spoken_words(
    text: str, tokenizer: Any, names: Names, around: tuple[str, str] = ("", ""), specials: bool = False
) -> list[Word]:
    """The words of a prompt for encoders that read whole sentences, between two other texts.

    The sentence is taken to tokens as a whole, so that a weight changes no token, and a token has the weight
    of its last character. `BREAK` is a space. `specials`: whether the tokenizer adds its own marks.
    """
    plain, weights = _written(parse_weights(text))
    before, after = around
    told = tokenizer(
        before + plain + after,
        add_special_tokens=specials,
        truncation=False,
        verbose=False,
        return_offsets_mapping=True,
    )
    owners = _owners(plain, names)
    words: list[Word] = []
    done = 0
    for token, (start, end) in zip(told["input_ids"], told["offset_mapping"], strict=True):
        last = end - 1 - len(before)
        is_own = end > start and 0 <= last < len(plain)
        owner = owners[last] if is_own and owners else None
        if owner is None:
            words.append(Word(int(token), weights[last] if is_own else 1.0))
        elif owner[0] >= done:
            # the first of the tokens that its name has
            done = owner[1]
            words.extend(rows_of(owner[2], weights[last]))
    return words


def _owners(text: str, names: Names) -> list[tuple[int, int, Vectors] | None]:
    """For each character the embedding in whose name it stands, from where to where; nothing if none does."""
    if not names:
        return []
    owners: list[tuple[int, int, Vectors] | None] = [None] * len(text)
    for match in _names(names).finditer(text):
        one = (match.start(), match.end(), names[match.group()])
        owners[match.start() : match.end()] = [one] * (match.end() - match.start())
    return owners


def _written(parts: Sequence[Weighted]) -> tuple[str, list[float]]:
    """The text without the signs of its weights, and the weight of each character."""
    pieces, weights = list[str](), list[float]()
    for part in parts:
        piece = f" {part.text}" if part.breaks and weights and part.text else part.text
        pieces.append(piece)
        weights += [part.weight] * len(piece)
    return "".join(pieces), weights
