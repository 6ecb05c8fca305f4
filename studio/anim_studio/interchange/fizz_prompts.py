"""FizzNodes' prompt schedules as keys of a film: `"0": "spring", "12": "summer (sun:`t/12`)" --neg rain`.

The rules are those of its batch nodes (`BatchFuncs.py`): keys are whole frames or formulas of `max_f`, which
is the number of frames there; a first prompt holds from frame 0 on, the last one to the end; in between the
encodings are mixed straight. Formulas in back-ticks are computed at each frame.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from anim_dsl.diagnostic import Diagnostic, Severity
from anim_dsl.schedule_formula import FormulaError, compile_formula
from anim_dsl.source import Source, Span
from anim_studio.interchange.film_text import quoted
from anim_studio.interchange.formula_text import NoWords, rebuilt, spelled
from anim_studio.interchange.imported import Fate, Remark

_TRAILING = re.compile(r",\s*\Z")
_MATHS = re.compile(r"`([^`]*)`")
_LORA = re.compile(r"<(?:lora|lyco|hypernet):[^<>\n]*>")
_NUMBER = re.compile(r"\s*[+-]?[0-9]+\s*\Z")
_FROM_END = re.compile(r"\s*max_f\s*-\s*([0-9]{1,6})\s*")
_DECIMAL = re.compile(r"[+-]?[0-9]*\.[0-9]+")
_NEG = "--neg"
_SHORT = 12


@dataclass(frozen=True, slots=True)
class Fizz:
    """A node's inputs: its schedule, the texts around every prompt, and what `pw_a` to `pw_d` stand for, as
    values of a film.
    """

    text: str
    frames: int
    before: str = ""
    behind: str = ""
    weights: Mapping[str, str] | None = None
    name: str = "text"


@dataclass(frozen=True, slots=True)
class Keys:
    """Prompts by frame, as a film writes them; empty if something cannot be read, which is told."""

    prompts: tuple[tuple[str, str], ...] = ()
    #: texts that stand in every prompt, as `let`s
    lets: tuple[tuple[str, str], ...] = ()
    negatives: tuple[tuple[str, str], ...] = ()
    remarks: tuple[Remark, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


class _StopError(Exception):
    """FizzNodes cannot go on; `start` and `end` are offsets in the schedule."""

    def __init__(self, message: str, hint: str, start: int, end: int) -> None:
        super().__init__(message)
        self.message, self.hint, self.start, self.end = message, hint, start, end


def pairs_of(text: str) -> list[tuple[str, str]] | None:
    """The keys and texts of a schedule as they are written; None if it is none."""
    try:
        found = json.loads(f"{{{_TRAILING.sub('', _inner(text))}}}", object_pairs_hook=list, strict=False)
    except (ValueError, RecursionError):
        return None
    is_schedule = isinstance(found, list) and bool(found) and all(isinstance(text, str) for _, text in found)
    return found if is_schedule else None


def keys_of(fizz: Fizz, *, names: bool = True) -> Keys:
    """The prompts of a schedule; with `names` what stands in all of them is a `let`."""
    source = Source(fizz.name, fizz.text)
    remarks: list[Remark] = []
    try:
        placed = _placed(fizz, _read(fizz.text), remarks)
        lets = _lets(fizz) if names and len(placed) > 1 else {}
        prompts = [(at, _value(fizz, text, 0, remarks, lets)) for at, text in placed]
        negatives = [(at, _value(fizz, text, 1, remarks)) for at, text in placed]
    except _StopError as stop:
        found = Diagnostic(
            "E1095",
            Severity.ERROR,
            source,
            Span(stop.start, max(stop.end, stop.start)),
            stop.message,
            hint=stop.hint,
        )
        return Keys(diagnostics=(found,))
    texts = tuple((name, f'"{_plain(text)}"') for text, name in lets.items())
    return Keys(tuple(prompts), texts, _thinned(negatives), tuple(dict.fromkeys(remarks)))


def _lets(fizz: Fizz) -> dict[str, str]:
    """What stands around every prompt, with a name for it: texts without formulas that are worth one."""
    around = {"before": _split(fizz.before)[0].strip(), "behind": _split(_behind(fizz.behind))[0].strip()}
    return {
        text: name
        for name, text in around.items()
        if len(text) > _SHORT and not re.search(r"[`<]|\bembedding:", text)
    }


def _inner(text: str) -> str:
    """A schedule that somebody wrote with braces around it."""
    bare = text.strip().removeprefix("\ufeff")
    return bare[1:-1] if bare.startswith("{") and bare.endswith("}") else text


def _read(text: str) -> list[tuple[str, str]]:
    found = pairs_of(text)
    if found is not None:
        return found
    body = _TRAILING.sub("", _inner(text))
    offset = max(0, text.find(body))
    try:
        json.loads(f"{{{body}}}", strict=False)
    except json.JSONDecodeError as error:
        at = max(0, min(offset + error.pos - 1, len(text)))
        raise _StopError(
            f"the schedule cannot be read here: {error.msg[:1].lower()}{error.msg[1:]}",
            'write `"0": "a prompt", "12": "another"`: quotes around both, and a comma between two keys',
            at,
            min(at + 1, len(text)),
        ) from None
    except RecursionError:
        pass
    raise _StopError("this is no schedule of prompts", 'write `"0": "a prompt"`', 0, len(text))


def _placed(fizz: Fizz, pairs: list[tuple[str, str]], remarks: list[Remark]) -> list[tuple[str, str]]:
    """The prompts by frame, in order, with the time as it is to be written; of one frame the last counts."""
    frames: dict[int, tuple[str, str]] = {}
    for key, text in pairs:
        frame, written = _frame(fizz, key)
        if frame in frames:
            remarks.append(Remark(Fate.IGNORED, f"key {frame}", "a later key of the same frame counts"))
        frames[frame] = (written, text)
    order = sorted(frames)
    held = [frame for frame in order if frame >= 0]
    beyond = [frame for frame in held if frame >= fizz.frames]
    if beyond[1:]:
        remarks.append(
            Remark(Fate.IGNORED, f"key {beyond[1]}", "it stands beyond the end, and another one too")
        )
    kept = [frame for frame in held if frame not in beyond[1:]]
    if not kept:
        kept = [order[-1]]
    result = [frames[frame] for frame in kept]
    if kept[0] != 0:
        # what the node does: the first prompt holds from the beginning
        first = frames[order[0]][1]
        remarks.append(Remark(Fate.MAPPED, "key 0", "the first prompt holds from frame 0 on"))
        result = [("0", first), *result] if kept[0] > 0 else [("0", result[0][1])]
    return result


def _frame(fizz: Fizz, key: str) -> tuple[int, str]:
    """A key's frame, and how a film writes it: a formula of `max_f` counts to the last frame there."""
    if _NUMBER.match(key):
        return int(key), str(int(key))
    if (match := _FROM_END.fullmatch(key)) is not None and int(match[1]) >= 1:
        # the number of frames there is one more than the last one, which a film's is
        behind = int(match[1]) - 1
        return fizz.frames - behind - 1, f'"max_f - {behind}"' if behind else '"max_f"'
    try:
        if _DECIMAL.fullmatch(key):
            raise ValueError("FizzNodes stops at a decimal point")
        value = compile_formula(key)({"max_f": fizz.frames})
        frame = int(value)
    except (FormulaError, ValueError, OverflowError) as error:
        start = max(0, fizz.text.find(json.dumps(key)))
        message = f"the key `{key[:40]}` is no frame: {str(error).replace('Deforum', 'FizzNodes')}"
        raise _StopError(
            message, "write a whole frame, or a formula of `max_f`", start, start + len(key) + 2
        ) from None
    if value != frame:
        return frame, str(frame)
    try:
        return frame, f'"{spelled(key, {"max_f": "(max_f + 1)"})}"'
    except NoWords:
        return frame, str(frame)


