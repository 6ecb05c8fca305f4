"""Something that may be written, before an editor's own form of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Literal, TypeAlias

from anim_dsl.settings import SettingSpec
from anim_dsl.source import Span

Kind: TypeAlias = Literal[
    "word",
    "setting",
    "function",
    "feature",
    "name",
    "constant",
    "module",
    "template",
    "choice",
    "easing",
    "unit",
    "file",
    "folder",
    "colour",
    "model",
    "parameter",
    "text",
    "operator",
]


class Rank(IntEnum):
    """What stands first: what this very place asks for, then what is the film's own, then the language."""

    WANTED = 0
    LIKELY = 1
    OWN = 2
    COMMON = 3
    LANGUAGE = 4
    RARE = 5


@dataclass(frozen=True, slots=True)
class Candidate:
    """A word with what it means. `snippet` is what is written instead of the label, with `$1`, `${2:4s}` for
    what is to be filled in; `about` finds its page when it is looked at (`telling.about`); `says` is its page
    where it is known already. `replaces` is what it stands in place of, if not the word at the cursor; with
    `goes_on` more is to follow at once.
    """

    label: str
    kind: Kind
    detail: str = ""
    snippet: str = ""
    rank: Rank = Rank.LANGUAGE
    about: tuple[str, ...] = ()
    says: str = ""
    replaces: Span | None = None
    goes_on: bool = False
    filter: str = ""
    #: a line that the film needs for it at its beginning: an `import`
    brings: str = ""


def escaped(text: str) -> str:
    """A text in which a snippet fills in nothing."""
    return text.replace("\\", "\\\\").replace("$", "\\$").replace("}", "\\}")


def value_snippet(spec: SettingSpec) -> str:
    """The value of a setting with a place to write it: its default with its unit, or its words to choose."""
    choices = spec.choices
    if spec.type == "choice" and 0 < len(choices) <= 16 and all(choice.isidentifier() for choice in choices):
        # a stable sort: the default comes first, the others stay as the table has them
        ordered = sorted(choices, key=lambda choice: choice != spec.default)
        return f"${{1|{','.join(ordered)}|}}"
    if spec.type == "bool":
        return "${1|off,on|}" if spec.default == "on" else "${1|on,off|}"
    written = spec.example.partition("=")[2].strip()
    if (spec.type in ("text", "prompt", "path") and written.startswith('"')) or spec.type == "choice":
        return '"$1"'
    value = spec.default or (written if written and len(written) <= 12 else "")
    return f"${{1:{escaped(value)}}}" if value else "$1"


def text(says: str) -> Candidate:
    """A text, whose words are asked for once its quotes stand."""
    return Candidate('"…"', "text", says, '"$1"', Rank.WANTED, filter='"', goes_on=True)
