"""Deforum's formulas in the words of films: numexpr's arithmetic written with our operators.

Most formulas mean the same in both and stay as they are written. `spelled` changes tokens only; `rebuilt`
prints a formula anew from its steps, which conditions (`(t<5) & (t>2)` is `t < 5 and t > 2`), `//` and
shifts need. Neither promises equality: `schedule_text` compares their values with Deforum's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from anim_dsl.functions import FUNCTIONS as OURS
from anim_dsl.schedule_formula import Step, compile_formula

_TOKEN = re.compile(
    r"(?P<space>\s+|\\\n|\#.*)"
    r"|(?P<number>0[xXbBoO][0-9a-fA-F_]+|(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9][0-9_]*)(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<sign>\*\*|//|<<|>>|<=|>=|==|!=|[-+*/%<>&|^~()])"
)
#: signs that films do not have, or that mean something else there
_OTHER = frozenset({"//", "<<", ">>", "&", "|", "^", "~"})
_TRUTH = {"True": "1", "False": "0"}

_OR, _AND, _NOT, _COMPARE, _SUM, _PRODUCT, _SIGN, _POWER, _ATOM = range(9)
_LEVEL = {
    **dict.fromkeys(("<", "<=", ">", ">=", "==", "!="), _COMPARE),
    **dict.fromkeys(("+", "-"), _SUM),
    **dict.fromkeys(("*", "/", "%"), _PRODUCT),
}

#: numexpr's functions that films do not have, as formulas of those that they have
_WRITTEN_OUT: Mapping[str, str] = {
    "log2": "log({0}) / log(2)",
    "trunc": "sign({0}) * floor(abs({0}))",
    "arcsinh": "log(({0}) + sqrt(({0}) ** 2 + 1))",
    "arccosh": "log(({0}) + sqrt(({0}) ** 2 - 1))",
    "arctanh": "0.5 * log((1 + ({0})) / (1 - ({0})))",
}


class NoWords(Exception):
    """A formula that films have no words for."""


def uses_frame(formula: str) -> bool:
    """Whether a formula depends on the frame."""
    return any(match["name"] == "t" for match in _TOKEN.finditer(formula))


def spelled(formula: str, names: Mapping[str, str]) -> str:
    """The formula as it is written, with the outer parentheses away; `names` are put in for its own.

    Raises NoWords where a sign or a function has another meaning in films.
    """
    words: list[str] = []
    for match in _TOKEN.finditer(without_parentheses(formula)):
        kind, text = match.lastgroup, match.group()
        if kind == "sign" and text in _OTHER:
            raise NoWords(text)
        if kind == "number":
            words.append(number_text(text))
        elif kind == "name":
            words.append(_TRUTH.get(text) or names.get(text) or _known(text))
        elif kind == "sign":
            # a `%` right behind its number would be percent
            words.append(f" {text} " if text == "%" else text)
        else:
            words.append(" ")
    return re.sub(r"\s+", " ", "".join(words)).strip()


def without_parentheses(text: str) -> str:
    """The text without the pairs of parentheses that hold all of it."""
    text = text.strip()
    while text.startswith("(") and _closing(text) == len(text) - 1:
        text = text[1:-1].strip()
    return text


def _closing(text: str) -> int:
    depth = 0
    for place, char in enumerate(text):
        depth += (char == "(") - (char == ")")
        if not depth:
            return place
    return -1


def number_text(text: str) -> str:
    """A number of Python's as films write it: `.5` is `0.5`, `5.` is `5.0`, `0x10` is `16`."""
    plain = text.replace("_", "")
    if re.match(r"0[xXbBoO]", plain):
        return str(int(plain, 0))
    plain = re.sub(r"^([+-]?)\.", r"\g<1>0.", plain)
    return re.sub(r"\.(?=$|[eE])", ".0", plain).lower().lstrip("+")


def _known(name: str) -> str:
    if name in _WRITTEN_OUT or (name not in OURS and name not in ("t", "s", "max_f")):
        raise NoWords(name)
    return name


# --- from its steps ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Part:
    """A printed operand: how tightly it holds together, and whether it is a condition or a whole number."""

    text: str
    level: int
    kind: str  # "truth", "whole", "real"

    def within(self, level: int) -> str:
        """The text as an operand of something that binds so tightly."""
        return self.text if self.level >= level else f"({self.text})"


