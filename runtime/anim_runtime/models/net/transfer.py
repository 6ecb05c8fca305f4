"""One download, from its first try to its last: what is here stays, and the rest is asked for again."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

import httpx2

from anim_runtime.models.net.answers import shown_safely
from anim_runtime.models.net.client import PASSING, Client, unreachable
from anim_runtime.models.net.events import Arrived, Started, Waiting
from anim_runtime.models.net.forms import HEAD, header_end, is_page, wrong_header, wrong_start, wrong_whole
from anim_runtime.models.net.network import shown
from anim_runtime.models.net.order import Got, Order
from anim_runtime.models.net.pace import Pace
from anim_runtime.models.net.part import Part, State
from anim_runtime.models.net.problems import NetProblem, NoHost, WebPage
from anim_runtime.models.net.room import ask_room

#: bytes that a connection has to bring for the tries to be counted anew: one by one they would never end
_ENOUGH: Final = 2**15
_RANGE: Final = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")


class _Lost(Exception):
    """The connection ended, or may as well have: what is here stays, and the rest is asked for again."""

    def __init__(self, problem: NetProblem, wait: float | None = None) -> None:
        super().__init__(problem.message)
        self.problem = problem
        self.wait = wait


class Transfer:
    """A file on its way to its place; `free` tells how many bytes the disk of a folder has left."""

    def __init__(self, client: Client, order: Order, part: Part, free: Callable[[Path], int]) -> None:
        self._client = client
        self._order = order
        self._part = part
        self._free = free
        self._state = part.begin(State(shown(order.url), order.sha256, "", order.size))
        #: whether bytes of another run are in it, which nobody has checked since
        self._has_old_bytes = part.done > 0

    def run(self) -> Got:
        """The whole file. Raises `NetProblem`, and OSError of the disk."""
        turn = 0
        while True:
            before = self._part.done
            try:
                self._fetch()
                got = self._finished()
                if got is not None:
                    return got
                turn = 0
            except _Lost as lost:
                turn = 0 if self._part.done >= before + _ENOUGH else turn + 1
                if turn >= self._client.network.tries:
                    raise lost.problem from None
                wait = self._client.wait(turn) if lost.wait is None else lost.wait
                self._client.tell(Waiting(wait, lost.problem.message))
                self._client.pause(wait)

    def _fetch(self) -> None:
        """Asks for what is not here yet, and writes it. Raises `_Lost`."""
        state, part, order = self._state, self._part, self._order
        if part.done and state.size is not None and part.done >= state.size:
            return
        headers = {"Accept-Encoding": "identity", "Content-Type": "application/json"}
        if part.done:
            headers["Range"] = f"bytes={part.done}-"
            if state.etag:
                headers["If-Range"] = state.etag
        try:
            with self._client.opened(order.url, auth=order.auth, headers=headers) as answer:
                self._take(answer)
        except httpx2.TransportError as error:
            raise _Lost(unreachable(order.url, error)) from None
        except NoHost as gone:
            if not part.done:
                raise
            # it was there before: the network has gone, and may come back
            raise _Lost(gone) from None

    def _take(self, answer: httpx2.Response) -> None:
        if answer.status_code == 416 and self._part.done:
            # there is no such range: either all of it is here, or what is here is of another file
            if _total(answer) != self._part.done:
                self._part.restart()
                raise _Lost(NetProblem("network", f"`{self._order.name}` has changed on its way"), 0.0)
            return
        if answer.status_code not in (200, 206):
            refused = self._client.refusal(answer)
            if refused.status in PASSING:
                raise _Lost(
                    refused, self._client.wait(0, answer) if "retry-after" in answer.headers else None
                )
            raise refused
        self._place(answer)
        self._make_room()
        self._part.note(self._state)
        self._client.tell(Started(self._order.name, self._state.size, self._part.done))
        self._write(answer)

    def _place(self, answer: httpx2.Response) -> None:
        """Where in the file the answer's bytes belong, and what the answer says of it."""
        part, order = self._part, self._order
        start = _start(answer) if answer.status_code == 206 else 0
        if start != part.done:
            # a site that gives no ranges, or whose file is another one by now
            part.restart()
            self._has_old_bytes = False
            if start:
                raise _Lost(
                    NetProblem("network", f"`{answer.url.host}` sends another part than was asked"), 0.0
                )
        length = answer.headers.get("content-length", "")
        told = part.done + int(length) if length.isdecimal() else None
        if answer.headers.get("content-encoding", "identity") != "identity":
            raise NetProblem("wrong", f"`{answer.url.host}` packs `{order.name}`, which was not asked for")
        if told is not None and order.size is not None and told != order.size:
            part.clear()
            wanted = f"{order.size:,} bytes, and has {told:,}"
            raise NetProblem(
                "wrong", f"`{order.name}` must have {wanted}", "the file was changed at its source"
            )
        etag = answer.headers.get("etag", "")
        size = order.size if order.size is not None else told
        self._state = State(shown(order.url), order.sha256, "" if etag.startswith("W/") else etag, size)
        if size is not None and size > self._client.network.most_bytes:
            raise NetProblem("limit", f"`{order.name}` has {size:,} bytes, more than any model")

    def _make_room(self) -> None:
        """Raises `NetProblem` if the disk has no room for the rest."""
        needed = (self._state.size or 0) - self._part.done
        ask_room(self._order.name, needed, self._free(self._part.target.parent))

    def _write(self, answer: httpx2.Response) -> None:
        part, state = self._part, self._state
        most = self._client.network.most_bytes if state.size is None else state.size
        pace = Pace(self._client.network.silence_s, part.done)
        checked = False
        content_type = answer.headers.get("content-type", "")
        with part.path.open("ab") as file:
            for piece in answer.iter_raw():
                if part.done + len(piece) > most:
                    self._refuse(f"is longer than the {most:,} bytes that it must have")
                file.write(piece)
                part.add(piece)
                if not checked:
                    file.flush()
                    checked = self._is_fine_so_far(content_type)
                if pace.is_due():
                    self._client.tell(pace.moved(self._order.name, part.done, state.size))
                if pace.is_stuck(part.done):
                    says = f"`{answer.url.host}` sends hardly anything any more"
                    raise _Lost(NetProblem("network", says, "run the same command: it goes on from there"))
        self._is_fine_so_far(content_type)
        if state.size is not None and part.done < state.size:
            raise _Lost(NetProblem("network", f"the connection to `{answer.url.host}` was cut"))
        self._client.tell(pace.moved(self._order.name, part.done, part.done))

    def _is_fine_so_far(self, content_type: str) -> bool:
        """Whether enough is here to know that it can be the right file. Raises `NetProblem` if it cannot."""
        form, part, size = self._order.form, self._part, self._state.size
        head = part.head(HEAD)
        wrong = wrong_start(form, head, content_type)
        if wrong is not None:
            self._refuse(wrong, is_page=is_page(head, content_type))
        end = header_end(form, head)
        if part.done < max(end, HEAD):
            return False
        wrong = wrong_header(part.head(end), size) if end and size is not None else None
        if wrong is not None:
            self._refuse(wrong)
        return True

    def _refuse(self, wrong: str, *, is_page: bool = False) -> None:
        """Raises `NetProblem`, and keeps nothing of the file."""
        self._part.clear()
        hint = "look for the address of the `.safetensors` file itself"
        says = f"what `{shown_safely(self._order.url)}` sends {wrong}"
        raise WebPage(says, hint) if is_page else NetProblem("wrong", says, hint)

    def _finished(self) -> Got | None:
        """The whole file under its name; None if it must be fetched once more. Raises `NetProblem`."""
        part, order = self._part, self._order
        found = part.digest.hexdigest()
        if order.sha256 and found != order.sha256:
            part.clear()
            if self._has_old_bytes:
                # what another run left behind may have rotted; that is no reason to blame the site
                self._has_old_bytes = False
                return None
            says = f"`{order.name}` has the sha256 {found[:16]}…, and must have {order.sha256[:16]}…"
            raise NetProblem(
                "wrong", says, "it was changed at its source or on its way; nothing of it is kept"
            )
        wrong = wrong_whole(order.form, part.path)
        if wrong is not None:
            self._refuse(wrong)
        part.finish()
        self._client.tell(Arrived(order.name, found, part.done))
        return Got(order.target, found, part.done)


def _start(answer: httpx2.Response) -> int:
    found = _RANGE.match(answer.headers.get("content-range", ""))
    return int(found[1]) if found else -1


def _total(answer: httpx2.Response) -> int | None:
    found = re.fullmatch(r"bytes \*/(\d+)", answer.headers.get("content-range", ""))
    return int(found[1]) if found else None
