"""Where a lane's keys are written, or where its first one will be: a block of the film and a name in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from anim_compiler.film import Curve, Shot
from anim_compiler.lowering.guiding import named_curves
from anim_dsl.edit import written_in
from anim_dsl.source import Span
from anim_dsl.syntax import Key, Let, Setting, Text, Word
from anim_studio.live.board.lanes import KeyMark
from anim_studio.live.board.written_keys import label_of
from anim_studio.live.hand.figures import spec_of
from anim_studio.live.hand.script import Refused, Script, not_by_hand

_WORDS = frozenset({"text", "prompt", "choice", "path", "image", "bool"})
"""Types of settings whose keys hold a word until the next one."""


_NAMED = frozenset({"layer", "lora", "control"})
"""Blocks that have names of their own: an edit of a key makes none that the shot does not have."""


@dataclass(frozen=True, slots=True)
class Where:
    """A list of keys, or a constant, as `anim_dsl.edit` finds it; without a name the keys of a block."""

    path: tuple[str, ...]
    name: str

    @property
    def called(self) -> str:
        """What messages call it: `camera.zoom`, `prompt`, `intro: camera.zoom`."""
        scene = scene_of(self)
        inside = self.path[1:] if scene else self.path
        words = inside[-1].split() if inside else []
        # of blocks that have names of their own, the name tells which
        block = ".".join((words[0], words[-1]) if words and words[0] in _NAMED else words[:1])
        name = ".".join(word for word in (block, self.name) if word)
        return f"`{scene}: {name}`" if scene else f"`{name}`"


def scene_of(where: Where) -> str | None:
    """The scene that it is written in; None for the film's own blocks."""
    words = where.path[0].split() if where.path else []
    return words[1] if len(words) > 1 and words[0] == "scene" else None


def has_list(script: Script, where: Where) -> bool:
    """Whether keys are written there."""
    return (where.path, where.name) in script.lists


def is_written(script: Script, where: Where) -> bool:
    """Whether keys or a constant are written there."""
    return has_list(script, where) or (
        bool(where.name) and written_in(script.layout, where.path, where.name) is not None
    )


def keys_in(script: Script, where: Where) -> tuple[Key, ...]:
    """The keys as they are written. Raises Refused for keys that are no single list's of this file."""
    keys = script.lists.get((where.path, where.name), ())
    if not keys:
        raise Refused(f"{where.called} has no keys any more", "the file has changed")
    told = next((key.why_not for key in keys if key.why_not), "")
    if told:
        raise not_by_hand(f"a key of {where.called}", told)
    return tuple(key.key for key in keys)


def time_of(script: Script, where: Where, number: int) -> str:
    """A key's time as it is written. Raises Refused."""
    return script.source.slice(keys_in(script, where)[number].at.span)


def is_text(script: Script, where: Where) -> bool:
    """Whether it holds texts or words, which nothing stands between."""
    if not where.name:
        return True
    spec = spec_of(where.path, where.name)
    if spec is not None:
        return spec.type in _WORDS
    keys = script.lists.get((where.path, where.name), ())
    if keys:
        return any(isinstance(key.key.value, Text) for key in keys)
    found = written_in(script.layout, where.path, where.name)
    return found is not None and script.source.slice(found.value).startswith('"')


def where_of(script: Script, lane: str, frame: int, marks: Sequence[KeyMark] = ()) -> Where:
    """Where a lane is written at a frame of the film: its keys there, else the value that counts there, else
    where it would be written. `marks` are the lane's keys. Raises Refused.
    """
    shot = _shot(script, frame)
    scene = shot.name if shot is not None and _scene_path(script, shot.name) else None
    # a constant that is shown as a key is of no list
    listed = [mark for mark in marks if mark.number >= 0]
    for mark in sorted(listed, key=lambda mark: abs(mark.frame - frame)):
        own = scene_of(Where(mark.path, mark.name))
        if own in (scene, None) and (own == scene or not any(_is_of(other, scene) for other in listed)):
            if not mark.editable:
                raise not_by_hand(f"the keys of `{lane}`", mark.why_not)
            return Where(mark.path, mark.name)
    curve = _curve(script, shot, lane)
    if curve is not None and curve.span is not None:
        return _written_at(script, lane, curve.span)
    return _unwritten(script, lane, scene, shot)


def _is_of(mark: KeyMark, scene: str | None) -> bool:
    return scene_of(Where(mark.path, mark.name)) == scene


def _shot(script: Script, frame: int) -> Shot | None:
    film = script.sound()
    clock = script.home(None).clock
    started = [shot for shot in film.shots if clock.frame_at(shot.start, clock.fps) <= frame]
    return started[-1] if started else None


def _scene_path(script: Script, scene: str) -> tuple[str, ...]:
    labels = (label for label, word in _blocks(script, ()) if word.word.text == "scene")
    return next(((label,) for label in labels if label.split()[1:2] == [scene]), ())


