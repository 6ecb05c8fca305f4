"""Text to syntax tree. Nothing here raises on any text: what is wrong comes back as diagnostics."""

from __future__ import annotations

from anim_dsl.blocks import BlockParser
from anim_dsl.cut import FILM, cut
from anim_dsl.diagnostic import Diagnostic
from anim_dsl.findings import Findings
from anim_dsl.gate import admits
from anim_dsl.lexer import lex
from anim_dsl.lines import DEEPEST, TooDeepError, significant
from anim_dsl.mend import mend
from anim_dsl.source import Source, Span
from anim_dsl.syntax import Document, Expr
from anim_dsl.tokens import Token
from anim_dsl.uncollected import uncollected
from anim_dsl.values import ValueParser, report_too_deep


def parse(source: Source) -> tuple[Document, tuple[Diagnostic, ...]]:
    """The tree of a film and what is wrong with its text.

    What could not be parsed is missing in the tree; `Document.broken` names the `let`s and `def`s among it.
    """
    with uncollected():
        return _parse(source, Findings(source))


def _parse(source: Source, findings: Findings) -> tuple[Document, tuple[Diagnostic, ...]]:
    if not admits(findings):
        return Document(source, ()), findings.all()
    try:
        tokens = significant(mend(lex(source.text), findings), findings)
    except TooDeepError as error:
        report_too_deep(error.token.span, DEEPEST, findings)
        return Document(source, ()), findings.all()
    parser = BlockParser(findings)
    statements = parser.statements(cut(tokens, findings), FILM)
    return Document(source, statements, tuple(parser.broken)), findings.all()


def parse_value(source: Source) -> tuple[Expr | None, tuple[Diagnostic, ...]]:
    """The expression or key list that a text is, and what is wrong with it; None if it is none."""
    findings = Findings(source)
    if not admits(findings):
        return None, findings.all()
    value = ValueParser(findings).range(Span(0, len(source.text)), findings)
    return value, findings.all()


def comments(source: Source) -> tuple[Token, ...]:
    """The comments of a film, in order, for tools that keep them."""
    found: list[Token] = []
    lex(source.text, comments=found)
    return tuple(found)
