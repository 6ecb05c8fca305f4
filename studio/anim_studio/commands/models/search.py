"""`anim models search`: what there is on the sites."""

from __future__ import annotations

import json as json_text
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

from cyclopts import Parameter

from anim_studio.cli.environment import Environment, read_environment
from anim_studio.cli.exits import Exit, Stop
from anim_studio.cli.terminal import Terminal, open_terminal
from anim_studio.cli.values import plural

if TYPE_CHECKING:
    from anim_runtime.models.sources.fetch import Site
    from anim_runtime.models.sources.hit import Found, Query
    from anim_studio.fetching.previews import Fetch, Previews

Kind: TypeAlias = Literal["checkpoint", "lora", "embedding", "controlnet", "vae", "upscaler"]

_NAMES: dict[Site, str] = {"civitai": "Civitai", "hf": "Hugging Face"}
_MOST = 200


def search(
    *words: Annotated[str, Parameter(name="WORDS")],
    source: Annotated[Literal["civitai", "hf"] | None, Parameter(metavar="civitai|hf")] = None,
    type: Annotated[
        Kind | None, Parameter(metavar="checkpoint|lora|embedding|controlnet|vae|upscaler")
    ] = None,
    base: Annotated[str | None, Parameter(metavar="FAMILY")] = None,
    tag: Annotated[str | None, Parameter(metavar="TAG")] = None,
    sort: Annotated[
        Literal["relevance", "downloads", "rating", "newest"],
        Parameter(metavar="relevance|downloads|rating|newest"),
    ] = "relevance",
    period: Annotated[
        Literal["all", "year", "month", "week", "day"], Parameter(metavar="all|year|month|week|day")
    ] = "all",
    nsfw: bool = False,
    limit: Annotated[int, Parameter(metavar="N")] = 10,
    pictures: bool = False,
    json: bool = False,
) -> int:
    """Look for models on Civitai and the Hugging Face hub.

    Parameters
    ----------
    words
        What they are called or what they are of; none for the best known.
    source
        Only this site.
    type
        Only models of this kind.
    base
        Only models made for this family, such as sd1, sdxl or flux; or a base model as the site calls it.
    tag
        Only models with this tag.
    sort
        What comes first.
    period
        For `downloads` and `rating`: of which time they are counted, on Civitai.
    nsfw
        Also what is not safe for work.
    limit
        How many of each site; 10 unless given.
    pictures
        Also show a preview of each, where the site has one.
    json
        As JSON: an array of one object a model.
    """
    if not 1 <= limit <= _MOST:
        raise Stop(
            Exit.USAGE, f"`--limit {limit}` is no number of models", f"write a number from 1 to {_MOST}"
        )
    if json and pictures:
        raise Stop(Exit.USAGE, "`--json` shows no pictures", "leave `--pictures` out: each has its address")
    environment = read_environment()
    terminal = open_terminal(environment.colour)
    from anim_runtime.models.sources.hit import Query

    query = Query(" ".join(words), type or "", base or "", tag or "", sort, period, nsfw, limit)
    sites: tuple[Site, ...] = ("civitai", "hf") if source is None else (source,)
    found = _found(sites, query, environment, terminal, with_pictures=pictures, quiet=json)
    if json:
        from anim_studio.fetching.hits import as_json

        rows = [as_json(site, hit) for site, part in found.items() for hit in part.hits]
        terminal.out.write(json_text.dumps(rows, indent=1) + "\n")
    return Exit.DONE


def _found(
    sites: tuple[Site, ...],
    query: Query,
    environment: Environment,
    terminal: Terminal,
    *,
    with_pictures: bool,
    quiet: bool,
) -> dict[Site, Found]:
    """What each site finds, told as it comes. One that cannot be had is only told of if another can."""
    from anim_runtime.models.net.problems import NetProblem
    from anim_studio.fetching.reaching import reached, stop_of

    found: dict[Site, Found] = {}
    problems: list[tuple[Site, NetProblem]] = []
    with reached(environment) as sources:
        for site in sites:
            try:
                found[site] = sources.search(site, query)
            except NetProblem as problem:
                problems.append((site, problem))
                continue
            if not quiet:
                previews = _previews(terminal, sources.client.small) if with_pictures else None
                _tell(site, found[site], query, terminal, previews)
    if not found:
        raise stop_of(problems[0][1])
    for site, why in problems:
        terminal.note(f"{terminal.paint_note('note', 'yellow')}: {_NAMES[site]} was left out: {why.message}")
    return found


def _tell(site: Site, found: Found, query: Query, terminal: Terminal, previews: Previews | None) -> None:
    from anim_studio.fetching.hits import lines

    if not found.hits:
        terminal.say(f"{_NAMES[site]}: nothing like that")
        return
    has_more = f", and more: `--limit {min(query.limit * 2, _MOST)}` shows them" if found.has_more else ""
    terminal.say(terminal.paint(f"{_NAMES[site]}: {plural(len(found.hits), 'model')}{has_more}", "bold"))
    for hit in found.hits:
        for line in lines(hit, terminal.paint):
            terminal.say(line)
        if previews is not None:
            previews.show(hit.picture)


def _previews(terminal: Terminal, fetch: Fetch) -> Previews:
    from anim_studio.fetching.previews import Previews

    return Previews(terminal, fetch)
