"""Minimal edits: what they change, and that comments and layout stay."""

from __future__ import annotations

from textwrap import dedent

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from tests.dsl.documents import films

from anim_dsl import syntax
from anim_dsl.diagnostic import Edit, has_errors
from anim_dsl.edit import (
    NameTakenError,
    NotThereError,
    add_key,
    add_setting,
    apply_edits,
    compatible,
    delete_key,
    keys_of,
    move_key,
    rename,
    replace_key,
    set_setting,
)
from anim_dsl.format.faithful import remarks
from anim_dsl.parse import parse
from anim_dsl.source import Source, Span


def film(text: str) -> Source:
    return Source("film.anim", dedent(text))


def same(text: str, expected: str) -> None:
    assert text == dedent(expected)
    assert not has_errors(parse(Source("film.anim", text))[1])


# --- applying ----------------------------------------------------------------------------------


@given(
    st.permutations(
        [Edit(Span(0, 1), "x"), Edit(Span(2, 2), "y"), Edit(Span(2, 4), ""), Edit(Span(5, 5), "z")]
    )
)
def test_the_order_of_edits_does_not_matter(edits: list[Edit]) -> None:
    assert apply_edits("abcde", edits) == "xbyez"


def test_overlapping_edits_are_refused() -> None:
    with pytest.raises(ValueError, match="overlap"):
        apply_edits("abcde", [Edit(Span(0, 3), "x"), Edit(Span(2, 4), "y")])


def test_compatible_keeps_the_first_of_two_and_equal_ones_once() -> None:
    a, b, c = Edit(Span(0, 3), "x"), Edit(Span(2, 4), "y"), Edit(Span(6, 7), "z")
    assert compatible([c, b, a, Edit(Span(6, 7), "z")]) == (a, c)
    assert apply_edits("abcdefgh", compatible([c, b, a, c])) == "xdefzh"


# --- settings ----------------------------------------------------------------------------------

CAMERA = """\
size = 64x64  # small

# how it moves
camera 3d {
  zoom = 1.2    # a little
  # the turn
  roll = 0s: 0, # start
         4s: 9  # end
}
control depth { source = init; weight = 0.8 }
fov { 0s: 1 ; 4s: 2 }
"""


@pytest.mark.parametrize(
    ("path", "name", "before", "after"),
    [
        ((), "size", "size = 64x64", "size = V"),
        (("camera",), "zoom", "zoom = 1.2 ", "zoom = V "),
        (("camera 3d",), "zoom", "zoom = 1.2 ", "zoom = V "),
        (("control depth",), "weight", "0.8", "V"),
        (("control depth",), "start", "weight = 0.8 }", "weight = 0.8; start = V }"),
        (("camera",), "pan", "4s: 9  # end\n", "4s: 9  # end\n  pan = V\n"),
        ((), "fps", "# small\n", "# small\nfps = V\n"),
        ((), "fov", "fov { 0s: 1 ; 4s: 2 }", "fov = V"),
        (("camera",), "roll", "  roll = 0s: 0, # start\n         4s: 9 ", "  # start\n  roll = V "),
    ],
)
def test_a_setting_is_set(path: tuple[str, ...], name: str, before: str, after: str) -> None:
    assert CAMERA.count(before) == 1
    same(set_setting(film(CAMERA), path, name, "V"), CAMERA.replace(before, after))


def test_a_block_that_is_missing_is_made() -> None:
    same(
        set_setting(film("size = 64x64  # small"), ("diffuse",), "steps", "9"),
        """\
        size = 64x64  # small

        diffuse {
          steps = 9
        }
        """,
    )
    text = "scene one 4s {\n  fps = 3 # three\n}\n"
    same(
        add_setting(film(text), ("scene one", "camera 2d"), "zoom", "2"),
        """\
        scene one 4s {
          fps = 3 # three
          camera 2d {
            zoom = 2
          }
        }
        """,
    )


def test_a_block_is_indented_as_those_of_the_film_are() -> None:
    text = "scene one 4s { # first\n\n\tfps = 3\n}\n"
    made = add_setting(film(text), ("scene one", "camera 2d"), "zoom", "2")
    assert made == text.replace("3\n", "3\n\tcamera 2d {\n\t\tzoom = 2\n\t}\n")
    made = add_setting(film(text), ("diffuse",), "steps", "9")
    assert made == f"{text}\ndiffuse {{\n\tsteps = 9\n}}\n"


def test_settings_go_into_empty_blocks_and_files() -> None:
    same(set_setting(film(""), (), "fps", "12"), "fps = 12\n")
    same(set_setting(film("diffuse {}\n"), ("diffuse",), "steps", "9"), "diffuse { steps = 9 }\n")
    same(
        set_setting(film("diffuse { # none yet\n}\n"), ("diffuse",), "steps", "9"),
        "diffuse { # none yet\n  steps = 9\n}\n",
    )
    same(
        set_setting(film("# a film\nprompt { 0s: 1 }\n"), (), "fps", "9"),
        "# a film\nfps = 9\nprompt { 0s: 1 }\n",
    )


