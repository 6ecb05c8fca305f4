"""What tools that draw pictures from a prompt have in common, and the film that says it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PureWindowsPath

from anim_compiler.models.samplers import UnknownSampler, sampler_named
from anim_compiler.world import Problem, World
from anim_dsl.diagnostic import Diagnostic, has_errors
from anim_studio.interchange.film_mending import mended
from anim_studio.interchange.film_text import (
    Block,
    Comment,
    Gap,
    Item,
    Setting,
    Statement,
    identifier,
    quoted,
)
from anim_studio.interchange.formula_text import number_text
from anim_studio.interchange.imported import Fate, Given, Imported, Remark

_STEP = 8
_LARGEST_SEED = 2**53 - 1
_MOST_STEPS, _MOST_CFG = 1000, 50.0
_ENDINGS = (".safetensors", ".ckpt", ".pt", ".pth", ".bin", ".gguf", ".sft")


@dataclass(frozen=True, slots=True)
class Adapter:
    """A LoRA: its file or name, and its weight as a value of a film."""

    file: str
    weight: str = "1"
    what: str = "lora"


@dataclass(slots=True)
class Recipe:
    """A film before it is written, filled by an importer; `remarks` and `diagnostics` are what it found.

    Prompts are keys: a frame as it is written, and a value in quotes.
    """

    given: Given
    about: str
    frames: int = 0
    fps: str = ""
    width: int = 0
    height: int = 0
    seed: int | None = None
    model: str = ""
    vae: str = ""
    adapters: list[Adapter] = field(default_factory=list)
    lets: list[Item] = field(default_factory=list)
    prompts: list[tuple[str, str]] = field(default_factory=list)
    negatives: list[tuple[str, str]] = field(default_factory=list)
    morph: tuple[Setting, ...] = ()
    diffuse: dict[str, str] = field(default_factory=dict)
    beside: dict[str, str] = field(default_factory=dict)
    after: list[Item] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)

    def say(self, fate: Fate, what: str, says: str = "") -> None:
        """Keeps what became of something."""
        self.remarks.append(Remark(fate, what, says))

    def sampler(self, name: str, spacing: str = "", what: str = "sampler") -> None:
        """The sampler of another tool's name, with how its steps are spaced if that stands apart."""
        if not name:
            return
        plain = spacing.strip().lower().replace("_", " ")
        quiet = plain in ("", "normal", "simple", "automatic", "uniform")
        found = sampler_named(name if quiet else f"{name} {spacing}")
        plainly = sampler_named(name)
        if isinstance(found, UnknownSampler):
            if isinstance(plainly, str) and plainly == "DDIM" and plain.startswith("ddim"):
                found = plainly
            elif isinstance(plainly, str):
                # the sampler counts for more than how its steps are spaced
                found = UnknownSampler(name, plainly, f"`{name}` is not made here with `{spacing}` steps")
        if isinstance(found, UnknownSampler):
            self.say(Fate.CHANGED, what, found.message)
            self.beside["sampler"] = f"it was {name}{f' {spacing}' if spacing else ''}"
            found = found.nearest
        else:
            self.say(Fate.MAPPED, what, f"`{found}`")
        self.diffuse["sampler"] = quoted(found)

    def number(self, name: str, value: object, low: float, high: float, what: str = "") -> None:
        """A setting of `diffuse` that is a number, held within what it may be."""
        if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
            return
        held = min(max(value, low), high)
        if held != value:
            says = f"{value:g} is beyond what `{name}` may be; it is {held:g}"
            self.say(Fate.CHANGED, what or name, says)
        else:
            self.say(Fate.MAPPED, what or name)
        self.diffuse[name] = number_text(f"{held:.10g}")

    def steps(self, value: object, what: str = "steps") -> None:
        """How many steps a picture takes."""
        whole = int(value) if isinstance(value, float) and abs(value) < 1e9 else value
        self.number("steps", whole, 0, _MOST_STEPS, what)

    def cfg(self, value: object, what: str = "cfg_scale") -> None:
        """How closely the picture follows the prompt."""
        self.number("cfg_scale", value, 0, _MOST_CFG, what)

    def seeded(self, value: object, what: str = "seed") -> None:
        """The seed; one that is too long for a film is cut, and -1 stays, which is drawn and recorded."""
        if isinstance(value, bool) or not isinstance(value, int):
            return
        seed = -1 if value < 0 else value & _LARGEST_SEED
        cut = seed != value and value >= 0
        self.say(
            Fate.CHANGED if cut else Fate.MAPPED,
            what,
            f"{value} has more bits than a film's seed; it is {seed}" if cut else "",
        )
        self.seed = seed

    def sized(self, width: object, height: object, what: str = "size") -> None:
        """The picture's size, in steps of 8 pixels."""
        if not isinstance(width, int) or not isinstance(height, int) or min(width, height) < _STEP:
            return
        self.width, self.height = (max(_STEP, min(4096, each) // _STEP * _STEP) for each in (width, height))
        same = (self.width, self.height) == (width, height)
        says = "" if same else f"{width}x{height} is not in steps of 8, or too large"
        self.say(Fate.MAPPED if same else Fate.CHANGED, what, says)


def imported(recipe: Recipe) -> Imported:
    """The film of a recipe; without text if something in the file cannot be read."""
    if has_errors(recipe.diagnostics):
        return Imported("", tuple(recipe.remarks), diagnostics=tuple(recipe.diagnostics))
    text, lost = mended(tuple(_items(recipe)), recipe.given.folder, recipe.given.stem)
    for what, why in lost:
        recipe.say(Fate.CHANGED, what, f"the film has a comment in its place: {why}")
    return Imported(text, tuple(dict.fromkeys(recipe.remarks)), diagnostics=tuple(recipe.diagnostics))


def last_part(path: str) -> str:
    """A file's name without its folders, whichever way they are written."""
    return PureWindowsPath(path.strip()).name or path.strip()


def _items(recipe: Recipe) -> Iterator[Item]:
    yield Comment(recipe.about)
    if recipe.width:
        yield Setting("size", f"{recipe.width}x{recipe.height}")
    if recipe.fps:
        yield Setting("fps", recipe.fps, beside=recipe.beside.get("fps", ""))
    yield Setting("length", f"{max(1, recipe.frames)}f", beside=recipe.beside.get("length", ""))
    if recipe.seed is not None:
        yield Setting("seed", str(recipe.seed))
    yield Gap()
    if recipe.model:
        yield Setting("model", quoted(recipe.model), beside=recipe.beside.get("model", ""))
    if recipe.vae:
        yield Setting("vae", quoted(recipe.vae))
    yield from _adapters(recipe)
    yield Gap()
    yield from recipe.lets
    yield Gap()
    yield Block("prompt", tuple(_prompt(recipe)))
    yield Gap()
    made = tuple(
        Setting(name, value, beside=recipe.beside.get(name, "")) for name, value in recipe.diffuse.items()
    )
    yield Block("diffuse", made, why=recipe.beside.get("diffuse", ""))
    yield Gap()
    yield from recipe.after


def _prompt(recipe: Recipe) -> Iterator[Item]:
    for at, value in recipe.prompts:
        yield Statement(f"{at}: {value}")
    if recipe.prompts:
        yield from recipe.morph
    values = {value for _, value in recipe.negatives}
    if values == {'""'} or not values:
        return
    if len(values) == 1:
        yield Setting("negative", recipe.negatives[0][1])
    else:
        keys = tuple(recipe.negatives)
        yield Setting("negative", ", ".join(f"{at}: {value}" for at, value in keys), keys=keys)


def _adapters(recipe: Recipe) -> Iterator[Item]:
    """LoRAs that are here as statements; the others in comments, for a film without them is no mistake."""
    world = World.open(Path(recipe.given.folder) / f"{recipe.given.stem}.anim")
    taken: list[str] = []
    for one in recipe.adapters:
        stem = last_part(one.file).rsplit(".", 1)[0]
        name = identifier(stem, taken, "lora")
        taken.append(name)
        found = next((file for file in _spellings(one.file) if _is_here(world, file)), None)
        written = found or next(iter(_spellings(one.file)))
        block = "" if one.weight in ("1", "1.0") else f" {{ weight = {one.weight} }}"
        statement = f"lora {name} = {quoted(written)}{block}"
        if found is not None:
            recipe.say(Fate.MAPPED, one.what, f"`lora {name}`")
            yield Statement(statement)
        else:
            recipe.say(
                Fate.CHANGED, one.what, f"`{written}` is not here; the film has a comment in its place"
            )
            yield Comment(f"{statement}  # not here: add it, or write `civitai:…`", code=True)


def with_ending(name: str) -> str:
    """A model's file: those who leave the ending away mean the usual one; `sd_xl_base_1.0` has none."""
    return name if name.lower().endswith(_ENDINGS) else f"{name}.safetensors"


def _spellings(file: str) -> Iterator[str]:
    last = last_part(file)
    yield with_ending(last)
    yield last
    if file.strip() and file.strip() != last:
        yield file.strip().replace("\\", "/")


def _is_here(world: World, file: str) -> bool:
    return "\0" not in file and not isinstance(world.resolve(file), Problem)
