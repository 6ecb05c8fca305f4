"""Hover over names: settings, words of the language, and what the film itself calls so."""

from __future__ import annotations

from anim_compiler.controls import KINDS
from anim_compiler.figures import FIGURES
from anim_dsl import functions
from anim_dsl.settings import SETTINGS, SettingSpec, setting
from anim_dsl.units import SPELLINGS, UNITS
from anim_dsl.words import WORDS
from anim_studio.explain import library
from anim_studio.explain.ops import operations
from anim_studio.lsp.analysed import Analysed
from anim_studio.lsp.at import At, spec_of
from anim_studio.lsp.columns import column, curve_names, heard
from anim_studio.lsp.features import hover_value
from anim_studio.lsp.named import Named, visible
from anim_studio.lsp.named import found as found_name
from anim_studio.lsp.placing import Argument
from anim_studio.lsp.signatures import signature
from anim_studio.lsp.telling import language
from anim_studio.lsp.telling.curve import of_column, unheard
from anim_studio.lsp.telling.layout import code, fenced, stacked
from anim_studio.lsp.telling.names import of_named
from anim_studio.lsp.timing import clock_at

_OPERATORS = {"and", "or", "not", "if", "else", "per"}
_RESERVED = {
    "with": "`with EASING` ends a key list: the easing of all of its segments that have none of their own",
    "as": '`import "looks.anim" as looks` calls the names of a file `looks.…`',
    "let": "`let NAME = value` gives a value a name: a number, a curve, a text, a time or a list",
    "def": "`def NAME(a, b = 2) = value` is a function of your own; it cannot call itself",
}


def of_name(analysed: Analysed, found: At) -> str:
    """What a word means where it stands."""
    path = (*found.owner, found.word.text if found.word is not None else "")
    match found.place:
        case "statement":
            return _of_statement(analysed, found, path)
        case "head" | "name":
            return _of_head(analysed, found, path)
        case "easing" | "with" if path[-1] in functions.EASINGS:
            return language.of_easing(functions.EASINGS[path[-1]])
        case _:
            return _of_argument(analysed, found, path) or _of_value(analysed, found, path)


def _of_statement(analysed: Analysed, found: At, path: tuple[str, ...]) -> str:
    spec = spec_of(found.block.context, path)
    if spec is not None and not (path[-1] in WORDS and _opens(analysed, found)):
        return of_setting(analysed, found, path)
    if path[0] in ("let", "def"):
        return _RESERVED[path[0]]
    if len(path) == 1 and path[0] in WORDS:
        return stacked(language.of_word(WORDS[path[0]]), language.of_block(path[0]))
    return _of_film(analysed, found, path)


def _opens(analysed: Analysed, found: At) -> bool:
    """Whether a block or a head follows the word, and not a value."""
    end = found.word.end if found.word is not None else found.offset
    return not analysed.text[end : end + 8].lstrip(" \t").startswith(("=", "+=", "*=", "."))


def of_setting(analysed: Analysed, found: At, path: tuple[str, ...]) -> str:
    """A setting, and what it is in this film."""
    spec = spec_of(found.block.context, path) if path else None
    if spec is None:
        return ""
    curve = column(analysed, found.offset, curve_names(found, path))
    numbers = of_column(curve) if curve is not None else unheard(analysed)
    return stacked(language.of_setting(spec, path[-1]), numbers if _is_number(spec) else "")


def _is_number(spec: SettingSpec) -> bool:
    return spec.type in ("number", "int", "time", "angle", "px", "ratio", "frequency")


def _of_head(analysed: Analysed, found: At, path: tuple[str, ...]) -> str:
    """A name behind a statement word, or behind `let`."""
    if found.head == "control" and path[0] in KINDS:
        return f"**{path[0]}** — a control that looks at {KINDS[path[0]]}"
    if found.head == "use":
        return _of_film(analysed, found, path) or _of_library(path)
    if path[0] in _RESERVED:
        return _RESERVED[path[0]]
    return _of_film(analysed, found, path)


def _of_argument(analysed: Analysed, found: At, path: tuple[str, ...]) -> str:
    """The name of an argument: `phase` in `sine(2s, phase = 0.25)`."""
    call, end = found.argument, found.word.end if found.word is not None else found.offset
    is_named = analysed.text[end : end + 8].lstrip().startswith("=")
    if call is None or len(path) != 1 or not found.begins_argument or not is_named:
        return ""
    known = signature(call, found.block.context, visible(analysed, found.offset))
    rows = () if known is None else known.parameters
    shown, says = next((row for row in rows if row[0].split()[0].strip("[]") == path[0]), ("", ""))
    if known is None or not shown:
        return ""
    return stacked(f"**{path[0]}** — of {code(known.label)}", says)


