"""The film of a workflow: its model, LoRAs, sampler and size, and the prompts that FizzNodes schedule."""

from __future__ import annotations

import math
from dataclasses import dataclass

from anim_studio.interchange.comfyui.graph import Node, Workflow, workflow
from anim_studio.interchange.comfyui.models import LOADERS, add_models
from anim_studio.interchange.comfyui.prompts import add_negative, add_positive, schedules
from anim_studio.interchange.film_text import Comment, quoted
from anim_studio.interchange.fizznodes import value_of, whole
from anim_studio.interchange.formula_text import number_text
from anim_studio.interchange.imported import Fate, Given, Imported, NotThisFormat, text_of
from anim_studio.interchange.picture_text import texts_of
from anim_studio.interchange.recipe import Recipe, imported, last_part

_SAMPLERS = ("KSampler", "SamplerCustom", "easy kSampler")
#: what leaves no trace in a film, because everything does it
_QUIET = frozenset(
    {"VAEDecode", "VAEDecodeTiled", "VAEEncode", "VAELoader", "SaveImage", "PreviewImage", "LoadImage"}
    | {"Note", "MarkdownNote", "Reroute", "PrimitiveNode", "String"}
    | {"PrimitiveString", "PrimitiveInt", "PrimitiveFloat", "CLIPTextEncode", "CLIPSetLastLayer"}
    | {"EmptyLatentImage", "ADE_EmptyLatentImageLarge", "LatentBatch", "RepeatLatentBatch"}
    | {"VHS_VideoCombine", "ADE_AnimateDiffCombine", "SaveAnimatedWEBP", "SaveWEBM", "CreateVideo"}
    | {"SaveVideo", "ConditioningAverage", "BasicScheduler", "KSamplerSelect", "RandomNoise"}
    | {"CFGGuider", "BasicGuider", "CLIPTextEncodeSDXL", "ConditioningZeroOut", "DualCLIPLoader"}
    | {"PrimitiveStringMultiline", "CLIPLoader", "EmptySD3LatentImage", "PreviewAny"}
)
#: what newer samplers are put together from
_PARTS = frozenset({"KSamplerSelect"})
_READ = (*_SAMPLERS, *LOADERS, "LoraLoader", "Power Lora Loader")
_MOST_TOLD = 12
_SIZE = ("width", "height")
_WIDE = frozenset({"width", "empty_latent_width"})


def looks_like(given: Given) -> bool:
    """Whether it is a workflow, or a picture that has one."""
    return _workflow(given) is not None


def read(given: Given) -> Imported:
    """The film of a workflow."""
    found = _workflow(given)
    if found is None:
        raise NotThisFormat("it is no workflow: an object of nodes with `class_type`, or one with `nodes`")
    recipe = Recipe(given, "Made of a ComfyUI workflow.")
    samplers = [node for node in found.of(*_SAMPLERS) if node.kind not in _PARTS]
    scheduled = schedules(found)
    if not samplers and not scheduled and not list(found.of("CLIPTextEncode")):
        raise NotThisFormat("it is a workflow without a sampler and without a prompt")
    sampler = _first(found, samplers)
    for other in samplers:
        if other is sampler:
            continue
        recipe.say(Fate.LOST, f"{other.kind} {other.id}", "a film has one sampler; this one is a second pass")
    reading = _Reading(found, recipe, sampler)
    reading.frames()
    add_positive(found, recipe, sampler, scheduled)
    add_negative(found, recipe, sampler)
    add_models(found, recipe, sampler)
    reading.sampling()
    reading.motion()
    return imported(recipe)


def _first(graph: Workflow, samplers: list[Node]) -> Node | None:
    """The sampler that begins: whose latent no other one has drawn; of several the one with a schedule."""
    first = [
        node
        for node in samplers
        if (start := graph.behind(node.inputs.get("latent_image"))) is None
        or not any(other in samplers for other in graph.upstream(start[0]))
    ] or samplers
    planned = schedules(graph)
    with_one = (node for node in first if any(other in planned for other in graph.upstream(node)))
    return next(with_one, first[0] if first else None)


def _workflow(given: Given) -> Workflow | None:
    texts = texts_of(given.data, ("prompt", "workflow"))
    for name in ("prompt", "workflow"):
        if name in texts:
            return workflow(texts[name])
    try:
        return workflow(text_of(given).text)
    except NotThisFormat:
        return None


