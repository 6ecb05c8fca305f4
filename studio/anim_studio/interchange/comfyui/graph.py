"""A workflow as nodes with named inputs, whichever of its two forms it is kept in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from anim_studio.interchange.comfyui.widgets import named
from anim_studio.interchange.plain_json import plain_json

_MOST_STEPS = 200
#: nodes that hand on what they are given
_THROUGH = ("Reroute", "Reroute (rgthree)")
#: nodes that a sampler is put together from, and what they call its inputs
_PARTS = frozenset({"BasicScheduler", "KSamplerSelect", "RandomNoise", "CFGGuider", "BasicGuider"})
_BOTH = ("positive", "negative")
_OTHERWISE = {"positive": ("conditioning",), "seed": ("noise_seed",)}


@dataclass(frozen=True, slots=True)
class Link:
    """An input that comes from another node: its id, and the number of its output."""

    node: str
    slot: int


@dataclass(frozen=True, slots=True)
class Node:
    """A node: its class, and its inputs, each a value or a link."""

    id: str
    kind: str
    inputs: Mapping[str, object] = field(repr=False)
    is_off: bool = False


@dataclass(frozen=True, slots=True)
class Workflow:
    """The nodes by their ids, in the file's order."""

    nodes: Mapping[str, Node]

    def of(self, *kinds: str) -> Iterator[Node]:
        """The nodes whose class begins so, those that are switched off left out."""
        return (each for each in self.nodes.values() if each.kind.startswith(kinds) and not each.is_off)

    def behind(self, value: object) -> tuple[Node, int] | None:
        """The node that an input comes from, and the number of its output; reroutes are passed."""
        for _ in range(_MOST_STEPS):
            if not isinstance(value, Link):
                return None
            node = self.nodes.get(value.node)
            if node is None:
                return None
            if node.kind not in _THROUGH:
                return node, value.slot
            value = next(iter(node.inputs.values()), None)
        return None

    def upstream(self, node: Node) -> Iterator[Node]:
        """Everything that a node is made of, itself first, the nearest before the farther."""
        waiting, seen = [node], {node.id}
        for here in waiting:
            yield here
            for value in here.inputs.values():
                found = self.nodes.get(value.node) if isinstance(value, Link) else None
                if found is not None and found.id not in seen:
                    seen.add(found.id)
                    waiting.append(found)

    def asks(self, sampler: Node, name: str) -> tuple[Node, int] | None:
        """Where a sampler's `positive` or `negative` is made: nodes that hand both on, as ControlNets do, are
        passed.
        """
        found = self.behind(self.asked(sampler, name))
        for _ in range(_MOST_STEPS):
            if found is None:
                return None
            node, slot = found
            pair = [node.inputs.get(each) for each in _BOTH]
            if not all(isinstance(each, Link) for each in pair) or not 0 <= slot < len(pair):
                return found
            found = self.behind(pair[slot])
        return None

    def asked(self, node: Node, name: str) -> object:
        """An input of a sampler: its own, or of the nodes that newer ones take their values from."""
        if name in node.inputs:
            return node.inputs[name]
        names = (name, *_OTHERWISE.get(name, ()))
        parts = (each for each in self.upstream(node) if each.kind in _PARTS)
        return next((part.inputs[each] for part in parts for each in names if each in part.inputs), None)

    def plain(self, value: object) -> object:
        """An input's value; of one that another node gives, that node's own first value."""
        for _ in range(_MOST_STEPS):
            if not isinstance(value, Link):
                return value
            node = self.nodes.get(value.node)
            if node is None:
                return None
            value = next((each for each in node.inputs.values() if not isinstance(each, Link)), None) or next(
                iter(node.inputs.values()), None
            )
        return None


def workflow(text: str) -> Workflow | None:
    """The workflow that a text is, or None."""
    try:
        found = plain_json(text)
    except ValueError:
        return None
    if not isinstance(found, dict):
        return None
    for name in ("prompt", "workflow"):
        if isinstance(found.get(name), dict) and "class_type" not in found[name]:
            # what is sent to the server
            found = found[name]
    if isinstance(found.get("nodes"), list):
        return _of_screen(found)
    return _of_api(found)


def _of_api(found: Mapping[str, object]) -> Workflow | None:
    nodes: dict[str, Node] = {}
    for name, node in found.items():
        if not isinstance(node, dict) or not isinstance(node.get("class_type"), str):
            return None
        inputs = node.get("inputs")
        given = inputs if isinstance(inputs, dict) else {}
        nodes[name] = Node(name, node["class_type"], {key: _linked(value) for key, value in given.items()})
    return Workflow(nodes) if nodes else None


def _linked(value: object) -> object:
    if (
        isinstance(value, list)
        and len(value) == 2
        and isinstance(value[1], int)
        and isinstance(value[0], str | int)
    ):
        return Link(str(value[0]), value[1])
    return value


def _of_screen(found: Mapping[str, object]) -> Workflow | None:
    links = _links(found.get("links"))
    nodes: dict[str, Node] = {}
    listed = found["nodes"]
    for node in listed if isinstance(listed, list) else ():
        if not isinstance(node, dict) or not isinstance(node.get("type"), str):
            return None
        slots = [each for each in _list(node.get("inputs")) if isinstance(each, dict)]
        linked = {
            str(slot.get("name")): links[slot["link"]]
            for slot in slots
            if isinstance(slot.get("link"), int) and slot["link"] in links
        }
        values = node.get("widgets_values")
        given = values if isinstance(values, dict) else named(node["type"], _list(values))
        name = str(node.get("id"))
        nodes[name] = Node(name, node["type"], {**given, **linked}, node.get("mode") in (2, 4))
    return Workflow(nodes) if nodes else None


def _links(found: object) -> dict[int, Link]:
    """`[id, from, output, to, input, type]`, or the same with names."""
    result: dict[int, Link] = {}
    for link in _list(found):
        if (
            isinstance(link, list)
            and len(link) >= 5
            and isinstance(link[0], int)
            and isinstance(link[2], int)
        ):
            result[link[0]] = Link(str(link[1]), link[2])
        elif (
            isinstance(link, dict)
            and isinstance(link.get("id"), int)
            and isinstance(link.get("origin_slot"), int)
        ):
            result[link["id"]] = Link(str(link.get("origin_id")), link["origin_slot"])
    return result


def _list(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else ()
