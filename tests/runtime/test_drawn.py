"""From a film to what engines are asked: which engine, the weights of LoRAs, hints, how texts are encoded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import torch
from PIL import Image
from tests.compiler.film_texts import compiled
from tests.staging import staged

from anim_compiler.plan import Columns, Plan
from anim_runtime.diffusion.null import NullEngine
from anim_runtime.diffusion.request import Request
from anim_runtime.diffusion.setup import Setup, every_setup
from anim_runtime.diffusion.told import PLAIN, Conditioning, Spoken
from anim_runtime.maker import FrameMaker, Means
from anim_runtime.ops.kernel import Arguments, FrameContext, Kernel
from anim_runtime.provenance import FrameTexts
from anim_runtime.spent import Spent
from anim_runtime.store import Store
from anim_runtime.told import Told

HEAD = 'size = 64x64; fps = 10; length = 1s; model = "null"\nprompt { 0s: "a lake" }\ndiffuse { steps = 4 }\n'


class Recording(NullEngine):
    """The null engine, which remembers what it was told and asked."""

    def __init__(self, setup: Setup, spent: Spent) -> None:
        super().__init__(torch.device("cpu"), spent)
        self.setup = setup
        self.asked: list[list[Request]] = []
        self.spoken: set[tuple[str, Spoken]] = set()

    def encode(self, text: str, spoken: Spoken = PLAIN) -> Conditioning:
        self.spoken.add((text, spoken))
        return super().encode(text, spoken)

    def draw(self, requests: Sequence[Request], pad_to: int = 0) -> list[torch.Tensor]:
        self.asked.append(list(requests))
        return super().draw(requests, pad_to)


@dataclass(slots=True)
class Bench:
    """A film's frames made one after the other, with recording engines, and the kernels that were called."""

    plan: Plan
    columns: Columns
    here: Path
    engines: dict[Setup, Recording] = field(default_factory=dict)
    called: list[str] = field(default_factory=list)

    @property
    def asked(self) -> list[Request]:
        """All requests, by the engine that they went to, in order."""
        return [request for engine in self.engines.values() for asked in engine.asked for request in asked]

    def make(self, *frames: int) -> list[Request]:
        """Makes frames one by one; what was asked for them."""
        spent = Spent()

        def engine(setup: Setup) -> Recording:
            return self.engines.setdefault(setup, Recording(setup, spent))

        means = Means(
            self.here, self.here, "cpu", Store(self.here), engine, lambda _: None, spent, over=self._counted
        )
        maker = FrameMaker(self.plan, self.columns, means)
        with torch.inference_mode():
            for frame in frames:
                (carry,) = maker.carried([frame], [frame])
                maker.carries.keep(frame, carry)
        return self.asked

    def together(self, *frames: int) -> None:
        """Makes frames in one batch."""
        spent = Spent()

        def engine(setup: Setup) -> Recording:
            return self.engines.setdefault(setup, Recording(setup, spent))

        means = Means(self.here, self.here, "cpu", Store(self.here), engine, lambda _: None, spent)
        with torch.inference_mode():
            FrameMaker(self.plan, self.columns, means).carried(frames, frames)

    def _counted(self, kernels: Mapping[str, Kernel]) -> Mapping[str, Kernel]:
        def counted(name: str, kernel: Kernel) -> Kernel:
            def call(inputs: Sequence[torch.Tensor], args: Arguments, frame: FrameContext) -> torch.Tensor:
                self.called.append(name)
                return kernel(inputs, args, frame)

            return call

        return {name: counted(name, kernel) for name, kernel in kernels.items()}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    Image.effect_noise((64, 64), 60).convert("RGB").save(tmp_path / "photo.png")
    for name in ("grain", "ink"):
        (tmp_path / f"{name}.safetensors").write_bytes(staged()["grain.safetensors"])
    return tmp_path


def bench(text: str, home: Path) -> Bench:
    made = compiled(text, home)
    assert made.plan is not None, [d.message for d in made.diagnostics]
    return Bench(made.plan, made.columns, home)


def test_a_plain_film_asks_for_nothing_more(home: Path) -> None:
    on = bench(HEAD, home)
    request = on.make(0)[0]
    (setup,) = on.engines
    assert (request.loras, request.hints, request.setup) == ((), (), setup)
    assert setup.model.reference == "null"
    assert {spoken for _, spoken in on.engines[setup].spoken} == {PLAIN}


def test_weights_of_loras_are_those_of_the_frame_in_the_engine_s_order(home: Path) -> None:
    text = HEAD + (
        'lora grain = "grain.safetensors" { weight = where(time < 0.5, 0, 0.7) }\n'
        'lora ink = "ink.safetensors" { weight = -0.5 }\n'
    )
    on = bench(text, home)
    asked = on.make(0, 1, 2, 3, 4, 5)
    (setup,) = on.engines
    assert [lora.name for lora in setup.loras] == ["grain", "ink"]
    assert asked[0].loras == (0.0, -0.5)
    assert asked[5].loras == (0.7, -0.5)
    assert asked[0].signature != asked[5].signature
    assert {spoken.loras for _, spoken in on.engines[setup].spoken} == {(0.0, -0.5), (0.7, -0.5)}


