"""Models that stay loaded from one version of a film to the next."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from anim_runtime.diffusion.engine import Engine, load_engine
from anim_runtime.diffusion.setup import Setup
from anim_runtime.models.library import NULL, POSTCARD, Places
from anim_runtime.problems import RenderProblem

KEEP = 2
"""Models that are held: the built-in one of drafts, and the film's own."""


class Engines:
    """The engines of one device, with models of the user's `library`, each held to its digest where there is
    a `cache` of those. `each_step` is called before each step of any of them, and may raise.
    """

    def __init__(
        self,
        device: str,
        each_step: Callable[[], None],
        library: Path | None = None,
        cache: Path | None = None,
    ) -> None:
        self._device = device
        self.library = library
        self._cache = cache
        self._each_step = each_step
        self._loaded: OrderedDict[Setup, Engine] = OrderedDict()
        self._beside: tuple[Setup, threading.Thread] | None = None

    def load_beside(self, setup: Setup, root: Path) -> None:
        """Load a model on a thread of its own, for one that computes in full precision: a loader may change
        the process's default while it loads another. What goes wrong is told by `of`.
        """

        def load() -> None:
            with suppress(RenderProblem):
                self._load(setup, root)

        thread = threading.Thread(target=load, name="anim-engine", daemon=True)
        self._beside = (setup, thread)
        thread.start()

    def is_loading(self, setup: Setup) -> bool:
        """Whether a model is being loaded on another thread."""
        return self._beside is not None and self._beside[0] == setup and self._beside[1].is_alive()

    def of(self, setup: Setup, root: Path) -> Engine:
        """The engine of a model, loaded if it is not. RenderProblem if it is not here or cannot be read."""
        if self._beside is not None and self._beside[0] == setup:
            self._beside[1].join()
        engine = self._loaded.get(setup) or self._exchanged(setup, root) or self._load(setup, root)
        self._loaded.move_to_end(setup)
        return engine

    def _exchanged(self, setup: Setup, root: Path) -> Engine | None:
        """An engine that is loaded but for its LoRAs, with those of the setup in their place."""
        held = next((other for other in self._loaded if _differ_in_loras(other, setup)), None)
        if held is None:
            return None
        from anim_runtime.diffusion.adapters.lora_file import open_lora
        from anim_runtime.diffusion.latent import DiffusionEngine

        engine = self._loaded[held]
        assert isinstance(engine, DiffusionEngine)
        places = Places(root, self.library, self._cache)
        engine.exchange_loras([open_lora(ref, places) for ref in setup.loras])
        del self._loaded[held]
        self._loaded[setup] = engine
        return engine

    def _load(self, setup: Setup, root: Path) -> Engine:
        engine = load_engine(setup, self._device, root=root, library=self.library, cache=self._cache)
        engine.each_step = self._each_step
        self._loaded[setup] = engine
        if len(self._loaded) > KEEP:
            self._loaded.popitem(last=False)
        return engine


def _differ_in_loras(held: Setup, wanted: Setup) -> bool:
    """Whether an engine can become the other by its LoRAs alone. The built-in one stays without any, because
    drafts are drawn by it; there is nothing to gain of one so small.
    """
    if held.model.reference == POSTCARD and not (held.loras and wanted.loras):
        return False
    return held.model.reference != NULL and replace(held, loras=()) == replace(wanted, loras=())
