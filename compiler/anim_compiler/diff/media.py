"""The files that the film reads: replaced, read otherwise, new or gone; what is only renamed is the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from anim_compiler.diff.canon import canon
from anim_compiler.diff.change import Change, Kind
from anim_compiler.diff.marks import moved
from anim_compiler.diff.media_uses import pictures, whole_mask_text
from anim_compiler.diff.pair import Pair
from anim_compiler.diff.side import Side
from anim_compiler.diff.tempo_text import tempo_text
from anim_compiler.diff.where import ranges, short
from anim_compiler.film import Clip, Film, Mask, Shot, Still, Track
from anim_compiler.film_events import Markers, Score, Series

Medium: TypeAlias = Track | Still | Clip | Markers | Score | Series


def changes(pair: Pair) -> tuple[Change, ...]:
    """Tracks, pictures, videos, files of times and curves, and masks; then which of the pictures the film
    starts from and transforms.
    """
    a, b = pair.a.film, pair.b.film
    return (
        *_files("audio", a.tracks, b.tracks),
        *_files("image", _plain(a), _plain(b)),
        *_files("video", a.clips, b.clips),
        *_files("markers", a.markers, b.markers),
        *_files("midi", a.scores, b.scores),
        *_files("series", a.series, b.series),
        *_masks(pair),
        *_uses(pair),
    )


def _plain(film: Film) -> tuple[Still, ...]:
    """The pictures that are no masks."""
    masks = {mask.name for mask in film.masks}
    return tuple(still for still in film.stills if still.name not in masks)


def _files(word: str, a: Sequence[Medium], b: Sequence[Medium]) -> Iterator[Change]:
    before, after = ({m.name: m for m in media} for media in (a, b))
    renamed = _renamed(before, after)
    for name, now in after.items():
        was = before.get(name) or before.get(renamed.get(name, ""))
        if was is None:
            yield _change("added", word, name, f"added ({now.path})", after=now.path)
            continue
        if was.sha256 != now.sha256:
            yield _replaced(word, was, now)
        for option, texts in _options(was, now).items():
            sentence = f"{option} {texts[0]} → {texts[1]}"
            yield _change("changed", word, name, sentence, *texts)
    for name, was in before.items():
        if name not in after and name not in renamed.values():
            yield _change("removed", word, name, f"removed ({was.path})", before=was.path)


def _renamed(before: Mapping[str, Medium], after: Mapping[str, Medium]) -> dict[str, str]:
    """New names of files that were there under another one."""
    gone = {m.sha256: name for name, m in before.items() if name not in after}
    return {name: gone[m.sha256] for name, m in after.items() if name not in before and m.sha256 in gone}


def _replaced(word: str, was: Medium, now: Medium) -> Change:
    paths = f"{was.path} → {now.path}" if was.path != now.path else now.path
    sentence = f"replaced ({paths}, {was.sha256[:8]} → {now.sha256[:8]})"
    if isinstance(was, Markers) and isinstance(now, Markers):
        sentence += moved(was, now)
    return _change("replaced", word, now.name, sentence, was.sha256, now.sha256)


def _options(was: Medium, now: Medium) -> dict[str, tuple[str, str]]:
    """What is said of a file besides its path, where it changed."""
    found = {}
    for name, read in _SAID.items():
        texts = read(was), read(now)
        if texts[0] != texts[1]:
            found[name] = texts
    return found


def _time(name: str) -> Callable[[Medium], str]:
    def read(medium: Medium) -> str:
        value = getattr(medium, name, None)
        return "the file's" if value is None else f"{short(float(value))} s"

    return read


def _number(name: str, sign: str = "") -> Callable[[Medium], str]:
    def read(medium: Medium) -> str:
        value = getattr(medium, name, None)
        return "none" if value is None else f"{short(float(value))}{sign}"

    return read


def _speed(medium: Medium) -> str:
    """How fast a clip is played; one that changes by a digest of what it says."""
    if not isinstance(medium, Clip):
        return ""
    if medium.ramp is not None:
        return f"a curve ({canon(medium.ramp.expr).hex()[:6]})"
    return f"{short(medium.speed * 100)}%"


def _tempo(medium: Medium) -> str:
    if isinstance(medium, Score):
        return "the file's" if medium.bpm is None else short(float(medium.bpm))
    found = tempo_text(medium.bpm, medium.given) if isinstance(medium, Track) else None
    return found or "none"


_SAID: Mapping[str, Callable[[Medium], str]] = {
    "bpm": _tempo,
    "beats_per_bar": _number("beats_per_bar"),
    "offset": _time("offset"),
    "gain": _number("gain_db", "db"),
    "normalize": lambda medium: "fixed" if getattr(medium, "is_fixed", False) else "track",
    "start": _time("start"),
    "end": _time("end"),
    "speed": _speed,
    "loop": lambda medium: "on" if getattr(medium, "loop", False) else "off",
    "channel": _number("channel"),
    "interpolation": lambda medium: getattr(medium, "interpolation", ""),
    "time": lambda medium: getattr(medium, "time", None) or "the one that is found",
    "fit": lambda medium: medium.fit if isinstance(medium, Clip) else "",
}


def _change(kind: Kind, word: str, name: str, sentence: str, before: str = "", after: str = "") -> Change:
    return Change("media", kind, f"{word} {name}", f"{word} `{name}`", sentence, before=before, after=after)


# --- masks, and what is done with pictures ---


def _masks(pair: Pair) -> Iterator[Change]:
    """Masks by what they let through: a file's by its content, a joined one by its parts."""
    a, b = ({m.name: m for m in side.film.masks} for side in (pair.a, pair.b))
    for name in dict.fromkeys((*a, *b)):
        before, after = _mask(pair.a, a.get(name)), _mask(pair.b, b.get(name))
        if before == after:
            continue
        if before and after:
            yield _change("changed", "mask", name, f"{before} → {after}", before, after)
        else:
            kind: Kind = "added" if after else "removed"
            yield _change(kind, "mask", name, f"{kind} ({before or after})", before, after)


