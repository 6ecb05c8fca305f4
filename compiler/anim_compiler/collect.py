"""A document's statements sorted into blocks: what is set where, each thing once."""

from __future__ import annotations

from dataclasses import dataclass, field

from anim_compiler.findings import Findings
from anim_compiler.names import BUILT_IN, did_you_mean
from anim_compiler.setting import Entry
from anim_compiler.unknown import BLOCKS, unknown_setting, unknown_word
from anim_dsl.diagnostic import Label
from anim_dsl.settings import ALIASES, SETTINGS
from anim_dsl.source import Span
from anim_dsl.syntax import (
    Block,
    Def,
    Dimension,
    Document,
    Key,
    KeyLine,
    Keys,
    Let,
    Name,
    Setting,
    Statement,
    Text,
    Word,
)

LATER = frozenset(
    {
        "scene",
        "import",
        "template",
        "use",
        "pipeline",
        "layer",
        "mask",
        "video",
        "markers",
        "midi",
        "series",
        "lora",
        "embedding",
        "control",
        "variant",
        "grade",
    }
)
"""Statements that later versions have; `init`, `camera`, … of this one are in `BLOCKS`."""


@dataclass(frozen=True, slots=True)
class Named:
    """`audio song = "song.mp3" { … }`, `output "film.mp4" { … }`: `path` is the text as written."""

    name: str
    at: Span
    path: str
    path_at: Span
    entries: tuple[Entry, ...]


@dataclass(slots=True)
class Collected:
    """Everything a film says, by block. `axes` is 2 or 3 once a camera was seen."""

    entries: dict[str, list[Entry]] = field(default_factory=dict)
    prompt_keys: list[Key] = field(default_factory=list)
    prompt_lists: list[Keys] = field(default_factory=list)
    lets: dict[str, Let] = field(default_factory=dict)
    defs: dict[str, Def] = field(default_factory=dict)
    audio: list[Named] = field(default_factory=list)
    images: list[Named] = field(default_factory=list)
    outputs: list[Named] = field(default_factory=list)
    blocks: dict[str, Span] = field(default_factory=dict)
    axes: int | None = None
    names: dict[str, Span] = field(default_factory=dict)
    #: names whose definition was refused or could not be read: their users are not reported as well
    lost: set[str] = field(default_factory=set)


