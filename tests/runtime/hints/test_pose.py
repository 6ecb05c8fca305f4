"""People as OpenPose draws them, from the maps of an estimator, and what is said without one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from anim_runtime.ops.hints.people import found, load
from anim_runtime.ops.hints.pose import ESTIMATOR, Pose, fingerprint
from anim_runtime.ops.hints.skeleton import COLORS, JOINTS, LIMBS, drawn, joints_of
from anim_runtime.ops.kernel import FrameContext
from anim_runtime.problems import RenderProblem

#: a person who stands before the camera, arms a little away: COCO's joints, px of 512 by 512
STANDING = [
    (256, 80), (266, 70), (246, 70), (280, 75), (232, 75),
    (310, 150), (202, 150), (340, 220), (172, 220), (350, 290), (162, 290),
    (290, 300), (222, 300), (295, 390), (217, 390), (298, 480), (214, 480),
]  # fmt: skip


def test_joints_are_put_into_the_order_of_openpose_with_a_neck() -> None:
    joints = joints_of([(float(x), float(y), 0.9) for x, y in STANDING])
    assert len(joints) == len(JOINTS) == len(COLORS) == 18
    assert len(LIMBS) == 17
    by_name = dict(zip(JOINTS, joints, strict=True))
    assert by_name["neck"] == (256.0, 150.0, 0.9)
    assert by_name["right shoulder"] == (202.0, 150.0, 0.9)
    assert by_name["left ankle"] == (298.0, 480.0, 0.9)
    assert by_name["left ear"] == (280.0, 75.0, 0.9)


def test_a_skeleton_has_openposes_colours_where_the_joints_are() -> None:
    joints = joints_of([(float(x), float(y), 0.9) for x, y in STANDING])
    picture = drawn([joints], 512, 512)
    for joint, color in zip(joints, COLORS, strict=True):
        assert joint is not None
        assert tuple(picture[int(joint[1]), int(joint[0])]) == color
    # half way along a limb: six tenths of its colour; the right thigh is the ninth from red
    thigh = tuple(int(channel * 0.6) for channel in COLORS[LIMBS.index((8, 9))])
    assert tuple(picture[345, 220]) == thigh
    assert not picture[:40].any()


def test_joints_that_are_not_seen_are_not_drawn() -> None:
    unsure = [(float(x), float(y), 0.1 if place in (5, 9) else 0.9) for place, (x, y) in enumerate(STANDING)]
    joints = joints_of(unsure)
    by_name = dict(zip(JOINTS, joints, strict=True))
    assert by_name["left shoulder"] is None
    assert by_name["neck"] is None, "it lies between shoulders that are both seen"
    assert by_name["left wrist"] is None
    assert not drawn([[None] * 18], 64, 64).any()


def test_peaks_of_maps_are_found_between_pixels() -> None:
    """A Gaussian around (20.3, 30.6) of a map 48 wide and 64 high, of a crop of 480 by 640 px."""
    rows, columns = np.mgrid[0:64, 0:48]
    heat = np.exp(-((columns - 20.3) ** 2 + (rows - 30.6) ** 2) / (2 * 2.0**2))
    ((x, y, sure),) = found(torch.from_numpy(heat)[None].float(), (240.0, 320.0, 480.0, 640.0))
    assert abs(x - 10 * 20.8) < 1.0
    assert abs(y - 10 * 31.1) < 1.0
    assert sure > 0.9


@pytest.fixture(scope="module")
def estimator(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny random ViTPose."""
    from transformers import VitPoseBackboneConfig, VitPoseConfig, VitPoseForPoseEstimation

    backbone = VitPoseBackboneConfig(
        image_size=[64, 48], patch_size=[16, 16], hidden_size=16, num_hidden_layers=1, num_attention_heads=2,
        out_indices=[1],
    )  # fmt: skip
    folder = tmp_path_factory.mktemp("vitpose")
    config = VitPoseConfig(backbone_config=backbone, num_labels=17, use_simple_decoder=True)
    VitPoseForPoseEstimation(config).save_pretrained(folder)
    return folder


