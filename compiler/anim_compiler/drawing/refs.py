"""The files that draw a film: its models and what stands on top of them, each known by its content."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from anim_compiler.drawing.extras import LORA, MODEL, hints_of
from anim_compiler.drawing.names import models_of
from anim_compiler.film import Film
from anim_compiler.graph import Choice, Graph
from anim_compiler.plan import ModelRef, NamedRef

Digest = Callable[[str], str]
"""The sha256 of the file that a reference names."""


class Drawers:
    """What draws a film. `model` gives the digest of a model, `digest` that of any other file."""

    def __init__(self, film: Film, model: Digest, digest: Digest) -> None:
        self.film = film
        self._model = model
        self._digest = digest
        self._known: dict[str, str] = {}
        #: the models by their references, in the order in which they first stand there
        self.models: tuple[str, ...] = models_of(film)
        #: the references of LoRAs and of embeddings by name
        self.loras = {lora.name: lora.reference for shot in film.shots for lora in shot.loras}
        self.embeddings = {embedding.name: embedding.reference for embedding in film.embeddings}
        #: the kinds and references of ControlNets by the controls' names
        self.controls = {
            control.name: (control.kind, control.model or "")
            for shot in film.shots
            for control in shot.controls
        }

    @property
    def told(self) -> tuple[tuple[str, ...], ...]:
        """All that a frame may be drawn with, as plain values: references and their digests.

        Digests are asked for once more by each compile, since a file may be another one by then.
        """
        more = (*self.loras.items(), *((name, *said) for name, said in self.controls.items()))
        files = (*self.loras.values(), *(reference for _, reference in self.controls.values()))
        vae = () if self.film.vae is None else (self.film.vae,)
        return (
            *((reference, self.of_model(reference)) for reference in self.models),
            *more,
            *((reference, self.of(reference)) for reference in (*files, *vae)),
        )

    def of_model(self, reference: str) -> str:
        """The digest of one of the film's models."""
        if reference not in self._known:
            self._known[reference] = self._model(reference)
        return self._known[reference]

    def of(self, reference: str) -> str:
        """The digest of any other file."""
        if reference not in self._known:
            self._known[reference] = self._digest(reference)
        return self._known[reference]


@dataclass(frozen=True, slots=True)
class ModelRefs:
    """The same as a plan tells it: what its frames are drawn with."""

    model: ModelRef
    models: tuple[ModelRef, ...] = ()
    vae: ModelRef | None = None
    loras: tuple[NamedRef, ...] = ()
    embeddings: tuple[NamedRef, ...] = ()
    controls: tuple[NamedRef, ...] = ()


def refs_of(drawers: Drawers, graph: Graph, prompted: Iterable[str]) -> ModelRefs:
    """What the nodes of a graph name, and the embeddings that are `prompted`."""
    args = [dict(node.args) for template in graph.templates.values() for node in template.nodes]
    loras = {name.removeprefix(LORA) for row in args for name in row if name.startswith(LORA)}
    controls = {name for row in args for name in hints_of(row)}
    told = [row[MODEL] for row in args if MODEL in row]
    models = {text for said in told for text in (said.texts if isinstance(said, Choice) else (str(said),))}
    words = frozenset(prompted)
    refs = tuple(ModelRef(reference=r, sha256=drawers.of_model(r)) for r in drawers.models if r in models)
    first = drawers.models[0] if not refs else refs[0].reference
    vae = drawers.film.vae
    return ModelRefs(
        ModelRef(reference=first, sha256=drawers.of_model(first)),
        refs if len(refs) > 1 else (),
        None if vae is None else ModelRef(reference=vae, sha256=drawers.of(vae)),
        tuple(
            NamedRef(name=name, reference=reference, sha256=drawers.of(reference))
            for name, reference in drawers.loras.items()
            if name in loras
        ),
        tuple(
            NamedRef(name=name, reference=reference, sha256=drawers.of(reference))
            for name, reference in drawers.embeddings.items()
            if name in words
        ),
        tuple(
            NamedRef(name=name, kind=kind, reference=reference, sha256=drawers.of(reference))
            for name, (kind, reference) in drawers.controls.items()
            if name in controls
        ),
    )
