"""FizzNodes: a schedule as it is pasted into a node, or one node with its inputs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from anim_dsl.schedule import evaluate
from anim_dsl.source import Source
from anim_studio.interchange.film_text import Comment, Setting
from anim_studio.interchange.fizz_prompts import Fizz, keys_of, pairs_of
from anim_studio.interchange.imported import Fate, Given, Imported, NotThisFormat, text_of
from anim_studio.interchange.plain_json import plain_json
from anim_studio.interchange.recipe import Recipe, imported
from anim_studio.interchange.schedule_text import Translated, schedule_text

_KEY = re.compile(r"(?=.*(?:[0-9]|max_f))[0-9a-z_+\-*/. ()]+\Z")
_VALUE = re.compile(r"\s*[\"']?[0-9][^:,]*:\s*\(|(?:\s*[0-9]{1,6}\s*:\s*-?[0-9.]+\s*(?:,|\Z))+\s*\Z")
#: the beginning of a prompt schedule, also in the wrong quotes
_PROMPT = re.compile(
    "(?:\\{\\s*)?[\"'\u201c\u201d\u201e]\\s*[0-9]+\\s*[\"'\u201c\u201d]\\s*:\\s*[\"'\u201c\u201d\u201e]"
)
_WEIGHTS = ("pw_a", "pw_b", "pw_c", "pw_d")
_TAIL = 12
_MOST_FRAMES = 99_999
#: what the nodes themselves begin with
_FRAMES = 120


def looks_like(given: Given) -> bool:
    """Whether it is a schedule, or a node that has one."""
    try:
        text = text_of(given).text
    except NotThisFormat:
        return False
    return _node(text) is not None or _is_prompts(text) or _is_values(text)


def read(given: Given) -> Imported:
    """The film of a schedule. Its prompts melt into each other; of numbers it has a `let`."""
    text = text_of(given).text
    node = _node(text)
    if node is not None:
        return _of_node(given, node)
    if _is_prompts(text):
        recipe = Recipe(given, "Made of FizzNodes' prompt schedule.", _length(text))
        fizz = fizz_of({}, text, recipe.frames, given.name, _weights(recipe, text))
        recipe.beside["length"] = "the schedule does not say it: `max_frames` of its node"
        add_prompts(recipe, fizz)
        return _finished(recipe)
    if _is_values(text):
        frames = _length(text)
        recipe = Recipe(given, "Made of FizzNodes' value schedule.", frames)
        recipe.beside["length"] = "the schedule does not say it: `max_frames` of its node"
        return _with_values(recipe, text, frames)
    raise NotThisFormat('it is no schedule: `"0": "a prompt", "12": "another"`, or `0:(1), 12:(1.5)`')


def _node(text: str) -> Mapping[str, object] | None:
    """The inputs of one node, if the text is one with a schedule."""
    try:
        found = plain_json(text)
    except ValueError:
        return None
    if not isinstance(found, dict) or not isinstance(found.get("class_type"), str):
        return None
    inputs = found.get("inputs")
    return found if isinstance(inputs, dict) and isinstance(inputs.get("text"), str) else None


def _weights(recipe: Recipe, text: str) -> dict[str, str]:
    """A `let` for each weight that a pasted schedule reads, which its node gives."""
    read = [name for name in _WEIGHTS if re.search(rf"`[^`]*{name}[^`]*`", text)]
    recipe.lets += [Setting(f"let {name}", "0", beside="the schedule does not say it") for name in read]
    return {name: name for name in read}


def _is_prompts(text: str) -> bool:
    pairs = pairs_of(text) if '"' in text else None
    if pairs is not None:
        return all(_KEY.match(key) for key, _ in pairs)
    # a schedule with a slip: it is told where
    return _PROMPT.match(text.lstrip()) is not None


def _is_values(text: str) -> bool:
    return _VALUE.match(text) is not None


def _length(text: str) -> int:
    """How long a schedule that does not say it is: a bit behind its last key, or the nodes' own length."""
    keys = [int(key) for key in re.findall(r"(?:^|[,{])\s*[\"']?\s*([0-9]{1,6})\s*[\"']?\s*:", text)]
    return min(max(keys) + _TAIL, _MOST_FRAMES) if keys and max(keys) > 0 else _FRAMES


