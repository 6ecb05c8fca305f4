"""A document's prompts in the words of films: formulas kept, overlapping prompts as sums with weights."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from anim_dsl.source import Span
from anim_studio.interchange.parseq.document import Document
from anim_studio.interchange.parseq.formula import Call, FormulaError, If, Node, Num, Op, Text, parse
from anim_studio.interchange.parseq.named import Named
from anim_studio.interchange.parseq.prompt_parts import Inserts, spelled, summed, terms, weighed
from anim_studio.interchange.parseq.prompts import INSERT, changes, standing
from anim_studio.interchange.parseq.rows import Prompt
from anim_studio.interchange.parseq.spell import Speller
from anim_studio.interchange.parseq.splines import Points
from anim_studio.interchange.parseq.truth import Curve, Section, setting_of
from anim_studio.interchange.parseq.words import FUNCTIONS, arguments
from anim_studio.interchange.parseq.writing import ATOM, OR, SIGNED, SUM, NoWords, Written, figure, truth


@dataclass(slots=True)
class Prompts:
    """A film's prompts: keys of the positive and of the negative text, and what they refer to."""

    positive: list[tuple[int, str]] = field(default_factory=list)
    negative: list[tuple[int, str]] = field(default_factory=list)
    named: Named = field(default_factory=Named)
    #: texts by name, in quotes or as a choice of two
    texts: dict[str, str] = field(default_factory=dict)
    inserts: Inserts = field(default_factory=Inserts)


def prompts_in_words(document: Document, fps: float, fields: Mapping[str, str]) -> Prompts:
    """The prompts as they are written, in a film of that rate; `fields` is what the film calls the fields
    that formulas read. Raises `NoWords`.
    """
    return _Writer(document, fps, fields).prompts()


