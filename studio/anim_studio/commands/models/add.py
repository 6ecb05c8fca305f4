"""`anim models add`: a model comes into the library, from a site or from a file that is here already."""

from __future__ import annotations

import json as json_text
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from anim_studio.cli import settings
from anim_studio.cli.environment import Environment, read_environment
from anim_studio.cli.exits import Exit, Stop
from anim_studio.cli.terminal import Terminal, open_terminal
from anim_studio.cli.values import format_bytes
from anim_studio.commands.models.opening import opened
from anim_studio.commands.models.search import Kind
from anim_studio.fetching.reaching import VARIANT

if TYPE_CHECKING:
    from anim_runtime.models.entry import Entry
    from anim_studio.fetching.adding import Adding


def add(
    *references: Annotated[str, Parameter(name="REFERENCE")],
    name: Annotated[str | None, Parameter(metavar="NAME")] = None,
    kind: Annotated[
        Kind | None, Parameter(metavar="checkpoint|lora|embedding|controlnet|vae|upscaler")
    ] = None,
    category: Annotated[str | None, Parameter(metavar="NAME")] = None,
    note: Annotated[str | None, Parameter(metavar="TEXT")] = None,
    trigger: Annotated[tuple[str, ...], Parameter(metavar="WORDS")] = (),
    lock: Annotated[Path | None, Parameter(metavar="FILM")] = None,
    sha256: Annotated[str | None, Parameter(metavar="DIGEST")] = None,
    variant: Annotated[str, Parameter(metavar="NAME")] = VARIANT,
    allow_pickle: bool = False,
    identify: bool = False,
    progress: Annotated[settings.Progress | None, Parameter(metavar="bar|lines|json|none")] = None,
    json: bool = False,
) -> int:
    """Fetch a model, or register a file that is here already, and say how a film names it.

    A fetch that was stopped goes on where it stood; what is here already is not fetched again.

    Parameters
    ----------
    references
        civitai:25694, hf:owner/repo, urn:air:…, an https address, or a file or folder that stays there.
    name
        What it is called in the library, instead of its title on the site.
    kind
        What it is, where its content does not tell.
    category
        A word of yours to find it by.
    note
        Whatever you want to remember of it.
    trigger
        Words that it was trained on, instead of those that the site tells; several times.
    lock
        Also hold a film to exactly this: its line in `anim.lock` beside the film is written.
    sha256
        What the file must have; anything else is refused.
    variant
        Which weights of a Hugging Face repository are taken, if it has several; fp16 unless given.
    allow_pickle
        Convert a .ckpt, .pt or .bin file, in a process that can do no harm, and register the result.
    identify
        Of a file that is here: ask Civitai, by its digest, for its title, trigger words and licence.
    progress
        How a fetch is shown: a bar on a terminal, lines in a log, JSON events, or nothing.
    json
        As JSON: an object for each model, a line each.
    """
    if not references:
        hint = "write `anim models add civitai:25694`, or find one with `anim models search WORDS`"
        raise Stop(Exit.USAGE, "`add` needs a model", hint)
    if len(references) > 1 and (name or sha256):
        raise Stop(Exit.USAGE, "there are several models for one name or digest", "add them one by one")
    environment = read_environment()
    terminal = open_terminal(environment.colour)
    from anim_studio.fetching.adding import Adding
    from anim_studio.fetching.locking import hold, lock_of

    if lock is not None:
        # before anything is fetched
        lock_of(lock)
    wish = Adding(
        name or "", kind, category or "", note or "", trigger, _digest(sha256), variant, allow_pickle
    )
    wanted = progress or ("none" if json else environment.settings.progress)
    for reference in references:
        entry = _added(
            reference, wish, environment, terminal, wanted, needs_digest=lock is not None, identify=identify
        )
        held = None if lock is None else hold(lock, entry, environment.cache)
        _tell(entry, terminal, held, as_json=json or wanted == "json")
    return Exit.DONE


def _digest(text: str | None) -> str:
    """A sha256 as it is compared; empty for none. Raises `Stop`."""
    plain = (text or "").strip().lower().removeprefix("sha256:")
    if text is not None and (len(plain) != 64 or set(plain) - set("0123456789abcdef")):
        raise Stop(Exit.USAGE, f"`--sha256 {text}` is no digest", "it has 64 signs of 0-9 and a-f")
    return plain


def _added(
    reference: str,
    wish: Adding,
    environment: Environment,
    terminal: Terminal,
    progress: settings.Progress,
    *,
    needs_digest: bool,
    identify: bool,
) -> Entry:
    """The model in the library, called as the user called it. Raises `Stop`."""
    from anim_studio.fetching.adding import fetch, identified, is_here, register_file
    from anim_studio.fetching.reaching import reached
    from anim_studio.fetching.showing import shown

    with opened(environment, terminal) as library:
        if is_here(reference):
            entry = register_file(library, reference, wish, needs_digest=needs_digest or identify)
            if not identify:
                return entry
            with reached(environment) as sources:
                return identified(library, sources, entry, wish)
        with (
            shown(progress, terminal) as show,
            reached(environment, show.show, wish.variant) as sources,
        ):
            return fetch(library, sources, reference, wish)


def _tell(entry: Entry, terminal: Terminal, held: Path | None, *, as_json: bool) -> None:
    from anim_dsl.visible import escaped
    from anim_studio.commands.models import telling

    if as_json:
        terminal.out.write(json_text.dumps({"event": "added", **telling.as_json(entry)}) + "\n")
        terminal.out.flush()
        return
    facts = entry.facts
    about = [facts.kind if facts.kind != "unknown" else "", facts.family, format_bytes(facts.size or 0)]
    sign = terminal.paint_note("✓", "green")
    terminal.note(f"{sign} {escaped(entry.title)}: {', '.join(filter(None, about))}")
    if facts.licence:
        terminal.note(f"  licence: {escaped(facts.licence)}")
    if entry.is_nsfw:
        terminal.note("  its author says that it is not safe for work")
    if held is not None:
        terminal.note(f"  held in `{escaped(str(held))}`")
    terminal.note("  in a film:")
    terminal.say(escaped(telling.film_line(entry)))
