"""What Deforum and A1111 read in a prompt, in the words of films."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from anim_dsl.schedule_formula import FormulaError, compile_formula
from anim_studio.interchange.film_text import quoted
from anim_studio.interchange.formula_text import NoWords, number_text, rebuilt, spelled

_MATHS = re.compile(r"`([^`]*)`")
_LORA = re.compile(r"<(lora|lyco|hypernet):([^:<>\"\n]+)(?::((?:`[^`]*`|[^<>\"\n`])*))?>")
_SWAP = re.compile(r"\[([^\[\]:\"\n]*):([^\[\]:\"\n]*):\s*([0-9.]+)\s*\]")
_WILD = re.compile(r"__([\w/-]+)__")
_WHERE = re.compile(r"\bwhere\s*\(")
_AND = re.compile(r"\sAND\s")
_WEIGHT = re.compile(r":\s*([0-9]*\.?[0-9]+)\s*$")


class Crash(Exception):
    """A formula in a prompt on which Deforum gives up; `start` and `end` are offsets in the prompt."""

    def __init__(self, code: str, message: str, hint: str, start: int, end: int) -> None:
        super().__init__(message)
        self.code, self.message, self.hint = code, message, hint
        self.start, self.end = start, end


@dataclass(frozen=True, slots=True)
class Lora:
    """A LoRA that a prompt names: its file without ending, and its weight as a value of a film."""

    kind: str
    name: str
    weight: str


@dataclass(frozen=True, slots=True)
class Words:
    """A prompt's text as a value of a film, with the LoRAs that it names and what had to be changed."""

    value: str
    loras: tuple[Lora, ...]
    changed: tuple[str, ...]


def words(text: str, last: int) -> Words:
    """A prompt of one key; `last` is the last frame. Raises Crash."""
    changed: list[str] = []
    loras = tuple(
        Lora(match[1], match[2].strip(), _weight(match[3] or "", last)) for match in _LORA.finditer(text)
    )
    text = _LORA.sub("", text)
    text = _swaps(text, changed)
    if _WILD.search(text):
        changed.append("a wildcard of another program stands as the word that it is")
        text = _WILD.sub(lambda match: match[1].replace("_", " "), text)
    parts = _AND.split(text)
    if len(parts) == 1:
        return Words(_value(text, last), loras, tuple(changed))
    changed.append("`AND` adds up what each text asks for; here their encodings are mixed by weight")
    return Words(" + ".join(_weighted(part, last) for part in parts), loras, tuple(changed))


def _swaps(text: str, changed: list[str]) -> str:
    """`[a:b:0.5]`: what stands in the longer part of the sampling."""
    if _SWAP.search(text):
        changed.append("`[a:b:0.5]` changes the prompt within a picture: what stands longer there stays")

    def chosen(match: re.Match[str]) -> str:
        when = float(match[3]) if match[3].count(".") < 2 and match[3] != "." else 0.5
        return match[2 if when <= 0.5 else 1]

    return _SWAP.sub(chosen, text)


def _weighted(part: str, last: int) -> str:
    match = _WEIGHT.search(part)
    weight = number_text(match[1]) if match else "1"
    return f"{_value(part[: match.start()] if match else part, last)} * {weight}"


def _value(text: str, last: int) -> str:
    """A text in quotes, with formulas in braces."""
    made: list[str] = []
    end = 0
    for match in _MATHS.finditer(text):
        made += [quoted(text[end : match.start()])[1:-1], _inserted(match, last)]
        end = match.end()
    made.append(quoted(text[end:].replace("`", "'"))[1:-1])
    return f'"{re.sub(r" +", " ", "".join(made)).strip()}"'


def _inserted(match: re.Match[str], last: int) -> str:
    formula = match[1]
    try:
        return f"{{{_translated(formula, last, match)}}}"
    except NoWords:
        pass
    message = f"`{formula}` has no words in a film"
    raise Crash("E1063", message, "write it with + - * / and functions", match.start(1), match.end(1))


def _translated(formula: str, last: int, match: re.Match[str]) -> str:
    """A formula in the words of films. Raises Crash, and NoWords."""
    calls: dict[str, str] = {}
    while (found := _WHERE.search(formula)) is not None:
        arguments, end = _arguments(formula, found.end())
        if len(arguments) != len(("condition", "then", "else")):
            message, hint = "`where` takes three arguments", "write `where(t > 9, 1, 0.5)`"
            raise Crash("E1063", message, hint, match.start(1), match.end(1))
        name = f"call_{len(calls)}"
        calls[name] = f"where({', '.join(_translated(each, last, match) for each in arguments)})"
        formula = f"{formula[: found.start()]}{name}{formula[end:]}"
    _same_as_there(formula, {"t": 0, "max_f": last, **dict.fromkeys(calls, 1)}, match)
    try:
        return spelled(formula, calls)
    except NoWords:
        return rebuilt(formula, calls)


def _arguments(formula: str, start: int) -> tuple[list[str], int]:
    """What stands between the commas of a call, from behind its `(`, and where the call ends."""
    depth, begin, found = 0, start, []
    for place in range(start, len(formula)):
        char = formula[place]
        if depth == 0 and char in ",)":
            found.append(formula[begin:place])
            begin = place + 1
            if char == ")":
                return found, begin
        depth += (char == "(") - (char == ")")
    return found, len(formula)


def _same_as_there(formula: str, names: Mapping[str, int], match: re.Match[str]) -> None:
    """Deforum puts the frame's number in place of every letter `t`, so `sqrt(t)` breaks. Raises Crash."""
    words_with_t = [word for word in re.findall(r"[A-Za-z_]\w*", formula) if "t" in word and word != "t"]
    if words_with_t:
        message = f"Deforum puts the frame's number for every letter `t`, also in `{words_with_t[0]}`"
        hint = f"write `{{{formula}}}` in the film's prompt: there it works"
        raise Crash("E1065", message, hint, match.start(1), match.end(1))
    try:
        compile_formula(formula)(names)
    except FormulaError as error:
        hint = "a formula has numbers, `t`, `max_f`, signs, parentheses and functions of one argument"
        code = "E1064" if error.kind == "name" else "E1063"
        start = match.start(1)
        raise Crash(code, str(error), hint, start + error.start, start + error.end) from error


def _weight(text: str, last: int) -> str:
    """A LoRA's weight: a number, or the formula that stands in back-ticks."""
    match = _MATHS.match(text.strip())
    if match is not None:  # a second weight, behind a colon, would be for another part of the model
        return _inserted(match, last)[1:-1]
    number = re.match(r"\s*([+-]?[0-9]*\.?[0-9]+)\s*(?::|$)", text)
    return number_text(number[1]) if number else "1"
