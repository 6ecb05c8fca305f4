"""`nearest`: what a slip most likely meant."""

from anim_dsl.nearest import nearest


def test_of_two_as_near_the_one_that_begins_alike() -> None:
    assert nearest("bas", ["bars", "bass", "abs"]) == "bass"


def test_nothing_is_near_a_strange_word() -> None:
    assert nearest("xylophone", ["bars", "bass"]) is None
