"""What is told of a name that the film gives: how it is written, what it is now, what its file holds."""

from __future__ import annotations

from anim_compiler.film import Film, Shot
from anim_compiler.models.facts import ModelFacts
from anim_compiler.models.families import FAMILIES
from anim_studio.cli.values import format_bytes
from anim_studio.lsp.analysed import Analysed
from anim_studio.lsp.clock import Clock
from anim_studio.lsp.named import Named
from anim_studio.lsp.telling.curve import lasting
from anim_studio.lsp.telling.layout import code, facts, fenced, number, plain, stacked

_KINDS = {
    "let": "a value of this film",
    "def": "a function",
    "embedding": "an embedding",
    "parameter": "a parameter",
    "audio": "a track",
    "image": "a picture",
    "series": "a table",
    "midi": "a MIDI file",
    "markers": "named times",
    "lora": "a LoRA",
    "control": "a ControlNet",
    "step": "a step of the pipeline",
}
_MOST_MEMBERS = 24
_MOST_WORDS = 16


def of_named(named: Named, analysed: Analysed, clock: Clock) -> str:
    """A name, without its numbers."""
    kind = _KINDS.get(named.kind, f"a {named.kind}")
    of = f" of scene {code(named.scene)}" if named.scene else ""
    elsewhere = "" if named.source.name == analysed.source.name else f", from {code(named.source.name)}"
    said = plain(named.says)
    match named.kind:
        case "def" | "template":
            body = f" = {named.value}" if named.kind == "def" else ""
            return stacked(fenced(f"{named.kind} {named.signature}{body}"), said, f"{kind}{of}{elsewhere}")
        case "let":
            shown = fenced(f"let {named.name} = {named.value}")
            return stacked(shown, said, f"{kind}{of}{elsewhere}" if of or elsewhere else "")
        case "parameter":
            default = f", {code(named.value)} if left out" if named.value else ""
            return f"**{named.name}** — a parameter{default}"
        case "import":
            return stacked(f"**{named.name}** — imported from {code(named.value)}", _members(named))
        case "scene":
            return stacked(f"**{named.name}** — scene", said, of_scene(_film(analysed), named.name, clock))
        case _:
            head = f"**{named.name}** — {kind}"
            written = code(named.value) if named.value else ""
            model = _model_of(analysed, named)
            return stacked(head, written, said, model or of_media(_film(analysed), named.name))


def _model_of(analysed: Analysed, named: Named) -> str:
    """The facts of the model that a name stands for."""
    film = _film(analysed)
    if film is None or named.kind not in ("lora", "embedding", "control"):
        return ""
    shots = film.shots
    loras = {lora.name: lora.reference for shot in shots for lora in shot.loras}
    controls = {control.name: control.model or "" for shot in shots for control in shot.controls}
    embeddings = {embedding.name: embedding.reference for embedding in film.embeddings}
    reference = {"lora": loras, "control": controls, "embedding": embeddings}[named.kind].get(named.name)
    return of_model(reference, analysed.world.models(reference)) if reference else ""


def _film(analysed: Analysed) -> Film | None:
    return analysed.film or analysed.last_film


def _members(named: Named) -> str:
    names = list(named.members.values())
    rows = [f"- {code(m.signature)}{f': {plain(m.says)}' if m.says else ''}" for m in names[:_MOST_MEMBERS]]
    return "\n".join([*rows, *(["- …"] if len(names) > _MOST_MEMBERS else [])])


def of_scene(film: Film | None, name: str, clock: Clock) -> str:
    """How long a scene is, and where it stands."""
    shot = None if film is None else next((shot for shot in film.shots if shot.name == name), None)
    if film is None or shot is None:
        return ""
    first, end = clock.frame(shot.start), clock.frame(shot.end)
    own = Clock(clock.fps, shot.start, shot.length, clock.grid, clock.beats_per_bar)
    place = f"frames {first}–{max(first, end - 1)}, from {number(float(shot.start))} s of the film"
    return stacked(lasting(own, shot.length), place, _follows(shot))


def _follows(shot: Shot) -> str:
    move = shot.transition
    if move.kind == "cut":
        return ""
    return f"{move.kind} of {number(float(move.seconds))} s" if move.seconds else move.kind


def of_media(film: Film | None, name: str) -> str:
    """What is known of the file that a name stands for, by its header."""
    if film is None:
        return ""
    for track in film.tracks:
        if track.name == name:
            seconds = "" if track.seconds is None else f"{number(float(track.seconds))} s"
            bpm = f"{number(track.bpm)} bpm" if track.bpm is not None else ""
            return facts([("", seconds), ("", bpm), ("starts at", _second(float(track.start)))])
    for still in film.stills:
        if still.name == name:
            return f"{still.width}x{still.height}"
    for clip in film.clips:
        if clip.name == name:
            size = f"{clip.width}x{clip.height}"
            return facts([("", size), ("", f"{number(float(clip.seconds))} s"), ("", _speed(clip.speed))])
    return _of_events(film, name)


def _of_events(film: Film, name: str) -> str:
    for markers in film.markers:
        if markers.name == name:
            marks = [f"- {code(m.name)}: {number(float(m.start))} s" for m in markers.marks[:_MOST_MEMBERS]]
            return stacked(f"{len(markers.marks)} marks", "\n".join(marks))
    for lyrics in film.lyrics:
        if lyrics.name == name:
            return f"{len(lyrics.lines)} lines"
    return ""


def _second(value: float) -> str:
    return f"{number(value)} s" if value else ""


def _speed(value: float) -> str:
    return f"at {number(value * 100)}%" if value != 1 else ""


def of_model(reference: str, found: ModelFacts | None) -> str:
    """A model: its family and kind, its trigger words, its licence, and where that is known from."""
    if found is None:
        fetch = code(f"anim models add {reference}")
        hint = f"not on this machine: {fetch} fetches it" if ":" in reference else ""
        return stacked(f"**{plain(reference)}** — a model", hint)
    family = FAMILIES.get(found.family)
    words = ", ".join(code(word) for word in found.trigger_words[:_MOST_WORDS])
    rows = facts(
        [
            ("", found.kind),
            ("", family.title if family else found.family),
            ("", format_bytes(found.size) if found.size else ""),
            ("", f"{found.steps} steps" if found.steps else ""),
            ("", f"drawn best at {found.resolution_px or family.native_px} px" if family else ""),
        ]
    )
    where = f"told by the {found.told_by}" if found.told_by in ("lock", "library", "header") else ""
    said = facts([("licence", plain(found.licence)), ("by", plain(found.author)), ("", where)])
    trigger = f"trigger words: {words}" if words else ""
    return stacked(f"**{plain(found.title or reference)}** — {code(reference)}", rows, trigger, said)
