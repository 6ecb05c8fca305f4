"""The Hugging Face hub, played from recorded shapes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.runtime.models.fake_sites import COMMIT, TOKEN, Fault, safetensors, sha256, stocked
from tests.runtime.models.net.conftest import Net

from anim_runtime.models.fetched import Pin
from anim_runtime.models.library import Located, digest, locate
from anim_runtime.models.net.events import Started
from anim_runtime.models.net.problems import NetProblem
from anim_runtime.models.sources.hit import Query

INDEX = {
    "_class_name": "StableDiffusionPipeline",
    "_diffusers_version": "0.42.1",
    "unet": ["diffusers", "UNet2DConditionModel"],
    "vae": ["diffusers", "AutoencoderKL"],
    "text_encoder": ["transformers", "CLIPTextModel"],
    "tokenizer": ["transformers", "CLIPTokenizer"],
    "scheduler": ["diffusers", "PNDMScheduler"],
    "safety_checker": ["stable_diffusion", "StableDiffusionSafetyChecker"],
    "feature_extractor": [None, None],
    "requires_safety_checker": True,
}
WHOLE = {
    "model_index.json": json.dumps(INDEX).encode(),
    "unet/config.json": b'{"a": 1}',
    "unet/diffusion_pytorch_model.safetensors": safetensors(2000),
    "unet/diffusion_pytorch_model.fp16.safetensors": safetensors(1000),
    "unet/diffusion_pytorch_model.bin": b"pickle",
    "unet/pipeline.py": b"boom",
    "vae/config.json": b"{}",
    "vae/diffusion_pytorch_model.safetensors": safetensors(400),
    "text_encoder/config.json": b"{}",
    "text_encoder/model.fp16.safetensors": safetensors(300),
    "text_encoder/model.safetensors": safetensors(600),
    "tokenizer/vocab.json": b"{}",
    "tokenizer/merges.txt": b"#version: 0.2\n",
    "scheduler/scheduler_config.json": b"{}",
    "safety_checker/model.safetensors": safetensors(500),
    "README.md": b"# a model",
    "pipeline.py": b"boom",
    "big.ckpt": b"pickle",
}


@pytest.fixture
def stock(net: Net) -> Net:
    stocked(net.sites)
    net.sites.add_repository("a/whole", WHOLE)
    return net


def files_of(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_search(stock: Net) -> None:
    with stock.sources() as sources:
        (hit,) = sources.search(
            "hf", Query("neon", kind="lora", base="sdxl", tag="style", sort="rating")
        ).hits
    assert (hit.reference, hit.kind, hit.family) == ("hf:someone/neon-lora", "lora", "sdxl")
    assert (hit.downloads, hit.licence, hit.trigger_words) == (4321, "openrail++", ("neon glow",))
    asked = stock.sites.seen[0].path
    for part in ("filter=lora", "filter=style", "base_model%3Astabilityai", "sort=likes", "search=neon"):
        assert part in asked


def test_pages_follow_each_other_and_stay_on_the_site(stock: Net) -> None:
    """The `Link` names huggingface.co itself; a mirror is asked in its place."""
    for number in range(3):
        stock.sites.add_repository(f"b/many{number}", {})
    with stock.sources() as sources:
        found = sources.search("hf", Query("many", limit=3))
        first = sources.search("hf", Query("many", limit=1))
    assert [hit.title for hit in found.hits] == ["many0", "many1", "many2"]
    assert (found.has_more, first.has_more) == (False, True)


def test_what_is_not_for_everybody_is_left_out(stock: Net) -> None:
    stock.sites.add_repository("b/adult", {}, tags=["not-for-all-audiences"])
    with stock.sources() as sources:
        assert sources.search("hf", Query("adult")).hits == ()
        assert [hit.is_nsfw for hit in sources.search("hf", Query("adult", nsfw=True)).hits] == [True]


@pytest.mark.parametrize("reference", ["hf:someone/neon-lora", "hf:someone/neon-lora/neon.safetensors"])
def test_one_file(stock: Net, tmp_path: Path, reference: str) -> None:
    with stock.sources() as sources:
        fetched = sources(Pin(reference), tmp_path)
    assert fetched.path.read_bytes() == stock.sites.contents["someone/neon-lora", "neon.safetensors"]
    assert fetched.path == tmp_path / "hf/someone--neon-lora/0123456789ab/neon.safetensors"
    assert fetched.reference == reference
    assert (fetched.kind, fetched.family, fetched.revision) == ("lora", "sdxl", COMMIT)
    assert fetched.source == f"{stock.sites.site}/someone/neon-lora/resolve/{COMMIT}/neon.safetensors"
    assert {seen.server for seen in stock.sites.seen if "authorization" in seen.headers} == {"site"}


def test_a_folder_has_what_is_known_and_nothing_that_runs(stock: Net, tmp_path: Path) -> None:
    with stock.sources() as sources:
        fetched = sources(Pin("hf:a/whole"), tmp_path)
    assert files_of(fetched.path) == [
        "model_index.json",
        "scheduler/scheduler_config.json",
        "text_encoder/config.json",
        "text_encoder/model.fp16.safetensors",
        "tokenizer/merges.txt",
        "tokenizer/vocab.json",
        "unet/config.json",
        "unet/diffusion_pytorch_model.fp16.safetensors",
        "vae/config.json",
        "vae/diffusion_pytorch_model.safetensors",
    ]
    assert (fetched.kind, fetched.reference) == ("checkpoint", "hf:a/whole")
    assert [file.name for file in fetched.files] == files_of(fetched.path)
    # a mirror of the name that a lock and a plan give it
    assert fetched.sha256 == digest(Located("", "folder", fetched.path))
    assert isinstance(locate(str(fetched.path)), Located)


def test_another_variant_is_another_folder(stock: Net, tmp_path: Path) -> None:
    with stock.sources() as sources:
        half = sources(Pin("hf:a/whole"), tmp_path)
    with stock.sources(variant="") as sources:
        full = sources(Pin("hf:a/whole"), tmp_path)
    assert half.path != full.path
    assert "unet/diffusion_pytorch_model.safetensors" in files_of(full.path)
    assert not any("fp16" in name for name in files_of(full.path))


PART = {
    "config.json": b'{"_class_name": "ControlNetModel", "cross_attention_dim": 768}',
    "preprocessor_config.json": b"{}",
    "diffusion_pytorch_model.safetensors": safetensors(900),
    "diffusion_pytorch_model.fp16.safetensors": safetensors(450),
    "diffusion_pytorch_model.bin": b"pickle",
    "control_v11p_sd15_canny.safetensors": safetensors(800),
    "pipeline.py": b"boom",
}


def test_a_part_alone_is_a_folder_too(stock: Net, tmp_path: Path) -> None:
    """A ControlNet, a VAE, an estimator of depth: its weights are nothing without its settings."""
    stock.sites.add_repository("a/control_canny", PART, tags=["diffusers", "controlnet"])
    with stock.sources() as sources:
        fetched = sources(Pin("hf:a/control_canny"), tmp_path)
        single = sources(Pin("hf:a/control_canny/control_v11p_sd15_canny.safetensors"), tmp_path)
    assert [file.name for file in fetched.files] == [
        "config.json",
        "diffusion_pytorch_model.fp16.safetensors",
        "preprocessor_config.json",
    ]
    assert fetched.kind == "controlnet"
    assert fetched.sha256 == digest(Located("", "folder", fetched.path))
    assert single.path.read_bytes() == PART["control_v11p_sd15_canny.safetensors"]
    # the one does not change what the other is
    with stock.sources() as sources:
        assert sources(Pin("hf:a/control_canny", fetched.sha256), tmp_path).sha256 == fetched.sha256


def test_shards_of_a_part(stock: Net, tmp_path: Path) -> None:
    shards = {f"model-0000{n}-of-00002.safetensors": safetensors(100 * n) for n in (1, 2)}
    others = {"config.json": b"{}", "model.safetensors.index.json": b"{}", "tokenizer.json": b"{}"}
    stock.sites.add_repository("a/shards", {**shards, **others})
    with stock.sources() as sources:
        fetched = sources(Pin("hf:a/shards"), tmp_path)
    assert sorted(file.name for file in fetched.files) == sorted({*shards, *others} - {"tokenizer.json"})


@pytest.mark.parametrize(
    ("config", "says"),
    [
        (b'{"auto_map": {"AutoModel": "evil.Model"}}', "wants code of its own"),
        (b"[1]", "`config.json` of `a/part` is none"),
        (b"{", "is no JSON"),
    ],
)
def test_a_part_that_brings_code(stock: Net, tmp_path: Path, config: bytes, says: str) -> None:
    stock.sites.add_repository("a/part", {**PART, "config.json": config})
    with stock.sources() as sources, pytest.raises(NetProblem, match=says):
        sources(Pin("hf:a/part"), tmp_path)
    assert not list(tmp_path.rglob("*.safetensors"))


def test_a_lora_of_peft_has_its_settings_beside_it(stock: Net, tmp_path: Path) -> None:
    lora = {"adapter_model.safetensors": safetensors(100), "adapter_config.json": b'{"lora_alpha": 8}'}
    stock.sites.add_repository("a/peft", lora)
    with stock.sources() as sources:
        fetched = sources(Pin("hf:a/peft"), tmp_path)
    assert fetched.path.name == "adapter_model.safetensors"
    assert fetched.path.with_name("adapter_config.json").read_bytes() == lora["adapter_config.json"]


def test_a_folder_that_is_torn_is_no_model_yet(stock: Net, tmp_path: Path) -> None:
    """`model_index.json` comes last, so that nobody loads half of it; the next call fetches the rest."""
    stock.sites.fail(f"/lfs/{sha256(WHOLE['vae/diffusion_pytorch_model.safetensors'])}", Fault(404))
    with stock.sources() as sources, pytest.raises(NetProblem):
        sources(Pin("hf:a/whole"), tmp_path)
    assert not list(tmp_path.rglob("model_index.json"))
    before = len(stock.sites.seen)
    with stock.sources() as sources:
        fetched = sources(Pin("hf:a/whole"), tmp_path)
    assert (fetched.path / "model_index.json").is_file()
    again = [seen.path for seen in stock.sites.seen[before:]]
    assert not any("unet" in path and "safetensors" in path for path in again)


def test_a_pinned_folder_is_held_to_its_digest(stock: Net, tmp_path: Path) -> None:
    with stock.sources() as sources:
        fetched = sources(Pin("hf:a/whole"), tmp_path)
        sources(Pin("hf:a/whole", fetched.sha256, revision=COMMIT), tmp_path)
        with pytest.raises(NetProblem, match="is not the one that the lock pins"):
            sources(Pin("hf:a/whole", "d" * 64), tmp_path)
    assert any(seen.path.startswith(f"/api/models/a/whole/revision/{COMMIT}") for seen in stock.sites.seen)


@pytest.mark.parametrize(
    "part",
    [
        ["my_pipeline", "UNet"],
        ["pipeline", "Mine"],
        ["diffusers_modules", "X"],
        [3, "x"],
        ["diffusers", "../x"],
    ],
)
def test_an_index_that_wants_strange_code(stock: Net, tmp_path: Path, part: list[object]) -> None:
    index = json.dumps({**INDEX, "unet": part}).encode()
    stock.sites.add_repository("a/evil", {**WHOLE, "model_index.json": index})
    with stock.sources() as sources, pytest.raises(NetProblem, match="whose code is not run"):
        sources(Pin("hf:a/evil"), tmp_path)
    assert not list(tmp_path.rglob("*.safetensors"))


@pytest.mark.parametrize("index", [b"{", b"[]", b"{}"])
def test_an_index_that_is_none(stock: Net, tmp_path: Path, index: bytes) -> None:
    stock.sites.add_repository("a/torn", {**WHOLE, "model_index.json": index})
    with stock.sources() as sources, pytest.raises(NetProblem, match=r"is none|is no JSON"):
        sources(Pin("hf:a/torn"), tmp_path)


def test_a_part_with_pickles_alone(stock: Net, tmp_path: Path) -> None:
    files = {name: data for name, data in WHOLE.items() if not name.startswith("vae/diffusion")}
    stock.sites.add_repository("a/old", {**files, "vae/diffusion_pytorch_model.bin": b"pickle"})
    with stock.sources() as sources, pytest.raises(NetProblem, match="`vae` of `a/old` has no"):
        sources(Pin("hf:a/old"), tmp_path)


def test_shards_come_with_their_index_and_one_variant_of_it(stock: Net, tmp_path: Path) -> None:
    shards = {
        "text_encoder/model-00001-of-00002.safetensors": safetensors(100),
        "text_encoder/model-00002-of-00002.safetensors": safetensors(200),
        "text_encoder/model.safetensors.index.json": b"{}",
        "text_encoder/model.fp32-00001-of-00001.safetensors": safetensors(900),
        "text_encoder/model.safetensors.index.fp32.json": b"{}",
        "text_encoder/pytorch_model.bin.index.json": b"{}",
    }
    others = {name: data for name, data in WHOLE.items() if not name.startswith("text_encoder/")}
    stock.sites.add_repository("a/shards", {**others, **shards})
    with stock.sources() as sources:
        fetched = sources(Pin("hf:a/shards"), tmp_path)
    own = [name for name in files_of(fetched.path) if name.startswith("text_encoder/")]
    assert own[:2] == list(shards)[:2]
    assert "text_encoder/model.safetensors.index.json" in own
    assert not any("bin.index" in name for name in own)


def test_names_that_lead_out_are_not_written(stock: Net, tmp_path: Path) -> None:
    bad = {
        "unet/../../../evil.json": b"{}",
        "/etc/evil.json": b"{}",
        "unet/.hidden.json": b"{}",
        "unet\\x.json": b"{}",
        "unet/con.json": b"{}",
        "vae/LPT1 .evil.json": b"{}",
    }
    stock.sites.add_repository("a/whole", {**WHOLE, **bad})
    with stock.sources() as sources:
        fetched = sources(Pin("hf:a/whole"), tmp_path)
    assert not any(word in name for word in ("evil", "hidden", "con.") for name in files_of(tmp_path))
    assert len(files_of(fetched.path)) == 10


def test_a_gated_repository(stock: Net, tmp_path: Path) -> None:
    stock.sites.gated.add("someone/neon-lora")
    with stock.sources(token=None) as sources, pytest.raises(NetProblem, match="accept its terms") as met:
        sources(Pin("hf:someone/neon-lora"), tmp_path)
    assert "/someone/neon-lora" in met.value.hint
    assert "HF_TOKEN" in met.value.hint
    with stock.sources() as sources:
        sources(Pin("hf:someone/neon-lora"), tmp_path)


@pytest.mark.parametrize(
    ("reference", "token", "says", "hint"),
    [
        ("hf:no/where", None, "no `hf:no/where` for everybody", "anim models login hf"),
        ("hf:no/where", TOKEN, "does not accept your token", "HF_TOKEN"),
        ("hf:a/whole@v9", TOKEN, "no such revision", "look at"),
        ("hf:a/whole/none.safetensors", TOKEN, "has no file `none.safetensors`", "it has `unet/"),
        ("hf:a/whole/big.ckpt", TOKEN, "is not a `.safetensors` file", "run code"),
        ("hf:someone/../../x", TOKEN, "names no model", "hf:owner/repo"),
    ],
)
def test_refusals_say_what_to_do(
    stock: Net, tmp_path: Path, reference: str, token: str | None, says: str, hint: str
) -> None:
    with stock.sources(token=token) as sources, pytest.raises(NetProblem, match=says) as met:
        sources(Pin(reference), tmp_path)
    assert hint in met.value.hint


def test_several_weight_files_are_to_be_chosen_from(stock: Net, tmp_path: Path) -> None:
    both = {"one.safetensors": safetensors(100), "two.safetensors": safetensors(200)}
    stock.sites.add_repository("a/two", both)
    with stock.sources() as sources:
        with pytest.raises(NetProblem, match="has 2 weight files") as met:
            sources(Pin("hf:a/two"), tmp_path)
        # a lock tells which by the digest
        fetched = sources(Pin("hf:a/two", sha256(both["two.safetensors"])), tmp_path)
    assert "`hf:a/two/one.safetensors`" in met.value.hint
    assert fetched.path.read_bytes() == both["two.safetensors"]


def test_a_file_of_any_usual_name(stock: Net, tmp_path: Path) -> None:
    name = "v1 (fp16)+noise.safetensors"
    stock.sites.add_repository("a/odd", {name: safetensors(100), "two.safetensors": safetensors(200)})
    with stock.sources() as sources:
        fetched = sources(Pin(f"hf:a/odd/{name}"), tmp_path)
    assert fetched.path.name == name
    assert [event.name for event in stock.told if isinstance(event, Started)] == [name]


def test_the_disk_is_asked_for_all_of_a_folder_first(stock: Net, tmp_path: Path) -> None:
    for row in stock.sites.repositories["a/whole"]["siblings"]:  # type: ignore[attr-defined]
        if "lfs" in row:
            row["lfs"]["size"] = 10**15
    with stock.sources() as sources, pytest.raises(NetProblem, match="`hf:a/whole` needs") as met:
        sources(Pin("hf:a/whole"), tmp_path)
    assert met.value.trouble == "disk"
    assert not any("resolve" in seen.path and "model_index" not in seen.path for seen in stock.sites.seen)


def test_a_size_that_cannot_be_is_not_believed(stock: Net, tmp_path: Path) -> None:
    stock.sites.add_repository("a/odd", {"one.safetensors": safetensors(100)})
    row = stock.sites.repositories["a/odd"]["siblings"][0]  # type: ignore[index]
    row["lfs"]["size"] = row["size"] = -3
    with stock.sources() as sources:
        assert sources(Pin("hf:a/odd"), tmp_path).path.read_bytes() == safetensors(100)


def test_a_repository_without_weights(stock: Net, tmp_path: Path) -> None:
    stock.sites.add_repository("a/pickled", {"pytorch_lora_weights.bin": b"pickle"})
    with stock.sources() as sources, pytest.raises(NetProblem, match=r"has no `\.safetensors` file"):
        sources(Pin("hf:a/pickled"), tmp_path)


def test_a_wrong_digest_of_the_store(stock: Net, tmp_path: Path) -> None:
    data = stock.sites.contents["someone/neon-lora", "neon.safetensors"]
    stock.sites.put(f"/lfs/{sha256(data)}", data[:-1] + b"!")
    with stock.sources() as sources, pytest.raises(NetProblem, match="has the sha256"):
        sources(Pin("hf:someone/neon-lora"), tmp_path)


def test_any_address(stock: Net, tmp_path: Path) -> None:
    data = safetensors(500)
    url = stock.sites.put("/files/my%20grain.safetensors", data)
    with stock.sources() as sources:
        fetched = sources(Pin(url), tmp_path)
        other = sources(Pin(f"{url}?v=2"), tmp_path)
        with pytest.raises(NetProblem, match="there is no"):
            sources(Pin(f"{stock.sites.store}/files/none.safetensors"), tmp_path)
        stock.sites.fail("/files/closed.safetensors", Fault(403))
        with pytest.raises(NetProblem, match="not given to everybody"):
            sources(Pin(f"{stock.sites.store}/files/closed.safetensors"), tmp_path)
        with pytest.raises(NetProblem, match="holds no password or token"):
            sources(Pin("https://me:pw@example.org/x.safetensors"), tmp_path)
    assert fetched.path.name.startswith("my-grain-")
    assert fetched.path != other.path
    assert (fetched.reference, fetched.title, fetched.sha256) == (url, "my grain", sha256(data))
    assert all("authorization" not in seen.headers for seen in stock.sites.seen)
