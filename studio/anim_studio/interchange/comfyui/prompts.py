"""The prompts of a workflow: scheduled, or one for all frames."""

from __future__ import annotations

import re
from collections.abc import Iterator

from anim_studio.interchange.comfyui.graph import Node, Workflow
from anim_studio.interchange.film_text import Setting
from anim_studio.interchange.fizz_prompts import Fizz, keys_of
from anim_studio.interchange.fizznodes import add_prompts, add_values, fizz_of, whole
from anim_studio.interchange.formula_text import number_text
from anim_studio.interchange.imported import Fate
from anim_studio.interchange.recipe import Recipe

_WEIGHTS = ("pw_a", "pw_b", "pw_c", "pw_d")
#: averages of averages; each makes two of one
_DEEPEST = 6
_NODES = ("PromptSchedule", "BatchPromptSchedule", "StringSchedule", "BatchStringSchedule")


def schedules(graph: Workflow) -> list[Node]:
    """The nodes of FizzNodes that schedule prompts."""
    return [node for node in graph.nodes.values() if node.kind.startswith(_NODES) and not node.is_off]


def add_positive(graph: Workflow, recipe: Recipe, sampler: Node | None, scheduled: list[Node]) -> None:
    """What the sampler asks for: the nearest schedule before it, or the nearest text."""
    near = _before(graph, sampler, "positive")
    node = next((each for each in near if each in scheduled), None)
    if node is None and not near and scheduled:
        node = scheduled[0]
    for other in scheduled:
        if node is not None and other is not node and other not in _before(graph, sampler, "negative"):
            recipe.say(Fate.IGNORED, f"{other.kind} {other.id}", "the sampler's prompt is another one")
    if node is None:
        found = None if sampler is None else graph.asks(sampler, "positive")
        texts = [(_text(graph, near), 1.0)] if found is None else list(_mixed(graph, found[0], "positive"))
        recipe.prompts = [("0", _value(recipe, texts))]
        recipe.say(Fate.MAPPED, "positive", "`prompt`")
        return
    add_prompts(recipe, _fizz(graph, recipe, node))


def add_negative(graph: Workflow, recipe: Recipe, sampler: Node | None) -> None:
    """What must not be seen: of the schedule where its second output goes there, else the nearest text."""
    found = None if sampler is None else graph.asks(sampler, "negative")
    if found is None:
        return
    node, slot = found
    if node in schedules(graph) and slot == 1:
        return
    if node.kind == "ConditioningZeroOut":
        recipe.negatives = []
        return
    own = [value for _, value in recipe.negatives]
    if any(value != '""' for value in own):
        recipe.say(Fate.IGNORED, "--neg", "the sampler's `negative` comes from another node")
    near = list(graph.upstream(node))
    scheduled = next((each for each in near if each in schedules(graph)), None)
    if scheduled is not None:
        keys = keys_of(_fizz(graph, recipe, scheduled), names=False)
        recipe.diagnostics += keys.diagnostics
        recipe.negatives = list(keys.prompts)
    else:
        recipe.negatives = [("0", _value(recipe, list(_mixed(graph, node, "negative"))))]
    recipe.say(Fate.MAPPED, "negative", "`negative`")


def _mixed(
    graph: Workflow, node: Node, which: str, share: float = 1.0, deep: int = 0
) -> Iterator[tuple[str, float]]:
    """The texts of a conditioning, each with its share: averages of two are followed."""
    ends = [graph.behind(node.inputs.get(f"conditioning_{each}")) for each in ("to", "from")]
    strength = graph.plain(node.inputs.get("conditioning_to_strength"))
    if (
        node.kind != "ConditioningAverage"
        or deep == _DEEPEST
        or not isinstance(strength, int | float)
        or None in ends
    ):
        yield _text(graph, list(graph.upstream(node)), which), share
        return
    for end, part in zip(ends, (strength, 1 - strength), strict=True):
        if end is not None and share * part > 0:
            yield from _mixed(graph, end[0], which, share * part, deep + 1)


def _value(recipe: Recipe, texts: list[tuple[str, float]]) -> str:
    """Texts as a value of a film: one as it is, several by their shares."""
    made: list[str] = []
    for text, share in texts:
        keys = keys_of(_plain(text))
        recipe.remarks += keys.remarks
        made.append(f"{keys.prompts[0][1]} * {number_text(f'{share:.4g}')}")
    return made[0].removesuffix(" * 1") if len(made) == 1 else " + ".join(made)


def _plain(text: str) -> Fizz:
    """A text that is no schedule: back-ticks and `--neg` are words in it."""
    return Fizz('"0": ""', 1, before=text.replace("`", "'").replace("--neg", "neg"))


def _before(graph: Workflow, sampler: Node | None, name: str) -> list[Node]:
    found = None if sampler is None else graph.asks(sampler, name)
    if found is None:
        return [] if sampler is not None else list(graph.nodes.values())
    return list(graph.upstream(found[0]))


def _text(graph: Workflow, nodes: list[Node], which: str = "positive") -> str:
    """The nearest text that is encoded."""
    for node in nodes:
        for name in (which, "text", "text_g", "prompt", "string", "value"):
            value = graph.plain(node.inputs.get(name))
            if isinstance(value, str) and value.strip():
                return value
    return ""


def _fizz(graph: Workflow, recipe: Recipe, node: Node) -> Fizz:
    """A schedule node's inputs; a weight that a value schedule gives is a `let`."""
    inputs = {name: graph.plain(value) for name, value in node.inputs.items()}
    frames = whole(inputs.get("max_frames"), recipe.frames)
    weights: dict[str, str] = {}
    for name in _WEIGHTS:
        found = graph.behind(node.inputs.get(name))
        text = None if found is None else graph.plain(found[0].inputs.get("text"))
        if found is None or "ValueSchedule" not in found[0].kind or not isinstance(text, str):
            continue
        if not re.search(
            rf"`[^`]*{name}", " ".join(each for each in inputs.values() if isinstance(each, str))
        ):
            continue
        if any(isinstance(item, Setting) and item.name == f"let {name}" for item in recipe.lets):
            # of the positive prompt, too
            weights[name] = name
        elif add_values(recipe, name, text, max(frames, recipe.frames)):
            weights[name] = name
            recipe.say(Fate.MAPPED, name, f"`let {name}`")
    text = inputs.get("text", inputs.get("text_g"))
    if "text_g" in inputs:
        inputs |= {name: inputs.get(f"{name}_G", "") for name in ("pre_text", "app_text")}
    if inputs.get("text_l") not in (None, text):
        recipe.say(Fate.LOST, "text_l", "a film has one prompt for both of SDXL's encoders: `text_g`")
    for name in ("start_frame", "end_frame"):
        if isinstance(number := inputs.get(name), int | float) and number > 0:
            recipe.say(Fate.CHANGED, name, f"it is {number:g} there; the film has the whole schedule")
    what = f"{recipe.given.name}: node {node.id}"
    return fizz_of(inputs, text if isinstance(text, str) else "", frames, what, weights)
