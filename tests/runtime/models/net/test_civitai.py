"""Civitai, played from recorded shapes."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.runtime.models.fake_sites import TOKEN, Fault, safetensors, sha256, stocked
from tests.runtime.models.net.conftest import Net

from anim_runtime.models.fetched import Pin
from anim_runtime.models.net.problems import NetProblem
from anim_runtime.models.sources.civitai_api import Model, Models, Version, read
from anim_runtime.models.sources.hit import Query
from anim_runtime.models.sources.hub_api import Repository

_KEYS = [
    *(
        "items",
        "metadata",
        "nextCursor",
        "id",
        "name",
        "modelVersions",
        "files",
        "hashes",
        "SHA256",
        "images",
    ),
    *("trainedWords", "sizeKB", "allowCommercialUse", "allowNoCredit", "stats", "downloadCount", "siblings"),
    *(
        "rfilename",
        "lfs",
        "size",
        "gated",
        "tags",
        "cardData",
        "base_model",
        "sha",
        "model",
        "creator",
        "nsfw",
    ),
]


@pytest.fixture
def stock(net: Net) -> Net:
    stocked(net.sites)
    return net


def test_a_search_tells_what_there_is(stock: Net) -> None:
    with stock.sources() as sources:
        found = sources.search("civitai", Query("neon city"))
    (hit,) = found.hits
    assert (hit.reference, hit.title, hit.kind, hit.family) == (
        "civitai:82098@87153",
        "Neon City",
        "lora",
        "sd1",
    )
    assert (hit.downloads, hit.likes, hit.author) == (123456, 789, "someone")
    assert hit.trigger_words == ("neon glow",)
    assert hit.licence == ("name the author; commercial use: Image, Sell; the same licence for derivatives")
    assert hit.air == "urn:air:sd1:lora:civitai:82098@87153"
    assert hit.picture.endswith("/preview/87153.png")
    assert not found.has_more


def test_pages_follow_each_other_by_cursor(stock: Net) -> None:
    """The server gives two at a time; what its `nextPage` names is never asked."""
    with stock.sources() as sources:
        found = sources.search("civitai", Query(nsfw=True, limit=4))
        first = sources.search("civitai", Query(nsfw=True, limit=1))
    assert len(found.hits) == 4
    assert not found.has_more
    assert first.has_more
    cursors = ["cursor=" in seen.path for seen in stock.sites.asked("/api/v1/models")]
    assert cursors == [False, True, False]


def test_what_is_not_for_everybody_is_left_out_unless_asked_for(stock: Net) -> None:
    with stock.sources() as sources:
        shy = sources.search("civitai", Query("neon"))
        bold = sources.search("civitai", Query("neon", nsfw=True))
    assert "Neon Night" not in [hit.title for hit in shy.hits]
    assert [hit.is_nsfw for hit in bold.hits if hit.title == "Neon Night"] == [True]
    assert "nsfw=false" in stock.sites.seen[0].path


def test_a_preview_for_adults_is_not_shown_to_others(stock: Net) -> None:
    model = stock.sites.models[82098]
    model["modelVersions"][0]["images"] = [  # type: ignore[index]
        {"url": "https://x/adult.png", "nsfwLevel": 16},
        {"url": "https://x/unknown.png"},
        {"url": "https://x/film.mp4", "nsfwLevel": 1, "type": "video"},
        {"url": "https://x/fine.png", "nsfwLevel": 1, "type": "image"},
    ]
    with stock.sources() as sources:
        shy = sources.search("civitai", Query("neon city")).hits[0]
        bold = sources.search("civitai", Query("neon city", nsfw=True)).hits[0]
    assert (shy.picture, bold.picture) == ("https://x/fine.png", "https://x/adult.png")


def test_kinds_and_families_are_asked_for_in_the_sites_words(stock: Net) -> None:
    with stock.sources() as sources:
        sources.search(
            "civitai", Query("neon", kind="lora", base="sdxl", tag="style", sort="newest", period="week")
        )
    asked = stock.sites.asked("/api/v1/models")[0].path
    for part in (
        "types=LORA",
        "types=LoCon",
        "types=DoRA",
        "baseModels=SDXL+1.0",
        "baseModels=Pony",
        "tag=style",
    ):
        assert part in asked.replace("%20", "+")
    assert "sort=Newest" in asked
    assert "period=Week" in asked


def test_a_list_of_base_models_that_cannot_be_had_is_no_hindrance(stock: Net) -> None:
    stock.sites.fail("/api/v1/enums", Fault(404))
    with stock.sources() as sources:
        sources.search("civitai", Query(base="SD 1.5"))
    assert "baseModels=SD" in stock.sites.asked("/api/v1/models")[0].path


def test_fields_that_are_missing_null_or_other_things(stock: Net) -> None:
    stock.sites.models = {
        7: {"id": 7, "modelVersions": [{"id": 8, "files": None, "images": "none"}]},
        8: {"id": "x", "name": None, "stats": [], "creator": 3, "modelVersions": [{"id": True}, 5, None]},
        9: {"id": 9, "name": "none of it", "modelVersions": []},
        10: {
            "id": 10,
            "allowNoCredit": "x",
            "stats": {"downloadCount": "many"},
            "tags": [None, 1, "a"],
            "allowCommercialUse": "None",
            "modelVersions": [{"id": 1e40}],
        },
    }
    for model in stock.sites.models.values():
        model.setdefault("name", "")
        for version in model["modelVersions"]:  # type: ignore[attr-defined]
            if isinstance(version, dict):
                version.setdefault("baseModel", None)
    with stock.sources() as sources:
        found = sources.search("civitai", Query())
    assert [hit.reference for hit in found.hits] == ["civitai:7@8", "civitai:10"]
    assert found.hits[1].licence == "no commercial use"


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_KEYS), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(_KEYS), _VALUES, max_size=8))
def test_any_json_is_read_or_refused(answer: dict[str, object]) -> None:
    for kind in (Models, Model, Version, Repository):
        with suppress(NetProblem):
            read(kind, answer, "host")


def test_halves_of_characters_and_names_of_others(stock: Net, tmp_path: Path) -> None:
    """JSON can hold what no file takes; and no model may call itself as another one is called."""
    stock.sites.add_model(7, "night \ud800", {70: safetensors(500)})
    version = stock.sites.models[7]["modelVersions"][0]  # type: ignore[index]
    version["air"] = "urn:air:sd1:lora:civitai:25694@143906"
    with stock.sources() as sources:
        fetched = sources(Pin("civitai:7"), tmp_path)
    assert fetched.title == "night ?"
    assert fetched.also == ("civitai:7",)


def test_an_answer_of_another_form(stock: Net) -> None:
    stock.sites.fail("/api/v1/models", Fault(200, body=b'["other"]'))
    with (
        stock.sources() as sources,
        pytest.raises(NetProblem, match="in a form that this version does not know"),
    ):
        sources.search("civitai", Query())


@pytest.mark.parametrize(
    ("reference", "version", "also"),
    [
        ("civitai:82098", 87153, ("civitai:82098", "urn:air:sd1:lora:civitai:82098@87153")),
        ("civitai:82098@80000", 80000, ("urn:air:sd1:lora:civitai:82098@80000",)),
        ("urn:air:sd1:lora:civitai:82098@80000", 80000, ("urn:air:sd1:lora:civitai:82098@80000",)),
        ("https://civitai.com/models/82098/neon?modelVersionId=80000", 80000, None),
        ("https://civitai.com/api/download/models/80000?type=Model&format=SafeTensor", 80000, None),
    ],
)
def test_a_model_is_fetched(
    stock: Net, tmp_path: Path, reference: str, version: int, also: tuple[str, ...] | None
) -> None:
    with stock.sources() as sources:
        fetched = sources(Pin(reference), tmp_path)
    data = stock.sites.files[f"/r2/{version}"].data
    assert fetched.path == tmp_path / "civitai" / f"Neon-City-v1-82098-{version}.safetensors"
    assert fetched.path.read_bytes() == data
    assert (fetched.sha256, fetched.size) == (sha256(data), len(data))
    assert (fetched.reference, fetched.revision) == (f"civitai:82098@{version}", str(version))
    assert (fetched.kind, fetched.family, fetched.title) == ("lora", "sd1", "Neon City")
    assert fetched.trigger_words == ("neon glow",)
    assert also is None or fetched.also == also
    assert reference in (fetched.reference, *fetched.also)
    assert fetched.source == f"{stock.sites.site}/api/download/models/{version}"


def test_the_token_goes_to_the_site_and_not_to_its_store(stock: Net, tmp_path: Path) -> None:
    with stock.sources() as sources:
        sources(Pin("civitai:82098"), tmp_path)
    for seen in stock.sites.seen:
        assert ("authorization" in seen.headers) == (seen.server == "site"), seen.path
        assert TOKEN not in seen.path


def test_nothing_of_a_request_is_logged(stock: Net, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(0)
    with stock.sources() as sources:
        sources(Pin("civitai:82098"), tmp_path)
    assert "s1gn3d" not in caplog.text
    assert TOKEN not in caplog.text


def test_a_pinned_file_is_the_pinned_one(stock: Net, tmp_path: Path) -> None:
    """A lock names the version by its number, and the file by its digest."""
    data = stock.sites.files["/r2/80000"].data
    pin = Pin("civitai:82098", sha256(data), len(data), revision="80000")
    with stock.sources() as sources:
        assert sources(pin, tmp_path).sha256 == sha256(data)
        with pytest.raises(NetProblem, match="has the sha256"):
            sources(Pin("civitai:82098@87153", "b" * 64), tmp_path / "other")


def test_another_host_of_the_answer_is_not_asked(stock: Net, tmp_path: Path) -> None:
    file = stock.sites.models[82098]["modelVersions"][0]["files"][0]  # type: ignore[index]
    file["downloadUrl"] = "https://evil.example/api/download/models/87153?type=Model&token=x&fileId=3"
    with stock.sources() as sources:
        sources(Pin("civitai:82098"), tmp_path)
    asked = stock.sites.asked("/api/download/models/87153")[0].path
    assert asked.endswith("?type=Model&fileId=3")
    file["downloadUrl"] = "https://civitai.com/../../etc"
    with stock.sources() as sources:
        sources(Pin("civitai:82098"), tmp_path / "again")


def test_a_name_of_a_file_leads_nowhere_else(stock: Net, tmp_path: Path) -> None:
    stock.sites.add_model(5, "x", {6: safetensors(600)}, file="../../.ssh/..\\evil\x1b[31m .safetensors")
    with stock.sources() as sources:
        fetched = sources(Pin("civitai:5"), tmp_path)
    assert fetched.path == tmp_path / "civitai" / "evil-31m-5-6.safetensors"


def test_pickles_are_not_fetched(stock: Net, tmp_path: Path) -> None:
    stock.sites.add_model(5, "x", {6: b"\x80\x02pickle" * 90}, file="x.ckpt", format="PickleTensor")
    with stock.sources() as sources, pytest.raises(NetProblem, match=r"no `\.safetensors` file"):
        sources(Pin("civitai:5"), tmp_path)
    # one that lies about its format is found by its first bytes
    stock.sites.add_model(5, "x", {6: b"\x80\x02pickle" * 90}, file="x.safetensors")
    with stock.sources() as sources, pytest.raises(NetProblem, match="is a pickle, which can run code"):
        sources(Pin("civitai:5"), tmp_path)


DOWNLOAD = "/api/download/models/87153"


@pytest.mark.parametrize(
    ("path", "fault", "says", "hint"),
    [
        (DOWNLOAD, Fault(403, body=b'{"error": "Early Access"}'), "it says: Early Access", "early access"),
        (DOWNLOAD, Fault(410, body=b'{"error": "Archived"}'), "was archived", "another version"),
        (DOWNLOAD, Fault(404), "Civitai has no `civitai:82098`", "anim models search"),
        (DOWNLOAD, Fault(401), "does not accept your token", "make a new one"),
        ("/api/v1/models/82098", Fault(404), "Civitai has no `civitai:82098`", "anim models search"),
        ("/api/v1/models/82098", Fault(451, body=b"{}"), "answers 451", "look at its page"),
    ],
)  # fmt: skip
def test_refusals_say_what_to_do(
    stock: Net, tmp_path: Path, path: str, fault: Fault, says: str, hint: str
) -> None:
    stock.sites.fail(path, fault)
    with stock.sources() as sources, pytest.raises(NetProblem, match=says) as met:
        sources(Pin("civitai:82098"), tmp_path)
    assert hint in met.value.hint
    assert TOKEN not in f"{met.value.message}{met.value.hint}"


def test_without_a_token_it_is_said_how_to_make_one(stock: Net, tmp_path: Path) -> None:
    with stock.sources(token=None) as sources, pytest.raises(NetProblem, match="logged in") as met:
        sources(Pin("civitai:82098"), tmp_path)
    assert "anim models login civitai" in met.value.hint
    # the site's other way to say it: the page to log in
    stock.sites.fail(DOWNLOAD, Fault(302, {"Location": f"{stock.sites.site}/login?reason=download-auth"}))
    stock.sites.fail("/login", Fault(200, {"Content-Type": "text/html"}, b"<!DOCTYPE html>"))
    with stock.sources(token=None) as sources, pytest.raises(NetProblem, match="logged in"):
        sources(Pin("civitai:82098"), tmp_path)


def test_a_busy_site_is_waited_for(stock: Net, tmp_path: Path) -> None:
    stock.sites.fail(DOWNLOAD, Fault(429, {"Retry-After": "3"}))
    stock.sites.fail("/api/v1/models/82098", Fault(503, {"Retry-After": "2"}))
    with stock.sources() as sources:
        sources(Pin("civitai:82098"), tmp_path)
    assert stock.waits == [2.0, 3.0]


@pytest.mark.parametrize(
    ("reference", "says"),
    [
        ("civitai:82098@1", "has no `civitai:82098@1`"),
        ("civitai:82098@11", "version 11 is not of model 82098"),
        ("civitai:82098@87153+5", "no such file"),
        ("civitai:x", "names no model"),
        ("civitai:0", "names no model"),
        ("civitai:1@0", "names no model"),
        ("urn:air:sdxl:lora:orchestrator:1", "names no model"),
        ("nothing", "no place that models come from"),
    ],
)
def test_slips_of_references(stock: Net, tmp_path: Path, reference: str, says: str) -> None:
    with stock.sources() as sources, pytest.raises(NetProblem, match=says):
        sources(Pin(reference), tmp_path)


def test_a_file_of_a_version_by_its_number(stock: Net, tmp_path: Path) -> None:
    with stock.sources() as sources:
        fetched = sources(Pin("civitai:82098@87153+871530"), tmp_path)
    assert fetched.reference == "civitai:82098@87153+871530"


def test_what_a_file_is_by_its_digest(stock: Net) -> None:
    with stock.sources() as sources:
        hit = sources.civitai.by_hash(sha256(stock.sites.files["/r2/80000"].data))
        assert sources.civitai.by_hash("c" * 64) is None
    assert hit is not None
    assert (hit.reference, hit.title) == ("civitai:82098@80000", "Neon City")
