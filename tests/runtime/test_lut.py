"""Colour tables: read, refused, looked up."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
import torch
from tests.compiler.film_texts import compiled
from tests.runtime.running import run
from torch import Tensor

from anim_compiler.cube import Cube, CubeProblem, read_cube
from anim_compiler.frame_table import frame_table
from anim_runtime.frames import Frames
from anim_runtime.job import Job, Tally
from anim_runtime.ops import KERNELS, FrameContext, lut
from anim_runtime.ops.lut import Table
from anim_runtime.pictures import save_png

CPU = torch.device("cpu")


def solid(size: int, made: object = None, head: str = "") -> bytes:
    """A table of three axes, by a function of red, green and blue; without one of no effect."""
    rows = []
    for b, g, r in itertools.product(range(size), repeat=3):
        colour = tuple(v / (size - 1) for v in (r, g, b))
        rows.append(" ".join(f"{v:.9g}" for v in (made(*colour) if callable(made) else colour)))
    return "\n".join([head, f"LUT_3D_SIZE {size}", *rows]).encode()


def looked_up(data: bytes, image: Tensor, amount: float = 1.0) -> Tensor:
    cube = read_cube(data)
    assert isinstance(cube, Cube), cube
    frame = FrameContext(0, image.shape[3], image.shape[2], CPU, tables={"a.cube": Table.of(cube, CPU)})
    return KERNELS["lut"]([image], {"name": "a.cube", "amount": amount}, frame)


def picture(seed: int = 1) -> Tensor:
    return torch.rand(1, 3, 24, 32, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("size", [2, 17, 33])
def test_a_table_of_no_effect_has_none(size: int) -> None:
    image = picture()
    assert (looked_up(solid(size), image) - image).abs().max() < 2e-6


def test_what_is_linear_is_exact() -> None:
    image = picture()
    found = looked_up(solid(5, lambda r, g, b: (0.5 * r + 0.5 * g, 1 - b, 0.2 + 0.3 * r)), image)
    red, green, blue = image[:, :1], image[:, 1:2], image[:, 2:]
    wanted = torch.cat((0.5 * red + 0.5 * green, 1 - blue, 0.2 + 0.3 * red), dim=1)
    assert (found - wanted).abs().max() < 2e-6


def test_greys_stay_grey_where_the_tables_greys_are() -> None:
    """Interpolation in tetrahedra follows the diagonal; the usual one of eight corners does not."""

    def made(r: float, g: float, b: float) -> tuple[float, float, float]:
        middle = (r + g + b) / 3
        far = abs(r - g) + abs(g - b) + abs(b - r)
        return middle**2 + 0.2 * far, middle**2, middle**2 - 0.1 * far

    grey = torch.linspace(0, 1, 300).reshape(1, 1, 10, 30).expand(1, 3, -1, -1)
    found = looked_up(solid(5, made), grey)
    assert (found[:, :1] - found[:, 2:]).abs().max() < 1e-6


def test_points_of_the_table_are_met() -> None:
    data = solid(3, lambda r, g, b: (g, b, r))
    cube = read_cube(data)
    assert isinstance(cube, Cube)
    image = torch.tensor([0.5, 1.0, 0.0]).view(1, 3, 1, 1)
    assert torch.allclose(looked_up(data, image).flatten(), torch.tensor([1.0, 0.0, 0.5]))


def test_curves_are_looked_up_for_each_channel() -> None:
    rows = "\n".join(f"{v * v / 64} {v / 8} {1 - v / 8}" for v in range(9))
    image = torch.tensor([0.5, 0.3, 0.25]).view(1, 3, 1, 1)
    found = looked_up(f"LUT_1D_SIZE 9\n{rows}\n".encode(), image).flatten()
    assert torch.allclose(found, torch.tensor([0.25, 0.3, 0.75]), atol=1e-6)


def test_the_domain_is_what_the_table_spans() -> None:
    data = solid(2, head='DOMAIN_MIN 0.2 0.2 0.2\nDOMAIN_MAX 0.6 0.6 0.6\n# note\nTITLE "x"')
    image = torch.tensor([0.1, 0.4, 0.9]).view(1, 3, 1, 1)
    assert torch.allclose(looked_up(data, image).flatten(), torch.tensor([0.0, 0.5, 1.0]), atol=1e-6)


def test_less_of_a_table_is_between() -> None:
    image, data = picture(), solid(3, lambda r, g, b: (1 - r, 1 - g, 1 - b))
    half = looked_up(data, image, 0.25)
    assert torch.allclose(half, image * 0.75 + (1 - image) * 0.25, atol=1e-5)
    assert looked_up(data, image, 0.0) is image


def test_compiled_loops_and_tensors_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    image = torch.cat(
        (picture(), torch.rand(1, 3, 24, 32).mul(2.0).sub(0.5), torch.zeros(1, 3, 24, 32)), dim=2
    )
    data = solid(7, lambda r, g, b: (r * g, abs(g - b), (r + b) ** 2 / 4))
    fast = looked_up(data, image)
    monkeypatch.setattr(lut, "is_native", lambda *tensors: False)
    assert (fast - looked_up(data, image)).abs().max() < 2e-6


def test_what_is_no_number_does_no_harm() -> None:
    image = picture()
    image[0, 0, 0, 0] = float("nan")
    assert torch.isfinite(looked_up(solid(3), image)[0, :, 1:]).all()


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("", 0, "says no"),
        ("LUT_3D_SIZE 1\n", 1, "2 to 129"),
        ("LUT_3D_SIZE 130\n", 1, "2 to 129"),
        ("LUT_3D_SIZE 99999999999\n", 1, "2 to 129"),
        ("LUT_3D_SIZE two\n", 1, "2 to 129"),
        ("LUT_1D_SIZE 70000\n", 1, "2 to 65536"),
        ("LUT_3D_SIZE 2\nLUT_1D_SIZE 2\n", 2, "two sizes"),
        ("0 0 0\nLUT_3D_SIZE 2\n", 1, "before"),
        ("LUT_3D_SIZE 2\n0 0\n", 2, "three numbers"),
        ("LUT_3D_SIZE 2\n0 0 x\n", 2, "no three numbers"),
        ("LUT_3D_SIZE 2\n0 0 nan\n", 2, "infinite"),
        ("LUT_3D_SIZE 2\n0 0 1e999\n", 2, "infinite"),
        ("LUT_1D_SIZE 2\n0 0 0\n", 2, "1 of 2 rows"),
        ("LUT_1D_SIZE 2\n" + "0 0 0\n" * 3, 4, "more than 2 rows"),
        ("LUT_1D_SIZE 2\nDOMAIN_MIN 1 1 1\n0 0 0\n1 1 1\n", 0, "not below"),
        ("DOMAIN_MIN 0 0\n", 1, "3 numbers"),
        ("SIZE 4\n", 1, "no word"),
    ],
)
def test_what_is_no_table_is_told_with_its_line(text: str, line: int, said: str) -> None:
    found = read_cube(text.encode())
    assert isinstance(found, CubeProblem)
    assert (found.line, said in found.message) == (line, True), found
    assert found.hint


def test_bytes_that_are_no_text_are_no_table() -> None:
    assert isinstance(read_cube(bytes(range(256)) * 4), CubeProblem)


def test_a_film_shows_its_table_from_the_first_frame_on_and_another_table_is_another_picture(
    tmp_path: Path,
) -> None:
    colour = (np.ones((24, 32, 3)) * (200, 100, 50)).astype(np.uint8)
    save_png(colour, tmp_path / "photo.png")
    (tmp_path / "swap.cube").write_bytes(solid(3, lambda r, g, b: (b, g, r)))
    text = (
        'size = 32x24; fps = 10; length = 3f; model = "null"\nprompt { 0s: "a" }\n'
        'image photo = "photo.png"\ninit = photo\n'
        "pipeline { carry = previous; frame = grade(carry) }\n"
        'grade { lut = "swap.cube"; exposure = 0 }\noutput "film.mkv" { }\n'
    )
    shown = []
    for _ in range(2):
        made = compiled(text, tmp_path)
        assert made.plan is not None, made.diagnostics
        shown.append(frame_table(made.plan, made.columns).shown)
        job = Job(made.plan, made.columns, tmp_path, tmp_path, tmp_path, "cpu", lambda e: None, lambda: False)
        frames = Frames(job, Tally())
        frames.make()
        for frame in range(3):
            assert (frames.shown(frame)[5, 5] / 257).round().tolist() == [50, 100, 200]
        (tmp_path / "swap.cube").write_bytes(
            b"# another text, the same colours\n" + solid(5, lambda r, g, b: (b, g, r))
        )
    # by what is in the file, not by its name
    assert set(shown[0]).isdisjoint(shown[1])


def test_a_table_that_changed_since_it_was_planned_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.cube").write_bytes(solid(2))
    text = 'size = 32x32; length = 2f; model = "null"\nprompt { 0s: "a" }\ngrade { lut = "a.cube" }\n'
    made = compiled(text + 'output "f.mkv" { }\n', tmp_path)
    assert made.plan is not None
    (tmp_path / "a.cube").write_bytes(solid(3))
    done, _ = run((made.plan, made.columns), tmp_path)
    assert done.exit_code == 2
    assert "a.cube" in done.message
