"""What the tables of the language say of a name, as Markdown: the same as `anim explain`."""

from __future__ import annotations

from anim_compiler.figures import Figure
from anim_dsl.codes import Page
from anim_dsl.functions import EasingSpec, FeatureSpec, FunctionSpec, NameSpec, ParameterSpec
from anim_dsl.settings import SettingSpec
from anim_dsl.units import Unit
from anim_dsl.words import WordSpec
from anim_studio.explain.curves import gives, parameter
from anim_studio.explain.find import settings_of
from anim_studio.explain.library import Given, Module, told
from anim_studio.explain.ops import Operation
from anim_studio.explain.settings import TYPES, example_film, reads, span
from anim_studio.lsp.telling.layout import code, facts, fenced, sentence, stacked


def of_setting(spec: SettingSpec, written: str = "", *, example: bool = True) -> str:
    """A setting: what it does, what it takes, its range and default; `written` may be another name of it."""
    where = "of the film" if spec.block == "film" else f"of `{spec.block}`"
    alias = next((alias for alias in spec.aliases if alias.name == written), None)
    other = "" if alias is None else f"`{alias.name}` is `{spec.name}`, and takes {reads(alias.rule)}."
    unit = f" ({spec.unit})" if spec.unit else ""
    told_of = facts(
        [
            ("", TYPES[spec.type] + unit if spec.type != "choice" else ""),
            ("range", span(spec)),
            ("default", code(spec.default) if spec.default else ""),
            ("", "one value for the whole film" if spec.constant else "may change with the frame"),
        ]
    )
    shown = fenced(example_film(spec)) if example else ""
    head = f"**{spec.name}** — setting {where}"
    return stacked(head, other, sentence(spec.help), told_of, choices(spec), shown)


def choices(spec: SettingSpec) -> str:
    """The words that a setting takes, with what each means."""
    meanings = dict(spec.choices_help)
    if not spec.choices:
        return ""
    if not meanings:
        shown = ", ".join(f"`{choice}`" for choice in spec.choices[:24])
        return f"one of {shown}{' …' if len(spec.choices) > 24 else ''}"
    return "\n".join(
        f"- `{choice}`{f': {meanings[choice]}' if choice in meanings else ''}" for choice in spec.choices
    )


def of_word(word: WordSpec) -> str:
    """A statement word."""
    head = f"**{word.name}** — statement"
    written = code(f"{word.name} {word.head}")
    return stacked(head, sentence(word.help), written, fenced(word.example) if word.example else "")


def of_block(block: str) -> str:
    """The settings of a block, in one line."""
    names = ", ".join(f"`{spec.name}`" for spec in settings_of(block))
    return f"settings: {names}" if names else ""


def of_function(spec: FunctionSpec) -> str:
    """A function: signature, what it does, its parameters, an example."""
    head = fenced(spec.signature)
    examples = fenced("\n".join(spec.examples)) if spec.examples else ""
    return stacked(head, sentence(spec.help), parameters(spec.parameters), f"gives {gives(spec)}", examples)


def parameters(specs: tuple[ParameterSpec, ...]) -> str:
    """Parameters, one a line."""
    return "\n".join(f"- `{spec.name}`: {parameter(spec)}" for spec in specs)


def of_feature(spec: FeatureSpec) -> str:
    """An audio feature."""
    within = "" if spec.low is None or spec.high is None else f"{spec.low:g} … {spec.high:g}"
    gives_ = facts([("gives", within), ("", spec.unit)])
    shown = fenced("\n".join(spec.examples)) if spec.examples else ""
    head = f"**{spec.signature}** — heard in a track"
    return stacked(head, sentence(spec.help), parameters(spec.parameters), gives_, shown)


def of_easing(spec: EasingSpec, *, plotted: bool = True) -> str:
    """An easing, with the way it takes from one key to the next."""
    plot = fenced("\n".join(_easing_plot(spec.example, spec.whole)), "text") if plotted else ""
    where = "stands after `with` only" if spec.whole else ""
    return stacked(
        f"**{spec.signature}** — easing", sentence(spec.help), where, parameters(spec.parameters), plot
    )


def _easing_plot(example: str, whole: bool) -> list[str]:
    from anim_studio.explain.plots import easing_plot, plotted

    return plotted(easing_plot(example, whole=whole))[1:]


def of_clock(spec: NameSpec) -> str:
    """A name of the clock, or a constant."""
    kind = "constant" if spec.value is not None else "clock"
    value = "" if spec.value is None else f"{spec.value:.15g}"
    row = facts([("=", value), ("counts", spec.unit)])
    return stacked(f"**{spec.name}** — {kind}", sentence(spec.help), row)


def of_operation(op: Operation) -> str:
    """An op of a pipeline."""
    takes = "\n".join(f"- `{name}`: {text}" for name, text in op.takes)
    return stacked(fenced(op.signature), sentence(op.help), takes, fenced(op.example))


def of_figure(figure: Figure) -> str:
    """A figure that an `expect` may speak of."""
    return stacked(
        f"**{figure.name}** — measured of every shown frame, 0 … 1",
        sentence(figure.help),
        f"0 is {figure.low}, 1 is {figure.high}",
    )


def of_unit(unit: Unit) -> str:
    """A unit."""
    return f"**{unit.name}** — {unit.help} ({unit.dimension})"


def of_module(module: Module) -> str:
    """A standard file, with all that it gives."""
    rows = "\n".join(f"- `{given.signature}`: {told(given)}" for given in module.given)
    return stacked(f"**std:{module.name}** — standard file", module.help, rows, fenced(module.example))


def of_given(item: Given) -> str:
    """A template or function of a standard file."""
    return stacked(fenced(item.signature), told(item), f"of `std:{item.module}`", fenced(item.example))


def of_page(page: Page, *, examples: bool = False) -> str:
    """What a code means."""
    shown = ("Wrong:", fenced(page.wrong), "Right:", fenced(page.right)) if examples and page.wrong else ()
    return stacked(f"**{page.code}** — {page.title}", page.text, *shown)
