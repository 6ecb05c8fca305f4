"""A settings file, asked for its parameters: values as Deforum takes them, and what became of them."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from anim_dsl.diagnostic import Diagnostic, Severity
from anim_dsl.source import Source, Span
from anim_studio.interchange.deforum.params import param, todays
from anim_studio.interchange.deforum.tolerant import Found, Read
from anim_studio.interchange.imported import Fate, Remark
from anim_studio.interchange.schedule_text import Translated, schedule_text, words_text

_SCHEDULE = re.compile(r"\s*[0-9]+\s*:")
_TRUE = frozenset({"true", "1", "1.0", "yes", "on"})
WORDS = frozenset({"sampler_schedule", "checkpoint_schedule", "mask_schedule", "noise_mask_schedule"})
"""Schedules of texts."""
#: what only files of the notebook and of the web UI's first versions say, which read schedules alike
_OLDEST = ("n_batch", "outdir", "prompt_weighting", "filename_format")
#: what those have where they say nothing, being older than it
_OLDEST_DEFAULTS = {
    "noise_type": "uniform",
    "enable_noise_multiplier_scheduling": False,
    "amount_schedule": "0: (0)",
}
_LAST_COMMA = re.compile(r"\s*,\s*$")
#: what a schedule is beyond is not what makes a run impossible
_MOST_FRAMES = 1_000_000
_LARGEST_SEED = 2**53 - 1


@dataclass(slots=True)
class Settings:
    """One file. `values` are by today's names, `written` says by which name the file has each."""

    source: Source
    values: Mapping[str, Found]
    written: Mapping[str, str]
    folder: Path
    stem: str
    remarks: list[Remark] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    #: the frames of the input video, where it is here and rules the length
    counted: int | None = None
    _told: set[str] = field(default_factory=set)
    _curves: dict[str, Translated] = field(default_factory=dict)

    @classmethod
    def of(cls, source: Source, read: Read, folder: Path, stem: str) -> Settings:
        """The settings of a file, names of older versions as they are called today."""
        values: dict[str, Found] = {}
        written: dict[str, str] = {}
        for name, found in read.values.items():
            today = todays(name)
            if today == name and today in values:
                continue  # an older name that says more was read already
            is_better = isinstance(found.value, dict) and not isinstance(_value(read, today), dict)
            if today == name or today not in read.values or is_better:
                values[today] = found
                written[today] = name
        settings = cls(source, values, written, folder, stem)
        for name in read.values:
            chosen = written[todays(name)]
            if chosen != name:
                settings.remarks.append(Remark(Fate.IGNORED, name, f"`{chosen}` says it"))
        return settings

    # --- values --------------------------------------------------------------------------------

    @property
    def is_oldest(self) -> bool:
        """Whether the notebook wrote the file, or a version of the web UI that had its rules."""
        return any(self.has(name) for name in _OLDEST)

    def has(self, name: str) -> bool:
        """Whether the file says it."""
        return name in self.values and self.values[name].value is not None

    def raw(self, name: str) -> object:
        """The value as it stands in the file, or Deforum's default."""
        if self.has(name):
            return self.values[name].value
        if name in _OLDEST_DEFAULTS and self.is_oldest:
            return _OLDEST_DEFAULTS[name]
        row = param(name)
        return "" if row is None else row.default

    def text(self, name: str) -> str:
        """A parameter as text, white space around it away."""
        value = self.raw(name)
        return str(value).strip() if isinstance(value, str | int | float) else ""

    def flag(self, name: str) -> bool:
        """A parameter that is on or off, also as text."""
        value = self.raw(name)
        return value if isinstance(value, bool) else self.text(name).lower() in _TRUE

    def number(self, name: str) -> float:
        """A number, also as text; Deforum's default for what is none."""
        row = param(name)
        for value in (self.raw(name), row.default if row else 0):
            try:
                number = float(str(value).strip()) if not isinstance(value, bool) else float(value)
            except ValueError:
                continue
            if math.isfinite(number):
                return number
        return 0.0

    def whole(self, name: str) -> int:
        """A whole number, cut as Python cuts it."""
        return int(self.number(name))

    @property
    def mode(self) -> str:
        """The letter of the animation mode: 2, 3, V or I."""
        word = self.text("animation_mode").lower()
        return {"3d": "3", "video input": "V", "interpolation": "I"}.get(word, "2")

    @property
    def frames(self) -> int:
        """`max_frames`, or so many as the input video has."""
        if self.counted is not None:
            return self.counted
        return max(1, min(self.whole("max_frames"), _MOST_FRAMES))

    @property
    def seed(self) -> int:
        """The seed; -1 is drawn."""
        return max(-1, min(self.whole("seed"), _LARGEST_SEED))

    # --- schedules -----------------------------------------------------------------------------

    def schedule(self, name: str) -> str:
        """A schedule's text; a bare number, as older versions have it, is a schedule of that number."""
        value = self.raw(name)
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not isinstance(value, str) and not (is_number and math.isfinite(float(str(value)))):
            return str(param(name).default) if param(name) else "0: (0)"  # type: ignore[union-attr]
        text = str(value)
        if self.is_oldest and _LAST_COMMA.search(text):
            text = _LAST_COMMA.sub("", text)
            shown = self.written.get(name, name)
            remark = Remark(
                Fate.IGNORED, shown, "the notebook reads over the last comma; newer versions stop"
            )
            self.remarks += [] if remark in self.remarks else [remark]
        is_bare = is_number or re.fullmatch(r"\s*[+-]?[0-9]*\.?[0-9]+\s*", text) is not None
        return f"0: ({text.strip()})" if is_bare else text

    def curve(self, name: str, *, keep_seed: bool = False, may_quote: bool = True) -> Translated:
        """A schedule as a value of the film; where Deforum would crash the mistake is kept, with its place,
        and the curve is that of the default.
        """
        key = f"{name}|{keep_seed}|{may_quote}"
        if key not in self._curves:
            self._curves[key] = self._read(name, keep_seed=keep_seed, may_quote=may_quote)
        return self._curves[key]

    def _read(self, name: str, *, keep_seed: bool, may_quote: bool) -> Translated:
        text = self.schedule(name)
        shown = self.written.get(name, name)
        if name in WORDS:
            found = words_text(text, frames=self.frames, seed=self.seed, name=shown)
        else:
            found = schedule_text(
                text,
                frames=self.frames,
                seed=self.seed,
                name=shown,
                keep_seed=keep_seed,
                may_quote=may_quote,
            )
        self.remarks += [each for each in found.remarks if each not in self.remarks]
        wrong = [each for each in found.diagnostics if each.severity is Severity.ERROR]
        if not wrong:
            return found
        for each in wrong:
            self.keep(name, text, each)
        row = param(name)
        default = str(row.default) if row is not None else "0: (0)"
        read = words_text if name in WORDS else schedule_text
        return read(default, frames=self.frames, seed=self.seed, name=shown)

    def keep(self, name: str, text: str, found: Diagnostic) -> None:
        """Keeps a mistake in a schedule as one in the file, once."""
        placed = self._placed(name, text, found)
        self.diagnostics += [] if placed in self.diagnostics else [placed]

    def _placed(self, name: str, text: str, found: Diagnostic) -> Diagnostic:
        value = self.values.get(name)
        same = value is not None and isinstance(value.value, str) and value.value.startswith(text)
        span = value.within(found.span.start, found.span.end) if same and value else self.place(name)
        message = f"`{self.written.get(name, name)}`: {found.message}"
        return replace(found, source=self.source, span=span, message=message, edit=None)

    def place(self, name: str) -> Span:
        """Where a parameter's value stands in the file."""
        return self.values[name].span if name in self.values else Span(0, 0)

    # --- what became of it ---------------------------------------------------------------------

    def say(self, fate: Fate, name: str, says: str = "") -> None:
        """Keeps what became of a parameter that the file has; what is said besides takes `mapped` away."""
        self._told.add(name)
        if name not in self.values:
            return
        shown = self.written.get(name, name)
        mapped = [each for each in self.remarks if each.what == shown and each.fate is Fate.MAPPED]
        others = [each for each in self.remarks if each.what == shown and each.fate is not Fate.MAPPED]
        remark = Remark(fate, shown, says)
        if remark in self.remarks or (fate is Fate.MAPPED and (others or (mapped and not says))):
            return
        self.remarks = [each for each in self.remarks if each not in mapped]
        self.remarks.append(remark)

    def mapped(self, *names: str, says: str = "") -> None:
        """Keeps that parameters stand in the film as they are."""
        for name in names:
            self.say(Fate.MAPPED, name, says)

    def is_told(self, name: str) -> bool:
        """Whether something was said of a parameter."""
        return name in self._told

    def was_read(self, name: str) -> bool:
        """Whether a schedule was made a curve of, so that its mistakes are kept."""
        return any(key.startswith(f"{name}|") for key in self._curves)

    def is_schedule(self, name: str) -> bool:
        """Whether Deforum reads a parameter as a schedule."""
        row = param(name)
        return row is not None and _SCHEDULE.match(row.default) is not None


def _value(read: Read, name: str) -> object:
    return read.values[name].value if name in read.values else None
