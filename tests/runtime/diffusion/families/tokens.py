"""Word tokenizers with the marks that the text encoders of each family expect; transformers is untyped."""

from __future__ import annotations

from typing import Any

from tests.runtime.diffusion.tiny_models import LENGTH, WORDS

_SPECIAL = ["<unk>", "<start>", "<end>"]
#: as long as any of the tables below
VOCABULARY = 48
_CHAT = ["<|im_start|>", "<|im_end|>", "user", "assistant", "system", "<think>", "</think>"]
_TEMPLATE = (
    # what Qwen3's own gives for messages of users where thinking is allowed
    "{% for message in messages %}<|im_start|>{{ message.role + '\n' + message.content }}<|im_end|>{{ '\n' }}"
    "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant{{ '\n' }}{% endif %}"
)


def clip_tokenizer(pad: str = "<end>") -> Any:
    """Begins and ends a text as CLIP's does, and fills up to 77 tokens."""
    fast = _fast([*_SPECIAL, *WORDS, "!"])
    fast.post_processor = _processors().TemplateProcessing(
        single="<start> $A <end>", special_tokens=[("<start>", 1), ("<end>", 2)]
    )
    marks = {"bos_token": "<start>", "eos_token": "<end>", "pad_token": pad, "unk_token": "<unk>"}
    return _transformers().PreTrainedTokenizerFast(tokenizer_object=fast, model_max_length=LENGTH, **marks)


def t5_tokenizer() -> Any:
    """Ends a text as T5's does; 0 fills up."""
    fast = _fast(["<pad>", "</s>", "<unk>", *WORDS])
    fast.post_processor = _processors().TemplateProcessing(single="$A </s>", special_tokens=[("</s>", 1)])
    marks = {"eos_token": "</s>", "pad_token": "<pad>", "unk_token": "<unk>"}
    return _transformers().PreTrainedTokenizerFast(tokenizer_object=fast, model_max_length=512, **marks)


def chat_tokenizer(side: str = "right") -> Any:
    """Adds nothing by itself and has a template for conversations, as Qwen's has."""
    # with line ends as tokens Qwen-Image's preamble has 34, as with the real vocabulary
    fast = _fast([*_SPECIAL, *_CHAT, "\n", *WORDS], r"\n|\w+|[^\w\s]+")
    made = _transformers().PreTrainedTokenizerFast(
        tokenizer_object=fast,
        model_max_length=2048,
        eos_token="<|im_end|>",
        pad_token="<end>",
        unk_token="<unk>",
        additional_special_tokens=["<|im_start|>"],
        padding_side=side,
    )
    made.chat_template = _TEMPLATE
    return made


def _fast(words: list[str], pattern: str = r"\w+|[^\w\s]+") -> Any:
    from tokenizers import Regex, Tokenizer, models, pre_tokenizers

    fast = Tokenizer(models.WordLevel({word: i for i, word in enumerate(words)}, unk_token="<unk>"))
    fast.pre_tokenizer = pre_tokenizers.Split(Regex(pattern), "removed", invert=True)
    return fast


def _processors() -> Any:
    from tokenizers import processors

    return processors


def _transformers() -> Any:
    import transformers

    return transformers
