"""What may begin a statement: the settings of its block, those that are not written yet first, and words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from anim_compiler.controls import KINDS
from anim_dsl import syntax
from anim_dsl.settings import SETTINGS, SettingSpec
from anim_dsl.words import WORDS, WordSpec
from anim_studio.lsp.analysed import Analysed
from anim_studio.lsp.at import At
from anim_studio.lsp.completing.candidate import Candidate, Rank, value_snippet
from anim_studio.lsp.named import statements_around

_SNIPPETS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "audio": ('audio ${1:song} = "$2"',),
        "image": ('image ${1:photo} = "$2"',),
        "video": ('video ${1:clip} = "$2"',),
        "mask": ('mask ${1:sky} = "$2"',),
        "markers": ('markers ${1:cuts} = "$2"',),
        "midi": ('midi ${1:score} = "$2"',),
        "series": ('series ${1:data} = "$2"',),
        "lyrics": ('lyrics ${1:words} = "$2"',),
        "lora": ('lora ${1:style} = "$2" { weight = ${3:0.8} }',),
        "embedding": ('embedding ${1:soft} = "$2"',),
        "control": ("control ${1|" + ",".join(KINDS) + "|} {\n\tsource = ${2:init}\n\tweight = ${3:0.8}\n}",),
        "prompt": ('prompt {\n\t0s: "$1"$0\n}',),
        "camera": ("camera 3d {\n\t$0\n}", "camera 2d {\n\t$0\n}"),
        "scene": ("scene ${1:name} ${2:4s} {\n\t$0\n}",),
        "layer": ('layer ${1:title} {\n\ttext = "$2"\n\t$0\n}',),
        "variant": ("variant {\n\t${1:seed} = [${2:1, 2, 3}]\n}",),
        "output": ('output "${1:film.mp4}"',),
        "import": ('import "$1" as ${2:name}',),
        "template": ("template ${1:name}(${2:amount = 1}) {\n\t$0\n}",),
        "use": ("use $1",),
        "expect": ("expect ${1:luma} between ${2:10%} and ${3:90%}",),
        "pipeline": ("pipeline {\n\tcarry = diffuse(warp(previous, camera))\n\tframe = grade(carry)$0\n}",),
    }
)
_DEFINING = (
    Candidate("let", "word", "gives a value a name", "let ${1:name} = $0", Rank.COMMON),
    Candidate("def", "word", "a function of your own", "def ${1:name}(${2:x}) = $0", Rank.RARE),
)
_ONCE = frozenset({"prompt", "diffuse", "coherence", "grade", "pipeline", "variant"})
_FIRST: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "film": ("size", "fps", "length", "seed", "init", "model"),
        "camera 2d": ("zoom", "angle", "truck", "pedestal", "roll"),
        "camera 3d": ("zoom", "dolly", "truck", "pedestal", "pan", "tilt", "roll", "depth", "fov"),
        "diffuse": ("steps", "strength", "cfg_scale", "sampler"),
        "coherence": ("color", "cadence", "blend", "flow"),
        "layer": ("text", "source", "x", "y", "size", "color", "opacity"),
        "output": ("quality", "codec", "fps", "size"),
        "audio": ("bpm", "offset", "start", "gain"),
    }
)
"""What most films set of a block."""
_STEPS = ("carry", "frame")


def statements(analysed: Analysed, found: At) -> Iterator[Candidate]:
    """What a statement may begin with."""
    context = found.block.context
    if found.owner:
        yield from _members(analysed, found)
        return
    written = _written(analysed, found.offset)
    is_assigned = _is_assigned(analysed.text, found)
    if context == "variant":
        yield from _varied()
    yield from _settings(context, written, is_assigned)
    if context == "pipeline":
        yield from (
            Candidate(name, "setting", "a step of the pipeline", f"{name} = $0", Rank.WANTED)
            for name in _STEPS
            if name not in written
        )
    if context == "prompt" and not is_assigned:
        yield Candidate(
            "0s: …", "text", "a key: a time and a prompt", '${1:0s}: "$2"', Rank.WANTED, filter="0s"
        )
    if not is_assigned:
        yield from words(context, written)
        yield from _DEFINING if context not in ("variant", "pipeline") else ()


def words(context: str, written: frozenset[str]) -> Iterator[Candidate]:
    """The statement words that may stand in a block."""
    home = context.split(" ")[0]
    for word in WORDS.values():
        if home not in word.blocks and context not in word.blocks:
            continue
        rank = Rank.RARE if word.name in _ONCE and word.name in written else Rank.LIKELY
        yield from _word(word, rank if home != "film" or word.name in _COMMON else max(rank, Rank.OWN))


_COMMON = frozenset({"prompt", "camera", "diffuse", "coherence", "scene", "audio", "output", "import"})


def _word(word: WordSpec, rank: Rank) -> Iterator[Candidate]:
    snippets = _SNIPPETS.get(word.name, (f"{word.name} {{\n\t$0\n}}",))
    for snippet in snippets:
        label = " ".join(snippet.split(" {")[0].split()) if word.name == "camera" else word.name
        yield Candidate(label, "word", word.help, snippet, rank, ("word", word.name))


def _settings(context: str, written: frozenset[str], is_assigned: bool) -> Iterator[Candidate]:
    blocks = ("camera 3d", "camera 2d") if context == "camera" else (context,)
    seen: set[str] = set()
    for block in blocks:
        for (owner, name), spec in SETTINGS.items():
            if owner == block and name not in seen and name not in WORDS:
                seen.add(name)
                yield setting_candidate(spec, _rank(spec, written), is_assigned)


def _rank(spec: SettingSpec, written: frozenset[str]) -> Rank:
    if spec.name in written or spec.name == "anim":
        return Rank.RARE
    first = _FIRST.get(spec.block)
    if first is None or spec.name in first:
        return Rank.WANTED
    return Rank.COMMON if spec.block == "film" else Rank.LIKELY


def setting_candidate(spec: SettingSpec, rank: Rank, is_assigned: bool = False) -> Candidate:
    """A setting with its value to be filled in, or alone where its `=` stands already."""
    snippet = "" if is_assigned else f"{spec.name} = {value_snippet(spec)}"
    return Candidate(
        spec.name,
        "setting",
        spec.help,
        snippet,
        rank,
        ("setting", spec.block, spec.name),
        goes_on=not is_assigned,
    )


def _written(analysed: Analysed, offset: int) -> frozenset[str]:
    """What the block has already, besides what is being written."""
    found: set[str] = set()
    for statement in statements_around(analysed.document, offset):
        if statement.span.start <= offset <= statement.span.end:
            continue
        if isinstance(statement, syntax.Setting):
            found.add(statement.name.text)
        elif isinstance(statement, syntax.Word):
            found.add(statement.word.text)
    return frozenset(found)


def _is_assigned(text: str, found: At) -> bool:
    """Whether the statement has its `=` already."""
    end = found.word.end if found.word is not None else found.offset
    return text[end : end + 8].lstrip(" \t").startswith(("=", "+=", "*="))


def _members(analysed: Analysed, found: At) -> Iterator[Candidate]:
    """What may stand behind a block's name and a dot: `diffuse.strength = …`."""
    blocks = ("camera 3d", "camera 2d") if found.owner[0] == "camera" else (found.owner[0],)
    is_assigned = _is_assigned(analysed.text, found)
    seen: set[str] = set()
    for (owner, name), spec in SETTINGS.items():
        if owner in blocks and name not in seen:
            seen.add(name)
            yield setting_candidate(spec, Rank.WANTED, is_assigned)


def _varied() -> Iterator[Candidate]:
    for (block, name), spec in SETTINGS.items():
        if block in ("diffuse", "coherence", "grade"):
            label = f"{block}.{name}"
            about = ("setting", block, name)
            yield Candidate(label, "setting", spec.help, f"{label} = [$1]", Rank.LIKELY, about)
