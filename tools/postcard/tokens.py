"""The word-level tokenizer: lower case, no punctuation, unknown words to `<unk>`."""

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

from tools.postcard import spec, wordings

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

SPECIAL = ("<pad>", "<unk>", "<bos>", "<eos>")
PAD, UNK, BOS, EOS = range(4)
LENGTH = 32
WORD = r"[a-z0-9]+(?:-[a-z0-9]+)*"
TABLES = (
    wordings.PLACE, wordings.TIME, wordings.WEATHER, wordings.STYLE, wordings.OF, wordings.THING,
    wordings.BACKDROP,
)  # fmt: skip
LISTS = (wordings.FILLER, wordings.STUDIO_FILLER, wordings.NEGATIVE, wordings.GLUE, spec.COLORS)


def words(text: str) -> list[str]:
    """The words of a caption."""
    return re.findall(WORD, text.lower())


def vocabulary() -> list[str]:
    """Every word that a caption can hold, after the special tokens."""
    phrases = [p for table in TABLES for row in table.values() for p in row]
    phrases += [p for row in LISTS for p in row]
    return [*SPECIAL, *sorted({w for p in phrases for w in words(p)})]


def build() -> "PreTrainedTokenizerFast":
    """The tokenizer as transformers loads it."""
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    table = {word: i for i, word in enumerate(vocabulary())}
    fast = Tokenizer(models.WordLevel(table, unk_token="<unk>"))
    fast.normalizer = normalizers.Sequence(
        [normalizers.NFD(), normalizers.StripAccents(), normalizers.Lowercase()]
    )
    fast.pre_tokenizer = pre_tokenizers.Split(Regex(WORD), "removed", invert=True)
    fast.post_processor = processors.TemplateProcessing(
        single="<bos> $A <eos>", special_tokens=[("<bos>", BOS), ("<eos>", EOS)]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=fast, model_max_length=LENGTH, padding_side="right", truncation_side="right",
        pad_token="<pad>", unk_token="<unk>", bos_token="<bos>", eos_token="<eos>",
    )  # fmt: skip


def framed(ids: list[int]) -> list[int]:
    """Word ids between `<bos>` and `<eos>`, cut and padded to `LENGTH`."""
    kept = [BOS, *ids[: LENGTH - 2], EOS]
    return kept + [PAD] * (LENGTH - len(kept))


def encode(table: dict[str, int], text: str) -> list[int]:
    """The ids of a caption, padded to `LENGTH`; what the tokenizer gives, without its overhead."""
    return framed([table.get(w, UNK) for w in words(text)])


def save(folder: Path) -> None:
    """Write `tokenizer.json` and `tokenizer_config.json`, for transformers 4 as well as 5."""
    build().save_pretrained(str(folder))
    path = folder / "tokenizer_config.json"
    config = json.loads(path.read_text()) | {"tokenizer_class": "PreTrainedTokenizerFast"}
    path.write_text(json.dumps(config, indent=2) + "\n")