class _Writer:
    def __init__(self, document: Document, fps: float, fields: Mapping[str, str]) -> None:
        self._document = document
        self._made = Prompts()
        frames = tuple(key.frame for key in document.keyframes) or (0,)
        setting = setting_of(document)
        whole = Section(0, document.frames, Num(0.0, "", "0", Span(0, 0)), "")
        curve = Curve("prompt", (), (), setting, (whole,))
        self._points = Points(frames, (0.0,) * len(frames))
        self._speller = Speller(curve, whole, self._made.named, False, fps, fields)
        self._moved: tuple[list[str], list[str]] = ([], [])
        self._texts: dict[tuple[Prompt, int], tuple[tuple[str, Written], ...]] = {}

    def prompts(self) -> Prompts:
        document = self._document
        stretches = [(frame, standing(document.prompts, frame)) for frame in changes(document)]
        counts = Counter(prompt for _, now in stretches for prompt in set(now))
        for frame, now in stretches:
            for side, keys in ((0, self._made.positive), (1, self._made.negative)):
                parts: list[tuple[str, Written]] = []
                for prompt in now:
                    weight = self._weight(prompt) if len(now) > 1 else Written("1")
                    own = self._parts(prompt, side, is_again=counts[prompt] > 1)
                    parts += weighed(own, weight)
                if side == 1 and len({text for text, _ in parts}) == 1:
                    parts = parts[:1]
                text = summed(parts, self._made.inserts) if parts else '""'
                if not keys or keys[-1][1] != text:
                    keys.append((frame, text))
        return self._made

    def _parts(self, prompt: Prompt, side: int, *, is_again: bool) -> tuple[tuple[str, Written], ...]:
        if (prompt, side) not in self._texts:
            self._both(prompt)
        found = self._texts[prompt, side]
        if not is_again or len(found[0][0]) < 30:
            return found
        place = self._document.prompts.index(prompt) + 1
        kind = "negative" if side else "prompt"
        return tuple(
            (self._text(f"{kind}_{place}" + (f"_{i}" if len(found) > 1 else ""), text), weight)
            for i, (text, weight) in enumerate(found, 1)
        )

    def _both(self, prompt: Prompt) -> None:
        """Reads a prompt's two texts; `posneg` puts its term into both."""
        self._moved = ([], [])
        texts = [self._template(text, side) for side, text in enumerate((prompt.positive, prompt.negative))]
        for side in (0, 1):
            text = " ".join([*reversed(self._moved[side]), texts[side]])
            self._texts[prompt, side] = tuple(terms(text, self._made.inserts))

    def _text(self, wish: str, text: str) -> str:
        """A name for a text."""
        name, count = wish, 1
        while self._made.texts.get(name, text) != text:
            count += 1
            name = f"{wish}_{count}"
        self._made.texts[name] = text
        return name

    # --- formulas in texts ---------------------------------------------------------------------------

    def _template(self, text: str, side: int) -> str:
        def insert(written: str) -> str:
            try:
                return self._inserted(parse(written), side)
            except FormulaError:
                raise NoWords from None

        pieces = INSERT.split(text)
        return "".join(insert(piece) if i % 2 else piece for i, piece in enumerate(pieces))

    def _inserted(self, node: Node, side: int) -> str:
        """A formula in a text: what is text stays text, numbers stand in braces."""
        match node:
            case Text(value, _):
                return value
            case Op("+", left, right, _) if _is_text(left) or _is_text(right):
                return self._inserted(left, side) + self._inserted(right, side)
            case Op(":", left, right, _):
                return f"({self._inserted(left, side)}:{self._inserted(right, side)})"
            case If() if _is_text(node):
                return self._choice(node, side)
            case Call("posneg" | "posneg_lora" as name, _, _):
                return self._posneg(node, side, is_lora=name == "posneg_lora")
            case _:
                return self._made.inserts.hold(self._number(node).text)

    def _number(self, node: Node) -> Written:
        return self._speller.spelled(node)

    def _choice(self, node: If, side: int) -> str:
        test = truth(self._number(node.test))
        ways = [
            spelled(self._inserted(way, side), self._made.inserts) if way is not None else '"0"'
            for way in (node.then, node.other)
        ]
        written = f"{ways[0]} if {test.within(OR)} else {ways[1]}"
        return self._made.inserts.hold(self._text("negative_words" if side else "words", written))

    def _posneg(self, node: Call, side: int, *, is_lora: bool) -> str:
        try:
            given = arguments(node, FUNCTIONS[node.name])
        except FormulaError:
            raise NoWords from None
        if not isinstance(given[0], Text) or given[1] is None:
            raise NoWords
        term, weight = given[0].value, self._number(given[1])
        hold = self._made.inserts.hold
        if is_lora:
            return f"<lora:{term}:{hold(f'abs({_unsigned(weight)})')}>"
        shown = [self._shown(weight, given[2 + (side ^ i)], is_turned=i == 1) for i in (0, 1)]
        self._moved[1 - side].append(f"({term}:{hold(shown[1])})")
        return f"({term}:{hold(shown[0])})"

    def _shown(self, weight: Written, fixed: Node | None, *, is_turned: bool) -> str:
        """A term's weight in one prompt: 0 while it belongs into the other."""
        if fixed is not None:
            sign = "<" if is_turned else ">"
            return f"{self._number(fixed).within(OR)} if {weight.within(SUM)} {sign} 0 else 0"
        turned = _unsigned(weight) if weight.level == SIGNED else f"-{weight.within(ATOM)}"
        return f"max({turned if is_turned else weight.text}, 0)"

    # --- weights of overlapping prompts ----------------------------------------------------------------

    def _weight(self, prompt: Prompt) -> Written:
        if prompt.fade == "custom":
            try:
                return self._number(parse(prompt.weight))
            except FormulaError:
                raise NoWords from None
        if prompt.fade != "linear" or not (prompt.fade_in > 0 or prompt.fade_out > 0):
            return figure(1.0)
        place = self._document.prompts.index(prompt) + 1
        full, begins = prompt.first + max(prompt.fade_in, 0), prompt.last - max(prompt.fade_out, 0)
        if full > begins:
            raise NoWords
        keys = {prompt.first: 0.0 if prompt.fade_in > 0 else 1.0, full: 1.0, begins: 1.0}
        keys[prompt.last] = 0.0 if prompt.fade_out > 0 else 1.0
        text = ", ".join(f"{frame}: {figure(value).text}" for frame, value in sorted(keys.items()))
        return Written(self._made.named.name(f"prompt_{place}_weight", text))


def _unsigned(weight: Written) -> str:
    """A value without the minus before it."""
    return weight.text[1:] if weight.level == SIGNED else weight.text


def _is_text(node: Node) -> bool:
    """Whether a formula gives a text."""
    match node:
        case Text():
            return True
        case Op("+", left, right, _):
            return _is_text(left) or _is_text(right)
        case Op(":", _, _, _):
            return True
        case If(_, then, other, _):
            return _is_text(then) or (other is not None and _is_text(other))
        case Call(name, _, _):
            return name in ("posneg", "posneg_lora")
        case _:
            return False
