"""Where things stand in a film: blocks by their path, settings by their name, lines and comments."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from anim_dsl.parse import comments, parse
from anim_dsl.source import Source, Span
from anim_dsl.syntax import Block, Document, Setting, Statement, Word
from anim_dsl.tokens import Token

_INDENTED = re.compile(r"^\S[^\n]*\{[^\n]*\n(?:[ \t\r]*\n)*([ \t]+)\S", re.MULTILINE)

Path = Sequence[str]
"""The blocks around something, outermost first: `("camera",)`, `("scene intro", "camera 3d")`."""


class NotThereError(LookupError):
    """A film does not hold what an edit is about."""


@dataclass(frozen=True, slots=True)
class Film:
    """A film's text with its tree and comments, for edits that need several looks at it."""

    source: Source
    document: Document
    comments: tuple[Token, ...]

    @property
    def text(self) -> str:
        """The film's text."""
        return self.source.text

    def statements(self, path: Path) -> tuple[Statement, ...] | None:
        """The statements of a block, or None if there is no such block."""
        if not path:
            return self.document.statements
        word = self.word(path)
        return None if word is None or word.block is None else word.block.statements

    def block(self, path: Path) -> Block | None:
        """A block, or None."""
        word = self.word(path) if path else None
        return None if word is None else word.block

    def word(self, path: Path) -> Word | None:
        """The statement whose block a path names, or None."""
        statements: tuple[Statement, ...] = self.document.statements
        found: Word | None = None
        for label in path:
            found = next((each for each in statements if self._is(each, label)), None)  # type: ignore[assignment]  # `_is` takes words only
            if found is None or found.block is None:
                return None
            statements = found.block.statements
        return found

    def bare(self, path: Path) -> Word | None:
        """The statement that a path names if it has no block: `lora grain = "grain.safetensors"`."""
        words = (each for each in self.statements(path[:-1]) or () if isinstance(each, Word))
        return next((each for each in words if each.block is None and self._named(each, path[-1])), None)

    def named(self, path: Path) -> Word | None:
        """The statement that a path names, with a block or without."""
        return self.word(path) or self.bare(path)

    def _is(self, statement: Statement, label: str) -> bool:
        return isinstance(statement, Word) and statement.block is not None and self._named(statement, label)

    def _named(self, statement: Word, label: str) -> bool:
        wanted = label.lower().split()
        written = [statement.word.text, *(self.source.slice(part.span) for part in statement.head)]
        return [part.lower() for part in written][: len(wanted)] == wanted

    def setting(self, path: Path, name: str) -> Setting | None:
        """A setting with `=` in a block, also where it is written as `block.name`, or None."""
        for statement in self.statements(path) or ():
            if isinstance(statement, Setting) and statement.name.text == name and statement.op == "=":
                return statement
        if path:
            dotted = f"{path[-1].split()[0]}.{name}"
            return self.setting(path[:-1], dotted)
        return None

    def comments_in(self, span: Span) -> Iterator[str]:
        """The comments inside a span."""
        for comment in self.comments:
            if span.start <= comment.start < span.end:
                yield comment.text.rstrip()

    def line_start(self, offset: int) -> int:
        """Where the line begins that an offset is in."""
        return self.text.rfind("\n", 0, offset) + 1

    def line_end(self, offset: int) -> int:
        """Where the line ends that an offset is in, its line end left out."""
        end = self.text.find("\n", offset)
        end = len(self.text) if end < 0 else end
        return end - 1 if end > offset and self.text[end - 1] == "\r" else end

    def indent(self, offset: int) -> str:
        """The spaces and tabs that the line of an offset begins with."""
        line = self.text[self.line_start(offset) : offset]
        return line[: len(line) - len(line.lstrip(" \t"))]

    def is_first_on_line(self, offset: int) -> bool:
        """Whether nothing but spaces stands before an offset on its line."""
        return not self.text[self.line_start(offset) : offset].strip(" \t\ufeff")

    def remark_after(self, offset: int) -> Token | None:
        """The comment behind an offset on its line, if nothing stands between but spaces, `,` and `;`."""
        for comment in self.comments:
            if offset <= comment.start:
                between = self.text[offset : comment.start]
                return comment if not between.strip(" \t,;") else None
        return None

    @property
    def newline(self) -> str:
        """How lines end in this film."""
        return "\r\n" if "\r\n" in self.text else "\n"

    @property
    def step(self) -> str:
        """By how much the film's blocks are indented."""
        found = _INDENTED.search(self.text)
        return "  " if found is None else found[1]


def film_of(source: Source) -> Film:
    """A film's text with its tree; what has syntax errors is missing in it."""
    return Film(source, parse(source)[0], comments(source))
