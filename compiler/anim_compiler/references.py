"""References to models: a file of the film, or an address to fetch from. Nothing is opened here."""

from __future__ import annotations

import os.path
import re
from dataclasses import replace
from pathlib import PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Literal, TypeAlias
from urllib.parse import urlsplit

from anim_compiler import key_order, setting
from anim_compiler.film import WordSchedule
from anim_compiler.models.air import is_air, parse_air
from anim_compiler.models.locked import warn_of_lock
from anim_compiler.names import nearest
from anim_compiler.values import TextValue
from anim_compiler.world import Problem, World
from anim_dsl.diagnostic import Edit
from anim_dsl.secrets import secret
from anim_dsl.settings import SETTINGS
from anim_dsl.syntax import Expr, Keys, Name, Text

if TYPE_CHECKING:
    from anim_compiler.expressions import Expressions
    from anim_compiler.setting import Entry

BUILT_IN_MODELS = frozenset({"postcard", "postcard-canny", "null"})
"""Models that come with the program, by name."""

UNSAFE = frozenset({".ckpt", ".pt", ".pth", ".bin", ".pkl", ".pickle"})
"""Files of pickled Python objects, which can run code when they are opened."""

_SCHEME = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+_-]+):(?P<rest>(?!//).*)", re.DOTALL)
_ADDRESS = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]+):/{1,2}(?P<rest>.*)", re.DOTALL)
#: of the hub perhaps at a branch, tag or commit; of Civitai perhaps a version, and a file of that
_HUB = re.compile(r"[\w.-]+/[\w.-]+(@[\w.-]+)?(/[\w./ ()+-]+)?", re.ASCII)
_CIVITAI = re.compile(r"[1-9]\d{0,17}(@[1-9]\d{0,17}(\+[1-9]\d{0,17})?)?", re.ASCII)
_PAGE = re.compile(r"(?:www\.)?civitai\.com/models/(\d+)(?:\S*[?&]modelVersionId=(\d+))?")
_HUB_PAGE = re.compile(r"(?:www\.)?huggingface\.co/([\w.-]+/[\w.-]+)/?")

_SCHEMES = ("hf", "civitai", "https")
_SPELLED = {"huggingface": "hf", "hugging_face": "hf", "hub": "hf", "civit": "civitai", "civit_ai": "civitai"}
_WRITTEN = {"hf": "hf:owner/repo", "civitai": "civitai:12345", "https": "https://…"}

#: what a reference is of: a weight file, or a whole model, which may be a folder or not here yet
Of: TypeAlias = Literal["weights", "model"]


def model(check: Expressions, entry: Entry, world: World) -> str | WordSchedule | None:
    """The film's `model` or `vae`, which a key list may change; None for the built-in one, or if it is wrong.

    A model that is not here is no mistake of the film's: the runtime says it, with its own exit code.
    """
    if entry.is_none:
        return None
    what = f"`{entry.name}`"
    if not isinstance(entry.value, Keys):
        with check.inside(entry.env):
            return reference(check, entry.value, what, world, "model")
    found = setting.schedule(check, SETTINGS["film", entry.name], entry)
    if not isinstance(found, WordSchedule):
        return None
    with check.inside(entry.env):
        read = {id(key): reference(check, key.value, what, world, "model") for key in entry.value.keys}
        timed = key_order.timed(check, entry.value.keys, whole=entry.value.span) or ()
    rows = tuple((at, name) for key, at in timed if (name := read[id(key)]) is not None)
    return replace(found, keys=rows) if len(rows) == len(found.keys) else None


def reference(check: Expressions, expr: Expr, what: str, world: World, of: Of = "weights") -> str | None:
    """A reference as the film keeps it: a path from the root, `hf:…`, `civitai:…` or an https address."""
    found = _reference(check, expr, what, world, of)
    if found is not None and found not in BUILT_IN_MODELS:
        warn_of_lock(check, found, expr.span, world)
    return found


def _reference(check: Expressions, expr: Expr, what: str, world: World, of: Of) -> str | None:
    text = _text(check, expr, what)
    if text is None:
        return None
    if of == "model" and text in BUILT_IN_MODELS:
        return text
    address, scheme = _ADDRESS.fullmatch(text), _SCHEME.fullmatch(text)
    if secret(text):
        check.findings.error(
            "E2090",
            expr.span,
            "an address in a film holds no password or token: films are shared",
            hint="keep it in the environment, or fetch the file yourself and write its path",
        )
        return None
    if address is not None:
        return _address(check, expr, address["scheme"].lower(), address["rest"])
    if is_air(text):
        return _air(check, expr, text)
    if scheme is not None:
        return _schemed(check, expr, scheme["scheme"].lower(), scheme["rest"])
    return _path(check, expr, text, world, of)


def _text(check: Expressions, expr: Expr, what: str) -> str | None:
    hint = 'write a path, `"hf:owner/repo"`, `"civitai:12345"` or an https address'
    known = isinstance(expr, Name) and check.env.find(expr.path[0]) is not None
    found = check.value(expr) if known or isinstance(expr, Text) else None
    text = found.plain if isinstance(found, TextValue) else None
    if text is not None and text.strip():
        return text.strip()
    if isinstance(expr, Name) and not known:
        quoted = f'"{expr.text}"'
        edit = Edit(expr.span, quoted)
        check.findings.error("E3002", expr.span, f"{what} is a text", hint=f"write `{quoted}`", edit=edit)
        return None
    says = "a text that does not change" if known or isinstance(expr, Text | Keys) else "a text, not a number"
    check.findings.error("E3002", expr.span, f"{what} is {says}", hint=hint)
    return None