class Collector:
    """Sorts one document's statements; what has no place is reported."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self.found = Collected()

    def document(self, document: Document) -> Collected:
        """The whole film."""
        self.found.lost.update(document.broken)
        for statement in document.statements:
            self._statement(statement)
        return self.found

    def _statement(self, statement: Statement) -> None:
        match statement:
            case Let():
                self._let(statement)
            case Def():
                self._def(statement)
            case Setting():
                self._setting(statement)
            case Word():
                self._word(statement)
            case KeyLine():
                self._findings.error(
                    "E2011",
                    statement.span,
                    "a key stands outside any block",
                    hint="keys of the prompt stand in `prompt { … }`",
                )

    # --- names ---

    def _let(self, statement: Let) -> None:
        if self._new(statement.name):
            self.found.lets[statement.name.text] = statement

    def _def(self, statement: Def) -> None:
        if self._new(statement.name):
            self.found.defs[statement.name.text] = statement

    def _new(self, name: Name) -> bool:
        """Whether a name may be given here."""
        text = name.text
        if text in BUILT_IN:
            self.found.lost.add(text)
            self._findings.error(
                "E2006",
                name.span,
                f"`{text}` is part of the language and cannot be redefined",
                hint=f"call it `my_{text}`",
            )
            return False
        if text in self.found.names:
            first = Label(self.found.names[text], "first defined here")
            self._findings.error("E2007", name.span, f"`{text}` is defined twice", labels=(first,))
            return False
        self.found.names[text] = name.span
        return True

    # --- settings ---

    def _setting(self, statement: Setting) -> None:
        path = statement.name.path
        if statement.block is not None:
            self._findings.error(
                "E2011",
                statement.block.span,
                f"`{statement.name.text}` takes no block",
                hint="take the block away",
            )
        if len(path) == 1:
            self._add("film", self._entry(statement, path[0]))
        elif len(path) == 2 and path[0] in BLOCKS:
            self._dotted(statement, path[0], path[1])
        elif path[0] in LATER:
            self.later(path[0], statement.name.span)
        else:
            hint = did_you_mean(path[0], BLOCKS)
            self._findings.error("E2004", statement.name.span, f"there is no block `{path[0]}`", hint=hint)

    def _dotted(self, statement: Setting, block: str, name: str) -> None:
        if block == "camera" and self.found.axes is None:
            self._findings.error(
                "E2011",
                statement.name.span,
                f"`{statement.name.text}` needs to know which camera it means",
                hint="write `camera 2d { … }` or `camera 3d { … }` above",
            )
            return
        self._add(self.key(block), self._entry(statement, name))

    def key(self, block: str) -> str:
        """The block's name in the table of settings."""
        return f"camera {self.found.axes}d" if block == "camera" else block

    @staticmethod
    def _entry(statement: Setting, name: str) -> Entry:
        return Entry(name, statement.name.span, statement.op, statement.value, statement.span)

    def _add(self, block: str, entry: Entry) -> None:
        spec, rule = ALIASES.get((block, entry.name), (SETTINGS.get((block, entry.name)), ""))
        if spec is None:
            unknown_setting(self._findings, block, entry)
            return
        entry = Entry(spec.name, entry.at, entry.op, entry.value, entry.span, rule)
        rows = self.found.entries.setdefault(block, [])
        first = next((row for row in rows if row.name == entry.name and row.op == "="), None)
        if first is not None and entry.op == "=":
            label = Label(first.at, "first set here")
            self._findings.error("E2005", entry.at, f"`{entry.name}` is set twice", labels=(label,))
            return
        rows.append(entry)

    # --- statements ---

    def _word(self, statement: Word) -> None:
        word = statement.word.text
        if word in LATER:
            self.later(word, statement.word.span)
        elif word == "camera":
            self._camera(statement)
        elif word in BLOCKS:
            self._block(statement, word)
        elif word in ("audio", "image"):
            self._medium(statement, word)
        elif word == "output":
            self._output(statement)
        else:
            unknown_word(self._findings, statement)

    def later(self, word: str, span: Span) -> None:
        """Says that a statement is known but not yet there."""
        self._findings.error("E2009", span, f"`{word}` is not in this version yet")

    def _camera(self, statement: Word) -> None:
        dimensions = [head for head in statement.head if isinstance(head, Dimension)]
        if len(statement.head) > len(dimensions):
            self._findings.error("E2009", statement.head[0].span, "named cameras are not in this version yet")
            return
        if len(dimensions) != 1 or dimensions[0].axes not in (2, 3):
            self._findings.error(
                "E2011",
                statement.word.span,
                "a camera is `2d` or `3d`",
                hint="write `camera 2d { … }` or `camera 3d { … }`",
            )
            return
        self.found.axes = self.found.axes or dimensions[0].axes
        self._block(statement, "camera")

    def _block(self, statement: Word, word: str) -> None:
        if word in self.found.blocks:
            label = Label(self.found.blocks[word], "the first one")
            self._findings.error(
                "E2005", statement.word.span, f"there are two `{word}` blocks", labels=(label,)
            )
            return
        self.found.blocks[word] = statement.word.span
        if statement.value is not None or (statement.head and word != "camera"):
            at = statement.value.span if statement.value is not None else statement.head[0].span
            self._findings.error("E2011", at, f"`{word}` takes a block here", hint=f"write `{word} {{ … }}`")
        for inner in statement.block.statements if statement.block else ():
            self._inner(inner, word)

    def _inner(self, statement: Statement, word: str) -> None:
        match statement:
            case Setting() if len(statement.name.path) == 1 and statement.block is None:
                self._add(self.key(word), self._entry(statement, statement.name.path[0]))
            case KeyLine() if word == "prompt":
                self.found.prompt_keys.extend(statement.keys.keys)
                self.found.prompt_lists.append(statement.keys)
            case KeyLine():
                self._findings.error(
                    "E2011", statement.span, f"`{word}` holds settings, not keys", hint="write `name = 0s: …`"
                )
            case Let():
                self._let(statement)
            case Word() if statement.word.text in LATER:
                self.later(statement.word.text, statement.word.span)
            case _:
                self._findings.error("E2011", statement.span, f"this does not stand in `{word}`")

    def _medium(self, statement: Word, word: str) -> None:
        head = statement.head[0] if len(statement.head) == 1 else None
        if (
            not isinstance(head, Name)
            or not isinstance(statement.value, Text)
            or statement.value.plain is None
        ):
            self._findings.error(
                "E2011",
                statement.word.span,
                f"`{word}` needs a name and a path",
                hint=f'write `{word} NAME = "path"`',
            )
            return
        if not self._new(head):
            return
        entries = self._entries(statement.block, word)
        named = Named(head.text, head.span, statement.value.plain, statement.value.span, entries)
        (self.found.audio if word == "audio" else self.found.images).append(named)

    def _output(self, statement: Word) -> None:
        head = statement.head[0] if len(statement.head) == 1 else None
        if not isinstance(head, Text) or not head.plain:
            self._findings.error(
                "E2011", statement.word.span, "`output` needs a path", hint='write `output "film.mp4"`'
            )
            return
        entries = self._entries(statement.block, "output")
        self.found.outputs.append(Named("", statement.word.span, head.plain, head.span, entries))

    def _entries(self, block: Block | None, word: str) -> tuple[Entry, ...]:
        inner = Collector(self._findings)
        for statement in block.statements if block else ():
            inner._inner(statement, word)
        return tuple(inner.found.entries.get(word, ()))
