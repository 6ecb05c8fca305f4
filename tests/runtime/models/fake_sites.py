"""A server that plays Civitai, the Hugging Face hub, a store of files and a plain host, with faults on order.

The shapes are those of developer.civitai.com/site/reference and of huggingface_hub's `ModelInfo`, shortened.
`python -m tests.runtime.models.fake_sites` serves the same for a try by hand.
"""

from __future__ import annotations

import hashlib
import json
import re
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

COMMIT = "0123456789abcdef0123456789abcdef01234567"
TOKEN = "canary-6f1c2a"


def safetensors(size: int = 4096, name: str = "lora_unet_a.lora_down.weight", **metadata: str) -> bytes:
    """A safetensors file with one tensor of so many bytes."""
    header = json.dumps(
        {"__metadata__": metadata, name: {"dtype": "F16", "shape": [size // 2], "data_offsets": [0, size]}}
    ).encode()
    pattern = bytes(range(251)) * (size // 251 + 1)
    return struct.pack("<Q", len(header)) + header + pattern[:size]


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@dataclass
class Seen:
    """A request that came."""

    server: str
    path: str
    headers: dict[str, str]


@dataclass
class Fault:
    """What happens to one request instead of its answer."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    #: sends so many bytes of the body, and ends the connection
    cut_after: int | None = None
    #: sends nothing until the test is over
    is_silent: bool = False
    #: sends header lines, and never the last
    has_endless_headers: bool = False
    has_endless_body: bool = False
    gives_no_ranges: bool = False


@dataclass
class Stored:
    """A file that is served."""

    data: bytes
    etag: str = ""
    content_type: str = "application/octet-stream"


class FakeSites:
    """All sites; `store` is the host of files, on a port of its own, so that a token may not follow there."""

    def __init__(self) -> None:
        self.seen: list[Seen] = []
        self.files: dict[str, Stored] = {}
        self.faults: dict[str, list[Fault]] = {}
        self.models: dict[int, dict[str, object]] = {}
        self.repositories: dict[str, dict[str, object]] = {}
        self.contents: dict[tuple[str, str], bytes] = {}
        self.needs_token = True
        self.gated: set[str] = set()
        self.over = threading.Event()
        self._servers = [self._server("site"), self._server("store")]

    def _server(self, name: str) -> ThreadingHTTPServer:
        sites = self

        class Handler(_Handler):
            server_name = name
            fake = sites

        server = _Server(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return server

    @property
    def site(self) -> str:
        return f"http://127.0.0.1:{self._servers[0].server_address[1]}"

    @property
    def store(self) -> str:
        return f"http://localhost:{self._servers[1].server_address[1]}"

    @property
    def allowed(self) -> tuple[str, ...]:
        return tuple(urlsplit(address).netloc for address in (self.site, self.store))

    def close(self) -> None:
        self.over.set()
        for server in self._servers:
            server.shutdown()
            server.server_close()

    def fail(self, path: str, *faults: Fault) -> None:
        """The next requests of a path meet these, one each."""
        self.faults.setdefault(path, []).extend(faults)

    def put(self, path: str, data: bytes, **about: str) -> str:
        """Serves a file on the host of files; its address."""
        self.files[path] = Stored(data, **about)
        return f"{self.store}{path}"

    def asked(self, path: str) -> list[Seen]:
        return [seen for seen in self.seen if urlsplit(seen.path).path == path]

    def add_model(self, number: int, name: str, versions: dict[int, bytes], **about: object) -> None:
        """A model of Civitai, with the bytes of each of its versions, the newest first."""
        rows = [self._version(number, version, data, name, about) for version, data in versions.items()]
        self.models[number] = {
            "id": number,
            "name": name,
            "type": about.get("type", "LORA"),
            "nsfw": about.get("nsfw", False),
            "nsfwLevel": 1,
            "tags": ["style", "neon"],
            "mode": None,
            "creator": {"username": "someone", "image": None},
            "stats": {"downloadCount": 123456, "thumbsUpCount": 789, "tippedAmountCount": 3},
            "allowNoCredit": False,
            "allowCommercialUse": ["Image", "Sell"],
            "allowDerivatives": True,
            "allowDifferentLicense": False,
            "aNewField": {"deep": [1, 2, 3]},
            "modelVersions": rows,
        }

    def _version(
        self, model: int, number: int, data: bytes, name: str, about: dict[str, object]
    ) -> dict[str, object]:
        self.files[f"/r2/{number}"] = Stored(data, etag=f'"r2-{number}"')
        file = {
            "id": number * 10,
            "name": about.get("file", f"{name} v1.safetensors"),
            "type": "Model",
            "sizeKB": len(data) / 1024,
            "metadata": {"format": about.get("format", "SafeTensor"), "size": None, "fp": "fp16"},
            "pickleScanResult": "Success",
            "virusScanResult": "Success",
            "hashes": {"AutoV2": sha256(data)[:10].upper(), "SHA256": sha256(data).upper()},
            "downloadUrl": f"https://civitai.com/api/download/models/{number}",
            "primary": True,
        }
        return {
            "id": number,
            "modelId": model,
            "name": f"v{number}",
            "baseModel": about.get("base", "SD 1.5"),
            "baseModelType": "Standard",
            "air": f"urn:air:sd1:lora:civitai:{model}@{number}",
            "availability": "Public",
            "trainedWords": ["neon glow"],
            "usageControl": "Download",
            "stats": {"downloadCount": 100},
            "files": [file],
            "images": [{"url": f"{self.store}/preview/{number}.png", "nsfwLevel": 1, "type": "image"}],
            "downloadUrl": f"https://civitai.com/api/download/models/{number}",
        }

    def add_repository(self, name: str, files: dict[str, bytes], **about: object) -> None:
        """A repository of the hub; weights are kept by LFS."""
        rows = []
        for path, data in files.items():
            self.contents[name, path] = data
            row: dict[str, object] = {"rfilename": path, "size": len(data), "blobId": "b" * 40}
            if path.endswith((".safetensors", ".bin")):
                row["lfs"] = {"sha256": sha256(data), "size": len(data), "pointerSize": 134}
            rows.append(row)
        self.repositories[name] = {
            "_id": "6",
            "id": name,
            "modelId": name,
            "author": name.split("/")[0],
            "sha": COMMIT,
            "downloads": 4321,
            "likes": 12,
            "private": False,
            "gated": "manual" if name in self.gated else False,
            "tags": about.get("tags", ["diffusers", "license:mit", "base_model:stabilityai/sdxl-turbo"]),
            "pipeline_tag": about.get("pipeline_tag", "text-to-image"),
            "cardData": about.get("card", {"license": "mit"}),
            "siblings": rows,
        }


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that go away in the middle are what is tested."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_name = ""
    fake: FakeSites

    def log_message(self, format: str, *args: object) -> None:
        del format, args

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        self.fake.seen.append(
            Seen(self.server_name, self.path, {k.lower(): v for k, v in self.headers.items()})
        )
        waiting = self.fake.faults.get(parts.path)
        fault = waiting.pop(0) if waiting else None
        try:
            if fault is not None and self._fails(fault):
                return
            self._answer(parts.path, parse_qs(parts.query), fault)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    # --- faults ---

    def _fails(self, fault: Fault) -> bool:
        if fault.is_silent:
            self.fake.over.wait(30)
            self.close_connection = True
            return True
        if fault.has_endless_headers:
            return self._endless(b"HTTP/1.1 200 OK\r\n", lambda n: b"X-%d: y\r\n" % n)
        if fault.has_endless_body:
            head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: x/y\r\n\r\n"
            body = safetensors(1 << 16) if not fault.body else fault.body
            return self._endless(head, lambda n: b"%x\r\n%b\r\n" % (len(body), body))
        if fault.status:
            self._send(fault.status, fault.body, fault.headers)
            return True
        return False

    def _endless(self, head: bytes, piece: Callable[[int], bytes]) -> bool:
        self.close_connection = True
        self.wfile.write(head)
        number = 0
        while not self.fake.over.wait(0.005):
            self.wfile.write(piece(number))
            number += 1
        return True

    # --- answers ---

    def _answer(self, path: str, query: dict[str, list[str]], fault: Fault | None) -> None:
        if path in self.fake.files:
            return self._file(self.fake.files[path], fault)
        for pattern, answer in self._ROUTES:
            found = re.fullmatch(pattern, path)
            if found is not None:
                return answer(self, query, *found.groups())
        return self._json(404, {"error": "Not found"})

    def _file(self, file: Stored, fault: Fault | None) -> None:
        data, headers = file.data, {"Content-Type": file.content_type, "Accept-Ranges": "bytes"}
        headers |= {"ETag": file.etag} if file.etag else {}
        status, start = 200, 0
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        condition = self.headers.get("If-Range")
        may = not (fault and fault.gives_no_ranges) and condition in (None, file.etag)
        if asked and may:
            start = int(asked[1])
            if start >= len(data):
                return self._send(416, b"", {"Content-Range": f"bytes */{len(data)}"})
            status = 206
            headers["Content-Range"] = f"bytes {start}-{len(data) - 1}/{len(data)}"
        body = data[start:]
        if fault is not None and fault.cut_after is not None:
            headers["Content-Length"] = str(len(body))
            self._head(status, headers)
            self.wfile.write(body[: fault.cut_after])
            self.close_connection = True
            return None
        return self._send(status, body, headers)

    def _json(self, status: int, value: object, headers: dict[str, str] | None = None) -> None:
        self._send(
            status, json.dumps(value).encode(), {"Content-Type": "application/json", **(headers or {})}
        )

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self._head(status, {**headers, "Content-Length": str(len(body))})
        self.wfile.write(body)

    def _head(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    @property
    def _is_known(self) -> bool:
        return self.headers.get("Authorization") == f"Bearer {TOKEN}"

    def _models(self, query: dict[str, list[str]]) -> None:
        rows = [m for m in self.fake.models.values() if self._fits(m, query)]
        start, limit = int(query.get("cursor", ["0"])[0]), min(int(query.get("limit", ["100"])[0]), 2)
        metadata: dict[str, object] = {}
        if start + limit < len(rows):
            metadata = {"nextCursor": str(start + limit), "nextPage": "https://elsewhere.example/next"}
        self._json(200, {"items": rows[start : start + limit], "metadata": metadata})

    @staticmethod
    def _fits(model: dict[str, object], query: dict[str, list[str]]) -> bool:
        words = query.get("query", [""])[0].lower()
        versions = model["modelVersions"]
        assert isinstance(versions, list)
        return (
            words in str(model["name"]).lower()
            and ("types" not in query or model["type"] in query["types"])
            and ("baseModels" not in query or versions[0]["baseModel"] in query["baseModels"])
        )

    def _model(self, query: dict[str, list[str]], number: str) -> None:
        model = self.fake.models.get(int(number))
        self._json(200, model) if model else self._json(404, {"error": f"No model with id {number}"})

    def _version(self, query: dict[str, list[str]], name: str) -> None:
        for model in self.fake.models.values():
            for version in model["modelVersions"]:  # type: ignore[attr-defined]
                if name in (str(version["id"]), f"by-hash/{version['files'][0]['hashes']['SHA256']}"):
                    return self._json(
                        200, {**version, "model": {"name": model["name"], "type": model["type"]}}
                    )
        return self._json(404, {"error": "Model not found"})

    def _enums(self, query: dict[str, list[str]]) -> None:
        self._json(200, {"ModelType": ["LORA"], "BaseModel": ["SD 1.4", "SD 1.5", "SDXL 1.0", "Pony"]})

    def _download(self, query: dict[str, list[str]], number: str) -> None:
        if self.fake.needs_token and not self._is_known:
            return self._json(
                401, {"error": "Unauthorized", "message": "The creator requires you to be logged in"}
            )
        return self._send(302, b"", {"Location": f"{self.fake.store}/r2/{number}?X-Amz-Signature=s1gn3d"})

    def _repositories(self, query: dict[str, list[str]]) -> None:
        words = query.get("search", [""])[0].lower()
        rows = [r for name, r in self.fake.repositories.items() if words in name.lower()]
        start = int(query.get("cursor", ["0"])[0])
        limit = min(int(query.get("limit", ["100"])[0]), 2)
        more = f'<https://huggingface.co/api/models?search={words}&cursor={start + limit}>; rel="next"'
        self._json(200, rows[start : start + limit], {"Link": more} if start + limit < len(rows) else {})

    def _repository(self, query: dict[str, list[str]], name: str, revision: str | None = None) -> None:
        if name not in self.fake.repositories:
            return self._json(
                401, {"error": "Invalid username or password."}, {"X-Error-Code": "RepoNotFound"}
            )
        if revision not in (None, "main", COMMIT):
            return self._json(404, {"error": "Invalid rev id"}, {"X-Error-Code": "RevisionNotFound"})
        return self._json(200, self.fake.repositories[name])

    def _resolve(self, query: dict[str, list[str]], name: str, commit: str, path: str) -> None:
        if name in self.fake.gated and not self._is_known:
            return self._json(401, {"error": "Access is restricted"}, {"X-Error-Code": "GatedRepo"})
        path = unquote(path)
        data = self.fake.contents.get((name, path))
        if data is None or commit != COMMIT:
            return self._json(404, {"error": "Entry not found"}, {"X-Error-Code": "EntryNotFound"})
        if path.endswith((".safetensors", ".bin")):
            place = f"/lfs/{sha256(data)}"
            self.fake.files.setdefault(place, Stored(data, etag=f'"{sha256(data)}"'))
            return self._send(302, b"", {"Location": f"{self.fake.store}{place}?Signature=s1gn3d"})
        return self._send(200, data, {"Content-Type": "text/plain", "ETag": f'"{sha256(data)[:40]}"'})

    _ROUTES = (
        (r"/api/v1/models", _models),
        (r"/api/v1/models/(\d+)", _model),
        (r"/api/v1/model-versions/(by-hash/\w+|\d+)", _version),
        (r"/api/v1/enums", _enums),
        (r"/api/download/models/(\d+)", _download),
        (r"/api/models", _repositories),
        (r"/api/models/([\w.-]+/[\w.-]+)(?:/revision/([\w.-]+))?", _repository),
        (r"/([\w.-]+/[\w.-]+)/resolve/(\w+)/(.+)", _resolve),
    )


def stocked(sites: FakeSites) -> FakeSites:
    """A little of everything."""
    sites.add_model(82098, "Neon City", {87153: safetensors(9000), 80000: safetensors(5000)})
    sites.add_model(1, "Neon Portrait", {11: safetensors(700)}, base="SDXL 1.0")
    sites.add_model(2, "Neon Night", {21: safetensors(800)}, nsfw=True)
    sites.add_model(25694, "Great Painter", {143906: safetensors(6000)}, type="Checkpoint")
    sites.add_repository(
        "someone/neon-lora",
        {"README.md": b"# neon", "neon.safetensors": safetensors(3000), "train.py": b"boom"},
        tags=["diffusers", "lora", "base_model:stabilityai/stable-diffusion-xl-base-1.0"],
        card={"license": "openrail++", "instance_prompt": "neon glow", "base_model": ["a/sdxl"]},
    )
    return sites


@contextmanager
def fake_sites() -> Iterator[FakeSites]:
    sites = FakeSites()
    try:
        yield sites
    finally:
        sites.close()


if __name__ == "__main__":
    with fake_sites() as served:
        stocked(served)
        print(f"export ANIM_MODELS_CIVITAI={served.site} ANIM_MODELS_HUB={served.site}")
        print(f"export ANIM_MODELS_ALLOWED={','.join(served.allowed)} CIVITAI_TOKEN={TOKEN}")
        served.over.wait()
