"""The Hugging Face hub: models are looked for, and files fetched at one commit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Final
from urllib.parse import quote, urlsplit

from anim_compiler.models.facts import ModelKind
from anim_runtime.models.fetched import Fetched, FetchedFile, Pin
from anim_runtime.models.net.client import Client
from anim_runtime.models.net.download import download
from anim_runtime.models.net.network import Tokens, auth_for, shown
from anim_runtime.models.net.order import Got, Order
from anim_runtime.models.net.problems import NetProblem, Refused
from anim_runtime.models.net.room import ask_room, free_of
from anim_runtime.models.sources.civitai_api import as_rows, read
from anim_runtime.models.sources.components import (
    INDEX,
    PART,
    checked_index,
    checked_part,
    chosen_files,
    form_of,
    is_plain_path,
    part_files,
)
from anim_runtime.models.sources.hit import Found, Hit, Query
from anim_runtime.models.sources.hub_api import Repository, Sibling
from anim_runtime.models.sources.kinds import HUB_BASES, HUB_FILTERS, family_of
from anim_runtime.models.sources.naming import plain
from anim_runtime.models.sources.refusals import hub_refusal
from anim_runtime.models.sources.wanted import OnHub

_SORTS: Final = {"downloads": "downloads", "rating": "likes", "newest": "createdAt"}
_ADAPTER: Final = "adapter_config.json"
_PAGE: Final = 100
_PAGES: Final = 10
_NEXT: Final = re.compile(r'<([^>]+)>;\s*rel="next"')
_COMMIT: Final = re.compile(r"[0-9a-f]{40}")
_HEX: Final = re.compile(r"[0-9a-f]{64}")
_KIND_TAGS: Final[tuple[tuple[str, ModelKind], ...]] = (
    ("lora", "lora"),
    ("controlnet", "controlnet"),
    ("textual_inversion", "embedding"),
    ("text-to-image", "checkpoint"),
    ("diffusers", "checkpoint"),
)


class Hub:
    """The hub, or a mirror of it; `variant` is which weights of several are taken."""

    def __init__(self, client: Client, tokens: Tokens, variant: str = "fp16") -> None:
        self._client = client
        self._site = client.network.hub.rstrip("/")
        self._auth = auth_for(self._site, tokens.hub)
        self._variant = variant

    # --- looking ---

    def search(self, query: Query) -> Found:
        """The first models that fit. Raises `NetProblem`."""
        hits: list[Hit] = []
        address: str | None = f"{self._site}/api/models"
        asked = self._asked(query)
        for _ in range(_PAGES):
            if address is None or len(hits) >= query.limit:
                break
            answer, headers = self._client.json(address, asked, auth=self._auth)
            rows = [read(Repository, row, self._host) for row in as_rows(answer)]
            own = (self._hit(row) for row in rows if row.id and (query.nsfw or not row.is_nsfw))
            hits += (hit for hit in own if not query.kind or hit.kind in (query.kind, "unknown"))
            following = _NEXT.search(headers.get("link", ""))
            address = self._own(following[1]) if following else None
            asked = {}
        return Found(tuple(hits[: query.limit]), len(hits) > query.limit or address is not None)

    def _asked(self, query: Query) -> dict[str, str | list[str]]:
        # most of the hub are models of language; those of pictures have this tag
        kind = HUB_FILTERS.get(query.kind, query.kind) or "diffusers"
        filters = [tag for tag in (kind, query.tag) if tag]
        if query.base:
            filters.append(f"base_model:{HUB_BASES.get(query.base, query.base)}")
        asked: dict[str, str | list[str]] = {"limit": str(min(_PAGE, max(query.limit, 1)))}
        asked |= {"full": "true", "cardData": "true"}
        asked |= {"search": query.text} if query.text else {}
        asked |= {"filter": filters} if filters else {}
        asked |= {"sort": _SORTS[query.sort]} if query.sort in _SORTS else {}
        return asked

    def _own(self, address: str) -> str | None:
        """The address of a following page, on this very site; None for one that leads elsewhere."""
        parts, own = urlsplit(address), urlsplit(self._site)
        if parts.netloc != own.netloc and not parts.path.startswith("/api/models"):
            return None
        return f"{self._site}/api/models?{parts.query}"

    def _hit(self, row: Repository) -> Hit:
        return Hit(
            reference=f"hf:{row.id}",
            title=row.id.rpartition("/")[2],
            kind=_kind(row),
            base=row.base,
            family=family_of(row.base),
            author=row.author or row.id.partition("/")[0],
            downloads=None if row.downloads is None else int(row.downloads),
            likes=None if row.likes is None else int(row.likes),
            licence=row.licence,
            is_nsfw=row.is_nsfw,
            is_gated=row.is_gated,
            trigger_words=(row.card.instance_prompt,) if row.card.instance_prompt else (),
            tags=row.tags,
            page=f"{self._site}/{row.id}",
        )

    # --- fetching ---

    def fetch(self, wanted: OnHub, pin: Pin, folder: Path) -> Fetched:
        """A file of a repository, or a diffusers model as a folder, under `folder`. Raises `NetProblem`."""
        revision = pin.revision if _COMMIT.fullmatch(pin.revision) else wanted.revision
        repository = self._repository(wanted, revision)
        if not repository.commit:
            raise NetProblem(
                "wrong", f"`{self._host}` does not say which state of `{wanted.reference}` it has"
            )
        # a folder of its own for each variant, and for single files, so that none is ever a mixture
        files_at = folder / "hf" / plain(wanted.repository.replace("/", "--")) / repository.commit[:12]
        own = files_at.with_name(f"{files_at.name}-{plain(self._variant) or 'plain'}")
        try:
            if not wanted.path:
                if any(file.path == INDEX for file in repository.files):
                    files = chosen_files(repository.files, self._variant, wanted.repository)
                    return self._folder(repository, INDEX, files, wanted, pin, own)
                files = part_files(repository.files, self._variant)
                if files:
                    return self._folder(repository, PART, files, wanted, pin, own)
            path = wanted.path or self._only_file(repository, wanted, pin)
            return self._file(repository, path, wanted, pin, files_at)
        except Refused as refused:
            raise self._told(refused, wanted) from None

    def _repository(self, wanted: OnHub, revision: str) -> Repository:
        state = f"/revision/{quote(revision, safe='')}" if revision else ""
        address = f"{self._site}/api/models/{wanted.repository}{state}"
        try:
            answer, _ = self._client.json(address, {"blobs": "true"}, auth=self._auth)
        except Refused as refused:
            raise self._told(refused, wanted) from None
        return read(Repository, answer, self._host)

    def _only_file(self, repository: Repository, wanted: OnHub, pin: Pin) -> str:
        """The weight file that a repository is there for which is no folder of a model."""
        names = [file.path for file in repository.files]
        pinned = [f.path for f in repository.files if pin.sha256 and f.lfs.sha256 == pin.sha256]
        weights = [n for n in names if n.endswith(".safetensors") and is_plain_path(n)]
        at_root = [n for n in weights if "/" not in n]
        for several in (pinned, _preferred(at_root, self._variant), weights):
            if len(several) == 1:
                return several[0]
        if not weights:
            hint = "files of other formats can run code when they are opened"
            raise NetProblem("refused", f"`{wanted.reference}` has no `.safetensors` file", hint)
        listed = ", ".join(f"`hf:{wanted.repository}/{name}`" for name in sorted(weights)[:3])
        says = f"`{wanted.reference}` has {len(weights)} weight files"
        raise NetProblem(
            "usage", says, f"name the one that you want: {listed}{' …' if len(weights) > 3 else ''}"
        )

    def _file(self, repository: Repository, path: str, wanted: OnHub, pin: Pin, own: Path) -> Fetched:
        found = next((f for f in repository.files if f.path == path), None)
        if found is None or not is_plain_path(path):
            near = [f.path for f in repository.files if f.path.endswith(".safetensors")][:3]
            hint = f"it has {', '.join(f'`{name}`' for name in near)}" if near else "look at its page"
            raise NetProblem("usage", f"`hf:{wanted.repository}` has no file `{path}`", hint)
        if not path.endswith(".safetensors"):
            hint = "files of other formats can run code when they are opened; fetch and convert it yourself"
            raise NetProblem("refused", f"`{path}` is not a `.safetensors` file", hint)
        # names stay as they are: a LoRA of peft has settings beside it, which are found by theirs
        beside = str(PurePosixPath(path).with_name(_ADAPTER))
        settings = next((f for f in repository.files if f.path == beside), None)
        if settings is not None:
            self._download(repository, settings, own / beside)
        got = self._download(repository, found, own / path, pin.sha256)
        by_path = OnHub(wanted.repository, path, wanted.revision).reference
        also = () if by_path == wanted.reference else (by_path,)
        whole = got.sha256, got.size
        return self._fetched(repository, wanted.reference, got.path, whole, also, path)

    def _folder(
        self, repository: Repository, name: str, files: Sequence[Sibling], wanted: OnHub, pin: Pin, own: Path
    ) -> Fetched:
        """A folder that is a model by its file `name`."""
        leading = next(file for file in files if file.path == name)
        # it gets its name last: a folder that holds one is a whole model
        first = self._download(repository, leading, own / f".{name}")
        check = checked_index if name == INDEX else checked_part
        check(first.path.read_bytes(), wanted.repository)
        lacking = sum(file.bytes or 0 for file in files if not (own / file.path).is_file())
        ask_room(wanted.reference, lacking, free_of(own))
        all_ = [FetchedFile(name, first.sha256, first.size)]
        for file in files:
            if file.path != name:
                got = self._download(repository, file, own / file.path)
                all_.append(FetchedFile(file.path, got.sha256, got.size))
        first.path.replace(own / name)
        from anim_runtime.models.library import Located, digest

        reference = wanted.reference
        sha256 = digest(Located(reference, "folder", own))
        if pin.sha256 and pin.sha256 != sha256:
            hint = f"was it locked with another variant? then `anim models add {reference} --variant NAME`"
            raise NetProblem("wrong", f"`{reference}` is not the one that the lock pins", hint)
        listed = tuple(sorted(all_, key=lambda file: file.name))
        whole = sha256, sum(file.size for file in listed)
        return self._fetched(repository, reference, own, whole, (), "", listed)

    def _download(self, repository: Repository, file: Sibling, target: Path, pinned: str = "") -> Got:
        path = quote(file.path)
        address = f"{self._site}/{repository.id}/resolve/{repository.commit}/{path}"
        told = file.lfs.sha256 if _HEX.fullmatch(file.lfs.sha256) else ""
        return download(
            self._client,
            Order(address, target, pinned or told, file.bytes, form_of(file.path), self._auth, file.path),
        )

    def _fetched(
        self,
        repository: Repository,
        reference: str,
        path: Path,
        whole: tuple[str, int],
        also: tuple[str, ...],
        name: str,
        files: tuple[FetchedFile, ...] = (),
    ) -> Fetched:
        place = f"/resolve/{repository.commit}/{quote(name)}" if name else f"/tree/{repository.commit}"
        hit = self._hit(repository)
        return Fetched(
            reference=reference,
            path=path,
            sha256=whole[0],
            size=whole[1],
            source=shown(f"{self._site}/{repository.id}{place}"),
            revision=repository.commit,
            kind="checkpoint" if any(file.name == INDEX for file in files) else hit.kind,
            base=hit.base,
            family=hit.family or family_of(repository.id),
            title=hit.title,
            author=hit.author,
            trigger_words=hit.trigger_words,
            licence=hit.licence,
            is_nsfw=hit.is_nsfw,
            also=also,
            files=files,
        )

    # --- asking ---

    def _told(self, refused: Refused, wanted: OnHub) -> NetProblem:
        return hub_refusal(refused, wanted, self._site, is_logged_in=self._auth is not None)

    @property
    def _host(self) -> str:
        return urlsplit(self._site).hostname or "huggingface.co"


def _preferred(names: list[str], variant: str) -> list[str]:
    """Of weight files at the root those of a variant, if there are several."""
    return [n for n in names if f".{variant}." in n] if len(names) > 1 else names


def _kind(row: Repository) -> ModelKind:
    tags = {*row.tags, row.pipeline}
    for tag, kind in _KIND_TAGS:
        if tag in tags:
            return kind
    return "unknown"
