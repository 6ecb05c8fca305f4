"""What stands at a place of a text: the block and the setting, what is wanted there, what is written of it.

It is told by the tokens, so it is known in the middle of a word as well, where nothing can be parsed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from anim_dsl.settings import SettingSpec, setting
from anim_dsl.tokens import RESERVED, Token
from anim_studio.lsp.levels import Level, levels, tokens_of
from anim_studio.lsp.placing import Argument, Place, is_key_block, placed

_NAMES = frozenset({"NAME", "LET", "DEF", "BAD_NAME", *(word.upper() for word in RESERVED)})
_NUMBERS = frozenset({"NUMBER", "QUANTITY", "PERCENT", "SIZE", "DIM", "BAD_NUMBER"})
_QUOTED = frozenset({"STRING", "LONG_STRING", "OPEN_STRING", "OPEN_LONG_STRING", "CURLY_STRING"})
_OPEN = frozenset({"OPEN_STRING", "OPEN_LONG_STRING"})


@dataclass(frozen=True, slots=True)
class At:
    """What stands at an offset. `word` is the whole token there, `typed` what of it stands before the offset;
    `owner` are the names before its dot, `before` the token in front of all that. `path` is the setting (or
    `let`) that a value is for. In an insert of a text, `text` is that text, and the rest tells of the insert.
    """

    offset: int
    place: Place
    levels: tuple[Level, ...]
    word: Token | None = None
    typed: str = ""
    owner: tuple[str, ...] = ()
    before: Token | None = None
    path: tuple[str, ...] = ()
    argument: Argument | None = None
    text: Token | None = None
    in_keys: bool = False

    @property
    def blocks(self) -> tuple[Level, ...]:
        """The film and the blocks that are open, from the outside in."""
        return tuple(level for level in self.levels if level.is_block)

    @property
    def block(self) -> Level:
        """The innermost block of statements that is not a key list."""
        found = [level for level in self.blocks if not is_key_block(level)]
        return found[-1]

    @property
    def statement(self) -> tuple[Token, ...]:
        """The tokens of the statement before the place, brackets that are open left out."""
        return self.blocks[-1].tokens

    @property
    def head(self) -> str:
        """The word that the statement begins with."""
        return self.statement[0].text if self.statement else ""

    @property
    def name(self) -> str:
        """The whole name at the place with what stands before its dots."""
        word = "" if self.word is None or self.word.type not in _NAMES else self.word.text
        return ".".join((*self.owner, word)) if word else ""

    @property
    def spec(self) -> SettingSpec | None:
        """The setting that a value here is for."""
        return spec_of(self.block.context, self.path) if self.path else None

    @property
    def is_number(self) -> bool:
        """Whether the word there is a number, with or without a unit."""
        return self.word is not None and self.word.type in _NUMBERS

    @property
    def has_value(self) -> bool:
        """Whether the value of the statement has begun."""
        signs = ("EQUAL", "AUGMENT", "COLON")
        tokens = (token for level in self.levels for token in level.tokens)
        return self.head == "expect" or any(token.type in signs for token in tokens)

    @property
    def begins_argument(self) -> bool:
        """Whether an argument of a call begins at the place, with its name perhaps."""
        is_first = self.before is None or self.before.type == "COMMA"
        return self.levels[-1].kind == "call" and is_first and not self.owner

    @property
    def start(self) -> int:
        """Where the word that is being written begins."""
        return self.offset - len(self.typed)


def at(text: str, offset: int) -> At:
    """What stands at an offset, 0 to the text's length."""
    offset = max(0, min(offset, len(text)))
    tokens = tokens_of(text)
    word = _touching(tokens, offset)
    if word is not None and word.type == "COMMENT":
        return At(offset, "comment", levels(tokens, word.start), word, text[word.start : offset])
    if word is not None and word.type in _QUOTED and _is_inside(word, offset):
        return _in_text(text, tokens, word, offset)
    if word is not None and word.type not in _NAMES | _NUMBERS:
        word = None
    return _found(tokens, word, offset)


