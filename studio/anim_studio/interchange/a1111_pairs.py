"""The line of parameters below a prompt: `Steps: 20, Sampler: Euler a, Lora hashes: "a: 1, b: 2"`.

A value goes to the next comma; in quotes or brackets (`Civitai resources: [{"modelName": "a, b"}]`), to their
end.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

_NAME = re.compile(r"[\w /.\-\[\]]{1,80}")
_QUOTED = re.compile(r'"(?:\\.|[^\\"])*"')


def pairs(line: str) -> Iterator[tuple[str, str]]:
    """The names and values of a line; words without a name are left out."""
    at = 0
    while at < len(line):
        colon, comma = line.find(":", at), line.find(",", at)
        if colon < 0:
            return
        if 0 <= comma < colon:
            # words without a name
            at = comma + 1
            continue
        name, start = line[at:colon].strip(), colon + 1
        while line[start : start + 1] == " ":
            start += 1
        end = _end_of(line, start)
        comma = line.find(",", end)
        at = len(line) if comma < 0 else comma + 1
        value = line[start : at - (comma >= 0)].strip()
        if _NAME.fullmatch(name):
            yield name, _unquoted(value)


def _end_of(line: str, start: int) -> int:
    """Where a value in quotes or brackets ends; `start` for any other, which goes to the next comma."""
    if line.startswith('"', start):
        match = _QUOTED.match(line, start)
        return start if match is None else match.end()
    if line.startswith(("[", "{"), start):
        try:
            _, end = json.JSONDecoder().raw_decode(line, start)
        except (ValueError, RecursionError):
            return start
        return end
    return start


def _unquoted(value: str) -> str:
    is_quoted = value.startswith('"') and value.endswith('"') and len(value) > 1
    return value[1:-1].replace('\\"', '"') if is_quoted else value
