"""Civitai: models are looked for, and their files fetched (https://developer.civitai.com/site)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from anim_compiler.models.air import parse_air
from anim_runtime.models.fetched import Fetched, Pin
from anim_runtime.models.net.client import Client
from anim_runtime.models.net.download import download
from anim_runtime.models.net.network import Tokens, auth_for, shown
from anim_runtime.models.net.order import Order
from anim_runtime.models.net.problems import NetProblem, Refused, WebPage
from anim_runtime.models.sources.civitai_api import File, Image, Model, Models, Version, read
from anim_runtime.models.sources.civitai_file import chosen, sha256_of
from anim_runtime.models.sources.hit import Found, Hit, Query
from anim_runtime.models.sources.kinds import CIVITAI_TYPES, bases_of, civitai_types, family_of
from anim_runtime.models.sources.naming import file_name
from anim_runtime.models.sources.refusals import civitai_refusal
from anim_runtime.models.sources.wanted import OnCivitai

SITE: Final = "civitai"
_SORTS: Final = {"downloads": "Most Downloaded", "rating": "Highest Rated", "newest": "Newest"}
_PERIODS: Final = {"all": "AllTime", "year": "Year", "month": "Month", "week": "Week", "day": "Day"}
#: pages of a search that are read at most: a filter may leave little of each
_PAGES: Final = 10
_PAGE: Final = 100
#: what an address of a download may ask for
_CHOICES: Final = frozenset({"type", "format", "size", "fp", "quantType", "fileId"})
#: the first level of `nsfwLevel`, for everybody (PG); the second is PG-13
_FOR_ALL: Final = 1


class Civitai:
    """The site, or a mirror of it."""

    def __init__(self, client: Client, tokens: Tokens) -> None:
        self._client = client
        self._site = client.network.civitai.rstrip("/")
        self._auth = auth_for(self._site, tokens.civitai)

    # --- looking ---

    def search(self, query: Query) -> Found:
        """The first models that fit. Raises `NetProblem`."""
        hits: list[Hit] = []
        cursor = ""
        for _ in range(_PAGES):
            page = self._page(query, cursor)
            hits += (
                self._hit(model, query) for model in page.items if model.versions and _fits(model, query)
            )
            following = page.metadata.next_cursor
            if len(hits) >= query.limit or not following or following == cursor:
                cursor = following if following != cursor else ""
                break
            cursor = following
        return Found(tuple(hits[: query.limit]), len(hits) > query.limit or bool(cursor))

    def by_hash(self, sha256: str) -> Hit | None:
        """The model that a file of this digest is of; None if the site does not know it."""
        try:
            version = self._version(f"by-hash/{sha256.upper()}")
        except Refused as refused:
            if refused.status == 404:
                return None
            raise
        return self._hit(self._model(int(version.model_id or 0)), Query(nsfw=True), version)

    def base_models(self) -> tuple[str, ...]:
        """The names of base models that the site knows today."""
        answer, _ = self._client.json(f"{self._site}/api/v1/enums")
        names = answer.get("BaseModel") or answer.get("ActiveBaseModel") if isinstance(answer, dict) else None
        return tuple(name for name in names if isinstance(name, str)) if isinstance(names, list) else ()

    def _page(self, query: Query, cursor: str) -> Models:
        asked: dict[str, str | list[str]] = {"limit": str(min(_PAGE, max(query.limit, 1)))}
        asked |= {"query": query.text} if query.text else {}
        asked |= {"types": list(civitai_types(query.kind))} if query.kind else {}
        asked |= {"baseModels": list(self._bases(query.base))} if query.base else {}
        asked |= {"tag": query.tag} if query.tag else {}
        asked |= {"sort": _SORTS[query.sort]} if query.sort in _SORTS else {}
        asked |= {"period": _PERIODS[query.period]} if query.period != "all" else {}
        asked |= {"nsfw": "true" if query.nsfw else "false"}
        asked |= {"cursor": cursor} if cursor else {}
        return read(Models, self._ask("models", asked), self._host)

    def _bases(self, base: str) -> tuple[str, ...]:
        try:
            return bases_of(base, self.base_models())
        except NetProblem:
            # the list is a convenience: the site itself says what it does not know
            return (base,)

    def _hit(self, model: Model, query: Query, version: Version | None = None) -> Hit:
        newest = version or model.versions[0]
        file = next((f for f in newest.files if f.is_primary), None) or next(iter(newest.files), None)
        likes, downloads = model.stats.likes, model.stats.downloads
        return Hit(
            reference=OnCivitai(int(model.id or 0), int(newest.id or 0) or None).reference,
            title=model.name,
            kind=CIVITAI_TYPES.get(model.type, "unknown"),
            base=newest.base_model,
            family=family_of(newest.base_model),
            author=model.creator.username,
            downloads=None if downloads is None else int(downloads),
            likes=None if likes is None else int(likes),
            size=None if file is None or file.size_kb is None else int(file.size_kb * 1024),
            licence=model.licence,
            is_nsfw=model.is_nsfw,
            is_gated=newest.availability == "EarlyAccess",
            trigger_words=newest.trained_words,
            tags=model.tags,
            version=newest.name,
            air=newest.air,
            page=f"{self._site}/models/{int(model.id or 0)}?modelVersionId={int(newest.id or 0)}",
            picture=next((i.url for i in newest.images if _may_be_shown(i, nsfw=query.nsfw)), ""),
        )

    # --- fetching ---

    def fetch(self, wanted: OnCivitai, pin: Pin, folder: Path) -> Fetched:
        """The file of a version, whole, under `folder`. Raises `NetProblem`."""
        wanted = wanted if wanted.model else self._with_model(wanted)
        model = self._model(wanted.model)
        version = self._wanted_version(model, wanted, pin)
        file = chosen(version, wanted, pin)
        sha256 = pin.sha256 or sha256_of(file)
        address = self._address(version, file)
        number = int(version.id or 0)
        target = folder / "civitai" / file_name(file.name, f"{wanted.model}-{number}")
        order = Order(address, target, sha256, pin.size, auth=self._auth)
        try:
            got = download(self._client, order)
        except Refused as refused:
            raise self._told(refused, wanted) from None
        except WebPage:
            # the site's own way to ask for a login, where it does not answer 401
            raise self._told(Refused(401, self._host), wanted) from None
        reference = OnCivitai(wanted.model, number, wanted.file).reference
        # whoever asks for no version gets the newest; an older one that was named is not what that means
        air = parse_air(version.air)
        names = (wanted.reference, version.air if air is not None and air.reference == reference else "")
        also = dict.fromkeys(names)
        also.pop(reference, None)
        also.pop("", None)
        return Fetched(
            reference=reference,
            path=got.path,
            sha256=got.sha256,
            size=got.size,
            source=shown(address),
            revision=str(number),
            kind=CIVITAI_TYPES.get(model.type, "unknown"),
            base=version.base_model,
            family=family_of(version.base_model),
            title=model.name,
            author=model.creator.username,
            trigger_words=version.trained_words,
            licence=model.licence,
            notes=version.name,
            is_nsfw=model.is_nsfw,
            also=tuple(also),
        )

    def _with_model(self, wanted: OnCivitai) -> OnCivitai:
        """The same with the number of the model that the version is of."""
        try:
            version = self._version(str(wanted.version))
        except Refused as refused:
            raise self._told(refused, wanted) from None
        return replace(wanted, model=int(version.model_id or 0))

    def _model(self, number: int) -> Model:
        try:
            return read(Model, self._ask(f"models/{number}", {}), self._host)
        except Refused as refused:
            raise self._told(refused, OnCivitai(number)) from None

    def _version(self, name: str) -> Version:
        return read(Version, self._ask(f"model-versions/{name}", {}), self._host)

    def _wanted_version(self, model: Model, wanted: OnCivitai, pin: Pin) -> Version:
        number = wanted.version or (int(pin.revision) if pin.revision.isdecimal() else None)
        if number is None:
            if not model.versions:
                hint = "look at its page, or choose another with `anim models search`"
                raise NetProblem("refused", f"`{wanted.reference}` has no version to fetch", hint)
            return model.versions[0]
        found = next((v for v in model.versions if v.id == number), None)
        if found is not None:
            return found
        try:
            alone = self._version(str(number))
        except Refused as refused:
            raise self._told(refused, wanted) from None
        if alone.model_id != wanted.model:
            raise NetProblem(
                "usage", f"version {number} is not of model {wanted.model}", "look at the model's page"
            )
        return alone

    def _address(self, version: Version, file: File) -> str:
        """Where the file is: on this very site, whatever host the answer names."""
        given = urlsplit(file.download_url)
        number = int(version.id or 0)
        path = (
            given.path
            if re.fullmatch(r"/api/download/models/\d+", given.path)
            else f"/api/download/models/{number}"
        )
        choices = [(k, v) for k, v in parse_qsl(given.query) if k in _CHOICES]
        return f"{self._site}{path}" + (f"?{urlencode(choices)}" if choices else "")

    def _told(self, refused: Refused, wanted: OnCivitai) -> NetProblem:
        return civitai_refusal(refused, wanted, is_logged_in=self._auth is not None)

    # --- asking ---

    @property
    def _host(self) -> str:
        return urlsplit(self._site).hostname or SITE

    def _ask(self, path: str, params: Mapping[str, str | list[str]]) -> Any:  # Any: JSON, checked by `read`
        return self._client.json(f"{self._site}/api/v1/{path}", params, auth=self._auth)[0]


def _fits(model: Model, query: Query) -> bool:
    """Whether a model may be shown; the site filters as well, but not where a query is searched by words."""
    if (model.is_nsfw and not query.nsfw) or (model.id or 0) < 1:
        return False
    return not query.kind or model.type in civitai_types(query.kind)


def _may_be_shown(image: Image, *, nsfw: bool) -> bool:
    is_for_all = image.nsfw_level is not None and 0 < image.nsfw_level <= _FOR_ALL
    return bool(image.url) and image.type == "image" and (nsfw or is_for_all)
