"""What the metadata of a model file say, and what its name tells: titles, trigger words, licence, family.

Two tongues are understood: ModelSpec (`modelspec.…`, github.com/Stability-AI/ModelSpec) and that of the
kohya scripts (`ss_…`). All of it is foreign text, cut to a length that a page can hold.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from anim_compiler.models.facts import ModelKind

_MOST_WORDS: Final = 8
_LONGEST_WORD: Final = 200
_LONGEST_TEXT: Final = 1000
#: a tag of a picture in at least so many of all is what was trained, not what happened to be in them
_NEARLY_ALL: Final = 0.9

#: tags that stand in nearly every caption and mean nothing of their own
_COMMON: Final = frozenset(
    {
        "1girl", "1boy", "solo", "woman", "man", "girl", "boy", "person", "people", "portrait", "photo",
        "simple_background", "white_background", "looking_at_viewer", "highres", "masterpiece",
        "best_quality", "no_humans",
    }
)  # fmt: skip

#: words of an architecture (ModelSpec, kohya, Civitai, the hub), the particular before the general
_FAMILIES: Final = (
    (re.compile(r"flux[ ._-]?2|flux[ ._-]?3|cascade|hunyuan|wan[ _-]?2|chroma", re.I), ""),
    (re.compile(r"sdxl|xl[ _-]?(?:v1|base|1\.0|turbo|lightning)|diffusion-xl", re.I), "sdxl"),
    (re.compile(r"pony|illustrious|noobai", re.I), "sdxl"),
    (re.compile(r"flux", re.I), "flux"),
    (re.compile(r"qwen[ _-]?image", re.I), "qwen-image"),
    (re.compile(r"z[ _-]?image", re.I), "z-image"),
    (re.compile(r"stable-diffusion-v?3|sd[ _-]?v?3(?![0-9])|sd3", re.I), "sd3"),
    (re.compile(r"stable-diffusion-v?2|sd[ _-]?v?2(?![0-9])|sd2", re.I), "sd2"),
    (re.compile(r"stable-diffusion-v?1|sd[ _-]?v?1(?![0-9])|sd1|sd[ _-]1\.", re.I), "sd1"),
    (re.compile(r"postcard", re.I), "postcard"),
)  # fmt: skip
_KINDS: Final[Mapping[str, ModelKind]] = {
    "lora": "lora",
    "textual-inversion": "embedding",
    "controlnet": "controlnet",
    "vae": "vae",
}
#: what a ControlNet looks at, by the words in names of files
_CONTROLS: Final = (
    ("canny", r"canny"),
    ("depth", r"depth|midas|zoe"),
    ("pose", r"open ?pose|dw ?pose|pose"),
    ("scribble", r"scribble|sketch"),
    ("normal", r"normal(?:bae)?"),
    ("lineart", r"line ?art"),
    ("softedge", r"soft ?edge|hed|pidi"),
    ("tile", r"tile|blur"),
)
_STEPS = re.compile(r"(?<![0-9])(\d{1,2})[ _-]?steps?(?![a-z])", re.I)


@dataclass(frozen=True, slots=True)
class Words:
    """What metadata and a file's name say of a model; "" and None where they say nothing."""

    kind: ModelKind = "unknown"
    family: str = ""
    title: str = ""
    trigger_words: tuple[str, ...] = ()
    control: str = ""
    licence: str = ""
    prediction: str = ""
    resolution_px: int | None = None
    author: str = ""
    description: str = ""


def read_words(metadata: Mapping[str, str], name: str) -> Words:
    """What the metadata of a header and the name of its file say."""

    def spec(key: str, most: int = _LONGEST_WORD) -> str:
        return plain(metadata.get(f"modelspec.{key}", ""), most)

    architecture = spec("architecture")
    base, _, adapter = architecture.partition("/")
    words = " ".join((base, metadata.get("ss_base_model_version", ""), metadata.get("baseModel", "")))
    title = spec("title") or plain(metadata.get("ss_output_name", ""), _LONGEST_WORD)
    return Words(
        kind=_KINDS.get(adapter, "unknown"),
        family=family_of_words(words) or family_of_words(name),
        title=title,
        trigger_words=trigger_words(metadata),
        control=control_of_words(f"{title} {name}"),
        licence=spec("license"),
        prediction=_prediction(metadata),
        resolution_px=_resolution(spec("resolution") or metadata.get("ss_resolution", "")),
        author=spec("author"),
        description=spec("description", _LONGEST_TEXT),
    )


