"""The commands of `anim models` that need no network, but for `sync`."""

from __future__ import annotations

from anim_studio.cli.app import Row

LIBRARY_ROWS = (
    Row(
        "list",
        "List the models on this machine.",
        "[OPTIONS]",
        ("anim models list", "anim models list --kind lora --family sdxl", "anim models list --json"),
    ),
    Row(
        "info",
        "Tell all that is known of a model, and which films use it.",
        "REFERENCE|FILE [OPTIONS]",
        ("anim models info civitai:25694", "anim models info style.safetensors --json"),
    ),
    Row(
        "scan",
        "Find models that other programs keep, and use them where they are.",
        "[FOLDER...] [OPTIONS]",
        ("anim models scan ~/stable-diffusion-webui", "anim models scan ~/ComfyUI --hash"),
    ),
    Row(
        "where",
        "Say where models are kept, or where one of them lies.",
        "[REFERENCE]",
        ("anim models where", "anim models where civitai:25694"),
    ),
    Row(
        "note",
        "Write down a category, a note or trigger words for a model.",
        "REFERENCE [OPTIONS]",
        ('anim models note civitai:25694 --category landscapes --note "soft light"',),
    ),
    Row(
        "verify",
        "Read models from end to end, and compare them with what they were.",
        "[REFERENCE...] [OPTIONS]",
        ("anim models verify --all", "anim models verify civitai:25694"),
    ),
    Row(
        "remove",
        "Take models out of the library; files of other programs stay.",
        "REFERENCE... [OPTIONS]",
        ("anim models remove civitai:25694", "anim models remove old-style --yes"),
    ),
    Row(
        "lock",
        "Write `anim.lock` beside films: the models they name, each held to its content.",
        "FILM... [OPTIONS]",
        ("anim models lock film.anim", "anim models lock *.anim --check"),
    ),
    Row(
        "sync",
        "Fetch what the lock of a film names and this machine lacks.",
        "[FILM|LOCK] [OPTIONS]",
        ("anim models sync film.anim", "anim models sync anim.lock --check"),
    ),
    Row(
        "convert",
        "Turn a pickled model into safetensors once, in a process that can do no harm.",
        "FILE [OPTIONS]",
        ("anim models convert old.ckpt -o old.safetensors",),
    ),
)
