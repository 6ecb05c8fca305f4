"""Models that stay loaded from one version of a film to the next."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from anim_compiler.plan import ModelRef
from anim_runtime.diffusion.engine import Engine, load_engine
from anim_runtime.problems import RenderProblem

KEEP = 2
"""Models that are held: the built-in one of drafts, and the film's own."""


class Engines:
    """The engines of one device. `each_step` is called before each step of any of them, and may raise."""

    def __init__(self, device: str, each_step: Callable[[], None]) -> None:
        self._device = device
        self._each_step = each_step
        self._loaded: OrderedDict[tuple[str, str], Engine] = OrderedDict()
        self._beside: tuple[tuple[str, str], threading.Thread] | None = None

    def load_beside(self, model: ModelRef, root: Path) -> None:
        """Load a model on a thread of its own, for one that computes in full precision: a loader may change
        the process's default while it loads another. What goes wrong is told by `of`.
        """

        def load() -> None:
            with suppress(RenderProblem):
                self._load(_key(model), model, root)

        thread = threading.Thread(target=load, name="anim-engine", daemon=True)
        self._beside = (_key(model), thread)
        thread.start()

    def is_loading(self, model: ModelRef) -> bool:
        """Whether a model is being loaded on another thread."""
        return self._beside is not None and self._beside[0] == _key(model) and self._beside[1].is_alive()

    def of(self, model: ModelRef, root: Path) -> Engine:
        """The engine of a model, loaded if it is not. RenderProblem if it is not here or cannot be read."""
        key = _key(model)
        if self._beside is not None and self._beside[0] == key:
            self._beside[1].join()
        engine = self._loaded.get(key) or self._load(key, model, root)
        self._loaded.move_to_end(key)
        return engine

    def _load(self, key: tuple[str, str], model: ModelRef, root: Path) -> Engine:
        engine = load_engine(model, self._device, root=root)
        engine.each_step = self._each_step
        self._loaded[key] = engine
        if len(self._loaded) > KEEP:
            self._loaded.popitem(last=False)
        return engine


def _key(model: ModelRef) -> tuple[str, str]:
    return model.reference, model.sha256