def _value(
    fizz: Fizz, text: str, part: int, remarks: list[Remark], lets: Mapping[str, str] | None = None
) -> str:
    """A prompt (part 0) or what it must not show (1), with the texts around it, as a value of a film."""
    parts = [_split(each)[part].strip() for each in (fizz.before, text, _behind(fizz.behind))]
    named = [f"{{{(lets or {})[each]}}}" if each in (lets or {}) else "" for each in (parts[0], parts[2])]
    own = " ".join(
        each for each, name in zip(parts, (named[0], "", named[1]), strict=True) if each and not name
    )
    return f'"{" ".join(each for each in (named[0], _words(fizz, own, remarks), named[1]) if each)}"'


def _words(fizz: Fizz, whole: str, remarks: list[Remark]) -> str:
    """A text between quotes, with formulas in braces."""
    if _LORA.search(whole):
        remarks.append(Remark(Fate.IGNORED, "<lora:…>", "ComfyUI reads it as words, and loads nothing"))
        whole = _LORA.sub("", whole)
    if re.search(r"\bembedding:", whole):
        says = (
            'a textual inversion is a statement here: write `embedding NAME = "…"`, and its name in the text'
        )
        remarks.append(Remark(Fate.CHANGED, "embedding:…", says))
    made: list[str] = []
    end = 0
    for match in _MATHS.finditer(whole):
        made += [_plain(whole[end : match.start()]), _inserted(fizz, match)]
        end = match.end()
    made.append(_plain(whole[end:].replace("`", "'")))
    return re.sub(r" +", " ", "".join(made)).strip()


