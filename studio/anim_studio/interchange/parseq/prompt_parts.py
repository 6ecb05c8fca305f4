"""Prompts as values of a film: texts in quotes, with inserted formulas, and sums of texts with weights."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from anim_studio.interchange.film_text import identifier, quoted
from anim_studio.interchange.imported import Fate, Remark
from anim_studio.interchange.parseq.writing import PRODUCT, NoWords, Written, figure

_LORA = re.compile(r"<lora:([^:<>]*)(?::([^<>]*))?>")
_AND = re.compile(r"\s+AND\s+")
_WEIGHT = re.compile(r"\s*:\s*(-?[0-9]*\.?[0-9]+|\x01[0-9]+\x02)\s*$")
_HELD = re.compile(r"\x01([0-9]+)\x02")
_ODD = re.compile(r"`|\$\{|--neg\b|\{|\}")
_CLOSED = re.compile(r"\[([^\[\]:]*):([^\[\]:]*):([0-9.]+)\]|__([\w/-]+)__")


@dataclass(slots=True)
class Inserts:
    """What stands in braces: a text holds a mark for each, so that nothing in it is taken for a prompt's
    own signs. `loras` are the LoRAs that prompts name, with what their weight is.
    """

    values: list[str] = field(default_factory=list)
    loras: dict[str, str] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)
    has_sums: bool = False

    def hold(self, written: str) -> str:
        """A mark for a formula."""
        self.values.append(written)
        return f"\x01{len(self.values) - 1}\x02"

    def value(self, mark: str) -> str:
        """The formula of a mark, or the number that stands there itself."""
        match = _HELD.fullmatch(mark)
        return self.values[int(match[1])] if match else mark


def terms(text: str, inserts: Inserts) -> Iterator[tuple[str, Written]]:
    """The parts of a text that `AND` joins: each in quotes, with its weight."""
    parts = _AND.split(text)
    for part in parts:
        match = _WEIGHT.search(part) if len(parts) > 1 else None
        weight = Written("1")
        if match:
            mark = inserts.value(match[1])
            weight = figure(float(mark)) if mark == match[1] else Written(mark, 0)
            part = part[: match.start()]
        yield spelled(part, inserts), weight


def spelled(text: str, inserts: Inserts) -> str:
    """A text in quotes: white space made one, LoRAs taken out, formulas put in. Raises `NoWords`."""
    text = _LORA.sub(lambda match: _lora(match, inserts), text)
    if _CLOSED.search(text):
        says = "the text switches while a frame is sampled, or draws a word: it stands with one of them here"
        inserts.remarks.append(Remark(Fate.CHANGED, "prompts", says))
        text = _CLOSED.sub(lambda match: match[2] if match[2] is not None else match[4], text)
    text = _ODD.sub(lambda match: " " if match[0] not in "{}" else match[0], text)
    text = " ".join(text.split())
    whole = quoted(text.replace("\x01", "\ue001").replace("\x02", "\ue002"))
    return re.sub(
        "\ue001([0-9]+)\ue002", lambda match: "{" + _inside(inserts.values[int(match[1])]) + "}", whole
    )


def _inside(value: str) -> str:
    if '"' in value:
        raise NoWords
    return value


def _lora(match: re.Match[str], inserts: Inserts) -> str:
    name, weight = match[1].strip(), (match[2] or "1").strip()
    inserts.loras.setdefault(name, inserts.value(weight))
    return ""


def summed(parts: Sequence[tuple[str, Written]], inserts: Inserts) -> str:
    """Texts with weights as a sum; one text stands alone."""
    if len(parts) == 1:
        return parts[0][0]
    inserts.has_sums = True
    return " + ".join(f"{text} * {weight.within(PRODUCT + 1)}" for text, weight in parts)


def weighed(parts: Sequence[tuple[str, Written]], by: Written) -> Iterator[tuple[str, Written]]:
    """Parts of one prompt, whose weights count within the prompt's own."""
    for text, weight in parts:
        both = by if weight.text == "1" else weight if by.text == "1" else None
        yield text, both or Written(f"{weight.within(PRODUCT)} * {by.within(PRODUCT + 1)}", PRODUCT)


def lora_comments(loras: Mapping[str, str], taken: Sequence[str]) -> Iterator[str]:
    """What to write for LoRAs that prompts name, whose files Parseq does not know either."""
    names = list(taken)
    for name, weight in loras.items():
        own = identifier(name, names, "lora")
        names.append(own)
        yield f"lora {own} = {quoted(name + '.safetensors')} {{ weight = {weight} }}"
