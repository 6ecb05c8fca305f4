"""The chapters of statements, settings, units, names and operators, out of their tables."""

from __future__ import annotations

from anim_dsl import functions
from anim_dsl.codes import CODES
from anim_dsl.settings import SETTINGS, SettingSpec
from anim_dsl.units import SPELLINGS, UNITS
from anim_dsl.words import WORDS, WordSpec
from anim_studio.explain.find import settings_of
from anim_studio.explain.settings import example, reads, span
from tools.reference.markdown import code, fence, table

#: longer lists of choices stand below their table
_MOST_CHOICES = 10

_FORMS = (
    ("`name = value`; `block.name = value`", "a setting of the film, or of the block around it"),
    ("`name += value`, `name *= value`", "adds to what was given, or multiplies it"),
    ("`name { key ⏎ key }`", "a key list as a block, one key a line"),
    ("`let name = value`", "a name for a curve, a text, a time or a list"),
    ("`def name(a, b = 2) = value`", "a function of your own"),
)


def statements() -> str:
    """Every statement word with its form, where it stands and an example."""
    parts = ["## Statements", table(("form", "meaning"), _FORMS)]
    return "\n\n".join([*parts, *(_statement(word) for word in WORDS.values())])


def _statement(word: WordSpec) -> str:
    places = ", ".join("at the top of a film" if b == "film" else f"in `{b}`" for b in word.blocks)
    lines = [f"### `{word.name}`", f"{word.help[:1].upper()}{word.help[1:]}."]
    lines.append(f"`{word.name} {word.head}` stands {places}.")
    written = word.example
    return "\n\n".join([*lines, fence(written, "anim bit")] if written else lines)


def settings() -> str:
    """Every setting, a table a block."""
    parts = [
        "## Settings",
        "A setting takes a curve (a number, keys, a formula, a feature) unless it is marked *constant*. "
        "Ranges are inclusive.",
    ]
    for block in dict.fromkeys(owner for owner, _ in SETTINGS):
        parts.append("### In the film itself" if block == "film" else f"### In `{block}`")
        rows = [_setting(spec) for spec in settings_of(block)]
        parts.append(table(("setting", "takes", "range", "default", "example", ""), rows))
        parts += [
            f"`{spec.name}` is one of: {', '.join(code(choice) for choice in spec.choices)}."
            for spec in settings_of(block)
            if len(spec.choices) > _MOST_CHOICES
        ]
    return "\n\n".join(parts)


def _setting(spec: SettingSpec) -> tuple[str, ...]:
    takes = spec.type + (f", {spec.unit}" if spec.unit else "") + (", *constant*" if spec.constant else "")
    within = span(spec)
    if spec.choices:
        within = (
            " ".join(code(c) for c in spec.choices) if len(spec.choices) <= _MOST_CHOICES else "see below"
        )
    help = spec.help[:1].upper() + spec.help[1:]
    return (code(spec.name), takes, within, code(spec.default), code(example(spec)), help)


def units() -> str:
    """The table of units."""
    rows = []
    for unit in UNITS.values():
        others = [s for s, name in SPELLINGS.items() if name == unit.name]
        rows.append((" ".join(code(s) for s in others), unit.help, unit.dimension))
    rows.append((code("%"), "hundredths; as a time, of the film or scene", "ratio"))
    return table(("unit", "", "measures"), rows)


def names() -> str:
    """The names of the clock, and constants."""
    clocks = [(code(s.name), s.help, s.unit) for s in functions.CLOCKS.values()]
    numbers = [(code(s.name), s.help, f"{s.value:.6g}") for s in functions.CONSTANTS.values()]
    return table(("name", "", "counts"), [*clocks, *numbers])


def operators() -> str:
    """The operators, loose ones first."""
    rows = [
        (code(s.sign), s.help, " ".join(code(text) for text in s.examples) or code("36deg per s"))
        for s in functions.OPERATORS.values()
    ]
    return "From loose to tight:\n\n" + table(("operator", "", "example"), rows)


def deforum() -> str:
    """Every alias, with how its value reads here."""
    rows = [
        (code(alias.name), _here(spec), reads(alias.rule))
        for spec in SETTINGS.values()
        for alias in spec.aliases
    ]
    return table(("name", "here", "what it takes"), rows)


def _here(spec: SettingSpec) -> str:
    return code(spec.name) if spec.block == "film" else f"{code(spec.name)} in {code(spec.block)}"


def codes() -> str:
    """Every code with its title, and where its page is."""
    rows = [(f"[{page.code}](anim_grammar/codes/{page.code}.md)", page.title) for page in CODES.values()]
    head = (
        "`anim explain CODE` shows a code's page, with a wrong and a right film; the pages are also files "
        "beside this one."
    )
    return "\n\n".join(["## Codes", head, table(("code", "what is wrong"), rows)])
