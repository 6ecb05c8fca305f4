import json

import numpy as np

from anim_dsl.schedule import evaluate

from .exporting_films import exported

FILM = """\
fps = 10; length = 30f; size = 64x64
prompt { 0f: "a \\"quoted\\" cat"; 10f: "b" hold; 20f: "c"; morph = linear; negative = "text" }
camera 2d { zoom = 0s: 1, 3s: 2 with ease_in_out; angle = 0: (0), 15: (t/3) }
"""


def test_prompts_are_keys_that_can_be_pasted(tmp_path) -> None:
    files = exported(tmp_path, FILM, "fizznodes").files
    assert next(iter(files)) == "film.prompts.txt"
    keys = json.loads("{" + files["film.prompts.txt"].decode() + "}")
    assert keys == {
        "0": 'a "quoted" cat --neg text',
        "10": "b --neg text",
        # FizzNodes always melts: a text that stands has a second key
        "19": "b --neg text",
        "20": "c --neg text",
    }


def test_a_prompt_that_still_melts_at_the_end_goes_on_to_its_key(tmp_path) -> None:
    film = 'fps = 10; length = 3s\nprompt { 0s: "a"; 3s: "b" }'
    text = exported(tmp_path, film, "fizznodes").files["film.prompts.txt"].decode()
    assert text == '"0": "a",\n"30": "b"\n'


def test_every_number_that_moves_has_a_schedule_of_its_own(tmp_path) -> None:
    made = exported(tmp_path, FILM, "fizznodes")
    assert set(made.files) == {"film.prompts.txt", "film.camera.zoom.txt", "film.camera.angle.txt"}
    assert made.files["film.camera.angle.txt"].decode() == "0: (0), 15: (t/3)\n"
    read, _ = evaluate(made.files["film.camera.zoom.txt"].decode(), frames=30)
    u = np.arange(30) / 30
    assert read is not None
    assert read[0] == 1.0
    assert np.all(np.diff(read) > 0)
    assert abs(read[15] - 1.5) < 1e-9
    assert np.abs(np.asarray(read) - 1 - u).max() > 0.05
    assert "camera.zoom" in {remark.what for remark in made.remarks}


def test_numbers_in_texts_are_keys_unless_the_texts_melt(tmp_path) -> None:
    film = """fps = 10; length = 8f; prompt {{ 0f: "a {{t}}" {shape}; 4f: "b" }}"""
    held = json.loads("{" + _prompts(tmp_path, film.format(shape="hold")) + "}")
    assert held == {"0": "a 0", "1": "a 1", "2": "a 2", "3": "a 3", "4": "b"}
    melting = json.loads("{" + _prompts(tmp_path, film.format(shape="")) + "}")
    assert melting == {"0": "a 0", "4": "b"}


def test_a_part_that_begins_between_two_texts_begins_with_both(tmp_path) -> None:
    film = 'fps = 10; length = 8f; prompt { 0f: "a"; 4f: "b" }'
    text = exported(tmp_path, film, "fizznodes", (1, 8)).files["film.prompts.txt"].decode()
    assert json.loads("{" + text + "}") == {"0": "(a:1.5), (b:0.5)", "3": "b"}


def test_a_scene_without_a_setting_has_it_at_rest(tmp_path) -> None:
    film = """fps = 10
        scene one 4f { prompt = "a" }
        scene two 4f { prompt = "b"; camera 2d { zoom = 2 } }
    """
    (text,) = [data for name, data in exported(tmp_path, film, "fizznodes").files.items() if "zoom" in name]
    assert text.decode() == "0: (1), 3: (1), 4: (2)\n"


def _prompts(tmp_path, film: str) -> str:
    return exported(tmp_path, film, "fizznodes").files["film.prompts.txt"].decode()


def test_a_negative_prompt_that_changes_apart_is_told(tmp_path) -> None:
    film = 'fps = 10; length = 8f\nprompt {{ 0f: "a"; 4f: "b"; negative = 0f: "x", {at}: "y"; morph = cut }}'
    for at, apart in (("4f", False), ("5f", True)):
        remarks = exported(tmp_path, film.format(at=at), "fizznodes").remarks
        assert ("prompt.negative" in {remark.what for remark in remarks}) is apart
