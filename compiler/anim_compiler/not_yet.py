"""What a film may say that this version does not do yet: warned about when it is checked, refused when
it is compiled unless leaving it out cannot change the picture.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from anim_compiler.film import Camera, Film, Shot, WordSchedule
from anim_compiler.lack import Lack
from anim_dsl.source import Span

WITHOUT_KERNEL = frozenset(
    {
        ("film", "vae"),
        ("film", "loop"),
        ("diffuse", "clip_skip"),
        ("diffuse", "eta"),
        ("diffuse", "noise_multiplier"),
        ("diffuse", "precision"),
        ("diffuse", "tiling"),
        ("coherence", "reference"),
        ("coherence", "flow"),
        ("coherence", "flow_factor"),
        ("coherence", "tween"),
        ("coherence", "fill"),
        ("camera", "near"),
        ("camera", "far"),
        ("camera", "depth_warp"),
        ("output", "size"),
        ("output", "interpolate"),
        ("output", "upscale"),
        ("output", "metadata"),
        ("output", "loop"),
        ("grade", "lut"),
    }
)
"""Settings, by block and name, that a film may hold though nothing is done with them yet: they are warned
about where they are written, and a film with them renders without.
"""

_DEPTHS = frozenset({"flat", "estimated"})
_ORBIT = ("orbit", "orbit_tilt", "orbit_distance")


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
    if shot.source is not None:
        hint = "remove `source`; `init` starts a film from a still picture"
        yield Lack(_written(film, shot, "source"), "source", hint)
    if shot.pipeline is not None:
        from anim_compiler.lowering.lacks import of_pipeline

        yield from of_pipeline(film, shot, WITHOUT_KERNEL)
    yield from _of_noise_mask(film, shot)
    named: Iterable[tuple[str, Iterable[Span]]] = (
        ("control", (control.span for control in shot.controls)),
        ("lora", (lora.span for lora in shot.loras)),
        ("layer", (layer.span for layer in shot.layers)),
    )
    for word, spans in named:
        for span in spans:
            yield Lack(_keyword(span, word), word, f"remove the `{word}` to render the film without it")
    for path, value in shot.words.items():
        if isinstance(value, WordSchedule) and path != "diffuse.sampler":
            name = path.rpartition(".")[2]
            yield Lack(value.span, f"{name} = 0s: …", f"give `{name}` one value")
    for camera in ((shot.camera,) if shot.camera is not None else ()) + tuple(shot.cameras.values()):
        yield from _of_camera(film, shot, camera)


def _of_noise_mask(film: Film, shot: Shot) -> Iterator[Lack]:
    name = shot.words.get("coherence.noise_mask")
    if not isinstance(name, str):
        return
    from anim_compiler.lowering.lacks import clip_in

    if clip_in(film, name):
        yield Lack(_written(film, shot, "noise_mask"), name, "use an `image`: videos are not read yet")


def _of_camera(film: Film, shot: Shot, camera: Camera) -> Iterator[Lack]:
    for name in _ORBIT:
        channel = camera.channels.get(name)
        if channel is not None and channel.span is not None:
            yield Lack(channel.span, name, "write the move as `translation_x`, `translation_z` and `pan`")
    if camera.target is not None:
        span = next((axis.span for axis in camera.target if axis.span is not None), shot.span)
        yield Lack(span, "target", "turn the camera with `pan` and `tilt`")
    if camera.axes == 3 and camera.depth not in _DEPTHS:
        hint = "write `depth = estimated`, or `depth = flat`"
        yield Lack(_written(film, shot, "depth"), "depth", hint)


def _keyword(span: Span, word: str) -> Span:
    """The word that a statement begins with."""
    return Span(span.start, min(span.start + len(word), span.end))


def _written(film: Film, shot: Shot, name: str) -> Span:
    """Where a scene, else the film, writes a setting whose value keeps no place."""
    text = film.source.text
    setting = re.compile(rf"(?<![\w.#]){name}\s*=")
    at = setting.search(text, shot.span.start, shot.span.end) or setting.search(text)
    return shot.span if at is None else Span(at.start(), at.start() + len(name))
