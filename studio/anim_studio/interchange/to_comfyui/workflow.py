"""A workflow as ComfyUI's API takes it: nodes by number, inputs that are values or other nodes' outputs."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TypeAlias

from anim_dsl.visible import json_escaped

Link: TypeAlias = tuple[str, int]
"""An output of a node: the node's number and the output's place."""

Input: TypeAlias = "str | int | float | bool | Link"


@dataclass(slots=True)
class Workflow:
    """Nodes in the order in which they were added."""

    nodes: dict[str, dict[str, object]] = field(default_factory=dict)

    def add(self, kind: str, title: str, **inputs: Input) -> str:
        """A node of that class; its number, by which others name it. `title` is what the screen shows."""
        number = str(len(self.nodes) + 1)
        said = {name: list(value) if isinstance(value, tuple) else value for name, value in inputs.items()}
        self.nodes[number] = {"class_type": kind, "inputs": said, "_meta": {"title": title}}
        return number

    def text(self) -> str:
        """The JSON, a node's inputs under each other."""
        return json_escaped(json.dumps(self.nodes, ensure_ascii=False, indent=2)) + "\n"
