"""What a value may be: scenes, variants and curves of the film on the line, words of the language, files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from anim_studio.completing.line import Line

if TYPE_CHECKING:
    from anim_compiler.film import Film


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that may be written, with what it means; `is_open` if more of the word is to follow."""

    word: str
    says: str = ""
    is_open: bool = False


Found = Iterator[Candidate]


def of_option(line: Line, option: str) -> Found | None:
    """The values of an option; None if any text may be one."""
    make = _OPTIONS.get(option)
    return None if make is None else make(line)


def of_place(line: Line) -> Found:
    """What may stand where no option is being written."""
    films = any(word.endswith(".anim") for word in line.done[1:])
    match line.command:
        case "explain":
            # a word of the language, or a film for `--passes`
            yield from words_of_the_language(line.current)
            yield from files(line.current, (".anim",))
        case "eval" | "plot" if films:
            yield from curves(line)
        case "new" | "completion":
            return
        case "sheet":
            yield from files(line.current, (".anim", ".mp4", ".webm", ".mov", ".mkv", ".gif"))
        case "audio":
            sounds = (".wav", ".flac", ".ogg", ".mp3", ".m4a", ".opus", ".mp4", ".mov", ".mkv")
            yield from files(line.current, (".anim", *sounds))
        case _:
            yield from files(line.current, (".anim",))


def files(prefix: str, endings: tuple[str, ...] = ()) -> Found:
    """Files with these endings (all, without any) and folders, as the beginning of a path has them."""
    folder, slash, name = prefix.rpartition("/")
    place = Path(folder + slash).expanduser() if slash else Path()
    if not place.is_dir():
        return
    for entry in sorted(place.iterdir()):
        if not entry.name.startswith(name) or (entry.name.startswith(".") and not name.startswith(".")):
            continue
        if entry.is_dir():
            yield Candidate(f"{folder}{slash}{entry.name}/", is_open=True)
        elif not endings or entry.suffix.lower() in endings:
            yield Candidate(f"{folder}{slash}{entry.name}")


def words_of_the_language(prefix: str) -> Found:
    """All that `anim explain` explains; codes once one is begun."""
    from anim_studio.explain.find import known

    for name in known():
        is_code = name[:1] in ("E", "W", "N") and name[1:].isdecimal()
        if not is_code or prefix[:1] == name[:1]:
            yield Candidate(name)


def scenes(line: Line) -> Found:
    """The scenes of the film."""
    film = _film(line)
    for shot in () if film is None else film.shots:
        yield Candidate(shot.name, f"from {float(shot.start):g} s")


def variants(line: Line) -> Found:
    """The variants of the film."""
    film = _film(line)
    for number, variant in enumerate(() if film is None else film.variants, start=1):
        yield Candidate(variant.name, f"number {number}")


def lets(line: Line) -> Found:
    """The film's lets and its scenes', to be given a value."""
    film = _film(line)
    if film is None or "=" in line.current:
        return
    for name in film.lets:
        yield Candidate(f"{name}=", is_open=True)
    for shot in film.shots:
        for name in shot.lets:
            if name not in film.lets:
                yield Candidate(f"{shot.name}.{name}=", is_open=True)


def curves(line: Line) -> Found:
    """What `eval` and `plot` can show of the film."""
    film = _film(line)
    if film is None:
        return
    from anim_compiler.signatures import READABLE

    names = dict.fromkeys(name for shot in film.shots for name in shot.numbers)
    for name in names:
        yield Candidate(name, "setting")
    for name in dict.fromkeys((*film.lets, *(name for shot in film.shots for name in shot.lets))):
        yield Candidate(name, "let")
    for name in READABLE if film.tempo.track else ():
        yield Candidate(name, "heard in the track")


def templates(_: Line) -> Found:
    """What a new film may begin with."""
    from anim_studio.firsts.templates import TEMPLATES

    for row in TEMPLATES:
        yield Candidate(row.name, row.help)


def _warnings(_: Line) -> Found:
    from anim_dsl.codes import CODES

    return (Candidate(code) for code in CODES if not code.startswith("E"))


def _passes(_: Line) -> Found:
    from anim_compiler.passes import PASSES

    return (Candidate(name) for name in ("lower", *(step.__name__ for step in PASSES)))


def _film(line: Line) -> Film | None:
    """The film on the line, checked; None if there is none without errors."""
    if line.film is None:
        return None
    from anim_studio.cli.environment import read_environment
    from anim_studio.cli.load import load

    return load(line.film, read_environment(folder=line.film.parent).cache).film


_OPTIONS: Mapping[str, Callable[[Line], Found]] = {
    "--scene": scenes,
    "--variant": variants,
    "--define": lets,
    "-D": lets,
    "--template": templates,
    "-t": templates,
    "--select": _warnings,
    "--ignore": _warnings,
    "--before": _passes,
    "--after": _passes,
    "--colour": lambda _: map(Candidate, ("auto", "always", "never")),
    "--color": lambda _: map(Candidate, ("auto", "always", "never")),
}