@dataclass(frozen=True, slots=True)
class _Reading:
    """One workflow, whose sampler may be missing."""

    graph: Workflow
    recipe: Recipe
    sampler: Node | None

    def input(self, name: str) -> object:
        """A value of the sampler."""
        return None if self.sampler is None else self.graph.plain(self.graph.asked(self.sampler, name))

    def frames(self) -> None:
        """How long the film is, how large, and how fast it plays."""
        recipe, graph = self.recipe, self.graph
        latent = self._latent()
        wanted = 0
        if latent is not None:
            names = _SIZE if "width" in latent.inputs else tuple(f"empty_latent_{each}" for each in _SIZE)
            width, height = (graph.plain(latent.inputs.get(name)) for name in names)
            recipe.sized(width, height, "width, height")
            wanted = whole(graph.plain(latent.inputs.get("batch_size")), 1)
        told = [whole(graph.plain(node.inputs.get("max_frames")), 0) for node in schedules(graph)]
        most = max(told, default=0)
        recipe.frames = wanted if wanted > 1 else max(most, 1)
        if wanted > 1 and most and most != wanted:
            says = f"`batch_size` of {wanted} frames is what is made; formulas count with {most}"
            recipe.say(Fate.CHANGED, "max_frames", says)
        else:
            recipe.say(Fate.MAPPED, "max_frames" if most else "batch_size", "`length`")
        for node in graph.of("VHS_VideoCombine", "ADE_AnimateDiffCombine", "SaveAnimatedWEBP", "CreateVideo"):
            rate = graph.plain(node.inputs.get("frame_rate", node.inputs.get("fps")))
            if isinstance(rate, int | float) and 0 < rate <= 240:
                recipe.fps = number_text(f"{rate:g}")
                recipe.say(Fate.MAPPED, "frame_rate", "`fps`")
                break

    def _latent(self) -> Node | None:
        if self.sampler is not None:
            found = self.graph.behind(self.sampler.inputs.get("latent_image"))
            if found is not None:
                near = self.graph.upstream(found[0])
                return next((node for node in near if _WIDE & set(node.inputs)), found[0])
        return next(self.graph.of("EmptyLatent", "ADE_EmptyLatent"), None)

    def sampling(self) -> None:
        """The sampler's own values."""
        recipe = self.recipe
        names = [self.input(each) for each in ("sampler_name", "scheduler")]
        if isinstance(names[0], str):
            recipe.sampler(names[0], names[1] if isinstance(names[1], str) else "", "sampler_name")
        recipe.steps(self._steps())
        recipe.cfg(self.input("cfg"), "cfg")
        recipe.seeded(self.input("seed") if self.input("seed") is not None else self.input("noise_seed"))
        recipe.diffuse["strength"] = self._strength()
        for theirs, ours in (("steps", "steps"), ("cfg", "cfg_scale"), ("denoise", "strength")):
            if curve := self._curve(theirs):
                recipe.diffuse[ours] = curve
                recipe.say(Fate.MAPPED, theirs, f"`{ours}`, by a value schedule")
                if ours == "strength":
                    self._start()
        recipe.diffuse["seed_mode"] = "fixed"
        recipe.beside["diffuse"] = (
            "Every frame is drawn anew from the same noise; less `strength` carries the last one on."
        )

    def _denoise(self) -> float:
        """What is drawn anew of the picture that the sampler begins with; 1 where there is none."""
        denoise = self.input("denoise")
        if not isinstance(denoise, int | float) or isinstance(denoise, bool) or not 0 < denoise < 1:
            return 1.0
        return denoise

    def _steps(self) -> object:
        """The steps of a whole picture: there all of them are taken, here the share that is drawn anew."""
        steps, denoise = self.input("steps"), self._denoise()
        if not isinstance(steps, int) or isinstance(steps, bool) or denoise == 1.0:
            return steps
        self.recipe.beside["steps"] = f"{steps} of them are taken, as there"
        return math.ceil(steps / denoise - 1e-9)

    def _curve(self, name: str) -> str:
        """What a value schedule gives to the sampler; its second output is cut to whole numbers."""
        found = None if self.sampler is None else self.graph.behind(self.graph.asked(self.sampler, name))
        if found is None or "ValueSchedule" not in found[0].kind:
            return ""
        text, frames = (self.graph.plain(found[0].inputs.get(each)) for each in ("text", "max_frames"))
        if not isinstance(text, str):
            return ""
        value = value_of(self.recipe, name, text, whole(frames, self.recipe.frames))
        written = "" if value is None else value.text
        return f"floor(({written}))" if written and found[1] == 1 else written

    def _strength(self) -> str:
        """How much of the picture that the sampler begins with is made anew; all where there is none."""
        denoise = self._denoise()
        if denoise == 1.0:
            return "1"
        self._start()
        self.recipe.say(Fate.MAPPED, "denoise", "`strength`")
        return number_text(f"{denoise:g}")

    def _start(self) -> None:
        """The picture that the sampler begins with, in a comment: it lies in a folder of ComfyUI."""
        around = () if self.sampler is None else self.graph.upstream(self.sampler)
        images = [node for node in around if node.kind == "LoadImage"]
        name = self.graph.plain(images[0].inputs.get("image")) if images else None
        if isinstance(name, str):
            self.recipe.lets.append(
                Comment(f"image start = {quoted(last_part(name))}  # the picture that was loaded", code=True)
            )
            self.recipe.lets.append(Comment("init = start", code=True))
            self.recipe.say(
                Fate.CHANGED, "LoadImage", "put the picture beside the film, and take the `#` away"
            )

    def motion(self) -> None:
        """What the film does not have."""
        told: set[str] = set()
        for node in self.graph.nodes.values():
            if node.is_off or node.kind in _QUIET or node.kind in told:
                continue
            told.add(node.kind)
            if "AnimateDiff" in node.kind or node.kind.startswith("ADE_"):
                says = "no motion module: each frame is drawn for itself, and `camera` moves the picture"
                self.recipe.say(Fate.LOST, node.kind, says)
            elif "ControlNet" in node.kind or "IPAdapter" in node.kind:
                self.recipe.say(Fate.LOST, node.kind, "write `control KIND { … }` with a picture or video")
            elif not node.kind.startswith(_READ) and "Schedule" not in node.kind and len(told) < _MOST_TOLD:
                self.recipe.say(Fate.LOST, node.kind, "this node is not carried over")
