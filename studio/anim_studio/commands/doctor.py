"""`anim doctor`: whether this machine has what a render needs, and what would help a film."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from anim_studio.cli.choice import EVERYTHING, Choice
from anim_studio.cli.environment import Environment, mistaken_variables, own_settings, read_environment
from anim_studio.cli.exits import Exit, Stop
from anim_studio.cli.options import Cache, Films
from anim_studio.cli.quiet import without_native_messages
from anim_studio.cli.terminal import Terminal, open_terminal
from anim_studio.cli.values import format_bytes, plural


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report: `bad` stops renders, `note` only limits what they can do."""

    state: Literal["good", "note", "bad"]
    subject: str
    text: str


#: encoder of PyAV, what it is for, and whether every render needs it
ENCODERS = (
    ("libx264", "h264 (.mp4)", True),
    ("aac", "sound in .mp4", True),
    ("libx265", "h265 (.mp4)", False),
    ("libvpx-vp9", "vp9 (.webm)", False),
    ("libsvtav1", "av1 (.mp4, .webm)", False),
    ("libopus", "sound in .webm", False),
    ("prores_ks", "prores (.mov)", False),
    ("gif", "gif", False),
    ("png", "png frames", False),
)
_SIGNS = {"good": ("✓", "green"), "note": ("·", "yellow"), "bad": ("✗", "red")}


def doctor(*films: Films, choice: Choice = EVERYTHING, json: bool = False, cache: Cache = None) -> int:
    """Report Python, device, codecs, model, cache and terminal; or what would help a film.

    Parameters
    ----------
    films
        Films that were rendered: what was measured of them, and which settings to change if they flicker,
        drift, grow soft or dark, ignore their prompts, take long or run out of memory.
    json
        One JSON object a film.
    """
    if films:
        return _of_films(films, choice, read_environment(cache=cache), json)
    if json:
        raise Stop(Exit.USAGE, "`doctor --json` needs a film", "write `anim doctor FILM --json`")
    environment = read_environment(cache=cache)
    terminal = open_terminal(environment.colour)
    worst = Exit.DONE
    for check in (
        _python,
        _torch,
        _encoders,
        _sound,
        _model,
        lambda: _library(environment),
        lambda: _cache(environment),
        lambda: settings_told(environment),
        lambda: _terminal(terminal),
    ):
        for finding in _guarded(check):
            sign, style = _SIGNS[finding.state]
            terminal.say(f"{terminal.paint(sign, style)} {finding.subject:<12} {finding.text}")
            if finding.state == "bad":
                worst = Exit.FILM_ERRORS
    return worst


def _of_films(films: tuple[Path, ...], choice: Choice, environment: Environment, json: bool) -> int:
    from anim_studio.advising.telling import examine

    terminal = open_terminal(environment.colour)
    return max(examine(film, choice, environment, terminal, as_json=json) for film in films)


