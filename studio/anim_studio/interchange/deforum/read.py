"""A Deforum settings file as a film."""

from __future__ import annotations

import re
from contextlib import suppress

from anim_dsl.diagnostic import Diagnostic, Severity
from anim_dsl.source import Source, Span
from anim_studio.interchange.deforum.coherence import coherence
from anim_studio.interchange.deforum.controls import controls
from anim_studio.interchange.deforum.files import Files
from anim_studio.interchange.deforum.given import Settings
from anim_studio.interchange.deforum.leftovers import leftovers
from anim_studio.interchange.deforum.motion import camera
from anim_studio.interchange.deforum.outputs import outputs, sound
from anim_studio.interchange.deforum.param import MODES
from anim_studio.interchange.deforum.pipeline import pipeline
from anim_studio.interchange.deforum.prompts import prompts
from anim_studio.interchange.deforum.ruling import Ruling, is_json, ruled, ruling
from anim_studio.interchange.deforum.sampling import diffuse
from anim_studio.interchange.deforum.setting import number_text
from anim_studio.interchange.deforum.statements import grade, loras, model, pictures
from anim_studio.interchange.deforum.tolerant import NotReadable, Read, read_object
from anim_studio.interchange.film_mending import mended_items
from anim_studio.interchange.film_text import (
    Comment,
    Gap,
    Item,
    Setting,
    film_text,
)
from anim_studio.interchange.imported import Fate, Given, Imported, NotThisFormat, Remark, text_of

#: names that no other tool's files have at their top
_TELLING = frozenset(
    [
        "animation_mode",
        "max_frames",
        "strength_schedule",
        "noise_schedule",
        "translation_x",
        "translation_y",
        "translation_z",
        "rotation_3d_x",
        "rotation_3d_y",
        "rotation_3d_z",
        "seed_behavior",
        "diffusion_cadence",
        "animation_prompts",
        "color_coherence",
        "contrast_schedule",
        "cfg_scale_schedule",
    ]
)
_NAME = re.compile(r"[\"'](\w+)[\"']\s*:")
_FEWEST = 2
#: a file that a version of Deforum saved has more parameters than this
_MOST_UNSAID = 60


def looks_like(given: Given) -> bool:
    """Whether the file has names that only Deforum's settings have."""
    try:
        text = text_of(given).text
    except NotThisFormat:
        return False
    names = set(_NAME.findall(text))
    if len(names & _TELLING) < _FEWEST:
        return False
    # of text that cannot be read all names count, wherever they stand
    with suppress(NotReadable):
        names = set(_unwrapped(read_object(text)).values)
    return len(names & _TELLING) >= _FEWEST


def read(given: Given) -> Imported:
    """The film. Raises `NotThisFormat`."""
    source = text_of(given)
    try:
        found = read_object(source.text)
    except NotReadable as error:
        return Imported("", diagnostics=(_unreadable(source, error),))
    found = _unwrapped(found)
    if not {"animation_mode", "max_frames", "prompts", "animation_prompts"} & set(found.values):
        raise NotThisFormat("it has none of `animation_mode`, `max_frames` and `prompts`, as Deforum's have")
    return _film(Settings.of(source, found, given.folder, given.stem), found, given)


def _unwrapped(found: Read) -> Read:
    """The settings themselves, where a request to Deforum's API holds them; the first of several."""
    inner = found.values.get("deforum_settings")
    value = inner.value if inner is not None else None
    if isinstance(value, list) and value:
        value = value[0].value
    return Read(value, found.slips) if isinstance(value, dict) else found


def _unreadable(source: Source, error: NotReadable) -> Diagnostic:
    hint = "a settings file is JSON: check the quotes and braces before this place"
    span = Span(error.at, min(error.at + 1, len(source.text)))
    return Diagnostic("E1092", Severity.ERROR, source, span, error.message, hint=hint)


def _film(settings: Settings, found: Read, given: Given) -> Imported:
    files = Files.of(settings)
    rule = ruling(settings)
    parts = _parts(settings, files, rule)
    head = _head(settings, given, rule)
    leftovers(settings)
    for slip in found.slips:
        settings.remarks.append(Remark(Fate.IGNORED, given.name, f"JSON does not have it: {slip}"))
    if settings.diagnostics:
        return Imported("", tuple(settings.remarks), diagnostics=tuple(settings.diagnostics))
    items, lost = mended_items((*head, *parts), settings.folder, settings.stem)
    text = film_text(items, settings.stem) if rule is None else ruled(items, rule, settings)
    beside = _parseq(settings) if rule is None else rule.parts.beside
    for what, why in lost:
        settings.remarks.append(Remark(Fate.CHANGED, what, f"the film has a comment in its place: {why}"))
    return Imported(text, tuple(settings.remarks), beside)


