"""A Parseq document as the parts of a film: its clock, its curves, its camera, its prompts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from anim_compiler.names import BUILT_IN
from anim_dsl.visible import escaped
from anim_studio.interchange.film_text import Block, Comment, Gap, Item, Setting, Statement
from anim_studio.interchange.imported import Fate, Remark
from anim_studio.interchange.parseq.carry import Carried, Clock, Hold, carried
from anim_studio.interchange.parseq.document import Document, DocumentError, place, problem
from anim_studio.interchange.parseq.fields import FIELDS, Field
from anim_studio.interchange.parseq.limits import held, is_beyond, limits_of
from anim_studio.interchange.parseq.named import TABLE, Named
from anim_studio.interchange.parseq.prompt_block import block_of, read_by
from anim_studio.interchange.parseq.prompt_frames import prompts_of_frames
from anim_studio.interchange.parseq.prompt_parts import lora_comments
from anim_studio.interchange.parseq.prompt_words import Prompts, prompts_in_words
from anim_studio.interchange.parseq.prompts import given, rendered, same_texts
from anim_studio.interchange.parseq.proof import head_of, helpers, series_line
from anim_studio.interchange.parseq.tables import listed, path_of, table_of, tracks_of
from anim_studio.interchange.parseq.truth import Curve, curves_of
from anim_studio.interchange.parseq.writing import NoWords

#: letters of a value that stands within a call; a longer one gets a name
_MOST_INSIDE = 60
_LENS = ("fov_schedule", "perspective_flip_fv", "transform_center_x", "transform_center_y")


@dataclass(frozen=True, slots=True)
class Parts:
    """What a film has of a Parseq file. `head` are the tables, functions and names that the rest refers to;
    the other tuples are settings by the block that they stand in. `values` are what Deforum gets of each
    field, at every frame.
    """

    fps: float
    bpm: float
    cadence: int
    frames: int
    axes: int
    head: tuple[Item, ...]
    camera: tuple[Setting, ...] = ()
    diffuse: tuple[Setting, ...] = ()
    coherence: tuple[Setting, ...] = ()
    prompt: Block | None = None
    beside: Mapping[str, bytes] = field(default_factory=dict)
    remarks: tuple[Remark, ...] = ()
    values: Mapping[str, tuple[float, ...]] = field(default_factory=dict)


def parts_of(
    document: Document,
    stem: str,
    *,
    use_deltas: bool = True,
    axes: int | None = None,
    fps: float | None = None,
) -> Parts:
    """The parts, for a camera of 2 or 3 `axes` and a film of so many frames a second if that is known. Raises
    `DocumentError` for what Parseq or Deforum stop at.
    """
    return _Making(document, stem, use_deltas=use_deltas, axes=axes, fps=fps).parts()


class _Making:
    def __init__(
        self, document: Document, stem: str, *, use_deltas: bool, axes: int | None, fps: float | None
    ) -> None:
        if not 0.1 <= document.fps <= 240:
            at = place(document.source, "output_fps")
            said = f"a film has 0.1 to 240 frames a second, not {document.fps:g}"
            raise DocumentError(problem(document.source, at, said))
        self._document, self._stem, self._use_deltas = document, stem, use_deltas
        curves = curves_of(document)
        self._curves = curves if use_deltas else tuple(replace(curve, moves=curve.values) for curve in curves)
        has_beat = 3.0 <= document.bpm <= 1200.0
        self._fps = fps or document.fps
        head = head_of(self._fps, document.bpm if has_beat else None, document.frames)
        tracks, names = tracks_of(document)
        self._hold = Hold(Clock(self._fps, document.bpm, head), {f"{k}.csv": v for k, v in tracks.items()})
        self._hold.named.tracks |= names
        self._track_files = tracks
        self._settings: dict[str, list[Setting]] = {"camera": [], "diffuse": [], "coherence": []}
        self._lets: list[Setting] = []
        self._given_axes = axes

    def parts(self) -> Parts:
        document, hold = self._document, self._hold
        axes = self._axes() if self._given_axes is None else self._given_axes
        made = self._prompts()
        read = read_by(made, self._curves) if made is not None and made.positive else set()
        for curve in self._curves:
            self._field(curve, axes, is_read=curve.name in read)
        self._clock_remarks()
        block = block_of(made, self._say)
        used = self._used_tracks(made)
        beside = {f"{self._stem}.{name}.csv": self._track_files[name] for name in used}
        if hold.table:
            beside[f"{self._stem}.{TABLE}.csv"] = table_of(hold.table, document.frames)
        head = tuple(self._head(used, made))
        values = {curve.name: curve.moves for curve in self._curves}
        if all(item.name in _LENS for item in self._settings["camera"]):
            self._settings["camera"].clear()
        camera, diffuse, coherence = (
            tuple(self._settings[name]) for name in ("camera", "diffuse", "coherence")
        )
        return Parts(
            self._fps, document.bpm, document.cadence, document.frames, axes, head, camera, diffuse,
            coherence, block, beside, tuple(hold.remarks), values,
        )  # fmt: skip

    # --- fields --------------------------------------------------------------------------------------

    def _axes(self) -> int:
        """3 where something moves in space, else 2."""
        moving = {curve.name for curve in self._curves if len({*curve.values}) > 1}
        deep = {name for name in moving if FIELDS.get(name, Field()).axes == 3}
        return 3 if deep or (not moving & {"angle", "zoom"} and self._is_deep()) else 2

    def _is_deep(self) -> bool:
        names = {curve.name for curve in self._curves}
        return bool(names & {"translation_z", "rotation_3d_x", "rotation_3d_y", "rotation_3d_z"})

    def _field(self, curve: Curve, axes: int, *, is_read: bool) -> None:
        spec = FIELDS.get(curve.name)
        if spec is None:
            says = "Deforum does not read it"
            self._say(Fate.IGNORED, curve.name, says)
        elif spec.place == "let":
            self._weight(curve, is_read=is_read)
        elif curve.name.startswith("antiblur") and self._is_blunt():
            self._say(Fate.IGNORED, curve.name, "nothing is sharpened: `antiblur_amount` is 0")
        elif curve.name == "perspective_flip_fv" and not self._flips():
            self._say(Fate.IGNORED, curve.name, "nothing is flipped in perspective")
        elif spec.lost:
            is_still = set(curve.values) <= {spec.default}
            fate = Fate.IGNORED if curve.name in ("near", "far") or is_still else Fate.LOST
            self._say(fate, curve.name, spec.lost if fate is Fate.LOST or spec.axes else "it is at rest")
        elif spec.axes not in (0, axes) and spec.place == "camera":
            self._say(Fate.IGNORED, curve.name, f"a {axes}D camera does not read it")
        else:
            self._set(curve, spec, axes)

    def _is_blunt(self) -> bool:
        return all(set(c.values) == {0.0} for c in self._curves if c.name == "antiblur_amount")

    def _flips(self) -> bool:
        flips = [
            c for c in self._curves if c.name.startswith("perspective_flip_") and not c.name.endswith("fv")
        ]
        return any(set(flip.moves) != {0.0} for flip in flips)

    def _set(self, curve: Curve, spec: Field, axes: int) -> None:
        rest = 1.0 if curve.name == "zoom" else 0.0
        if spec.is_move and set(curve.moves) == {rest}:
            self._say(Fate.MAPPED, curve.name, "it stands still")
            return
        if curve.name == "seed":
            if set(curve.values) == {-1.0}:
                self._say(Fate.MAPPED, "seed", "-1: it is drawn")
                return
            self._settings["diffuse"].append(Setting("seed_mode", "fixed"))
        is_move = spec.is_move and self._use_deltas
        found = carried(curve, self._hold, is_move=is_move)
        self._say_how(curve.name, found.how)
        made = self._moved(curve, spec, found) if is_move else _setting(spec, found)
        self._settings[spec.place].append(self._within(curve, spec, made, axes))

    def _within(self, curve: Curve, spec: Field, made: Setting, axes: int) -> Setting:
        """A setting whose values a film can have."""
        low, high = limits_of(spec.place, spec.setting, axes)
        is_held = is_beyond(curve.moves, low, high)
        # a film refuses keys that are beyond, even where a formula keeps their curve from getting there
        if not is_held and (spec.is_move or not is_beyond(curve.setting.points.values, low, high)):
            return made
        if is_held and curve.name != "strength":
            ends = " to ".join("…" if end is None else f"{end:g}" for end in (low, high))
            self._say(Fate.CHANGED, curve.name, f"values beyond {ends} are held at the end")
        value = made.value
        if made.keys or len(value) > _MOST_INSIDE or re.search(r"\d: ", value):
            name = f"{curve.name}_keys" if curve.name in BUILT_IN else curve.name
            self._lets.append(Setting(f"let {name}", value, keys=made.keys))
            value = name
        return Setting(made.name, held(value, low, high))

    def _moved(self, curve: Curve, spec: Field, found: Carried) -> Setting:
        """A move from frame to frame: the difference of the curve that Parseq's user drew."""
        if found.is_move:
            return _setting(spec, found)
        helper = "growth" if curve.name == "zoom" else "step"
        self._hold.named.helpers.add(helper)
        if found.keys or len(found.text) > 36 or ": " in found.text:
            self._lets.append(Setting(f"let {curve.name}", found.text, keys=found.keys))
            return Setting(spec.setting, f"{helper}({curve.name})")
        return Setting(spec.setting, f"{helper}({found.text})")

    def _weight(self, curve: Curve, *, is_read: bool) -> None:
        if not is_read:
            self._say(Fate.IGNORED, curve.name, "no prompt reads it")
            if len(set(curve.values)) == 1:
                return
        found = carried(curve, self._hold, is_move=False)
        if is_read:
            self._say_how(curve.name, found.how)
        self._lets.append(Setting(f"let {curve.name}", found.text, keys=found.keys))

    # --- prompts -------------------------------------------------------------------------------------

    def _prompts(self) -> Prompts | None:
        """The prompts, as they are written where the rendered ones say the same."""
        document = self._document
        texts = given(document)
        if not document.uses_prompts or (not document.prompts and texts is None):
            self._say(Fate.IGNORED, "prompts", 'the file has none: write `prompt { 0s: "…" }`')
            return None
        if document.prompts:
            try:
                own = rendered(document, self._curves)
            except DocumentError:
                if texts is None:
                    raise
                own = ()
            if (texts is None or same_texts(own, texts)) and not document.is_reversed:
                try:
                    found = prompts_in_words(document, self._fps, {c.name: c.name for c in self._curves})
                except NoWords:
                    texts = texts or own
                else:
                    self._say(Fate.MAPPED, "prompts", "as they are written")
                    return found
            texts = texts or own[::-1]
        return self._of_frames(texts or ())

    def _of_frames(self, texts: Sequence[str]) -> Prompts | None:
        try:
            found = prompts_of_frames(texts, self._hold.table)
        except NoWords:
            self._say(Fate.LOST, "prompts", "nearly every frame has a text of its own")
            return None
        self._say(Fate.MAPPED, "prompts", "by the rendered texts")
        return found

    # --- what stands at the top ------------------------------------------------------------------------

    def _used_tracks(self, made: Prompts | None) -> list[str]:
        names = self._hold.named.tracks if made is None else {**self._hold.named.tracks, **made.named.tracks}
        texts = [item.value for items in self._settings.values() for item in items]
        texts += [item.value for item in self._lets] + list(self._hold.named.lets.values())
        if made is not None:
            texts += [text for _, text in made.positive + made.negative]
            texts += [*made.texts.values(), *made.named.lets.values()]
        words = set(re.findall(r"[a-z_]\w*", " ".join(texts)))
        for alias in self._document.tracks:
            is_read = alias in names
            says = "its values stand in the curves that read it" if is_read else "no formula reads it"
            says = f"the table `{names[alias]}`" if is_read and names[alias] in words else says
            self._say(Fate.MAPPED if is_read else Fate.IGNORED, f"timeSeries {alias}", says)
        return [name for name in names.values() if name in words]

    def _head(self, used: Sequence[str], made: Prompts | None) -> Iterator[Item]:
        hold = self._hold
        if hold.table:
            file = f"{self._stem}.{TABLE}.csv"
            yield Statement(f'series {TABLE} = "{path_of(file)}"', "values that no formula of a film gives")
        for name in used:
            yield Statement(series_line(name, path_of(f"{self._stem}.{name}.csv")))
        labels = [f"{key.frame} {key.info}" for key in self._document.keyframes if key.info]
        if labels:
            yield Comment("labels of the keyframes: " + ", ".join(labels)[:2000])
        extra = made.named if made is not None else Named()
        rate = hold.rate or self._document.fps
        for why, text in helpers({*hold.named.helpers, *extra.helpers}, rate, self._document.bpm).values():
            yield Gap()
            yield Statement(text, why)
        yield Gap()
        for name, text in {**hold.named.lets, **extra.lets}.items():
            yield Setting(f"let {name}", text, keys=listed(text))
        yield from self._lets
        if made is not None:
            yield Gap()
            for name, text in made.texts.items():
                yield Setting(f"let {name}", text)
            if made.inserts.loras:
                yield Comment("LoRAs of the prompts: put the files beside the film and take the `#` away")
                taken = [*hold.named.lets, *used]
                yield from (Comment(line) for line in lora_comments(made.inserts.loras, taken))

    def _clock_remarks(self) -> None:
        document = self._document
        self._say(Fate.MAPPED, "output_fps", "`fps`")
        self._say(Fate.MAPPED, "bpm", "`bpm`")
        self._say(Fate.MAPPED, "cadence", "`cadence` of `coherence`")
        if not document.names_fields and document.keyframes and not document.rendered:
            says = "the file names none: Parseq then manages all, with its own defaults"
            self._say(Fate.MAPPED, "managedFields", says)
        if document.is_reversed:
            self._say(
                Fate.CHANGED,
                "reverseRender",
                "the curves stand in the film as they are rendered, from the end",
            )

    def _say_how(self, name: str, how: str) -> None:
        """What became of a field, unless it was told already why it changed."""
        if not any(each.what == name and each.fate is Fate.CHANGED for each in self._hold.remarks):
            self._say(Fate.MAPPED, name, how)

    def _say(self, fate: Fate, what: str, says: str = "") -> None:
        self._hold.remarks.append(Remark(fate, escaped(what), says))


def _setting(spec: Field, found: Carried) -> Setting:
    return Setting(spec.setting, found.text, keys=found.keys)