def rebuilt(formula: str, names: Mapping[str, str]) -> str:
    """The formula printed from its steps. Raises NoWords, and FormulaError as `compile_formula` does."""
    stack: list[_Part] = []
    for step in compile_formula(formula).steps:
        match step.kind:
            case "number":
                stack.append(_number(step))
            case "name":
                stack.append(_Part(names.get(str(step.value), str(step.value)), _ATOM, "whole"))
            case "unary":
                stack.append(_unary(str(step.value), stack.pop()))
            case "call":
                stack.append(_call(str(step.value), stack.pop()))
            case _:
                right, left = stack.pop(), stack.pop()
                stack.append(_binary(str(step.value), left, right))
    return stack.pop().text


def _number(step: Step) -> _Part:
    if isinstance(step.value, bool):
        return _Part(str(int(step.value)), _ATOM, "truth")
    return _Part(repr(step.value), _ATOM, "whole" if isinstance(step.value, int) else "real")


def _unary(sign: str, part: _Part) -> _Part:
    if sign == "~":
        if part.kind == "truth":
            return _Part(f"not {part.within(_NOT)}", _NOT, "truth")
        return _Part(f"-1 - {part.within(_PRODUCT)}", _SUM, "whole")
    return part if sign == "+" else _Part(f"-{part.within(_SIGN)}", _SIGN, part.kind)


def _call(name: str, part: _Part) -> _Part:
    if name in _WRITTEN_OUT:
        return _Part(f"({_WRITTEN_OUT[name].format(part.text)})", _ATOM, "real")
    if name not in OURS:
        raise NoWords(name)
    return _Part(f"{name}({part.text})", _ATOM, part.kind if name == "sign" else "real")


def _binary(sign: str, left: _Part, right: _Part) -> _Part:
    truths = left.kind == right.kind == "truth"
    if sign in _CONDITIONS and truths:
        return _CONDITIONS[sign](left, right)
    if sign in _OTHER:
        return _whole(sign, left, right)
    if sign == "**":
        return _Part(f"{left.within(_ATOM)} ** {right.within(_SIGN)}", _POWER, _joined(left, right))
    level = _LEVEL[sign]
    if level == _COMPARE:
        return _Part(f"{left.within(_SUM)} {sign} {right.within(_SUM)}", _COMPARE, "truth")
    kind = "real" if sign == "/" else _joined(left, right)
    return _Part(f"{left.within(level)} {sign} {right.within(level + 1)}", level, kind)


def _joined(left: _Part, right: _Part) -> str:
    return "real" if "real" in (left.kind, right.kind) else "whole"


#: what numexpr makes of two conditions: a sum is `or`, a product is `and`
_CONDITIONS: Mapping[str, Callable[[_Part, _Part], _Part]] = {
    "&": lambda a, b: _Part(f"{a.within(_AND)} and {b.within(_NOT)}", _AND, "truth"),
    "*": lambda a, b: _Part(f"{a.within(_AND)} and {b.within(_NOT)}", _AND, "truth"),
    "|": lambda a, b: _Part(f"{a.within(_OR)} or {b.within(_AND)}", _OR, "truth"),
    "+": lambda a, b: _Part(f"{a.within(_OR)} or {b.within(_AND)}", _OR, "truth"),
    "^": lambda a, b: _Part(f"{a.within(_SUM)} != {b.within(_SUM)}", _COMPARE, "truth"),
}


def _whole(sign: str, left: _Part, right: _Part) -> _Part:
    """Floors and the bits of whole numbers, as far as a literal on the right lets them be written."""
    if sign == "//":
        quotient = f"{left.within(_PRODUCT)} / {right.within(_SIGN)}"
        return _Part(f"floor({quotient})", _ATOM, _joined(left, right))
    number = int(right.text) if right.text.isdigit() and len(right.text) < 10 else -1
    if sign == "&" and number > 0 and (number + 1) & number == 0:
        return _Part(f"{left.within(_PRODUCT)} % {number + 1}", _PRODUCT, "whole")
    if sign == "<<" and 0 <= number < 32:
        return _Part(f"{left.within(_PRODUCT)} * {2**number}", _PRODUCT, "whole")
    if sign == ">>" and 0 <= number < 32:
        return _Part(f"floor({left.within(_PRODUCT)} / {2**number})", _ATOM, "whole")
    raise NoWords(sign)
