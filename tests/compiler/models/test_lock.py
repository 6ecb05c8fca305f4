"""`anim.lock`: the same bytes for the same models, nothing of it believed, films that need no model."""

from __future__ import annotations

import json
from itertools import permutations
from pathlib import Path

import pytest
from tests.compiler.film_texts import checked
from tests.weights import SD1, sd1_lora, sdxl_lora, write_weights

from anim_compiler.compile import CompileOptions, compile_film
from anim_compiler.models.facts import ModelFacts
from anim_compiler.models.known import Known
from anim_compiler.models.lock import LockedModel, ModelLock, lock_text, parse_lock, read_lock
from anim_compiler.models.used import used
from anim_compiler.world import World

MODELS = (
    LockedModel(
        ModelFacts("civitai:25694@143906", "checkpoint", "sd1", "a" * 64, 2132625894, "Epic", licence="CC0"),
        "https://civitai.com/api/download/models/143906",
        "143906",
    ),
    LockedModel(
        ModelFacts("hf:someone/neon", "lora", "sdxl", "b" * 64, 7, trigger_words=("neon", 'a "b"'), steps=4)
    ),
    LockedModel(ModelFacts("models/style.safetensors", "lora", "sd1", "e" * 64, 9)),
    LockedModel(ModelFacts("models/canny.safetensors", "controlnet", "sd1", "c" * 64, 9, control="canny")),
    LockedModel(ModelFacts("models/dev.safetensors", "unet", "flux", "d" * 64, 9, guidance="embedded")),
)
LOCK = ModelLock().with_models(MODELS)


def test_a_lock_has_the_same_bytes_in_whichever_order_its_models_came() -> None:
    texts = {lock_text(ModelLock().with_models(models)) for models in permutations(MODELS)}
    assert len(texts) == 1


def test_a_lock_is_read_as_it_was_written() -> None:
    found = parse_lock(lock_text(LOCK).encode())
    assert found.fault == ""
    assert lock_text(found) == lock_text(LOCK)
    assert found.models["hf:someone/neon"].facts.trigger_words == ("neon", 'a "b"')
    assert found.models["civitai:25694@143906"].revision == "143906"
    assert {model.facts.told_by for model in found.models.values()} == {"lock"}


def test_lines_of_two_branches_make_one_lock() -> None:
    """What git's `union` merge makes of two additions at the same place is a lock of both."""
    one, two = (lock_text(ModelLock().with_models((MODELS[0], MODELS[n]))) for n in (1, 2))
    lines = dict.fromkeys((*one.splitlines()[:-1], *two.splitlines()))
    found = parse_lock("\n".join(lines).encode())
    assert found.models.keys() == {model.reference for model in MODELS[:3]}


_ROW = {"reference": "x", "sha256": "a" * 64}


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ("{", "no JSON"),
        ("[" * 100_000, "no JSON"),
        ("{}", "version"),
        ("[]", "version"),
        ([{"format": 2, "more": 1}], "newer version"),
        ([{"format": "2"}], "no lock of this version"),
        ([{"format": 1}, 7], "damaged"),
        ([{"format": 1}, {"reference": "x"}], "damaged"),
        ([{"format": 1}, {**_ROW, "sha256": "A" * 64}], "damaged"),
        ([{"format": 1}, {**_ROW, "sha256": 7}], "damaged"),
        ([{"format": 1}, {**_ROW, "size": -1}], "damaged"),
        ([{"format": 1}, {**_ROW, "size": True}], "damaged"),
        ([{"format": 1}, {**_ROW, "title": "x" * 5000}], "damaged"),
        ([{"format": 1}, {**_ROW, "trigger_words": "neon"}], "damaged"),
        ([{"format": 1}, {**_ROW, "trigger_words": ["a"] * 100}], "damaged"),
        ([{"format": 1}, _ROW, {**_ROW, "sha256": "b" * 64}], "twice"),
        ('[{"format": 1}\n<<<<<<< ours\n=======\n>>>>>>> theirs\n]', "merge"),
    ],
)
def test_a_lock_that_is_damaged_says_how(rows: object, says: str) -> None:
    found = parse_lock((rows if isinstance(rows, str) else json.dumps(rows)).encode())
    assert says in found.fault
    assert not found.models


def test_a_lock_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "anim.lock").open("wb") as file:
        file.truncate(5 << 20)
    found = read_lock(tmp_path / "anim.lock")
    assert found is not None
    assert "4 MiB" in found.fault
    assert read_lock(tmp_path / "none.lock") is None


FILM = """\
length = 1s
size = 64x64
model = "civitai:25694@143906"
prompt { 0s: "neon" }
lora style = "models/style.safetensors"
"""


def test_a_film_is_checked_and_compiled_by_its_lock_without_any_model(tmp_path: Path) -> None:
    film, found = checked(FILM, tmp_path)
    assert film is None
    assert "E4002" in [one.code for one in found]
    (tmp_path / "anim.lock").write_text(lock_text(LOCK))
    film, found = checked(FILM, tmp_path)
    assert film is not None
    assert "E4002" not in [one.code for one in found]
    world = World(tmp_path, tmp_path)

    def digest(reference: str) -> str:
        facts = world.models(reference)
        assert facts is not None
        return facts.sha256

    made = compile_film(film, world, CompileOptions(model_sha256=digest))
    assert made.plan is not None
    assert made.plan.model.sha256 == "a" * 64
    assert [lora.sha256 for lora in made.plan.loras] == ["e" * 64]