def _of_node(given: Given, node: Mapping[str, object]) -> Imported:
    inputs = node["inputs"]
    assert isinstance(inputs, dict)
    kind = str(node["class_type"])
    frames = whole(inputs.get("max_frames"), _FRAMES)
    text = str(inputs["text"])
    recipe = Recipe(given, f"Made of FizzNodes' {kind}.", frames)
    recipe.say(Fate.MAPPED, "max_frames", "`length`")
    if "Value" in kind:
        return _with_values(recipe, text, frames)
    add_prompts(recipe, fizz_of(inputs, text, frames, given.name))
    return _finished(recipe)


def fizz_of(
    inputs: Mapping[str, object], text: str, frames: int, name: str, weights: Mapping[str, str] | None = None
) -> Fizz:
    """A prompt node's inputs; `weights` are those of its `pw_` that another node gives."""
    known = {each: _number_text(inputs.get(each)) for each in _WEIGHTS}
    texts = [inputs.get(each) for each in ("pre_text", "app_text")]
    before, behind = (each if isinstance(each, str) else "" for each in texts)
    return Fizz(text, frames, before, behind, known | dict(weights or {}), name)


def add_prompts(recipe: Recipe, fizz: Fizz) -> None:
    """Puts a schedule's prompts into a film."""
    keys = keys_of(fizz)
    recipe.lets += [Setting(f"let {name}", value) for name, value in keys.lets]
    recipe.prompts, recipe.negatives = list(keys.prompts), list(keys.negatives)
    recipe.remarks += keys.remarks
    recipe.diagnostics += keys.diagnostics
    recipe.morph = (Setting("morph", "linear"),) if len(keys.prompts) > 1 else ()
    recipe.say(Fate.MAPPED, "text", "`prompt`, with `morph = linear`: encodings are mixed straight")
    for name, text in (("pre_text", fizz.before), ("app_text", fizz.behind)):
        if text.strip():
            recipe.say(Fate.MAPPED, name, "it stands in every prompt")


def add_values(recipe: Recipe, name: str, text: str, frames: int) -> bool:
    """A `let` with the curve of a value schedule; whether it could be read."""
    found = value_of(recipe, name, text, frames)
    if found is None:
        return False
    recipe.lets.append(Setting(f"let {name}", found.text, keys=found.keys))
    return True


def value_of(recipe: Recipe, name: str, text: str, frames: int) -> Translated | None:
    """A value schedule as a value of a film; None if it cannot be read, which is told."""
    plain = _bare(text)
    found = schedule_text(plain, frames=frames, seed=0, name=name, may_quote=False)
    recipe.remarks += found.remarks
    if found.text:
        return found
    source = Source(recipe.given.name, plain)
    recipe.diagnostics += [
        replace(each, source=source, message=each.message.replace("Deforum", "FizzNodes"))
        for each in found.diagnostics
    ]
    return None


def _with_values(recipe: Recipe, text: str, frames: int) -> Imported:
    if add_values(recipe, "value", text, frames):
        recipe.say(Fate.MAPPED, "text", "`let value`")
        values, _ = evaluate(_bare(text), frames=frames)
        spread = f", from {min(values):g} to {max(values):g}" if values else ""
        recipe.after.append(
            Comment(f"`value` fits wherever a number does{spread}: `camera 2d {{ zoom = value }}`, say.")
        )
    return imported(recipe)


def _finished(recipe: Recipe) -> Imported:
    recipe.diffuse.setdefault("strength", "1")
    recipe.diffuse.setdefault("seed_mode", "fixed")
    recipe.beside.setdefault(
        "diffuse", "Every frame is drawn anew from the same noise; less `strength` carries the last one on."
    )
    return imported(recipe)


def whole(value: object, otherwise: int) -> int:
    """A count of frames, within what the nodes can make."""
    if not isinstance(value, int | float) or value != value:
        return otherwise
    return int(max(1, min(value, _MOST_FRAMES)))


def _bare(schedule: str) -> str:
    """A schedule without the comma behind its last key, which the nodes read over."""
    return schedule.rstrip().removesuffix(",").rstrip()


def _number_text(value: object) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"({value:g})" if value < 0 else f"{value:g}"
    return "0"
