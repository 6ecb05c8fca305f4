"""What AUTOMATIC1111 and its like write into a picture, as the film that draws it again."""

from __future__ import annotations

import re

from anim_dsl.diagnostic import Diagnostic, Severity
from anim_dsl.source import Source, Span
from anim_studio.interchange.a1111_pairs import pairs
from anim_studio.interchange.deforum.prompt_words import Crash, words
from anim_studio.interchange.film_text import Comment, Statement
from anim_studio.interchange.formula_text import number_text
from anim_studio.interchange.imported import Fate, Given, Imported, NotThisFormat, text_of
from anim_studio.interchange.picture_text import is_picture, texts_of
from anim_studio.interchange.recipe import Adapter, Recipe, imported, last_part, with_ending

_LAST = re.compile(r"^[ \t]*Steps: *\d+ *,.*$", re.MULTILINE)
_NEGATIVE = "Negative prompt:"
_MOST_TEXT = 4 << 20
_MOST_LINE = 256 << 10
_MOST_BEHIND = 20
_BEHIND = "it stands behind the parameters, where A1111 reads nothing"
_SIZE = re.compile(r"(\d{1,5})x(\d{1,5})")
_HASHES = frozenset({"Model hash", "Lora hashes", "TI hashes", "VAE hash", "Hashes"})
_OBSOLETE = {
    "Version": "of the program",
    "Eta": "",
    "RNG": "noise is drawn by a counter here, the same on every machine",
    "ENSD": "noise is drawn by a counter here, the same on every machine",
    "User": "of the program",
    "Emphasis": "weights keep the encoding's mean, as `Original` does",
    "Token merging ratio": "of the engine's speed",
    "App": "of the program",
    "Operations": "of the program",
    "Pipeline": "of the program",
    "Backend": "of the program",
    "Parser": "weights keep the encoding's mean, as `Original` does",
    "Created Date": "of the program",
    "Civitai metadata": "of the program",
    "Diffusion in Low Bits": "the engine decides",
    "Template": "of the program; the prompt has its words",
    "Negative Template": "of the program; the prompt has its words",
}
_KNOWN = frozenset(
    {"Steps", "Sampler", "Schedule type", "CFG scale", "Seed", "Size", "Model", "Clip skip", "VAE"}
    | {"Denoising strength", "Eta"}
)
_NUMBERS = ("Steps", "CFG scale", "Seed", "Clip skip", "Denoising strength", "Eta")


def looks_like(given: Given) -> bool:
    """Whether it is a picture with `parameters`, or that text."""
    return _parameters(given) is not None


def read(given: Given) -> Imported:
    """The film of one picture: a frame, with a first move in a comment."""
    found = _parameters(given)
    if found is None:
        why = (
            "the picture carries no `parameters`"
            if is_picture(given.data)
            else "it has no line `Steps: …, Sampler: …`"
        )
        raise NotThisFormat(why)
    recipe = Recipe(given, "Made of a picture's parameters: one frame, of its words and numbers.", 1)
    _Still(found, recipe).read()
    return imported(recipe)


def _parameters(given: Given) -> str | None:
    """The text; None if there is none."""
    if is_picture(given.data):
        text = texts_of(given.data, ("parameters",)).get("parameters", "")
    else:
        if len(given.data) > _MOST_TEXT:
            return None
        try:
            text = text_of(given).text
        except NotThisFormat:
            return None
    text = text.replace("\r\n", "\n").lstrip("\ufeff")
    last = next(reversed([*_LAST.finditer(text)]), None)
    return text if last is not None and len(last[0]) <= _MOST_LINE else None


