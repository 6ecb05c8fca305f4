"""The table of `anim models`' own commands; each one's module is imported when it is called."""

from __future__ import annotations

from cyclopts import App, Parameter

from anim_studio.cli.app import Row
from anim_studio.cli.invocation import GLOBAL_HELP
from anim_studio.commands.models.rows import LIBRARY_ROWS

#: how each is spelled as a function, where its name is a word of Python's
ROWS = (
    Row(
        "search",
        "Look for models on Civitai and the Hugging Face hub.",
        "[WORDS...] [OPTIONS]",
        (
            "anim models search neon city --type lora",
            "anim models search watercolour --base sdxl --sort downloads",
            "anim models search portrait --source hf --limit 5 --json",
            "anim models search forest --pictures",
        ),
    ),
    Row(
        "add",
        "Fetch a model, or register a file that is here already, and say how a film names it.",
        "REFERENCE|FILE... [OPTIONS]",
        (
            "anim models add civitai:25694",
            "anim models add hf:someone/neon-lora --lock film.anim",
            "anim models add urn:air:sdxl:lora:civitai:328553@368189",
            "anim models add https://example.org/grain.safetensors --sha256 DIGEST",
            "anim models add ~/models/grain.safetensors --category texture",
        ),
    ),
    Row(
        "login",
        "Keep a token of Civitai or Hugging Face in the keyring of this machine.",
        "civitai|hf",
        ("anim models login civitai", "anim models login hf < token.txt"),
    ),
    Row(
        "logout",
        "Forget the token of a site.",
        "civitai|hf",
        ("anim models logout civitai",),
    ),
    *LIBRARY_ROWS,
)


def _built() -> App:
    app = App(
        name="models",
        help="Find, fetch and keep models: Civitai, Hugging Face, any address, and folders that are here.",
        usage="Usage: anim models COMMAND [OPTIONS]",
        help_format="plaintext",
        help_epilogue="Examples:\n"
        + "\n".join(f"  {example}" for example in EXAMPLES)
        + f"\n\n{GLOBAL_HELP}",
        default_parameter=Parameter(negative=(), show_default=False, show_choices=False),
        result_action="return_value",
        suppress_keyboard_interrupt=False,
        version_flags=(),
    )
    for number, row in enumerate(ROWS):
        app.command(
            f"anim_studio.commands.models.{row.name}:{row.name}",
            name=row.name,
            help=row.help,
            sort_key=number,
            usage=f"Usage: anim models {row.name} {row.usage}",
            help_epilogue="Examples:\n" + "\n".join(f"  {e}" for e in row.examples) + f"\n\n{GLOBAL_HELP}",
        )
    return app


EXAMPLES = tuple(row.examples[0] for row in ROWS)

models = _built()
