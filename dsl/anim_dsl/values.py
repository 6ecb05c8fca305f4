"""Values parsed from a range of a text, and texts made ready for the grammar."""

from __future__ import annotations

from anim_dsl import syntax
from anim_dsl.a1111 import report_habits
from anim_dsl.findings import Findings
from anim_dsl.gate import MOST_ELEMENTS
from anim_dsl.lexer import lex
from anim_dsl.lines import DEEPEST, TooDeepError, significant
from anim_dsl.machine import Built, run
from anim_dsl.mend import mend
from anim_dsl.source import Span
from anim_dsl.syntax import Expr
from anim_dsl.texts import read_text, windows_path
from anim_dsl.tokens import TEXTS, Token
from anim_dsl.walk import walk

DEEPEST_VALUE = 200
"""Operators, calls and lists may stand so many levels deep in one value; a sum of n terms is n deep."""


class ValueParser:
    """Parses values of one source; `findings` collects what is wrong with texts in them."""

    def __init__(self, findings: Findings) -> None:
        self.findings = findings
        self.inserts = 0

    def range(self, span: Span, findings: Findings) -> Expr | None:
        """The value that stands in a range of the source, or None."""
        self.inserts += 1
        if self.inserts > MOST_ELEMENTS:
            if self.inserts == MOST_ELEMENTS + 1:
                report_too_many_inserts(span, findings)
            return None
        try:
            tokens = significant(mend(lex(findings.source.text, span.start, span.end), findings), findings)
        except TooDeepError as error:
            report_too_deep(error.token.span, DEEPEST, findings)
            return None
        tokens = [token for token in tokens if token.type != "NEWLINE"]
        if not tokens:
            findings.error("E1041", span, "there is no value here")
            return None
        return self._parse(tokens, findings)

    def _parse(self, tokens: list[Token], findings: Findings) -> Expr | None:
        for _ in range(8):
            tokens = self.ready(tokens, is_path=False)
            result = run(tokens, "value")
            if isinstance(result, Built):
                value: Expr = result.node
                return value if self.is_shallow(value) else None
            from anim_dsl.slips import mend_slip  # only where there is a slip

            mended = mend_slip(tokens, result, "", findings)
            if mended is None or len(mended) != 1:
                break
            tokens = mended[0]
        else:
            return None
        if mended is None:
            from anim_dsl.expected import report_refused

            report_refused(tokens, result, "value", findings)
        return None

    def ready(self, tokens: list[Token], *, is_path: bool) -> list[Token]:
        """The tokens with texts read, and with texts that stand where a key's time does as `TIME`."""
        if not any(token[0] in TEXTS for token in tokens):
            return tokens
        out: list[Token] = []
        for at, token in enumerate(tokens):
            if token.type in TEXTS:
                is_time = at + 1 < len(tokens) and tokens[at + 1].type == "COLON"
                token = self._time(token) if is_time else self._text(token, is_path)
            out.append(token)
        return out

    def _text(self, token: Token, is_path: bool) -> Token:
        if token.value is not None:
            return token
        if not is_path:
            report_habits(token, self.findings)
        mended = windows_path(token, self.findings, is_path=is_path)
        return token._replace(value=mended or read_text(token, self.findings, self.range))

    def _time(self, token: Token) -> Token:
        """A quoted time is a whole frame: `"max_f/2"` is `frame(max_f/2)`, which rounds down."""
        quotes = 3 if token.type == "LONG_STRING" else 1
        inside = Span(token.start + quotes, token.end - quotes)
        inner = self.range(inside, self.findings) or syntax.Number(0.0, token.span)
        frame = syntax.Name(("frame",), token.span)
        call = syntax.Call(frame, (syntax.Argument(None, inner, inner.span),), token.span)
        return token._replace(type="TIME", value=call)

    def is_shallow(self, value: Expr) -> bool:
        """Whether a value is no deeper than others can go through it; a deeper one is reported."""
        for node, depth in walk(value):
            if depth > DEEPEST_VALUE:
                report_too_deep(node.span, DEEPEST_VALUE, self.findings)
                return False
        return True


def report_too_many_inserts(span: Span, findings: Findings) -> None:
    """The message for texts that insert without end."""
    findings.error(
        "E1073",
        span,
        f"the texts of the film have more than {MOST_ELEMENTS:,} inserts and quoted times",
        hint="give a part of them a name with `let`, and insert that",
    )


def report_too_deep(span: Span, limit: int, findings: Findings) -> None:
    """The message for what is nested beyond a limit."""
    findings.error(
        "E1004",
        span,
        f"this is nested more than {limit} levels deep",
        hint="give a part of it a name with `let`",
    )
