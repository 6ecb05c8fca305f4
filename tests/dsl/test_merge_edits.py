"""Pairs of edits that two people make: what used to be lost, doubled or a conflict without need."""

from __future__ import annotations

import pytest
from tests.dsl.test_merge import FILM, conflicts, swap

from anim_dsl.listing import listing
from anim_dsl.merge import merge
from anim_dsl.source import Source

ZOOM = "zoom = 0s: 1, 4s: 2, 8s: 3 with ease_in_out"
NOTES = "# todo: a\n# todo: b\n# todo: c\n\n"


def both_ways(base: str, ours: str, theirs: str) -> str:
    """The merge, which is the same if the two change places."""
    found = [merge(base, *sides) for sides in ((ours, theirs), (theirs, ours))]
    assert [each.conflicts for each in found] == [(), ()]
    assert found[0].text == found[1].text
    return found[0].text


def test_a_key_that_one_side_moved_behind_one_that_the_other_added() -> None:
    text = both_ways(FILM, swap(FILM, ("4s: 2", "6s: 2")), swap(FILM, ("4s: 2", "4s: 2, 5s: 9")))
    assert "0s: 1, 5s: 9, 6s: 2, 8s: 3" in text
    base = swap(FILM, ("= 0s: 0, 10s: 360deg;", "{\n    0s: 0\n    2s: 5  # up\n    8s: 0\n  }\n "))
    edits = (("    2s: 5  # up", "    4s: 5  # up"),), (("    8s: 0", "    3s: 7\n    8s: 0"),)
    assert "0s: 0\n    3s: 7\n    4s: 5  # up\n    8s: 0\n" in both_ways(
        base, *(swap(base, *pairs) for pairs in edits)
    )


def test_keys_that_one_side_moved_to_where_others_were() -> None:
    """Twice as fast, `8s` is at `4s`: not the key that was there, with another value."""
    text = both_ways(FILM, swap(FILM, ("4s: 2, 8s: 3", "2s: 2, 4s: 3")), swap(FILM, ("8s: 3", "8s: 3.5")))
    assert "0s: 1, 2s: 2, 4s: 3.5 with ease_in_out" in text


def test_scenes_that_the_sides_move_apart_from_each_other() -> None:
    scenes = [f"# scene {i}\nscene s{i} 1s {{ }}\n\n" for i in range(6)]
    base, ours, theirs, both = (
        "fps = 24\n\n" + "".join(scenes[int(i)] for i in order)
        for order in ("012345", "102345", "012354", "102354")
    )
    assert both_ways(base, ours, theirs) == both


def test_settings_that_the_sides_move_apart_from_each_other() -> None:
    names = ["a", "b", "c", "d", "e", "f"]
    base, ours, theirs, both = (
        "".join(f"let my_{name} = 1\n" for name in order.split())
        for order in (" ".join(names), "b a c d e f", "a b c d f e", "b a c d f e")
    )
    assert both_ways(base, ours, theirs) == both


def test_a_paragraph_of_comments_is_merged_by_its_lines() -> None:
    base, ours, theirs = (NOTES + text for text in (FILM, FILM, FILM))
    ours, theirs = ours.replace("# todo: b\n", ""), theirs.replace("c\n", "c\n# todo: d\n")
    assert both_ways(base, ours, theirs) == "# todo: a\n# todo: c\n# todo: d\n\n" + FILM
    found = conflicts((("# two shots of", "# three shots of"),), (("# two shots of", "# 2 shots of"),))
    assert found == [("# three shots of a coast", "# 2 shots of a coast")]


def test_a_comment_above_a_scene_is_a_conflict_without_the_scene() -> None:
    base = swap(FILM, ("scene two", "# the end\nscene two"))
    edits = (("# the end", "# the very end"), ('"y"', '"z"')), (("# the end", "# the last shot"),)
    found = merge(base, *(swap(base, *pairs) for pairs in edits))
    assert [(one.ours, one.theirs) for one in found.conflicts] == [("# the very end\n", "# the last shot\n")]
    assert found.conflicts[0].what == "the comment above `scene two`"
    assert found.text.endswith('>>>>>>> theirs\nscene two 5s {\n  prompt = "z"\n}\n')


def test_keys_that_both_make_comments_are_both_gone() -> None:
    base = swap(FILM, ('  5s: "a', '  2s: "rain"\n  5s: "a'))
    ours, theirs = (
        swap(base, (key, key.replace("  ", "  # "))) for key in ('  2s: "rain"', '  5s: "a storm"')
    )
    assert both_ways(base, ours, theirs) == swap(ours, ('  5s: "a storm"', '  # 5s: "a storm"'))


