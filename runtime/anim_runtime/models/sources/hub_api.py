"""The Hugging Face hub's answers, as far as they are read; asked for by plain HTTP.

`huggingface_hub` reads tokens from files and the environment by itself, follows redirects by its own rules
and takes 0.2 s to import; three kinds of answers are all that is wanted of it.
"""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BeforeValidator, Field

from anim_runtime.models.sources.civitai_api import Number, Row, Switch, Text, Words, as_row, as_rows

_COMMIT = re.compile(r"[0-9a-f]{40}")


def _gated(value: object) -> bool:
    return value is True or value in ("auto", "manual")


class Lfs(Row):
    """What a large file's pointer holds."""

    sha256: Text = ""
    size: Number = None


class Sibling(Row):
    """A file of a repository."""

    path: Text = Field(default="", alias="rfilename")
    size: Number = None
    lfs: Annotated[Lfs, BeforeValidator(as_row)] = Lfs()

    @property
    def bytes(self) -> int | None:
        """Its size, if that is told."""
        told = self.lfs.size if self.lfs.size is not None else self.size
        return None if told is None or told < 0 else int(told)


class Card(Row):
    """The head of a repository's description."""

    licence: Text = Field(default="", alias="license")
    base_model: Words = ()
    instance_prompt: Text = ""


class Repository(Row):
    """A repository of a model."""

    id: Text = ""
    author: Text = ""
    sha: Text = ""
    downloads: Number = None
    likes: Number = None
    is_private: Switch = Field(default=False, alias="private")
    is_gated: Annotated[bool, BeforeValidator(_gated)] = Field(default=False, alias="gated")
    tags: Words = ()
    pipeline: Text = Field(default="", alias="pipeline_tag")
    card: Annotated[Card, BeforeValidator(as_row)] = Field(default=Card(), alias="cardData")
    files: Annotated[tuple[Sibling, ...], BeforeValidator(as_rows)] = Field(default=(), alias="siblings")

    @property
    def commit(self) -> str:
        """The 40 hex digits that name this state of it; empty if they are not told."""
        return self.sha if _COMMIT.fullmatch(self.sha) else ""

    @property
    def base(self) -> str:
        """The repository that it was made from; empty if that is not told."""
        if self.card.base_model:
            return self.card.base_model[0]
        tagged = [tag.rpartition(":")[2] for tag in self.tags if tag.startswith("base_model:")]
        return tagged[0] if tagged else ""

    @property
    def licence(self) -> str:
        """The name of its licence; empty if it tells none."""
        tagged = [tag.removeprefix("license:") for tag in self.tags if tag.startswith("license:")]
        return self.card.licence or (tagged[0] if tagged else "")

    @property
    def is_nsfw(self) -> bool:
        """Whether it says that it is not for everybody."""
        return "not-for-all-audiences" in self.tags
