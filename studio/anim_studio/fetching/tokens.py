"""The user's tokens: from a variable, or from the keyring of the machine; never from a file or a film."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from anim_studio.cli.environment import first_variable
from anim_studio.cli.exits import Exit, Stop

if TYPE_CHECKING:
    from pydantic import SecretStr

    from anim_runtime.models.net.network import Tokens

TokenSite: TypeAlias = Literal["civitai", "hf"]

#: the variables that hold a site's token, the first of which counts; the sites' own tools read the same
VARIABLES: dict[TokenSite, tuple[str, ...]] = {
    "civitai": ("CIVITAI_TOKEN", "CIVITAI_API_TOKEN"),
    "hf": ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"),
}
PAGES: dict[TokenSite, str] = {
    "civitai": "https://civitai.com/user/account",
    "hf": "https://huggingface.co/settings/tokens",
}
NAMES: dict[TokenSite, str] = {"civitai": "Civitai", "hf": "Hugging Face"}

#: what the keyring calls us
_SERVICE = "anim"
_LONGEST = 500


def tokens() -> Tokens:
    """The tokens that there are. Raises `Stop` for a variable that holds something else."""
    from anim_runtime.models.net.network import Tokens

    return Tokens(civitai=_token("civitai"), hub=_token("hf"))


def origin_of_token(site: TokenSite) -> str:
    """Where a site's token comes from, `$HF_TOKEN` or `keyring`; empty if there is none."""
    name, _ = first_variable(VARIABLES[site])
    return f"${name}" if name else "keyring" if _kept(site) else ""


def keep(site: TokenSite, token: str) -> None:
    """Puts a token into the keyring. Raises `Stop` for what is none, or where there is no keyring."""
    token = token.strip()
    if not _may_be_one(token):
        raise Stop(Exit.USAGE, "this is no token", f"copy it from {PAGES[site]}")
    import keyring
    import keyring.errors

    try:
        keyring.set_password(_SERVICE, site, token)
    except keyring.errors.KeyringError:
        raise Stop(
            Exit.USAGE,
            "this machine has no keyring that could keep a token",
            f"set {VARIABLES[site][0]} instead",
        ) from None


def forget(site: TokenSite) -> bool:
    """Takes a token out of the keyring; whether there was one."""
    import keyring
    import keyring.errors

    try:
        keyring.delete_password(_SERVICE, site)
    except keyring.errors.KeyringError:
        return False
    return True


def _token(site: TokenSite) -> SecretStr | None:
    from pydantic import SecretStr

    name, value = first_variable(VARIABLES[site])
    value = value.strip() or _kept(site)
    if value and not _may_be_one(value):
        hint = f"copy the token anew from {PAGES[site]}"
        raise Stop(Exit.USAGE, f"what `{name or 'the keyring'}` holds is no token of {NAMES[site]}", hint)
    return SecretStr(value) if value else None


def _may_be_one(token: str) -> bool:
    """Whether a text can be sent as a token: what is no header would end in an error that shows it."""
    return 0 < len(token) <= _LONGEST and token.isascii() and token.isprintable() and " " not in token


def _kept(site: TokenSite) -> str:
    import keyring
    import keyring.errors

    try:
        return keyring.get_password(_SERVICE, site) or ""
    except keyring.errors.KeyringError:
        # none on this machine, or one that is locked: a public model needs no token
        return ""
