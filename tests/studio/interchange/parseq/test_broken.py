"""Files that Parseq or Deforum stop at: a diagnostic at the place, and never a traceback."""

from __future__ import annotations

import json
import random
from copy import deepcopy
from typing import Any

import pytest
from tests.studio.interchange.parseq.documents import asked, document, given, one

from anim_studio.interchange.imported import NotThisFormat
from anim_studio.interchange.parseq import looks_like, read


def _frames(*rows: dict[str, Any]) -> bytes:
    """A manifest of rendered frames alone."""
    return json.dumps({"options": {"output_fps": 20}, "rendered_frames": rows}).encode()


def _labelled(pattern: str) -> bytes:
    """A document that looks for a pattern among labels on which it takes long."""
    keys = [{"frame": f, "info": "a" * 52, "scale_i": f'5 + info_match_count("{pattern}")'} for f in (0, 9)]
    return document(*keys, fields="scale")


@pytest.mark.parametrize(
    ("data", "code", "at", "says"),
    [
        (one("scale", "5 / (f - 3)"), "E1090", "5 / (f - 3)", "divides by 0 at frame 3 (`scale`)"),
        (one("scale", "5 + sine(2)"), "E1090", "sine(2)", "no function `sine` (`scale`)"),
        (one("scale", '5 + info_match("x") +'), "E1090", '"5 + info', "the formula ends"),
        (one("scale", "L", options={"output_fps": 0}), "E1091", '"output_fps"', "`output_fps` is `0`"),
        (one("scale", "L", options={"output_fps": 500}), "E1091", '"output_fps"', "0.1 to 240 frames"),
        (one("scale", "L", options={"bpm": "fast"}), "E1091", '"bpm"', "`bpm` is `fast`"),
        (document({"frame": 0}, fields="scale"), "E1091", '"keyframes"', "two keyframes"),
        (
            document({"frame": 2}, {"frame": 9}, fields="scale"),
            "E1091",
            '"keyframes"',
            "first keyframe is at frame 2",
        ),
        (
            document({"frame": 0}, {"frame": 1e9}, fields="scale"),
            "E1091",
            '"keyframes"',
            "beyond 100,000 frames",
        ),
        (document({"frame": 0}, {"frame": "x"}, fields="scale"), "E1091", '"keyframes"', "whole number"),
        (_labelled("a?" * 26 + "a" * 27), "E1090", '"5 + info', "this pattern is more than"),
        (_labelled(".*.*.*.*x"), "E1090", '"5 + info', "this pattern is more than"),
        (_labelled("(a+)+b"), "E1090", '"5 + info', "this pattern is more than"),
        (one("scale", '"1" + "' + " " * 900 + '"'), "E1090", '"\\"1', "a text, where Deforum wants a number"),
        (
            one("scale", "P", *((f, f % 5) for f in range(70)), end=70),
            "E1090",
            "P",
            "`P` goes through 71 keys",
        ),
        (one("scale", "", prompts=[{}] * 1001), "E1091", '"prompts"', "more than 1,000 prompts"),
        (one("scale", "", timeSeries=[{}] * 101), "E1091", '"timeSeries"', "more than 100 time series"),
        (_frames({"frame": 0, "angle": 1}, {"frame": 2}), "E1091", '"rendered_frames"', "frame 1 is missing"),
        (
            _frames({"frame": 0, "angle": 1}, {"frame": 1}),
            "E1091",
            '"rendered_frames"',
            "`angle` is no number",
        ),
        (one("scale", "_log(0-1)"), "E1090", "_log(0-1)", "no number at frame 0"),
        (one("scale", "", prompts={"positive": "a ${1 +} b"}), "E1090", '"a ${1 +} b"', "(a prompt)"),
    ],
)
def test_what_stops_parseq_is_told(data: bytes, code: str, at: str, says: str) -> None:
    made = read(given(data))
    (found,) = made.diagnostics
    assert (made.text, found.code) == ("", code)
    assert says in found.message
    assert found.source.text[found.span.start :].startswith(at), found.source.slice(found.span)


def test_a_file_that_was_cut_off_is_told_where() -> None:
    whole = one("scale", "L")
    cut = given(whole[: whole.index(b'"frame": 40')])
    assert looks_like(cut)
    (found,) = read(cut).diagnostics
    assert found.code == "E1091"
    assert "not JSON" in found.message


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"[1]", b"\xff\xfe", b'{"keyframes": 3}', b'{"prompts": []}', b"null"]
)
def test_another_file_is_not_of_this_format(data: bytes) -> None:
    assert not looks_like(given(data))


def test_json_of_another_kind_is_refused() -> None:
    with pytest.raises(NotThisFormat):
        read(given(b'{"zoom": "0:(1)"}'))


def test_long_formulas_and_many_prompts_are_read() -> None:
    beats = " or ".join(f"f=={f}" for f in range(0, 300, 3))
    sums = " - ".join(map(str, range(1, 101)))
    prompts = [{"positive": f"a {f}", "from": f, "to": f + 9, "allFrames": False} for f in range(0, 300, 5)]
    made = read(given(one("scale", f"if ({beats}) 3 else 4 + ({sums})", end=300, prompts=prompts)))
    values = asked(made).curve("diffuse.cfg_scale").tolist()
    # 1 - (2 - (3 - …)) is -50
    assert values[:4] == [3, 0, 0, 3]


def test_labels_and_names_cannot_leave_their_comment() -> None:
    keys: list[dict[str, Any]] = [{"frame": 0, "info": "x\nlength = 3f\x1b[31m"}, {"frame": 40}]
    made = read(
        given(document(*keys, fields='scale x"\nfps=1'.replace(" ", ""), meta={"version": "\x1b[0m"}))
    )
    assert "\x1b" not in made.text
    assert asked(made).curve("diffuse.cfg_scale").size == 41
    assert not any("\x1b" in remark.what + remark.says for remark in made.remarks)


_ODD: list[Any] = [
    None,
    "",
    0,
    -1,
    1e308,
    "L",
    "x",
    [],
    {},
    True,
    "1e5",
    [1],
    {"a": 1},
    "sin(p=1b)",
    "S*",
    2.5,
]


def test_no_file_breaks_the_importer() -> None:
    """Documents with a value or two replaced by another kind of thing: a film or a diagnostic."""
    draw = random.Random(9)
    base = json.loads(
        one(
            "scale",
            "L*sin(p=2b)",
            (0, 2),
            (20, 4),
            timeSeries=[{"alias": "a", "ts": {"data": [{"x": 0, "y": 1}]}}],
        )
    )
    base["rendered_frames"] = [{"frame": f, "scale": 1, "deforum_prompt": "x"} for f in range(4)]
    base["prompts"] = {"promptList": [{"positive": "a", "from": 0, "to": 9, "overlap": {"type": "linear"}}]}
    for _ in range(120):
        changed = json.loads(json.dumps(base))
        if draw.random() < 0.5:
            del changed["rendered_frames"]
        for _ in range(draw.randint(1, 3)):
            _replaced(changed, draw)
        try:
            made = read(given(json.dumps(changed).encode()))
        except NotThisFormat:
            continue
        assert bool(made.text) != bool(made.diagnostics)


def _replaced(tree: Any, draw: random.Random) -> None:
    """Puts an odd value somewhere into a tree."""
    while True:
        key = draw.choice(list(tree)) if isinstance(tree, dict) else draw.randrange(len(tree))
        inner = tree[key]
        if not isinstance(inner, dict | list) or not inner or draw.random() < 0.15:
            tree[key] = deepcopy(draw.choice(_ODD))
            return
        tree = inner
