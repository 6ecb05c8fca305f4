import pytest

from anim_studio.cli.frame_ranges import parse_ranges, spelled_range, within


@pytest.mark.parametrize(
    ("text", "ranges"),
    [
        ("0-47", ((0, 48),)),
        ("12", ((12, 13),)),
        ("0..3", ((0, 4),)),
        ("0-47,96", ((0, 48), (96, 97))),
        ("96, 0-47", ((0, 48), (96, 97))),
        ("120-", ((120, None),)),
        ("5,120-,130-140", ((5, 6), (120, None))),
        ("0-9,5-20", ((0, 21),)),
        ("0-9,10-20", ((0, 21),)),
    ],
)
def test_ranges_are_in_order_and_do_not_overlap(
    text: str, ranges: tuple[tuple[int, int | None], ...]
) -> None:
    assert parse_ranges(text) == ranges


@pytest.mark.parametrize(
    ("text", "meant"), [("9-4", "4-9"), ("first", "0-47"), ("", "0-47"), ("1,,2", "0-47"), ("-5", "0-47")]
)
def test_what_is_no_range_is_told(text: str, meant: str) -> None:
    with pytest.raises(ValueError, match=meant):
        parse_ranges(text)


def test_ranges_are_cut_to_what_there_is() -> None:
    assert within(((0, 5), (8, None), (90, 95)), 3, 12) == ((3, 5), (8, 12))
    assert within(((20, None),), 0, 12) == ()


def test_ranges_are_spelled_as_they_are_written() -> None:
    assert (spelled_range(0, 48), spelled_range(96, 97)) == ("0-47", "96")
