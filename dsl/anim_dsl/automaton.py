"""The LALR automaton of `anim.lark` as plain data: read from its generated table, or built by Lark.

The table is shipped (`tables/automaton.json`, made by `python -m tools.grammar`), so that parsing does
not import Lark. If the grammar beside it has changed since, the table is built in memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from anim_dsl.tokens import END
from anim_grammar.files import checksum, read, read_table

if TYPE_CHECKING:
    from lark import Lark
    from lark.grammar import Rule

STARTS = ("statement", "value")
"""What a text can be parsed as."""


@dataclass(frozen=True, slots=True)
class Automaton:
    """States are numbers; `shifts` and `reductions` map terminals, `gotos` rule names to what follows.

    A rule is `(origin, method, shape)`: `method` builds its node, is empty where the only child passes
    through and `*` where the children join those of the rule around it. `shape` has a letter for each child:
    `v` a value, `i` children that join, `n` a None for what may be missing and is.
    """

    checksum: int
    starts: Mapping[str, int]
    shifts: Sequence[Mapping[str, int]]
    reductions: Sequence[Mapping[str, int]]
    gotos: Sequence[Mapping[str, int]]
    rules: Sequence[tuple[str, str, str]]


def load() -> Automaton:
    """The automaton of the grammar as it is now."""
    text = read("anim.lark")
    table = read_table("automaton")
    return Automaton(**table) if table["checksum"] == checksum(text) else build(text)


def build(text: str) -> Automaton:
    """The automaton of a grammar, by Lark. Raises ValueError for what the tree builder cannot follow."""
    lark = make_lark(text)
    # Lark has no public way to its table; `test_tables` notices if this one goes
    table: Any = lark.parser.parser._parse_table
    order = _order(table)
    numbers = {state: number for number, state in enumerate(order)}
    rules: dict[Rule, int] = {}
    shifts: list[dict[str, int]] = []
    reductions: list[dict[str, int]] = []
    gotos: list[dict[str, int]] = []
    for state in order:
        shifts.append({})
        reductions.append({})
        gotos.append({})
        for symbol, (action, target) in sorted(table.states[state].items()):
            if action.name == "Reduce":
                reductions[-1][symbol] = rules.setdefault(target, len(rules))
            else:
                where = shifts if symbol.isupper() else gotos
                where[-1][symbol] = numbers[target]
    for end in table.end_states.values():
        shifts[numbers[end]] = {END: numbers[end]}
    return Automaton(
        checksum(text),
        {start: numbers[table.start_states[start]] for start in STARTS},
        tuple(shifts),
        tuple(reductions),
        tuple(gotos),
        tuple(_rule(rule) for rule in rules),
    )


def make_lark(text: str, **options: Any) -> Lark:  # Any: whatever Lark takes
    """Lark's own parser of the grammar, fed token by token."""
    from lark import Lark
    from lark.lexer import Lexer

    class Unused(Lexer):
        """Tokens are made elsewhere; Lark asks for a lexer all the same."""

        def __init__(self, lexer_conf: object) -> None:
            pass

        def lex(self, lexer_state: object, parser_state: object) -> Iterator[Any]:
            return iter(())

    return Lark(text, parser="lalr", lexer=Unused, start=list(STARTS), maybe_placeholders=True, **options)


def _order(table: Any) -> list[int]:  # Any: Lark's own table
    """The states as they are met from the starts on; Lark's numbers differ from run to run."""
    order = [table.start_states[start] for start in STARTS]
    seen = set(order)
    for state in order:
        for _, (action, target) in sorted(table.states[state].items()):
            if action.name == "Shift" and target not in seen:
                seen.add(target)
                order.append(target)
    return order


def _rule(rule: Rule) -> tuple[str, str, str]:
    origin = str(rule.origin.name)
    shape = _shape(rule)
    if origin.startswith("_"):
        return origin, "*", shape
    if rule.alias:
        return origin, str(rule.alias), shape
    if not rule.options.expand1:
        return origin, origin, shape
    if shape != "v":
        raise ValueError(f"`{rule}` needs an alias: it has more than one child")
    return origin, "", shape


def _shape(rule: Rule) -> str:
    """A letter for each child, as Lark's own tree builder would give them."""
    from lark.grammar import Terminal

    empty = rule.options.empty_indices or (False,) * len(rule.expansion)
    symbols = iter(rule.expansion)
    letters = ""
    for is_missing in empty:
        if is_missing:
            letters += "n"
            continue
        symbol = next(symbols)
        if isinstance(symbol, Terminal) and symbol.filter_out:
            raise ValueError(f"`{rule}` holds a terminal that Lark would leave out")
        letters += "i" if not symbol.is_term and symbol.name.startswith("_") else "v"
    return letters