def test_an_estimator_of_transformers_is_asked(estimator: Path) -> None:
    """Random weights find no people, but every step from picture to skeleton is taken."""
    people = load(estimator, None, torch.device("cpu"))
    (joints,) = people(torch.rand(1, 3, 96, 128))
    assert len(joints) == 18
    frame = FrameContext(0, 128, 96, torch.device("cpu"))
    kernel = Pose(lambda reference: estimator if reference == ESTIMATOR else None)
    shown = kernel.hint_pose([torch.rand(1, 3, 96, 128)], {}, frame)
    assert shown.shape == (1, 3, 96, 128)


@pytest.fixture(scope="module")
def detector(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny RT-DETR that takes all it sees for people: twelve of them."""
    from transformers import RTDetrConfig, RTDetrForObjectDetection, RTDetrResNetConfig

    backbone = RTDetrResNetConfig(
        embedding_size=8, hidden_sizes=[8, 8, 16, 16], depths=[1, 1, 1, 1], layer_type="basic",
        out_features=["stage2", "stage3", "stage4"],
    )  # fmt: skip
    config = RTDetrConfig(
        backbone_config=backbone, encoder_hidden_dim=16, encoder_in_channels=[8, 16, 16], encoder_layers=1,
        encoder_ffn_dim=16, encoder_attention_heads=2, decoder_in_channels=[16, 16, 16], d_model=16,
        num_queries=12, decoder_layers=1, decoder_ffn_dim=16, decoder_attention_heads=2, num_denoising=0,
        id2label={0: "cat", 1: "person"},
    )  # fmt: skip
    model = RTDetrForObjectDetection(config)
    for name, weights in model.named_parameters():
        if name.endswith("class_embed.0.bias"):
            weights.data = torch.tensor([-20.0, 20.0])
    folder = tmp_path_factory.mktemp("rtdetr")
    model.save_pretrained(folder)
    return folder


def test_a_detector_says_where_people_are(estimator: Path, detector: Path) -> None:
    """Each of them is looked at by itself, in px of the picture and by the label that says so."""
    people = load(estimator, detector, torch.device("cpu"))
    picture = torch.rand(1, 3, 96, 128)
    found_in = people._boxes(picture)
    assert len(found_in) == 12
    assert all(0.0 <= x <= 128.0 and 0.0 <= y <= 96.0 for x, y, _, _ in found_in)
    assert len(people(picture)) == 12


def test_without_one_it_is_said_what_to_fetch() -> None:
    frame = FrameContext(0, 64, 64, torch.device("cpu"))
    with pytest.raises(RenderProblem, match="finds people's joints") as caught:
        Pose(lambda reference: None).hint_pose([torch.zeros(1, 3, 64, 64)], {}, frame)
    assert caught.value.exit_code == 7
    assert "anim models add hf:usyd-community" in caught.value.hint
    assert "hint = NAME" in caught.value.hint


def test_a_folder_of_something_else_is_said_to_be_so(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(RenderProblem, match="cannot be loaded"):
        load(tmp_path, None, torch.device("cpu"))


def test_what_poses_are_found_by_is_part_of_where_frames_were_made(tmp_path: Path) -> None:
    """Frames of a film with poses are made again once another estimator is there; other films' are not."""
    from tests.compiler.film_texts import film_of

    from anim_compiler.compile import compile_film
    from anim_compiler.tiers import hints_film
    from anim_compiler.world import World

    told = []
    for kind in ("canny", "pose"):
        film = hints_film(film_of(f'size = 64x64; length = 0.5s; fps = 4; prompt = "a"; control {kind}'))
        assert film is not None
        plan = compile_film(film, World(tmp_path, tmp_path)).plan
        assert plan is not None
        told.append(fingerprint(plan, tmp_path / "library", None))
    assert told[0] == ""
    assert told[1].startswith(" pose ")
