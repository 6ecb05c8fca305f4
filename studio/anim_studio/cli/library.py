"""The user's library of models, for films that name one: opened only when such a film is met."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from anim_compiler.models.facts import KnownModels, nothing_known
from anim_studio.cli.environment import read_environment
from anim_studio.cli.trust import is_untrusted

if TYPE_CHECKING:
    from anim_compiler.models.facts import ModelFacts


class LibraryFacts:
    """The facts of the models that the user has, for films in a folder. Nothing is opened until it is asked,
    and a film with the built-in model never asks.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __call__(self, reference: str) -> ModelFacts | None:
        """What is known of a reference; None if it is not on this machine."""
        from anim_runtime.models.collection import Library

        # opened for one question: a film may be asked about on another thread than the one that read it
        library = Library(read_environment(folder=self._folder).models)
        try:
            return library.facts(reference)
        finally:
            library.close()


def known_models(folder: Path) -> KnownModels:
    """What asks the library for films in a folder. What models there are on this machine is nobody else's
    business: an untrusted film is told of none.
    """
    return nothing_known if is_untrusted() else LibraryFacts(folder)
