"""Options that several commands share, named and described once."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Annotated, TypeAlias

from cyclopts import Parameter, Token

from anim_studio.cli import settings
from anim_studio.cli.exits import Exit, Stop
from anim_studio.cli.frame_ranges import Ranges, ranges_option
from anim_studio.cli.values import bytes_option, fps_option, size_option


def _film_path(_: object, tokens: Sequence[Token]) -> Path:
    """A path, or `-` for standard input; what else begins with a hyphen is an option that does not exist."""
    word = tokens[0].value
    if word.startswith("-") and word != "-":
        raise Stop(
            Exit.USAGE, f"there is no option `{word}`", "`--help` lists the options; write `./` before a file"
        )
    return Path(word)


def _definitions(_: object, tokens: Sequence[Token]) -> tuple[str, ...]:
    """`speed=3deg`, each a name and a value. Raises `Stop` for one that is not."""
    from anim_dsl.given import given_name

    for token in tokens:
        if given_name(token.value) is None:
            raise Stop(
                Exit.USAGE, f"`-D {token.value}` gives no value to a name", "write it like `-D speed=3deg`"
            )
    return tuple(token.value for token in tokens)


Films: TypeAlias = Annotated[Path, Parameter(name="FILM")]
FilmsOrStdin: TypeAlias = Annotated[
    Path,
    Parameter(name="FILM", converter=_film_path, n_tokens=1, accepts_keys=False, allow_leading_hyphen=True),
]
FilesOrStdin: TypeAlias = Annotated[
    Path,
    Parameter(name="FILE", converter=_film_path, n_tokens=1, accepts_keys=False, allow_leading_hyphen=True),
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
    Ranges | None,
    Parameter(
        converter=ranges_option,
        n_tokens=1,
        accepts_keys=False,
        metavar="A-B,C,D-",
        help="Only these frames of the film, both ends included.",
    ),
]
SceneName: TypeAlias = Annotated[
    str | None, Parameter(name="--scene", metavar="NAME", help="Only this scene of the film.")
]
Define: TypeAlias = Annotated[
    tuple[str, ...],
    Parameter(
        name=["--define", "-D"],
        converter=_definitions,
        n_tokens=1,
        allow_leading_hyphen=True,
        metavar="NAME=VALUE",
        help="A value instead of that of a `let` of the film, `SCENE.NAME` for a scene's; several times.",
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
Tier: TypeAlias = Annotated[
    settings.PictureTier | None,
    Parameter(
        metavar="camera|hints|draft|final",
        help="How good the pictures are: the moves alone, what ControlNets are shown, small and quick, or "
        "the film itself.",
    ),
]
Seed: TypeAlias = Annotated[int | None, Parameter(metavar="N", help="Seed instead of the film's.")]
Timings: TypeAlias = Annotated[
    Path | None,
    Parameter(metavar="PATH", help="Write where the time goes to this JSON file, for ui.perfetto.dev."),
]
MaxSize: TypeAlias = Annotated[
    int,
    Parameter(
        converter=bytes_option,
        n_tokens=1,
        accepts_keys=False,
        metavar="SIZE",
        help="The largest that the file may be; `8MB` unless given.",
    ),
]
Cache: TypeAlias = Annotated[
    Path | None,
    Parameter(
        metavar="DIR",
        help="Where finished frames are kept, instead of $ANIM_CACHE or the user's cache folder.",
    ),
]
Device: TypeAlias = Annotated[
    settings.Device | None,
    Parameter(metavar="auto|cpu|cuda|mps", help="Where the model runs; `auto` is the fastest that is here."),
]
Out: TypeAlias = Annotated[
    Path | None,
    Parameter(metavar="DIR", help="The folder that relative output paths start from; `out` unless given."),
]
