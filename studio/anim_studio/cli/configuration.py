"""Settings put together from variables and files by pydantic-settings; imported only where there are any."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError
from pydantic_settings import BaseSettings, InitSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from anim_dsl.secrets import masked
from anim_studio.cli.config_files import ConfigFile
from anim_studio.cli.exits import Exit, Stop
from anim_studio.cli.settings import (
    DEFAULT_CAP_BYTES,
    OWN_ONLY,
    VARIABLES,
    Colour,
    Device,
    Images,
    LiveSettings,
    MemoryWord,
    ModelSettings,
    Progress,
    RenderSettings,
    Settings,
    Switch,
    TierWord,
)
from anim_studio.cli.values import parse_bytes


def _bytes(value: object) -> object:
    amount = parse_bytes(value) if isinstance(value, str) else value
    if amount is None:
        raise ValueError
    return amount


def _hosts(value: object) -> object:
    """Hosts of a variable stand behind each other with commas."""
    return tuple(filter(None, map(str.strip, value.split(",")))) if isinstance(value, str) else value


#: a scheme, a host, perhaps a port and a path; no user, since tokens have a place of their own
_Address = Annotated[str, StringConstraints(pattern=r"^https?://[^\s/@?#]+(/[^\s@?#]*)?$")]
_Host = Annotated[str, StringConstraints(pattern=r"^[^\s/@?#]+:\d{1,5}$")]


class Live(BaseModel):
    """The `[live]` table."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    images: Images | None = None
    theme: str | None = None
    tier: TierWord | None = None
    editor: str | None = None
    poll: bool = False


class Models(BaseModel):
    """The `[models]` table."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    folder: Path | None = None
    allowed: Annotated[tuple[_Host, ...], BeforeValidator(_hosts)] = ()
    civitai: _Address | None = None
    hub: _Address | None = None
    proxy: _Address | None = None


class Render(BaseModel):
    """The `[render]` table."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    graphs: Switch = "on"
    memory: MemoryWord = "auto"


