"""The names and shapes in the files of the programs that first drew with the transformers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

Shape: TypeAlias = tuple[int, ...]
Named: TypeAlias = Iterator[tuple[str, Shape]]


def flux(is_guided: bool) -> dict[str, Shape]:
    """Flux.1 as Black Forest Labs writes it, without a prefix."""
    wide, mlp = 3072, 4 * 3072
    found = dict(_layer("img_in", wide, 64)) | dict(_layer("txt_in", wide, 4096))
    found |= dict(_layer("final_layer.linear", 64, wide))
    found |= dict(_layer("final_layer.adaLN_modulation.1", 2 * wide, wide))
    for name, inputs in (
        ("time_in", 256),
        ("vector_in", 768),
        *((("guidance_in", 256),) if is_guided else ()),
    ):
        found |= dict(_layer(f"{name}.in_layer", wide, inputs)) | dict(
            _layer(f"{name}.out_layer", wide, wide)
        )
    for block in range(19):
        for side in ("img", "txt"):
            at = f"double_blocks.{block}.{side}"
            found |= dict(_layer(f"{at}_mod.lin", 6 * wide, wide))
            found |= dict(_layer(f"{at}_attn.qkv", 3 * wide, wide)) | dict(
                _layer(f"{at}_attn.proj", wide, wide)
            )
            found |= dict(_layer(f"{at}_mlp.0", mlp, wide)) | dict(_layer(f"{at}_mlp.2", wide, mlp))
            found |= {f"{at}_attn.norm.{name}_norm.scale": (128,) for name in ("query", "key")}
    for block in range(38):
        at = f"single_blocks.{block}"
        found |= dict(_layer(f"{at}.linear1", 3 * wide + mlp, wide))
        found |= dict(_layer(f"{at}.linear2", wide, wide + mlp))
        found |= dict(_layer(f"{at}.modulation.lin", 3 * wide, wide))
        found |= {f"{at}.norm.{name}_norm.scale": (128,) for name in ("query", "key")}
    return found


def sd3(blocks: int, is_normed: bool = False, dual: int = 0, positions: int = 192) -> dict[str, Shape]:
    """Stable Diffusion 3 and 3.5 as Stability writes them: `dual` blocks with two attentions at first, and
    `positions` along an edge.
    """
    wide = 64 * blocks
    found = {"pos_embed": (1, positions**2, wide), "x_embedder.proj.weight": (wide, 16, 2, 2)}
    found |= {"x_embedder.proj.bias": (wide,)} | dict(_layer("context_embedder", wide, 4096))
    for name, inputs in (("y_embedder", 2048), ("t_embedder", 256)):
        found |= dict(_layer(f"{name}.mlp.0", wide, inputs)) | dict(_layer(f"{name}.mlp.2", wide, wide))
    found |= dict(_layer("final_layer.linear", 64, wide))
    found |= dict(_layer("final_layer.adaLN_modulation.1", 2 * wide, wide))
    for block in range(blocks):
        for side in ("x", "context"):
            is_end = side == "context" and block == blocks - 1
            at, is_dual = f"joint_blocks.{block}.{side}_block", side == "x" and block < dual
            found |= dict(
                _layer(f"{at}.adaLN_modulation.1", (2 if is_end else 9 if is_dual else 6) * wide, wide)
            )
            for name in ("attn", "attn2") if is_dual else ("attn",):
                found |= dict(_layer(f"{at}.{name}.qkv", 3 * wide, wide))
                found |= {} if is_end else dict(_layer(f"{at}.{name}.proj", wide, wide))
                found |= {f"{at}.{name}.ln_{of}.weight": (64,) for of in ("q", "k") if is_normed}
            if not is_end:
                found |= dict(_layer(f"{at}.mlp.fc1", 4 * wide, wide))
                found |= dict(_layer(f"{at}.mlp.fc2", wide, 4 * wide))
    return found


def z_image() -> dict[str, Shape]:
    """Z-Image as ComfyUI keeps it: queries, keys and values in one."""
    wide, hidden, small = 3840, 10240, 256
    found = dict(_layer("x_embedder", wide, 64)) | dict(_layer("cap_embedder.1", wide, 2560))
    found |= {"cap_embedder.0.weight": (2560,), "x_pad_token": (1, wide), "cap_pad_token": (1, wide)}
    found |= dict(_layer("t_embedder.mlp.0", 1024, 256)) | dict(_layer("t_embedder.mlp.2", small, 1024))
    found |= dict(_layer("final_layer.linear", 64, wide))
    found |= dict(_layer("final_layer.adaLN_modulation.1", wide, small)) | {"norm_final.weight": (wide,)}
    places = [f"layers.{n}" for n in range(30)] + [
        f"{n}_refiner.{i}" for n in ("noise", "context") for i in (0, 1)
    ]
    for at in places:
        found |= {f"{at}.attention.qkv.weight": (3 * wide, wide), f"{at}.attention.out.weight": (wide, wide)}
        found |= {f"{at}.attention.{name}_norm.weight": (128,) for name in "qk"}
        found |= {f"{at}.feed_forward.w{n}.weight": (hidden, wide) for n in (1, 3)}
        found |= {f"{at}.feed_forward.w2.weight": (wide, hidden)}
        found |= {f"{at}.{part}_norm{n}.weight": (wide,) for part in ("attention", "ffn") for n in (1, 2)}
        if not at.startswith("context"):
            found |= dict(_layer(f"{at}.adaLN_modulation.0", 4 * wide, small))
    return found


def _layer(name: str, outputs: int, inputs: int) -> Named:
    yield f"{name}.weight", (outputs, inputs)
    yield f"{name}.bias", (outputs,)
