"""The kinds of semantic tokens, in the order that their numbers count; editors colour by these names.

| type | what it is |
| --- | --- |
| `keyword` | statement words and reserved words: `scene`, `let`, `and` |
| `property` | settings: `zoom`, `diffuse.strength`; keys of a media block |
| `function` | built-in functions, `def`s, templates, pipeline operations |
| `variable` | `let`s, media, features (`bass`), clock names (`t`), constants |
| `parameter` | parameters of a `def` or a template, names of arguments |
| `enumMember` | words that are values: `slerp`, `lab`, `on` |
| `string` | texts; inserts in them are coloured as what they are |
| `number` | numbers, with their unit |
| `operator` | weights in prompts: `(word:1.2)` |
| `type` | names of scenes, cameras, layers |
| `namespace` | imported files under a name of their own |
| `comment` | comments |
| `event` | easings: `ease_in_out` |

Modifiers: `declaration` where a name is given, `defaultLibrary` for what the language brings, `deprecated`.
"""

from __future__ import annotations

from typing import Final

from lsprotocol.types import SemanticTokensLegend

TYPES: Final = (
    "keyword",
    "property",
    "function",
    "variable",
    "parameter",
    "enumMember",
    "string",
    "number",
    "operator",
    "type",
    "namespace",
    "comment",
    "event",
)
MODIFIERS: Final = ("declaration", "defaultLibrary", "deprecated")

LEGEND: Final = SemanticTokensLegend(list(TYPES), list(MODIFIERS))
