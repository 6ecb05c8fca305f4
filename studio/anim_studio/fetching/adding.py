"""How a model gets into the library: fetched, registered where it is, or converted."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from anim_studio.cli.exits import Exit, Stop

if TYPE_CHECKING:
    from anim_compiler.models.facts import ModelKind
    from anim_runtime.models.collection import Library
    from anim_runtime.models.entry import Entry
    from anim_runtime.models.sources.fetch import Sources

#: files that can run code when they are opened
_PICKLES = frozenset({".ckpt", ".pt", ".pth", ".bin"})
_SCHEMED = re.compile(r"(?:civitai|hf|https?|urn|air):", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Adding:
    """What the user says of a model; empty leaves it to the model and the site."""

    name: str = ""
    kind: ModelKind | None = None
    category: str = ""
    note: str = ""
    trigger_words: tuple[str, ...] = ()
    sha256: str = ""
    variant: str = ""
    allow_pickle: bool = False


def is_here(reference: str) -> bool:
    """Whether it is a file or folder of this machine, not one to fetch. Raises `Stop` if it is neither."""
    if _SCHEMED.match(reference):
        return False
    if Path(reference).expanduser().exists():
        return True
    looks_like_hub = re.fullmatch(r"[\w.-]+/[\w.-]+", reference) and not reference.startswith(".")
    is_number = reference.isdecimal()
    hint = (
        f"did you mean `hf:{reference}`?"
        if looks_like_hub
        else f"did you mean `civitai:{reference}`?"
        if is_number
        else "write `civitai:25694`, `hf:owner/repo`, an https address, or the path of a file"
    )
    raise Stop(Exit.USAGE, f"there is no file `{reference}`", hint)


def fetch(library: Library, sources: Sources, reference: str, wish: Adding) -> Entry:
    """The model of a site, in the library, called as the user called it. Raises `NetProblem`."""
    from anim_runtime.models.fetched import Pin
    from anim_runtime.models.sources.wanted import AtAddress, wanted

    named = wanted(reference)
    # no site tells the digest of what is at a bare address; if it is here, the library does
    known = library.one(reference) if isinstance(named, AtAddress) else None
    sha256 = wish.sha256 or (known.facts.sha256 if known is not None else "")
    fetched = sources(Pin(reference, sha256), library.files)
    if wish.kind is not None:
        fetched = replace(fetched, kind=wish.kind)
    entry = library.register(fetched, category=wish.category, notes=wish.note)
    entry = _as_wished(library, entry, wish)
    written = named.reference if named is not None else ""
    return _called(entry, written) if written in entry.references else entry


def register_file(library: Library, reference: str, wish: Adding, *, needs_digest: bool) -> Entry:
    """A file or folder of this machine, in the library where it is; a pickle is converted. Raises `Stop`."""
    from anim_runtime.models.library import Located, digest
    from anim_runtime.models.scan import Unread, read_model

    path = Path(reference).expanduser().absolute()
    if path.suffix.lower() in _PICKLES and path.is_file():
        path = _converted(library, path, wish)
    known = library.index.at(path) if library.is_there else None
    entry = read_model(path, known)
    if isinstance(entry, Unread):
        hint = "only `.safetensors` files and folders as diffusers writes them are read"
        raise Stop(Exit.USAGE, f"`{reference}` {entry.why}", hint)
    if (wish.sha256 or needs_digest) and not entry.facts.sha256:
        found = digest(Located(reference, "folder" if path.is_dir() else "file", path))
        entry = replace(entry, facts=replace(entry.facts, sha256=found))
    if wish.sha256 and entry.facts.sha256 != wish.sha256:
        says = f"`{reference}` has the sha256 {entry.facts.sha256[:16]}…, and must have {wish.sha256[:16]}…"
        raise Stop(Exit.MODEL_MISSING, says, "it is another file, or was changed")
    entry = replace(entry, category=wish.category or entry.category, notes=wish.note or entry.notes)
    library.keep(entry)
    return _as_wished(library, entry, wish)


def identified(library: Library, sources: Sources, entry: Entry, wish: Adding) -> Entry:
    """A file with what Civitai knows of its digest; the user's own words still count before. Raises `Stop`,
    and `NetProblem`.
    """
    from anim_compiler.models.detect_words import plain

    hit = sources.civitai.by_hash(entry.facts.sha256)
    if hit is None:
        hint = "it is registered all the same; tell more of it with `anim models note`"
        raise Stop(Exit.MODEL_MISSING, f"Civitai does not know `{entry.path.name}`", hint)
    facts = replace(
        entry.facts,
        reference=entry.facts.reference or hit.reference,
        title=plain(hit.title) or entry.facts.title,
        trigger_words=tuple(map(plain, hit.trigger_words)) or entry.facts.trigger_words,
        licence=plain(hit.licence) or entry.facts.licence,
        author=plain(hit.author) or entry.facts.author,
        family=entry.facts.family or hit.family,
    )
    version = hit.reference.rpartition("@")[2]
    told = replace(entry, facts=facts, source=hit.page, revision=version, is_nsfw=hit.is_nsfw)
    library.keep(told)
    return _as_wished(library, told, wish)


def _converted(library: Library, path: Path, wish: Adding) -> Path:
    if not wish.allow_pickle:
        hint = f"take its `.safetensors` file; if you trust it: `anim models add {path.name} --allow-pickle`"
        raise Stop(Exit.USAGE, f"`{path.name}` is a pickle, which can run code when it is opened", hint)
    from anim_runtime.models.library import file_sha256
    from anim_runtime.models.pickles import convert_pickle
    from anim_runtime.models.sources.naming import plain
    from anim_runtime.problems import RenderProblem

    # called by its content: what was converted once is never opened again
    name = f"{plain(path.stem) or 'model'}-{file_sha256(path)[:10]}.safetensors"
    target = library.files / "converted" / name
    if target.is_file():
        return target
    try:
        return convert_pickle(path, target).path
    except RenderProblem as problem:
        raise Stop(Exit.USAGE, problem.message, problem.hint) from None


def _as_wished(library: Library, entry: Entry, wish: Adding) -> Entry:
    """The entry with the user's own words, which count before those of files and sites."""
    facts = replace(
        entry.facts,
        title=wish.name or entry.facts.title,
        kind=wish.kind or entry.facts.kind,
        trigger_words=wish.trigger_words or entry.facts.trigger_words,
    )
    if facts == entry.facts:
        return entry
    entry = replace(entry, facts=facts)
    library.keep(entry)
    return entry


def _called(entry: Entry, reference: str) -> Entry:
    """The entry with the reference first that the user wrote, so that this is what a film will say."""
    return replace(entry, facts=replace(entry.facts, reference=reference), also=entry.references)
