"""What Parseq makes of a document: every field's value at every frame, and the moves that Deforum gets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from anim_dsl.source import Span
from anim_studio.interchange.parseq.document import Document, DocumentError, place, problem
from anim_studio.interchange.parseq.evaluate import Moment, Setting, Value, as_number, compiled
from anim_studio.interchange.parseq.fields import FIELDS, Field
from anim_studio.interchange.parseq.formula import FormulaError, Node, calls, parse
from anim_studio.interchange.parseq.rows import number
from anim_studio.interchange.parseq.splines import Points, slopes

#: how far a value may be off that counts as the same: two such are not a millionth apart in their difference
_NEAR, _DIGITS = 4e-7, 1e-11
#: a number that is written as a text is shorter
_MOST_LETTERS = 64


def is_near(a: float, b: float) -> bool:
    """Whether two values are the same, but for the last digits."""
    return abs(a - b) <= max(_NEAR, _DIGITS * abs(b))


@dataclass(frozen=True, slots=True)
class Section:
    """A formula and the frames that it counts on: from a keyframe that has one to the next such."""

    first: int
    end: int
    formula: Node
    written: str


@dataclass(frozen=True, slots=True)
class Curve:
    """A field: `values` are its own at every frame, `moves` what Deforum gets where that is a difference.

    `sections` are empty where the file has no keyframes, or where a formula could not be read and the
    rendered frames stand for it.
    """

    name: str
    values: tuple[float, ...]
    moves: tuple[float, ...]
    setting: Setting
    sections: tuple[Section, ...] = ()


def curves_of(document: Document) -> tuple[Curve, ...]:
    """All managed fields, in the document's order. Raises `DocumentError` where Parseq stops."""
    found: list[Curve] = []
    for name in document.fields:
        found.append(_curve(document, name, {curve.name: curve.values for curve in found}))
    return tuple(found)


def setting_of(document: Document) -> Setting:
    """What formulas of the document stand in."""
    labels = tuple((key.frame, key.info) for key in document.keyframes)
    frames = document.frames
    return Setting(document.fps, document.bpm, float(document.cadence), frames - 1, labels, document.tracks)


def _curve(document: Document, name: str, others: Mapping[str, Sequence[float]]) -> Curve:
    spec = FIELDS.get(name, Field())
    points = _points(document, name, spec.default)
    setting = replace(
        setting_of(document), field=name, default=spec.default, points=points, slopes=slopes(points)
    )
    rendered = _column(document, name)
    sections: tuple[Section, ...] = ()
    own = rendered or ()
    try:
        if document.keyframes:
            sections = _sections(document, name)
        if rendered is None:
            own = _evaluated(document, sections, setting, others) or (spec.default,) * document.frames
        elif sections:
            setting, sections = _rendered_so(document, sections, setting, others, rendered)
    except FormulaError as error:
        if rendered is None:
            raise _told(document, name, error) from None
        sections = ()
    if document.is_reversed and rendered is None:
        own = own[::-1]
    return Curve(name, own, _moves(document, name, spec, own), setting, sections)


def _rendered_so(
    document: Document,
    sections: tuple[Section, ...],
    setting: Setting,
    others: Mapping[str, Sequence[float]],
    rendered: Sequence[float],
) -> tuple[Setting, tuple[Section, ...]]:
    """The clock at which the formulas give the rendered frames: the document's own, or the rate that it had
    when they were rendered; none of the formulas where neither does.
    """
    for fps in (document.fps, document.input_fps):
        if fps > 0:
            tried = replace(setting, fps=fps)
            found = _evaluated(document, sections, tried, others)
            if all(is_near(a, b) for a, b in zip(found, rendered, strict=True)):
                return tried, sections
    return setting, ()


