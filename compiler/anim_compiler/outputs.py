"""The files that a film writes."""

from __future__ import annotations

import os.path
from collections.abc import Sequence
from pathlib import PurePosixPath, PureWindowsPath

from anim_compiler import setting
from anim_compiler.basics import BasicsChecker
from anim_compiler.collect import Named
from anim_compiler.constants import constant
from anim_compiler.expressions import Expressions
from anim_compiler.film import Output
from anim_compiler.names import did_you_mean
from anim_compiler.world import World
from anim_dsl.settings import SETTINGS
from anim_dsl.syntax import Expr, Name, Text


class Outputs:
    """Checks `output` statements of one film."""

    def __init__(self, check: Expressions, basics: BasicsChecker, world: World) -> None:
        self._check = check
        self._scope = check.scope
        self._findings = check.findings
        self._basics = basics
        self._world = world

    def all(self, statements: Sequence[Named]) -> tuple[Output, ...]:
        """Every output in written order."""
        return tuple(self._output(named) for named in statements)

    def _output(self, named: Named) -> Output:
        entries = {entry.name: entry for entry in named.entries}
        self._inside(named)
        codec = entries.get("codec")
        quality = entries.get("quality")
        chosen = setting.word(self._check, SETTINGS["output", "codec"], codec) if codec else None
        number = setting.curve(self._check, SETTINGS["output", "quality"], quality) if quality else None
        known = constant(number.expr) if number else None
        return Output(
            named.path,
            chosen if isinstance(chosen, str) else None,
            None if known is None else round(known),
            self._basics.rate("output", entries.get("fps")),
            self._sound(entries["audio"].value) if "audio" in entries else self._only_sound(),
        )

    def _inside(self, named: Named) -> None:
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
            return
        paths = [track.path for track in self._scope.tracks.values()]
        paths += [still.path for still in self._scope.stills.values()]
        read = {os.path.normpath(self._world.root / path) for path in paths}
        if os.path.normpath(self._world.folder / text) in read:
            message = f"`{named.path}` would overwrite a file that the film reads"
            self._findings.error("E4008", named.path_at, message)

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
            hint = did_you_mean(written, self._scope.tracks)
            self._findings.error("E2001", value.span, f"there is no track `{written}`", hint=hint)
        return None
