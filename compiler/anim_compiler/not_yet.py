"""What a film may say that this version does not do yet: warned about when it is checked, refused when
it is compiled unless leaving it out cannot change the picture.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from anim_compiler.film import Film, Shot, WordSchedule
from anim_compiler.lack import Lack
from anim_dsl.source import Span

WITHOUT_KERNEL = frozenset(
    {
        ("film", "vae"),
        ("diffuse", "clip_skip"),
        ("diffuse", "eta"),
        ("diffuse", "noise_multiplier"),
        ("diffuse", "precision"),
        ("diffuse", "tiling"),
    }
)
"""Settings, by block and name, that a film may hold though nothing is done with them yet: they are warned
about where they are written, and a film with them renders without.
"""


def found(film: Film) -> tuple[tuple[Span, str, str], ...]:
    """Every place of a film that is not done yet, with the sentence about it and what to do, each once.

    Settings of `WITHOUT_KERNEL` are not among them: where they are written only the checker knows.
    """
    return tuple((lack.span, lack.message, lack.told) for lack in _lacks(film))


def refused(film: Film) -> tuple[tuple[Span, str, str], ...]:
    """What would change the picture: place, sentence and what to do."""
    return tuple((lack.span, lack.message, lack.hint) for lack in _lacks(film) if not lack.harmless)


def _lacks(film: Film) -> tuple[Lack, ...]:
    """What scenes inherit is told once, where it is written."""
    return tuple(
        dict.fromkeys((*_of_film(film), *(lack for shot in film.shots for lack in _of_shot(film, shot))))
    )


def _of_film(film: Film) -> Iterator[Lack]:
    if isinstance(film.model, WordSchedule):
        yield Lack(film.model.span, "model = 0s: …", "name one model for the whole film")
    for embedding in film.embeddings:
        hint = "remove it and its name from the prompts"
        at = _keyword(embedding.span, "embedding")
        yield Lack(at, "embedding", hint, harmless=not _prompted(film, embedding.name))


def _prompted(film: Film, name: str) -> bool:
    """Whether a prompt says a word."""
    keys = (key for shot in film.shots for key in (*shot.prompts.positive, *shot.prompts.negative))
    texts = [part for key in keys for row in key.value for part in row.parts if isinstance(part, str)]
    for pipeline in (shot.pipeline for shot in film.shots if shot.pipeline is not None):
        from anim_compiler.lowering.paths import calls

        texts += [text for named in calls(pipeline) for _, text in named.texts]
    word = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
    return any(word.search(text) for text in texts)


def _of_shot(film: Film, shot: Shot) -> Iterator[Lack]:
    if shot.pipeline is not None:
        from anim_compiler.lowering.lacks import of_pipeline

        yield from of_pipeline(film, shot, WITHOUT_KERNEL)
    named: Iterable[tuple[str, Iterable[Span]]] = (
        ("control", (control.span for control in shot.controls)),
        ("lora", (lora.span for lora in shot.loras)),
    )
    for word, spans in named:
        for span in spans:
            yield Lack(_keyword(span, word), word, f"remove the `{word}` to render the film without it")
    for path, value in shot.words.items():
        if isinstance(value, WordSchedule) and path != "diffuse.sampler":
            name = path.rpartition(".")[2]
            yield Lack(value.span, f"{name} = 0s: …", f"give `{name}` one value")


def _keyword(span: Span, word: str) -> Span:
    """The word that a statement begins with."""
    return Span(span.start, min(span.start + len(word), span.end))