class _Still:
    """One text, and the film that it becomes."""

    def __init__(self, text: str, recipe: Recipe) -> None:
        *_, last = _LAST.finditer(text)
        self.text = text
        self.recipe = recipe
        self.values = dict(pairs(last[0]))
        front = text[: last.start()]
        # as A1111 reads it: from the first such line on, and the mark is left out of any other
        positive, *negative = re.split(rf"^ *{_NEGATIVE}", front, flags=re.MULTILINE)
        self.positive, self.negative = positive.strip(), "".join(negative).strip()
        self.behind = text[last.end() :].strip()

    def read(self) -> None:
        """Fills the film."""
        recipe, values = self.recipe, self.values
        if (size := _SIZE.fullmatch(values.get("Size", ""))) is not None:
            recipe.sized(int(size[1]), int(size[2]), "Size")
        recipe.seeded(_whole(values.get("Seed")), "Seed")
        self._models()
        self._prompts()
        recipe.sampler(*self._sampler(), "Sampler")
        recipe.steps(_number(values.get("Steps")), "Steps")
        recipe.cfg(_number(values.get("CFG scale")), "CFG scale")
        recipe.number("clip_skip", _number(values.get("Clip skip")), 1, 12, "Clip skip")
        if "Eta" in values:
            recipe.number("eta", _number(values["Eta"]), 0, 1, "Eta")
        self._strength()
        self._rest()
        for line in self.behind.split("\n")[:_MOST_BEHIND] if self.behind else ():
            name = line.partition(":")[0][:40]
            recipe.say(Fate.OBSOLETE if name in _OBSOLETE else Fate.LOST, name, _OBSOLETE.get(name, _BEHIND))
        recipe.beside["length"] = "one picture"
        recipe.after += [
            Comment("A first move: write `length = 4s` and `strength = 0.45`, and take this # away:"),
            Comment("camera 3d { translation_z = 20 per s; rotation_3d_y = 2deg per s }", code=True),
        ]

    def _sampler(self) -> tuple[str, str]:
        """Newer versions keep the spacing apart."""
        name, spacing = self.values.get("Sampler", ""), self.values.get("Schedule type", "")
        return name, "" if spacing.lower() in name.lower() else spacing

    def _prompts(self) -> None:
        recipe = self.recipe
        recipe.prompts = [("0", self._worded(self.positive, 0, loads=True))]
        recipe.say(Fate.MAPPED, "prompt")
        if self.negative:
            recipe.negatives = [("0", self._worded(self.negative, self.text.find(_NEGATIVE), loads=False))]
            recipe.say(Fate.MAPPED, "Negative prompt", "`negative`")

    def _worded(self, text: str, start: int, *, loads: bool) -> str:
        try:
            found = words(text.replace("`", "'"), 0)
        except Crash as crash:
            source = Source(self.recipe.given.name, self.text)
            span = Span(start + crash.start, start + crash.end)
            wrong = Diagnostic("E1095", Severity.ERROR, source, span, crash.message, hint=crash.hint)
            self.recipe.diagnostics.append(wrong)
            return '""'
        for says in found.changed:
            self.recipe.say(Fate.CHANGED, "prompt", says)
        for lora in found.loras if loads else ():
            if lora.kind == "hypernet":
                self.recipe.say(Fate.LOST, f"<hypernet:{lora.name}>", "there are no hypernetworks here")
            else:
                self.recipe.adapters.append(Adapter(lora.name, lora.weight, f"<{lora.kind}:{lora.name}>"))
        return found.value

    def _models(self) -> None:
        recipe, values = self.recipe, self.values
        if model := values.get("Model", ""):
            recipe.model = with_ending(last_part(model))
            digest = values.get("Model hash", "")
            recipe.beside["model"] = (
                f"its hash began with {digest}" if re.fullmatch(r"[0-9a-fA-F]{6,64}", digest) else ""
            )
            recipe.say(Fate.MAPPED, "Model", f"`model`: {recipe.model}")
        if (vae := values.get("VAE", "")) and vae != "None":
            recipe.vae = last_part(vae)
            recipe.say(Fate.MAPPED, "VAE", "`vae`")

    def _strength(self) -> None:
        """A picture that was made of another one, or a second pass over it."""
        recipe, value = self.recipe, _number(self.values.get("Denoising strength"))
        recipe.diffuse["strength"] = "1"
        if value is None:
            return
        if "Hires upscale" in self.values or "Hires resize" in self.values:
            recipe.say(
                Fate.CHANGED, "Denoising strength", "it is of the second pass: try `large = two_stage`"
            )
            return
        recipe.diffuse["strength"] = number_text(f"{min(max(value, 0), 1):g}")
        recipe.lets.append(Statement("init = none", "The picture was made of another one: name it here."))
        recipe.say(
            Fate.CHANGED,
            "Denoising strength",
            "`strength`; the picture that it was made of is not in the file",
        )

    def _rest(self) -> None:
        for name in _NUMBERS:
            if name in self.values and _number(self.values[name]) is _whole(self.values[name]) is None:
                self.recipe.say(Fate.LOST, name, f"`{self.values[name][:40]}` is no number")
        for name in self.values:
            if name in _KNOWN:
                continue
            if name in _HASHES:
                self.recipe.say(Fate.OBSOLETE, name, "`anim models lock` keeps whole hashes")
            elif name.startswith("Hires"):
                says = "a larger picture in two passes is a larger `size` with `large = two_stage`"
                self.recipe.say(Fate.LOST, name, says)
            elif name == "Civitai resources":
                says = "it names models by numbers: write `civitai:…` where a model or LoRA is missing"
                self.recipe.say(Fate.LOST, name, says)
            elif name.startswith("ControlNet"):
                self.recipe.say(Fate.LOST, name, "write `control KIND { … }` with its picture")
            elif name in _OBSOLETE:
                self.recipe.say(Fate.OBSOLETE, name, _OBSOLETE[name])
            else:
                self.recipe.say(Fate.LOST, name, "a film has nothing like it")


def _number(text: str | None) -> float | None:
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if abs(value) < 1e15 else None


def _whole(text: str | None) -> int | None:
    return int(text) if text is not None and re.fullmatch(r"-?\d{1,20}", text) else None
