"""What a site refuses, in words that say what to do."""

from __future__ import annotations

from anim_runtime.models.net.problems import NetProblem, Refused
from anim_runtime.models.sources.wanted import OnCivitai, OnHub


def civitai_refusal(refused: Refused, wanted: OnCivitai, *, is_logged_in: bool) -> NetProblem:
    """A refusal in words that say what to do."""
    name, said = wanted.reference, f" (it says: {refused.said})" if refused.said else ""
    match refused.status:
        case 401 if not is_logged_in:
            hint = (
                "make a token at https://civitai.com/user/account (API keys), "
                "then `anim models login civitai`, or set CIVITAI_TOKEN"
            )
            return NetProblem("refused", f"Civitai gives `{name}` only to those who are logged in", hint)
        case 401:
            hint = "make a new one at https://civitai.com/user/account, then `anim models login civitai`"
            return NetProblem("refused", f"Civitai does not accept your token for `{name}`{said}", hint)
        case 403:
            hint = "it may be in early access, or be blocked: its page tells"
            return NetProblem("refused", f"Civitai does not give `{name}` to you{said}", hint)
        case 404:
            return NetProblem("refused", f"Civitai has no `{name}`", "look for it with `anim models search`")
        case 410:
            hint = "look for another version of it, or ask its author"
            return NetProblem("refused", f"`{name}` was archived: Civitai gives it to nobody any more", hint)
        case 429:
            return NetProblem("network", "Civitai asks for fewer requests", "try again in some minutes")
        case _:
            return refused


def hub_refusal(refused: Refused, wanted: OnHub, site: str, *, is_logged_in: bool) -> NetProblem:
    """A refusal in words that say what to do; the hub answers 401 for what is not there as well."""
    name, page = f"hf:{wanted.repository}", f"{site}/{wanted.repository}"
    login = "`anim models login hf`, or set HF_TOKEN, with a token of https://huggingface.co/settings/tokens"
    if refused.error_code == "GatedRepo" or (refused.status == 403 and not refused.error_code):
        hint = f"accept its terms at {page}" + ("" if is_logged_in else f", then {login}")
        return NetProblem("refused", f"`{name}` is given to those who accept its terms", hint)
    match refused.status:
        case 401 if not is_logged_in:
            hint = f"check how it is written; if it is private: {login}"
            return NetProblem("refused", f"Hugging Face has no `{name}` for everybody", hint)
        case 401:
            return NetProblem("refused", f"Hugging Face does not accept your token for `{name}`", login)
        case 404 if refused.error_code == "RevisionNotFound":
            return NetProblem("refused", f"`{name}` has no such revision", f"look at {page}")
        case 404:
            hint = "look for it with `anim models search --source hf`"
            return NetProblem("refused", f"Hugging Face has no `{wanted.reference}`", hint)
        case 410:
            return NetProblem("refused", f"`{name}` was taken away", "look for another one")
        case 429:
            return NetProblem("network", "Hugging Face asks for fewer requests", "try again in some minutes")
        case _:
            return refused
