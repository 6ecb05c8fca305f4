"""The page of a word that was offered, made when somebody looks at it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from anim_dsl import functions
from anim_dsl.settings import SETTINGS
from anim_dsl.words import WORDS
from anim_studio.explain import library
from anim_studio.explain.ops import operations
from anim_studio.lsp.telling import language

_PAGES: Mapping[str, Callable[..., str]] = MappingProxyType(
    {
        "setting": lambda block, name: language.of_setting(SETTINGS[block, name]),
        "word": lambda name: language.of_word(WORDS[name]),
        "function": lambda name: language.of_function(functions.FUNCTIONS[name]),
        "feature": lambda name: language.of_feature(functions.FEATURES[name]),
        "easing": lambda name: language.of_easing(functions.EASINGS[name]),
        "clock": lambda name: language.of_clock(functions.CLOCKS.get(name) or functions.CONSTANTS[name]),
        "operation": lambda name: language.of_operation(operations()[name]),
        "given": lambda name: language.of_given(library.given()[name]),
        "module": lambda name: language.of_module(library.modules()[name]),
    }
)


def about(key: object) -> str:
    """The page of `("setting", "diffuse", "steps")` and the like, as Markdown; empty for any other key: it
    comes back from the editor, which may send whatever it likes.
    """
    match key:
        case [str(kind), *names] if kind in _PAGES and all(isinstance(name, str) for name in names):
            try:
                return _PAGES[kind](*names)
            except (KeyError, TypeError):
                return ""
        case _:
            return ""
