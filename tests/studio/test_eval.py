import json

import pytest

FILM = """\
size = 64x64
fps = 10
length = 1s
prompt { 0s: "a lake at dawn" }
let swell = 0s: 0, 1s: 1
camera 2d { zoom = 0s: 1, 1s: 1.5 }
diffuse { steps = 2; strength = 0.2 + swell / 2 }
"""


def test_the_values_of_every_frame_as_a_json_list(anim, write_film) -> None:
    said = anim("eval", write_film(FILM), "camera.zoom", "--json")
    assert said.code == 0, said.err
    values = json.loads(said.out)
    assert values == pytest.approx([1 + 0.05 * frame for frame in range(10)])


def test_a_line_a_frame(anim, write_film) -> None:
    said = anim("eval", write_film(FILM), "camera.zoom", "--frames", "2-4")
    assert [line.split("\t") for line in said.out.splitlines()] == [["2", "1.1"], ["3", "1.15"], ["4", "1.2"]]


def test_lets_and_settings_have_values(anim, write_film) -> None:
    film = write_film(FILM)
    swell = json.loads(anim("eval", film, "swell", "--json").out)
    strength = json.loads(anim("eval", film, "diffuse.strength", "--json").out)
    assert strength == pytest.approx([0.2 + value / 2 for value in swell])


@pytest.mark.parametrize(
    ("name", "meant"), [("camera.zom", "camera.zoom"), ("zoom", "camera.zoom"), ("xyzzy", "plot")]
)
def test_an_unknown_curve_is_told(anim, write_film, name: str, meant: str) -> None:
    said = anim("eval", write_film(FILM), name)
    assert said.code == 2
    assert meant in said.err


def test_a_deforum_schedule_needs_no_film(anim) -> None:
    said = anim("eval", "--deforum", "0:(0), 10:(10)", "--frames", "12", "--seed", "1", "--json")
    assert said.code == 0, said.err
    assert json.loads(said.out) == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10]


def test_the_seed_of_a_schedule(anim) -> None:
    said = anim("eval", "--deforum", "0:(s+t)", "--frames", "3", "--seed", "7", "--json")
    assert json.loads(said.out) == [7, 8, 9]


def test_a_schedule_that_deforum_cannot_read_is_told(anim) -> None:
    said = anim("eval", "--deforum", "0:(import)", "--frames", "3", "--json")
    assert said.code == 1
    assert said.out == ""
    assert said.err.count("error[") == 1
    assert "Traceback" not in said.err


SCENES = """\
size = 64x64; fps = 10
let swell = u
scene one 1s { prompt { 0s: "a" }; diffuse { strength = 0.5 } }
scene two 1s { prompt { 0s: "b" }; let depth = t; diffuse { strength = u } }
"""


def test_a_setting_goes_over_all_scenes(anim, write_film) -> None:
    said = anim("eval", write_film(SCENES), "diffuse.strength", "--json")
    assert json.loads(said.out) == pytest.approx([0.5] * 10 + [f / 10 for f in range(10)])


def test_a_setting_that_a_scene_lacks_has_no_number_there(anim, write_film) -> None:
    film = write_film(SCENES.replace("let depth = t;", "camera 2d { zoom = 1 + u }\n"))
    values = json.loads(anim("eval", film, "camera.zoom", "--json").out)
    assert values[:10] == [None] * 10
    assert values[10] == 1


def test_any_formula_of_a_films_words(anim, write_film) -> None:
    said = anim("eval", write_film(SCENES), "smooth(swell, 80ms) * 0 + t * 2", "--frames", "3-4")
    assert said.out == "3\t6\n4\t8\n"


def test_a_scene_by_its_own_clock_and_names(anim, write_film) -> None:
    said = anim("eval", write_film(SCENES), "depth + u", "--scene", "two", "--frames", "11-12")
    assert said.out == "11\t1.1\n12\t2.2\n"


def test_an_unknown_scene_is_told(anim, write_film) -> None:
    said = anim("eval", write_film(SCENES), "u", "--scene", "tow")
    assert said.code == 2
    assert "`two`" in said.err


def test_a_mistake_in_a_formula_is_shown_there(anim, write_film) -> None:
    said = anim("eval", write_film(SCENES), "swel * 2")
    assert said.code == 1
    assert "expression:1:1" in said.err
    assert "did you mean `swell`" in said.err


WORDS = """\
size = 64x64; fps = 10; max_frames = 5
prompt { 0: "a cat"; 4: "a dog"; morph = linear; negative = "blur" }
diffuse { sampler = 0: "Euler", 3: "DDIM"; steps = "0: (2), 4: (9)"; strength_schedule = 0: (1.5) }
"""


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("prompt", ['"a cat"', '75% "a cat" + 25% "a dog"', '50% "a cat" + 50% "a dog"']),
        ("prompt.negative", ['"blur"', '"blur"', '"blur"']),
        ("model", ["postcard", "postcard", "postcard"]),
        ("diffuse.sampler", ["Euler", "Euler", "Euler", "DDIM"]),
        ("sampler_schedule", ["Euler", "Euler", "Euler", "DDIM"]),
        ("strength_schedule", [0, 0, 0]),
        ("diffuse.steps", [2, 3, 5, 7, 9]),
        ("grade.saturation", [1, 1, 1]),
    ],
)
def test_words_aliases_and_defaults_have_values(anim, write_film, name: str, said: list[object]) -> None:
    printed = json.loads(anim("eval", write_film(WORDS), name, "--json").out)
    assert printed[: len(said)] == said


def test_a_default_is_told(anim, write_film) -> None:
    assert "this is its default" in anim("eval", write_film(WORDS), "grade.hue").err


def test_a_schedule_may_begin_with_a_minus(anim) -> None:
    said = anim("eval", "--deforum", "-1:(5), 0:(0)", "--frames", "2", "--json")
    assert json.loads(said.out) == [0, 0]


@pytest.mark.parametrize(
    ("name", "at_7"),
    [
        ("cuts", 1),
        ("cuts.phase", 0),
        ("cuts.drop", 0.75),
        ("table.x", 7),
        ("table", 7),
        ('cuts.hit("end")', 0),
    ],
)
def test_what_files_tell_has_values(anim, write_film, name: str, at_7: float) -> None:
    film = write_film(f'{FILM}markers cuts = "cuts.txt"\nseries table = "x.csv"\n')
    (film.parent / "cuts.txt").write_text("0.75\t0.75\tdrop\n0.9\t0.9\tend\n")
    (film.parent / "x.csv").write_text("frame,x\n0,0\n9,9\n")
    said = anim("eval", film, name, "--frames", "7-8", "--json")
    assert said.code == 0, said.err
    assert json.loads(said.out)[0] == pytest.approx(at_7)
