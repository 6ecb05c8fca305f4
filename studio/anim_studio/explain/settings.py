"""Settings and statement words, as the tables have them."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf
from types import MappingProxyType

from anim_dsl.settings import DeforumRule, SettingSpec
from anim_studio.explain.find import Block, Named, settings_of
from anim_studio.explain.layout import Style, code, names, paragraph, rows, title

TYPES: Mapping[str, str] = MappingProxyType(
    {
        "number": "a number",
        "int": "a whole number",
        "size": "a width and a height, like `768x512`",
        "time": "a time, like `4s`; a bare number is frames",
        "angle": "an angle; a bare number is degrees",
        "px": "pixels at the film's size",
        "ratio": "a part of one, like `0.5` or `50%`",
        "frequency": "a frequency, like `24fps`, `120bpm` or `2hz`",
        "text": "a text",
        "prompt": "a prompt: a text, or a blend of texts",
        "path": "the path of a file",
        "choice": "one of the words below",
        "bool": "`on` or `off`",
        "image": "a picture by its name (`image`, `video`, `mask`), or a path",
        "list": "a list in `[ ]`",
    }
)

_UNITS = MappingProxyType({"time": "s", "angle": "deg", "px": "px", "frequency": "hz"})

_READS: Mapping[DeforumRule, str] = MappingProxyType(
    {
        "": "the same value",
        "same": "the same value",
        "one_minus": "one minus our value: Deforum's says how much stays",
        "increment": "a move per frame, for `motion = per_frame`",
    }
)


def place(spec: SettingSpec) -> str:
    """Where a setting stands, in words."""
    return "at the top of a film" if spec.block == "film" else f"in `{spec.block} {{ }}`"


def span(spec: SettingSpec) -> str:
    """The range of a setting in its unit: `0 … 1`, `0 or more`, or nothing."""
    low, high = spec.minimum, spec.maximum
    unit = _UNITS.get(spec.type, "")
    if spec.unit == "bpm":
        low, high, unit = (low or 0.0) * 60, (high or inf) * 60, "bpm"
    if low is None and high is None:
        return ""
    if high is None or high == inf:
        return f"{_number(low or 0)}{unit} or more"
    if low is None or low == -inf:
        return f"{_number(high)}{unit} or less"
    return f"{_number(low)}{unit} … {_number(high)}{unit}"


def example(spec: SettingSpec) -> str:
    """One statement as it stands in the setting's block."""
    if spec.example:
        return spec.example
    value = spec.default or _TYPICAL.get(spec.type, "") or (spec.choices[0] if spec.choices else "0.5")
    return f"{spec.name} = {value}"


_TYPICAL = MappingProxyType(
    {
        "frequency": "24fps",
        "image": '"photo.png"',
        "int": "4",
        "list": "[0, 0, 2]",
        "number": "4",
        "path": '"file"',
        "prompt": '"a forest"',
        "size": "768x512",
        "text": '"text"',
        "time": "2s",
    }
)

#: what stands for a default that depends on another setting
_BY_OTHERS = MappingProxyType(
    {("layer", axis): "by `anchor`: `0`, `50%` or `100%`, where the picture has that point" for axis in "xy"}
)

#: how a block of settings begins, where its word alone does not
_HEADS = MappingProxyType(
    {
        "audio": 'audio song = "song.ogg"',
        "image": 'image photo = "photo.png"',
        "video": 'video clip = "clip.mp4"',
        "mask": 'mask sky = "mask.png"',
        "lyrics": 'lyrics words = "song.lrc"',
        "markers": 'markers cuts = "labels.txt"',
        "midi": 'midi score = "song.mid"',
        "series": 'series data = "data.csv"',
        "lora": 'lora grain = "grain.safetensors"',
        "control": "control depth",
        "layer": "layer title",
        "scene": "scene dawn 4s",
        "output": 'output "film.mp4"',
    }
)


def example_film(spec: SettingSpec) -> str:
    """The example with the block around it."""
    inside = example(spec)
    return inside if spec.block == "film" else f"{_HEADS.get(spec.block, spec.block)} {{ {inside} }}"


def reads(rule: DeforumRule) -> str:
    """How the value of an alias reads here."""
    return _READS[rule]


def setting_lines(style: Style, found: Named) -> list[str]:
    """A setting: what it does, what it takes, and an example."""
    spec = found.spec
    lines = [title(style, spec.name, f"a setting {place(spec)}".replace("`", "")), ""]
    if found.alias is not None:
        other = f"`{found.alias.name}` is another name of it, and takes {reads(found.alias.rule)}."
        lines += [*paragraph(style, other), ""]
    if found.word:
        lines += [*paragraph(style, f"`{found.word}` is a word that it takes."), ""]
    lines += [*paragraph(style, _sentence(spec.help)), ""]
    lines += rows(
        style,
        [
            ("takes", TYPES[spec.type] + (f" ({spec.unit})" if spec.unit else "")),
            ("range", span(spec)),
            (
                "default",
                f"`{spec.default}`" if spec.default else _BY_OTHERS.get((spec.block, spec.name), "none"),
            ),
            ("choices", ", ".join(f"`{choice}`" for choice in spec.choices)),
            ("changes", _changes(spec)),
            *(("also", f"`{alias.name}`, {reads(alias.rule)}") for alias in spec.aliases),
        ],
    )
    return [*lines, "", *code(style, example_film(spec))]


def statement_lines(style: Style, found: Block) -> list[str]:
    """A statement word: how it is written, where it stands, and the settings of its block."""
    word = found.word
    where = ", ".join("at the top of a film" if b == "film" else f"in `{b}`" for b in word.blocks)
    lines = [title(style, word.name, "a statement"), "", *paragraph(style, _sentence(word.help)), ""]
    lines += rows(
        style,
        [
            ("written", f"`{word.name} {word.head}`"),
            ("stands", where),
            ("members", _MEMBERS.get(word.name, "")),
        ],
    )
    if word.example:
        lines += ["", *code(style, word.example)]
    for block in found.blocks:
        lines += ["", style.paint(f"Settings of {block}:", "bold"), ""]
        lines += rows(style, [(spec.name, spec.help) for spec in settings_of(block)])
    return lines


#: what can be read of a statement's name
_MEMBERS = MappingProxyType(
    {
        "scene": "`NAME.start` and `NAME.end`, times of the film; in a scene `duration` is its own length",
        "audio": "`NAME.bass` and the other features: `anim explain features`",
    }
)


def film_names(style: Style) -> list[str]:
    """The settings of every block, by block."""
    from anim_dsl.settings import SETTINGS

    lines: list[str] = []
    for block in dict.fromkeys(owner for owner, _ in SETTINGS):
        lines += [style.paint(block, "bold"), *names(style, (s.name for s in settings_of(block))), ""]
    return lines[:-1]


def _changes(spec: SettingSpec) -> str:
    if spec.name == "bpm" and spec.block != "midi":
        return "yes, at seconds: `0s: 120, 30s: 150`, with `hold` for steps"
    if spec.constant:
        return "no: one value for the whole film"
    if spec.type == "prompt":
        return "yes, with keys: one text morphs into the next"
    if spec.type in ("text", "choice", "image", "path"):
        return "yes, with keys: each value holds until the next"
    return "yes: a key list, a formula or a feature fits as well"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")


def _number(value: float) -> str:
    return f"{value:.10g}" if value != int(value) or abs(value) < 1e6 else f"{int(value)}"
