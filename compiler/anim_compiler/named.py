"""What a shot has by name: controls, LoRAs, layers; and its pipeline."""

from __future__ import annotations

from collections.abc import Iterator

from anim_compiler.entries import merged, without_none
from anim_compiler.expressions import Expressions
from anim_compiler.film import Camera, Control, Embedding, Layer, Lora, Pipeline
from anim_compiler.levels import Collected, Level, Part
from anim_compiler.names import did_you_mean
from anim_compiler.setting import Entry
from anim_compiler.world import World


class NamedThings:
    """The named blocks of one film: a scene's replace the film's of the same name, setting by setting."""

    def __init__(self, check: Expressions, found: Collected, world: World) -> None:
        self._check = check
        self._found = found
        self._world = world

    def controls(self, own: Level) -> tuple[Control, ...]:
        """The controls of a shot, the film's first."""
        if not self._any("control", own):
            return ()
        from anim_compiler.controls import control

        made = [
            control(self._check, part.kind, part.name, rows, part.span, part.at, world=self._world)
            for part, rows in self._of("control", own)
        ]
        return tuple(one for one in made if one is not None)

    def loras(self, own: Level) -> tuple[Lora, ...]:
        """The LoRAs of a shot, the film's first."""
        if not self._any("lora", own):
            return ()
        from anim_compiler.adapters import lora

        made: list[Lora] = []
        for part, rows in self._of("lora", own):
            if part.value is None:
                self._without_file(part)
                continue
            one = lora(self._check, part.name, part.value, rows, part.span, self._world)
            if one is not None:
                made.append(one)
        return tuple(made)

    def layers(self, own: Level) -> tuple[Layer, ...]:
        """The layers of a shot, the film's first; later ones lie above."""
        if not self._any("layer", own):
            return ()
        from anim_compiler.layers import layer

        made = [
            layer(self._check, part.name, rows, part.span, self._world)
            for part, rows in self._of("layer", own)
        ]
        return tuple(one for one in made if one is not None)

    def embeddings(self) -> tuple[Embedding, ...]:
        """The film's embeddings."""
        if not self._any("embedding", self._found.film):
            return ()
        from anim_compiler.adapters import embedding

        made: list[Embedding] = []
        for part, _ in self._of("embedding", self._found.film):
            if part.value is None:
                self._without_file(part)
                continue
            one = embedding(self._check, part.name, part.value, part.span, self._world)
            if one is not None:
                made.append(one)
        return tuple(made)

    def pipeline(self, own: Level, camera: Camera | None) -> Pipeline | None:
        """The shot's own pipeline, or all of the film's."""
        part = own.pipeline or self._found.film.pipeline
        if part is None or part.removed:
            return None
        from anim_compiler.pipelines import pipeline

        return pipeline(
            self._check,
            part.statements,
            part.span,
            env=part.env,
            world=self._world,
            cameras=self._found.cameras,
        )

    # --- inheritance ---

    def _any(self, word: str, own: Level) -> bool:
        levels = (self._found.film, own)
        return any(key[0] == word for level in levels for key in level.parts)

    def _of(self, word: str, own: Level) -> Iterator[tuple[Part, list[Entry]]]:
        """The parts of a shot with their settings."""
        base = {key: part for key, part in self._found.film.parts.items() if key[0] == word}
        mine = (
            {key: part for key, part in own.parts.items() if key[0] == word}
            if own is not (self._found.film)
            else {}
        )
        for key, part in [*base.items(), *mine.items()]:
            if part.removed and (key not in base or part is base[key]):
                self._nothing_removed(part, base)
        base = {key: part for key, part in base.items() if not part.removed}
        for key, part in base.items():
            over = mine.get(key)
            if over is None:
                yield part, without_none(part.entries)
            elif not over.removed:
                yield _over(part, over), without_none(merged(part.entries, over.entries))
        for key, part in mine.items():
            if key not in base and not part.removed:
                yield part, without_none(part.entries)

    def _nothing_removed(self, part: Part, base: dict[tuple[str, str], Part]) -> None:
        names = [name for (_, name), other in base.items() if other is not part]
        hint = did_you_mean(part.name, names) or "only what stands at the top of the file can be taken away"
        message = f"there is no `{part.word} {part.name}` to take away"
        self._check.findings.error("E2001", part.at, message, hint=hint)

    def _without_file(self, part: Part) -> None:
        hint = f'write `{part.word} {part.name} = "path"`'
        message = f"`{part.word} {part.name}` does not say which file it is"
        self._check.findings.error("E2011", part.at, message, hint=hint)


def _over(base: Part, own: Part) -> Part:
    """A scene's part over the film's: its own file if it names one."""
    if own.value is not None:
        return own
    return Part(own.word, base.kind, own.name, own.at, own.span, base.env, base.value, own.entries)
