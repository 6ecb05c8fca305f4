"""The lines of any meaning, and of the lists of names."""

from __future__ import annotations

from typing import assert_never

from anim_compiler.figures import Figure
from anim_dsl import functions
from anim_dsl.codes import CODES, Page
from anim_dsl.functions import EasingSpec, FeatureSpec, FunctionSpec, NameSpec, OperatorSpec
from anim_dsl.units import UNITS, Unit
from anim_dsl.words import WORDS
from anim_studio.explain import curves, figures, pages, settings
from anim_studio.explain.drawing import controls_list, models_list, samplers_list
from anim_studio.explain.find import GROUPS, Block, Elsewhere, Group, Meaning, Named, Switch, settings_of
from anim_studio.explain.layout import Style, names, paragraph, rows, title
from anim_studio.explain.library import (
    Given,
    Member,
    Module,
    given_lines,
    library_lines,
    member_lines,
    module_lines,
)
from anim_studio.explain.ops import Operation, operation_lines


def lines_of(style: Style, meaning: Meaning) -> list[str]:
    """The lines of one meaning, without a final empty one."""
    match meaning:
        case Page():
            return pages.page_lines(style, meaning)
        case Named():
            return settings.setting_lines(style, meaning)
        case Block():
            return settings.statement_lines(style, meaning)
        case Group():
            return group_lines(style, meaning.name)
        case Operation():
            return operation_lines(style, meaning)
        case Figure():
            return figures.figure_lines(style, meaning)
        case Module():
            return module_lines(style, meaning)
        case Given():
            return given_lines(style, meaning)
        case Member():
            return member_lines(style, meaning)
        case Elsewhere():
            head = title(style, meaning.name, "a name of another program")
            return [head, "", *paragraph(style, meaning.hint[:1].upper() + meaning.hint[1:] + ".")]
        case _:
            return _value_lines(style, meaning)


def _value_lines(
    style: Style,
    meaning: FunctionSpec | FeatureSpec | EasingSpec | NameSpec | OperatorSpec | Unit | Switch,
) -> list[str]:
    match meaning:
        case FunctionSpec():
            return curves.function_lines(style, meaning)
        case FeatureSpec():
            return curves.feature_lines(style, meaning)
        case EasingSpec():
            return curves.easing_lines(style, meaning)
        case NameSpec():
            return curves.name_lines(style, meaning)
        case OperatorSpec():
            return curves.operator_lines(style, meaning)
        case Unit():
            return curves.unit_lines(style, meaning)
        case Switch():
            return curves.switch_lines(style, meaning)
        case _:
            assert_never(meaning)


def overview(style: Style) -> list[str]:
    """What `anim explain` says alone: the lists, with the names that people look for most."""
    first = "`anim explain NAME` explains a code, a setting, a function, an easing, a unit or a statement."
    lines = [*paragraph(style, first), ""]
    lines += [style.paint("statements", "bold"), *names(style, WORDS), ""]
    lines += [style.paint("functions", "bold"), *names(style, functions.FUNCTIONS), ""]
    lines += [style.paint("features", "bold"), *names(style, functions.FEATURES), ""]
    lists = [
        ("settings", "by block; `anim explain diffuse` lists one block"),
        ("easings", "how a value travels from key to key"),
        ("names", "the clock, constants and operators"),
        ("figures", "what is measured of each frame, for `expect`"),
        ("units", "of times, angles, lengths and frequencies"),
        ("models", "the families of models that draw"),
        ("controls", "kinds of ControlNets, and which are usual"),
        ("samplers", "how noise becomes a picture"),
        ("std", "the standard files: camera moves, curves, pipelines"),
        ("codes", f"what {len(CODES)} diagnostics mean"),
    ]
    more = [(f"anim explain {name}", text) for name, text in lists]
    return [*lines, *rows(style, more)]


def group_lines(style: Style, name: str) -> list[str]:
    """One of the lists, a line a name."""
    match name:
        case "settings":
            return settings.film_names(style)
        case "functions":
            return _functions(style)
        case "features":
            return rows(style, [(s.signature, s.help) for s in functions.FEATURES.values()])
        case "easings":
            return rows(style, [(s.signature, s.help) for s in functions.EASINGS.values()])
        case "figures":
            return figures.figures_list(style)
        case "units":
            return rows(style, [(u.name, f"{u.help} ({u.dimension})") for u in UNITS.values()])
        case "models":
            return models_list(style)
        case "controls":
            return controls_list(style)
        case "samplers":
            return samplers_list(style)
        case "std":
            return library_lines(style)
        case "codes":
            return rows(style, [(page.code, page.title) for page in CODES.values()])
        case "names":
            return _names(style)
        case "film":
            return rows(style, [(s.name, s.help) for s in settings_of("film")])
        case _:
            assert name == GROUPS[0]
            return rows(style, [(w.name, w.help) for w in WORDS.values()])


def _functions(style: Style) -> list[str]:
    lines: list[str] = []
    for group, heading in functions.GROUPS.items():
        found = [s for s in functions.FUNCTIONS.values() if s.group == group]
        lines += [style.paint(heading, "bold"), *rows(style, [(s.signature, s.help) for s in found]), ""]
    return lines[:-1]


def _names(style: Style) -> list[str]:
    lists = (
        ("Clock", [(s.name, s.help) for s in functions.CLOCKS.values()]),
        ("Constants", [(s.name, s.help) for s in functions.CONSTANTS.values()]),
        ("Operators, from loose to tight", [(s.sign, s.help) for s in functions.OPERATORS.values()]),
    )
    lines: list[str] = []
    for heading, found in lists:
        lines += [style.paint(heading, "bold"), *rows(style, found), ""]
    return lines[:-1]
