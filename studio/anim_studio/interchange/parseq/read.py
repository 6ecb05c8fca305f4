"""Reading a Parseq file: a film, or the parts of one for an importer that has the rest."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from anim_studio.interchange.film_mending import mended
from anim_studio.interchange.film_text import Block, Comment, Gap, Item, Setting, Statement, quoted
from anim_studio.interchange.imported import Fate, Given, Imported, NotThisFormat, Remark, text_of
from anim_studio.interchange.parseq.document import DocumentError, is_document, read_document
from anim_studio.interchange.parseq.parts import Parts, parts_of
from anim_studio.interchange.parseq.writing import figure

_OBSOLETE = (
    ("meta", "it says which Parseq wrote the file, and when"),
    ("displayedFields", "it says what Parseq shows"),
    ("keyframeLock", "keys stand at their frames"),
    ("rendered_frames_meta", "it holds the least and the greatest value of each field"),
)

#: Deforum's defaults
_DIFFUSE = {"sampler": '"Euler a"', "steps": "25", "strength_schedule": "0.65", "cfg_scale_schedule": "7"}


def looks_like(given: Given) -> bool:
    """Whether the file is a Parseq document or manifest."""
    head = given.data[:1].lstrip() or given.data[:8].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head[:1] not in (b"{", b"\xef") or not any(
        word in given.data for word in (b'"keyframes"', b'"rendered_frames"')
    ):
        return False
    try:
        return is_document(json.loads(text_of(given).text))
    except (NotThisFormat, ValueError, RecursionError):
        # cut off in the middle: the mistake is told by `read`
        return any(word in given.data for word in (b"sd_parseq", b'"managedFields"', b'"output_fps"'))


def curves(
    given: Given, *, use_deltas: bool = True, axes: int | None = None, fps: float | None = None
) -> Parts:
    """What a film has of the file, for the importer of the settings that name it. Without `use_deltas` moves
    are Parseq's values as they are; `axes` is 2 or 3 where the settings say which camera it is, `fps` the
    film's rate where that is not the document's.
    Raises `NotThisFormat`, and `DocumentError`, which has a `diagnostic`.
    """
    return parts_of(read_document(text_of(given)), given.stem, use_deltas=use_deltas, axes=axes, fps=fps)


def read(given: Given) -> Imported:
    """The film. Raises `NotThisFormat`."""
    try:
        parts = curves(given)
    except DocumentError as error:
        return Imported("", diagnostics=(error.diagnostic,))
    with TemporaryDirectory(prefix="anim-import-") as folder:
        for name, data in parts.beside.items():
            (Path(folder) / name).write_bytes(data)
        text, lost = mended(tuple(_items(parts, given)), Path(folder), given.stem)
    gone = (Remark(Fate.LOST, what, says) for what, says in lost)
    return Imported(text, (*parts.remarks, *gone, *_leftover(given)), parts.beside)


def _items(parts: Parts, given: Given) -> Iterator[Item]:
    yield Comment(f"made of {given.name}, a Parseq file: its curves, its clock and its prompts")
    yield Comment("what Parseq leaves to Deforum, such as the size, stands here as Deforum has it by default")
    yield Gap()
    yield Setting("size", "512x512")
    yield Setting("fps", figure(parts.fps).text)
    yield Setting("length", f"{parts.frames}f")
    if 3.0 <= parts.bpm <= 1200.0:
        yield Setting("bpm", figure(parts.bpm).text)
    yield Gap()
    yield from parts.head
    yield Gap()
    if parts.prompt is not None:
        yield parts.prompt
        yield Gap()
    if parts.camera:
        own = [Setting("motion", "per_frame"), Setting("border", "replicate")]
        if parts.axes == 3:
            own.append(Setting("depth", "estimated"))
        yield Block(f"camera {parts.axes}d", (*own, *parts.camera))
        yield Gap()
    yield Block("diffuse", _with(parts.diffuse, _DIFFUSE))
    yield Gap()
    yield Block("coherence", _with(parts.coherence, _coherence(parts)))
    yield Gap()
    yield Statement(f"output {quoted(f'{given.stem}.mp4')}")


def _coherence(parts: Parts) -> dict[str, str]:
    found = {"color": "lab", "noise_type": "perlin", "noise_schedule": "0.065", "amount_schedule": "0.1"}
    return {"cadence": str(min(parts.cadence, 50)), **found} if parts.cadence > 1 else found


def _with(items: tuple[Setting, ...], defaults: dict[str, str]) -> tuple[Item, ...]:
    """A block's settings, after what Deforum has where Parseq does not say it."""
    named = {item.name for item in items}
    return (*(Setting(name, value) for name, value in defaults.items() if name not in named), *items)


def _leftover(given: Given) -> Iterator[Remark]:
    found = json.loads(text_of(given).text)
    for name, says in _OBSOLETE:
        if name in found:
            yield Remark(Fate.OBSOLETE, name, says)
    if found.get("rendered_frames"):
        yield Remark(Fate.MAPPED, "rendered_frames", "every curve is proved to give them")