class Configuration(BaseSettings):
    """Every setting, checked. What stands first in `sources` wins."""

    model_config = SettingsConfigDict(extra="forbid", frozen=True)

    cache: Path | None = None
    cap: Annotated[int, BeforeValidator(_bytes), Field(gt=0)] = DEFAULT_CAP_BYTES
    colour: Colour = "auto"
    device: Device = "auto"
    out: Path = Path("out")
    progress: Progress = "auto"
    live: Live = Live()
    models: Models = Models()
    render: Render = Render()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Nothing but what it is given: `.env` files and secrets are not ours to read."""
        del env_settings, dotenv_settings, file_secret_settings
        layers = init_settings.init_kwargs["layers"] if isinstance(init_settings, InitSettingsSource) else ()
        return tuple(InitSettingsSource(settings_cls, dict(layer)) for layer in layers)


def configured(variables: Mapping[str, str], files: Sequence[ConfigFile]) -> Settings:
    """The settings of variables, then of files, the first of which is the strongest.

    Raises `Stop` that names the file and the line, or the variable, of what is no setting.
    """
    named = _of_variables(variables)
    layers = [(VARIABLES, named), *((file, _of_file(file)) for file in files)]
    made = Configuration(layers=tuple(values for _, values in layers))  # type: ignore[call-arg]
    origins: dict[str, str] = {}
    for place, values in reversed(layers):
        for name in _names(values):
            origins[name] = str(place.path) if isinstance(place, ConfigFile) else f"${VARIABLES[name]}"
    return Settings(
        cache=made.cache,
        cap=made.cap,
        colour=made.colour,
        device=made.device,
        out=made.out,
        progress=made.progress,
        live=LiveSettings(**made.live.model_dump()),
        models=ModelSettings(**made.models.model_dump()),
        render=RenderSettings(**made.render.model_dump()),
        origins=dict(sorted(origins.items())),
    )


# --- variables ---


def _of_variables(variables: Mapping[str, str]) -> dict[str, Any]:  # Any: what pydantic is to check
    """What the variables set. Raises `Stop` for a value that none can have."""
    values: dict[str, Any] = {}
    for name, variable in VARIABLES.items():
        text = variables.get(variable)
        if text:
            table, _, key = name.rpartition(".")
            (values.setdefault(table, {}) if table else values)[key] = text
    try:
        Configuration(layers=(values,))  # type: ignore[call-arg]
    except ValidationError as error:
        name, message, hint = _told(error)
        if name in _KINDS:
            example = _KINDS[name][1].strip('[]"')
            hint = f"write it like `{example}`"
        variable = VARIABLES[name]
        raise Stop(Exit.USAGE, f"`{variable}` is `{masked(variables[variable])}`, {message}", hint) from None
    return values


# --- files ---


def _of_file(file: ConfigFile) -> dict[str, Any]:  # Any: as TOML has it, which pydantic is to check
    """What a file sets, its folders from where it lies. Raises `Stop`."""
    text = _text(file.path)
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        where = f"`{file.path}:{line[1]}`" if line else f"`{file.path}`"
        reason = str(error).partition(" (at")[0]
        message = f"{where} is no TOML: {reason[:1].lower()}{reason[1:]}"
        raise Stop(Exit.USAGE, message, 'a setting is written like `out = "renders"`, once') from None
    for name in file.table:
        values = values.get(name, {})
        if not isinstance(values, dict):
            raise Stop(Exit.USAGE, f"`{name}` of `{file.path}` is no table", "write `[tool.anim]` above them")
    if file.is_project:
        _refuse_own(file, values, text)
    try:
        Configuration(layers=(values,))  # type: ignore[call-arg]
    except ValidationError as error:
        name, message, hint = _told(error)
        where = f"`{file.path}:{_line(text, name, file.table)}`"
        raise Stop(Exit.USAGE, f"{where}: `{name}` is {message}", hint) from None
    for name in ("cache", "out"):
        if name in values:
            values[name] = file.path.parent.absolute() / Path(values[name]).expanduser()
            _refuse_outside(file, name, values[name], text)
    models = values.get("models", {})
    if "folder" in models:
        models["folder"] = file.path.parent.absolute() / Path(models["folder"]).expanduser()
    return values


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise Stop(Exit.USAGE, f"`{path}` is no UTF-8 text", "save it as UTF-8") from None


def _refuse_own(file: ConfigFile, values: Mapping[str, object], text: str) -> None:
    for name in sorted(OWN_ONLY & set(_names(values))):
        where = f"`{file.path}:{_line(text, name, file.table)}`"
        hint = "put it into your own `config.toml`; `anim doctor` says where that is"
        raise Stop(Exit.USAGE, f"{where}: a project cannot choose `{name}`, which runs on your machine", hint)


def _refuse_outside(file: ConfigFile, name: str, folder: Path, text: str) -> None:
    if not file.is_project or folder.resolve().is_relative_to(file.path.parent.resolve()):
        return
    where = f"`{file.path}:{_line(text, name, file.table)}`"
    hint = "name a folder in the project, or put it into your own `config.toml`"
    raise Stop(Exit.USAGE, f"{where}: a project's `{name}` cannot lie outside of it", hint)


def _names(values: Mapping[str, object]) -> Iterator[str]:
    """The settings that are written: `device`, `live.theme`."""
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from (f"{name}.{inner}" for inner in value)
        else:
            yield name


# --- what is wrong ---

#: what a setting is that does not choose between words, and how its value is written
_KINDS = {
    "cache": ("folder", '"cache"'),
    "cap": ("amount of bytes", '"20GiB"'),
    "live": ("table", '{ tier = "camera" }'),
    "live.editor": ("text", '"vim"'),
    "live.poll": ("switch", "true"),
    "live.theme": ("text", '"nord"'),
    "models": ("table", '{ folder = "/data/models" }'),
    "models.folder": ("folder", '"/data/models"'),
    "models.allowed": ("list of hosts with their ports", '["models.example.org:8080"]'),
    "models.civitai": ("address", '"https://civitai.example.org"'),
    "models.hub": ("address", '"https://hub.example.org"'),
    "models.proxy": ("address", '"http://proxy.example.org:3128"'),
    "out": ("folder", '"renders"'),
    "render": ("table", '{ memory = "tiles" }'),
}


def _told(error: ValidationError) -> tuple[str, str, str]:
    """The name of the first setting that is wrong, what it is instead, and a hint."""
    first = error.errors()[0]
    # of a list its own name counts, not the number of what is wrong in it
    name = ".".join(str(part) for part in first["loc"] if not isinstance(part, int))
    if first["type"] == "extra_forbidden":
        near = difflib.get_close_matches(name, (*VARIABLES, "live", "models", "render"), 1, 0.6)
        inner = [full for full in VARIABLES if full.endswith(f".{name}")]
        near = near or inner
        hint = f"did you mean `{near[0]}`?" if near else f"the settings are {', '.join(VARIABLES)}"
        return name, "no setting", hint
    if first["type"] == "literal_error":
        return name, "none of its words", f"it is one of {_choices(name)}"
    kind, example = _KINDS[name]
    return name, f"no {kind}", f"write it like `{name.rpartition('.')[2]} = {example}`"


def _choices(name: str) -> str:
    words = {
        "colour": Colour,
        "device": Device,
        "progress": Progress,
        "live.images": Images,
        "live.tier": TierWord,
        "render.graphs": Switch,
        "render.memory": MemoryWord,
    }
    return ", ".join(f"`{word}`" for word in get_args(words[name]))


def _line(text: str, name: str, table: tuple[str, ...]) -> int:
    """The line where a setting is written, counted from 1; the first one where it cannot be told."""
    *tables, key = (*table, *name.split("."))
    lines = text.splitlines()
    inside = not tables
    for number, line in enumerate(lines, start=1):
        stripped = line.strip()
        if stripped.startswith("["):
            inside = stripped.strip("[] ") == ".".join(tables)
            if stripped.strip("[] ") == ".".join((*tables, key)):
                return number
        elif inside and re.match(rf'"?{re.escape(key)}"?\s*[=.]', stripped):
            return number
    # `live.theme = …` at the top, or an inline table
    return next((n for n, line in enumerate(lines, 1) if re.search(rf"\b{re.escape(key)}\b", line)), 1)
