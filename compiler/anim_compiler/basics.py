"""What a film is before any curve: rate, size, length, seed, media."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from anim_compiler import media_files, pictures, setting
from anim_compiler.constants import constant
from anim_compiler.expressions import Expressions
from anim_compiler.film import Still, Track, WordSchedule
from anim_compiler.lengths import Lengths
from anim_compiler.levels import Collected, Named
from anim_compiler.media import MOST_PIXELS, image_size
from anim_compiler.moments import exact
from anim_compiler.names import did_you_mean
from anim_compiler.setting import Entry
from anim_compiler.world import Problem, World
from anim_dsl.diagnostic import Edit
from anim_dsl.settings import SETTINGS
from anim_dsl.syntax import Name, Size, Text

#: rates that are written rounded and mean a fraction of 1001
_FRACTIONS = {
    "23.976": Fraction(24000, 1001),
    "23.98": Fraction(24000, 1001),
    "29.97": Fraction(30000, 1001),
    "47.952": Fraction(48000, 1001),
    "59.94": Fraction(60000, 1001),
    "119.88": Fraction(120000, 1001),
}


@dataclass(frozen=True, slots=True)
class Basics:
    """The settings that stand outside blocks and never change."""

    width: int
    height: int
    seed: int
    loop: bool
    model: str | WordSchedule | None
    title: str
    author: str


class BasicsChecker:
    """Settles a film's basics, in the order in which they depend on each other."""

    def __init__(self, check: Expressions, found: Collected, world: World) -> None:
        self._check = check
        self._scope = check.scope
        self._findings = check.findings
        self._found = found
        self._world = world
        self._film = {e.name: e for e in found.film.entries.get("film", ()) if e.op == "="}

    def settle(self) -> Basics | None:
        """Fills the scope with rate, tempo, media, length and scenes; None if size or length is missing."""
        self._scope.fps = self._rate("film", self._film.get("fps"), Fraction(24))
        self._tempo()
        for named in self._found.audio:
            self._audio(named)
        for named in self._found.images:
            self._image(named.name, named.path, named)
        media_files.read(self._check, self._found, self._world)
        self._clock()
        length = Lengths(self._check, self._found, self._world).settle()
        size = self._size()
        self._scope.size = size or self._scope.size
        seed = self._number("film", self._film.get("seed"), 0.0)
        self._check.round += 1
        if length is None or size is None:
            return None
        return Basics(
            *size,
            seed=int(seed or 0),
            loop=bool(self._word("loop")),
            model=self._model(),
            title=self._text("title") or "",
            author=self._text("author") or "",
        )

    def init(self, entry: Entry | None, name: str) -> str | None:
        """The picture that a film or scene starts from; a path is registered under `name`."""
        if entry is None or entry.is_none:
            return None
        if isinstance(entry.value, Text) and entry.value.plain is not None:
            if name not in self._scope.stills:
                self._image(
                    name, entry.value.plain, Named(name, entry.at, entry.value.plain, entry.value.span, ())
                )
            return name
        with self._check.inside(entry.env):
            found = pictures.named(self._check, entry.value, f"`{entry.name}`")
        if found is None or found in self._scope.stills:
            return found
        kind = "a video" if found in self._scope.clips else "a mask"
        hint = f"write `source = {found}` to transform a video" if kind == "a video" else "name an `image`"
        message = f"`init` is a picture, and `{found}` is {kind}"
        self._findings.error("E3002", entry.value.span, message, hint=hint)
        return None

    def source(self, entry: Entry | None) -> str | None:
        """The video, or the picture, whose frames are transformed."""
        if entry is None or entry.is_none:
            return None
        with self._check.inside(entry.env):
            return pictures.named(self._check, entry.value, f"`{entry.name}`")

    # --- numbers and words ---

    def _number(self, block: str, entry: Entry | None, default: float | None) -> float | None:
        if entry is None:
            return default
        curve = setting.curve(self._check, SETTINGS[block, entry.name], entry)
        known = None if curve is None else constant(curve.expr)
        if curve is not None and known is None:
            self._findings.error(
                "E3004", entry.value.span, f"`{entry.name}` must be a constant", hint="write a number"
            )
        return default if known is None else known

    def rate(self, block: str, entry: Entry | None) -> Fraction | None:
        """A frame rate as an exact fraction; None if it is not written."""
        return None if entry is None else self._rate(block, entry, Fraction(24))

    def _rate(self, block: str, entry: Entry | None, default: Fraction) -> Fraction:
        number = self._number(block, entry, None)
        if number is None:
            return default
        text = f"{number:g}" if f"{number:g}" in _FRACTIONS else f"{number:.3f}".rstrip("0")
        return _FRACTIONS.get(text, exact(number))

    def _word(self, name: str) -> str | bool | None:
        entry = self._film.get(name)
        return None if entry is None else setting.word(self._check, SETTINGS["film", name], entry)

    def _text(self, name: str) -> str | None:
        value = self._word(name)
        return value if isinstance(value, str) else None

    def _model(self) -> str | WordSchedule | None:
        """The model; the decoder beside it is checked too."""
        model, vae = self._film.get("model"), self._film.get("vae")
        if model is None and vae is None:
            return None
        from anim_compiler import references

        if vae is not None:
            references.model(self._check, vae, self._world)
        return None if model is None else references.model(self._check, model, self._world)

    # --- tempo and media ---

    def _tempo(self) -> None:
        hertz = self._number("film", self._film.get("bpm"), None)
        self._scope.bpm = None if hertz is None else _bpm(hertz)
        self._scope.beats_per_bar = int(self._number("film", self._film.get("beats_per_bar"), 4.0) or 4)

    def _audio(self, named: Named) -> None:
        path = self._file(named)
        options = {entry.name: entry for entry in named.entries}
        hertz = self._number("audio", options.get("bpm"), None)
        offset = self._number("audio", options.get("offset"), 0.0)
        gain = self._number("audio", options.get("gain"), 0.0)
        bar = self._number("audio", options.get("beats_per_bar"), None)
        if path is None:
            if hertz is not None and self._scope.bpm is None:
                self._scope.bpm = _bpm(hertz)
            return
        self._scope.tracks[named.name] = Track(
            named.name,
            self._world.relative(path),
            self._world.sha256(path),
            None if hertz is None else _bpm(hertz),
            offset or 0.0,
            gain or 0.0,
            None if bar is None else int(bar),
            named.path_at,
        )

    def _file(self, named: Named) -> Path | None:
        """The file that a statement names; what is wrong with it is reported."""
        path = self._world.resolve(named.path)
        if isinstance(path, Problem):
            self._findings.error(path.code, named.path_at, path.message, hint=path.hint)
            self._scope.missing.add(named.name)
            return None
        return path

    def _image(self, name: str, text: str, named: Named) -> None:
        path = self._file(named)
        if path is None:
            return
        size = image_size(path)
        if size is None:
            self._findings.error(
                "E4006",
                named.path_at,
                f"`{text}` is not a picture that can be read",
                hint="save it as PNG or JPEG",
            )
            self._scope.missing.add(name)
            return
        if size[0] * size[1] > MOST_PIXELS:
            self._findings.error(
                "E4007",
                named.path_at,
                f"`{text}` is {size[0]}x{size[1]}, larger than 8192x8192",
                hint="save a smaller copy",
            )
            self._scope.missing.add(name)
            return
        self._scope.stills[name] = Still(name, self._world.relative(path), self._world.sha256(path), *size)

    def _clock(self) -> None:
        entry = self._film.get("clock")
        if entry is not None:
            name = entry.value.text if isinstance(entry.value, Name) else self._text("clock")
            if name is not None and name not in self._scope.tracks and name not in self._scope.missing:
                first = next(iter(self._scope.tracks), "song")
                hint = did_you_mean(name, self._scope.tracks) or f"write `clock = {first}`"
                self._findings.error("E2001", entry.value.span, f"there is no track `{name}`", hint=hint)
                # the film's length may be that of the track that was meant
                self._scope.missing.add(name)
            self._scope.clock_track = name
            self._scope.used.add(name or "")
        track = self._scope.track
        if track is not None and self._scope.bpm is None:
            self._scope.bpm = track.bpm
        if track is not None and track.beats_per_bar is not None:
            self._scope.beats_per_bar = track.beats_per_bar

    # --- size ---

    def _size(self) -> tuple[int, int] | None:
        entry = self._film.get("size")
        if entry is None:
            return 512, 512
        if not isinstance(entry.value, Size):
            inside = self._findings.sources.slice(entry.value.span).strip('"').replace(" ", "")
            is_size = isinstance(entry.value, Text) and re.fullmatch(r"[0-9]{1,5}x[0-9]{1,5}", inside)
            self._findings.error(
                "E3002",
                entry.value.span,
                "`size` is a width and a height" + (", without quotes" if is_size else ""),
                hint=f"write `{inside}`" if is_size else "write it like `768x512`",
                edit=Edit(entry.value.span, inside) if is_size else None,
            )
            return None
        width, height = entry.value.width, entry.value.height
        spec = SETTINGS["film", "size"]
        low, high = int(spec.minimum or 16), int(spec.maximum or 8192)
        if not (low <= width <= high and low <= height <= high):
            self._findings.error(
                "E3012",
                entry.value.span,
                f"a picture is between {low}x{low} and {high}x{high}",
                hint="write `512x512` or `768x512`",
            )
            return None
        if width % 8 or height % 8:
            near = f"{max(16, round(width / 8) * 8)}x{max(16, round(height / 8) * 8)}"
            self._findings.error(
                "E3012", entry.value.span, "width and height must be multiples of 8", hint=f"write `{near}`"
            )
            return None
        return width, height


def _bpm(hertz: float) -> float:
    """Beats a minute, without the rounding of a trip through hertz."""
    return float(f"{hertz * 60.0:.10g}")
