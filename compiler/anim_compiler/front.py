"""A film on its way to its graph: every curve evaluated, every scene lowered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from anim_compiler import settle
from anim_compiler.conditionings import Encoder, says, title_says
from anim_compiler.curves import Evaluator
from anim_compiler.drawing.names import models_of
from anim_compiler.film import Conditioning, Film, Shot
from anim_compiler.findings import Findings
from anim_compiler.frames import Frames
from anim_compiler.graph import Graph
from anim_compiler.listening import Listener, film_clock
from anim_compiler.lower import Scene, lower
from anim_compiler.lowering.paths import Named, calls
from anim_compiler.memo import Memo
from anim_compiler.pieces import Piece, moving, pieces, placed, scenes, spread
from anim_compiler.seeds import drawn
from anim_compiler.std_pipelines import pipeline_of
from anim_compiler.takes import Take, settled, takes
from anim_compiler.timed import timed
from anim_compiler.told import MORPHS, Told
from anim_compiler.world import World

if TYPE_CHECKING:
    from anim_compiler.compile import CompileOptions

_NO_WORDS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Lowered:
    """A film's graph, before any pass, with all that it was made from; `start` is the first of its frames
    in the film.
    """

    graph: Graph
    how: Frames
    scenes: tuple[Scene, ...]
    encoder: Encoder
    start: int


class Front:
    """Makes the graph of one film; what it cannot is told to `findings`. AudioError if a track that beats
    are counted by cannot be read.
    """

    def __init__(
        self, film: Film, world: World, options: CompileOptions, findings: Findings, memo: Memo
    ) -> None:
        self._film = film
        self._options = options
        self._findings = findings
        self._memo = memo
        self.fps = options.fps or film.fps
        self.width, self.height = options.size or (film.width, film.height)
        seed = film.seed if options.seed is None else options.seed
        self.seed = drawn(film.name) if seed < 0 else seed
        self.listener = Listener(film, world, memo.analyses, options.noted)
        clock = film_clock(film, self.listener, fps=self.fps, seed=self.seed)
        self._whole = Evaluator(clock, self.listener, memory=memo.memory)

    def lowered(self) -> Lowered | None:
        """The film's graph with its columns; None if one cannot be computed."""
        with timed("curves"):
            takes_made = self._takes()
        if takes_made is None:
            return None
        start, end = self._range(self._whole.clock.frames)
        found = pieces(takes_made, start, end, self._memo)
        how, shots = placed(found, self._memo), scenes(found, self._scale, models_of(self._film))
        with timed("prompts"):
            encoder = self._encoded(found, how)
        if encoder is None:
            return None
        with timed("lower"):
            graph = lower(shots, how, {}, {mask.name: mask for mask in self._film.masks})
        moved = moving(found, shots, graph, self._memo)
        columns = spread(moved, how, self._memo) | encoder.columns
        return Lowered(replace(graph, columns=columns), how, shots, encoder, start)

    def told(self, made: Lowered, words: Mapping[str, str] = _NO_WORDS) -> Told:
        """What the model is told at every frame; `words` are the film's embeddings with their digests."""
        encoder, ways = made.encoder, tuple(scene.shot.prompts.morph for scene in made.scenes)

        def made_anew() -> Told:
            morphs = np.zeros(len(made.how.kinds), dtype=np.uint8)
            for rows, way in zip(made.how.scenes, ways, strict=True):
                morphs[list(rows)] = MORPHS.index(way)
            return Told(encoder.prompts(), encoder.columns, morphs, words)

        return self._memo.recall(made_anew, "told", encoder, made.how, ways, tuple(words.items()))

    @property
    def _scale(self) -> float:
        """Pixels of the picture that is made per pixel of the film's size."""
        return self.height / self._film.height

    def _takes(self) -> list[Take] | None:
        """Every shot with the columns of its settings; None if one cannot be computed."""
        found = [
            settled(take, self._options.steps, self._scale, self._findings, self._memo)
            for take in takes(self._film, self._whole, self.listener)
        ]
        made = [take for take in found if take is not None]
        return made if len(made) == len(found) else None

    def _encoded(self, found: Sequence[Piece], how: Frames) -> Encoder | None:
        """What the model is told at each frame; None if a number in a prompt is none."""
        said = tuple(self._said(piece) for piece in found)
        if None in said:
            return self._encode(found, how)
        return self._memo.recall(lambda: self._encode(found, how), "prompts", how, said)

    def _said(self, piece: Piece) -> tuple[object, ...] | None:
        """What is written about the prompts of a piece."""
        take = piece.take
        told = says(take.shot.prompts, take.evaluator, self._memo)
        own = tuple((named.column(side), text) for named, side, text in _own_texts(piece))
        titles = [(track, title_says(text, take.evaluator, self._memo)) for track, text in _titles(take.shot)]
        if told is None or any(says is None for _, says in titles):
            return None
        return (*told, piece.begin, own, tuple(titles))

    def _encode(self, found: Sequence[Piece], how: Frames) -> Encoder | None:
        encoder = Encoder(len(how.kinds), self._memo)
        for piece, rows in zip(found, how.scenes, strict=True):
            encoder.scene(piece.take.shot.prompts, piece.take.evaluator, rows, piece.begin)
            for named, side, text in _own_texts(piece):
                encoder.fixed(named.column(side), text, rows)
            for track, title in _titles(piece.take.shot):
                encoder.title(track, title, piece.take.evaluator, rows, piece.begin)
        for what, culprit in encoder.culprits:
            settle.not_finite(what, culprit, self._findings)
        return None if encoder.culprits else encoder

    def _range(self, count: int) -> tuple[int, int]:
        start, end = self._options.frames or (0, count)
        start = max(0, min(start, count - 1))
        return start, max(start + 1, min(end, count))


def _titles(shot: Shot) -> Iterator[tuple[str, Conditioning]]:
    """The texts of a shot's layers: the names of their tracks, and what they say."""
    for layer in shot.layers:
        if layer.text is not None:
            yield f"layer.{layer.name}.text", layer.text


def _own_texts(piece: Piece) -> Iterator[tuple[Named, str, str]]:
    """The calls of a piece's pipeline that are told something of their own: the side, and what."""
    for named in calls(pipeline_of(piece.take.shot)):
        for side, text in named.texts:
            yield named, side, text
