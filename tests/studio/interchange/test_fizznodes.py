"""FizzNodes' schedules: what each frame is told is what its nodes make of the same text."""

from __future__ import annotations

import json

import pytest
from tests.studio.interchange.prompt_frames import DATA, fates, film_of, given, shares

from anim_studio.interchange.fizznodes import looks_like, read
from anim_studio.interchange.imported import Fate, NotThisFormat

REAL = sorted((DATA / "real").glob("fizz_*.json")) if DATA.is_dir() else []


def upstream(
    prompts: dict[int, str], frames: int, before: str = "", behind: str = ""
) -> list[dict[str, float]]:
    """The rules of FizzNodes' `interpolate_prompt_series`: the first prompt from frame 0 on, the last to the
    end, and in between as much of the next as of the way is gone.
    """
    keys = sorted(prompts)
    stops = [*([0] if keys[0] else []), *keys, *([frames] if keys[-1] != frames else [])]
    texts = [*([prompts[keys[0]]] if keys[0] else []), *(prompts[key] for key in keys)]
    texts += [prompts[keys[-1]]] if len(texts) < len(stops) else []
    told = []
    for frame in range(frames):
        place = max(n for n, stop in enumerate(stops) if stop <= frame)
        way = (frame - stops[place]) / (stops[place + 1] - stops[place])
        made: dict[str, float] = {}
        for text, share in ((texts[place], 1 - way), (texts[place + 1], way)):
            whole = " ".join(" ".join((before, text, behind)).split())
            made[whole] = made.get(whole, 0.0) + share
        told.append({text: share for text, share in made.items() if share > 1e-9})
    return told


def same(ours: list[dict[str, float]], theirs: list[dict[str, float]]) -> None:
    assert len(ours) == len(theirs)
    for frame, (mine, other) in enumerate(zip(ours, theirs, strict=True)):
        assert mine == pytest.approx(other, abs=1e-6), frame


@pytest.mark.skipif(not REAL, reason="the shared files are not here")
@pytest.mark.parametrize("path", REAL, ids=lambda path: path.stem)
def test_published_nodes(path, tmp_path) -> None:
    file = given(path.read_bytes(), tmp_path, path.name)
    assert looks_like(file)
    made = read(file)
    inputs = json.loads(path.read_text())["inputs"]
    film = film_of(made, tmp_path)
    assert film.plan.frames == inputs["max_frames"]
    if '"0" :' in inputs["text"]:
        prompts = {int(key): text for key, text in json.loads("{" + inputs["text"] + "}").items()}
        same(
            shares(film),
            upstream(prompts, inputs["max_frames"], inputs.get("pre_text", ""), inputs.get("app_text", "")),
        )


@pytest.mark.parametrize(
    "prompts",
    [
        {0: "a", 10: "b", 20: "c"},
        {5: "a", 9: "b"},
        {0: "a", 30: "b"},
        {0: "a"},
        {12: "a"},
        {0: "a", 23: "b", 24: "c"},
    ],
)
def test_keys_anywhere(prompts, tmp_path) -> None:
    text = ",\n".join(f'"{frame}": "{text}"' for frame, text in prompts.items())
    node = {"class_type": "BatchPromptSchedule", "inputs": {"text": text, "max_frames": 24}}
    made = read(given(json.dumps(node), tmp_path))
    same(shares(film_of(made, tmp_path)), upstream(prompts, 24))


def test_a_pasted_schedule_with_everything(tmp_path) -> None:
    text = '"0" :"a (cat:`0.5+t/100`) {x} [dog] --neg rain",\n'
    text += '"max_f/2" :"a lion `pw_a`, <lora:x:1>",\n"90": "end",\n'
    file = given(text, tmp_path)
    assert looks_like(file)
    made = read(file)
    assert 'a (cat:{0.5+t/100}) \\{x\\} \\[dog\\]"' in made.text
    assert '"(max_f + 1)/2":' in made.text
    assert "morph    = linear" in made.text
    assert fates(made, "<lora:…>") == {Fate.IGNORED}
    film = film_of(made, tmp_path)
    assert film.plan.frames == 102
    at = shares(film)[51]
    assert at == {"a lion 0,": 1.0}
    assert shares(film, "negative")[0] == {"rain": 1.0}


