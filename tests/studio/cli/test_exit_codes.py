"""What commands end with, as the reference promises it; `test_render` stops renders."""

import pytest

GOOD = """\
size = 64x64; fps = 8; length = 1s; model = "null"; prompt = "a lake"
camera 2d { zoom = 1.5 + sin(t) * 0.2 }
"""
BAD = "zom = 1\nlength = 1s\n"

ON_FILMS = ("check", "compile", "plan", "render", "preview", "graph", "plot", "diff", "sheet")


def of(command: str, film: str) -> tuple[str, ...]:
    more = {"diff": (film,), "eval": ("t",), "preview": ("--tier", "camera", "--frames", "0")}
    return (command, film, *more.get(command, ()))


@pytest.fixture
def films(write_film, fresh_cache) -> None:
    write_film(GOOD, "good.anim")
    write_film(BAD, "bad.anim")
    write_film("x = [" * 60_000, "deep.anim")


@pytest.mark.parametrize("command", [*ON_FILMS, "eval"])
def test_a_film_with_errors_is_1(anim, films, command: str) -> None:
    said = anim(*of(command, "bad.anim"))
    assert said.code == 1
    assert "zom" in said.out + said.err


@pytest.mark.parametrize("command", [*ON_FILMS, "eval"])
def test_a_film_that_is_not_there_is_2(anim, films, command: str) -> None:
    said = anim(*of(command, "gone.anim"))
    assert said.code == 2
    assert said.err.startswith("error: ")


@pytest.mark.parametrize(
    "command", [*ON_FILMS, "eval", "explain", "completion", "doctor", "new", "fmt", "audio"]
)
def test_an_option_that_is_none_is_2(anim, films, command: str) -> None:
    said = anim(command, "good.anim", "--no-such-option")
    assert said.code == 2
    assert "Traceback" not in said.err


@pytest.mark.parametrize("command", ["check", "compile", "plan", "render", "preview", "graph"])
def test_a_film_beyond_a_limit_is_3(anim, films, command: str) -> None:
    assert anim(*of(command, "deep.anim")).code == 3


def test_a_model_that_is_missing_is_7(anim, write_film) -> None:
    film = write_film(GOOD.replace('"null"', '"nobody/nothing"'))
    for command in ("render", "plan", "compile"):
        assert anim(command, film).code == 7
    assert anim(*of("preview", str(film))).code == 0


@pytest.mark.parametrize("command", ["check", "compile", "plan", "graph", "render"])
def test_what_goes_well_is_0(anim, films, command: str) -> None:
    assert anim(*of(command, "good.anim")).code == 0


def test_several_films_end_with_the_worst(anim, films) -> None:
    for command in ("check", "compile", "plan", "render"):
        assert anim(command, "good.anim", "bad.anim").code == 1