def test_comments_between_the_keys_of_a_list_stay_without_commas() -> None:
    base = swap(FILM, ("4s: 2, 8s: 3", "4s: 2,\n\n    # the rest\n\n    8s: 3"))
    edits = ("4s: 2,", "4s: 2.5,"), ("8s: 3", "8s: 4")
    assert both_ways(base, *(swap(base, edit) for edit in edits)) == swap(base, *edits)


def test_a_comment_that_both_keep_stands_before_the_conflict() -> None:
    base = swap(FILM, ("fps = 24", "# as the band wants it\nfps = 24"))
    found = merge(base, swap(base, ("fps = 24", "fps = 25")), swap(base, ("fps = 24", "fps = 30")))
    assert "# as the band wants it\n<<<<<<< ours\nfps = 25\n=======\nfps = 30\n>>>>>>> theirs\n" in found.text


@pytest.mark.parametrize("theirs", ["use drift(4)", None])
def test_what_a_template_is_given_is_not_doubled(theirs) -> None:
    base = swap(FILM, ('"y"', '"y"\n  use drift(2)'))
    ours = swap(base, ("use drift(2)", "use drift(3)"))
    other = swap(base, ("use drift(2)", theirs) if theirs else ("  use drift(2)\n", ""))
    found = [(one.ours.strip(), one.theirs.strip()) for one in merge(base, ours, other).conflicts]
    assert found == [("use drift(3)", theirs or "")]


def test_a_list_that_one_side_writes_as_a_block() -> None:
    block = "zoom {\n    0s: 1\n    4s: 2  # here\n    8s: 3\n  }"
    base = swap(FILM, (" with ease_in_out", ""))
    ours = swap(base, (ZOOM.removesuffix(" with ease_in_out"), block))
    theirs = swap(base, ("4s: 2, 8s: 3", "4s: 2.5, 6s: 9, 8s: 3"))
    assert both_ways(base, ours, theirs) == swap(ours, ("4s: 2  # here\n", "4s: 2.5  # here\n    6s: 9\n"))
    # an easing of the whole list has no place in a block: it is not left out
    assert merge(base, ours, FILM).conflicts != ()


def test_the_layout_of_one_side_and_the_value_of_the_other() -> None:
    ours = swap(FILM, ('  0s: "a coast"   #', '  0s:  "a coast"  #'))
    assert both_ways(FILM, ours, swap(FILM, ('"a coast"', '"a bay"'))) == swap(ours, ('"a coast"', '"a bay"'))


def test_a_setting_that_one_side_puts_into_a_scene() -> None:
    base = swap(FILM, ("prompt {", "diffuse.strength = 0.5\n\nprompt {"))
    ours = swap(FILM, ('"y"\n', '"y"\n  diffuse.strength = 0.5\n'))
    theirs = swap(base, ("strength = 0.5", "strength = 0.6"))
    assert both_ways(base, ours, theirs) == swap(ours, ("strength = 0.5", "strength = 0.6"))


def test_the_list_of_a_film_with_conflicts_has_markers_where_its_sides_differ() -> None:
    found = merge(FILM, swap(FILM, ("4s: 2", "4s: 2.5")), swap(FILM, ("4s: 2", "4s: 2, 6s: 1"), ("2,", "4,")))
    assert len(found.conflicts) == 1
    said = listing(Source("film", found.text))
    assert said is not None
    assert (
        "camera 3d: zoom 0s: 1\n<<<<<<< ours\ncamera 3d: zoom 4s: 2.5\n=======\ncamera 3d: zoom 4s: 4\n"
        "camera 3d: zoom 6s: 1\n>>>>>>> theirs\ncamera 3d: zoom 8s: 3\n" in said
    )
    assert listing(Source("film", found.text.replace("=======\n", ""))) is None


def test_a_scene_with_another_name_is_the_one_that_it_is_most_like() -> None:
    shots = [
        f'scene {name} 2s {{\n  prompt = "{name}"\n  grade.hue = 5\n  grade.gamma = {n}\n}}\n'
        for n, name in enumerate("pqr")
    ]
    base = FILM + "".join(shots)
    ours = FILM + swap(shots[1], ("scene q", "scene last"), ("hue = 5", "hue = 6")) + shots[2]
    edit = ("gamma = 1", "gamma = 3")
    assert both_ways(base, ours, swap(base, edit)) == swap(ours, edit)