def spec_of(context: str, path: tuple[str, ...]) -> SettingSpec | None:
    """The setting of a name, dotted or not, in a block."""
    name = path[-1]
    if path == ("prompt",) and context == "prompt":
        return setting("film", "prompt")
    if len(path) > 1 and context in ("film", "scene", "template"):
        owner = path[0]
        blocks = (owner,) if owner != "camera" else ("camera 3d", "camera 2d")
    else:
        blocks = ("camera 3d", "camera 2d") if context == "camera" else (context,)
        blocks = (*blocks, "film") if context in ("scene", "template") else blocks
    return next((spec for block in blocks if (spec := setting(block, name)) is not None), None)


def _touching(tokens: tuple[Token, ...], offset: int) -> Token | None:
    """The token around an offset, or the one that ends there if that is no sign."""
    low, high = 0, len(tokens)
    while low < high:
        middle = (low + high) // 2
        if tokens[middle].start < offset:
            low = middle + 1
        else:
            high = middle
    after = tokens[low] if low < len(tokens) and tokens[low].start == offset else None
    before = tokens[low - 1] if low and tokens[low - 1].end >= offset else None
    if before is not None and (before.end > offset or before.type in _NAMES | _NUMBERS | {"COMMENT"} | _OPEN):
        return before
    return after if after is None or after.type != "NEWLINE" else None


def _is_inside(text: Token, offset: int) -> bool:
    if text.type in _OPEN:
        return offset > text.start
    quotes = 3 if text.type == "LONG_STRING" else 1
    return text.start + quotes <= offset <= text.end - quotes


def _found(tokens: tuple[Token, ...], word: Token | None, offset: int) -> At:
    """What stands at a place outside of texts."""
    start = offset if word is None or word.start >= offset else word.start
    opened = levels(tokens, start)
    inner = list(opened[-1].tokens)
    owner: list[str] = []
    while len(inner) >= 2 and inner[-1].type == "DOT" and inner[-2].type == "NAME":
        owner.insert(0, inner[-2].text)
        del inner[-2:]
    opened = (*opened[:-1], replace(opened[-1], tokens=tuple(inner)))
    typed = "" if word is None or word.start >= offset else word.text[: offset - word.start]
    before = inner[-1] if inner else None
    found = At(offset, "statement", opened, word, typed, tuple(owner), before)
    where = placed(opened)
    return replace(found, place=where.place, path=where.path, argument=where.argument, in_keys=where.in_keys)


# --- texts -------------------------------------------------------------------------------------


def _in_text(text: str, tokens: tuple[Token, ...], word: Token, offset: int) -> At:
    quotes = 3 if "LONG" in word.type else 1
    start = word.start + quotes
    insert = _insert(text, start, offset)
    opened = levels(tokens, word.start)
    inner = opened[-1].tokens
    outside = At(
        offset, "text", opened, word, text[start:offset], before=inner[-1] if inner else None, text=word
    )
    where = placed(opened)
    outside = replace(outside, path=where.path, argument=where.argument, in_keys=where.in_keys)
    if insert is None:
        return outside
    end = text.find("}", offset, word.end)
    end = word.end - (quotes if word.type not in _OPEN else 0) if end < 0 else end
    found = _within(text[insert:end], insert, offset)
    return replace(found, levels=opened + found.levels[1:], text=word, path=outside.path)


def _within(inside: str, start: int, offset: int) -> At:
    """What stands in an insert, whose text begins at `start`, as in a value."""
    shifted = tuple(
        token._replace(start=token.start + start, end=token.end + start) for token in tokens_of(f"_={inside}")
    )
    moved = tuple(token._replace(start=token.start - 2, end=token.end - 2) for token in shifted)
    word = _touching(moved, offset)
    word = word if word is not None and word.type in _NAMES | _NUMBERS else None
    return _found(moved, word, offset)


def _insert(text: str, start: int, offset: int) -> int | None:
    """Where the expression begins that an offset in a text is in; None if it is in plain text."""
    opened: int | None = None
    at = start
    while at < offset:
        sign = text[at]
        if sign == "\\":
            at += 1
        elif sign == "{":
            opened = at + 1
        elif sign == "}":
            opened = None
        at += 1
    return opened
