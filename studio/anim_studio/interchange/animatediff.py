"""A prompt travel of the AnimateDiff CLI: prompts by frame, each held for a part of its way to the next.

The rules are those of its `prompt_preprocess`: each prompt stands for `prompt_fixed_ratio` of its segment,
and the last one turns into the first, for the video is a loop.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import pairwise

from anim_dsl.diagnostic import Diagnostic, Severity
from anim_dsl.source import Span
from anim_studio.interchange.animatediff_words import (
    CONTROLS,
    HANDLED,
    OBSOLETE,
    moves,
    of_control,
    scheduled,
)
from anim_studio.interchange.deforum.prompt_words import Crash, words
from anim_studio.interchange.film_text import Comment, Setting, quoted
from anim_studio.interchange.formula_text import number_text
from anim_studio.interchange.imported import Fate, Given, Imported, NotThisFormat, text_of
from anim_studio.interchange.plain_json import plain_json
from anim_studio.interchange.recipe import Adapter, Recipe, imported, last_part

#: what the command makes unless `-L` says otherwise
_LENGTH = 16
_MOST_FRAMES = 50_000
_FPS = 8


def looks_like(given: Given) -> bool:
    """Whether it is a prompt travel."""
    found = _object(given)
    return found is not None and isinstance(found.get("prompt_map"), dict)


def read(given: Given) -> Imported:
    """The film of a prompt travel."""
    found = _object(given)
    if found is None or not isinstance(found.get("prompt_map"), dict):
        raise NotThisFormat("it has no `prompt_map`")
    recipe = Recipe(given, "Made of an AnimateDiff prompt travel.")
    _Travel(found, recipe).read()
    return imported(recipe)


def _object(given: Given) -> Mapping[str, object] | None:
    try:
        found = plain_json(text_of(given).text)
    except (NotThisFormat, ValueError):
        return None
    return found if isinstance(found, dict) else None


class _Travel:
    """One file, and the film that it becomes."""

    def __init__(self, found: Mapping[str, object], recipe: Recipe) -> None:
        self.found = found
        self.recipe = recipe

    def read(self) -> None:
        """Fills the film."""
        recipe = self.recipe
        self._output()
        keys = self._keys()
        if not keys:
            return
        self._models()
        self._prompts(keys)
        recipe.sampler(_text(self.found.get("scheduler")).replace("k_", "", 1), self._spacing(), "scheduler")
        recipe.steps(self.found.get("steps"))
        recipe.cfg(self.found.get("guidance_scale"), "guidance_scale")
        recipe.number("clip_skip", self.found.get("clip_skip"), 1, 12)
        recipe.diffuse |= {"strength": "1", "seed_mode": "fixed"}
        recipe.beside["diffuse"] = (
            "Every frame is drawn anew from the same noise; less `strength` carries the last one on."
        )
        self._seeds()
        self._controls()
        self._rest()

    def _spacing(self) -> str:
        return "Karras" if _text(self.found.get("scheduler")).startswith("k_") else ""

    def _output(self) -> None:
        output = _map(self.found.get("output"))
        fps = output.get("fps", _FPS)
        is_fps = isinstance(fps, int | float) and not isinstance(fps, bool) and 0 < fps <= 240
        self.recipe.fps = number_text(f"{fps:g}") if is_fps else str(_FPS)
        self.recipe.say(Fate.MAPPED, "output.fps")
        name = _text(output.get("format"))
        if name in ("gif", "webm", "mp4"):
            self.recipe.after.append(
                Comment(f"output {quoted(f'{self.recipe.given.stem}.{name}')}", code=True)
            )
            self.recipe.say(Fate.MAPPED, "output.format", "in a comment: `-o` names the output too")

    # --- prompts -------------------------------------------------------------------------------

    def _keys(self) -> list[tuple[int, str]]:
        """The prompts by frame, and the film's length, which the tool is told on its command line."""
        frames: dict[int, str] = {}
        for key, text in _map(self.found["prompt_map"]).items():
            try:
                frames[int(key)] = _text(text)
            except ValueError:
                self._wrong(f"the key `{key[:40]}` of `prompt_map` is no frame", "write a whole number", key)
                return []
        order = sorted(frame for frame in frames if abs(frame) < _MOST_FRAMES)
        if len(order) < len(frames):
            self.recipe.say(Fate.IGNORED, "prompt_map", f"keys from frame {_MOST_FRAMES} on are left out")
        if not order:
            self._wrong(
                "`prompt_map` has no prompt", 'write `"prompt_map": { "0": "a prompt" }`', "prompt_map"
            )
            return []
        steps = [b - a for a, b in pairwise(order)]
        self.recipe.frames = max(1, order[-1] + (steps[-1] if steps else _LENGTH))
        self.recipe.beside["length"] = "the file does not say it: `-L` of the command"
        self.recipe.beside["fps"] = "" if "output" in self.found else "the tool's own"
        return [(frame, frames[frame]) for frame in order]

    def _prompts(self, keys: list[tuple[int, str]]) -> None:
        recipe, length = self.recipe, self.recipe.frames
        around = self._around(len(keys))
        values = [(frame, self._joined(text, around)) for frame, text in keys]
        if values[0][0] > 0:
            # before the first key the last one is on its way to it
            recipe.say(Fate.CHANGED, "prompt_map", "before its first key the first prompt holds here")
        if values[0][1] != values[-1][1]:
            values.append((length + values[0][0], values[0][1]))
            recipe.say(
                Fate.MAPPED, "loop", "the last prompt turns into the first at the end, as it does there"
            )
        ratio = self.found.get("prompt_fixed_ratio", 0.5)
        ratio = float(ratio) if isinstance(ratio, int | float) and 0 <= ratio <= 1 else 0.5
        ways = list(moves([frame for frame, _ in values], ratio))
        even = {stop - held for held, stop in ways}
        if len(even) == 1 and ways[0][0] != values[0][0]:
            recipe.prompts = [(str(frame), value) for frame, value in values]
            recipe.morph = (Setting("morph_time", f"{even.pop()}f", beside="`prompt_fixed_ratio`"),)
        else:
            for (frame, value), (held, _) in zip(values, [*ways, (values[-1][0], 0)], strict=True):
                recipe.prompts += [(str(frame), value)] + ([(str(held), value)] if held != frame else [])
        style = "linear" if self.found.get("tensor_interpolation_slerp") is False else "slerp"
        recipe.morph = (Setting("morph", style), *recipe.morph) if len(values) > 1 else ()
        for name in ("prompt_map", "prompt_fixed_ratio", "head_prompt", "tail_prompt"):
            if name in self.found:
                recipe.say(Fate.MAPPED, name)
        listed = self.found.get("n_prompt")
        negatives = [text for text in listed if isinstance(text, str)] if isinstance(listed, list) else []
        recipe.negatives = [("0", self._worded(negatives[0]))] if negatives else []
        recipe.say(Fate.MAPPED, "n_prompt", "`negative`")
        if len(negatives) > 1:
            recipe.say(
                Fate.CHANGED, "n_prompt", f"the first of {len(negatives)}: a film has one for each seed"
            )

    def _around(self, count: int) -> tuple[str, str]:
        """Head and tail, each as a `let` where several prompts have it."""
        made = []
        for name in ("head", "tail"):
            value = self._worded(_text(self.found.get(f"{name}_prompt")))
            if value == '""' or count == 1 or " * " in value:
                made.append(value[1:-1])
            else:
                self.recipe.lets.append(Setting(f"let {name}", value))
                made.append(f"{{{name}}}")
        return made[0], made[1]

    def _joined(self, text: str, around: tuple[str, str]) -> str:
        inner = self._worded(text)[1:-1]
        head = f"{around[0]}," if around[0] else ""
        tail = f",{around[1]}" if around[1] else ""
        return f'"{head}{inner}{tail}"'

    def _worded(self, text: str) -> str:
        """A text as a value of a film: its marks are those of A1111's prompts."""
        try:
            found = words(text.replace("`", "'").replace(" AND ", " and "), 0)
        except Crash as crash:
            self._wrong(crash.message, crash.hint, text[:20])
            return '""'
        for says in found.changed:
            self.recipe.say(Fate.CHANGED, "prompt", says)
        if found.loras:
            self.recipe.say(Fate.IGNORED, "<lora:…>", "the tool reads LoRAs from `lora_map`")
        return found.value

    # --- models --------------------------------------------------------------------------------

    def _models(self) -> None:
        recipe = self.recipe
        if path := _text(self.found.get("path")):
            recipe.model = last_part(path)
            recipe.say(Fate.MAPPED, "path", f"`model`: {recipe.model}")
        if path := _text(self.found.get("vae_path")):
            recipe.vae = last_part(path)
            recipe.say(Fate.MAPPED, "vae_path", "`vae`")
        for file, weight in _map(self.found.get("lora_map")).items():
            if isinstance(weight, dict):
                recipe.adapters.append(Adapter(file, *scheduled(weight, recipe, file)))
            elif isinstance(weight, int | float):
                recipe.adapters.append(
                    Adapter(file, number_text(f"{weight:g}"), f"lora_map.{last_part(file)}")
                )
        says = "no motion module: each frame is drawn for itself, and `camera` moves the picture"
        recipe.say(Fate.LOST, "motion_module", says)
        for file in _map(self.found.get("motion_lora_map")):
            recipe.say(
                Fate.LOST, f"motion_lora_map.{last_part(file)}", "write the move itself: `camera 2d { … }`"
            )

    def _seeds(self) -> None:
        seeds = self.found.get("seed")
        listed = [each for each in (seeds if isinstance(seeds, list) else [seeds]) if isinstance(each, int)]
        if listed:
            self.recipe.seeded(listed[0])
        if len(listed) > 1:
            more = ", ".join(str(seed) for seed in listed[:8])
            self.recipe.after.append(Comment(f"variant {{ seed = [{more}] }}", code=True))
            self.recipe.say(
                Fate.CHANGED, "seed", f"the first of {len(listed)}; a `variant` with all is in a comment"
            )

    def _controls(self) -> None:
        """ControlNets, in comments: their pictures lie in folders of the tool."""
        for name, control in _map(self.found.get("controlnet_map")).items():
            if not isinstance(control, dict) or not control.get("enable"):
                continue
            kind = CONTROLS.get(name.removeprefix("controlnet_"), "")
            if not kind:
                self.recipe.say(Fate.LOST, f"controlnet_map.{name}", "there is no such control here")
                continue
            parts = [f"{ours} = {value}" for ours, value in of_control(control)]
            folder = _text(_map(self.found.get("controlnet_map")).get("input_image_dir"))
            hint = f"  # its pictures: {folder}/{name}" if folder else ""
            self.recipe.after.append(
                Comment(f"control {kind} {{ {'; '.join(['source = clip', *parts])} }}{hint}", code=True)
            )
            self.recipe.say(
                Fate.CHANGED, f"controlnet_map.{name}", "in a comment: name a video or picture for it"
            )

    def _rest(self) -> None:
        """What is left, each with what became of it."""
        for name, value in self.found.items():
            if name in OBSOLETE:
                self.recipe.say(Fate.OBSOLETE, name, OBSOLETE[name])
            elif isinstance(value, dict) and value.get("enable") is False:
                self.recipe.say(Fate.IGNORED, name, "it is switched off")
            elif name == "upscale_config":
                self.recipe.say(
                    Fate.OBSOLETE, name, "of the tool's second command; `output { upscale = … }` is ours"
                )
            elif name not in HANDLED and name != "motion_lora_map" and value not in (None, {}, [], "", False):
                self.recipe.say(Fate.LOST, name, "a film has nothing like it")

    def _wrong(self, message: str, hint: str, near: str) -> None:
        source = text_of(self.recipe.given)
        start = max(0, source.text.find(json.dumps(near)[:-1]))
        span = Span(start, min(len(source.text), start + len(near) + 2))
        self.recipe.diagnostics.append(Diagnostic("E1095", Severity.ERROR, source, span, message, hint=hint))


def _map(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
