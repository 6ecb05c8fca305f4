"""What `diffuse`, `coherence` and `grade` say: numbers, words, and words that change."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from anim_compiler import setting
from anim_compiler.diff import numbers
from anim_compiler.diff.change import Area, Change
from anim_compiler.diff.number import Number
from anim_compiler.diff.pair import Matched, Pair
from anim_compiler.diff.where import ranges, short
from anim_compiler.film import Word, WordSchedule
from anim_compiler.shots import BLOCKS
from anim_compiler.takes import Take
from anim_dsl.settings import SETTINGS


def changes(pair: Pair) -> tuple[Change, ...]:
    """Every changed setting of these blocks, in the order of the table."""
    return tuple(_changes(pair))


def _changes(pair: Pair) -> Iterator[Change]:
    numeric = {path for s in pair.matched for t in (s.a, s.b) for path in t.shot.numbers}
    wordy = {path for s in pair.matched for t in (s.a, s.b) for path in t.shot.words}
    for block, name in SETTINGS:
        path = f"{block}.{name}"
        if block not in BLOCKS:
            continue
        if path in numeric:
            found = numbers.changes(pair, _number(path))
            # seeds that only follow the film's are no edit, and say nothing that it does not
            yield from (c for c in found if not (name == "seed" and "seed" in c.causes))
        elif path in wordy:
            yield from word_changes(pair, "settings", path, subject(path), SETTINGS[block, name].default)


def _number(path: str) -> Number:
    block, _, name = path.partition(".")
    spec = SETTINGS[block, name]
    return Number(
        "settings",
        path,
        subject(path),
        lambda take: take.shot.numbers.get(path),
        kind=spec.type,
        unit=spec.unit,
        default=setting.default(spec),
    )


def subject(path: str) -> str:
    """What messages call a setting: its name, with the block where two blocks have it."""
    block, _, name = path.partition(".")
    homes = [owner for owner, own in SETTINGS if own == name and owner in (*BLOCKS, "film")]
    return f"`{name}`" if len(homes) < 2 else f"`{block}.{name}`"


# --- words ---


def word_changes(pair: Pair, area: Area, path: str, called: str, default: str) -> Iterator[Change]:
    """A setting that is a word in both films, one change for scenes in which it changed alike."""
    found: dict[tuple[str, str], list[Matched]] = {}
    for scene in pair.matched:
        before, after = (_said(take, path, default) for take in (scene.a, scene.b))
        if before != after:
            texts = _at_changed(scene, path) or (_told(before, scene.a), _told(after, scene.b))
            found.setdefault(texts, []).append(scene)
    for texts, scenes in found.items():
        yield _change(pair, area, path, called, texts, scenes)


def _change(
    pair: Pair, area: Area, path: str, called: str, texts: tuple[str, str], scenes: list[Matched]
) -> Change:
    frames = np.concatenate([_frames(pair, scene, path) for scene in scenes])
    where = ranges(np.sort(frames))
    names = {scene.b.shot.name for scene in scenes}
    scene = names.pop() if pair.in_scenes and len(names) == 1 else ""
    sentence = " → ".join(texts)
    return Change(area, "changed", path, called, sentence, pair.timeline.words(where), scene, where, *texts)


def _frames(pair: Pair, scene: Matched, path: str) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    """The frames at which the word is another: all of the scene's, unless it changes with the frame."""
    said = [_by_frame(take, path) for take in (scene.a, scene.b)]
    frames = scene.frames
    if not said[0] or not said[1]:
        return pair.seen(frames)
    differs = [a != b for a, b in zip(*said, strict=False)]
    return pair.seen(frames[np.array(differs, dtype=bool)])


def _said(take: Take, path: str, default: str) -> object:
    """What a setting says: a word, or the rows of a schedule as frames and words."""
    word = take.shot.words.get(path)
    if isinstance(word, WordSchedule):
        return tuple((round(take.clock.stands(at), 6), text) for at, text in word.keys)
    return _plain(default.strip('"') if word is None else word)


def _plain(word: Word) -> str:
    if isinstance(word, bool):
        return "on" if word else "off"
    return "none" if word is None or word == "" else str(word)


def _told(said: object, take: Take) -> str:
    """A word, or a schedule as `Euler, DDIM at 2 s`."""
    if not isinstance(said, tuple):
        return str(said)
    seconds = [short(place / float(take.clock.fps)) for place, _ in said]
    rows = zip(seconds, (text for _, text in said), strict=True)
    return ", ".join(text if at in ("0", "-0") else f"{text} at {at} s" for at, text in rows)


def _at_changed(scene: Matched, path: str) -> tuple[str, str] | None:
    """The two words at the frames that changed, if they are the same two at all of them."""
    frames = range(min(scene.a.own, scene.b.own))
    said = [_by_frame(take, path) for take in (scene.a, scene.b)]
    found = {(said[0][f], said[1][f]) for f in frames if said[0] and said[1] and said[0][f] != said[1][f]}
    return found.pop() if len(found) == 1 else None


def _by_frame(take: Take, path: str) -> list[str]:
    """A schedule's word at every frame; none of what is no schedule and has no word."""
    word = take.shot.words.get(path)
    if not isinstance(word, WordSchedule):
        return [] if word is None else [_plain(word)] * take.own
    rows = sorted((take.clock.stands(at), text) for at, text in word.keys)
    return [
        next((text for place, text in reversed(rows) if place <= f + 1e-9), rows[0][1])
        for f in range(take.own)
    ]
