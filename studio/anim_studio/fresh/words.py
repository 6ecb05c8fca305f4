"""What a plan says otherwise than the one before it, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from anim_compiler.plan import Column, Columns, Media, ModelRef, NamedRef, Plan

#: columns that say how frames are made; what follows from them is counted, not listed
_INNER = ("frames.", "prompt.", "negative.")
_MOST_TEXT = 60
#: columns that are no setting of the film's, and what they are called
_CALLED = {"camera.from_previous": "the camera's move", "camera.pose": "the camera's place"}


def differences(before: tuple[Plan, Columns], after: tuple[Plan, Columns]) -> tuple[str, ...]:
    """The differences of two plans with their columns, the most telling first; never empty for plans whose
    files differ. KeyError or ValueError if the columns before are not those of their plan.
    """
    (old, old_columns), (new, new_columns) = before, after
    found = [
        *_facts(old, new),
        *_models(old, new),
        *_media(old.media, new.media),
        *_scenes(old, new),
        *_prompts(old, new),
        *_columns(old_columns, new_columns),
    ]
    if old.outputs != new.outputs:
        found.append("the files that it writes are others")
    if not found and old.film_sha256 != new.film_sha256:
        found.append("the film is written otherwise")
    return (*found, _made(before, after))


def _made(before: tuple[Plan, Columns], after: tuple[Plan, Columns]) -> str:
    """How much of the film is rendered anew."""
    from anim_compiler.diff.facts import frame_facts
    from anim_compiler.diff.rerender import rerender

    made = rerender(frame_facts(*before), frame_facts(*after))
    if made.count or made.beneath or made.redrawn:
        return made.sentence()
    same_steps = [scene.templates for scene in before[0].scenes] == [s.templates for s in after[0].scenes]
    if same_steps:
        return "no frame re-renders"
    return "its frames are the same, and the steps that make them are written otherwise"


def _facts(old: Plan, new: Plan) -> Iterator[str]:
    sizes = tuple(f"{plan.width}x{plan.height}" for plan in (old, new))
    rows = [("size", *sizes)]
    names = ("fps", "frames", "seed", "loop", "name", "author")
    rows += [(name, str(getattr(old, name)), str(getattr(new, name))) for name in names]
    for name, first, second in rows:
        if first != second:
            yield f"`{name}` {_short(first)} → {_short(second)}"


def _models(old: Plan, new: Plan) -> Iterator[str]:
    if old.model.reference != new.model.reference:
        yield f"the model is `{_short(new.model.reference)}`, and was `{_short(old.model.reference)}`"
    elif old.model.sha256 != new.model.sha256:
        yield f"the model `{_short(new.model.reference)}` has other weights"
    for kind in ("loras", "embeddings", "controls"):
        rows: tuple[Sequence[NamedRef], ...] = (getattr(old, kind), getattr(new, kind))
        first, second = ({ref.name: ref for ref in refs} for refs in rows)
        yield from _named(kind.removesuffix("s"), first, second)


def _media(old: Sequence[Media], new: Sequence[Media]) -> Iterator[str]:
    yield from _named("file", {one.name: one for one in old}, {one.name: one for one in new})


def _named(
    kind: str,
    old: Mapping[str, ModelRef] | Mapping[str, NamedRef] | Mapping[str, Media],
    new: Mapping[str, ModelRef] | Mapping[str, NamedRef] | Mapping[str, Media],
) -> Iterator[str]:
    for name in dict.fromkeys((*new, *old)):
        first, second = old.get(name), new.get(name)
        if first == second:
            continue
        what = "is new" if first is None else "is gone" if second is None else "is another"
        yield f"the {kind} `{_short(name)}` {what}"


def _scenes(old: Plan, new: Plan) -> Iterator[str]:
    rows = tuple({s.name: (s.start, s.end) for s in plan.scenes} for plan in (old, new))
    if list(rows[0]) != list(rows[1]):
        shown = (", ".join(f"`{_short(name)}`" for name in named) for named in rows)
        yield "the scenes {} are now {}".format(*shown)
        return
    for name, (start, end) in rows[1].items():
        if rows[0][name] != (start, end):
            was = f"{rows[0][name][0]}–{rows[0][name][1] - 1}"
            yield f"the scene `{_short(name)}` has frames {start}–{end - 1}, and had {was}"


def _prompts(old: Plan, new: Plan) -> Iterator[str]:
    texts = tuple([_says(one) for one in plan.prompts.texts] for plan in (old, new))
    gone = [text for text in texts[0] if text not in texts[1]]
    come = [text for text in texts[1] if text not in texts[0]]
    for first, second in zip(gone, come, strict=False):
        yield f'the prompt "{_short(first)}" is now "{_short(second)}"'
    yield from (f'the prompt "{_short(text)}" is gone' for text in gone[len(come) :])
    yield from (f'the prompt "{_short(text)}" is new' for text in come[len(gone) :])
    if not gone and not come and old.prompts.segments != new.prompts.segments:
        yield "the prompts stand at other frames"


def _says(parts: Sequence[object]) -> str:
    return "".join(part if isinstance(part, str) else "{…}" for part in parts)


def _columns(old: Columns, new: Columns) -> Iterator[str]:
    for name in sorted({*old, *new}):
        if name.startswith(_INNER):
            continue
        called = _CALLED.get(name, f"`{name}`")
        if name not in old or name not in new:
            yield f"{called} {'is new' if name in new else 'is gone'}"
            continue
        frames = _differ(old[name], new[name])
        if frames is not None and frames.size:
            yield f"{called} differs on {frames.size} of {len(new[name])} frames, first on frame {frames[0]}"


def _differ(old: Column, new: Column) -> np.ndarray[tuple[int], np.dtype[np.int64]] | None:
    """The frames on which two columns differ; None if they cannot be laid side by side."""
    if old.ndim != new.ndim or old.shape[1:] != new.shape[1:]:
        return None
    rows = min(len(old), len(new))
    unlike = np.asarray(old[:rows] != new[:rows]).reshape(rows, -1).any(axis=1)
    return np.flatnonzero(unlike).astype(np.int64)


def _short(text: str) -> str:
    return text if len(text) <= _MOST_TEXT else f"{text[: _MOST_TEXT - 1]}…"
