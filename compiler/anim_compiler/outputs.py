"""The files that a film writes."""

from __future__ import annotations

import os.path
import re
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath, PureWindowsPath

from anim_compiler import setting
from anim_compiler.advice import endings, output_sense
from anim_compiler.expressions import Expressions
from anim_compiler.film import Output
from anim_compiler.levels import Named
from anim_compiler.names import did_you_mean
from anim_compiler.output_settings import OutputSettings
from anim_compiler.rates import rate
from anim_compiler.setting import Entry
from anim_compiler.world import World
from anim_dsl.diagnostic import Label
from anim_dsl.settings import SETTINGS
from anim_dsl.syntax import Expr, Name, Text

_INSERT = re.compile(r"\{([^{}]*)\}")
_FRAME = re.compile(r"frame(?::0?[1-9])?")


class Outputs:
    """Checks `output` statements of one film."""

    def __init__(
        self,
        check: Expressions,
        world: World,
        varied: Sequence[str] = (),
        size: tuple[int, int] | None = None,
    ) -> None:
        self._check = check
        self._varied = varied
        self._scope = check.scope
        self._findings = check.findings
        self._world = world
        self._size = size

    def all(self, statements: Sequence[Named]) -> tuple[Output, ...]:
        """Every output in written order."""
        self._apart(statements)
        return tuple(self._output(named) for named in statements)

    def _apart(self, statements: Sequence[Named]) -> None:
        """No two outputs write the same file."""
        first: dict[str, Named] = {}
        for named in statements:
            path = os.path.normpath(named.path.replace("\\", "/"))
            if path in first:
                self._findings.error(
                    "E4022",
                    named.path_at,
                    f"another output writes `{named.path}` already",
                    labels=(Label(first[path].path_at, "the first one"),),
                    hint="give each output a name of its own",
                )
            first.setdefault(path, named)

    def _output(self, named: Named) -> Output:
        entries = {entry.name: entry for entry in named.entries}
        inside = self._inside(named) and self._inserts_known(named)
        settings = OutputSettings(self._check, self._world, entries)
        codec = entries.get("codec")
        chosen = setting.word(self._check, SETTINGS["output", "codec"], codec) if codec else None
        quality = settings.number("quality")
        output = settings.read(
            Output(
                named.path,
                chosen if isinstance(chosen, str) else None,
                None if quality is None else round(quality),
                rate(self._check, "output", entries.get("fps")),
                self._sound(entries["audio"].value) if "audio" in entries else self._only_sound(),
            )
        )
        self._rate(output, entries.get("fps"))
        if inside and endings.ending_known(self._findings, named.path, named.path_at):
            self._fits(named, output, entries)
        return output

    def _fits(self, named: Named, output: Output, entries: Mapping[str, Entry]) -> None:
        """Whether such a file can hold what is asked of it."""
        findings, path, codec = self._findings, named.path, output.codec
        if codec and not endings.codec_fits(findings, path, codec, entries["codec"].value.span):
            return
        length = self._scope.length
        single = length is not None and length * self._scope.fps * output.interpolate <= output.speed
        endings.sequence_named(findings, path, codec, named.path_at, single=single)
        if "quality" in entries and output.quality is not None:
            endings.quality_fits(findings, path, codec, output.quality, entries["quality"].value.span)
        if "bits" in entries and output.bits is not None:
            endings.bits_fit(findings, path, codec, output.bits, entries["bits"].value.span)
        output_sense.check(findings, output, (entries, named.path_at), self._size, self._scope.fps)

    def _rate(self, output: Output, entry: Entry | None) -> None:
        """A file's own frame rate that is no multiple of the film's makes motion stutter."""
        rate = output.fps
        if entry is None or rate is None or output.interpolate > 1 or output.speed < 1:
            return
        ratio = rate / (self._scope.fps * output.speed)
        if ratio.numerator != 1 and ratio.denominator != 1:
            film = float(self._scope.fps)
            what = "shown twice" if ratio > 1 else "left out"
            self._findings.warning(
                "W6032",
                entry.value.span,
                f"the film has {film:g} frames a second and this file {float(rate):g}: some are {what}",
                hint=f"write `fps = {float(rate):g}` at the top, {film:g} here, or add `interpolate = 2`",
            )

    def _inserts_known(self, named: Named) -> bool:
        """Whether the path holds no inserts but the frame's number and what the film's variants change."""
        known = {name for path in self._varied for name in (path, path.rpartition(".")[2])}
        for written in _INSERT.findall(named.path):
            if written in known or _FRAME.fullmatch(written):
                continue
            choices = ", ".join(f"`{{{name}}}`" for name in ("frame:05", *sorted(known)))
            self._findings.error(
                "E2043",
                named.path_at,
                f"`{{{written}}}` is nothing that an output's path can hold",
                hint=f"it can hold {choices}",
            )
            return False
        return True

    def _inside(self, named: Named) -> bool:
        """Outputs stay under the film's folder and do not overwrite what the film reads."""
        text = named.path.replace("\\", "/")
        parts = PurePosixPath(text)
        if parts.is_absolute() or ".." in parts.parts or PureWindowsPath(text).drive or "://" in text:
            self._findings.error(
                "E4001",
                named.path_at,
                f"`{named.path}` is outside the film's folder",
                hint="write a path inside it, like `out/film.mp4`",
            )
            return False
        paths = [track.path for track in self._scope.tracks.values()]
        paths += [still.path for still in self._scope.stills.values()]
        paths += [clip.path for clip in self._scope.clips.values()]
        read = {os.path.normpath(self._world.root / path) for path in paths}
        overwrites = os.path.normpath(self._world.folder / text) in read
        if overwrites:
            message = f"`{named.path}` would overwrite a file that the film reads"
            hint = "give the output another name, like `out/film.mp4`"
            self._findings.error("E4008", named.path_at, message, hint=hint)
        return not overwrites

    def _only_sound(self) -> str | None:
        """The clock's track, or the only one."""
        track = self._scope.track
        return track.name if track else None

    def _sound(self, value: Expr) -> str | None:
        """The track that an output names; `none` is silence."""
        if isinstance(value, Name) and value.text == "none":
            return None
        name = value.text if isinstance(value, Name) else value.plain if isinstance(value, Text) else None
        if name is not None and name in self._scope.tracks:
            self._scope.used.add(name)
            return name
        if name not in self._scope.missing:
            written = self._findings.text(value.span) if name is None else name
            clip = self._scope.clips.get(written)
            hint = did_you_mean(written, self._scope.tracks) or 'write `audio song = "song.mp3"` above'
            if clip is not None:
                hint = f'for its sound write `audio sound = "{clip.path}"` above, and `audio = sound` here'
            self._findings.error("E2001", value.span, f"there is no track `{written}`", hint=hint)
        return None
