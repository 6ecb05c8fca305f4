"""The depth estimator's drawings, errors, training and export."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from tools.depth import dataset, export, heuristic, train
from tools.depth.augment import SIDE, Batches, cropped
from tools.depth.objective import loss, measured
from tools.depth.shapes import corridor, stage
from tools.postcard.scenes import Picture, draw, picture
from tools.postcard.spec import PLACES, PRODUCTS, Landscape, Product, Spec

from anim_runtime.depth.net import DepthNet

torch.set_num_threads(1)


def scene(place: str, weather: str = "clear") -> Picture:
    return draw(np.random.default_rng(3), Spec(Landscape(place, "day", weather), "photo"), 64, 96)


@pytest.mark.parametrize("weather", ["clear", "snow", "autumn", "fog"])
@pytest.mark.parametrize("place", PLACES)
def test_the_sky_is_the_farthest_and_the_ground_comes_nearer_downwards(place: str, weather: str) -> None:
    away = scene(place, weather).away
    assert 0 <= away.min() < away.max() <= 1
    assert away[0].mean() > 0.9
    rows = away.mean(1)
    assert rows[-1] < 0.15
    assert rows[-1] < rows[-14] < rows[4]


@pytest.mark.parametrize("thing", PRODUCTS)
def test_a_product_stands_nearer_than_its_wall_and_farther_than_the_floor_before_it(thing: str) -> None:
    drawn = draw(np.random.default_rng(2), Spec(Product(thing, "red", "white"), "photo"), 64, 64)
    assert drawn.away[2, 2] > drawn.away[44, 30] > drawn.away[-1, 2]


def test_water_recedes_as_perspective_has_it() -> None:
    """At half the way down from the horizon to the edge everything is twice as far as at the edge."""
    away = scene("ocean").away[:, 0]
    level = int(np.argmax(away < 0.96))
    middle = (level + 64) // 2
    assert np.exp(3.4 * (away[middle] - away[-1])) == pytest.approx(2, rel=0.1)


def test_pictures_are_drawn_as_before_whatever_is_known_of_their_depth() -> None:
    assert np.array_equal(picture(5).rgb, picture(5).rgb)
    assert picture(5).away.shape == picture(5).rgb.shape[:2]


@pytest.mark.parametrize("make", [stage, corridor])
def test_plain_scenes_are_in_range(make: object) -> None:
    assert callable(make)
    for seed in range(12):
        rgb, away = make(np.random.default_rng(seed), 40, 56)
        assert rgb.shape == (40, 56, 3)
        assert away.shape == (40, 56)
        assert 0 <= rgb.min() <= rgb.max() <= 1
        assert 0 <= away.min() < away.max() <= 1


def test_a_seed_gives_the_same_sample_and_another_seed_another() -> None:
    worn = dataset.Worn()
    first, again, other = (dataset.sample(seed, worn) for seed in (4, 4, 5))
    assert first.shape == (128, 128, 4)
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_what_is_cut_and_mirrored_keeps_its_depth_in_place() -> None:
    both = torch.rand(6, 1, 128, 128).expand(6, 4, 128, 128)
    made = cropped(np.random.default_rng(1), both)
    assert made.shape == (6, 4, SIDE, SIDE)
    assert torch.equal(made[:, :3], made[:, 3:].expand_as(made[:, :3]))


def test_the_error_does_not_mind_the_scale_and_does_mind_the_edges() -> None:
    true = torch.zeros(1, 1, 32, 32)
    true[..., 16:] = 0.5
    assert loss(true, true) < 2e-3
    assert loss(true + 0.2, true) < loss(1 - true, true)
    blurred = torch.nn.functional.avg_pool2d(true, 9, 1, 4, count_include_pad=False)
    assert loss(blurred, true) > loss(true + 0.02, true)


def test_figures_are_those_of_the_best_shift_and_gain() -> None:
    true = torch.rand(4, 1, 16, 16)
    same = measured(true * 3 + 1, true)
    assert same.fitted == pytest.approx(0, abs=1e-4)
    assert same.within == 1.0
    assert same.scale_invariant > 0.5
    assert measured(torch.zeros_like(true), true).fitted == pytest.approx(3.4 * 0.289, rel=0.1)


def test_the_heuristic_sees_the_sky_far() -> None:
    image = torch.from_numpy(scene("meadow").rgb).permute(2, 0, 1)[None]
    far = heuristic.estimated(image)
    assert far[..., :8, :].mean() > far[..., -8:, :].mean() + 0.3


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A work folder with a few drawings."""
    folder = tmp_path_factory.mktemp("work")
    (folder / "shards").mkdir()
    drawn = np.stack([dataset.sample(i, dataset.Worn()) for i in range(8)])
    np.save(folder / "shards" / "000.npy", np.tile(drawn, (dataset.SHARD // 8, 1, 1, 1)))
    return folder


def test_training_learns_repeats_itself_and_goes_on(work: Path) -> None:
    options = train.Options(work, steps=12, batch=4)
    net = train.run(options).net
    states = []
    for stop in (12, 6):
        (work / "train.pt").unlink()
        made = train.run(train.Options(work, steps=stop, batch=4))
        states.append(made.net.state_dict())
    assert all(torch.equal(v, states[0][k]) for k, v in net.state_dict().items())
    assert not torch.equal(states[0]["out.bias"], states[1]["out.bias"])
    resumed = train.run(options)
    assert resumed.step == 12
    images, away = Batches(work / "shards", 9).draw(0, 8, torch.device("cpu"))
    untrained = DepthNet().train()
    with torch.no_grad():
        assert loss(resumed.net.train()(images), away) < loss(untrained(images), away)


def test_what_is_exported_is_what_was_trained(work: Path, tmp_path: Path) -> None:
    net = DepthNet().eval()
    export.write(net, tmp_path, {"steps": 0}, {"net": {}})
    from safetensors.torch import load_file

    again = DepthNet()
    again.load_state_dict({k: v.float() for k, v in load_file(tmp_path / export.WEIGHTS).items()})
    image = torch.rand(1, 3, 32, 48)
    with torch.no_grad():
        assert torch.allclose(again.eval()(image), net(image), atol=2e-2)
    card = json.loads((tmp_path / "model_card.json").read_text())
    assert card["training"] == {"steps": 0}