def test_a_statement_without_a_block_gets_one() -> None:
    text = 'lora a = "a.safetensors"  # soft\nscene one 1s {\n  lora b = "b.safetensors"\n}\n'
    made = add_setting(film(text), ("lora a",), "weight", "2")
    assert made == text.replace('"  #', '" { weight = 2 }  #')
    made = add_setting(film(text), ("scene one", "lora b"), "weight", "2")
    assert made == text.replace('b.safetensors"', 'b.safetensors" { weight = 2 }')
    made = add_setting(film(text), ("scene one", "lora b"), "weight", "0s: 1\n1s: 2")
    assert made == text.replace('b.safetensors"', 'b.safetensors" {\n    weight = 0s: 1\n    1s: 2\n  }')


def test_a_dotted_setting_is_the_blocks() -> None:
    same(
        set_setting(film("diffuse.steps = 3 # few\n"), ("diffuse",), "steps", "9"),
        "diffuse.steps = 9 # few\n",
    )


def test_line_ends_stay_those_of_the_file() -> None:
    assert (
        set_setting(film("fps = 3\r\nseed = 1\r\n"), (), "size", "1x1")
        == "fps = 3\r\nseed = 1\r\nsize = 1x1\r\n"
    )


# --- keys --------------------------------------------------------------------------------------

ONE_LINE = "camera 2d { zoom = 0s: 1, 2s: 1.5 ease_in, 4s: 2 with smooth }  # all\n"
LISTED = """\
camera 2d {
  zoom = 0s: 1,  # one
         2s: 2 hold,  # two
         # before three
         4s: 3  # three
  roll = 1
}
"""
LINES = """\
prompt {
  0s: "a"  # one
  # before two
  2s: "b"

  4s: "c"  # three
  negative = "d"
}
"""
SHORT = 'prompt { 0s: "a"; 2s: "b"; 4s: "c" }\n'
COMMAS = 'prompt {\n  0s: "a",  # one\n  2s: "b",\n  4s: "c",  # three\n  negative = "x"\n}\n'
ZOOM, PROMPT = (("camera",), "zoom"), (("prompt",), "")


@pytest.mark.parametrize(
    ("text", "where", "number", "before", "after"),
    [
        (ONE_LINE, ZOOM, 0, "0s: 1", "9s: 9, 0s: 1"),
        (ONE_LINE, ZOOM, 1, "2s: 1.5", "9s: 9, 2s: 1.5"),
        (ONE_LINE, ZOOM, 3, "4s: 2", "4s: 2, 9s: 9"),
        (LISTED, ZOOM, 1, "2s: 2", "9s: 9,\n         2s: 2"),
        (LISTED, ZOOM, 3, "4s: 3  # three", "4s: 3,  # three\n         9s: 9"),
        (LINES, PROMPT, 0, '0s: "a"', '9s: 9\n  0s: "a"'),
        (LINES, PROMPT, 1, '2s: "b"', '9s: 9\n  2s: "b"'),
        (LINES, PROMPT, 3, "# three", "# three\n  9s: 9"),
        (SHORT, PROMPT, 0, '0s: "a"', '9s: 9; 0s: "a"'),
        (SHORT, PROMPT, 3, '4s: "c"', '4s: "c"; 9s: 9'),
        (COMMAS, PROMPT, 1, '2s: "b"', '9s: 9,\n  2s: "b"'),
        ("zoom = 0s: 1 # c\n", ((), "zoom"), 1, "0s: 1", "0s: 1, 9s: 9"),
        ("let x = 0s: 1 # c\n", ((), "x"), 0, "0s: 1", "9s: 9, 0s: 1"),
        ("zoom { 0s: 1 }\n", ((), "zoom"), 1, "0s: 1", "0s: 1, 9s: 9"),
        ("prompt {\n  0s: 1,\n  4s: 2, # c\n}\n", PROMPT, 2, "4s: 2, # c", "4s: 2, # c\n  9s: 9,"),
        ("zoom {\n  0s: 1\n  4s: 2 with smooth # s\n}\n", ((), "zoom"), 2, "# s", "# s\n  9s: 9"),
        ("zoom = 0s: 1, 4s: 2,\n", ((), "zoom"), 2, "4s: 2,", "4s: 2, 9s: 9,"),
    ],
)
def test_a_key_is_added(
    text: str, where: tuple[tuple[str, ...], str], number: int, before: str, after: str
) -> None:
    result = add_key(film(text), *where, number, "9s", "9")
    same(result, text.replace(before, after))
    assert Source("", result).slice(keys_of(film(result), *where)[number].span) == "9s: 9"


