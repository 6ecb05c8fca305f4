"""Models in words: a row of a table, all their facts, and how a film names them."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from anim_dsl.visible import escaped, width
from anim_studio.cli.values import format_bytes

if TYPE_CHECKING:
    from anim_runtime.models.entry import Entry

_WORDS = re.compile(r"[a-z_][a-z0-9_]*")


def rows(entries: Sequence[Entry], columns: int) -> Iterator[str]:
    """A table of models that fits so many columns."""
    from anim_studio.commands.models.opening import name_of

    cells = [
        (
            e.facts.kind,
            e.facts.family or "–",
            format_bytes(e.facts.size or 0),
            escaped(e.title),
            escaped(name_of(e)),
        )
        for e in entries
    ]
    kind, family, size = (max(len(row[n]) for row in cells) for n in range(3))
    rest = max(30, columns - kind - family - size - 8)
    most = max(12, min(max(width(row[3]) for row in cells), rest // 2))
    for row in cells:
        title, name = _cut(row[3], most), "" if row[4] == row[3] else row[4]
        pad = " " * (most - width(title))
        line = (
            f"{row[0]:<{kind}}  {row[1]:<{family}}  {row[2]:>{size}}  {title}{pad}  {_cut(name, rest - most)}"
        )
        yield line.rstrip()


def _cut(text: str, most: int) -> str:
    return text if width(text) <= most else f"{text[: most - 1]}…"


def film_line(entry: Entry) -> str:
    """How a film names a model: `lora neon = "civitai:1" # trigger words: …`."""
    from anim_studio.commands.models.opening import name_of

    facts, quoted = entry.facts, _text(name_of(entry))
    called = _identifier(entry.title)
    match facts.kind:
        case "lora":
            words = f"    # trigger words: {', '.join(facts.trigger_words)}" if facts.trigger_words else ""
            return f"lora {called} = {quoted} {{ weight = 0.8 }}{words}"
        case "embedding":
            return f"embedding {called} = {quoted}"
        case "controlnet":
            return f"control {facts.control or 'canny'} {{ model = {quoted} }}"
        case "vae":
            return f"vae = {quoted}"
        case "depth":
            return f"camera 3d {{ depth = {quoted} }}"
        case "upscaler":
            return f"output {{ upscale_model = {quoted} }}"
        case "unknown":
            return f"model = {quoted}    # if it is one: its header does not tell"
        case _:
            return f"model = {quoted}"


def _text(name: str) -> str:
    """A text of the language; what would mean something else in one is written so that it does not."""
    plain = re.sub(r'[\\"{}]', r"\\\g<0>", name)
    return '"' + "".join(c if c.isprintable() else f"\\u{{{ord(c):x}}}" for c in plain) + '"'


def _identifier(title: str) -> str:
    """A name of the language made of a title."""
    from anim_dsl.tokens import RESERVED

    words = _WORDS.findall(re.sub(r"[^a-z0-9]+", "_", title.lower()).strip("_"))
    found = words[0][:24].strip("_") if words else ""
    return found if found and found not in RESERVED else "style"


def facts_rows(entry: Entry) -> Iterator[tuple[str, str]]:
    """All that is known of a model: what each fact is called, and the fact."""
    facts = entry.facts
    told = (
        ("kind", facts.kind + (f" ({facts.layout})" if facts.layout else "")),
        ("family", facts.family or "not known"),
        ("control", facts.control),
        ("steps", "" if facts.steps is None else str(facts.steps)),
        ("predicts", facts.prediction),
        ("guidance", facts.guidance and f"{facts.guidance}: no negative prompt reaches it"),
        ("trained at", "" if facts.resolution_px is None else f"{facts.resolution_px} px"),
        ("trigger", ", ".join(facts.trigger_words)),
        ("author", facts.author),
        ("licence", facts.licence or "not known"),
        ("category", entry.category),
        ("notes", entry.notes),
        ("about", facts.description),
        ("names", ", ".join(entry.references)),
        ("source", entry.source),
        ("revision", entry.revision),
        ("size", format_bytes(facts.size or 0)),
        ("sha256", facts.sha256 or "not read yet"),
        ("path", str(entry.path)),
        ("kept by", "anim" if entry.is_own else "you, or another program"),
        ("added", _day(entry.added)),
        ("verified", _day(entry.verified) or "never"),
        ("rating", "not safe for work" if entry.is_nsfw else ""),
    )
    yield from ((name, escaped(text)) for name, text in told if text)


def as_json(entry: Entry) -> dict[str, object]:
    """The same for a program."""
    facts = entry.facts
    return {
        "references": list(entry.references),
        "title": entry.title,
        "kind": facts.kind,
        "family": facts.family,
        "layout": facts.layout,
        "control": facts.control,
        "steps": facts.steps,
        "prediction": facts.prediction,
        "guidance": facts.guidance,
        "resolution": facts.resolution_px,
        "trigger_words": list(facts.trigger_words),
        "author": facts.author,
        "licence": facts.licence,
        "category": entry.category,
        "notes": entry.notes,
        "source": entry.source,
        "revision": entry.revision,
        "size": facts.size,
        "sha256": facts.sha256,
        "path": str(entry.path),
        "own": entry.is_own,
        "nsfw": entry.is_nsfw,
        "added": entry.added,
        "verified": entry.verified,
        "film": film_line(entry),
    }


def _day(moment: float) -> str:
    return time.strftime("%Y-%m-%d", time.localtime(moment)) if moment else ""