def test_texts_are_plain_where_every_lora_rests(home: Path) -> None:
    text = HEAD + 'lora grain = "grain.safetensors" { weight = where(time < 0.5, 0, 0.7) }\n'
    on = bench(text, home)
    on.make(0, 1)
    (engine,) = on.engines.values()
    assert {spoken for _, spoken in engine.spoken} == {PLAIN}


def test_what_is_said_of_sampling_reaches_the_request(home: Path) -> None:
    text = (
        HEAD
        + "diffuse.eta = 0.5; diffuse.noise_multiplier = 1.1; diffuse.clip_skip = where(time < 0.1, 1, 2)\n"
    )
    on = bench(text, home)
    how = [request.how for request in on.make(0, 1)]
    assert [(one.eta, one.noise_multiplier) for one in how] == [(0.5, 1.1)] * 2
    (engine,) = on.engines.values()
    assert {spoken.clip_skip for _, spoken in engine.spoken} == {1, 2}


def test_a_model_that_changes_is_another_engine(home: Path) -> None:
    text = HEAD.replace('"null"', '0s: "null", 0.2s: "postcard"') + "diffuse.precision = float32\n"
    on = bench(text, home)
    assert [setup.model.reference for setup in every_setup(on.plan)] == ["null", "postcard"]
    on.make(0, 1, 2)
    assert [(s.model.reference, s.precision, len(e.asked)) for s, e in on.engines.items()] == [
        ("null", "float32", 2),
        ("postcard", "float32", 1),
    ]


def test_frames_of_two_engines_are_not_drawn_together(home: Path) -> None:
    text = HEAD.replace('"null"', '0s: "null", 0.2s: "postcard"') + "diffuse.strength = 1\n"
    on = bench(text, home)
    on.together(0, 1, 2, 3)
    assert all(request.setup == setup for setup, e in on.engines.items() for a in e.asked for request in a)
    assert {setup.model.reference for setup in on.engines} == {"null", "postcard"}


def test_an_engine_has_the_loras_of_its_own_frames(home: Path) -> None:
    text = (
        'size = 64x64; fps = 10; model = 0s: "null", 1s: "postcard"\nprompt { 0s: "a lake" }\n'
        'scene one 1s { lora grain = "grain.safetensors" }\nscene two 1s { lora ink = "ink.safetensors" }\n'
    )
    setups = every_setup(bench(text, home).plan)
    assert [[lora.name for lora in setup.loras] for setup in setups] == [["grain"], ["ink"]]


def test_hints_are_pictures_with_their_weights(home: Path) -> None:
    text = HEAD + (
        'image photo = "photo.png"\n'
        'control canny { source = photo; weight = 0.8; start = 10%; end = 70%; model = "hf:a/b" }\n'
        'control tile ready { hint = photo; model = "hf:c/d" }\n'
    )
    on = bench(text, home)
    (hint, ready) = on.make(0)[0].hints
    assert (hint.name, hint.weight, hint.start, hint.end) == ("canny", 0.8, 0.1, 0.7)
    assert hint.picture.shape == (1, 3, 64, 64)
    assert set(hint.picture.flatten().tolist()) <= {0.0, 1.0}, "edges are black and white"
    assert ready.picture.shape == (1, 3, 64, 64)
    assert [control.kind for control in next(iter(on.engines)).controls] == ["canny", "tile"]


def test_a_hint_is_made_once_of_a_still(home: Path) -> None:
    text = HEAD + 'image photo = "photo.png"\ncontrol canny { source = photo; model = "hf:a/b" }\n'
    on = bench(text, home)
    on.make(0, 1, 2)
    assert on.called.count("hint_canny") == 1


def test_a_control_that_rests_is_shown_nothing(home: Path) -> None:
    text = HEAD + 'control canny { weight = where(time < 0.25, 0, 1); model = "hf:a/b" }\n'
    on = bench(text, home)
    asked = on.make(0, 1, 2, 3)
    assert [len(request.hints) for request in asked] == [0, 0, 0, 1]
    assert on.called.count("hint_canny") == 1


def test_a_hole_is_none_of_the_hints(home: Path) -> None:
    text = HEAD + (
        "camera 2d { translation_x = 40px per s }\ncoherence { fill = diffuse }\n"
        'control canny { model = "hf:a/b" }\n'
    )
    request = bench(text, home).make(0, 1)[1]
    assert request.strengths is not None
    assert request.strengths.shape == (1, 1, 64, 64)
    assert [hint.name for hint in request.hints] == ["canny"]


def test_a_frame_says_who_drew_it(home: Path) -> None:
    text = HEAD.replace('"null"', '0s: "null", 0.5s: "postcard"') + (
        "diffuse.clip_skip = 2; diffuse.eta = 0.5\n"
        'lora grain = "grain.safetensors" { weight = where(time < 0.5, 0, 0.7) }\n'
    )
    on = bench(text, home)
    told = Told(on.plan, on.columns)
    first, last = told.at(1), told.at(9)
    assert (first.model, first.loras, first.clip_skip, first.eta) == ("null", (), 2, 0.5)
    assert (last.model, last.loras) == ("postcard", (("grain", 0.7),))
    said = FrameTexts(on.plan, on.columns).at(9)["parameters"]
    assert f'Lora hashes: "grain: {on.plan.loras[0].sha256[:10]} at 0.7"' in said
    assert "Model: postcard" in said
    assert "Clip skip: 2, Eta: 0.5" in said