def _parts(settings: Settings, files: Files, rule: Ruling | None) -> list[Item]:
    """All that follows the first comment, in the order in which people read it."""
    files.measure()
    if rule is not None and not rule.keeps_clock:
        settings.counted = rule.parts.frames
    shown = prompts(settings)
    moves = camera(settings)
    steps = diffuse(settings)
    shown_first = pictures(settings, files)
    hybrid = pipeline(settings, files, has_camera=moves is not None)
    calm = coherence(settings, files)
    guides = controls(settings, files)
    drawn_by = model(settings, files)
    sound(settings, files)
    blocks: list[Item | None] = [shown.block, moves, steps, calm, grade(settings)]
    return [
        *_basics(settings),
        Gap(),
        *drawn_by,
        *loras(shown, without_model=any(isinstance(item, Comment) for item in drawn_by)),
        Gap(),
        *files.statements,
        *shown_first,
        Gap(),
        *(part for block in blocks if block is not None for part in (block, Gap())),
        *guides,
        Gap(),
        *([hybrid, Gap()] if hybrid is not None else []),
        *outputs(settings),
    ]


def _basics(settings: Settings) -> list[Item]:
    width, height = (max(16, min(8192, settings.whole(name))) // 8 * 8 for name in ("W", "H"))
    settings.mapped("W", "H", "fps", "seed")
    word = settings.text("animation_mode")
    if word.lower() in {mode.lower() for mode in MODES.values()}:
        settings.mapped("animation_mode")
    else:
        settings.say(
            Fate.CHANGED, "animation_mode", f"`{word}` is no mode that is known here: it is read as 2D"
        )
    if settings.counted is None:
        settings.mapped("max_frames")
        _counted(settings)
    items: list[Item] = [
        Setting("size", f"{width}x{height}"),
        Setting("fps", number_text(max(0.1, min(240.0, settings.number("fps"))))),
    ]
    return [*items, Setting("length", f"{settings.frames}f"), Setting("seed", str(settings.seed))]


def _counted(settings: Settings) -> None:
    """Keeps that there is nothing to make, which is where Deforum gives up."""
    if settings.whole("max_frames") >= 1:
        return
    message = f"`max_frames` is {settings.whole('max_frames')}: there is no frame to make"
    hint = "a film has a frame at least"
    place = settings.place("max_frames")
    found = Diagnostic("E1092", Severity.ERROR, settings.source, place, message, hint=hint)
    settings.diagnostics.append(found)


def _parseq(settings: Settings) -> dict[str, bytes]:
    """A Parseq document that stands in the settings, as a file beside the film."""
    manifest = settings.text("parseq_manifest")
    return {f"{settings.stem}.parseq.json": manifest.encode()} if is_json(manifest) else {}


def _head(settings: Settings, given: Given, rule: Ruling | None) -> list[Item]:
    """The first comment: where the film comes from, and what its reader must know before anything else."""
    version = settings.text("deforum_git_commit_id")
    by = f"Deforum {version}" if re.fullmatch(r"[0-9a-f]{6,40}", version) else "Deforum"
    settings.say(Fate.OBSOLETE, "deforum_git_commit_id", "the film's first comment has it")
    items: list[Item] = [Comment(f"From `{given.name}`: settings of {by}, mode {MODES[settings.mode]}.")]
    if len(settings.values) < _MOST_UNSAID:
        items.append(Comment("What the file does not say is as Deforum has it."))
    manifest = settings.text("parseq_manifest")
    if rule is not None:
        what = "curves and prompts" if rule.keeps_clock else "curves, prompts and clock"
        says = f"A Parseq document stands in it, whose {what} rule, as in Deforum."
        settings.mapped("parseq_manifest", "parseq_use_deltas", "parseq_non_schedule_overrides")
        return [*items, Comment(says), Gap()]
    if is_json(manifest):
        name = f"{settings.stem}.parseq.json"
        says = f"Parseq's document, which rules its schedules, is `{name}`: import that one for the curves."
    elif manifest and manifest.lower() != "none":
        says = "A Parseq document rules its schedules: download that, and import it for the curves."
    else:
        return [*items, Gap()]
    settings.say(Fate.CHANGED, "parseq_manifest", says.lower().rstrip("."))
    return [*items, Comment(says), Gap()]
