"""What is looked for on a site, and what is found there. Texts are as the site has them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from anim_compiler.models.facts import ModelKind

Sort: TypeAlias = Literal["downloads", "rating", "newest", "relevance"]
Period: TypeAlias = Literal["all", "year", "month", "week", "day"]


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for; an empty value asks for nothing. `base` is a family of ours or a site's word."""

    text: str = ""
    kind: str = ""
    base: str = ""
    tag: str = ""
    sort: Sort = "relevance"
    period: Period = "all"
    nsfw: bool = False
    limit: int = 20


@dataclass(frozen=True, slots=True)
class Hit:
    """A model that was found, and how to fetch it."""

    reference: str
    title: str
    kind: ModelKind = "unknown"
    base: str = ""
    family: str = ""
    author: str = ""
    downloads: int | None = None
    likes: int | None = None
    size: int | None = None
    licence: str = ""
    is_nsfw: bool = False
    is_gated: bool = False
    trigger_words: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    version: str = ""
    air: str = ""
    page: str = ""
    #: the address of a preview that fits the query's rating
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """The first hits; `has_more` says that the site has others."""

    hits: tuple[Hit, ...]
    has_more: bool = False
