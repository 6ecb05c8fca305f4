"""Why something cannot be had from the network: a sentence for the user, and what to do."""

from __future__ import annotations

from typing import Literal, TypeAlias

#: `usage` is a reference that names nothing, `refused` what a site or our own rules do not give, `network`
#: what may work later, `wrong` a file that is not what it must be, `busy` one that another process fetches
Trouble: TypeAlias = Literal["usage", "refused", "network", "wrong", "limit", "disk", "busy"]


class NetProblem(Exception):
    """Ends a fetch or a search. `message` is lower case without a full stop; neither it nor `hint` holds a
    token or the query of an address.
    """

    def __init__(self, trouble: Trouble, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.trouble: Trouble = trouble
        self.message = message
        self.hint = hint


class Refused(NetProblem):
    """An answer that is none: the status of HTTP, and what the site said with it."""

    def __init__(self, status: int, host: str, said: str = "", error_code: str = "") -> None:
        reason = f": {said}" if said else ""
        hint = "try again later" if status == 429 or status >= 500 else "look at its page in your browser"
        super().__init__("refused", f"`{host}` answers {status}{reason}", hint)
        self.status = status
        self.host = host
        self.said = said
        #: of the Hugging Face hub: `GatedRepo`, `RepoNotFound`
        self.error_code = error_code


class NoHost(NetProblem):
    """A name that nobody resolves: it is written wrong, or the network has gone."""

    def __init__(self, host: str) -> None:
        hint = "check the address and your connection"
        super().__init__("network", f"there is no host `{host}`, or no network", hint)


class Inside(NetProblem):
    """A host whose address is not one of the open network: `kind` is what it is instead."""

    def __init__(self, host: str, kind: str, hint: str = "") -> None:
        article = "an" if kind[0] in "aeiou" else "a"
        super().__init__(
            "refused", f"`{host}` leads to {article} {kind} address, which is not spoken to", hint
        )


class WebPage(NetProblem):
    """A page came where a file was asked for, as sites answer that want a login."""

    def __init__(self, what: str, hint: str) -> None:
        super().__init__("wrong", what, hint)
