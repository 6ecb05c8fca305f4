import pytest


@pytest.mark.parametrize(
    ("words", "message", "hint"),
    [
        ("rnder x.anim", "there is no command `rnder`", "did you mean `render`?"),
        ("--bogus", "there is no option `--bogus` before a command", "`anim --help`"),
        ("render a.anim --frame 3", "there is no option `--frame` here", "did you mean `--frames`?"),
        ("render a.anim --seed", "`--seed` needs a value", "`anim render --help`"),
        ("render a.anim --seed 1 --seed 2", "`--seed` is given twice", "leave one of them out"),
        ("render a.anim --seed x", "`--seed` cannot be `x`: it is a whole number", "`anim render --help`"),
        (
            "render a.anim --tier drft",
            "`--tier` cannot be `drft`",
            "one of `camera`, `hints`, `draft`, `final`",
        ),
        ("render a.anim --size 100", "`--size`: `100` is not a size", "write it like `768x512`"),
        ("preview a.anim --max-size x", "`--max-size`: `x` is no amount of bytes", "write it like `8MB`"),
        ("render a.anim --json=5", "`--json` cannot be `5`: it is a switch", "`anim render --help`"),
        ("cache prun", "`prun` cannot stand here", "it is one of `show`, `verify`, `prune`"),
        ("cache show more", "`cache` does not take `more` as well", "`anim cache --help`"),
        ("plot", "`plot` needs a film", "`anim plot --help`"),
    ],
)
def test_a_line_that_is_not_a_command_is_told_in_our_words(anim, words: str, message: str, hint: str) -> None:
    said = anim(*words.split())
    assert said.code == 2
    assert f"error: {message}" in said.err
    assert hint in said.err
