"""The canonical layout."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from tests.dsl.documents import films

from anim_dsl.diagnostic import Edit, has_errors
from anim_dsl.edit import apply_edits
from anim_dsl.format import format_range, format_source, is_faithful
from anim_dsl.format.faithful import remarks
from anim_dsl.parse import parse
from anim_dsl.source import Source


def laid(text: str) -> str:
    result = format_source(Source("film.anim", text))
    assert isinstance(result, str), result
    return result


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(films)
def test_generated_films_round_trip(text: str) -> None:
    source = Source("film.anim", text)
    assert not has_errors(parse(source)[1]), parse(source)[1]
    once = laid(text)
    assert is_faithful(source, once)
    assert laid(once) == once
    assert remarks(Source("film.anim", once)) == remarks(source)
    assert "\r" not in once
    assert "\n\n\n" not in once
    assert not once.startswith(("\n", "\ufeff"))


#: what a person wrote, and what it becomes
LAID = {
    "settings": (
        "size=768X512 ;fps = 24; length=10S   # ten\nseed   =   42\n",
        "size   = 768x512\nfps    = 24\nlength = 10s  # ten\nseed   = 42\n",
    ),
    "groups": (
        "\n\n\na=1\n\n\n\nlong_name=2\n# between\nb=3   \n\n",
        "a = 1\n\nlong_name = 2\n# between\nb         = 3\n",
    ),
    "kinds of statement have columns of their own": (
        'audio song="a.mp3"{bpm=120}\nimage p="p.png"\ninit=p\nlet a=1\nlet long=2\n',
        'audio song = "a.mp3" { bpm = 120 }\nimage p    = "p.png"\ninit = p\nlet a    = 1\nlet long = 2\n',
    ),
    "keys": (
        'prompt{0s:"a"\n10S :"b"\nnegative="c"}',
        'prompt {\n  0s:  "a"\n  10s: "b"\n  negative = "c"\n}\n',
    ),
    "one line stays one line": (
        "control depth{source=init;weight=0.8}\ndiffuse{}\n",
        "control depth { source = init; weight = 0.8 }\ndiffuse { }\n",
    ),
    "comments in columns": (
        "a = 1 # one\nlonger = 2\nb = 3 # three\n",
        "a      = 1  # one\nlonger = 2\nb      = 3  # three\n",
    ),
    "comments around braces": (
        "camera 3d # before\n{ # behind\n\n zoom=1\n\n} # end\n",
        "camera 3d {  # before\n  # behind\n\n  zoom = 1\n}  # end\n",
    ),
    "operators": (
        "x=-a**-2+( not b )\ny=10%3\nz=a if b>0.5 and c else-1\nr=36deg per s\n",
        "x = -a ** -2 + (not b)\ny = 10 % 3\nz = a if b > 0.5 and c else -1\nr = 36deg per s\n",
    ),
    "comments among parameters": (
        "def f(a, # p\n b=2)=a+b\n",
        "def f(\n  a,  # p\n  b = 2\n) = a + b\n",
    ),
    "a comment behind a bracket stays there": (
        "let k = clamp( # c\n 1, 2, 3)\nlet z = [ # d\n # e\n 1, 2]\n",
        "let k = clamp(  # c\n  1, 2, 3\n)\nlet z = [  # d\n  # e\n  1,\n  2\n]\n",
    ),
    "augments end in one column": ("zoom=1\nroll+=2\n", "zoom  = 1\nroll += 2\n"),
    "a Deforum schedule keeps its parentheses": (
        "zoom=0:(1.0), 30:(1.2+0.1*sin(t/5)), 60:(1.0)\n",
        "zoom = 0: (1.0), 30: (1.2 + 0.1 * sin(t / 5)), 60: (1.0)\n",
    ),
    "a list with every key on its line": (
        "roll = 0s:0deg,\n   10s: 360deg,  # full\n   12s: 0deg with ease_in # end\n",
        "roll =\n  0s:  0deg,\n  10s: 360deg,            # full\n  12s: 0deg with ease_in  # end\n",
    ),
    "a formula's own lines": ("x = a * 2\n + b *\n c\n", "x = a * 2\n  + b\n  * c\n"),
    "BOM and CRLF": ("\ufeffa=1\r\nbb=2", "a  = 1\nbb = 2\n"),
    "nothing": ("\n \n", ""),
    "only a comment": ("   # alone", "# alone\n"),
    "a long text keeps its lines": (
        't = """\n    a\n      b\n    """ # c\n',
        't = """\n    a\n      b\n    """  # c\n',
    ),
    "commas that end a line go": (
        'prompt {\n0s:"a",\nnegative="b",\n}',
        'prompt {\n  0s: "a"\n  negative = "b"\n}\n',
    ),
}


@pytest.mark.parametrize("name", LAID)
def test_layout(name: str) -> None:
    before, after = LAID[name]
    assert laid(before) == after
    assert laid(after) == after


def test_a_long_list_is_filled_at_its_commas() -> None:
    keys = ", ".join(f"{number * 10}: (1.{number})" for number in range(20))
    text = laid(f"camera 2d {{\nzoom = {keys}\n}}\n")
    lines = text.splitlines()
    assert lines[1] == "  zoom ="
    assert all(line.startswith("    ") for line in lines[2:-1])
    assert max(map(len, lines)) <= 100
    assert len(lines) == 6


def test_the_film_of_the_language_page_is_canonical(examples: Path) -> None:
    """The published layout, comments apart: their column is that of their group."""
    text = (examples / "music-video.anim").read_text(encoding="utf-8")
    code = [line.partition("  #")[0].rstrip() for line in text.splitlines()]
    assert [line.partition("  #")[0].rstrip() for line in laid(text).splitlines()] == code


def test_a_film_with_errors_is_not_laid_out() -> None:
    found = format_source(Source("film.anim", "a = = 1\nb=2\n"))
    assert not isinstance(found, str)
    assert has_errors(found)


@pytest.mark.parametrize(
    ("a", "b"), [("x = 1\n", "x = 2\n"), ("x = 1 # a\n", "x = 1 # b\n"), ("x = a + b\n", "x = (\n")]
)
def test_another_film_is_not_faithful(a: str, b: str) -> None:
    assert is_faithful(Source("film", a), a)
    assert not is_faithful(Source("film", a), b)


def test_a_layout_that_changes_the_film_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from anim_dsl.format import MisformatError, whole

    monkeypatch.setattr(whole, "lay_items", lambda items, indent: ["a = 2"])
    with pytest.raises(MisformatError):
        format_source(Source("film.anim", "a=1"))


def test_a_range_touches_only_its_lines() -> None:
    source = Source("film.anim", "a=1\r\n\r\nb=2\r\n\r\nc=3\r\n")
    edits = format_range(source, 3, 3)
    assert all(isinstance(edit, Edit) for edit in edits)
    assert apply_edits(source.text, edits) == "a=1\r\n\r\nb = 2\r\n\r\nc=3\r\n"  # type: ignore[arg-type]
    assert apply_edits(source.text, format_range(source, 1, 5)) == "a = 1\r\n\r\nb = 2\r\n\r\nc = 3\r\n"  # type: ignore[arg-type]
    assert format_range(Source("film.anim", "a = 1\n"), 1, 1) == ()


@pytest.mark.parametrize(
    ("text", "laid"),
    [
        (
            'prompt {\n      0s: """\n          a cat\n            b\n\n          """\n}\n',
            'prompt {\n  0s: """\n      a cat\n        b\n\n      """\n}\n',
        ),
        (
            'prompt {\n\t0s: """\n\t\ta cat\n\t\tb\n\t"""\n}\n',
            'prompt {\n  0s: """\n    a cat\n    b\n  """\n}\n',
        ),
        (
            'scene a 2s {\nprompt = """a\n  {t +\n   1}\n  c"""\n}\n',
            'scene a 2s {\n  prompt = """a\n    {t +\n     1}\n    c"""\n}\n',
        ),
        (
            'prompt {\n          0s: """\n   b\n      c\n """\n}\n',
            'prompt {\n  0s: """\n  b\n     c\n"""\n}\n',
        ),
    ],
)
def test_long_texts_move_with_their_blocks(text: str, laid: str) -> None:
    source = Source("film.anim", text)
    assert format_source(source) == laid
    assert is_faithful(source, laid)
    assert format_source(Source("film.anim", laid)) == laid
