"""Reads a graph's text back: tests write graphs as they are shown."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from anim_compiler.graph import Arg, Choice, Column, Graph, Interner, Key, Node, Product, Rate, Template
from anim_compiler.ranges import read_ranges

_TEXT = r'"(?:[^"\\\n]|\\.)*"'
_HEADING = re.compile(rf"scene (0|[1-9]\d*)(?: {_TEXT})?, ([a-z]+):(?: (.+))?")
_NODE = re.compile(r"  %(\d+) = ([a-z_0-9]+)(.*)")
_RESULT = re.compile(r"  ([a-z]+) = %(\d+)")
_FREES = re.compile(r"(.*?)  # frees ((?:%\d+ ?)+)")
_INPUT = re.compile(r" %(\d+)")
_ARG = re.compile(rf" ([\w.]+)=(\[(?:{_TEXT}|[^\"\]])*\]|{_TEXT}|[^ \"\[]+)")
_RATE = re.compile(r" @([a-z]+)")
_CHOICE = re.compile(rf"(\S+): ({_TEXT}(?:, {_TEXT})*)")
_NAME = re.compile(r"[^\s\"\[\]*,]+")
_WHOLE = re.compile(r"-?\d+")
_WORDS: dict[str, Arg] = {"on": True, "off": False, "none": None}


class GraphTextError(ValueError):
    """A line that is no line of a graph's text; `line` counts from 1."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(f"line {line}: {message}")
        self.line = line


def read_graph(text: str) -> Graph:
    """The graph that `graph_text` shows as `text`, without its columns; names of scenes are passed over.

    Its nodes are interned. Raises GraphTextError for anything that `graph_text` does not write.
    """
    nodes = Interner()
    templates: dict[Key, Template] = {}
    block: _Block | None = None
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("scene "):
            if block is not None:
                templates[block.key] = block.template()
            block = _heading(line, number)
            if block.key in templates:
                raise GraphTextError(number, f"scene {block.key[0]}, {block.key[1]} stands there already")
        elif block is not None and line.strip():
            block.line(line, number, nodes)
        elif line.strip():
            raise GraphTextError(number, "a line stands before the first heading, `scene 0, first:`")
    if block is not None:
        templates[block.key] = block.template()
    return Graph(templates)


@dataclass(slots=True)
class _Block:
    """A template while its lines are read; `at` is the line of its heading."""

    at: int
    key: Key
    frames: tuple[int, ...] = ()
    batch: int = 1
    placed: bool = False
    nodes: list[Node] = field(default_factory=list[Node])
    frees: list[tuple[int, ...]] = field(default_factory=list[tuple[int, ...]])
    results: dict[str, Node] = field(default_factory=dict[str, Node])

    def line(self, line: str, number: int, nodes: Interner) -> None:
        """Take in one line: a node or a result."""
        if (match := _NODE.fullmatch(line)) is not None:
            self._node(match, number, nodes)
        elif (match := _RESULT.fullmatch(line)) is not None:
            if match[1] in self.results:
                raise GraphTextError(number, f"`{match[1]}` is there already")
            self.results[match[1]] = self._value(match[2], number)
        else:
            raise GraphTextError(number, "it is neither `  %0 = op …` nor `  carry = %0`")

    def template(self) -> Template:
        """The template of all its lines."""
        if not self.results:
            raise GraphTextError(self.at, "it has no results; write `  carry = %0` and `  frame = %0`")
        if not self.placed:
            return Template(self.results, self.frames, self.batch)
        return Template(self.results, self.frames, self.batch, tuple(self.nodes), tuple(self.frees))

    def _node(self, match: re.Match[str], number: int, nodes: Interner) -> None:
        if int(match[1]) != len(self.nodes):
            raise GraphTextError(number, f"the next node is %{len(self.nodes)}, and this is %{match[1]}")
        if self.results:
            raise GraphTextError(number, "nodes stand before results")
        rest = match[3]
        gone: tuple[int, ...] = ()
        if (frees := _FREES.fullmatch(rest)) is not None:
            if not self.placed:
                raise GraphTextError(number, "only a template that says `placed` frees values")
            rest, gone = frees[1], tuple(int(word[1:]) for word in frees[2].split())
        self.nodes.append(self._call(match[2], rest, number, nodes))
        self.frees.append(gone)

    def _call(self, op: str, rest: str, number: int, nodes: Interner) -> Node:
        inputs: list[Node] = []
        args: dict[str, Arg] = {}
        rate, at = Rate.IMAGE, 0
        while at < len(rest):
            if not args and (match := _INPUT.match(rest, at)) is not None:
                inputs.append(self._value(match[1], number))
            elif (match := _ARG.match(rest, at)) is not None:
                if args and match[1] <= next(reversed(args)):
                    raise GraphTextError(
                        number, f"arguments are sorted, and `{match[1]}` is not in its place"
                    )
                args[match[1]] = _arg(match[2], number)
            elif (match := _RATE.match(rest, at)) is not None and match.end() == len(rest):
                rate = _rate(match[1], number)
            else:
                raise GraphTextError(number, f"`{rest[at:].strip()}` is no input, argument or rate")
            at = match.end()
        return nodes.node(op, inputs, args, rate)

    def _value(self, place: str, number: int) -> Node:
        if int(place) >= len(self.nodes):
            raise GraphTextError(number, f"%{place} is not made above")
        return self.nodes[int(place)]


def _heading(line: str, number: int) -> _Block:
    match = _HEADING.fullmatch(line)
    if match is None:
        raise GraphTextError(number, "a heading is written `scene 0, diffused: frames 1-23, chained`")
    block = _Block(number, (int(match[1]), match[2]))
    for word in match[3].split(", ") if match[3] else ():
        head, _, tail = word.partition(" ")
        if head in ("frame", "frames") and tail:
            block.frames = _frames(tail, number)
        elif head == "free" and (not tail or re.fullmatch(r"by [1-9]\d*", tail)):
            block.batch = int(tail.removeprefix("by ") or 0)
        elif word == "placed":
            block.placed = True
        elif word != "chained":
            raise GraphTextError(number, f"`{word}` says nothing about frames")
    return block


def _frames(text: str, number: int) -> tuple[int, ...]:
    try:
        return read_ranges(text)
    except ValueError as error:
        raise GraphTextError(number, str(error)) from None


def _rate(word: str, number: int) -> Rate:
    if word not in set(Rate):
        raise GraphTextError(number, f"there is no rate `{word}`")
    return Rate(word)


def _arg(text: str, number: int) -> Arg:
    if text.startswith("["):
        return _column(text[1:-1], number)
    if text.startswith('"'):
        return _text(text, number)
    if text in _WORDS:
        return _WORDS[text]
    try:
        return int(text) if _WHOLE.fullmatch(text) else float(text)
    except ValueError:
        raise GraphTextError(number, f"`{text}` is no value") from None


def _column(text: str, number: int) -> Arg:
    match = _CHOICE.fullmatch(text)
    if match is not None:
        return Choice(match[1], tuple(_texts(match[2], number)))
    names = tuple(text.split(" * "))
    if not all(_NAME.fullmatch(name) for name in names):
        raise GraphTextError(number, f"`[{text}]` names no column")
    return Column(names[0]) if len(names) == 1 else Product(names)


def _texts(text: str, number: int) -> Iterator[str]:
    for part in re.findall(_TEXT, text):
        yield _text(part, number)


def _text(quoted: str, number: int) -> str:
    try:
        return str(json.loads(quoted))
    except ValueError:
        raise GraphTextError(number, f"{quoted} is no text") from None
