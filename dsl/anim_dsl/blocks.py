"""Statements parsed one by one, the blocks inside them first."""

from __future__ import annotations

from anim_dsl import syntax
from anim_dsl.cut import Cut, context_of
from anim_dsl.expected import report_refused
from anim_dsl.findings import Findings
from anim_dsl.habits import mend_habits
from anim_dsl.machine import Built, run
from anim_dsl.slips import mend_slip
from anim_dsl.source import Span
from anim_dsl.syntax import Expr, Statement
from anim_dsl.tokens import Token
from anim_dsl.values import ValueParser
from anim_dsl.words import WORDS

_MOST_SLIPS = 20


class BlockParser:
    """Parses the statements of one source; `broken` collects the names of definitions that were lost."""

    def __init__(self, findings: Findings) -> None:
        self.findings = findings
        self.values = ValueParser(findings)
        self.broken: list[str] = []

    def statements(self, cuts: list[Cut], context: str) -> tuple[Statement, ...]:
        """The statements of a block that belongs to `context` (`film`, `camera 3d`, `prompt` …)."""
        found: list[Statement] = []
        in_if = False
        for piece in cuts:
            if self.findings.full:
                break
            opens_if = _opens_if(piece)
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
        waiting = [tokens]
        found: list[Statement] = []
        for _ in range(_MOST_SLIPS):
            if not waiting:
                break
            ready = self.values.ready(waiting.pop(0), is_path=_is_path(tokens))
            result = run(ready, "statement")
            if isinstance(result, Built):
                if all(self.values.is_shallow(value) for value in _values(result.node)):
                    found.append(result.node)
                continue
            mended = mend_slip(ready, result, context, self.findings)
            if mended is None:
                report_refused(ready, result, "statement", self.findings)
                self._remember_broken(ready)
            else:
                waiting = mended + waiting
        return found

    def _remember_broken(self, tokens: list[Token]) -> None:
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

    def _report_if(self, piece: Cut) -> None:
        word = next(token for token in piece.head if token.type in ("IF", "ELSE"))
        self.findings.error(
            "E1050",
            word.span,
            f"there are no `{word.text}` blocks: every value is a curve",
            hint="write the choice as a value: `zoom = 1.2 if bass > 0.5 else 1`",
        )


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