@pytest.mark.parametrize(
    ("text", "where", "number", "before", "after"),
    [
        (ONE_LINE, ZOOM, 0, "0s: 1, ", ""),
        (ONE_LINE, ZOOM, 2, ", 4s: 2", ""),
        (LISTED, ZOOM, 0, "0s: 1,  # one", "# one"),
        (LISTED, ZOOM, 1, "2s: 2 hold,  #", "  #"),
        (LINES, PROMPT, 0, '0s: "a"  # one', "  # one"),
        (LINES, PROMPT, 1, '  2s: "b"\n', ""),
        (SHORT, PROMPT, 0, '0s: "a"; ', ""),
        (SHORT, PROMPT, 1, '2s: "b"; ', ""),
        (SHORT, PROMPT, 2, '; 4s: "c"', ""),
        (COMMAS, PROMPT, 1, '  2s: "b",\n', ""),
    ],
)
def test_a_key_is_deleted(
    text: str, where: tuple[tuple[str, ...], str], number: int, before: str, after: str
) -> None:
    result = delete_key(film(text), *where, number)
    assert not has_errors(parse(film(result))[1]), result
    assert remarks(film(result)) == remarks(film(text))
    assert len(keys_of(film(result), *where)) == len(keys_of(film(text), *where)) - 1
    assert result.replace(" ", "") == text.replace(before, after).replace(" ", "")


TRAILING = "zoom =\n  0s: 1, # a\n  1s: 2,\n  2s: 3,\nangle = 0s:1,2s:2\n"
COLUMN = 'prompt {\n  0:   "a"  # one\n  40:  "b"  # two\n  100: "c"  # three\n}\n'


def test_a_key_is_written_as_the_others_of_its_list_are() -> None:
    assert "0s:1,1s:5,2s:2\n" in add_key(film(TRAILING), (), "angle", 1, "1s", "5")
    assert "0s:1,2s:2,3s:5\n" in add_key(film(TRAILING), (), "angle", 2, "3s", "5")
    assert '"a"  # one\n  7:   "d"\n  40:  "b"' in add_key(film(COLUMN), *PROMPT, 1, "7", '"d"')
    assert '  7:   "b"  # two\n' in move_key(film(COLUMN), *PROMPT, 1, "7")
    assert '  1000f: "b"  # two\n' in move_key(film(COLUMN), *PROMPT, 1, "1000f")


def test_a_comment_goes_with_its_key_and_stays_in_its_column() -> None:
    assert move_key(film(COLUMN), *PROMPT, 0, "60", to=1) == (
        'prompt {\n  40:  "b"  # two\n  60:  "a"  # one\n  100: "c"  # three\n}\n'
    )
    assert "1s: 2,\n  1.5s: 1, # a\n  2s: 3,\n" in move_key(film(TRAILING), (), "zoom", 0, "1.5s", to=1)
    assert "zoom =\n  # a\n  1s: 2,\n" in delete_key(film(TRAILING), (), "zoom", 0)
    assert 'prompt {\n  # one\n  40:  "b"' in delete_key(film(COLUMN), *PROMPT, 0)
    # what stands on the line of another is nobody's
    assert "zoom =  # one\n         2s: 2 hold,  # two\n         # before three\n" in move_key(
        film(LISTED), *ZOOM, 0, "5s", to=2
    )


def test_a_key_that_goes_takes_its_comma_and_leaves_no_blanks() -> None:
    for number in range(3):
        result = delete_key(film(TRAILING), (), "zoom", number)
        assert not has_errors(parse(film(result))[1]), result
    assert "  1s: 2,\nangle" in delete_key(film(TRAILING), (), "zoom", 2)
    assert delete_key(film('prompt { 0s: "a"\n  1s: "b" }\n'), *PROMPT, 0) == 'prompt {\n  1s: "b" }\n'
    assert delete_key(film("zoom = 0s: 1 , 1s: 2 ; fps = 3\n"), (), "zoom", 1) == "zoom = 0s: 1 ; fps = 3\n"


def test_the_last_key_of_a_listed_list_leaves_no_comma() -> None:
    result = delete_key(film(LISTED), *ZOOM, 2)
    assert "2s: 2 hold  # two" in result
    assert "# three" in result
    assert not has_errors(parse(film(result))[1])


def test_keys_are_replaced_and_moved() -> None:
    same(replace_key(film(LISTED), *ZOOM, 1, "7"), LISTED.replace("2s: 2 hold", "2s: 7 hold"))
    same(move_key(film(LISTED), *ZOOM, 1, "3s"), LISTED.replace("2s: 2", "3s: 2"))
    same(
        move_key(film(ONE_LINE), *ZOOM, 1, "9s", to=2),
        "camera 2d { zoom = 0s: 1, 4s: 2, 9s: 1.5 ease_in with smooth }  # all\n",
    )