def _mask(side: Side, mask: Mask | None) -> str:
    return "" if mask is None else whole_mask_text(side.film, mask)


def _uses(pair: Pair) -> Iterator[Change]:
    """`init`, `source` and `guide`: the picture a scene starts from, the video that it transforms, the
    pictures that it is drawn towards.
    """
    for name in ("init", "source", "guide"):
        rows: dict[tuple[str, str], list[int]] = {}
        frames: dict[tuple[str, str], list[int]] = {}
        for number, scene in enumerate(pair.matched):
            was, now = (_used(take.shot, name) for take in (scene.a, scene.b))
            files = pictures(pair.a.film).get(was), pictures(pair.b.film).get(now)
            if (was is None and now is None) or (
                name != "guide" and files[0] == files[1] and None not in (was, now)
            ):
                continue
            texts = (was or "none", now or "none")
            if was is not None and was == now:
                continue  # another file under the name: told of the file
            rows.setdefault(texts, []).append(number)
            frames.setdefault(texts, []).extend(pair.seen(scene.frames).tolist())
        for texts, numbers in rows.items():
            where = ranges(_sorted(frames[texts]))
            scene_name = pair.matched[numbers[0]].b.shot.name if pair.in_scenes and len(numbers) == 1 else ""
            yield Change(
                "media",
                "changed",
                name,
                f"`{name}`",
                " → ".join(texts),
                pair.timeline.words(where),
                scene_name,
                where,
                *texts,
            )


def _used(shot: Shot, name: str) -> str | None:
    """The picture that a shot's `init` or `source` names, or the keys of its guide in words."""
    if name != "guide":
        return shot.init if name == "init" else shot.source
    if shot.guide is None:
        return None
    rows = ((f"{float(key.at.seconds):g}s", key.picture or "none", key.ease.name) for key in shot.guide.keys)
    return ", ".join(
        f"{at}: {picture}" + ("" if ease == "linear" else f" {ease}") for at, picture, ease in rows
    )


def _sorted(frames: list[int]) -> NDArray[np.int64]:
    return np.array(sorted(frames), dtype=np.int64)
