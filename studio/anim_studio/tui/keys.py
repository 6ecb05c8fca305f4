"""The keys of `anim live`, in groups: bindings of the app, the footer and the help screen in one table."""

from __future__ import annotations

from collections.abc import Iterable

from textual.binding import Binding

PLAY = Binding.Group("play")
JUMP = Binding.Group("jump")
LOOK = Binding.Group("look")
CHOOSE = Binding.Group("choose")
MAKE = Binding.Group("make")
PANELS = Binding.Group("panels")
OTHER = Binding.Group("other")
HAND = Binding.Group("keys by hand")


def _row(
    group: Binding.Group, key: str, action: str, says: str, about: str, sign: str = "", *, shown: bool = False
) -> Binding:
    return Binding(key, action, says, show=shown, key_display=sign or None, tooltip=about, group=group)


LIVE: tuple[Binding, ...] = (
    _row(PLAY, "space", "play", "play", "play and pause, at the film's own speed", "space", shown=True),
    _row(PLAY, "left", "step(-1)", "frame", "a frame back", "←"),
    _row(PLAY, "right", "step(1)", "frame", "a frame on", "→", shown=True),
    _row(PLAY, "home", "go_first", "first", "to the first frame"),
    _row(PLAY, "end", "go_last", "last", "to the last frame"),
    _row(PLAY, "l", "loop", "loop", "begin again at the end, or stop there"),
    _row(
        JUMP, "shift+left", "jump_key(-1)", "key", "to the key before: of the chosen lane, else of all", "⇧←"
    ),
    _row(JUMP, "shift+right", "jump_key(1)", "key", "to the next key", "⇧→", shown=True),
    _row(JUMP, "b", "jump_beat(1)", "beat", "to the next beat", shown=True),
    _row(JUMP, "B", "jump_beat(-1)", "beat", "to the beat before"),
    _row(JUMP, "n", "jump_scene(1)", "scene", "to the next scene", shown=True),
    _row(JUMP, "N", "jump_scene(-1)", "scene", "to the scene's start, or to the scene before"),
    _row(JUMP, "exclamation_mark", "next_mistake", "mistake", "show the next mistake in the text", "!"),
    _row(JUMP, "g", "go_to", "go to", "go to a frame, a time, a bar or a scene that you type"),
    _row(LOOK, "plus", "zoom(0.5)", "zoom in", "show less of the time, larger", "+", shown=True),
    _row(LOOK, "minus", "zoom(2.0)", "zoom out", "show more of the time", "-"),
    _row(LOOK, "0", "whole", "whole", "show the whole film"),
    _row(LOOK, "up", "lane(-1)", "lane", "choose the lane above", "↑"),
    _row(LOOK, "down", "lane(1)", "lane", "choose the lane below", "↓", shown=True),
    _row(LOOK, "c", "choose_curves", "curves", "choose which curves are drawn", shown=True),
    _row(
        LOOK, "a", "compare", "a/b", "beside the last save; that one stays until you press again", shown=True
    ),
    _row(LOOK, "s", "solo", "solo", "play only the scene under the playhead", shown=True),
    _row(CHOOSE, "v", "variant", "variant", "choose a film of the `variant` block", shown=True),
    _row(CHOOSE, "d", "draw_seed", "seed", "draw another seed; the text stays as it is", shown=True),
    _row(CHOOSE, "D", "film_seed", "film's seed", "back to the film's own seed"),
    _row(
        CHOOSE, "t", "tier", "tier", "how far pictures are painted: curves, camera, draft, final", shown=True
    ),
    _row(
        MAKE, "e", "edit", "edit", "open the editor at the chosen key, the mistake or the scene", shown=True
    ),
    _row(MAKE, "o", "export", "export", "write the picture as PNG", shown=True),
    _row(MAKE, "O", "export_screen", "screen", "write the whole screen as SVG"),
    _row(MAKE, "r", "render", "render", "render the film; it goes on when you quit", shown=True),
    _row(MAKE, "R", "stop_render", "stop", "stop this film's render; what is done stays done"),
    _row(PANELS, "f2", "panel('curves')", "curves", "show or hide the curves"),
    _row(PANELS, "f3", "panel('side')", "side", "show or hide problems, outline, queue and log"),
    _row(PANELS, "f4", "panel('timeline')", "timeline", "show or hide the timeline"),
    _row(PANELS, "f5", "alone", "picture alone", "nothing but the picture, and back"),
    _row(PANELS, "f6", "next_tab", "next panel", "problems, outline, queue, log in turn"),
    _row(PANELS, "1", "tab('problems')", "problems", "what is wrong with the text"),
    _row(PANELS, "2", "tab('outline')", "outline", "the film's scenes, prompts, media and outputs"),
    _row(PANELS, "3", "tab('queue')", "queue", "renders, with rate and time left"),
    _row(PANELS, "4", "tab('log')", "log", "what happened"),
    _row(PANELS, "left_square_bracket", "widen(-4)", "narrower", "a narrower picture", "["),
    _row(PANELS, "right_square_bracket", "widen(4)", "wider", "a wider picture", "]"),
    _row(PANELS, "left_curly_bracket", "heighten(-1)", "lower", "a lower timeline", "{"),
    _row(PANELS, "right_curly_bracket", "heighten(1)", "taller", "a taller timeline", "}"),
    _row(OTHER, "slash,ctrl+p", "command_palette", "commands", "find a command by its name", "/", shown=True),
    _row(OTHER, "question_mark,f1", "help", "help", "this page", "?", shown=True),
    _row(OTHER, "T", "change_theme", "theme", "choose the colours"),
    _row(OTHER, "q", "quit", "quit", "close the screen; renders go on", shown=True),
)


#: as the help screen shows them
_ORDER = (PLAY, JUMP, LOOK, CHOOSE, HAND, MAKE, PANELS, OTHER)


def grouped(bindings: Iterable[Binding]) -> tuple[tuple[str, tuple[Binding, ...]], ...]:
    """Bindings by their groups; what has none is not one of ours."""
    rows = [binding for binding in bindings if binding.group is not None and binding.description]
    groups = [(group, tuple(row for row in rows if row.group == group)) for group in _ORDER]
    return tuple((group.description, found) for group, found in groups if found)