def test_what_is_not_there_is_said() -> None:
    for edit in (
        lambda: replace_key(film(ONE_LINE), *ZOOM, 3, "1"),
        lambda: add_key(film(ONE_LINE), *ZOOM, 5, "1s", "1"),
        lambda: delete_key(film("zoom = 0s: 1\n"), (), "zoom", 0),
        lambda: keys_of(film(ONE_LINE), ("camera",), "roll"),
        lambda: keys_of(film(ONE_LINE), ("diffuse",), "steps"),
    ):
        with pytest.raises(NotThereError):
            edit()


# --- names -------------------------------------------------------------------------------------


def test_a_name_is_changed_everywhere_it_means_the_same() -> None:
    text = """\
        let swell = bass  # swell stays in comments
        def pump(x, amount = swell) = swell * x + song.swell
        def own(swell) = swell
        template shake(swell = 1) { roll = swell }
        template other(a = swell) { roll = swell }
        prompt { swell: "a {swell:03} swell"; 2s: "b" }
        camera 2d { zoom = f(swell = swell, (swell + 1s: 2)); swell = 3 }
        """
    expected = """\
        let tide = bass  # swell stays in comments
        def pump(x, amount = tide) = tide * x + song.swell
        def own(swell) = swell
        template shake(swell = 1) { roll = swell }
        template other(a = tide) { roll = tide }
        prompt { tide: "a {tide:03} swell"; 2s: "b" }
        camera 2d { zoom = f(swell = tide, (tide + 1s: 2)); swell = 3 }
        """
    same(rename(film(text), "swell", "tide"), expected)


def test_tracks_functions_and_templates_are_renamed_where_they_are_given() -> None:
    text = (
        'audio song = "song.ogg"\nzoom = song.bass + song\n'
        "def f(x) = x\ntemplate t(a) { roll = f(a) }\nuse t(1)\n"
    )
    same(
        rename(film(text), "song", "drums"),
        text.replace("song ", "drums ").replace("song.bass", "drums.bass").replace("+ song\n", "+ drums\n"),
    )
    same(rename(film(text), "f", "g"), text.replace("f(", "g("))
    same(rename(film(text), "t", "shake"), text.replace(" t(", " shake("))


@pytest.mark.parametrize(
    ("new", "why"),
    [
        ("hue", "uses"),
        ("song", "uses"),
        ("x", "uses"),
        ("shake", "uses"),
        ("amount", "uses"),
        ("dawn", "uses"),
        ("bass", "language"),
        ("sin", "language"),
        ("t", "language"),
        ("pi", "language"),
        ("let", "cannot"),
        ("two words", "cannot"),
        ("", "cannot"),
    ],
)
def test_a_name_that_is_taken_is_refused(new: str, why: str) -> None:
    text = (
        'let swell = 1\nlet hue = 2\naudio song = "song.ogg"\ndef f(x) = x * swell\n'
        "template shake(amount = 1) { roll = amount * swell }\nscene dawn 2s { }\n"
    )
    with pytest.raises(NameTakenError, match=why):
        rename(film(text), "swell", new)
    assert rename(film(text), "swell", "swell") == text


# --- any film ----------------------------------------------------------------------------------


@settings(
    max_examples=40,
    deadline=None,
    # shrinking a film of many parts takes minutes and rarely makes it much smaller
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(films, st.data())
def test_edits_of_any_film_keep_its_comments_and_parse(text: str, data: st.DataObject) -> None:
    source = Source("film.anim", text)
    lists = [row for row in parse(source)[0].statements if isinstance(row, syntax.Setting | syntax.Let)]
    lists = [row for row in lists if isinstance(row.value, syntax.Keys) and row.value.keys]
    assume(lists)
    name = data.draw(st.sampled_from(lists)).name.text
    try:
        keys = keys_of(source, (), name)
    except NotThereError:
        assume(False)
    number = data.draw(st.integers(0, len(keys) - 1))
    results = {
        "add": add_key(source, (), name, number, "9s", "9"),
        "append": add_key(source, (), name, len(keys), "9s", "9"),
    }
    if len(keys) > 1:
        results["delete"] = delete_key(source, (), name, number)
    for what, result in results.items():
        new = Source("film.anim", result)
        assert not has_errors(parse(new)[1]), (what, result)
        after = len(keys_of(new, (), name))
        assert after == len(keys) + (-1 if what == "delete" else 1), (what, result)
        if what != "delete":
            assert remarks(new) == remarks(source), (what, result)
