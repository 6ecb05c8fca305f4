"""A Parseq document or manifest as it is written: JSON becomes keyframes, prompts, time series, frames."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from anim_dsl.diagnostic import Diagnostic, Severity
from anim_dsl.source import Source, Span
from anim_dsl.visible import escaped
from anim_studio.interchange.imported import NotThisFormat
from anim_studio.interchange.parseq.fields import ALWAYS, FIELDS
from anim_studio.interchange.parseq.rows import Prompt, number, prompt_of, tracks_of
from anim_studio.interchange.parseq.track import Track

#: longer documents are refused
MOST_FRAMES = 100_000
_MOST_KEYFRAMES = 20_000
_MOST_FIELDS = 100
_MOST_PROMPTS = 1_000
_MOST_TRACKS = 100
#: what stands in a rendered frame beside the fields
_BESIDE = frozenset(
    {"frame", "deforum_prompt", "positive_prompt", "negative_prompt", "subseed", "subseed_strength"}
)


class DocumentError(Exception):
    """What Parseq or Deforum stops at, with its place in the file."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


@dataclass(frozen=True, slots=True)
class Keyframe:
    """A row of Parseq's grid: numbers and formulas by field."""

    frame: int
    values: Mapping[str, float]
    formulas: Mapping[str, str]
    info: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """All that a film is made of. `rendered` are Parseq's own frames, empty if the file has none."""

    source: Source
    fps: float
    bpm: float
    cadence: int
    fields: tuple[str, ...]
    keyframes: tuple[Keyframe, ...]
    prompts: tuple[Prompt, ...]
    tracks: Mapping[str, Track] = field(default_factory=dict)
    rendered: tuple[Mapping[str, Any], ...] = ()
    version: str = ""
    #: the rate that formulas may have been rendered at before it was changed
    input_fps: float = 0.0
    is_reversed: bool = False
    names_fields: bool = True
    uses_prompts: bool = True

    @property
    def frames(self) -> int:
        """How many frames the film has."""
        return len(self.rendered) or self.keyframes[-1].frame + 1


def is_document(found: object) -> bool:
    """Whether JSON is of Parseq: keyframes with a frame each, or rendered frames as it writes them."""
    if not isinstance(found, dict):
        return False
    keyframes, rendered = found.get("keyframes"), found.get("rendered_frames")
    meta = found.get("meta")
    says = isinstance(meta, dict) and "parseq" in str(meta.get("generated_by", "")).lower()
    has_keys = _is_rows(keyframes) and bool({"prompts", "options", "managedFields"} & found.keys())
    return has_keys or _is_rows(rendered) or (says and bool({"keyframes", "rendered_frames"} & found.keys()))


def _is_rows(value: object) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict) and "frame" in value[0]


def loaded(source: Source) -> dict[str, Any]:
    """The file's JSON. Raises `NotThisFormat`, and `DocumentError` where it is cut off."""
    try:
        found = json.loads(source.text)
    except json.JSONDecodeError as why:
        at = Span(why.pos, min(why.pos + 1, len(source.text)))
        said = f"the file is not JSON: {why.msg.lower()}"
        hint = "it may be cut off: export it from Parseq anew, or mend it here"
        raise DocumentError(problem(source, at, said, hint)) from None
    except (RecursionError, ValueError):
        raise NotThisFormat("it is JSON that is nested too deep, or has numbers that are too long") from None
    if not is_document(found):
        raise NotThisFormat("it has neither Parseq's `keyframes` nor its `rendered_frames`")
    checked: dict[str, Any] = found
    return checked


def problem(source: Source, span: Span, message: str, hint: str = "", code: str = "E1091") -> Diagnostic:
    """A mistake of the file, at its place."""
    return Diagnostic(code, Severity.ERROR, source, span, message, hint=hint)


def read_document(source: Source) -> Document:
    """The document. Raises `NotThisFormat` and `DocumentError`."""
    return _Reading(source, loaded(source)).document()


