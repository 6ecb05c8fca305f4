"""The files that a film writes."""

from __future__ import annotations

import os.path
import re
from collections.abc import Sequence
from fractions import Fraction
from pathlib import PurePosixPath, PureWindowsPath

from anim_compiler import setting
from anim_compiler.advice import endings
from anim_compiler.basics import BasicsChecker
from anim_compiler.constants import constant
from anim_compiler.expressions import Expressions
from anim_compiler.film import Output
from anim_compiler.levels import Named
from anim_compiler.names import did_you_mean
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
        self, check: Expressions, basics: BasicsChecker, world: World, varied: Sequence[str] = ()
    ) -> None:
        self._check = check
        self._varied = varied
        self._scope = check.scope
        self._findings = check.findings
        self._basics = basics
        self._world = world

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
        codec = entries.get("codec")
        quality = entries.get("quality")
        chosen = setting.word(self._check, SETTINGS["output", "codec"], codec) if codec else None
        number = setting.curve(self._check, SETTINGS["output", "quality"], quality) if quality else None
        known = constant(number.expr) if number else None
        if inside and endings.ending_known(self._findings, named.path, named.path_at):
            endings.sequence_named(self._findings, named.path, named.path_at)
            if codec and isinstance(chosen, str):
                endings.codec_fits(self._findings, named.path, chosen, codec.value.span)
            if quality and known is not None:
                written = chosen if isinstance(chosen, str) else None
                endings.quality_fits(self._findings, named.path, written, known, quality.value.span)
        return Output(
            named.path,
            chosen if isinstance(chosen, str) else None,
            None if known is None else round(known),
            self._rate(entries.get("fps")),
            self._sound(entries["audio"].value) if "audio" in entries else self._only_sound(),
        )

    def _rate(self, entry: Entry | None) -> Fraction | None:
        """The file's own frame rate; one that is no multiple of the film's makes motion stutter."""
        rate = self._basics.rate("output", entry)
        if entry is None or rate is None:
            return rate
        ratio = rate / self._scope.fps
        if ratio.numerator != 1 and ratio.denominator != 1:
            film = float(self._scope.fps)
            what = "shown twice" if ratio > 1 else "left out"
            self._findings.warning(
                "W6032",
                entry.value.span,
                f"the film has {film:g} frames a second and this file {float(rate):g}: some are {what}",
                hint=f"write `fps = {float(rate):g}` at the top, or {film:g} here",
            )
        return rate

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
            hint = did_you_mean(written, self._scope.tracks) or 'write `audio song = "song.mp3"` above'
            self._findings.error("E2001", value.span, f"there is no track `{written}`", hint=hint)
        return None
