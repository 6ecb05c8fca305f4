"""The prompts that Parseq renders, as texts frame by frame: what Deforum is given."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from anim_dsl.source import Span
from anim_studio.interchange.parseq.document import Document, DocumentError, place, problem
from anim_studio.interchange.parseq.evaluate import Formula, Moment, Value, compiled
from anim_studio.interchange.parseq.formula import FormulaError, parse
from anim_studio.interchange.parseq.library import END_MOVE, MOVE
from anim_studio.interchange.parseq.rows import Prompt
from anim_studio.interchange.parseq.splines import Points
from anim_studio.interchange.parseq.truth import Curve, setting_of

#: formulas in a prompt
INSERT = re.compile(r"\$\{(.*?)\}", re.DOTALL)
_MOVED = re.compile(f"{re.escape(MOVE)}(.*?){re.escape(END_MOVE)}", re.DOTALL)


def standing(prompts: Sequence[Prompt], frame: int) -> tuple[Prompt, ...]:
    """The prompts that stand on a frame."""
    return tuple(prompt for prompt in prompts if prompt.first <= frame <= prompt.last)


def changes(document: Document) -> tuple[int, ...]:
    """The frames on which another set of prompts begins to stand."""
    edges = {0, *(p.first for p in document.prompts), *(p.last + 1 for p in document.prompts)}
    found: list[int] = []
    before: tuple[Prompt, ...] | None = None
    for frame in sorted(edge for edge in edges if 0 <= edge < document.frames):
        now = standing(document.prompts, frame)
        if now != before:
            found.append(frame)
        before = now
    return tuple(found)


def fade(prompt: Prompt, frame: int) -> float:
    """The weight of a prompt that fades in and out, to four digits as Parseq writes it."""
    if prompt.fade_in > 0 and frame < prompt.first + prompt.fade_in:
        return float(f"{(frame - prompt.first) / prompt.fade_in:.4g}")
    begins = prompt.last - prompt.fade_out
    if prompt.fade_out > 0 and frame > begins:
        return float(f"{1 - (frame - begins) / prompt.fade_out:.4g}")
    return 1.0


def rendered(document: Document, curves: Sequence[Curve]) -> tuple[str, ...]:
    """`deforum_prompt` of every frame, by the document's prompts. Raises `DocumentError`."""
    reader = _Reader(document, curves)
    starts = changes(document)
    texts: list[str] = []
    for first, end in pairwise((*starts, document.frames)):
        now = standing(document.prompts, first)
        texts += [reader.at(frame, now) for frame in range(first, end)]
    return tuple(texts)


def given(document: Document) -> tuple[str, ...] | None:
    """`deforum_prompt` of every rendered frame; None if there are none."""
    found = [row.get("deforum_prompt") for row in document.rendered]
    texts = [text for text in found if isinstance(text, str)]
    return tuple(texts) if texts and len(texts) == len(found) else None


class _Reader:
    """Evaluates prompts; each formula is read once."""

    def __init__(self, document: Document, curves: Sequence[Curve]) -> None:
        self._document = document
        self._columns: Mapping[str, Sequence[float]] = {curve.name: curve.values for curve in curves}
        frames = tuple(key.frame for key in document.keyframes) or (0,)
        points = Points(frames, (0.0,) * len(frames))
        self._setting = replace(setting_of(document), points=points, field="prompt")
        self._known = frozenset([*self._columns, *document.tracks])
        self._formulas: dict[tuple[str, str], Formula] = {}

    def at(self, frame: int, prompts: Sequence[Prompt]) -> str:
        others: dict[str, Value] = {name: column[frame] for name, column in self._columns.items()}
        parts = [self._one(prompt, frame, others) for prompt in prompts]
        weights = [self._weight(prompt, frame, others) if len(parts) > 1 else "" for prompt in prompts]
        positive, negative = (
            " AND ".join(
                f"{pair[i]}: {weight}" if weight else pair[i]
                for pair, weight in zip(parts, weights, strict=True)
            )
            for i in (0, 1)
        )
        return f"{positive} --neg {negative}" if negative else positive

    def _one(self, prompt: Prompt, frame: int, others: Mapping[str, Value]) -> tuple[str, str]:
        positive = self._text(prompt.positive, Moment(self._setting, frame, (), others, is_positive=True))
        negative = self._text(prompt.negative, Moment(self._setting, frame, (), others, is_positive=False))
        positive, negative = _moved(positive, negative)
        negative, positive = _moved(negative, positive)
        return positive, negative

    def _weight(self, prompt: Prompt, frame: int, others: Mapping[str, Value]) -> str:
        if prompt.fade == "custom":
            moment = Moment(self._setting, frame, (), others)
            return self._text("${" + prompt.weight + "}", moment)
        return f"{fade(prompt, frame):g}" if prompt.fade == "linear" else "1"

    def _text(self, text: str, moment: Moment) -> str:
        def insert(match: re.Match[str]) -> str:
            value = self._formula(match[1], text)(moment)
            return value if isinstance(value, str) else f"{value:.5f}"

        try:
            return INSERT.sub(insert, text).replace("\n", " ")
        except FormulaError as error:
            raise _told(self._document, text, error) from None

    def _formula(self, written: str, text: str) -> Formula:
        key = (written, text)
        if key not in self._formulas:
            self._formulas[key] = compiled(parse(written), self._known)
        return self._formulas[key]


def _moved(here: str, there: str) -> tuple[str, str]:
    """What `posneg` sends to the other prompt, taken there: the last comes first."""
    for match in _MOVED.finditer(here):
        there = f" {match[1]} {there}"
    return _MOVED.sub("", here), there


def _told(document: Document, text: str, error: FormulaError) -> DocumentError:
    """A mistake in a prompt's formula, at the text in the file."""
    whole = Span(0, min(1, len(document.source.text)))
    for word in ("positive", "negative", "custom"):
        found = place(document.source, word, text if word != "custom" else text[2:-1])
        whole = found if found.start else whole
    return DocumentError(problem(document.source, whole, f"{error.message} (a prompt)", error.hint, "E1090"))


def same_texts(a: Sequence[str], b: Sequence[str]) -> bool:
    """Whether texts are the same but for the last digits of their numbers."""
    return len(a) == len(b) and all(
        x == y or list(_rounded(x)) == list(_rounded(y)) for x, y in zip(a, b, strict=True)
    )


def _rounded(text: str) -> Iterator[str]:
    for place_, part in enumerate(re.split(r"(\d+\.\d+)", text)):
        yield f"{float(part):.3f}" if place_ % 2 else " ".join(part.split())