class _Reading:
    """Reads the parts of one file; what is wrong is told at its place."""

    def __init__(self, source: Source, found: Mapping[str, Any]) -> None:
        self._source, self._found = source, found

    def document(self) -> Document:
        options = self._found.get("options")
        options = options if isinstance(options, dict) else {}
        fps = self._positive(options, "output_fps", 20.0, 1000.0)
        rendered = self._rendered()
        keyframes = self._keyframes(bool(rendered))
        if rendered and keyframes and keyframes[-1].frame >= len(rendered):
            keyframes = tuple(key for key in keyframes if key.frame < len(rendered))
        named = self._fields(keyframes, rendered)
        last = (len(rendered) or keyframes[-1].frame + 1) - 1
        prompts, is_used = self._prompts(last)
        meta = self._found.get("meta")
        return Document(
            self._source,
            fps,
            self._positive(options, "bpm", 140.0, 1e6),
            max(int(min(self._positive(options, "cadence", 1.0, 1e6), 1e6)), 1),
            named,
            keyframes,
            prompts,
            self._tracks(),
            rendered,
            str(meta.get("version", "")) if isinstance(meta, dict) else "",
            number(options.get("input_fps")) or 0.0,
            self._found.get("reverseRender") is True,
            isinstance(self._found.get("managedFields"), list),
            is_used,
        )

    def _stop(self, word: str, message: str, hint: str = "") -> DocumentError:
        return DocumentError(problem(self._source, place(self._source, word), message, hint))

    def _positive(self, options: Mapping[str, Any], name: str, default: float, most: float) -> float:
        given = options.get(name)
        if given is None or given == "":
            return default
        value = number(given)
        if value is None or not 0.0 < value <= most:
            raise self._stop(name, f"`{name}` is `{escaped(str(given)[:40])}`, and must be a number above 0")
        return value

    def _rendered(self) -> tuple[Mapping[str, Any], ...]:
        given = self._found.get("rendered_frames")
        if not isinstance(given, list) or not given:
            return ()
        if len(given) > MOST_FRAMES:
            raise self._stop("rendered_frames", f"there are more than {MOST_FRAMES:,} frames")
        by_frame = {number(row.get("frame")): row for row in given if isinstance(row, dict)}
        missing = next((frame for frame in range(len(by_frame)) if frame not in by_frame), None)
        if missing is not None or not by_frame:
            said = f"frame {missing or 0} is missing in `rendered_frames`, where Deforum gets no number"
            raise self._stop("rendered_frames", said, "render it in Parseq again, from frame 0 on")
        return tuple(by_frame[frame] for frame in range(len(by_frame)))

    def _keyframes(self, has_frames: bool) -> tuple[Keyframe, ...]:
        given = self._found.get("keyframes")
        rows = given if isinstance(given, list) else []
        if len(rows) > _MOST_KEYFRAMES:
            raise self._stop("keyframes", f"there are more than {_MOST_KEYFRAMES:,} keyframes")
        by_frame: dict[int, Keyframe] = {}
        for row in rows:
            key = self._keyframe(row)
            by_frame.setdefault(key.frame, key)
        keyframes = tuple(by_frame[frame] for frame in sorted(by_frame))
        if has_frames:
            return keyframes
        if len(keyframes) < 2:
            said = "Parseq needs two keyframes at least, the first and the last frame"
            raise self._stop("keyframes", said, "add a keyframe at the end")
        if keyframes[0].frame != 0:
            said = f"the first keyframe is at frame {keyframes[0].frame}, and Deforum reads from frame 0 on"
            raise self._stop("keyframes", said, 'add a keyframe with `"frame": 0`')
        return keyframes

    def _keyframe(self, row: object) -> Keyframe:
        frame = number(row.get("frame")) if isinstance(row, dict) else None
        if not isinstance(row, dict) or frame is None or frame != int(frame) or frame < 0:
            raise self._stop("keyframes", "a keyframe has no whole number as its `frame`")
        if frame >= MOST_FRAMES:
            raise self._stop("keyframes", f"a keyframe is beyond {MOST_FRAMES:,} frames")
        values, formulas = {}, {}
        for name, given in row.items():
            if name.endswith("_i"):
                if given not in (None, "", 0, False):
                    formulas[name[:-2]] = str(given)
            elif name not in ("frame", "info") and given != "":
                value = 0.0 if given is None else number(given)
                if value is not None:
                    values[name] = value
        return Keyframe(int(frame), values, formulas, str(row.get("info") or "")[:400])

    def _fields(
        self, keyframes: tuple[Keyframe, ...], rendered: tuple[Mapping[str, Any], ...]
    ) -> tuple[str, ...]:
        given = self._found.get("managedFields")
        if isinstance(given, list):
            named = [name for name in given if isinstance(name, str)]
        elif rendered:
            named = [
                name for name in rendered[0] if name not in _BESIDE and not name.endswith(("_delta", "_pc"))
            ]
        else:
            inside = [name for key in keyframes for name in (*key.values, *key.formulas)]
            named = [*(name for name in FIELDS if name in {*inside, *ALWAYS}), *inside]
        unique = tuple(dict.fromkeys(named))
        if len(unique) > _MOST_FIELDS:
            raise self._stop("managedFields", f"there are more than {_MOST_FIELDS} fields")
        return unique

    def _tracks(self) -> dict[str, Track]:
        given = self._found.get("timeSeries")
        if isinstance(given, list) and len(given) > _MOST_TRACKS:
            raise self._stop("timeSeries", f"there are more than {_MOST_TRACKS} time series")
        return dict(tracks_of(given))

    def _prompts(self, last: int) -> tuple[tuple[Prompt, ...], bool]:
        given = self._found.get("prompts")
        if isinstance(given, dict) and isinstance(given.get("promptList"), list):
            rows = self._few([row for row in given["promptList"] if isinstance(row, dict)])
            common, where = given.get("commonPrompt"), str(given.get("commonPromptPos") or "append")
            made = tuple(
                prompt_of(row, last, common if isinstance(common, dict) else {}, where) for row in rows
            )
            return made, given.get("enabled", True) is not False
        if isinstance(given, dict):
            return (prompt_of({**given, "allFrames": True}, last, {}, "append"),), True
        rows = self._few([row for row in given if isinstance(row, dict)] if isinstance(given, list) else [])
        is_used = not rows or rows[0].get("enabled", True) is not False
        return tuple(prompt_of(row, last, {}, "append") for row in rows), is_used

    def _few(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if len(rows) > _MOST_PROMPTS:
            raise self._stop("prompts", f"there are more than {_MOST_PROMPTS:,} prompts")
        return rows


def place(source: Source, word: str, value: str | None = None) -> Span:
    """Where a name stands in the file, or the text that is its value; the file's beginning if nowhere."""
    decoder = json.JSONDecoder()
    for match in re.finditer(rf'"{re.escape(word)}"\s*:\s*', source.text):
        if value is None:
            return Span(match.start(), match.start() + len(word) + 2)
        try:
            found, end = decoder.raw_decode(source.text, match.end())
        except (ValueError, RecursionError):
            continue
        if found == value:
            return Span(match.end(), end)
    return Span(0, min(1, len(source.text)))
