"""A reference taken apart: which model of which site it names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, TypeAlias
from urllib.parse import unquote, urlsplit

from anim_compiler.models.air import is_air, parse_air
from anim_dsl.secrets import secret
from anim_dsl.visible import escaped
from anim_runtime.models.net.answers import shown_safely
from anim_runtime.models.net.problems import NetProblem

_CIVITAI: Final = re.compile(r"civitai:([1-9]\d{0,17})(?:@([1-9]\d{0,17})(?:\+([1-9]\d{0,17}))?)?", re.ASCII)
_HUB: Final = re.compile(r"hf:([\w.-]+/[\w.-]+)(?:@([\w.-]+))?(?:/([\w./ ()+-]+))?", re.ASCII)
_CIVITAI_PAGE: Final = re.compile(
    r"https://(?:www\.)?civitai\.(?:com|green|red)/models/(\d{1,18})(?:[^?#]*)?(?:\?(?:[^#]*&)?modelVersionId=(\d{1,18}))?.*"
)
#: what the button on a page leads to; `fileId` is looked for in what follows
_CIVITAI_FILE: Final = re.compile(
    r"https://(?:www\.)?civitai\.(?:com|green|red)/api/download/models/(\d{1,18})(?:\?([^#]*))?"
)
_HUB_PAGE: Final = re.compile(
    r"https://(?:www\.)?huggingface\.co/([\w.-]+/[\w.-]+)/?(?:(?:blob|resolve|tree)/([\w.-]+)(?:/([^?#]*))?)?(?:\?.*)?"
)
#: first parts of addresses of the hub that are no owners
_NOT_OWNERS: Final = frozenset({"api", "datasets", "spaces", "docs", "models", "blog"})


@dataclass(frozen=True, slots=True)
class OnCivitai:
    """A model of Civitai; a version and a file of it where they are named. `model` 0 is whichever the
    version is of.
    """

    model: int
    version: int | None = None
    file: int | None = None

    @property
    def reference(self) -> str:
        """As a film writes it."""
        version = "" if self.version is None else f"@{self.version}"
        return f"civitai:{self.model}{version}" + ("" if self.file is None else f"+{self.file}")


@dataclass(frozen=True, slots=True)
class OnHub:
    """A repository of the Hugging Face hub, or one file of it; `revision` is a branch, a tag or a commit."""

    repository: str
    path: str = ""
    revision: str = ""

    @property
    def reference(self) -> str:
        """As a film writes it."""
        revision = f"@{self.revision}" if self.revision else ""
        return f"hf:{self.repository}{revision}" + (f"/{self.path}" if self.path else "")


@dataclass(frozen=True, slots=True)
class AtAddress:
    """A file at an address."""

    url: str

    @property
    def reference(self) -> str:
        """As a film writes it."""
        return self.url


Wanted: TypeAlias = OnCivitai | OnHub | AtAddress


def wanted(reference: str) -> Wanted | None:
    """What a reference names on the network; None for one that names no model of any site.

    Raises `NetProblem` for one that names such a site, but no model there.
    """
    text = reference.strip()
    if is_air(text):
        air = parse_air(text)
        if air is None:
            hint = "write it like `urn:air:sdxl:lora:civitai:328553@368189`"
            raise NetProblem("usage", f"`{escaped(text)}` names no model of Civitai or Hugging Face", hint)
        text = air.reference
    if text.startswith("civitai:"):
        return _on_civitai(text)
    if text.startswith("hf:"):
        return _on_hub(text)
    if text.startswith(("https://", "http://")):
        return _at_address(text)
    return None


def _on_civitai(text: str) -> OnCivitai:
    found = _CIVITAI.fullmatch(text)
    if found is None:
        raise NetProblem("usage", f"`{escaped(text)}` names no model", "write it like `civitai:25694@143906`")
    return OnCivitai(int(found[1]), _number(found[2]), _number(found[3]))


def _on_hub(text: str) -> OnHub:
    found = _HUB.fullmatch(text)
    if found is None or ".." in text:
        hint = "write it like `hf:owner/repo` or `hf:owner/repo/file.safetensors`"
        raise NetProblem("usage", f"`{escaped(text)}` names no model", hint)
    return OnHub(found[1], found[3] or "", found[2] or "")


def _at_address(text: str) -> Wanted:
    page = _CIVITAI_PAGE.fullmatch(text)
    if page is not None:
        return OnCivitai(int(page[1]), _number(page[2]))
    button = _CIVITAI_FILE.fullmatch(text)
    if button is not None and not secret(text):
        file = re.search(r"(?:^|&)fileId=(\d{1,18})(?:&|$)", button[2] or "")
        return OnCivitai(0, int(button[1]), _number(file[1] if file else None))
    hub = _HUB_PAGE.fullmatch(text)
    if hub is not None and hub[1].split("/")[0] not in _NOT_OWNERS:
        path = unquote(hub[3] or "")
        # `main` is what is taken anyway
        revision = "" if hub[2] in (None, "main") else hub[2]
        return _on_hub(OnHub(hub[1], path.strip("/"), revision).reference)
    try:
        parts = urlsplit(text)
        named = parts.hostname and len(parts.path) > 1
    except ValueError:
        named = None
    if not named:
        raise NetProblem("usage", f"`{shown_safely(text)}` names no file", "write the file's whole address")
    if secret(text):
        raise NetProblem(
            "usage",
            "an address holds no password or token: it is kept, and shown",
            "fetch the file yourself, and register it with `anim models add FILE`",
        )
    return AtAddress(text)


def _number(text: str | None) -> int | None:
    return None if text is None else int(text)