def test_a_model_that_the_lock_lacks_is_warned_of(tmp_path: Path) -> None:
    (tmp_path / "anim.lock").write_text(lock_text(LOCK.only(["hf:someone/neon"])))
    text = 'length = 1s\nmodel = "civitai:25694@143906"\nprompt { 0s: "a" }\n'
    assert "W6181" in [one.code for one in checked(text, tmp_path)[1]]
    (tmp_path / "anim.lock").write_text(lock_text(LOCK))
    assert "W6181" not in [one.code for one in checked(text, tmp_path)[1]]


def test_a_damaged_lock_is_told_once_and_holds_nothing(tmp_path: Path) -> None:
    (tmp_path / "anim.lock").write_text("[")
    text = 'length = 1s\nmodel = "civitai:1"\nvae = "civitai:2"\nprompt { 0s: "a" }\n'
    assert [one.code for one in checked(text, tmp_path)[1]].count("W6180") == 1


def test_facts_come_from_the_lock_then_the_library_then_a_header(tmp_path: Path) -> None:
    write_weights(tmp_path / "models" / "canny.safetensors", sdxl_lora())
    library = {"models/canny.safetensors": ModelFacts("models/canny.safetensors", "vae", told_by="library")}

    def told(models: dict[str, ModelFacts]) -> tuple[str, str]:
        found = World(tmp_path, tmp_path, models=models.get).models("models/canny.safetensors")
        assert found is not None
        return found.kind, found.told_by

    assert told({}) == ("lora", "header")
    assert told(library) == ("vae", "library")
    (tmp_path / "anim.lock").write_text(lock_text(LOCK))
    assert told(library) == ("controlnet", "lock")


def test_the_locks_of_a_folder_and_of_the_root(tmp_path: Path) -> None:
    folder = tmp_path / "films"
    folder.mkdir()
    (tmp_path / "anim.lock").write_text(lock_text(LOCK))
    assert World(tmp_path, folder).models.is_locked("hf:someone/neon")
    (folder / "anim.lock").write_text(lock_text(LOCK.only(["civitai:25694@143906"])))
    world = World(tmp_path, folder)
    assert not world.models.is_locked("hf:someone/neon")
    assert world.models.is_locked("civitai:25694@143906")
    # a film that is watched is checked again when its lock changes
    assert folder / "anim.lock" in world.seen


def test_nothing_outside_of_the_root_is_looked_at(tmp_path: Path) -> None:
    write_weights(tmp_path / "out.safetensors", SD1)
    inside = tmp_path / "film"
    inside.mkdir()
    known = World(inside, inside).models
    assert isinstance(known, Known)
    for reference in ("../out.safetensors", str(tmp_path / "out.safetensors"), "no\0path", "x" * 10_000):
        assert known(reference) is None
    row = {"reference": "../out.safetensors", "sha256": "a" * 64}
    (inside / "anim.lock").write_text(json.dumps([{"format": 1}, row]))
    text = 'length = 1s\nprompt { 0s: "a" }\nlora g = "../out.safetensors"\n'
    assert "E4001" in [one.code for one in checked(text, inside)[1]]


def test_a_film_may_name_a_model_of_the_library(tmp_path: Path) -> None:
    def library(reference: str) -> ModelFacts | None:
        return ModelFacts(reference, "lora", "postcard", "d" * 64) if reference == "neon" else None

    from anim_compiler.check import check
    from anim_dsl.parse import parse
    from anim_dsl.source import Source

    text = 'length = 1s\nprompt { 0s: "a" }\nlora g = "neon"\n'
    document, _ = parse(Source("film.anim", text))
    film, _ = check(document, World(tmp_path, tmp_path, models=library))
    assert film is not None
    assert [use.reference for use in used(film)] == ["neon"]
    film, found = check(document, World(tmp_path, tmp_path))
    assert film is None
    assert "E4002" in [one.code for one in found]


def test_the_models_that_a_film_names(tmp_path: Path) -> None:
    write_weights(tmp_path / "a.safetensors", sd1_lora())
    write_weights(tmp_path / "e.safetensors", {"emb_params": (2, 768)})
    text = (
        'length = 2s\nmodel = 0s: "civitai:1", 1s: "hf:a/b"\nvae = "hf:a/vae"\nprompt { 0s: "a" }\n'
        'lora g = "a.safetensors"\nembedding e = "e.safetensors"\n'
    )
    film, _ = checked(text, tmp_path)
    assert film is not None
    assert [(use.kind, use.reference) for use in used(film)] == [
        ("checkpoint", "civitai:1"),
        ("checkpoint", "hf:a/b"),
        ("vae", "hf:a/vae"),
        ("embedding", "e.safetensors"),
        ("lora", "a.safetensors"),
    ]


def test_the_controlnets_that_are_meant_are_held_as_well(tmp_path: Path) -> None:
    text = 'length = 1s\nmodel = "civitai:25694@143906"\nprompt { 0s: "a" }\ncontrol depth { weight = 0.5 }\n'
    (tmp_path / "anim.lock").write_text(lock_text(LOCK.only(["civitai:25694@143906"])))
    film, _ = checked(text, tmp_path)
    assert film is not None
    named = {use.reference for use in used(film)}
    meant = {use.reference for use in used(film, World(tmp_path, tmp_path).models)}
    assert named == {"civitai:25694@143906"}
    (control,) = meant - named
    assert control.startswith("hf:")
