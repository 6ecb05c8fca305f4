"""Options that several commands share, named and described once."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from cyclopts import Parameter, Token

from anim_studio.cli.exits import Exit, Stop
from anim_studio.cli.values import fps_option, frames_option, size_option


def _film_path(_: object, tokens: Sequence[Token]) -> Path:
    """A path, or `-` for standard input; what else begins with a hyphen is an option that does not exist."""
    word = tokens[0].value
    if word.startswith("-") and word != "-":
        raise Stop(
            Exit.USAGE, f"there is no option `{word}`", "`--help` lists the options; write `./` before a file"
        )
    return Path(word)


Films: TypeAlias = Annotated[Path, Parameter(name="FILM")]
FilmsOrStdin: TypeAlias = Annotated[
    Path,
    Parameter(name="FILM", converter=_film_path, n_tokens=1, accepts_keys=False, allow_leading_hyphen=True),
]
StdinFilename: TypeAlias = Annotated[
    str, Parameter(metavar="NAME", help="What messages call standard input.")
]
Film: TypeAlias = Annotated[Path, Parameter(name="FILM", help="The film, a `.anim` file.")]

Size: TypeAlias = Annotated[
    tuple[int, int] | None,
    Parameter(
        converter=size_option,
        n_tokens=1,
        accepts_keys=False,
        metavar="WxH",
        help="Picture size instead of the film's.",
    ),
]
Frames: TypeAlias = Annotated[
    tuple[int, int] | None,
    Parameter(
        converter=frames_option,
        n_tokens=1,
        accepts_keys=False,
        metavar="A-B",
        help="Only these frames, both included.",
    ),
]
Fps: TypeAlias = Annotated[
    Fraction | None,
    Parameter(
        converter=fps_option,
        n_tokens=1,
        accepts_keys=False,
        metavar="N",
        help="Frames per second instead of the film's.",
    ),
]
Steps: TypeAlias = Annotated[
    int | None, Parameter(metavar="N", help="Denoising steps instead of the film's.")
]
Seed: TypeAlias = Annotated[int | None, Parameter(metavar="N", help="Seed instead of the film's.")]
Cache: TypeAlias = Annotated[
    Path | None,
    Parameter(
        metavar="DIR",
        help="Where finished frames are kept, instead of $ANIM_CACHE or the user's cache folder.",
    ),
]
Device: TypeAlias = Annotated[
    Literal["auto", "cpu", "cuda", "mps"],
    Parameter(metavar="auto|cpu|cuda|mps", help="Where the model runs."),
]
