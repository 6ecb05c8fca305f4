"""Civitai's answers, as far as they are read. Every field may be missing, be null, or have company."""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from anim_runtime.models.net.problems import NetProblem

_LONGEST = 4000
_MOST_ROWS = 1000


def _text(value: object) -> str:
    if isinstance(value, str):
        # JSON can hold halves of characters (`"\\ud800"`), which no file and no index takes
        return value[:_LONGEST].encode("utf-8", "replace").decode()
    return str(value) if isinstance(value, (int, float)) else ""


def _number(value: object) -> float | None:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return float(value) if is_number and abs(value) < 1e18 else None  # type: ignore[arg-type]


def _switch(value: object) -> bool:
    return value is True


def _answer(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _words(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (_text(value),)
    return tuple(_text(word) for word in value[:_MOST_ROWS] if _text(word)) if isinstance(value, list) else ()


def as_rows(value: object) -> list[object]:
    """The objects of a list; none of what is no list."""
    return [row for row in value[:_MOST_ROWS] if isinstance(row, dict)] if isinstance(value, list) else []


def as_row(value: object) -> object:
    """An object; an empty one for what is none."""
    return value if isinstance(value, dict) else {}


#: forgiving types: what has another form counts as missing
Text = Annotated[str, BeforeValidator(_text)]
Number = Annotated[float | None, BeforeValidator(_number)]
Switch = Annotated[bool, BeforeValidator(_switch)]
Answer = Annotated[bool | None, BeforeValidator(_answer)]
Words = Annotated[tuple[str, ...], BeforeValidator(_words)]


class Row(BaseModel):
    """A part of an answer."""

    model_config = ConfigDict(extra="ignore", frozen=True, populate_by_name=True)


class Hashes(Row):
    """Digests of a file, in upper case."""

    sha256: Text = Field(default="", alias="SHA256")
    blake3: Text = Field(default="", alias="BLAKE3")
    auto_v2: Text = Field(default="", alias="AutoV2")


class FileMetadata(Row):
    """What its author says of a file."""

    format: Text = ""
    size: Text = ""
    fp: Text = ""


class File(Row):
    """A file of a version."""

    id: Number = None
    name: Text = ""
    type: Text = ""
    size_kb: Number = Field(default=None, alias="sizeKB")
    is_primary: Switch = Field(default=False, alias="primary")
    metadata: Annotated[FileMetadata, BeforeValidator(as_row)] = FileMetadata()
    hashes: Annotated[Hashes, BeforeValidator(as_row)] = Hashes()
    pickle_scan: Text = Field(default="", alias="pickleScanResult")
    virus_scan: Text = Field(default="", alias="virusScanResult")
    download_url: Text = Field(default="", alias="downloadUrl")

    @property
    def is_safetensors(self) -> bool:
        """Whether it says of itself that it is of the one format that is read."""
        return self.name.lower().endswith(".safetensors") or self.metadata.format == "SafeTensor"


class Image(Row):
    """A preview; its level is a sum of powers of two, 1 for what everybody may see."""

    url: Text = ""
    type: Text = "image"
    nsfw_level: Number = Field(default=None, alias="nsfwLevel")


class Owner(Row):
    """Of a version that is asked for alone: its model."""

    name: Text = ""
    type: Text = ""
    is_nsfw: Switch = Field(default=False, alias="nsfw")


class Stats(Row):
    """How often something was taken and liked."""

    downloads: Number = Field(default=None, alias="downloadCount")
    likes: Number = Field(default=None, alias="thumbsUpCount")


class Version(Row):
    """One release of a model."""

    id: Number = None
    model_id: Number = Field(default=None, alias="modelId")
    name: Text = ""
    base_model: Text = Field(default="", alias="baseModel")
    trained_words: Words = Field(default=(), alias="trainedWords")
    nsfw_level: Number = Field(default=None, alias="nsfwLevel")
    usage_control: Text = Field(default="", alias="usageControl")
    availability: Text = ""
    air: Text = ""
    stats: Annotated[Stats, BeforeValidator(as_row)] = Stats()
    files: Annotated[tuple[File, ...], BeforeValidator(as_rows)] = ()
    images: Annotated[tuple[Image, ...], BeforeValidator(as_rows)] = ()
    model: Annotated[Owner, BeforeValidator(as_row)] = Owner()


class Creator(Row):
    """Who made a model."""

    username: Text = ""


class Model(Row):
    """A model with its versions, the newest first."""

    id: Number = None
    name: Text = ""
    type: Text = ""
    mode: Text = ""
    is_nsfw: Switch = Field(default=False, alias="nsfw")
    nsfw_level: Number = Field(default=None, alias="nsfwLevel")
    tags: Words = ()
    creator: Annotated[Creator, BeforeValidator(as_row)] = Creator()
    stats: Annotated[Stats, BeforeValidator(as_row)] = Stats()
    no_credit: Answer = Field(default=None, alias="allowNoCredit")
    commercial: Words = Field(default=(), alias="allowCommercialUse")
    derivatives: Answer = Field(default=None, alias="allowDerivatives")
    other_licence: Answer = Field(default=None, alias="allowDifferentLicense")
    versions: Annotated[tuple[Version, ...], BeforeValidator(as_rows)] = Field(
        default=(), alias="modelVersions"
    )

    @property
    def licence(self) -> str:
        """What its author allows, in a few words; empty if nothing is said."""
        said = []
        if self.no_credit is False:
            said.append("name the author")
        if self.commercial:
            uses = [use.strip("{}") for use in self.commercial]
            said.append("no commercial use" if uses == ["None"] else f"commercial use: {', '.join(uses)}")
        if self.derivatives is False:
            said.append("no derivatives")
        if self.other_licence is False:
            said.append("the same licence for derivatives")
        return "; ".join(said)


class Metadata(Row):
    """How a list goes on."""

    next_cursor: Text = Field(default="", alias="nextCursor")


class Models(Row):
    """A page of a search."""

    items: Annotated[tuple[Model, ...], BeforeValidator(as_rows)] = ()
    metadata: Annotated[Metadata, BeforeValidator(as_row)] = Metadata()


_RowT = TypeVar("_RowT", bound=Row)


def read(kind: type[_RowT], answer: Any, host: str) -> _RowT:  # Any: JSON, which is checked here
    """The answer in its form. Raises `NetProblem` for one that has another."""
    try:
        return kind.model_validate(answer)
    except ValidationError:
        raise NetProblem("wrong", f"`{host}` answers in a form that this version does not know") from None
