"""JSON that people read and compare: a thing that fits stands on one line, others are opened up."""

from __future__ import annotations

import json
from typing import Any

from anim_dsl.visible import json_escaped

WIDTH = 150
"""Characters a line, unless one text or number is longer."""


def json_lines(data: Any, indent: int = 0) -> str:
    """JSON data as text, in its own order, without a newline at the end; Any because JSON is.

    ValueError for a number that JSON has no word for.

    ```
    {
     "name": "rain",
     "nodes": [
      {"op": "previous"},
      {"op": "diffuse", "inputs": [0]}
     ]
    }
    ```
    """
    line = json_escaped(json.dumps(data, ensure_ascii=False, allow_nan=False))
    if (indent and len(line) + indent <= WIDTH) or not isinstance(data, dict | list) or not data:
        return line
    pad, end = " " * (indent + 1), " " * indent
    if isinstance(data, dict):
        named = (f"{json_escaped(json.dumps(str(key), ensure_ascii=False))}: " for key in data)
        rows = [name + json_lines(part, indent + 1) for name, part in zip(named, data.values(), strict=True)]
        opened, closed = "{", "}"
    else:
        rows = [json_lines(part, indent + 1) for part in data]
        opened, closed = "[", "]"
    return f"{opened}\n" + ",\n".join(pad + row for row in rows) + f"\n{end}{closed}"