def _air(check: Expressions, expr: Expr, text: str) -> str | None:
    """An identifier of Civitai's, `urn:air:…`, as films write the same model otherwise."""
    air = parse_air(text)
    if air is None:
        check.findings.error(
            "E2075",
            expr.span,
            f"`{text}` names no model of Civitai or Hugging Face",
            hint="write it like `urn:air:sdxl:lora:civitai:328553@368189`, or `civitai:328553@368189`",
        )
        return None
    return None if _is_unsafe(check, expr, f"{air.name}.{air.format}") else air.reference


def _schemed(check: Expressions, expr: Expr, scheme: str, rest: str) -> str | None:
    """`hf:…` and `civitai:…`, and slips of those."""
    known = scheme if scheme in _SCHEMES else _SPELLED.get(scheme) or nearest(scheme, _SCHEMES)
    if known is None:
        check.findings.error(
            "E2075",
            expr.span,
            f"`{scheme}:` is not a place that models come from",
            hint="write a path, `hf:owner/repo`, `civitai:12345` or `https://…`",
        )
        return None
    if known != scheme:
        right = f"{known}:{rest}"
        check.findings.error(
            "E2075",
            expr.span,
            f"`{scheme}:` is not a place that models come from",
            hint=f"did you mean `{right}`?",
            edit=Edit(expr.span, f'"{right}"'),
        )
        return None
    fits = {"hf": _HUB, "civitai": _CIVITAI}.get(known)
    if fits is None or fits.fullmatch(rest) is None:
        check.findings.error(
            "E2075", expr.span, f"`{scheme}:{rest}` names no model", hint=f"write it like `{_WRITTEN[known]}`"
        )
        return None
    return None if _is_unsafe(check, expr, rest) else f"{scheme}:{rest}"


def _address(check: Expressions, expr: Expr, scheme: str, rest: str) -> str | None:
    """An https address; pages of the two great collections get their short name."""
    short = _short(rest)
    if scheme not in ("http", "https") or short is not None:
        says = "this is a page, not a file" if short else f"`{scheme}:` addresses are not read"
        hint = (
            f"write `{short}`" if short else "write a path, `hf:owner/repo`, `civitai:12345` or `https://…`"
        )
        edit = Edit(expr.span, f'"{short}"') if short else None
        check.findings.error("E2075", expr.span, says, hint=hint, edit=edit)
        return None
    right = f"https://{rest}"
    if scheme == "http" or check.findings.text(expr.span, 4096).strip('"').strip() != right:
        check.findings.error(
            "E2075",
            expr.span,
            "models come over `https://` only, so that nobody can change them on the way",
            hint=f"write `{right}`",
            edit=Edit(expr.span, f'"{right}"'),
        )
        return None
    path = _path_of(right)
    if path is None:
        check.findings.error(
            "E2075", expr.span, f"`{right}` names no file", hint="write the file's whole address"
        )
        return None
    return None if _is_unsafe(check, expr, path) else right


def _path_of(address: str) -> str | None:
    """The path of an address that has a host and a path."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return parts.path if parts.hostname and len(parts.path) > 1 else None


def _short(rest: str) -> str | None:
    """The short name of a model's page on Civitai or the Hugging Face hub."""
    page = _PAGE.match(rest)
    if page is not None:
        return f"civitai:{page[1]}@{page[2]}" if page[2] else f"civitai:{page[1]}"
    hub = _HUB_PAGE.fullmatch(rest)
    return None if hub is None else f"hf:{hub[1]}"


def _path(check: Expressions, expr: Expr, text: str, world: World, of: Of) -> str | None:
    if _is_unsafe(check, expr, text):
        return None
    found = world.resolve(text)
    suffix = PurePosixPath(text.replace("\\", "/")).suffix.lower()
    if isinstance(found, Problem):
        place = _below(world, text)
        if place is not None and world.models.is_locked(place):
            return place
        # a name of the library has no folders: what has some is a path, and stays below the root
        if place is not None and not {"/", "\\"} & set(text) and world.models(text) is not None:
            return text
        if place is not None and of == "model":
            return place
        hub = of == "weights" and not suffix and _HUB.fullmatch(text) is not None
        hint = f"did you mean `hf:{text}`?" if hub else found.hint
        check.findings.error(found.code, expr.span, found.message, hint=hint)
        return None
    if suffix != ".safetensors":
        check.findings.error(
            "E2076", expr.span, f"`{text}` is not a model file", hint="model files end with `.safetensors`"
        )
        return None
    fault = world.fault_of_weights(found)
    if fault:
        hint = "fetch the file again; only `.safetensors` files are read, others can be converted"
        check.findings.error("E4010", expr.span, f"`{text}` {fault}", hint=hint)
        return None
    return world.relative(found)


def _below(world: World, text: str) -> str | None:
    """Where a model that is not here, or is a folder or a link, would lie under the root; None outside."""
    path = text.replace("\\", "/")
    if not path.strip() or "\0" in path or PureWindowsPath(path).drive or PurePosixPath(path).is_absolute():
        return None
    root = os.path.normpath(world.root)
    place = os.path.relpath(os.path.normpath(os.path.join(world.folder, path)), root)
    return None if place.split(os.sep)[0] == ".." else PurePosixPath(*place.split(os.sep)).as_posix()


def _is_unsafe(check: Expressions, expr: Expr, path: str) -> bool:
    """Whether a file of that name could run code when it is opened; it is reported."""
    suffix = PurePosixPath(path.replace("\\", "/")).suffix.lower()
    if suffix not in UNSAFE:
        return False
    check.findings.error(
        "E2074",
        expr.span,
        f"`{suffix}` files can run code when they are opened, so they are not read",
        hint="leave it away: in Deforum this name stands for none"
        if path == "model1.ckpt"
        else "take the `.safetensors` file of the same model, or convert it",
    )
    return True
