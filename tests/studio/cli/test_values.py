from fractions import Fraction

import pytest
from cyclopts import Token

from anim_studio.cli.values import (
    format_bytes,
    format_clock,
    format_rate,
    format_time,
    fps_option,
    parse_bytes,
    plural,
    size_option,
)


def tokens(text: str) -> list[Token]:
    return [Token(value=text)]


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("4096", 4096),
        ("20GiB", 20 * 2**30),
        ("20 g", 20 * 2**30),
        ("500MB", 500_000_000),
        ("1.5k", 1536),
        ("0", None),
        ("-1", None),
        ("much", None),
        ("", None),
        ("12 parsecs", None),
    ],
)
def test_amounts_of_bytes(text: str, amount: int | None) -> None:
    assert parse_bytes(text) == amount


def test_bytes_are_shown_as_file_managers_do() -> None:
    assert [format_bytes(n) for n in (0, 999, 1100, 6_120_000, 3 * 10**12)] == [
        "0 B",
        "999 B",
        "1.1 kB",
        "6.1 MB",
        "3.0 TB",
    ]


def test_time_left_is_rounded_up() -> None:
    assert [format_clock(s) for s in (0, 0.2, 59.5, 3723)] == ["0:00:00", "0:00:01", "0:01:00", "1:02:03"]


def test_moments_keep_hundredths_across_a_minute() -> None:
    assert [format_time(s) for s in (0, 5, 59.999, 61.25)] == ["00:00.00", "00:05.00", "01:00.00", "01:01.25"]


def test_a_slow_rate_is_told_by_the_frame() -> None:
    assert (format_rate(9.84), format_rate(0.25)) == ("9.8 fps", "4.0 s/frame")


def test_one_is_singular() -> None:
    assert (plural(1, "error"), plural(0, "error")) == ("1 error", "0 errors")


def test_sizes() -> None:
    assert size_option(None, tokens("768x512")) == (768, 512)
    assert size_option(None, tokens("768 X 512")) == (768, 512)
    with pytest.raises(ValueError, match="768x512"):
        size_option(None, tokens("768"))


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("24", Fraction(24)),
        ("12.5", Fraction(25, 2)),
        ("29.97", Fraction(30000, 1001)),
        ("30000/1001", Fraction(30000, 1001)),
    ],
)
def test_rates_are_exact(text: str, rate: Fraction) -> None:
    assert fps_option(None, tokens(text)) == rate


@pytest.mark.parametrize("text", ["0", "-24", "fast", "1/0", "1e9", "nan"])
def test_what_is_no_rate_is_told(text: str) -> None:
    with pytest.raises(ValueError, match="rate"):
        fps_option(None, tokens(text))