def _points(document: Document, name: str, default: float) -> Points:
    """The keys that have a value for a field; the first and the last frame have one in any case."""
    pairs = [(key.frame, key.values[name]) for key in document.keyframes if name in key.values]
    if not document.keyframes:
        return Points((0,), (default,))
    first, last = document.keyframes[0].frame, document.keyframes[-1].frame
    if not pairs:
        pairs = [(first, default)]
    if pairs[0][0] != first:
        pairs.insert(0, (first, pairs[0][1]))
    if pairs[-1][0] != last:
        pairs.append((last, pairs[-1][1]))
    frames, values = zip(*pairs, strict=True)
    return Points(frames, values)


def _sections(document: Document, name: str) -> tuple[Section, ...]:
    written = [(key.frame, key.formulas[name]) for key in document.keyframes if name in key.formulas]
    if not written or written[0][0] != 0:
        written.insert(0, (0, "L"))
    ends = [frame for frame, _ in written[1:]] + [document.frames]
    made: list[Section] = []
    for (first, text), end in zip(written, ends, strict=True):
        try:
            made.append(Section(first, end, parse(text), text))
        except FormulaError as error:
            raise _Placed(error, text) from None
    return tuple(made)


class _Placed(FormulaError):
    """A mistake, with the formula that it is in."""

    def __init__(self, error: FormulaError, text: str) -> None:
        super().__init__(error.message, error.span, error.hint)
        self.text = text


def _evaluated(
    document: Document, sections: Sequence[Section], setting: Setting, others: Mapping[str, Sequence[float]]
) -> tuple[float, ...]:
    known = frozenset(document.tracks)
    before: list[Value] = []
    for section in sections:
        try:
            formula = compiled(section.formula, known)
            reads = "dangerous" in calls(section.formula)
            for frame in range(section.first, section.end):
                beside = {name: column[frame] for name, column in others.items()} if reads else {}
                value = formula(Moment(setting, frame, before, beside))
                if isinstance(value, str) and len(value) > _MOST_LETTERS:
                    said = "this is a text, where Deforum wants a number"
                    raise FormulaError(said, Span(0, len(section.written)))
                before.append(value)
        except FormulaError as error:
            raise _Placed(error, section.written) from None
    values = tuple(as_number(value) for value in before)
    for frame, value in enumerate(values):
        if value - value != 0.0:
            section = next(s for s in sections if s.first <= frame < s.end)
            said = f"this is no number at frame {frame}"
            whole = FormulaError(
                said,
                Span(0, len(section.written)),
                "Deforum stops there: write what is a number at every frame",
            )
            raise _Placed(whole, section.written)
    return values


def _column(document: Document, name: str) -> tuple[float, ...] | None:
    """A field of the rendered frames; None where it is not in all of them."""
    column = [number(row.get(name)) for row in document.rendered]
    if None not in column:
        return tuple(value for value in column if value is not None) or None
    if column[0] is not None and not document.keyframes:
        said = (
            f"`{name}` is no number in frame {column.index(None)} of `rendered_frames`, where Deforum stops"
        )
        at = place(document.source, "rendered_frames")
        raise DocumentError(problem(document.source, at, said, "render it in Parseq again"))
    return None


def _moves(document: Document, name: str, spec: Field, own: tuple[float, ...]) -> tuple[float, ...]:
    """What Deforum gets of a field; the first frame's is its value itself, and a zoom's moves stand on 1."""
    if not spec.is_move:
        return own
    rendered = _column(document, f"{name}_delta")
    if rendered is not None:
        return rendered
    base = 1.0 if name == "zoom" else 0.0
    return own[:1] + tuple(base + (b - a) for a, b in pairwise(own))


def _told(document: Document, name: str, error: FormulaError) -> DocumentError:
    """A mistake in a formula, at its place in the file."""
    text = error.text if isinstance(error, _Placed) else ""
    whole = place(document.source, f"{name}_i", text)
    span, raw = error.span, document.source.slice(whole)
    if raw[1:-1] == text:
        start = whole.start + 1
        whole = Span(start + span.start, start + max(span.end, span.start + 1))
    said = f"{error.message} (`{name}`)"
    return DocumentError(problem(document.source, whole, said, error.hint, "E1090"))
