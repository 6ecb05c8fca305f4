"""A document's statements sorted into levels and blocks: what is set where, each thing once."""

from __future__ import annotations

from anim_compiler import headed, media_words, scenes
from anim_compiler.declare import MEDIA, Declarer
from anim_compiler.entries import add
from anim_compiler.env import Env, WrittenBinding
from anim_compiler.expressions import Expressions
from anim_compiler.imports import Importer
from anim_compiler.levels import CameraPart, Collected, Level, PipelinePart, PromptPart
from anim_compiler.names import did_you_mean
from anim_compiler.setting import Entry
from anim_compiler.templates import Templates
from anim_compiler.unknown import BLOCKS, unknown_word
from anim_dsl.diagnostic import Label
from anim_dsl.source import Span
from anim_dsl.syntax import (
    Def,
    Document,
    Expr,
    KeyLine,
    Let,
    Name,
    Setting,
    Statement,
    Word,
)
from anim_dsl.words import WORDS

PARTS = frozenset({"control", "lora", "embedding", "layer"})
"""Statements whose blocks have names."""


class Collector:
    """Sorts one film's statements; what has no place is reported."""

    def __init__(self, check: Expressions, importer: Importer) -> None:
        self.check = check
        self.findings = check.findings
        self.declare = Declarer(check.findings, check.scope.missing)
        self.templates = Templates(self)
        self._importer = importer
        self.found = Collected(Level(check.env))

    @property
    def imports(self) -> list[tuple[Span, str, Env]]:
        """What the film imports without a name of its own."""
        return self._importer.plain

    def document(self, document: Document) -> Collected:
        """The whole film."""
        self.check.scope.missing.update(document.broken)
        env = self.found.film.env
        for statement in document.statements:
            if isinstance(statement, Word) and statement.word.text == "import":
                self._importer.into(statement, env)
        self.opened(env)
        self.declare.all(document.statements, env)
        for statement in document.statements:
            self.at_level(statement, self.found.film, env)
        scenes.between(self.findings, document.statements)
        return self.found

    def opened(self, env: Env) -> Env:
        """Remembers a scope, so that what is never used in it can be told."""
        self.found.scopes.append(env)
        return env

    def scope_of(self, statements: tuple[Statement, ...], outer: Env) -> Env:
        """The scope of a block: a new one if it defines names, else that around it."""
        if not any(isinstance(statement, Let | Def) for statement in statements):
            return outer
        env = self.opened(outer.inner())
        self.declare.all(statements, env)
        return env

    # --- a level: the file, a scene, or a template used there ---

    def at_level(self, statement: Statement, level: Level, env: Env, *, used: bool = False) -> None:
        """One statement outside blocks; `used` if a template gave it."""
        match statement:
            case Let() | Def():
                pass
            case Setting():
                self._setting(statement, level, env)
            case Word():
                self._word(statement, level, env, used)
            case KeyLine():
                self.findings.error(
                    "E2011",
                    statement.span,
                    "a key stands outside any block",
                    hint="keys of the prompt stand in `prompt { … }`",
                )

    def _setting(self, statement: Setting, level: Level, env: Env) -> None:
        path = statement.name.path
        self._no_block(statement)
        if len(path) == 1 and path[0] in PARTS:
            self.findings.error(
                "E2011",
                statement.name.span,
                f"`{path[0]}` needs to know which one",
                hint=f"write `{path[0]} NAME = …`",
            )
        elif len(path) == 1 and path[0] == "pipeline" and self.entry(statement, "", env).is_none:
            level.pipeline = PipelinePart(statement.name.span, statement.span, env, removed=True)
        elif len(path) == 1 and media_words.lone(self, statement):
            pass
        elif len(path) == 1:
            add(self.findings, level.name, self.entry(statement, path[0], env), self._rows(level, level.name))
        elif len(path) == 2 and path[0] == "camera":
            self.camera_part(level, statement.name.span).entries.append(self.entry(statement, path[1], env))
        elif len(path) == 2 and path[0] in BLOCKS:
            add(self.findings, path[0], self.entry(statement, path[1], env), self._rows(level, path[0]))
        else:
            self._no_such_block(statement, level, env)

    def _no_such_block(self, statement: Setting, level: Level, env: Env) -> None:
        """`lora.grain.weight = …`, `control.depth.weight = …`, or a block that there is not."""
        path = statement.name.path
        if len(path) == 3 and path[0] in PARTS:
            part = headed.changed(self, level, path[0], path[1], statement.name.span, env)
            add(self.findings, path[0], self.entry(statement, path[2], env), part.entries)
            return
        known = [name for name in WORDS if name in BLOCKS] + [level.name]
        hint = did_you_mean(path[0], known) or f"write `{path[-1]} = …` in the block that it belongs to"
        if len(path) == 2 and path[0] in PARTS:
            hint = f"write `{path[0]} {path[1]} = …`, or `{path[0]}.{path[1]}.SETTING = …`"
        self.findings.error("E2004", statement.name.span, f"there is no block `{path[0]}`", hint=hint)

    def _no_block(self, statement: Setting) -> None:
        if statement.block is not None:
            self.findings.error(
                "E2011",
                statement.block.span,
                f"`{statement.name.text}` takes no block",
                hint="take the block away",
            )

    @staticmethod
    def _rows(level: Level, block: str) -> list[Entry]:
        return level.entries.setdefault(block, [])

    def entry(self, statement: Setting, name: str, env: Env) -> Entry:
        """A setting as it is written; a template's parameter alone is what was given for it."""
        value, home = self.written(statement.value, env)
        return Entry(name, statement.name.span, statement.op, value, statement.span, home)

    @staticmethod
    def written(value: Expr, env: Env) -> tuple[Expr, Env]:
        """What stands behind a parameter's name, and where that was written."""
        for _ in range(64):
            found = env.find(value.text) if isinstance(value, Name) and len(value.path) == 1 else None
            if not isinstance(found, WrittenBinding):
                break
            value, env = found.expr, found.env
        return value, env

    # --- statements ---

    def _word(self, statement: Word, level: Level, env: Env, used: bool) -> None:
        word = statement.word.text
        spec = WORDS.get(word)
        if spec is None:
            unknown_word(self.findings, statement)
        elif (level.name != "film" or used) and "scene" not in spec.blocks:
            self._only_at_top(statement, level, used)
        elif word == "camera":
            headed.camera(self, statement, level, env, used)
        elif word in PARTS:
            headed.part(self, statement, level, env)
        elif word == "pipeline":
            headed.pipeline(self, statement, level, env, used)
        elif word == "use":
            self.templates.use(statement, env, lambda s, e: self.at_level(s, level, e, used=True))
        elif word == "expect":
            from anim_compiler.expectations import Expected

            level.expected.append(Expected(statement, env))
        elif word == "scene":
            scenes.scene(self, statement, env)
        elif word == "variant":
            headed.variant(self, statement, env)
        elif word == "output":
            media_words.output(self, statement, env)
        elif word in MEDIA:
            media_words.medium(self, statement, word, env)
        elif word in BLOCKS:
            self._block(statement, word, level, env, used)

    def _only_at_top(self, statement: Word, level: Level, used: bool) -> None:
        word = statement.word.text
        where = "a template" if used or level.name == "film" else "a scene"
        hint = "move it out of the `{ }`, to the top of the file"
        if word in MEDIA and statement.head and isinstance(statement.head[0], Name):
            self.check.scope.missing.add(statement.head[0].text)
        if word == "scene" and not used:
            hint = "scenes stand one after another: close the one before with `}`"
        self.findings.error("E2011", statement.word.span, f"`{word}` does not stand in {where}", hint=hint)
        self.findings.mention(statement.span)

    def _block(self, statement: Word, word: str, level: Level, env: Env, used: bool) -> None:
        if not used and not self._first(statement, word, level):
            return
        self.block_only(statement, word)
        body = statement.block.statements if statement.block else ()
        inner = self.scope_of(body, env)
        for part in body:
            self.in_block(part, word, self._rows(level, word), inner, level)

    def _first(self, statement: Word, word: str, level: Level) -> bool:
        """Whether this is the level's only block of its kind."""
        if word in level.blocks:
            label = Label(level.blocks[word], "the first one")
            self.findings.error(
                "E2005",
                statement.word.span,
                f"there are two `{word}` blocks",
                labels=(label,),
                hint="write what is in them into one",
            )
            return False
        level.blocks[word] = statement.word.span
        return True

    def block_only(self, statement: Word, word: str) -> None:
        """Reports what stands between a word and its block."""
        if statement.value is not None or statement.head:
            at = statement.value.span if statement.value is not None else statement.head[0].span
            self.findings.error("E2011", at, f"`{word}` takes a block here", hint=f"write `{word} {{ … }}`")
            return
        self.has_block(statement)

    def has_block(self, statement: Word) -> None:
        """Reports a statement that is nothing without its block."""
        if statement.block is None:
            written = self.findings.text(statement.span, 40)
            self.findings.error(
                "E2011", statement.span, f"`{written}` has no block", hint="write `{ … }` after it"
            )

    def in_block(
        self, statement: Statement, word: str, rows: list[Entry], env: Env, level: Level | None
    ) -> None:
        """One statement of a block; `level` is where its prompt keys belong."""
        match statement:
            case Setting() if len(statement.name.path) == 1 and statement.block is None:
                entry = self.entry(statement, statement.name.text, env)
                if word == "camera":
                    rows.append(entry)
                else:
                    add(self.findings, word, entry, rows)
            case KeyLine() if word == "prompt" and level is not None:
                self._prompt_keys(statement, level, env)
            case KeyLine():
                self.findings.error(
                    "E2011", statement.span, f"`{word}` holds settings, not keys", hint="write `name = 0s: …`"
                )
            case Let() | Def():
                pass
            case Word() if statement.word.text == "use":
                self.templates.use(statement, env, lambda s, e: self.in_block(s, word, rows, e, level))
            case _:
                hint = f"`{word}` holds settings: write `name = value`, or move this out of its `{{ }}`"
                self.findings.error("E2011", statement.span, f"this does not stand in `{word}`", hint=hint)

    def _prompt_keys(self, statement: KeyLine, level: Level, env: Env) -> None:
        if level.prompt is None:
            level.prompt = PromptPart(statement.span)
        level.prompt.keys.extend((key, env) for key in statement.keys.keys)
        if statement.keys.easing is not None:
            level.prompt.easing = (statement.keys.easing, env)

    @staticmethod
    def camera_part(level: Level, at: Span) -> CameraPart:
        """The level's own camera, made when it is first spoken of."""
        if level.camera is None:
            level.camera = CameraPart(at)
        return level.camera