def family_of_words(text: str) -> str:
    """The family that a text names (`sdxl_base_v1-0`, `SD 1.5`, `Flux.1 D`); "" if it names none."""
    return next((family for pattern, family in _FAMILIES if pattern.search(text)), "")


def control_of_words(text: str) -> str:
    """The kind of hint that a ControlNet's name tells of (`control_v11p_sd15_openpose`); "" if none."""
    spaced = re.sub(r"[^a-z0-9]+", " ", text.lower())
    return next((kind for kind, words in _CONTROLS if re.search(rf"\b(?:{words})\b", spaced)), "")


def steps(text: str, kind: ModelKind, family: str) -> int | None:
    """How many steps a distilled model wants, by its name; None for an ordinary one."""
    if kind not in ("checkpoint", "unet", "lora"):
        return None
    spaced = re.sub(r"[^a-z0-9]+", " ", text.lower())
    told = _STEPS.search(spaced)
    if re.search(r"\bturbo\b|sdxlturbo|sdturbo", spaced):
        if told:
            return int(told[1])
        return 8 if family == "z-image" else 4 if kind == "lora" or family == "sd3" else 1
    if re.search(r"\b(?:lightning|lcm|hyper|tcd|schnell|dmd2?)\b|lcmlora", spaced):
        return int(told[1]) if told else 4
    return None


def trigger_words(metadata: Mapping[str, str]) -> tuple[str, ...]:
    """The words that an adapter was trained on: as its author tells them, else by the captions' tags."""
    phrase = plain(metadata.get("modelspec.trigger_phrase", ""), _LONGEST_TEXT)
    if phrase:
        return _few(phrase.split(","))
    tags = _object(metadata.get("ss_tag_frequency", ""))
    folders = _object(metadata.get("ss_dataset_dirs", ""))
    found: list[str] = []
    for folder, counts in tags.items():
        row = folders.get(folder)
        images = row.get("img_count") if isinstance(row, dict) else None
        found += _in_nearly_all(counts, images if type(images) is int else None)
        if not found:
            # kohya's folders are called `REPEATS_TRIGGER CLASS`
            name = re.fullmatch(r"\d+_(.+)", folder)
            found += [name[1]] if name else []
    return _few(found)


def _in_nearly_all(counts: object, images: int | None) -> list[str]:
    """Tags of nearly every picture, the most frequent first."""
    if not isinstance(counts, dict):
        return []
    numbers = {str(tag): n for tag, n in counts.items() if type(n) is int and n > 0}
    most = images or max(numbers.values(), default=0)
    # where nobody tells the number of pictures, tags that all stand in as many say nothing
    if images is None and sum(n == most for n in numbers.values()) > 2:
        return []
    rows = sorted(numbers.items(), key=lambda row: -row[1])
    return [
        tag for tag, n in rows if n >= _NEARLY_ALL * most and tag.strip().replace(" ", "_") not in _COMMON
    ]


def _few(words: list[str]) -> tuple[str, ...]:
    told = (plain(word, _LONGEST_WORD) for word in words)
    return tuple(dict.fromkeys(word for word in told if word))[:_MOST_WORDS]


def _prediction(metadata: Mapping[str, str]) -> str:
    told = metadata.get("modelspec.prediction_type", "").lower()
    if told in ("v", "epsilon"):
        return told
    return (
        "v" if metadata.get("ss_v2", "") == "True" and metadata.get("ss_v_parameterization") == "True" else ""
    )


def _resolution(text: str) -> int | None:
    found = re.match(r"\(?\s*(\d{2,5})\s*(?:[x,]\s*\d{2,5}\s*\)?)?$", text)
    return int(found[1]) if found else None


def _object(text: str) -> dict[str, object]:
    """A JSON object in a text; empty for anything else."""
    try:
        found = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def plain(text: str, most: int = _LONGEST_WORD) -> str:
    """A foreign text on one line, without what cannot be seen, cut to a length."""
    from anim_dsl.visible import escaped

    line = escaped(" ".join(text[: most * 4].split()))
    return line if len(line) <= most else f"{line[: most - 1]}…"
