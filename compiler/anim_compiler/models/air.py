"""AI resource identifiers (AIR), Civitai's way to name models anywhere:
`urn:air:sdxl:lora:civitai:328553@368189`.

The form is `urn:air:{ecosystem}:{type}:{source}:{id}[@{version}][+{file}][.{format}]`, where all before the
source may be left away (https://developer.civitai.com/site/guide/air).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_AIR: Final = re.compile(
    r"(?:urn:)?air:(?:(?P<ecosystem>[\w.-]+):(?:(?P<kind>[\w.-]+):)?)?"
    r"(?P<source>civitai|huggingface):(?P<name>[\w./-]+?)"
    r"(?:@(?P<version>[\w.-]+?))?(?:\+(?P<file>\d+))?(?:\.(?P<format>safetensors?|ckpt|pt|pickletensor|gguf|diffusers|onnx|other))?",
    re.IGNORECASE | re.ASCII,
)
_NUMBER: Final = re.compile(r"[1-9]\d{0,17}", re.ASCII)
_REPOSITORY: Final = re.compile(r"[\w.-]+/[\w.-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Air:
    """What an identifier names; an empty text is a part that it leaves away."""

    source: str
    name: str
    version: str = ""
    file: str = ""
    ecosystem: str = ""
    kind: str = ""
    format: str = ""

    @property
    def reference(self) -> str:
        """The same as films write it otherwise: `civitai:328553@368189`, `hf:owner/repo`."""
        scheme = "hf" if self.source == "huggingface" else "civitai"
        version = f"@{self.version}" if self.version else ""
        file = f"+{self.file}" if self.file and self.version and scheme == "civitai" else ""
        return f"{scheme}:{self.name}{version}{file}"


def is_air(text: str) -> bool:
    """Whether a text means to be one."""
    return text[:8].lower().startswith(("urn:air:", "air:"))


def parse_air(text: str) -> Air | None:
    """What an identifier names; None if it is none, or of a source that models are not fetched from."""
    found = _AIR.fullmatch(text.strip())
    if found is None:
        return None
    parts = {name: value or "" for name, value in found.groupdict().items()}
    air = Air(
        source=parts["source"].lower(),
        name=parts["name"],
        version=parts["version"],
        file=parts["file"],
        ecosystem=parts["ecosystem"].lower(),
        kind=parts["kind"].lower(),
        format=parts["format"].lower(),
    )
    if air.source == "huggingface":
        return air if _REPOSITORY.fullmatch(air.name) else None
    is_numbered = _NUMBER.fullmatch(air.name) and (not air.version or _NUMBER.fullmatch(air.version))
    return air if is_numbered else None