def _blocks(script: Script, path: tuple[str, ...]) -> Iterator[tuple[str, Word]]:
    """The blocks directly inside one, by what `anim_dsl.edit` calls them."""
    for statement in script.layout.statements(path) or ():
        if isinstance(statement, Word) and statement.block is not None:
            yield label_of(script.layout, statement, path), statement


def _curve(script: Script, shot: Shot | None, lane: str) -> Curve | None:
    film = script.sound()
    found = shot.numbers.get(lane) or shot.lets.get(lane) if shot is not None else None
    if found is not None or shot is None:
        return found
    if lane.startswith("layer."):
        _, name, own = (*lane.split(".", 2), "")[:3]
        layer = next((layer for layer in shot.layers if layer.name == name), None)
        return layer.numbers.get(own) if layer is not None else None
    if lane.partition(".")[0] in ("lora", "control"):
        return dict(named_curves(shot)).get(lane)
    return film.lets.get(lane)


def _written_at(script: Script, lane: str, span: Span) -> Where:
    """The setting or `let` whose value stands at a span. Raises Refused for one of another place."""
    source, local = script.sound().sources.locate(span)
    if source.name != script.source.name:
        line = source.place(local.start).line
        raise Refused(f"`{lane}` is written in `{source.name}`, line {line}", "edit that file")
    for path, statement in _values(script):
        if statement.value.span.start <= span.start and span.end <= statement.value.span.end:
            line = script.source.place(span.start).line
            if path[:1] and path[0].split()[0] in ("template", "variant", "use"):
                hint = "press `e` to edit it there"
                raise Refused(f"`{lane}` comes from the `{path[0].split()[0]}` in line {line}", hint)
            return Where(path, statement.name.text)
    raise Refused(f"`{lane}` is no setting of its own", "press `e` to edit the text")


def _values(script: Script, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Setting | Let]]:
    """Every setting and `let` of a block and of those inside it, with its path."""
    for statement in script.layout.statements(path) or ():
        if isinstance(statement, Setting | Let):
            yield path, statement
    for label, _ in _blocks(script, path):
        yield from _values(script, (*path, label))


def _unwritten(script: Script, lane: str, scene: str | None, shot: Shot | None) -> Where:
    """Where a setting is to be written that the film does not say: in the scene that is shown."""
    outer = _scene_path(script, scene) if scene else ()
    if lane in ("prompts", "prompt", "negative"):
        return _texts(script, "negative" if lane == "negative" else "", tuple(dict.fromkeys((outer, ()))))
    block, _, name = lane.rpartition(".")
    inside = _own_label(shot, block) or _block(script, outer, block)
    path = (*outer, inside) if inside else outer
    if spec_of(path, name) is None:
        raise Refused(f"`{lane}` is no setting that takes keys", "choose another lane")
    if block.partition(".")[0] in _NAMED and not _own_label(shot, block):
        home = f"scene `{scene}`" if scene else "the film"
        raise Refused(f"{home} has no `{block.replace('.', ' ')}`", "go to a scene that has it")
    if block.partition(".")[0] in _NAMED and not any(map(script.layout.named, (path, path[-1:]))):
        raise Refused(f"`{lane}` is no setting of its own", "press `e` to edit the text")
    return Where(path, name)


def _own_label(shot: Shot | None, block: str) -> str:
    """What the block of a layer, LoRA or control that a shot has is called there; "" if it has none such."""
    kind, _, name = block.partition(".")
    if shot is None or kind not in _NAMED:
        return ""
    if kind == "control":
        found = next((control for control in shot.controls if control.name == name), None)
        return "" if found is None else " ".join(dict.fromkeys((kind, found.kind, name)))
    names = (one.name for one in (shot.loras if kind == "lora" else shot.layers))
    return f"{kind} {name}" if name in names else ""


def _texts(script: Script, name: str, outers: Sequence[tuple[str, ...]]) -> Where:
    """The prompt: its block, or a setting `prompt = "…"`; of the scene first, then the film's."""
    blocks: list[tuple[str, ...]] = []
    for outer in outers:
        if not name and written_in(script.layout, outer, "prompt") is not None:
            return Where(outer, "prompt")
        block = _block(script, outer, "prompt", made=False)
        if block and (not name or written_in(script.layout, (*outer, block), name) is not None):
            return Where((*outer, block), name)
        blocks += [(*outer, block)] if block else []
    return Where(blocks[0] if blocks else ("prompt",), name) if name else Where((), "prompt")


def _block(script: Script, outer: tuple[str, ...], block: str, *, made: bool = True) -> str:
    """The label of a block that is there, or of the one to be made."""
    words = block.split(".")
    for label, _ in _blocks(script, outer):
        if block and label.split()[: len(words)] == words:
            return label
    if not block or not made:
        return ""
    return f"camera {_axes(script)}d" if block == "camera" else " ".join(words)


def _axes(script: Script) -> int:
    """The kind of camera that the film has already; of a picture that only zooms, 2."""
    cameras = (shot.camera for shot in script.sound().shots)
    return next((camera.axes for camera in cameras if camera is not None), 2)
