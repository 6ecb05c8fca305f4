"""`anim live`: the film while it is written."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from anim_studio.cli.environment import Environment, read_environment
from anim_studio.cli.exits import Exit, Stop
from anim_studio.cli.options import Cache, Define, Device, Film, Out, SceneName, Seed
from anim_studio.cli.quiet import prepare_libraries
from anim_studio.cli.terminal import Terminal, open_terminal
from anim_studio.cli.variants import VariantName, variant_place

if TYPE_CHECKING:
    from anim_studio.tui.services import Services
    from anim_studio.tui.state import Begin


def live(
    film: Film,
    /,
    *,
    tier: Annotated[
        Literal["curves", "camera", "draft", "final"] | None, Parameter(metavar="curves|camera|draft|final")
    ] = None,
    images: Annotated[
        Literal["auto", "half", "kitty", "sixel", "off"] | None,
        Parameter(metavar="auto|half|kitty|sixel|off"),
    ] = None,
    scene: SceneName = None,
    variant: VariantName = None,
    seed: Seed = None,
    define: Define = (),
    device: Device = None,
    poll: bool = False,
    out: Out = None,
    cache: Cache = None,
) -> int:
    """Show a film while you write it: save it in any editor, and the picture follows.

    Parameters
    ----------
    tier
        How far pictures are painted while you watch: `draft` unless given, or what was chosen last.
    images
        How pictures come onto the terminal; `auto` takes pixels where it draws them, else half-blocks.
    poll
        Look at files again and again: for network folders, whose changes nothing tells of.
    """
    environment = read_environment(cache=cache)
    settings = environment.settings
    wanted = tier or settings.live.tier
    terminal = open_terminal(environment.colour)
    _refuse_without_terminal()
    path = _film(film)
    prepare_libraries()
    from anim_studio.live.tier import Tier
    from anim_studio.live.version import Choice
    from anim_studio.tui.state import Begin

    begin = Begin(
        film=path,
        choice=Choice(_variant(path, variant, environment), seed),
        scene=scene,
        tier=None if wanted is None else Tier[wanted.upper()],
        images=images or settings.live.images,
        device=device or settings.device,
        cache=environment.cache,
        out=out or settings.out,
        theme=settings.live.theme,
        editor=settings.live.editor or "",
        memory=environment.cache / "live" / "layout.json",
    )
    return _run(begin, _services(begin, environment, define, poll or settings.live.poll), terminal)


def _refuse_without_terminal() -> None:
    # `textual serve` gives no terminal, and names the driver that it talks with instead
    if os.environ.get("TEXTUAL_DRIVER") or all(s.isatty() for s in (sys.stdin, sys.stdout, sys.stderr)):
        return
    raise Stop(
        Exit.USAGE,
        "`anim live` needs a terminal",
        "in a pipe, `anim preview FILM` writes a short video, `anim render FILM` the film",
    )


def _film(film: Path) -> Path:
    """The film's path; one that is not there yet may leave out `.anim`. Raises `Stop` for a folder."""
    if film.is_dir():
        found = sorted(entry.name for entry in film.glob("*.anim") if entry.is_file())
        hint = f"it holds {', '.join(f'`{name}`' for name in found[:5])}" if found else "name a `.anim` file"
        raise Stop(Exit.USAGE, f"`{film}` is a folder, not a film", hint)
    return film if film.exists() or film.suffix == ".anim" else film.with_name(f"{film.name}.anim")


def _variant(film: Path, wanted: str | None, environment: Environment) -> int | None:
    if wanted is None or not film.exists():
        return None
    from anim_studio.cli.load import load

    checked = load(film, environment.cache).film
    return None if checked is None else variant_place(checked, wanted)


def _services(begin: Begin, environment: Environment, define: tuple[str, ...], poll: bool) -> Services:
    import random
    import time

    from anim_studio.live.loop import Loop
    from anim_studio.live.paint.painter import Painter
    from anim_studio.live.paint.pictures import Pictures
    from anim_studio.renders import Renders
    from anim_studio.tui.services import Services

    cache = environment.cache
    renders = Renders(cache, environment.cap_bytes)
    # what was queued when the machine went down goes on
    renders.wake()
    return Services(
        compiling=lambda told: Loop(begin.film, cache, told, choice=begin.choice, given=define, poll=poll),
        painting=lambda told: Painter(cache, begin.device, told),
        pictures=Pictures(cache),
        renders=renders,
        first_film=_write_first,
        draw=lambda: random.randrange(1, 2**31),
        now=time.monotonic,
        clock=lambda: time.strftime("%H:%M:%S"),
    )


def _write_first(path: Path, template: str) -> None:
    from anim_studio.firsts.templates import TEMPLATES
    from anim_studio.firsts.writing import write_first

    write_first(path, next(row for row in TEMPLATES if row.name == template))


def _run(begin: Begin, services: Services, terminal: Terminal) -> int:
    from anim_studio.tui.app import LiveApp
    from anim_studio.tui.picture.images import chosen

    app = LiveApp(begin, services)
    # before the app runs: from then on it reads what the terminal says
    app.images = chosen(app.images, os.environ, tty=sys.stdout.isatty())
    _prepare_processes()
    code = app.run()
    if app.failure is not None:
        raise app.failure
    going = [state for state in services.renders.list() if state.own and not state.is_over]
    if going:
        names = ", ".join(f"`{state.name}`" for state in going)
        terminal.note(f"still rendering {names}: `anim live {begin.film}` shows it, `anim log` tells of it")
    return code if code is not None else app.return_code or Exit.DONE


def _prepare_processes() -> None:
    """Starts what multiprocessing keeps beside its processes. It hands on standard error by its number, which
    has none while the app holds it, so that no painter could start later.
    """
    if os.name == "posix":
        from multiprocessing import resource_tracker

        resource_tracker.ensure_running()