def test_texts_around_every_prompt_are_said_once(tmp_path) -> None:
    inputs = {
        "text": '"0": "x", "6": "y"',
        "max_frames": 12,
        "pre_text": "oil painting of --neg blur",
        "app_text": "!",
    }
    made = read(given(json.dumps({"class_type": "BatchPromptSchedule", "inputs": inputs}), tmp_path))
    assert made.text.count("oil painting of") == 1
    film = film_of(made, tmp_path)
    assert shares(film)[0] == {"oil painting of x !": 1.0}
    assert shares(film, "negative")[0] == {"blur": 1.0}


def test_a_value_schedule_is_a_let_with_its_values(tmp_path) -> None:
    made = read(given("0:(0),\n11:(sin(t)),\n23:(2),\n", tmp_path))
    assert "let value = 0: 0, 11: sin(t), 23: 2\n" in made.text
    film_of(made, tmp_path)


@pytest.mark.parametrize(
    ("text", "place", "says"),
    [
        ('"0": "a",\n"5" "b"', '"b"', "cannot be read here"),
        ('"0": "a `sqrt(t)`"', "sqrt(t)", "every letter `t`"),
        ('"0": "a `nope+1`"', "nope", "there is no `nope` in FizzNodes"),
    ],
)
def test_what_the_node_crashes_on_is_told_where_it_stands(text, place, says, tmp_path) -> None:
    made = read(given(text, tmp_path))
    (found,) = made.diagnostics
    assert made.text == ""
    assert (found.code, says in found.message) == ("E1095", True)
    assert abs(found.span.start - text.index(place)) <= 1


@pytest.mark.parametrize(
    "text", ["", "{", "hello", '{"a": 1}', "[1, 2]", "zoom = 1", "[" * 100_000, '{"a": "b"}']
)
def test_other_files_are_not_taken_for_schedules(text, tmp_path) -> None:
    assert not looks_like(given(text, tmp_path))
    with pytest.raises(NotThisFormat):
        read(given(text, tmp_path))


def test_a_weight_that_a_pasted_schedule_reads_is_a_let(tmp_path) -> None:
    made = read(given('"0": "(a:`pw_a`) (b:`1-pw_b`)", "12": "c"', tmp_path))
    assert "let pw_a = 0  # the schedule does not say it" in made.text
    assert '"(a:{pw_a}) (b:{1-pw_b})"' in made.text
    film_of(made, tmp_path)


def test_keys_from_the_end(tmp_path) -> None:
    node = {"class_type": "BatchPromptSchedule", "inputs": {"max_frames": 20}}
    node["inputs"]["text"] = '"0": "a", "max_f-6": "b", "max_f-1": "c"'
    made = read(given(json.dumps(node), tmp_path))
    assert '"max_f - 5": "b"' in made.text
    assert '"max_f":     "c"' in made.text
    same(shares(film_of(made, tmp_path)), upstream({0: "a", 14: "b", 19: "c"}, 20))


def test_a_decimal_point_in_a_key_stops_the_nodes(tmp_path) -> None:
    (found,) = read(given('"0": "a", "12.5": "b"', tmp_path)).diagnostics
    assert "decimal point" in found.message


@pytest.mark.parametrize("text", ["'0': 'a', '12': 'b'", "\u201c0\u201d: \u201ca\u201d"])
def test_the_wrong_quotes_are_told(text, tmp_path) -> None:
    assert looks_like(given(text, tmp_path))
    (found,) = read(given(text, tmp_path)).diagnostics
    assert (found.code, found.span.start) == ("E1095", 0)


def test_plain_numbers_are_a_value_schedule(tmp_path) -> None:
    assert "let value = 0: 0.5, 20: 1.0" in read(given("0:0.5, 20: 1.0,", tmp_path)).text
    assert not looks_like(given("12:30 lunch", tmp_path))
    assert not looks_like(given(" " * 50_000 + "x", tmp_path))


def test_mistakes_of_a_value_schedule_stand_in_its_file(tmp_path) -> None:
    found = read(given("\n0:(1), 9:(foo(t))", tmp_path)).diagnostics[0]
    assert (found.source.name, found.source.place(found.span.start).line) == ("file.txt", 2)
    assert "Deforum" not in found.message