def _guarded(check: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    # a doctor must not die of what it finds: any exception is itself a finding
    try:
        yield from check()
    except Exception as error:
        name = getattr(check, "__name__", "check").strip("_<>")
        yield Finding("bad", name, f"{type(error).__name__}: {error}")


def _python() -> Iterator[Finding]:
    import platform
    from importlib.metadata import version

    yield Finding("good", "anim", version("anim"))
    yield Finding("good", "python", f"{platform.python_version()} on {platform.platform(terse=True)}")


def _torch() -> Iterator[Finding]:
    import torch

    yield Finding("good", "torch", f"{torch.__version__}, {torch.get_num_threads()} threads")
    if torch.cuda.is_available():
        for index in range(torch.cuda.device_count()):
            facts = torch.cuda.get_device_properties(index)
            yield Finding("good", f"cuda:{index}", f"{facts.name}, {format_bytes(facts.total_memory)}")
    elif torch.backends.mps.is_available():
        yield Finding("good", "mps", "Apple GPU")
    else:
        yield Finding("note", "device", "cpu only: the built-in model is fine on it, larger models are slow")


def _encoders() -> Iterator[Finding]:
    import av

    codecs = ".".join(str(part) for part in av.library_versions["libavcodec"])
    yield Finding("good", "pyav", f"{av.__version__}, libavcodec {codecs}")
    # the encoders print whole paragraphs when they open
    with without_native_messages():
        problems = {name: _why_not(name) for name, _, _ in ENCODERS}
    for name, purpose, needed in ENCODERS:
        problem = problems[name]
        if problem is None:
            yield Finding("good", name, purpose)
        else:
            yield Finding("bad" if needed else "note", name, f"{purpose}: not here ({problem})")


def _why_not(name: str) -> str | None:
    """None if the encoder really opens: being listed is not enough, a build may lack its library."""
    import av

    try:
        # Any: the stubs know the base class only, and its audio and video attributes differ
        context: Any = av.CodecContext.create(name, "w")
        if context.type == "audio":
            context.sample_rate = 48000
            context.layout = "stereo"
            context.format = context.codec.audio_formats[0]
        else:
            context.width, context.height = 64, 64
            context.pix_fmt = context.codec.video_formats[0].name
            context.framerate = 24
            context.time_base = 1 / context.framerate
        context.open()
    except Exception as error:
        return str(error).split(":")[0].strip("[] ") or type(error).__name__
    return None


def _sound() -> Iterator[Finding]:
    import soundfile

    known = soundfile.available_formats()
    own = [name.lower() for name in ("WAV", "FLAC", "OGG", "MP3") if name in known]
    text = f"{soundfile.__libsndfile_version__}, reads {', '.join(own)}; other sound is read by pyav"
    yield Finding("good", "libsndfile", text)


def _model() -> Iterator[Finding]:
    from anim_runtime.models.library import MissingModel, locate

    found = locate("postcard")
    if isinstance(found, MissingModel) or found.path is None:
        yield Finding("bad", "postcard", "the built-in model is not in this installation: install anim again")
        return
    size = sum(file.stat().st_size for file in found.path.rglob("*") if file.is_file())
    yield Finding("good", "postcard", f"the built-in model, {format_bytes(size)}{_described(found.path)}")


def _described(folder: Path) -> str:
    import json

    path = folder / "model_card.json"
    if not path.is_file():
        return ""
    card = json.loads(path.read_text(encoding="utf-8"))
    scores = card.get("evaluation", {})
    numbers = [
        f"{name} {share:.0%}" for name, share in scores.items() if isinstance(share, float) and 0 < share <= 1
    ]
    version = f", version {card['version']}" if "version" in card else ""
    return version + (f"; judged right: {', '.join(numbers)}" if numbers else "")


def _library(environment: Environment) -> Iterator[Finding]:
    """The models that the user has, and the tokens of sites: whether they are there, never what they are."""
    from anim_runtime.models.collection import Library
    from anim_studio.fetching.tokens import VARIABLES, origin_of_token

    library = Library(environment.models)
    try:
        entries = library.index.entries() if library.is_there else ()
    finally:
        library.close()
    gone = sum(not entry.path.exists() for entry in entries)
    size = format_bytes(sum(entry.facts.size or 0 for entry in entries))
    told = f"{plural(len(entries), 'model')}, {size}" if entries else "no model besides the built-in one"
    lost = f"; {gone} of them are not there any more: `anim models scan`" if gone else ""
    state: Literal["good", "note"] = "note" if gone or library.told else "good"
    yield Finding(state, "models", f"{environment.models}: {told}{lost}")
    if library.told:
        yield Finding("note", "models", library.told)
    for site, names in VARIABLES.items():
        origin = origin_of_token(site)
        absent = f"none; `anim models login {site}` keeps one, or set `{names[0]}`"
        yield Finding("good", f"token {site}", f"from {origin}" if origin else absent)


def _cache(environment: Environment) -> Iterator[Finding]:
    import shutil

    folder = environment.cache
    folder.mkdir(parents=True, exist_ok=True)
    probe = folder / ".doctor"
    probe.write_bytes(b"")
    probe.unlink()
    used = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    free = shutil.disk_usage(folder).free
    cap = format_bytes(environment.cap_bytes)
    text = f"{folder}: {format_bytes(used)} of {cap}, {format_bytes(free)} free on disk"
    yield Finding("good" if free > 2**30 else "note", "cache", text)


def settings_told(environment: Environment) -> Iterator[Finding]:
    """Settings that are not at their defaults, and where each comes from; else where they could be."""
    settings = environment.settings
    for name, origin in settings.origins.items():
        table, _, key = name.rpartition(".")
        value = getattr(getattr(settings, table) if table else settings, key)
        shown = format_bytes(value) if name == "cap" else "true" if value is True else value
        yield Finding("good", name, f"{shown} ({origin})")
    if not settings.origins:
        yield Finding("good", "settings", f"all at their defaults; yours would be in {own_settings()}")
    for name, meant in mistaken_variables().items():
        yield Finding("note", name, f"no setting: perhaps `{meant}` was meant")


def _terminal(terminal: Terminal) -> Iterator[Finding]:
    import shutil

    from anim_studio.cli.terminal import shows_unicode

    size = shutil.get_terminal_size()
    facts = [
        "interactive" if terminal.out.isatty() else "not interactive (a pipe or a file)",
        f"{size.columns} columns",
        "colours" if terminal.out_colour else "no colours",
        terminal.out.encoding or "no encoding",
    ]
    yield Finding("good" if shows_unicode(terminal.out) else "note", "terminal", ", ".join(facts))
