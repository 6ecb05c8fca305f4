"""What the command line says of the films that it names: the same options, with one meaning, everywhere."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cyclopts import Parameter

from anim_studio.cli.build import Overrides
from anim_studio.cli.exits import Exit, Stop
from anim_studio.cli.frame_ranges import spelled_range, within
from anim_studio.cli.load import Loaded, load, unheard
from anim_studio.cli.options import Define, Fps, Frames, SceneName, Seed, Size, Steps, Tier
from anim_studio.cli.variants import VariantName, variant_place

if TYPE_CHECKING:
    from anim_compiler.asking import Part as FilmPart
    from anim_compiler.film import Film
    from anim_compiler.plan import OutputSpec
    from anim_studio.cli.environment import Environment

#: what an output says that belongs to its own kind of file
_OF_ITS_KIND = ("codec", "quality", "bits", "loop")


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class Choice:
    """What is wanted of a film, and what stands over its own word; None leaves that."""

    size: Size = None
    fps: Fps = None
    frames: Frames = None
    scene: SceneName = None
    steps: Steps = None
    seed: Seed = None
    tier: Tier = None
    variant: VariantName = None
    define: Define = ()

    def load(self, path: Path, environment: Environment) -> Loaded:
        """The film or its chosen variant, with the values given to its `let`s. Raises `Stop`."""
        loaded = load(path, environment.cache, given=self.define)
        if self.variant is None or loaded.film is None:
            return loaded
        place = variant_place(loaded.film, self.variant)
        return load(path, environment.cache, place, given=self.define)

    def overrides(self, part: Part | None = None) -> Overrides:
        """For a plan of the whole film, or of a part of it."""
        frames = None if part is None else part.frames
        return Overrides(self.size, self.fps, frames, self.steps, self.seed, self.tier or "final")

    def parts(self, loaded: Loaded) -> tuple[Part, ...]:
        """What of a film is wanted, in its order: all of it, a scene, or ranges of frames.

        Each part is rendered as a film of its own: its first frame begins a chain as a scene does. Raises
        `Stop` for a scene or for frames that it does not have.
        """
        if loaded.film is None or (self.frames is None and self.scene is None):
            return (self._part(),)
        first, end, count = self._place(loaded, loaded.film)
        if self.frames is None:
            return (self._part() if end - first == count else self._part((first, end), self.scene or ""),)
        found = within(self.frames, first, end)
        beyond = next((one for one in self.frames if one[0] >= count), None)
        if beyond is not None and found:
            hint = f"it has {spelled_range(0, count)}"
            raise Stop(Exit.USAGE, f"`{loaded.film.name}` has no frame {beyond[0]}", hint)
        if not found:
            whose = f"`{self.scene}`" if self.scene else f"`{loaded.film.name}`"
            hint = f"it has {spelled_range(first, end)}"
            raise Stop(Exit.USAGE, f"{whose} has none of these frames", hint)
        if found == ((0, count),):
            return (self._part(),)
        return tuple(self._part(frames, spelled_range(*frames)) for frames in found)

    def only_part(self, loaded: Loaded, command: str) -> Part:
        """The one part that is wanted. Raises `Stop` if there are several."""
        first, *others = self.parts(loaded)
        if others:
            hint = f"write one, such as `--frames {first.label}`"
            raise Stop(Exit.USAGE, f"`{command}` takes one range of frames", hint)
        return first

    def scene_frames(self, loaded: Loaded) -> tuple[tuple[int, int], ...]:
        """The frames of the wanted scenes, each first and end. Raises `Stop` for one that is none."""
        if loaded.film is None:
            return ()
        scenes, _ = self._scenes(loaded, loaded.film)
        return tuple((scene.first, scene.end) for scene in scenes)

    def _part(self, frames: tuple[int, int] | None = None, label: str = "") -> Part:
        tier = "" if self.tier == "final" else self.tier or ""
        return Part(frames, "-".join(word for word in (tier, label) if word))

    def _place(self, loaded: Loaded, film: Film) -> tuple[int, int, int]:
        """The frames that are spoken of, and how many the film has."""
        scenes, count = self._scenes(loaded, film)
        return scenes[0].first, scenes[-1].end, count

    def _scenes(self, loaded: Loaded, film: Film) -> tuple[tuple[FilmPart, ...], int]:
        """The scenes that are spoken of, and how many frames the film has."""
        from anim_compiler.scene_frames import scene_frames
        from anim_compiler.sound.problem import AudioError

        try:
            scenes = scene_frames(film, loaded.world, self.fps)
        except AudioError as error:
            raise unheard(error) from None
        chosen = tuple(scene for scene in scenes if self.scene in (None, scene.name))
        if not chosen:
            raise no_scene(film.name, self.scene or "", [scene.name for scene in scenes])
        return chosen, scenes[-1].end


@dataclass(frozen=True, slots=True)
class Part:
    """Frames `first <= f < end` of a film, and what files of them are called beside; None is all of it."""

    frames: tuple[int, int] | None = None
    label: str = ""

    @property
    def is_still(self) -> bool:
        """Whether it is a single frame."""
        return self.frames is not None and self.frames[1] == self.frames[0] + 1

    def path(self, path: Path) -> Path:
        """The path of this part's file beside that of the whole film: `film.mp4` to `film-0-47.mp4`.

        A sequence of pictures keeps its name, because its numbers are the film's.
        """
        if not self.label or "{frame" in path.name:
            return path
        return path.with_name(f"{path.stem}-{self.label}{path.suffix}")

    def output(self, spec: OutputSpec) -> OutputSpec:
        """An output of the film for this part: a file of its own, of one frame a picture."""
        path = self.path(Path(spec.path))
        if not self.is_still or "{frame" in path.name:
            return spec.model_copy(update={"path": path.as_posix()})
        changed = dict.fromkeys(_OF_ITS_KIND) | {"fps": None, "audio": None, "speed": "1", "interpolate": 1}
        return spec.model_copy(update=changed | {"path": path.with_suffix(".png").as_posix()})


#: the films as they are written
EVERYTHING = Choice()


def no_scene(film: str, wanted: str, names: list[str]) -> Stop:
    """What ends a command that is asked for a scene which a film does not have."""
    from anim_dsl.nearest import nearest

    near = nearest(wanted, names)
    if near:
        return Stop(Exit.USAGE, f"`{film}` has no scene `{wanted}`", f"did you mean `{near}`?")
    hint = f"it has {', '.join(f'`{name}`' for name in names[:5])}"
    return Stop(Exit.USAGE, f"`{film}` has no scene `{wanted}`", hint)


def several_outputs(
    outputs: tuple[OutputSpec, ...], named: Path | None, part: Part, parts: int
) -> tuple[OutputSpec, ...]:
    """The files of one of so many parts: those of a part have names of their own, but for a file that the
    command line names for the only one.
    """
    if named is not None and parts == 1:
        return outputs
    return tuple(dict.fromkeys(part.output(spec) for spec in outputs))
