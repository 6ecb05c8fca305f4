"""The files that settings name: statements for those that are here, comments for those that are not."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path, PureWindowsPath

from anim_compiler.clips import VideoHeader, video_header
from anim_compiler.world import World
from anim_dsl.schedule_formula import FormulaError, compile_formula
from anim_dsl.visible import escaped
from anim_studio.interchange.deforum.given import Settings
from anim_studio.interchange.film_text import Comment, Item, Setting, Statement, identifier, quoted
from anim_studio.interchange.imported import Fate

_NONE = ("none", "", "false")
_MOST_SHOWN = 90
_COUNTED = "`speed`, `start` and `end` of the video, in seconds of its own"


@dataclass(slots=True)
class Files:
    """What a film's media statements are made of; a file is named once, by whatever asks first."""

    settings: Settings
    world: World
    statements: list[Item] = field(default_factory=list)
    heads: list[Item] = field(default_factory=list)
    names: dict[tuple[str, str], str] = field(default_factory=dict)
    taken: list[str] = field(default_factory=list)
    #: the names of files by their paths, also of those that are missing
    called: dict[str, str] = field(default_factory=dict)
    has_guide: bool = False

    @classmethod
    def of(cls, settings: Settings) -> Files:
        """The files of settings, as the film's folder has them."""
        return cls(settings, World.open(settings.folder / f"{settings.stem}.anim"))

    # --- one file ------------------------------------------------------------------------------

    def here(self, path: str) -> str | None:
        """How the film names a file that is here: as it is written, or by its last part; None without it."""
        if not path or path.lower() in _NONE:
            return None
        folder = self.world.folder.resolve()
        for candidate in (path.replace("\\", "/"), PureWindowsPath(path.split("?")[0]).name):
            found = self.world.resolve(candidate) if candidate else None
            if isinstance(found, Path) and found.is_relative_to(folder):
                return found.relative_to(folder).as_posix()
        return None

    def media(self, kind: str, param: str, wanted: str, block: str = "", *, path: str = "") -> str:
        """The name of a picture, video, mask or track; "" if its file is not here, which a comment says."""
        written = path or self.settings.text(param)
        if (kind, written) in self.names:
            return self.names[kind, written]
        name = identifier(wanted, self.taken, kind)
        self.taken.append(name)
        found = self.here(written)
        last = PureWindowsPath(written.split("?")[0]).name or written
        statement = f"{kind} {name} = {quoted(found or last)}{block}"
        if found is not None:
            self.statements.append(Statement(statement))
            self.settings.mapped(param)
        else:
            self.statements.append(Comment(f"{statement}  # {_absent(written, last)}", code=True))
            self.missing(param, written)
        self.names[kind, written] = name if found is not None else ""
        self.called[written] = name
        return self.names[kind, written]

    def missing(self, param: str, path: str) -> None:
        """Keeps that a file is not here."""
        if not path:
            self.settings.say(Fate.CHANGED, param, "the film has a comment in its place: no file is named")
            return
        says = f"the film has a comment in its place: `{_shown(path)}` is not beside it"
        self.settings.say(Fate.CHANGED, param, says)

    # --- what asks for them --------------------------------------------------------------------

    def clip(self) -> str:
        """The name of the input video; "" if it is not here."""
        block = self._part()
        return self.media("video", "video_init_path", "clip", block)

    def measure(self) -> None:
        """Takes the film's length from the input video where it rules that, if the video is here."""
        settings = self.settings
        is_hybrid = any(
            settings.text(f"hybrid_{name}").lower() not in _NONE for name in ("motion", "composite")
        )
        if settings.mode != "V" and not (settings.mode in "23" and is_hybrid):
            return
        header = self._header()
        if header is None:
            return
        nth, first, last = self._extracted()
        every = int(header.seconds * header.rate + Fraction(1, 2))
        end = min(last, every) if last >= 0 else every
        settings.counted = max(1, -(-max(end - first, 1) // nth))
        says = "the input video rules it, as there"
        settings.say(Fate.MAPPED, "max_frames", says)

    def _header(self) -> VideoHeader | None:
        found = self.here(self.settings.text("video_init_path"))
        path = None if found is None else self.world.resolve(found)
        return video_header(path) if isinstance(path, Path) else None

    def _extracted(self) -> tuple[int, int, int]:
        """Every which frame of the video is taken, from which one on, and up to which, -1 for the end."""
        nth, first, last = (self.settings.whole(f"extract_{word}_frame") for word in ("nth", "from", "to"))
        return max(1, nth), max(0, first), last

    def _part(self) -> str:
        """Which part of the video is taken, and how fast: each frame that Deforum takes is one of the film.

        Of a video that is not here the film's own rate is supposed.
        """
        settings = self.settings
        nth, first, last = self._extracted()
        fps = max(settings.number("fps"), 0.1)
        header = self._header()
        rate = fps if header is None else float(header.rate)
        speed = f"{100 * nth * fps / rate:.6g}%"
        parts = [f"speed = {speed}"] if speed != "100%" else []
        parts += [f"start = {first / rate:.6g}s"] if first > 0 else []
        parts += [f"end = {last / rate:.6g}s"] if last >= 0 else []
        for name in ("extract_nth_frame", "extract_from_frame", "extract_to_frame"):
            settings.say(
                Fate.CHANGED if header is None and parts else Fate.MAPPED, name, _COUNTED if parts else ""
            )
        return f" {{ {'; '.join(parts)} }}" if parts else ""

    def picture(self, setting: str, param: str, wanted: str) -> Item:
        """A setting that takes a picture, or a comment in its place."""
        name = self.media("image", param, wanted)
        return Setting(setting, name) if name else _gone(f"{setting} = {wanted}")

    def noise_mask(self) -> Item:
        """`noise_mask`, where the schedule names a file or the video mask."""
        words = set(self.settings.curve("noise_mask_schedule").words)
        text = next(iter(words)) if len(words) == 1 else ""
        says = "the words of composable masks have no translation"
        found = re.fullmatch(r"\s*(?:\{(video_mask)\}|\[([^\[\]]+)\])\s*", text)
        if found is None:
            self.settings.say(Fate.LOST, "noise_mask_schedule", says)
            return Comment(f"noise_mask = …  # {says}: {text}")
        if found[1]:
            name = self.media("mask", "video_mask_path", "video_mask")
        else:
            name = self.media("mask", "noise_mask_schedule", "noise_mask", path=found[2])
        return Setting("noise_mask", name) if name else _gone("noise_mask = video_mask")

    def guides(self) -> None:
        """Guided images: a picture for each key, and `guide`, which shows each until the next one."""
        pictures = _pictures(self.settings)
        self.settings.mapped("init_images")
        keys: list[str] = []
        lost = False
        for count, (at, path) in enumerate(pictures, 1):
            if not 0 <= at < self.settings.frames:
                continue
            name = self.media("image", "init_images", f"guide_{count}", path=path)
            lost = lost or not name
            keys.append(f"{at}: {name or f'guide_{count}'}")
        if not keys:
            return
        value = keys[0].partition(": ")[2] if len(keys) == 1 else ", ".join(keys) + " with hold"
        if lost:
            self.heads.append(Comment(f"guide = {value}  # pictures of it are missing", code=True))
            return
        self.heads.append(Setting("guide", value))
        self.has_guide = True


def _pictures(settings: Settings) -> list[tuple[int, str]]:
    """The pictures of `init_images` by frame; the file's text is JSON inside of JSON."""
    value = settings.raw("init_images")
    if isinstance(value, str):
        try:
            pairs = json.loads(value)
        except ValueError:
            return []
    else:
        pairs = {name: each.value for name, each in value.items()} if isinstance(value, dict) else {}
    found: dict[int, str] = {}
    for at, path in pairs.items() if isinstance(pairs, dict) else ():
        try:
            frame = int(compile_formula(str(at))({"max_f": settings.frames - 1, "s": settings.seed}))
        except (FormulaError, ValueError, OverflowError):
            continue
        found[frame] = str(path)
    return sorted(found.items())


def _gone(code: str) -> Comment:
    return Comment(f"{code}  # its file is missing", code=True)


def _absent(written: str, last: str) -> str:
    if not written:
        return "no file is named"
    return "not here" if written == last else f"not here: it was {_shown(written)}"


def _shown(path: str) -> str:
    text = escaped(path).replace("`", "'")
    return text if len(text) <= _MOST_SHOWN else f"{text[: _MOST_SHOWN - 1]}…"
