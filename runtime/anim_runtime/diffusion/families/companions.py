"""The parts that a single file leaves out, out of a folder of diffusers that has them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from anim_compiler.models.folders import read_json
from anim_runtime.diffusion.families.blueprint import BLUEPRINTS, Blueprint, UnknownModel
from anim_runtime.models.library import Places


class Companions:
    """Folders of whole models of a blueprint: the one beside a file that is called like it, its neighbours,
    and those of the user's library.
    """

    def __init__(self, path: Path, blueprint: Blueprint, places: Places) -> None:
        self._path = path
        self._blueprint = blueprint
        self._places = places

    def having(self, part: str, what: str) -> Path:
        """A folder that has a part (`text_encoder`); UnknownModel, which calls it `what`, if none has."""
        for folder in self._folders():
            is_words = part.startswith("tokenizer") and (folder / part).is_dir()
            if is_words or any((folder / part).glob("*.safetensors")):
                return folder
        own = self._path.with_suffix("").name
        hint = (
            "fetch a whole model of the family: `anim models add hf:OWNER/NAME`, or put its folder beside "
            f"the file as `{own}`"
        )
        raise UnknownModel(f"it holds no {what}, and no other model here has one", hint)

    def _folders(self) -> Iterator[Path]:
        own = self._path.with_suffix("")
        beside = sorted(folder for folder in self._path.parent.iterdir() if folder.is_dir())
        for folder in (own, *beside, *self._kept()):
            index = read_json(folder / "model_index.json")
            told = BLUEPRINTS.get(str(index.get("_class_name"))) if index is not None else None
            if told is not None and told.family == self._blueprint.family:
                yield folder

    def _kept(self) -> Iterator[Path]:
        """What the library has of the family, as folders."""
        if self._places.library is None:
            return
        from anim_runtime.models.collection import Library

        library = Library(self._places.library)
        try:
            if library.is_there:
                for entry in library.index.entries():
                    if entry.facts.family == self._blueprint.family and entry.path.is_dir():
                        yield entry.path
        finally:
            library.close()
