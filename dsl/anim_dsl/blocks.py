"""Statements parsed one by one, the blocks inside them first."""

from __future__ import annotations

from anim_dsl import syntax
from anim_dsl.cut import CLOSING_QUOTES, Cut, context_of
from anim_dsl.expecting import expecting
from anim_dsl.findings import Findings
from anim_dsl.gate import MOST_ELEMENTS, MOST_STATEMENTS
from anim_dsl.habits import mend_habits
from anim_dsl.machine import Built, Refused, run
from anim_dsl.slip_words import function_of_block
from anim_dsl.source import Span
from anim_dsl.syntax import Expr, Statement
from anim_dsl.tokens import TEXTS, Token
from anim_dsl.unbraced import with_braces
from anim_dsl.values import DEEPEST_VALUE, ValueParser
from anim_dsl.words import WORDS

_MOST_SLIPS = 20
_NESTING = TEXTS | {"TIME"}  # what may hold whole expressions


class BlockParser:
    """Parses the statements of one source; `broken` collects the names of definitions that were lost."""

    def __init__(self, findings: Findings) -> None:
        self.findings = findings
        self.values = ValueParser(findings)
        self.broken: list[str] = []
        self.count = 0  # of statements

    def statements(self, cuts: list[Cut], context: str) -> tuple[Statement, ...]:
        """The statements of a block that belongs to `context` (`film`, `camera 3d`, `prompt` …)."""
        found: list[Statement] = []
        in_if = False
        for piece in with_braces(cuts, self.findings):
            if self.findings.full or self._is_too_long(piece):
                break
            opens_if = _opens_if(piece)
            if _opens_loop(piece):
                self._report_loop(piece)
                continue
            if opens_if:
                if not (in_if and piece.head[0].type == "ELSE"):
                    self._report_if(piece)
                in_if = True
                continue
            in_if = False
            found += self._statement(piece, context)
        return mend_habits(found, context, self.findings)

    def _statement(self, piece: Cut, context: str) -> list[Statement]:
        tokens = list(piece.head)
        if _is_body(piece):
            piece = Cut(function_of_block(piece, self.findings))
            tokens = list(piece.head)
        if piece.block is not None:
            if not tokens:
                self._report_nameless(piece.block.start)
            inner = self.statements(piece.block.statements, context_of(piece.head))
            span = Span(piece.block.start, piece.block.end)
            tokens.append(Token("BLOCK", "{ }", span.start, span.end, syntax.Block(inner, span)))
            if not piece.head:
                return []
        return self._parse(tokens, context)

    def _parse(self, tokens: list[Token], context: str) -> list[Statement]:
        """The statement that the tokens are, or those that were meant."""
        if _is_path(tokens) and self._has_open_text(tokens):
            self._remember_broken(tokens)  # no file has the name that is being typed
            return []
        waiting = [tokens]
        found: list[Statement] = []
        for _ in range(_MOST_SLIPS):
            if not waiting:
                break
            if self._has_too_many(waiting[0]):
                break
            ready = self.values.ready(waiting.pop(0), is_path=_is_path(tokens))
            result = run(expecting(ready), "statement")
            if isinstance(result, Built):
                if self._is_shallow(ready, result.node):
                    found.append(result.node)
                continue
            waiting = self._mended(ready, result, context) + waiting
        return found

    def _has_open_text(self, tokens: list[Token]) -> bool:
        """Whether a text lacks its closing quote, which was reported."""
        text = self.findings.source.text
        return any(
            token.type in TEXTS and token.value is not None and text[token.end - 1] not in CLOSING_QUOTES
            for token in tokens
        )

    def _is_too_long(self, piece: Cut) -> bool:
        """Whether the film has more statements than are read; the first too many is reported."""
        self.count += 1
        if self.count <= MOST_STATEMENTS:
            return False
        start = piece.head[0].start if piece.head else piece.block.start if piece.block else 0
        self.findings.error(
            "E1072",
            Span(start, start + 1),
            f"the film has more than {MOST_STATEMENTS:,} statements",
            marker="this is the first too many",
            hint="split it: `import` brings in lets and templates of other files",
        )
        return True

    def _has_too_many(self, tokens: list[Token]) -> bool:
        """Whether one statement has more keys, elements or arguments than are read."""
        if len(tokens) <= MOST_ELEMENTS:
            return False
        for kind in ("COMMA", "COLON"):
            places = [token.span for token in tokens if token.type == kind]
            if len(places) >= MOST_ELEMENTS:
                self.findings.error(
                    "E1070",
                    places[MOST_ELEMENTS - 1],
                    f"one statement has more than {MOST_ELEMENTS:,} keys or elements",
                    marker="this is where too many begin",
                    hint="a curve needs a key only where it bends; many keys come from a file with `import`",
                )
                return True
        return False

    def _mended(self, tokens: list[Token], refused: Refused, context: str) -> list[list[Token]]:
        """The statements that were meant; none if nobody can tell, which is reported."""
        # most films have no slip, and need not wait for what knows them all
        from anim_dsl.expected import report_refused
        from anim_dsl.slips import mend_slip

        mended = mend_slip(tokens, refused, context, self.findings)
        if mended is None:
            report_refused(tokens, refused, "statement", self.findings)
            self._remember_broken(tokens)
        return mended or []

    def _is_shallow(self, tokens: list[Token], node: Statement) -> bool:
        """Whether the statement's values are; few tokens without texts cannot nest deep."""
        if len(tokens) <= DEEPEST_VALUE and not any(token[0] in _NESTING for token in tokens):
            return True
        return all(self.values.is_shallow(value) for value in _values(node))

    def _remember_broken(self, tokens: list[Token]) -> None:
        if len(tokens) > 1 and tokens[0].type == "NAME" and tokens[1].type in ("LPAR", "DOT"):
            # a template, or a file's, that lacks its `use`
            self.broken.append(tokens[0].text)
        if len(tokens) > 1 and tokens[0].type in ("LET", "DEF") and tokens[1].type == "NAME":
            self.broken.append(tokens[1].text)
        if (
            len(tokens) > 1
            and tokens[0].text in ("audio", "image", "video", "mask")
            and tokens[1].type == "NAME"
        ):
            self.broken.append(tokens[1].text)

    def _report_nameless(self, start: int) -> None:
        self.findings.error(
            "E1035",
            Span(start, start + 1),
            "this block belongs to nothing",
            hint="write what it is before the `{`, as in `camera 3d {`",
        )

    def _report_loop(self, piece: Cut) -> None:
        self.findings.error(
            "E1050",
            piece.head[0].span,
            "there are no loops: every value is a curve over the whole film",
            hint="write a curve of the time, as `sin(360deg * t / 4s)`, or each thing by itself",
        )

    def _report_if(self, piece: Cut) -> None:
        word = next(token for token in piece.head if token.type in ("IF", "ELSE"))
        self.findings.error(
            "E1050",
            word.span,
            f"there are no `{word.text}` blocks: every value is a curve",
            hint="write the choice as a value: `zoom = 1.2 if bass > 0.5 else 1`",
        )


def _opens_loop(piece: Cut) -> bool:
    head = piece.head
    return piece.block is not None and len(head) > 1 and head[0].text in ("for", "while", "repeat")


def _is_body(piece: Cut) -> bool:
    """Whether a `def` has a block instead of `=` and a value."""
    head = piece.head
    return piece.block is not None and bool(head) and head[0].type == "DEF" and head[-1].type == "RPAR"


def _opens_if(piece: Cut) -> bool:
    return piece.block is not None and bool(piece.head) and piece.head[0].type in ("IF", "ELSE")


def _is_path(tokens: list[Token]) -> bool:
    word = WORDS.get(tokens[0].text) if tokens and tokens[0].type == "NAME" else None
    return word is not None and word.path


def _values(statement: Statement) -> tuple[Expr, ...]:
    match statement:
        case syntax.KeyLine(keys):
            return (keys,)
        case syntax.Word(_, head, value):
            inner = tuple(part for part in head if isinstance(part, syntax.Call | syntax.Text))
            return inner if value is None else (*inner, value)
        case syntax.Setting() | syntax.Let():
            return (statement.value,)
        case syntax.Def():
            defaults = tuple(p.default for p in statement.parameters if p.default is not None)
            return (*defaults, statement.value)
