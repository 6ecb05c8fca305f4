"""How a model's parts share a device, on devices whose memory is told."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from tests.runtime.diffusion.drawing import diffuse, generate
from tests.runtime.diffusion.fast.test_recorded import Player

from anim_compiler.plan import ModelRef
from anim_runtime.diffusion.encoders import TextPart
from anim_runtime.diffusion.engine import Engine
from anim_runtime.diffusion.families.loaded import Loaded
from anim_runtime.diffusion.fast.placing import placed
from anim_runtime.diffusion.fast.quick import Free, Quick, needs_of
from anim_runtime.diffusion.fast.seats import Seats, seated_text
from anim_runtime.diffusion.fast.ways import WAYS, Needs, chosen, module_bytes, needed, thriftier, told
from anim_runtime.diffusion.latent import DiffusionEngine
from anim_runtime.diffusion.request import Sampling
from anim_runtime.diffusion.setup import Setup
from anim_runtime.speed import AS_FITS, Speed

GB = 10**9
#: Stable Diffusion XL at 1024², about
XL = Needs(int(1.6 * GB), int(5.1 * GB), int(0.2 * GB), int(0.5 * GB), int(4.8 * GB), int(1.2 * GB))
CPU = torch.device("cpu")


def test_each_way_needs_less_than_the_one_before() -> None:
    counts = [needed(way, XL) for way in WAYS]
    assert counts == sorted(counts, reverse=True)
    assert [way.name for way in WAYS] == ["all", "read", "tiles", "parts", "layers"]


@pytest.mark.parametrize(
    ("free", "way"),
    [(24.0, "all"), (11.5, "read"), (8.0, "tiles"), (6.5, "parts"), (4.0, "layers"), (1.0, "layers")],
)
def test_the_quickest_way_that_fits_is_taken(free: float, way: str) -> None:
    assert chosen(XL, int(free * GB)).name == way


def test_a_way_can_be_asked_for() -> None:
    assert chosen(XL, 80 * GB, "parts").name == "parts"


def test_it_is_said_in_one_line() -> None:
    line = told(chosen(XL, 8 * GB), XL, torch.float16, 8 * GB)
    assert line == "fp16, vae in tiles, the text encoder on the cpu once it has read: 6.5 of 8.0 GB"


class Moves:
    """Notes who goes where."""

    def __init__(self) -> None:
        self.made: list[tuple[Any, str]] = []

    def __call__(self, module: Any, device: torch.device) -> None:
        self.made.append((module, device.type))

    def took(self) -> list[tuple[Any, str]]:
        made, self.made = self.made, []
        return made


def test_parts_take_turns() -> None:
    moves, left = Moves(), list[int]()
    seats = Seats(torch.device("meta"), WAYS[3], moves, lambda: left.append(1))
    text, unet, vae = (torch.nn.Linear(1, 1) for _ in range(3))
    for seat, module in (("text", text), ("denoiser", unet), ("codec", vae)):
        seats.add(seat, module)  # type: ignore[arg-type]
    moves.took()
    seats.take("denoiser")
    assert moves.took() == [(vae, "cpu"), (text, "cpu")]
    assert len(left) == 2
    seats.take("denoiser")
    assert moves.took() == []
    seats.take("codec")
    assert moves.took() == [(unet, "cpu"), (vae, "meta")]
    seats.way = WAYS[1]
    seats.take("denoiser")
    assert moves.took() == [(unet, "meta")]
    seats.take("text")
    assert moves.took() == [(vae, "cpu"), (unet, "cpu"), (text, "meta")]


def test_a_text_encoder_comes_when_it_reads() -> None:
    moves = Moves()
    seats = Seats(torch.device("meta"), WAYS[3], moves)
    unet, encoder = torch.nn.Linear(1, 1), torch.nn.Linear(1, 1)
    seats.add("denoiser", unet)
    part = seated_text(TextPart(None, lambda: encoder), seats, is_there=False)
    moves.took()
    assert part.load() is encoder
    # the way is free before gigabytes are loaded
    assert moves.took() == [(unet, "cpu")]
    encoder(torch.ones(1, 1))
    assert moves.took() == [(encoder, "meta")]
    seats.take("denoiser")
    assert moves.took() == [(encoder, "cpu"), (unet, "meta")]


def parts_of(engine: Engine) -> Loaded:
    """The parts of an engine that is loaded."""
    assert isinstance(engine, DiffusionEngine)
    return Loaded("sd1", engine._denoiser, engine._codec.plain, (), {})


def pictures(engine: Engine) -> list[torch.Tensor]:
    """Drawn from noise, and from that."""
    texts, how = (engine.encode("a cat"), engine.encode("blue")), Sampling(4, 3.0, "DDIM", 7)
    first = generate(engine, *texts, how, height=64, width=64)
    return [first, diffuse(engine, first, *texts, how, strength=0.5)]


@pytest.mark.parametrize("way", ["all", "read", "parts"])
def test_an_engine_whose_parts_take_turns_draws_the_same(tiny: Engine, way: Any) -> None:
    assert isinstance(tiny, DiffusionEngine)
    before, loaded = pictures(tiny), parts_of(tiny)
    quick = Quick(loaded, CPU, Speed(memory=way), free=Free(8 * GB, 8 * GB))
    assert quick.way.name == way
    assert quick.line.startswith("fp32, ")
    tiny._denoiser, tiny._codec.plain = quick.denoiser(lambda: None, print), quick.codec(print)
    try:
        assert all(torch.equal(a, b) for a, b in zip(before, pictures(tiny), strict=True))
    finally:
        tiny._denoiser, tiny._codec.plain = loaded.denoiser, loaded.codec
        tiny._codec.vae.disable_tiling()


def test_memory_that_runs_out_leads_to_the_next_way_until_there_is_none(tiny: Engine) -> None:
    loaded = parts_of(tiny)
    vae: Any = loaded.codec
    quick = Quick(loaded, CPU, AS_FITS, free=Free(80 * GB, 80 * GB))
    names = [quick.way.name]
    try:
        # the last way puts hooks into the denoiser, which others use too
        while quick.way.name != "parts":
            assert "GB" in quick.save()
            names.append(quick.way.name)
    finally:
        vae.vae.disable_tiling()
    assert names == ["all", "read", "tiles", "parts"]
    assert thriftier(WAYS[-1]) is None


def test_recorded_graphs_are_given_up_first(tiny: Engine) -> None:
    loaded = parts_of(tiny)
    quick = Quick(loaded, CPU, AS_FITS, free=Free(80 * GB, 80 * GB), recorder=Player())
    quick.denoiser(lambda: None, print)
    quick.codec(print)
    assert "graphs" in quick.save()
    ways = [quick.way.name]
    assert "GB" in quick.save()
    assert [*ways, quick.way.name] == ["all", "read"]


def test_on_a_processor_only_the_decoder_can_do_with_less(tiny: Engine) -> None:
    loaded = parts_of(tiny)
    vae: Any = loaded.codec
    quick = Quick(loaded, CPU, AS_FITS)
    assert quick.line == ""
    assert quick.denoiser(lambda: None, print) is loaded.denoiser
    try:
        assert "tiles" in quick.save()
        assert vae.vae.use_tiling
        assert quick.save() == ""
    finally:
        vae.vae.disable_tiling()


def test_layer_by_layer_draws_the_same() -> None:
    from diffusers import UNet2DConditionModel
    from tests.runtime.diffusion.families import parts

    from anim_runtime.diffusion.codec import VaeCodec
    from anim_runtime.diffusion.denoiser import UNetDenoiser
    from anim_runtime.diffusion.told import Told

    unet: UNet2DConditionModel = parts.unet(16).eval()
    loaded = Loaded("sd1", UNetDenoiser(unet), VaeCodec(parts.vae().eval()), (), {})
    given = (torch.ones(1, 4, 8, 8), torch.tensor(7.0), Told((torch.ones(1, 77, 16),), None))
    with torch.inference_mode():
        before = loaded.denoiser(*given)
        quick = Quick(loaded, CPU, Speed(memory="layers"), free=Free(GB, GB))
        assert torch.equal(before, quick.denoiser(lambda: None, print)(*given))
    assert quick.save() == ""


def test_what_has_no_room_is_loaded_beside_the_device(tiny: Engine) -> None:
    loaded, asked = parts_of(tiny), list[tuple[str, str]]()

    def load(setup: Setup, device: torch.device) -> Loaded:
        asked.append((device.type, setup.precision))
        if device.type != "cpu":
            raise torch.OutOfMemoryError("out of memory")
        return loaded

    placed(load, Setup(ModelRef(reference="a", sha256="")), lambda: "sd1", torch.device("meta"), AS_FITS, 0)
    assert asked == [("meta", "auto"), ("cpu", "float16")]


def test_what_is_needed_is_measured(tiny: Engine) -> None:
    loaded = parts_of(tiny)
    needs = needs_of(loaded, 512 * 512)
    assert needs.denoiser == module_bytes(loaded.denoiser.model) > 0
    assert needs.decoding > needs_of(loaded, 256 * 256).decoding
    assert needs_of(loaded, 2048 * 2048).decoding_in_tiles == needs.decoding_in_tiles