def _plain(text: str) -> str:
    """Words as ComfyUI reads them: brackets are brackets there, and mean less of something here."""
    text = re.sub(r"(?<!\\)([\[\]])", r"\\\1", text)
    return quoted(re.sub(r"__(?=\w)|(?<=\w)__", "_", re.sub(r"\bAND\b", "and", text)))[1:-1]


def _inserted(fizz: Fizz, match: re.Match[str]) -> str:
    formula = match[1]
    weights = dict(fizz.weights or {})
    known: dict[str, int] = {"t": 0, "max_f": fizz.frames - 1, **dict.fromkeys(weights, 0)}
    start = max(0, fizz.text.find(match[0])) + 1
    try:
        compile_formula(formula)(known)
    except FormulaError as error:
        hint = "a formula has numbers, `t`, `max_f`, `pw_a` to `pw_d`, signs, parentheses and functions"
        message = str(error).replace("Deforum", "FizzNodes")
        raise _StopError(message, hint, start + error.start, start + error.end) from None
    broken = [word for word in re.findall(r"[A-Za-z_]\w*", formula) if "t" in word and word != "t"]
    if broken:
        message = f"FizzNodes puts the frame's number for every letter `t`, also in `{broken[0]}`"
        raise _StopError(
            message,
            f"write `{{{formula}}}` in the film's prompt: there it works",
            start,
            start + len(formula),
        )
    for spelling in (spelled, rebuilt):
        try:
            return f"{{{spelling(formula, weights)}}}"
        except NoWords:
            continue
    raise _StopError(
        f"`{formula[:40]}` has no words in a film", "write it with + - * / and functions", start, start
    )


def _behind(text: str) -> str:
    """`app_text`: a 0 at its end is taken off there, for that is what an empty one once was."""
    return _NEG.join(part.removesuffix("0") for part in text.split(_NEG))


def _split(text: str) -> tuple[str, str]:
    """What stands before `--neg`, and what behind it."""
    first, *more = text.split(_NEG)
    return first, more[0] if more else ""


def _thinned(keys: list[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """No keys at all where nothing is to be kept out."""
    return () if all(value == '""' for _, value in keys) else tuple(keys)
