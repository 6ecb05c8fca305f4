"""What a setting or a statement asks for by itself: its words, usual numbers, names of the right kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from anim_compiler.shapes import SHAPES
from anim_dsl.settings import SettingSpec
from anim_dsl.words import WORDS
from anim_studio.lsp.completing.candidate import Candidate, Rank, text
from anim_studio.lsp.completing.operands import PICTURES
from anim_studio.lsp.named import Named

_TRANSITIONS = (
    ("cut", "cut", "at once"),
    ("continue", "continue", "from the last picture of the scene before"),
    ("crossfade", "crossfade(${1:1s})", "one melts into the other"),
    ("morph", "morph(${1:1s})", "a crossfade along the motion between both"),
    ("dip", "dip(${1:1s}, color = ${2:black})", "through a colour"),
    ("wipe", "wipe(${1:1s}, ${2|left,right,up,down|})", "one is drawn over the other"),
)
_USUAL: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "size": ("512x512", "768x512", "512x768", "1024x576", "1024x1024", "1920x1080"),
        "fps": ("24", "12", "25", "30", "60"),
        "length": ("10s", "4s", "30s", "8bars"),
        "loop_time": ("1s", "2s"),
        "morph_time": ("1s", "1bar"),
        "bpm": ("120", "100", "128", "140"),
        "beats_per_bar": ("4", "3"),
        "clip_skip": ("1", "2"),
        "anim": ("1",),
    }
)
"""Values that films have most often of settings that take one for all."""

_WORDS: Mapping[str, tuple[tuple[str, str], ...]] = MappingProxyType(
    {
        "depth": (
            ("estimated", "an estimator looks at each picture"),
            ("flat", "everything is equally far away"),
        ),
        "camera": (("none", "no camera moves"),),
        "audio": (("none", "no sound"),),
        "guide": (("none", "nothing is drawn towards"),),
        "model": (('"postcard"', "the built-in model"),),
    }
)
"""Words that a setting takes besides what the table lists."""


def takes_formulas(spec: SettingSpec) -> bool:
    """Whether a setting's value may be reckoned, out of names and functions."""
    kinds = ("number", "int", "time", "angle", "px", "ratio", "frequency", "list", "prompt")
    return spec.type in kinds and not (spec.constant and spec.name in _USUAL)


def wanted(spec: SettingSpec, names: Mapping[str, Named]) -> Iterator[Candidate]:
    """What a setting asks for."""
    about = ("setting", spec.block, spec.name)
    meanings = dict(spec.choices_help)
    for choice in spec.choices:
        says = meanings.get(choice, "the default" if choice == spec.default else "")
        label = choice if choice.isidentifier() else f'"{choice}"'
        yield Candidate(label, "choice", says, rank=Rank.WANTED, about=about)
    if spec.type == "bool":
        yield from (Candidate(word, "choice", spec.help, rank=Rank.WANTED) for word in ("on", "off"))
    for value in _USUAL.get(spec.name, ()):
        yield Candidate(value, "constant", spec.help, rank=Rank.WANTED, about=about)
    for word, says in _WORDS.get(spec.name, ()):
        yield Candidate(word, "choice", says, rank=Rank.WANTED, about=about)
    if spec.name == "transition":
        for label, snippet, says in _TRANSITIONS:
            yield Candidate(label, "choice", says, snippet, Rank.WANTED)
        return
    yield from _named_for(spec, names)
    if spec.type in ("prompt", "path") or (spec.type == "text" and spec.name not in ("camera", "clock")):
        yield text(spec.help)


def of_statement(word: str, names: Mapping[str, Named]) -> Iterator[Candidate]:
    """What stands behind the `=` of a statement with a name: a path; of a mask also shapes and masks."""
    if word == "mask":
        for kind, specs in SHAPES.items():
            shown = f"{kind}({', '.join(f'{spec.name} = {spec.default}' for spec in specs)})"
            yield Candidate(kind, "function", shown, f"{kind}($1)", Rank.WANTED)
        for named in names.values():
            if named.kind in PICTURES:
                yield Candidate(named.name, "name", f"{named.kind} {named.value}", rank=Rank.WANTED)
    if word in WORDS and WORDS[word].path:
        yield text(WORDS[word].help)


def _named_for(spec: SettingSpec, names: Mapping[str, Named]) -> Iterator[Candidate]:
    """The film's own names that a setting takes."""
    kinds: frozenset[str] = frozenset()
    if spec.type == "image" or spec.name == "depth":
        is_video = spec.name == "source" and spec.block in ("film", "scene")
        kinds = frozenset({"video"}) if is_video else PICTURES
    elif spec.name in ("clock", "audio"):
        kinds = frozenset({"audio"})
    elif spec.name == "camera":
        kinds = frozenset({"camera"})
    elif spec.name == "beats":
        kinds = frozenset({"markers", "midi"})
    for named in names.values():
        if named.kind in kinds:
            yield Candidate(named.name, "name", f"{named.kind} {named.value}".strip(), rank=Rank.WANTED)
    if spec.type == "image" and spec.block == "control":
        yield from (Candidate(name, "constant", rank=Rank.LIKELY) for name in ("init", "source", "previous"))
