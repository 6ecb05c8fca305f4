"""What an `output` block says of its file beside codec, rate and sound."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType

from anim_compiler import files, setting
from anim_compiler.constants import constant
from anim_compiler.expressions import Expressions
from anim_compiler.film import Output
from anim_compiler.setting import Entry
from anim_compiler.world import World
from anim_dsl.settings import SETTINGS
from anim_dsl.syntax import Size

MODELS = (".safetensors", ".pth")
"""What the file of an upscaling model ends with; a `.pt` may be a program, and none is run."""

_ONE: Mapping[str, float] = MappingProxyType({"speed": 1.0, "interpolate": 1.0, "upscale": 1.0})


class OutputSettings:
    """Reads the settings of one `output` block; what is wrong with them is reported."""

    def __init__(self, check: Expressions, world: World, entries: Mapping[str, Entry]) -> None:
        self._check = check
        self._world = world
        self._entries = entries

    def read(self, output: Output) -> Output:
        """The output with what its block says."""
        from dataclasses import replace

        model, loop, metadata = self._entries.get("upscale_model"), self._word("loop"), self._word("metadata")
        bits = self.number("bits")
        return replace(
            output,
            size=self._size(),
            bits=None if bits is None else round(bits),
            speed=_exact(self._or_one("speed")),
            interpolate=round(self._or_one("interpolate")),
            upscale=self._or_one("upscale"),
            upscale_model=None if model is None or model.is_none else self._model(model),
            metadata=metadata is not False,
            loop=loop if isinstance(loop, bool) else None,
            encoder="hardware" if self._word("encoder") == "hardware" else "software",
        )

    def number(self, name: str) -> float | None:
        """A setting that is one number; None if it is not written, or wrong."""
        entry = self._entries.get(name)
        found = setting.curve(self._check, SETTINGS["output", name], entry) if entry is not None else None
        return None if found is None else constant(found.expr)

    def _or_one(self, name: str) -> float:
        found = self.number(name)
        return _ONE[name] if found is None else found

    def _word(self, name: str) -> str | bool | None:
        entry = self._entries.get(name)
        return None if entry is None else setting.word(self._check, SETTINGS["output", name], entry)

    def _model(self, entry: Entry) -> str | None:
        return files.of_setting(self._check, self._world, entry, MODELS)

    def _size(self) -> tuple[int, int] | None:
        entry = self._entries.get("size")
        if entry is None:
            return None
        findings = self._check.findings
        if not isinstance(entry.value, Size):
            hint = "write it like `1080x1920`"
            findings.error("E3002", entry.value.span, "`size` is a width and a height", hint=hint)
            return None
        width, height = entry.value.width, entry.value.height
        spec = SETTINGS["output", "size"]
        low, high = int(spec.minimum or 16), int(spec.maximum or 8192)
        if not (low <= width <= high and low <= height <= high):
            message = f"a file's picture is between {low}x{low} and {high}x{high}"
            findings.error("E3012", entry.value.span, message, hint="write it like `1080x1920`")
            return None
        return width, height


def _exact(number: float) -> Fraction:
    """The fraction that is meant by a decimal number, or by a quotient like 1/3."""
    return Fraction(number).limit_denominator(10_000)
