"""`variant { seed = [1, 2]; diffuse.cfg_scale = [5, 7.5] }`: several films of one text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import prod

from anim_compiler import setting
from anim_compiler.entries import add, merged
from anim_compiler.env import LetBinding
from anim_compiler.expressions import Expressions
from anim_compiler.film import Variant
from anim_compiler.levels import Collected, VariantPart
from anim_compiler.naming import short_setting
from anim_compiler.setting import Entry
from anim_compiler.shots import BLOCKS
from anim_dsl.diagnostic import Label
from anim_dsl.settings import SETTINGS
from anim_dsl.source import Span
from anim_dsl.syntax import Expr, ListExpr

MOST = 256
"""A film may describe so many."""

_FILE_SAFE = re.compile(r"[^0-9A-Za-z.+-]+")


@dataclass(frozen=True, slots=True)
class Row:
    """One setting, or `let`, that varies: where it stands, and an entry for each of its values.

    `named` is the name of a LoRA, control or layer, "" for other blocks.
    """

    block: str
    path: str
    entries: tuple[Entry, ...]
    texts: tuple[str, ...]
    named: str = ""


class Variants:
    """The variants of one film: every combination in written order, the last row fastest."""

    def __init__(self, check: Expressions, found: Collected) -> None:
        self._check = check
        self._findings = check.findings
        self._found = found
        self._rows: list[Row] = []
        for part in found.variants:
            row = self._row(part)
            if row is not None:
                self._rows.append(row)
        if prod(len(row.entries) for row in self._rows) > MOST:
            self._too_many(found.variants)
            self._rows = []
        found.film.prompts_vary = any(row.path == "prompt" for row in self._rows)

    def all(self) -> tuple[Variant, ...]:
        """Every variant; none without a `variant` block."""
        if not self._rows:
            return ()
        return tuple(
            Variant(
                "-".join(
                    f"{short_setting(row.path)}{_FILE_SAFE.sub('_', row.texts[i]).strip('_')}"
                    for row, i in zip(self._rows, chosen, strict=True)
                ),
                tuple((row.path, row.texts[i]) for row, i in zip(self._rows, chosen, strict=True)),
            )
            for chosen in self._combinations()
        )

    def apply(self, number: int) -> None:
        """Puts the values of one variant over what the file says. IndexError for one that is none."""
        chosen = self._combinations()[number]
        level = self._found.film
        for row, i in zip(self._rows, chosen, strict=True):
            binding = level.env.names.get(row.path) if row.block == "let" else None
            if isinstance(binding, LetBinding):
                binding.statement = replace(binding.statement, value=row.entries[i].value)
            elif row.block.startswith("camera"):
                if level.camera is not None:
                    level.camera.entries = merged(level.camera.entries, [row.entries[i]])
            elif row.named:
                part = level.parts[row.block, row.named]
                part.entries = merged(part.entries, [row.entries[i]])
            else:
                if row.path == "prompt":
                    # it stands in the place of a `prompt` block's keys
                    level.prompt = None
                level.entries[row.block] = merged(level.entries.get(row.block, ()), [row.entries[i]])

    def check_values(self) -> None:
        """Checks every value against its setting's type, unit and range, by the film's clock."""
        for row in self._rows:
            for entry in row.entries:
                if row.block == "let":
                    self._check.value(entry.value)
                    continue
                spec = SETTINGS[row.block, entry.name]
                self._check.seeding = entry.name == "seed"
                if setting.numeric(spec):
                    setting.curve(self._check, spec, entry)
                elif spec.type in ("choice", "bool", "text"):
                    setting.schedule(self._check, spec, entry)
                self._check.seeding = False

    def _combinations(self) -> list[tuple[int, ...]]:
        return list(product(*(range(len(row.entries)) for row in self._rows)))

    # --- rows ---

    def _row(self, part: VariantPart) -> Row | None:
        is_let = len(part.path) == 1 and isinstance(part.env.names.get(part.path[0]), LetBinding)
        block = "let" if is_let else self._block(part)
        if block is None:
            return None
        if not isinstance(part.value, ListExpr) or not part.value.items:
            self._findings.error(
                "E2041",
                part.value.span,
                f"`{'.'.join(part.path)}` needs a list of values to vary",
                hint=f"write `{'.'.join(part.path)} = [{self._findings.text(part.value.span, 20)}, …]`",
            )
            return None
        if self._twice(part, part.value.items):
            return None
        entries = [self._entry(part, block, value) for value in part.value.items]
        known = tuple(entry for entry in entries if entry is not None)
        if len(known) != len(entries):
            return None
        texts = self._called(part.value.items)
        named = part.path[1] if len(part.path) == 3 else ""
        places = () if block in ("film", "let") else (block.split(" ")[0], named)
        path = ".".join(word for word in (*places, known[0].name) if word)
        first = next((row for row in self._rows if row.path == path), None)
        if first is not None:
            hint = "write its values into one list"
            self._findings.error("E2005", part.at, f"`{path}` varies twice", hint=hint)
            return None
        return Row(block, path, known, texts, named)

    def _twice(self, part: VariantPart, items: Sequence[Expr]) -> bool:
        """Whether a value stands in the list twice: both films would be the same one."""
        seen: dict[str, Span] = {}
        for item in items:
            text = " ".join(self._findings.sources.slice(item.span).split())
            first = seen.setdefault(text, item.span)
            if first is not item.span:
                self._findings.error(
                    "E2005",
                    item.span,
                    f"`{'.'.join(part.path)}` has this value twice",
                    labels=(Label(first, "the first one"),),
                    hint="take one away: both would be the same film",
                )
                return True
        return False

    def _called(self, items: Sequence[Expr]) -> tuple[str, ...]:
        """What the values are called, in the names of files too: no two alike."""
        made: list[str] = []
        taken: set[str] = set()
        for item in items:
            text = self._findings.text(item.span, 40).strip('"')
            called, number = text, 2
            while _FILE_SAFE.sub("_", called).strip("_") in taken:
                called, number = f"{text} {number}", number + 1
            taken.add(_FILE_SAFE.sub("_", called).strip("_"))
            made.append(called)
        return tuple(made)

    def _entry(self, part: VariantPart, block: str, value: Expr) -> Entry | None:
        written = Entry(part.path[-1], part.at, "=", value, value.span, part.env)
        if block == "let":
            return written
        rows: list[Entry] = []
        add(self._findings, block, written, rows)
        return rows[0] if rows else None

    def _block(self, part: VariantPart) -> str | None:
        """The block of the table that the setting stands in."""
        camera = self._found.film.camera
        if len(part.path) == 1:
            return "film"
        if len(part.path) == 2 and part.path[0] in (*BLOCKS, "prompt"):
            return part.path[0]
        if len(part.path) == 2 and part.path[0] == "camera" and camera is not None and camera.axes:
            return f"camera {camera.axes}d"
        if len(part.path) == 3 and part.path[:2] in self._found.film.parts:
            return part.path[0]
        self._findings.error(
            "E2004",
            part.at,
            f"`{'.'.join(part.path)}` is no setting of the file",
            hint="write a setting of the film, like `seed`, or of a block, like `diffuse.cfg_scale` or"
            " `lora.NAME.weight`",
        )
        return None

    def _too_many(self, parts: Sequence[VariantPart]) -> None:
        span: Span = parts[0].at.to(parts[-1].value.span)
        count = prod(len(row.entries) for row in self._rows)
        self._findings.error(
            "E2042",
            span,
            f"these are {count:,} films, and a file may describe {MOST}",
            hint="vary less at once: the lengths of the lists are multiplied",
        )
