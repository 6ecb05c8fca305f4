"""Merges of two people's edits: what each did is in the result, and nothing else."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from tests.dsl.documents import films

from anim_dsl.diagnostic import has_errors
from anim_dsl.edit import rename
from anim_dsl.format import format_source
from anim_dsl.lexer import lex
from anim_dsl.merge import Marking, Style, merge, path_at
from anim_dsl.merge.essence import essence
from anim_dsl.merge.items import Item, of_film
from anim_dsl.merge.whole import _inside
from anim_dsl.parse import parse
from anim_dsl.source import Source
from anim_dsl.syntax import Let

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.anim"))
FILM = """\
# two shots of a coast
size = 64x64
fps = 24
length = 10s

let depth = 0.5   # of the pulse

prompt {
  0s: "a coast"   # calm
  5s: "a storm"
  negative = "blurry"
}

camera 3d {
  zoom = 0s: 1, 4s: 2, 8s: 3 with ease_in_out
  rotation_3d_y = 0s: 0, 10s: 360deg; translation_z = depth
}

scene one 5s { prompt = "x" }
scene two 5s {
  prompt = "y"
}
"""


def swap(text: str, *pairs: tuple[str, str]) -> str:
    for old, new in pairs:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def merged(*edits: tuple[tuple[str, str], ...], film: str = FILM) -> str:
    """Ours and theirs as replacements in a film, merged without conflict."""
    result = merge(film, *(swap(film, *pairs) for pairs in edits))
    assert (result.conflicts, result.by_lines) == ((), "")
    return result.text


def conflicts(*edits: tuple[tuple[str, str], ...], film: str = FILM) -> list[tuple[str, str]]:
    result = merge(film, *(swap(film, *pairs) for pairs in edits))
    return [(one.ours.strip(), one.theirs.strip()) for one in result.conflicts]


DISJOINT = {
    "two settings": ((("fps = 24", "fps = 12"),), (("length = 10s", "length = 12s"),)),
    "two keys of a list": ((("0s: 1,", "0s: 1.5,"),), (("8s: 3", "8s: 4"),)),
    "a key and an easing": ((("4s: 2", "4s: 2.5"),), (("with ease_in_out", "with linear"),)),
    "two statements of one line": ((("360deg", "180deg"),), (("_z = depth", "_z = depth * 2"),)),
    "a value and the comment behind it": ((("depth = 0.5", "depth = 0.7"),), (("of the pulse", "of it"),)),
    "a key's value and its comment": ((('"a coast"', '"a bay"'),), (("# calm", "# still"),)),
    "a scene's name and its length": ((("scene two", "scene last"),), (("two 5s", "two 6s"),)),
    "a scene's head and what is in it": ((("scene two 5s", "scene two 6s"),), (('"y"', '"z"'),)),
}


@pytest.mark.parametrize("case", DISJOINT)
def test_disjoint_edits_are_both_made(case) -> None:
    ours, theirs = DISJOINT[case]
    both = swap(FILM, *ours)
    for old, new in theirs:
        # what ours changed beside it may stand in the pattern
        at = old if old in both else None
        both = both.replace(old, new) if at else both.replace("last 5s", "last 6s")
    assert merged(ours, theirs) == both
    assert merged(theirs, ours) == both


def test_a_side_that_changed_nothing_gives_the_other_byte_for_byte() -> None:
    other = swap(FILM, ("fps = 24", "fps   =  12 ;")).replace("\n", "\r\n")
    assert merge(FILM, other, FILM).text == merge(FILM, FILM, other).text == other
    assert merge(FILM, other, other).text == other


def test_keys_that_both_add_come_in_the_order_of_their_times() -> None:
    said = merged((("4s: 2", "3s: 9, 4s: 2"),), (("4s: 2", "1s: 8, 48: 7, 4s: 2"),))
    assert "zoom = 0s: 1, 1s: 8, 48: 7, 3s: 9, 4s: 2, 8s: 3 with ease_in_out" in said
    said = merged((('"a storm"', '"a storm"\n  9s: "sun"'),), (('5s: "a', '2s: "rain"  # new\n  5s: "a'),))
    assert '  2s: "rain"  # new\n  5s: "a storm"\n  9s: "sun"\n  negative' in said


def test_a_key_that_one_moves_and_the_other_changes_is_both() -> None:
    assert "0s: 1, 5s: 2.5, 8s: 3" in merged((("4s: 2", "5s: 2"),), (("4s: 2", "4s: 2.5"),))
    assert conflicts((("4s: 2", "5s: 2"),), (("4s: 2", "6s: 2"),)) != []
    assert conflicts((("4s: 2", "5s: 2"),), (("4s: 2", "4s: 2, 5s: 9"),)) != []


def test_a_let_that_one_renames_and_the_other_uses_anew_has_its_new_name_there() -> None:
    ours = rename(Source("film", FILM), "depth", "amount")
    result = merge(FILM, ours, swap(FILM, ('"x" }', '"x"; diffuse.strength = depth }')))
    assert result.conflicts == ()
    assert "diffuse.strength = amount" in result.text
    assert "depth" not in result.text


def test_one_let_renamed_by_both_is_a_conflict() -> None:
    ours, theirs = (rename(Source("film", FILM), "depth", name) for name in ("amount", "height"))
    text = merge(FILM, ours, theirs).text
    assert "let amount" in text
    assert "let height" in text


def test_both_change_one_setting() -> None:
    result = merge(FILM, swap(FILM, ("fps = 24", "fps = 12")), swap(FILM, ("fps = 24", "fps = 30")))
    assert result.text == swap(
        FILM, ("fps = 24\n", "<<<<<<< ours\nfps = 12\n=======\nfps = 30\n>>>>>>> theirs\n")
    )
    same = merge(FILM, swap(FILM, ("fps = 24", "fps = 12")), swap(FILM, ("fps = 24", "fps  =  12")))
    assert same.conflicts == ()


def test_the_head_of_a_block_alone_is_a_conflict_and_its_inside_is_merged() -> None:
    found = merge(
        FILM,
        swap(FILM, ("scene two 5s", "scene two 6s")),
        swap(FILM, ("scene two 5s", "scene two 7s"), ('"y"', '"z"')),
    )
    assert (
        '<<<<<<< ours\nscene two 6s {\n=======\nscene two 7s {\n>>>>>>> theirs\n  prompt = "z"\n}\n'
        in found.text
    )


def test_what_one_removes_and_the_other_changes_is_a_conflict_and_what_it_leaves_is_gone() -> None:
    gone = (('scene one 5s { prompt = "x" }\n', ""),)
    assert conflicts(gone, (('"x"', '"xx"'),)) == [("", 'scene one 5s { prompt = "xx" }')]
    assert conflicts(gone, (("one 5s {", "one  5s  {"),)) == []
    assert "scene one" not in merged(gone, (('"y"', '"z"'),))


def test_the_order_of_one_side_and_the_change_of_the_other() -> None:
    one, two = 'scene one 5s { prompt = "x" }\n', 'scene two 5s {\n  prompt = "y"\n}\n'
    assert merged(((one + two, two + one),), (('"x"', '"z"'),)).endswith(two + one.replace("x", "z"))


def test_scenes_that_both_put_in_other_orders_are_one_conflict() -> None:
    scenes = [f"scene s{i} 1s {{ }}\n" for i in range(3)]
    base, ours, theirs = ("".join(scenes[i] for i in order) for order in ((0, 1, 2), (2, 1, 0), (1, 0, 2)))
    found = merge(f"fps = 12\n{base}", f"fps = 24\n{ours}", f"fps = 12\n{theirs}").conflicts
    assert [(one.ours, one.theirs) for one in found] == [(ours, theirs)]


def test_scenes_that_both_add_are_ours_then_theirs_and_that_is_said() -> None:
    found = merge(FILM, FILM + "scene a 1s { }\n", FILM + "scene b 1s { }\n")
    assert found.text.endswith("scene a 1s { }\nscene b 1s { }\n")
    assert found.notes == ("both sides add scenes: ours (`a`) come before theirs (`b`)",)


@pytest.mark.parametrize("place", ["camera.zoom = 0s: 1, 4s: 2, 8s: 3 with ease_in_out", "wrapped"])
def test_a_setting_that_moved_to_another_block_takes_the_change_along(place) -> None:
    written = "zoom = 0s: 1, 4s: 2, 8s: 3 with ease_in_out"
    if place == "wrapped":
        ours = swap(FILM, (f"  {written}\n", ""), ('"x" }', f'"x"; camera 3d {{ {written} }} }}'))
    else:
        ours = swap(FILM, (f"  {written}\n", ""), ("fps = 24", f"fps = 24\n{place}"))
    result = merge(FILM, ours, swap(FILM, ("4s: 2", "4s: 2.5")))
    assert result.conflicts == ()
    assert result.text == ours.replace("4s: 2,", "4s: 2.5,")


def test_line_ends_marks_and_the_last_line_end_are_merged_for_themselves() -> None:
    windows = FILM.replace("\n", "\r\n")
    edited = swap(FILM, ("fps = 24", "fps = 12"))
    assert merge(FILM, windows, edited).text == edited.replace("\n", "\r\n")
    assert merge(windows, edited.replace("\n", "\r\n"), "\ufeff" + windows).text == "\ufeff" + edited.replace(
        "\n", "\r\n"
    )
    assert merge(FILM, FILM.rstrip("\n"), edited).text == edited.rstrip("\n")
    assert merge("fps = 24", "fps = 24\nlength = 1s", "fps = 12").text == "fps = 12\nlength = 1s"


def test_a_side_with_syntax_errors_is_merged_line_by_line() -> None:
    broken = swap(FILM, ("prompt {", "prompt {{{"))
    found = merge(FILM, broken, swap(FILM, ("fps = 24", "fps = 12")))
    assert found.by_lines == "our version has syntax errors"
    assert found.text == swap(broken, ("fps = 24", "fps = 12"))
    text = merge(FILM, swap(broken, ("fps = 24", "fps = 1")), swap(FILM, ("fps = 24", "fps = 2"))).text
    assert "<<<<<<< ours\nfps = 1\n=======\nfps = 2\n>>>>>>> theirs\n" in text


def test_a_base_with_conflicts_of_its_own_says_nothing_about_what_is_between_its_markers() -> None:
    base = swap(FILM, ("fps = 24\n", "<<<<<<<<< a\nfps = 12\n=========\nfps = 30\n>>>>>>>>> b\n"))
    sides = [swap(FILM, ("fps = 24", f"fps = {rate}")) for rate in (12, 30)]
    assert [one.what for one in merge(base, *sides).conflicts] == ["`fps`"]
    assert merge(base, sides[0], sides[0]).text == sides[0]
    longer = swap(sides[0], ("length = 10s", "length = 11s"))
    assert merge(base, sides[0], longer).text == longer


def test_styles_of_markers() -> None:
    sides = [swap(FILM, ("fps = 24\n", f"# the rate\nfps = {rate}\n")) for rate in (12, 30)]
    marking = Marking(Style.DIFF3, 9, "a", "b", "c")
    text = merge(FILM, *sides, marking=marking).text
    assert (
        "# the rate\n<<<<<<<<< a\nfps = 12\n||||||||| b\nfps = 24\n=========\nfps = 30\n>>>>>>>>> c\n" in text
    )
    sides = [swap(FILM, ("fps = 24\n", f"fps =\n  {rate}\n")) for rate in (12, 30)]
    text = merge(FILM, *sides, marking=Marking(Style.ZDIFF3)).text
    assert "\nfps =\n<<<<<<< ours\n  12\n||||||| base\nfps = 24\n=======\n  30\n>>>>>>> " in text


def test_a_contested_item_is_a_conflict_where_the_sides_differ() -> None:
    theirs = swap(FILM, ("_z = depth", "_z = depth * 2"))
    path = path_at(theirs, theirs.index("depth * 2"))
    assert path == (("set", "camera"), ("set", "translation_z"))
    found = merge(FILM, FILM, theirs, contested=[path])
    assert [(one.ours.strip(), one.theirs.strip()) for one in found.conflicts] == [
        ("translation_z = depth", "translation_z = depth * 2")
    ]


# --- many edits ------------------------------------------------------------------------------------


def items_in(text: str) -> list[Item]:
    document, _ = parse(Source("film", text))
    waiting, found = list(of_film(text, document.statements).items), []
    while waiting:
        item = waiting.pop()
        waiting += _inside(item)
        found += [item] if item.node is not None else []
    return found


def edited(text: str, chance: random.Random, marks: list[str]) -> str:
    """A film with one edit; what is new in it has a number that nothing else has, which `marks` gets."""
    item = chance.choice(items_in(text))
    assert item.node is not None
    start, end = item.node.span.start, item.node.span.end
    mark = str(chance.randrange(10**6, 10**7))
    match chance.randrange(8):
        case 0 | 1:
            numbers = [each for each in lex(text, start, end) if each.type in ("NUMBER", "QUANTITY")]
            if not numbers:
                return text
            token = chance.choice(numbers)
            new = text[: token.start] + re.sub(r"^[0-9.]+", mark, token.text) + text[token.end :]
        case 2 if not item.is_key:
            new = f"{text[:end]}\nlet n{mark} = {mark}{text[end:]}"
        case 3:
            new, mark = text[:start] + text[end + len(item.trail) :], ""
        case 4 if item.starts_line:
            line = text.rfind("\n", 0, start) + 1
            new = f"{text[:line]}# {mark}\n{text[line:]}"
        case 5 if item.trail.endswith("\n") and "#" not in item.trail:
            new = f"{text[:end]}{item.trail[:-1]}  # {mark}\n{text[end + len(item.trail) :]}"
        case 6 if isinstance(item.node, Let):
            new = rename(Source("film", text), item.node.name.text, f"r{mark}")
        case 7:
            laid = format_source(Source("film", text))
            assert isinstance(laid, str)
            new, mark = laid, ""
        case _:
            return text
    if has_errors(parse(Source("film", new))[1]):
        return text
    marks += [mark] if mark else []
    return new


@pytest.mark.parametrize("seed", range(8))
def test_no_edit_is_lost_and_the_order_of_the_sides_does_not_matter(seed) -> None:
    chance = random.Random(seed)
    texts = [FILM, *(path.read_text(encoding="utf-8") for path in EXAMPLES)]
    for _ in range(7):
        base = chance.choice(texts)
        marks: list[list[str]] = [[], []]
        sides = [base, base]
        for place in (0, 1):
            for _ in range(chance.randint(1, 3)):
                sides[place] = edited(sides[place], chance, marks[place])
        found, other = merge(base, *sides), merge(base, *reversed(sides))
        for place in (0, 1):
            kept = [mark for mark in marks[place] if mark in sides[place]]
            assert [mark for mark in kept if mark not in found.text] == []
        assert found.by_lines == ""
        assert bool(found.conflicts) == bool(other.conflicts)
        if not found.conflicts:
            assert not has_errors(parse(Source("film", found.text))[1])
            assert sorted(essence(found.text)) == sorted(essence(other.text))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(films, films)
def test_any_film_is_cut_and_put_together_again(text, other) -> None:
    for one in (text, other):
        assert of_film(one, parse(Source("film", one))[0].statements).text == one
    found = merge(text, f"{text}\n{other}", text)
    assert found.text == f"{text}\n{other}"
    # two films that know nothing of each other: whatever comes of it is a film, or has markers
    found = merge("", text, other)
    if not found.conflicts and not found.by_lines:
        assert not has_errors(parse(Source("film", found.text))[1])