def _of_value(analysed: Analysed, found: At, path: tuple[str, ...]) -> str:
    own = _of_film(analysed, found, path)
    if own:
        return own
    spec, name = found.spec, path[-1]
    if spec is not None and len(path) == 1 and name in spec.choices:
        return _of_choice(spec, name)
    if spec is not None and (f"`{name}`" in spec.help or f"`{name}(" in spec.help):
        called = signature(Argument(name, 0, "", (), 0), "", {})
        head = "" if called is None else stacked(fenced(called.label), called.says)
        return stacked(head, language.of_setting(spec))
    return _of_language(analysed, found, path) or _of_library(path)


def _of_choice(spec: SettingSpec, name: str) -> str:
    meaning = dict(spec.choices_help).get(name, "")
    head = f"**{name}**{f' — {meaning}' if meaning else ''}"
    return stacked(head, language.of_setting(spec, example=False))


def _of_language(analysed: Analysed, found: At, path: tuple[str, ...]) -> str:
    name = path[-1]
    if len(path) == 2 and path[0] == "film" and name in functions.CLOCKS:
        return stacked(language.of_clock(functions.CLOCKS[name]), "of the whole film")
    if len(path) > 1:
        is_block = setting(path[0], name) is not None
        return "" if not is_block else language.of_setting(SETTINGS[path[0], name])
    if found.block.context == "pipeline" and name in operations():
        return language.of_operation(operations()[name])
    if name in functions.FUNCTIONS:
        return language.of_function(functions.FUNCTIONS[name])
    if name in functions.FEATURES:
        return _of_feature(analysed, found, (name,))
    if name in functions.CLOCKS or name in functions.CONSTANTS:
        return language.of_clock(functions.CLOCKS.get(name) or functions.CONSTANTS[name])
    if name in functions.SWITCHES:
        return f"**{name}** — {'on' if functions.SWITCHES[name] else 'off'}"
    if name in _OPERATORS:
        sign = "a if test else b" if name in ("if", "else") else name
        return f"**{name}** — {functions.OPERATORS[sign].help}"
    if found.head == "expect" and name in FIGURES:
        return language.of_figure(FIGURES[name])
    if name.lower() in SPELLINGS and found.place == "per":
        return language.of_unit(UNITS[SPELLINGS[name.lower()]])
    if name in functions.EASINGS:
        return language.of_easing(functions.EASINGS[name])
    return _RESERVED.get(name, "")


def _of_feature(analysed: Analysed, found: At, path: tuple[str, ...]) -> str:
    """A feature, with what was heard of it in the film's track."""
    spec = functions.FEATURES[path[-1]]
    curve = None if spec.parameters else heard(analysed, found.offset, ".".join(path[:-1]), path[-1])
    numbers = of_column(curve) if curve is not None else unheard(analysed)
    return stacked(language.of_feature(spec), numbers)


def _of_library(path: tuple[str, ...]) -> str:
    """A name of the standard files, which the film does not import yet."""
    item = library.given().get(path[-1])
    return "" if item is None or len(path) > 2 else language.of_given(item)


def _of_film(analysed: Analysed, found: At, path: tuple[str, ...]) -> str:
    """A name that the film gives, with its numbers."""
    names = visible(analysed, found.offset)
    if not found.owner and analysed.text[found.offset : found.offset + 1] == ".":
        path = path[:1]
    first = names.get(path[0])
    if first is None:
        return ""
    clock = clock_at(analysed, found.offset)
    if len(path) > 1 and first.kind == "audio" and path[1] in functions.FEATURES:
        return _of_feature(analysed, found, path)
    if len(path) > 1 and first.kind in ("scene", "markers"):
        return _of_place(analysed, found, path)
    named = found_name(names, path)
    if named is None:
        return ""
    return stacked(of_named(named, analysed, clock), _numbers(analysed, found, named))


def _of_place(analysed: Analysed, found: At, path: tuple[str, ...]) -> str:
    """A time that has a name: the start of a scene, a mark."""
    from anim_studio.lsp.telling.curve import times

    clock = clock_at(analysed, found.offset)
    at = clock.places.get(".".join(path))
    return fenced(".".join(path)) + ("" if at is None else f"\n\n{times(clock, at)}")


def _numbers(analysed: Analysed, found: At, named: Named) -> str:
    """What a `let` is in this film: a curve, or a time."""
    if named.kind != "let":
        return ""
    clock = clock_at(analysed, found.offset)
    value = clock.lets.get(named.name)
    told = "" if value is None else hover_value.in_other_units(value, clock)
    if told:
        return f"= {told}"
    curve = column(analysed, found.offset, (named.name,))
    return of_column(curve) if curve is not None else unheard(analysed)
