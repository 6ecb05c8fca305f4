"""`import "looks.anim"`: the lets, defs and templates of other files."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Sequence
from importlib import resources
from pathlib import Path, PurePosixPath

from anim_compiler.declare import Declarer
from anim_compiler.env import Binding, DefBinding, Env, LetBinding, ModuleBinding, TemplateBinding
from anim_compiler.findings import STANDARD
from anim_compiler.names import did_you_mean
from anim_compiler.scope import Scope
from anim_compiler.world import Problem, World
from anim_dsl.diagnostic import Label
from anim_dsl.parse import parse
from anim_dsl.shift import shifted
from anim_dsl.source import Source, Span
from anim_dsl.syntax import Def, Let, Name, Statement, Text, Word

MOST_FILES = 64
"""A film may import so many files, those of its imports among them."""

MOST_CHARACTERS = 1 << 20
"""They may have so many characters together."""

DEEPEST = 16
"""Files may import each other so deep."""


class Importer:
    """Reads the files that one film imports, each once."""

    def __init__(self, scope: Scope, world: World, name: str) -> None:
        self._scope = scope
        self._findings = scope.findings
        self._world = world
        self._declare = Declarer(scope.findings, scope.missing)
        self._home = PurePosixPath(name).parent
        self._modules: dict[str, Env | None] = {}
        self._active: list[str] = []
        self._folders: list[Path] = [world.folder]
        self._characters = 0
        #: the imports of the film itself, for those that nothing reads
        self.plain: list[tuple[Span, str, Env]] = []

    def into(self, statement: Word, env: Env) -> None:
        """Brings the names of the file that an `import` names into a scope."""
        parts = self._parts(statement)
        if parts is None:
            return
        path, alias = parts
        module = self._module(path)
        if alias is not None:
            found = ModuleBinding(path.plain or "", alias.span, module)
            self._declare.name(alias, found, env)
            if module is None:
                self._scope.missing.add(alias.text)
            return
        if module is None:
            return
        for name, binding in module.names.items():
            if not _imported(binding, module):
                continue
            first = env.names.get(name)
            if first is None or first is binding:
                env.names[name] = binding
                continue
            self._findings.error(
                "E2007",
                path.span,
                f"`{name}` of `{path.plain}` is defined already",
                labels=(Label(first.at, "first defined here"),),
                hint=f'write `import "{path.plain}" as NAME`, and then `NAME.{name}`',
            )
        if not self._active:
            self.plain.append((path.span, path.plain or "", module))

    def _parts(self, statement: Word) -> tuple[Text, Name | None] | None:
        head = statement.head
        path = head[0] if head else None
        is_named = len(head) == 3 and isinstance(head[1], Name) and head[1].text == "as"
        alias = head[2] if is_named else None
        wrong = statement.value is not None or statement.block is not None
        if (
            not isinstance(path, Text)
            or not path.plain
            or wrong
            or not (len(head) == 1 or (isinstance(alias, Name) and len(alias.path) == 1))
        ):
            self._findings.error(
                "E2011",
                statement.span,
                "`import` needs a path",
                hint='write `import "looks.anim"`, or `import "std:shake" as shake`',
            )
            return None
        return path, alias if isinstance(alias, Name) else None

    # --- files ---

    def _module(self, path: Text) -> Env | None:
        text = path.plain or ""
        found = self._standard(text) if text.startswith(STANDARD) else self._file(text)
        if isinstance(found, Problem):
            self._findings.error(found.code, path.span, found.message, hint=found.hint)
            return None
        key, folder, source = found
        if key in self._active:
            names = [*self._active[self._active.index(key) :], key]
            way = " → ".join(f"`{PurePosixPath(n).name}`" for n in names)
            hint = "move what both need into a third file"
            self._findings.error("E2031", path.span, f"the imports go in a circle: {way}", hint=hint)
            return None
        if key not in self._modules:
            if self._beyond(path.span, source):
                return None
            self._modules[key] = None
            self._active.append(key)
            self._folders.append(folder)
            self._modules[key] = self._read(source)
            self._folders.pop()
            self._active.pop()
        return self._modules[key]

    def _file(self, text: str) -> tuple[str, Path, Source] | Problem:
        path = self._world.resolve(text, folder=self._folders[-1])
        if isinstance(path, Problem):
            return path
        source = self._world.read_source(path)
        if isinstance(source, Problem):
            return source
        # as the film is called: what lies in a folder beside its own is reached from there
        beside = os.path.relpath(path, self._world.folder.resolve()).replace(os.sep, "/")
        shown = posixpath.normpath((self._home / beside).as_posix())
        return str(path), path.parent, Source(shown, source.text)

    def _standard(self, text: str) -> tuple[str, Path, Source] | Problem:
        name = text.removeprefix(STANDARD)
        folder = resources.files("anim_grammar").joinpath("std")
        known = {f.name.removesuffix(".anim"): f for f in folder.iterdir()} if folder.is_dir() else {}
        if name not in known:
            listed = ", ".join(f"`std:{n}`" for n in sorted(known)[:12])
            hint = did_you_mean(text, [f"{STANDARD}{n}" for n in known]) or f"there are {listed}"
            return Problem("E4002", f"there is no `{text}` in the standard library", hint)
        return text, self._world.folder, Source(text, known[name].read_text(encoding="utf-8"))

    def _beyond(self, span: Span, source: Source) -> bool:
        self._characters += len(source.text)
        too_many = len(self._modules) >= MOST_FILES
        too_long = self._characters > MOST_CHARACTERS
        too_deep = len(self._active) >= DEEPEST
        if not (too_many or too_long or too_deep):
            return False
        what = "are more than 1 MiB together" if too_long else f"are more than {MOST_FILES}"
        if too_deep:
            what = f"go more than {DEEPEST} files deep"
        hint = "import fewer files, or write them into one"
        self._findings.error("E2032", span, f"the imported files {what}", hint=hint)
        return True

    # --- what is in them ---

    def _read(self, source: Source) -> Env:
        base = self._findings.sources.next_base
        self._findings.sources = self._findings.sources.with_source(source)
        document, slips = parse(source)
        self._findings.take(slips)
        self._scope.missing.update(document.broken)
        statements: tuple[Statement, ...] = shifted(document.statements, base)
        env = Env(self._scope.film)
        for statement in statements:
            if isinstance(statement, Word) and statement.word.text == "import":
                self.into(statement, env)
        self._declare.all(_allowed(statements), env)
        self._refuse(statements)
        return env

    def _refuse(self, statements: Sequence[Statement]) -> None:
        for statement in statements:
            if statement in _allowed([statement]) or (
                isinstance(statement, Word) and statement.word.text == "import"
            ):
                continue
            at = statement.word.span if isinstance(statement, Word) else statement.span
            self._findings.error(
                "E2033",
                at,
                "an imported file holds `let`, `def`, `template` and `import` only",
                hint="move this into the film, or into a `template` that the film can `use`",
            )


def _allowed(statements: Sequence[Statement]) -> list[Statement]:
    return [
        statement
        for statement in statements
        if isinstance(statement, Let | Def)
        or (isinstance(statement, Word) and statement.word.text == "template")
    ]


def _imported(binding: Binding, module: Env) -> bool:
    """Whether a name is the file's own, which an importer sees."""
    return isinstance(binding, LetBinding | DefBinding | TemplateBinding) and binding.env is module
